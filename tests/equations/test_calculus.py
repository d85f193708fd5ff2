"""The equations of chapter 02, measured."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from dlcore import losses, models
from dlcore.activations import sigmoid
from dlcore.gradcheck import check_gradient, numerical_gradient, relative_difference
from dlcore.layers import (
    Affine,
    Tanh,
    affine_backward,
    affine_forward,
    sigmoid_backward,
    sigmoid_forward,
    tanh_backward,
    tanh_forward,
)
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from tests.measure import worst_error

U = 2.0**-53
NEURON = np.array([2.0, -3.0, -1.0, -2.0, -3.0])  # w0, w1, x0, x1, w2


@pytest.fixture
def line():
    """Return points X (20, 3) and values y (20,) to fit."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((20, 3)), rng.standard_normal(20)


def mean_square(w, X, y):
    return losses.squared_error((X @ w)[:, np.newaxis], y[:, np.newaxis])[0]


def small_net():
    """Return theta and the gradient, as a function of theta, of a small network's cost."""
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((12, 2)), rng.integers(2, size=(12, 1))
    net = Sequential(fc1=Affine(2, 3), tanh1=Tanh(), fc2=Affine(3, 1))
    start = net.init(rng)

    def cost(theta):
        return losses.logistic(net.forward(start.like(theta), X)[0], y)[0]

    def gradient(theta):
        scores, cache = net.forward(start.like(theta), X)
        return net.backward(losses.logistic(scores, y)[1], cache)[1].theta

    return start.theta, gradient, cost


@pytest.mark.ledger("eq-stationary-parabola")
def test_the_lowest_point_of_a_parabola(ledger):
    places, values, reached = [], [], []
    for a, b in ((-4.0, 1.0), (3.0, -2.0), (0.0, 5.0)):
        x = -a / 2
        x_grid = x + np.linspace(-2, 2, 4001)
        f = x_grid**2 + a * x_grid + b
        places.append(abs(x_grid[np.argmin(f)] - x))
        values.append(abs(f.min() - (b - a**2 / 4)))
        v, descent = np.array([7.0]), GradientDescent(0.25)
        for _ in range(60):  # each step halves the distance to the place where 2 x + a is 0
            v, _ = descent.update(v, 2 * v + a, ())
        reached.append(abs(v[0] - x))
    ledger("a search: a grid", max(places + values), tolerance=1e-12)
    ledger("step by step: GradientDescent", max(reached), tolerance=1e-14)


@pytest.mark.ledger("eq-stationary")
def test_gradient_descent_ends_where_all_partials_are_zero(ledger, line):
    X, y = line
    w, optimizer = np.zeros(3), GradientDescent(lr=0.1)
    for _ in range(2000):
        gradient = 2 / len(y) * X.T @ (X @ w - y)
        w, _ = optimizer.update(w, gradient, ())
    partials = numerical_gradient(lambda w: mean_square(w, X, y), w)
    ledger("central differences", np.abs(partials).max(), tolerance=1e-8)


@pytest.mark.ledger("eq-stationary-least-squares")
def test_the_gradient_of_least_squares(ledger, line):
    X, y = line
    w = np.array([0.5, -1.0, 2.0])
    printed = 2 / len(y) * X.T @ (X @ w - y)
    difference = check_gradient(lambda w: mean_square(w, X, y), w, printed)
    ledger("central differences", difference, tolerance=1e-7)


@pytest.mark.ledger("eq-normal-equations")
def test_the_normal_equations(ledger, line):
    X, y = line
    w = np.linalg.solve(X.T @ X, X.T @ y)
    scores, cache = affine_forward(X, w[np.newaxis], np.zeros(1))
    _, dscores = losses.squared_error(scores, y[:, np.newaxis])
    gradient = affine_backward(dscores, cache)[1]
    ledger("dlcore: the gradient of squared_error is 0", np.abs(gradient).max(), tolerance=1e-13)
    ledger("NumPy: lstsq", worst_error(w, np.linalg.lstsq(X, y)[0]), tolerance=1e-12)


