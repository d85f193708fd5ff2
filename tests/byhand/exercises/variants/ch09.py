"""Right answers of chapter 09 in other styles."""

import numpy as np


def gradapprox_in_place(f, theta, eps):
    theta, out = theta.copy(), np.zeros(theta.size)
    for i in range(theta.size):
        kept = theta[i]
        theta[i] = kept + eps
        plus = f(theta)
        theta[i] = kept - eps
        out[i] = (plus - f(theta)) / (2 * eps)
        theta[i] = kept
    return out


def gradapprox_rows(f, theta, eps):
    steps = eps * np.eye(len(theta))
    up, down = (np.apply_along_axis(f, 1, theta + sign * steps) for sign in (1, -1))
    return 0.5 * (up - down) / eps


def best_step_by_cbrt(eta, third):
    eps = np.cbrt(3 * eta / third)
    return eps, third * eps**2 / 6 + eta / eps


def best_step_by_logs(eta, third):
    eps = np.exp((np.log(3) + np.log(eta) - np.log(third)) / 3)
    return [eps, third * eps**2 / 2]


def along_by_a_function(f, theta, grad, v, eps):
    def cost(t):
        return f(theta + t * v)

    return np.vdot(grad, v), (cost(eps) - cost(-eps)) / eps / 2


def along_by_loops(f, theta, grad, v, eps):
    promised = sum(g * d for g, d in zip(grad, v, strict=True))
    return promised, f(theta + eps * v) / (2 * eps) - f(theta - eps * v) / (2 * eps)


VARIANTS = {
    "relative-difference": [
        lambda grad, approx: (
            np.sqrt(np.sum((approx - grad) ** 2))
            / (np.sqrt(np.sum(grad**2)) + np.sqrt(np.sum(approx**2)))
        ),
        lambda g, a: np.linalg.norm((g - a).ravel()) / sum(map(np.linalg.norm, (g, a))),
    ],
    "numerical-gradient": [gradapprox_in_place, gradapprox_rows],
    "error-factor": [lambda r: 2 / (1 - r) - 1, lambda r: -(r + 1) / (r - 1)],
    "best-step": [best_step_by_cbrt, best_step_by_logs],
    "direction": [along_by_a_function, along_by_loops],
    "find-the-bugs": [lambda: [5, 1, 4, 6, 2, 3], lambda: np.array([5, 1, 4, 6, 2, 3])],
}
