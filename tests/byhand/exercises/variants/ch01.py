"""Right answers of chapter 01 in other styles."""

import math

import numpy as np


def risk_by_loops(w, b, X, y):
    total = 0.0
    for x, target in zip(X, y, strict=True):
        score = b
        for j in range(len(w)):
            score += w[j] * x[j]
        total += (target - score) ** 2
    return total / len(y)


def risk_by_a_dot_product(w, b, X, y):
    r = np.einsum("nd,d->n", X, w) + b - y
    return r @ r / r.size


def softmax_shifted(S, y):
    T = S - S.max(axis=1, keepdims=True)
    return np.log(np.exp(T).sum(axis=1)) - T[np.arange(len(y)), y]


def softmax_one_hot(S, y):
    one_hot = np.eye(S.shape[1])[y]
    P = np.exp(S) / np.exp(S).sum(1)[:, None]
    return -np.log((P * one_hot).sum(axis=-1))


def hinge_by_loops(S, y):
    losses = []
    for row, k in zip(S, y, strict=True):
        losses.append(sum(max(0.0, s - row[k] + 1) for i, s in enumerate(row) if i != k))
    return np.array(losses)


def hinge_masked(S, y):
    M = np.maximum(0, S - np.take_along_axis(S, y[:, None], axis=1) + 1)
    M[np.arange(len(y)), y] = 0
    return M.sum(axis=1)


def kl_by_loops(q, p):
    total = 0.0
    for qi, pi in zip(q, p, strict=True):
        if qi > 0:
            total += qi * math.log(qi / pi)
    return total


def kl_with_where(q, p):
    safe = np.where(q > 0, q, 1.0)
    return float(np.sum(q * (np.log(safe) - np.log(p))))


def fold_by_a_network(x):
    h = x[:, None]
    for c in (12, 6, 3, 1.5):
        hidden = np.maximum(0, h @ np.array([[1.0, -1.0]]) + np.array([-c, c]))
        h = hidden @ np.array([[1.0], [1.0]])
    return h[:, 0] - 0.5


def fold_in_one_layer(x):
    slopes = np.tile([-1.0, 0.0, 1.0], 8)  # between 0 and 1, 1 and 2, ...
    kinks = np.diff(slopes, prepend=0.0)
    return 1 + sum(kink * np.maximum(x - c, 0) for c, kink in enumerate(kinks))


def constant_by_newton(y):
    s = 0.0
    for _ in range(60):
        a = 1 / (1 + math.exp(-s))
        s -= (a - sum(y) / len(y)) / (a * (1 - a))
    return s, sum(math.log(1 + math.exp(s)) - label * s for label in y) / len(y)


def constant_by_counting(y):
    ones = np.count_nonzero(y)
    zeros = len(y) - ones
    loss = -(ones * np.log(ones / len(y)) + zeros * np.log(zeros / len(y))) / len(y)
    return np.array([np.log(ones) - np.log(zeros), loss])


def perceptron_by_the_clock(X, t):
    w, mistakes, right, n = 0 * X[0], 0, 0, 0
    while right < len(X):  # so many in a row, counted from the start of a pass
        if n % len(X) == 0:
            right = 0
        if t[n % len(X)] * np.dot(X[n % len(X)], w) > 0:
            right += 1
        else:
            w, mistakes = w + t[n % len(X)] * X[n % len(X)], mistakes + 1
        n += 1
    return w, mistakes


def perceptron_with_signed_examples(X, t):
    Z, w, mistakes, clean = X * t[:, None], np.zeros(X.shape[1]), 0, False
    while not clean:
        clean = True
        for z in Z:
            if w @ z <= 0:
                w, mistakes, clean = w + z, mistakes + 1, False
    return [w, mistakes]


def noise_by_projection(X, y):
    left = y - X @ (np.linalg.pinv(X) @ y)
    return left @ left / len(y)


def noise_by_the_svd(X, y):
    U, s, _ = np.linalg.svd(X, full_matrices=False)
    U = U[:, s > 1e-10]
    return (y @ y - np.sum((U.T @ y) ** 2)) / y.size


def degrees_by_holding_out(X, Y):
    found = []
    for x, y in zip(X, Y, strict=True):
        fit = [np.polyfit(x[:27], y[:27], d) for d in range(10)]
        found.append(np.argmin([np.mean((np.polyval(w, x[27:]) - y[27:]) ** 2) for w in fit]))
    return found


def degrees_by_a_criterion(X, Y):
    """Akaike's: a coefficient has to lower N log E_in by two; here by three."""
    found = []
    for x, y in zip(X, Y, strict=True):
        E_in = [np.mean((np.polyval(np.polyfit(x, y, d), x) - y) ** 2) for d in range(13)]
        found.append(np.argmin(len(x) * np.log(E_in) + 3 * np.arange(13)))
    return np.array(found)


VARIANTS = {
    "empirical-risk": [risk_by_loops, risk_by_a_dot_product],
    "softmax-loss": [softmax_shifted, softmax_one_hot],
    "multiclass-hinge": [hinge_by_loops, hinge_masked],
    "kl-divergence": [kl_by_loops, kl_with_where],
    "best-constant": [constant_by_newton, constant_by_counting],
    "perceptron-bug": [perceptron_by_the_clock, perceptron_with_signed_examples],
    "noise-fit": [noise_by_projection, noise_by_the_svd],
    "fold": [fold_by_a_network, fold_in_one_layer],
    "three-classes": [
        lambda: ([[-2], [0], [2]], [0, 0.1, 0]),
        lambda: (np.array([[0], [10], [20]]), np.array([0.0, 0.5, 0.0])),
    ],
    "choose-degree": [degrees_by_holding_out, degrees_by_a_criterion],
}