@pytest.mark.ledger("eq-chain-scalar", "eq-chain-paths")
def test_the_chain_rule_along_one_path_and_several(ledger):
    one, several = [], []
    for x in np.linspace(-2, 2, 9):
        printed = math.cos(math.exp(x)) * math.exp(x)
        measured = numerical_gradient(lambda t: math.sin(math.exp(t[0])), np.array([x]))
        one.append(abs(measured[0] - printed) / max(1, abs(printed)))
        printed = math.exp(x) * math.cos(x) + math.sin(x) * math.exp(x)  # f = z1 z2
        measured = numerical_gradient(lambda t: math.exp(t[0]) * math.sin(t[0]), np.array([x]))
        several.append(abs(measured[0] - printed) / max(1, abs(printed)))
    ledger("central differences", max(one), tolerance=1e-8, label="eq-chain-scalar")
    ledger("central differences", max(several), tolerance=1e-8, label="eq-chain-paths")


@pytest.mark.ledger("eq-chain-vector")
def test_the_chain_rule_as_a_product_of_three_matrices(ledger):
    rng = np.random.default_rng(0)
    W, target, x = rng.standard_normal((4, 3)), rng.standard_normal(4), 0.7

    def h(x):
        return np.array([x, x**2, np.sin(x)])

    dh = np.array([1, 2 * x, np.cos(x)])[:, np.newaxis]  # (3, 1)
    g = np.tanh(W @ h(x))
    J = (1 - g**2)[:, np.newaxis] * W  # (4, 3)
    grad_f = (g - target)[np.newaxis]  # (1, 4)
    measured = numerical_gradient(
        lambda t: 0.5 * np.sum((np.tanh(W @ h(t[0])) - target) ** 2), np.array([x])
    )
    ledger("central differences", worst_error((grad_f @ J @ dh)[0], measured), tolerance=1e-8)
    net = Sequential(fc=Affine(3, 4), tanh=Tanh())
    params = net.init(rng)
    params["fc.W"][...] = W
    _, cache = net.forward(params, h(x)[np.newaxis])
    pulled, _ = net.backward(grad_f, cache)
    ledger("dlcore: Sequential", worst_error(grad_f @ J, pulled), tolerance=1e-14)


@pytest.mark.ledger("eq-gradient-steepest")
def test_no_direction_is_steeper_than_the_gradient(ledger):
    theta, gradient, cost = small_net()
    grad = gradient(theta)
    slope, h = np.linalg.norm(grad), 1e-5

    def along(u):
        return (cost(theta + h * u) - cost(theta - h * u)) / (2 * h)

    ledger(
        "central differences: along the gradient",
        abs(along(grad / slope) / slope - 1),
        tolerance=1e-8,
    )
    directions = np.random.default_rng(2).standard_normal((200, theta.size))
    steepest = max(abs(along(u / np.linalg.norm(u))) for u in directions)
    ledger("a bound: 200 other directions", max(0.0, steepest / slope - 1), tolerance=0)


@pytest.mark.ledger("eq-jacobian-layers")
def test_the_two_jacobians_of_a_layer(ledger):
    rng = np.random.default_rng(0)
    W, b, x = rng.standard_normal((3, 4)), rng.standard_normal(3), rng.standard_normal((1, 4))
    z, cache = affine_forward(x, W, b)
    a, tanh_cache = tanh_forward(z)
    rows = [affine_backward(e[np.newaxis], cache)[0][0] for e in np.eye(3)]
    ledger("dlcore: affine_backward", worst_error(W, np.array(rows)), tolerance=1e-15)
    rows = [tanh_backward(e[np.newaxis], tanh_cache)[0] for e in np.eye(3)]
    ledger(
        "dlcore: tanh_backward",
        worst_error(np.diag(1 - a[0] ** 2), np.array(rows)),
        tolerance=1e-15,
    )
    J = np.diag(1 - a[0] ** 2) @ W
    measured = [numerical_gradient(lambda x, i=i: np.tanh(W @ x + b)[i], x[0]) for i in range(3)]
    ledger("central differences", worst_error(J, np.array(measured)), tolerance=1e-8)


