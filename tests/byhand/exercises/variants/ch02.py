"""Right answers of chapter 02 in other styles."""

import numpy as np
from numpy.linalg import lstsq, solve

from dlcore.activations import sigmoid


def plane_by_normal_equations(X, y):
    A = np.hstack([X, np.ones((X.shape[0], 1))])
    theta = solve(A.T @ A, A.T @ y)
    return theta[:-1], theta[-1]


def plane_by_centering(X, y):
    w = lstsq(X - X.mean(axis=0), y - y.mean(), rcond=None)[0]
    return w, y.mean() - X.mean(axis=0) @ w


def graph_by_cases(x, y, z):
    if y > z:
        return y, x + 2 * y, 0.0
    return z, z, x + y


def graph_gate_by_gate(x, y, z):
    q, m = x + y, np.maximum(y, z)
    dq, dm = m, q
    dx, dy, dz = dq, dq, 0.0
    if m == y:
        dy += dm
    else:
        dz += dm
    return [dx, dy, dz]


def vjp_by_loops(v, x, W, b):
    a = np.tanh(W @ x + b)
    return np.array([[v[i] * (1 - a[i] ** 2) * x[j] for j in range(len(x))] for i in range(len(v))])


def vjp_with_the_jacobian(v, x, W, b):
    by_z = np.eye(len(v)) / np.cosh(W.dot(x) + b) ** 2
    by_W = np.kron(np.eye(len(v)), x)  # (m, m n)
    return (v @ by_z @ by_W).reshape(W.shape)


def jvp_by_rows(U, x, W, b):
    return np.array(
        [(1 - np.tanh(w @ x + c) ** 2) * (u @ x) for u, w, c in zip(U, W, b, strict=True)]
    )


def jvp_by_a_complex_step(U, x, W, b):
    return np.tanh((W + 1e-100j * U) @ x + b).imag / 1e-100


def second_difference_on_paper(f, fourth):
    return (48 * 2.0**-53 * abs(f) / abs(fourth)) ** 0.25


def second_difference_by_newton(f, fourth):
    c, h = 4 * 2.0**-53 * abs(f), 1e-3
    for _ in range(200):  # the zero of the derivative, times h³: fourth h⁴ / 6 - 2 c
        h = h - (abs(fourth) * h**4 / 6 - 2 * c) / (abs(fourth) * 4 * h**3 / 6)
    return h


def reuse_with_sums(gates, values, wanted):
    grads = {name: [] for name in values}
    grads[list(gates)[-1]].append(1.0)
    for node in reversed(gates):
        reads, _, local = gates[node]
        upstream = sum(grads[node])
        for name, slope in zip(reads, local(*[values[name] for name in reads]), strict=True):
            grads[name].append(upstream * slope)
    return np.array([sum(grads[name]) for name in wanted])


def reuse_forward(gates, values, wanted):
    result = []
    for moved in wanted:
        slopes = {name: float(name == moved) for name in values if name not in gates}
        for node, (reads, _, local) in gates.items():
            local_slopes = local(*(values[name] for name in reads))
            pairs = zip(reads, local_slopes, strict=True)
            slopes[node] = sum(s * slopes[name] for name, s in pairs)
        result.append(slopes[node])
    return result


def edge_with_solved_weights():
    offsets = 1e-4 * np.arange(4)
    powers = np.vander(offsets / 1e-4, increasing=True).T
    return offsets, solve(powers, [0, 1, 0, 0]) / 1e-4


def edge_with_halved_steps():
    h = 1.5e-4
    return [0, h, 2 * h, 4 * h], np.array([-21, 32, -12, 1]) / (12 * h)


def share_by_loops(gradient, directions):
    total = 0.0
    for u in directions:
        total += abs(u @ gradient) / np.sqrt(u @ u)
    return total / len(directions) / np.sqrt(gradient @ gradient)


def share_of_unit_vectors(gradient, directions):
    units = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    return np.mean(abs(units @ (gradient / np.linalg.norm(gradient))))


def hessian_by_outer_products(w, X, y):
    H = np.zeros((len(w), len(w)))
    for x in X:
        a = sigmoid(x @ w)
        H += a * (1 - a) * np.outer(x, x)
    return H / len(y)


def hessian_einsum(w, X, y):
    a = 1 / (1 + np.exp(-X @ w))
    return np.einsum("n,ni,nj->ij", a - a**2, X, X) / X.shape[0]


def complex_in_a_loop(f, x):
    gradient = np.zeros_like(x)
    for i in range(x.size):
        moved = x.astype(complex)
        moved[i] += 1e-20j
        gradient[i] = np.imag(f(moved)) / 1e-20
    return gradient


def complex_rows(f, x):
    return np.array([f(row).imag for row in x + 1e-30j * np.eye(len(x))]) * 1e30


VARIANTS = {
    "normal-equations": [plane_by_normal_equations, plane_by_centering],
    "graph-backward": [graph_by_cases, graph_gate_by_gate],
    "reuse-bug": [reuse_with_sums, reuse_forward],
    "layer-vjp": [vjp_by_loops, vjp_with_the_jacobian],
    "layer-jvp": [jvp_by_rows, jvp_by_a_complex_step],
    "hessian": [hessian_by_outer_products, hessian_einsum],
    "random-direction": [share_by_loops, share_of_unit_vectors],
    "second-difference": [second_difference_on_paper, second_difference_by_newton],
    "edge-formula": [edge_with_solved_weights, edge_with_halved_steps],
    "complex-step": [complex_in_a_loop, complex_rows],
}
