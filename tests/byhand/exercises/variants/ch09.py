"""Right answers of chapter 09 in other styles."""

import math

import numpy as np


def start_by_moments(mean, mean_square, share):
    softplus = math.log(2) + mean / 2 + mean_square / 8
    return softplus - share * mean


def start_by_classes(mean, mean_square, share):
    ones = math.log(2) - mean / 2 + mean_square / 8
    zeros = math.log(2) + mean / 2 + mean_square / 8
    return share * ones + (1 - share) * zeros


def hidden_by_two_arrays(share, factor):
    right = np.sqrt([share, 1 - share])
    wrong = right * [factor, 1]
    return np.linalg.norm(wrong - right) / (np.linalg.norm(wrong) + np.linalg.norm(right))


def pulled_in_place(forward, X, dZ, eps):
    X, dX = X.astype(float), np.zeros(X.shape)
    for i in range(X.shape[0]):
        for j in range(X.shape[1]):
            kept = X[i, j]
            X[i, j] = kept + eps
            plus = forward(X)
            X[i, j] = kept - eps
            dX[i, j] = np.vdot(dZ, plus - forward(X)) / eps / 2
            X[i, j] = kept
    return dX


def pulled_by_directions(forward, X, dZ, eps):
    def number(flat):
        return float(np.sum(forward(flat.reshape(X.shape)) * dZ))

    steps = eps * np.eye(X.size)
    found = [(number(X.ravel() + e) - number(X.ravel() - e)) / (2 * eps) for e in steps]
    return np.array(found).reshape(X.shape)


def four_costs_by_logs(eta, fifth):
    eps = math.exp((math.log(11.25) + math.log(eta) - math.log(fifth)) / 5)
    return [eps, 3 * eta / (2 * eps) * 5 / 4]


def four_costs_by_np(eta, fifth):
    eps = np.power(45 * eta / 4 / fifth, 0.2)
    return eps, np.sum([fifth / 30 * eps**4, 3 / 2 * eta / eps])


def checker_with_copies(f, theta, eps):
    gradient = np.zeros_like(theta)
    for i in range(theta.size):
        plus, minus = theta.copy(), theta.copy()
        plus[i] += eps
        minus[i] -= eps
        gradient[i] = (f(plus) - f(minus)) / (2 * eps)
    return gradient


def checker_that_remembers(f, theta, eps):
    theta = theta.copy()
    gradient = []
    for i, value in enumerate(theta.copy()):
        theta[i] = value + eps
        plus = f(theta)
        theta[i] = value - eps
        minus = f(theta)
        theta[i] = value
        gradient.append((plus - minus) / 2 / eps)
    return np.array(gradient)


def seen_by_loops(right, wrong, V, t):
    seen = 0
    for v in V:
        seen += abs(np.dot(wrong, v) - np.dot(right, v)) > t * abs(np.dot(right, v))
    return seen / len(V)


def batch_by_search():
    W = np.array([[1.0, 1.0], [1.0, -0.5], [-2.0, 0.5], [0.5, 1.5], [0.0, -1.0]])
    b, rng, best = np.array([0.0, 0.5, -1.0, 1.0, -0.5]), np.random.default_rng(5), (0, None)
    for _ in range(10_000):
        X = rng.uniform(-2, 2, (3, 2))
        Z = X @ W.T + b
        both = ((Z > 0).any(axis=0) & (Z < 0).any(axis=0)).all()
        reach = (np.abs(Z) / np.maximum(1, np.abs(X).max(axis=1))[:, np.newaxis]).min()
        if both and reach > best[0]:
            best = (reach, X)
    return best[1]


VARIANTS = {
    "logistic-start": [start_by_moments, start_by_classes],
    "hidden-factor": [
        hidden_by_two_arrays,
        lambda s, c: abs(1 - c) * s**0.5 / (1 + math.sqrt(1 + (c * c - 1) * s)),
    ],
    "layer-check": [pulled_in_place, pulled_by_directions],
    "four-costs": [four_costs_by_logs, four_costs_by_np],
    "check-bug": [checker_with_copies, checker_that_remembers],
    "share-seen": [
        seen_by_loops,
        lambda right, wrong, V, t: (
            np.count_nonzero(
                np.abs((V * (wrong - right)).sum(axis=1)) > t * np.abs((V * right).sum(axis=1))
            )
            / V.shape[0]
        ),
    ],
    "clear-batch": [batch_by_search, lambda: [[0.9, 0.55], [0.4, -1.7], [-1, 0.25]]],
    "find-the-bugs": [lambda: [5, 1, 4, 6, 2, 3], lambda: np.array([5, 1, 4, 6, 2, 3])],
}