def hessian_by_differences(gradient, theta, eps=1e-5):
    columns = [
        (gradient(theta + eps * e) - gradient(theta - eps * e)) / (2 * eps)
        for e in np.eye(theta.size)
    ]
    return np.stack(columns, axis=1)


@pytest.mark.ledger("eq-hessian-differences", "eq-hessian-symmetric")
def test_a_hessian_by_differences_of_gradients(ledger):
    rng = np.random.default_rng(0)
    X, y, w = rng.standard_normal((9, 4)), rng.integers(2, size=9), rng.standard_normal(4)
    a = sigmoid(X @ w)
    exact = X.T @ ((a * (1 - a))[:, np.newaxis] * X) / 9
    found = hessian_by_differences(lambda w: X.T @ (sigmoid(X @ w) - y) / 9, w)
    error = worst_error(found, exact)
    ledger(
        "central differences: logistic regression's Hessian",
        error,
        tolerance=1e-8,
        label="eq-hessian-differences",
    )
    theta, gradient, _ = small_net()
    H = hessian_by_differences(gradient, theta)
    ledger(
        "central differences: the transpose",
        worst_error(H, H.T),
        tolerance=1e-8,
        label="eq-hessian-symmetric",
    )


@pytest.mark.ledger("eq-curvature-direction")
def test_the_curvature_in_a_direction(ledger):
    theta, gradient, cost = small_net()
    H = hessian_by_differences(gradient, theta)
    worst, h = 0.0, 1e-3
    for u in np.random.default_rng(4).standard_normal((20, theta.size)):
        u /= np.linalg.norm(u)
        measured = (cost(theta + h * u) - 2 * cost(theta) + cost(theta - h * u)) / h**2
        worst = max(worst, abs(measured - u @ H @ u) / np.abs(H).max())
    ledger("central differences: of the cost, twice", worst, tolerance=1e-6)


@pytest.mark.ledger("eq-curvature-bounds")
def test_the_eigenvalues_bound_the_curvature(ledger):
    theta, gradient, _ = small_net()
    H = hessian_by_differences(gradient, theta)
    H = (H + H.T) / 2
    eigenvalues, V = np.linalg.eigh(H)
    directions = np.random.default_rng(5).standard_normal((500, theta.size))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    curvatures = np.sum((directions @ H) * directions, axis=1)
    shares = (directions @ V) ** 2
    ledger("the printed formula: the sum", worst_error(shares @ eigenvalues, curvatures), 1e-13)
    beyond = max(curvatures.max() - eigenvalues[-1], eigenvalues[0] - curvatures.min(), 0.0)
    ledger("a bound: 500 directions", beyond, tolerance=0)
    at_the_ends = [V[:, i] @ H @ V[:, i] - eigenvalues[i] for i in (0, -1)]
    ledger("NumPy: eigh, at the ends", np.abs(at_the_ends).max(), tolerance=1e-14)


@pytest.mark.ledger("eq-hessian-vector")
def test_a_product_with_the_hessian_from_two_gradients(ledger):
    theta, gradient, _ = small_net()
    v, eps = np.random.default_rng(3).standard_normal(theta.size), 1e-5
    product = (gradient(theta + eps * v) - gradient(theta - eps * v)) / (2 * eps)
    H = hessian_by_differences(gradient, theta)
    ledger("central differences: the whole Hessian", worst_error(product, H @ v), tolerance=1e-7)


@pytest.mark.ledger("eq-hessian-newton")
def test_one_newton_step_on_a_quadratic(ledger, line):
    X, y = line
    w = np.array([30.0, -20.0, 5.0])

    def gradient(w):
        Z, cache = affine_forward(X, w[np.newaxis], np.zeros(1))
        return affine_backward(losses.squared_error(Z, y[:, np.newaxis])[1], cache)[1][0]

    H = np.array([gradient(w + one) - gradient(w) for one in np.eye(3)])  # of a quadratic, exact
    assert worst_error(H, 2 / len(y) * X.T @ X) < 1e-12
    stepped = w - np.linalg.inv(H) @ gradient(w)
    ledger("NumPy: lstsq", worst_error(stepped, np.linalg.lstsq(X, y)[0]), tolerance=1e-12)


