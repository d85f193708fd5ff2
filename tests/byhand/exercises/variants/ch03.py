"""Right answers of chapter 03 in other styles."""

import math

import numpy as np

from dlcore.activations import sigmoid


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


def gradient_by_rows(w, b, X, y):
    d = (sigmoid(X @ w + b) - y) / X.shape[0]
    return d @ X, np.sum(d)


def gradient_einsum(w, b, X, y):
    d = sigmoid(X @ w + b) - y
    return np.einsum("nd,n->d", X, d) / len(X), d.mean()


def step_on_a_copy(theta, grad, lr):
    moved = theta.copy()
    moved -= lr * grad
    return moved


def labels_by_where(z, t):
    return np.where(t > 0, -sigmoid(-z), sigmoid(z))


VARIANTS = {
    "sigmoid": [sigmoid_by_parts, sigmoid_by_tanh, sigmoid_by_a_logarithm],
    "logistic-cost": [cost_by_loops, cost_of_signed_labels],
    "logistic-gradient": [gradient_by_rows, gradient_einsum],
    "gradient-step": [step_on_a_copy, lambda theta, grad, lr: np.add(theta, -lr * grad)],
    "labels": [labels_by_where, lambda z, t: sigmoid(z) - (1 + t) / 2],
    "predict": [
        lambda w, b, X: np.where(X @ w + b > 0, 1, 0),
        lambda w, b, X: np.array([int(x @ w + b > 0) for x in X]),
        lambda w, b, X: np.heaviside(X @ w + b, 0).astype(np.int8),
    ],
}
