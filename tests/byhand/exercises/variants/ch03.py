"""Right answers of chapter 03 in other styles."""

import math

import numpy as np

from dlcore import losses
from dlcore.activations import sigmoid, softmax


def sigmoid_by_parts(z):
    a = np.empty_like(z)
    up = z >= 0
    a[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    a[~up] = e / (1 + e)
    return a


def sigmoid_by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_by_a_logarithm(z):
    return np.exp(-np.logaddexp(0, -z))


def cost_by_loops(w, b, X, y):
    total = 0.0
    for x, label in zip(X, y, strict=True):
        z = float(x @ w) + b
        total += max(z, 0) - label * z + math.log1p(math.exp(-abs(z)))
    return total / len(y)


def cost_of_signed_labels(w, b, X, y):
    return np.logaddexp(0, (1 - 2 * y) * (X.dot(w) + b)).mean()


def gradient_by_rows(w, b, X, y, c):
    d = c / np.sum(c) * (sigmoid(X @ w + b) - y)
    return d @ X, np.sum(d)


def gradient_averaged(w, b, X, y, c):
    d = sigmoid(X @ w + b) - y
    return np.average(d[:, None] * X, axis=0, weights=c), np.average(d, weights=c)


def step_with_a_case(theta, grad, lr):
    step = lr * grad
    length = np.sqrt(np.sum(step**2))
    if length > 1:
        step = step / length
    return theta - step


def step_with_a_smaller_rate(theta, grad, lr):
    size = math.sqrt(sum(g * g for g in grad))
    return theta - (min(lr, 1 / size) if size > 0 else lr) * grad


def curvature_by_exp(z, t):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def rate_by_singular_values(X):
    X1 = np.hstack([X, np.ones((len(X), 1))])
    return 4 * len(X) / np.linalg.svd(X1, compute_uv=False)[0] ** 2


def rate_by_the_other_product(X):
    X1 = np.column_stack([np.ones(len(X)), X])
    return 2 / (np.linalg.eigvalsh(X1 @ X1.T).max() / (2 * len(X)))


def bug_mended_by_one_hot(Z, y):
    return (softmax(Z) - np.eye(Z.shape[1])[y]) / len(Z)


def bug_mended_by_a_loop(Z, y):
    dZ = softmax(Z)
    for n, label in enumerate(y):
        dZ[n, label] -= 1
    return dZ / len(Z)


def step_by_the_loss(X, y, X_test, y_test):
    _, D = losses.softmax_cross_entropy(np.zeros((len(X), 10)), y)
    W, b = -5.0 * (D.T @ X), -5.0 * D.sum(axis=0)
    return float(np.mean(np.argmax(X_test @ W.T + b, axis=1) == y_test))


def step_by_means(X, y, X_test, y_test):
    counts = np.bincount(y, minlength=10)
    sums = np.stack([X[y == i].sum(axis=0) for i in range(10)])
    scores = X_test @ (sums - X.sum(axis=0) / 10).T + counts - len(X) / 10
    return (scores.argmax(axis=1) == y_test).mean()


def reader_of_small_batches(X, y):
    rng = np.random.default_rng(0)
    frame = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    W, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(6000):
        rows, (i, j) = rng.integers(len(X), size=40), rng.integers(3, size=2)
        batch = frame[rows, i : i + 8, j : j + 8].reshape(-1, 64)
        _, D = losses.softmax_cross_entropy(batch @ W.T + b, y[rows])
        W, b = W - 0.3 * D.T @ batch, b - 0.3 * D.sum(axis=0)
    return W, b


def reader_of_roll(X, y):
    P = X.reshape(-1, 8, 8)
    moved = [P, *[np.roll(P, s, axis) for s in (-1, 1) for axis in (1, 2)]]
    X, y = np.concatenate(moved).reshape(-1, 64), np.tile(y, 5)
    W, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(300):
        _, D = losses.softmax_cross_entropy(X @ W.T + b, y)
        W, b = W - 0.4 * D.T @ X, b - 0.4 * D.sum(axis=0)
    return W, b


VARIANTS = {
    "sigmoid": [sigmoid_by_parts, sigmoid_by_tanh, sigmoid_by_a_logarithm],
    "logistic-cost": [cost_by_loops, cost_of_signed_labels],
    "logistic-gradient": [gradient_by_rows, gradient_averaged],
    "gradient-step": [step_with_a_case, step_with_a_smaller_rate],
    "labels": [curvature_by_exp, lambda z, t: sigmoid(t * z) * sigmoid(-t * z) * t**2],
    "predict": [
        lambda w, b, X: np.where(X @ w + b > 0, 1, 0),
        lambda w, b, X: np.array([int(x @ w + b > 0) for x in X]),
        lambda w, b, X: np.heaviside(X @ w + b, 0).astype(np.int8),
    ],
    "softmax-rate": [rate_by_singular_values, rate_by_the_other_product],
    "softmax-bug": [bug_mended_by_one_hot, bug_mended_by_a_loop],
    "one-step": [step_by_the_loss, step_by_means],
    "shifted-reader": [reader_of_small_batches, reader_of_roll],
}