# The graph of one neuron


def neuron(theta):
    w0, w1, x0, x1, w2 = theta
    return 1 / (1 + np.exp(-(w0 * x0 + w1 * x1 + w2)))


def neuron_gradients():
    """Return the five gradients by dlcore's layers, in the order of ``NEURON``."""
    W, X, b = NEURON[np.newaxis, :2], NEURON[np.newaxis, 2:4], NEURON[4:]
    Z, cache = affine_forward(X, W, b)
    L, gate = sigmoid_forward(Z)
    dX, dW, db = affine_backward(sigmoid_backward(np.ones((1, 1)), gate), cache)
    return L[0, 0], np.concatenate([dW[0], dX[0], db])


@pytest.mark.ledger("eq-graph-neuron", "eq-graph-gradients")
def test_the_notes_neuron_and_its_five_gradients(ledger):
    L, grads = neuron_gradients()
    assert round(L, 3) == 0.731  # the notes' number
    ledger("the printed formula", abs(L - neuron(NEURON)), tolerance=1e-15, label="eq-graph-neuron")
    slope = L * (1 - L)
    printed = slope * np.array([*NEURON[2:4], *NEURON[:2], 1])
    error = worst_error(printed, grads)
    ledger("dlcore: the layers", error, tolerance=1e-14, label="eq-graph-gradients")
    error = relative_difference(printed, numerical_gradient(neuron, NEURON))
    ledger("central differences", error, tolerance=1e-8, label="eq-graph-gradients")
    assert printed.round(4).tolist() == [-0.1966, -0.3932, 0.3932, -0.5898, 0.1966]


@pytest.mark.ledger("eq-graph-sigmoid-gate")
def test_four_gates_are_one(ledger):
    errors = []
    for z in np.linspace(-20, 20, 41):
        e = math.exp(-z)
        chained = (-1 / (1 + e) ** 2) * 1 * e * -1
        A, cache = sigmoid_forward(np.array([z]))
        one_gate = sigmoid_backward(np.ones(1), cache)[0]
        errors.append(abs(one_gate - chained) / 0.25)
        assert one_gate == pytest.approx(A[0] * (1 - A[0]))
    ledger("the printed formula: the four gates", max(errors), tolerance=1e-15)


@pytest.mark.ledger("eq-graph-local")
def test_local_times_upstream_adds_over_the_gates_that_read(ledger):
    def f(t):
        x, y, z = t
        return (x * y + z) * np.exp(y) / x

    errors = []
    for x, y, z in np.random.default_rng(0).uniform(0.5, 2, (20, 3)):
        p, e = x * y, np.exp(y)
        q, r = p + z, 1 / x
        upstream_q, upstream_e, upstream_r = e * r, q * r, q * e
        dx = upstream_q * y + upstream_r * (-1 / x**2)  # two gates read x, and two read y
        dy = upstream_q * x + upstream_e * e
        measured = numerical_gradient(f, np.array([x, y, z]))
        errors.append(relative_difference(np.array([dx, dy, upstream_q]), measured))
    ledger("central differences", max(errors), tolerance=1e-8)


# Sweeps


@pytest.fixture
def chain():
    """Return the Jacobians of a chain of three maps, and their product."""
    rng = np.random.default_rng(0)
    J1, J2, J3 = (rng.standard_normal(s) for s in ((6, 5), (4, 6), (3, 4)))
    return (J1, J2, J3), J3 @ J2 @ J1


@pytest.mark.ledger("eq-graph-jvp", "eq-graph-vjp", "eq-graph-adjoint")
def test_the_two_orders_of_the_product(ledger, chain):
    (J1, J2, J3), J = chain
    u, v = np.arange(1.0, 6), np.array([1.0, -2.0, 0.5])
    pushed, pulled = J3 @ (J2 @ (J1 @ u)), ((v @ J3) @ J2) @ J1
    a, caches = u[np.newaxis], []
    for W in (J1, J2, J3):  # dlcore's affine layers, whose Jacobians are their weights
        a, cache = affine_forward(a, W, np.zeros(len(W)))
        caches.append(cache)
    da = v[np.newaxis]
    for cache in reversed(caches):
        da, _, _ = affine_backward(da, cache)
    ledger("dlcore: affine_forward", worst_error(a[0], pushed), 1e-14, label="eq-graph-jvp")
    ledger("dlcore: affine_backward", worst_error(da[0], pulled), 1e-14, label="eq-graph-vjp")
    ledger(
        "another way: the whole Jacobian", worst_error(pushed, J @ u), 1e-14, label="eq-graph-jvp"
    )
    ledger(
        "another way: the whole Jacobian", worst_error(pulled, v @ J), 1e-14, label="eq-graph-vjp"
    )
    ledger(
        "another way: the other order",
        worst_error(v @ pushed, pulled @ u),
        1e-14,
        label="eq-graph-adjoint",
    )


@pytest.mark.ledger("eq-graph-vjp", "eq-graph-jvp", "eq-graph-adjoint")
def test_the_backward_pass_of_a_network_is_a_vector_jacobian_product(ledger):
    rng = np.random.default_rng(0)
    net = Sequential(fc1=Affine(5, 6), tanh1=Tanh(), fc2=Affine(6, 3))
    params, x, h = net.init(rng), rng.standard_normal((1, 5)), 1e-5
    v, u = rng.standard_normal((1, 3)), rng.standard_normal((1, 5))

    def at(x):
        return net.forward(params, x)[0]

    _, cache = net.forward(params, x)
    pulled = net.backward(v, cache)[0]
    measured = numerical_gradient(lambda x: float(np.sum(v * at(x))), x)
    ledger("central differences", worst_error(pulled, measured), 1e-8, label="eq-graph-vjp")
    A1 = np.tanh(x @ params["fc1.W"].T + params["fc1.b"])
    pushed = ((1 - A1**2) * (u @ params["fc1.W"].T)) @ params["fc2.W"].T
    measured = (at(x + h * u) - at(x - h * u)) / (2 * h)
    ledger("central differences", worst_error(pushed, measured), 1e-8, label="eq-graph-jvp")
    error = worst_error(np.sum(v * pushed), np.sum(pulled * u))
    ledger("dlcore: Sequential", error, 1e-13, label="eq-graph-adjoint")


@pytest.mark.ledger("eq-graph-cost")
def test_a_sweep_an_input_or_a_sweep_an_output(ledger, chain):
    matrices, J = chain
    widths = [5, 6, 4, 3]
    net = Sequential(fc1=Affine(5, 6), fc2=Affine(6, 4), fc3=Affine(4, 3))
    a_sweep = models.summary(net, (5,)).total.multiply_adds  # products of one sweep
    assert a_sweep == sum(W.size for W in matrices)
    pushes, pulls = 0, 0
    rows, columns = [], []
    for u in np.eye(5):
        for m in matrices:
            u, pushes = m @ u, pushes + m.size
        columns.append(u)
    for v in np.eye(3):
        for m in matrices[::-1]:
            v, pulls = v @ m, pulls + m.size
        rows.append(v)
    np.testing.assert_allclose(np.array(rows), J)
    np.testing.assert_allclose(np.array(columns).T, J)
    printed = [widths[0] * a_sweep, widths[-1] * a_sweep]
    ledger("counting: products", worst_error([pushes, pulls], printed), tolerance=0)


# Differences


@pytest.mark.ledger("eq-forward-difference", "eq-central-difference", "eq-complex-step")
def test_truncation_is_the_printed_one(ledger):
    """For a cubic, whose third derivative is constant, the printed errors hold at once."""
    h, x = Decimal("0.01"), Decimal(2)

    def f(x):
        return 2 * x**3 - x**2 + 3

    with localcontext() as context:
        context.prec = 50
        slope = 6 * x**2 - 2 * x
        one, both = (f(x + h) - f(x)) / h, (f(x + h) - f(x - h)) / (2 * h)
        xi = x + h / 3  # where f'' has the mean that Taylor's rest takes, for a cubic
        error = abs(one - (slope + h / 2 * (12 * xi - 2)))
        ledger("many digits: 50", error, 1e-40, label="eq-forward-difference")
        central = slope + h**2 / 6 * 12
        ledger("many digits: 50", abs(both - central), 1e-40, label="eq-central-difference")
    (got,) = numerical_gradient(lambda x: f(x[0]), np.array([2.0]), 0.01)
    error = abs(got / float(central) - 1)
    ledger("dlcore: numerical_gradient", error, 1e-13, label="eq-central-difference")
    z = complex(2, 0.01)
    got = (2 * z**3 - z**2 + 3).imag / 0.01
    ledger(
        "the printed formula: of a cubic",
        abs(got - (20 - 0.01**2 / 6 * 12)) / 20,
        1e-14,
        label="eq-complex-step",
    )
    got = np.exp(1 + 1e-100j).imag / 1e-100
    ledger("another way: e", abs(got / math.e - 1), 1e-15, label="eq-complex-step")


@pytest.mark.ledger("eq-central-difference")
def test_numerical_gradient_is_the_central_difference(ledger):
    x, h = np.array([0.3, -1.2]), 1e-3

    def f(x):
        return float(np.exp(x[0]) * np.sin(x[1]))

    found = numerical_gradient(f, x, h)
    printed = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(2)]
    ledger("the printed formula", worst_error(found, printed), tolerance=1e-12)
    third = np.array([np.exp(0.3) * np.sin(-1.2), -np.exp(0.3) * np.cos(-1.2)])
    exact = np.array([np.exp(0.3) * np.sin(-1.2), np.exp(0.3) * np.cos(-1.2)])
    left = found - exact - h**2 / 6 * third
    ledger("a limit: what truncation leaves", np.abs(left).max() / h**2, tolerance=1e-6)


@pytest.mark.ledger("eq-difference-rounding")
def test_rounding_stays_below_its_bound(ledger):
    """Measured on e^x at 1, where truncation is known and can be taken off."""
    with localcontext() as context:
        context.prec = 60
        excess = 0.0
        for h in 2.0 ** -np.arange(30, 50):  # exact steps: 1 ± h has no rounding
            plus, minus = Decimal(1 + h), Decimal(1 - h)
            one = (plus.exp() - Decimal(1).exp()) / Decimal(h)
            both = (plus.exp() - minus.exp()) / Decimal(2 * h)
            got_one = Decimal((math.exp(1 + h) - math.exp(1)) / h)
            got_both = Decimal(numerical_gradient(lambda x: math.exp(x[0]), np.ones(1), h)[0])
            excess = max(
                excess,
                float(abs(got_one - one)) / (2 * U * math.e / h) - 1,
                float(abs(got_both - both)) / (U * math.e / h) - 1,
            )
    ledger("a bound: 40 steps, with 60 digits", max(0.0, excess), tolerance=0.01)


@pytest.mark.ledger("eq-difference-best-step")
def test_the_printed_steps_make_the_sum_of_both_errors_smallest(ledger):
    errors = []
    for f, second, third in ((1.0, 1.0, 1.0), (0.2, 3.0, -7.0), (5.0, -0.1, 0.4)):
        h = np.geomspace(1e-10, 1e-2, 400_001)
        one = h / 2 * abs(second) + 2 * U * abs(f) / h
        both = h**2 / 6 * abs(third) + U * abs(f) / h
        printed = 2 * math.sqrt(U * abs(f / second)), (3 * U * abs(f / third)) ** (1 / 3)
        found = h[np.argmin(one)], h[np.argmin(both)]
        errors += [abs(a / b - 1) for a, b in zip(printed, found, strict=True)]
    ledger("a search: a fine grid of steps", max(errors), tolerance=1e-3)
