"""Right answers of chapter 04 in other styles."""

import numpy as np


def tanh_by_loops(dA, A, c, s):
    dZ = np.zeros_like(dA)
    for n, j in np.ndindex(A.shape):
        dZ[n, j] = dA[n, j] * s * (c - A[n, j] * A[n, j] / c)
    return dZ


def forward_by_examples(X, W1, b1, W2, b2):
    return np.stack([W2 @ np.tanh(W1 @ x + b1) + b2 for x in X.T], axis=1)


def forward_in_rows(X, W1, b1, W2, b2):
    return (np.tanh(X.T @ W1.T + b1) @ W2.T + b2).T


def shortcut_by_examples(X, A1, A2, W1, W2, V, y):
    dW1, dW2, dV, dX = np.zeros_like(W1), np.zeros_like(W2), np.zeros_like(V), np.zeros_like(X)
    for n, (x, a1, a2, label) in enumerate(zip(X, A1, A2, y, strict=True)):
        d2 = (a2 - label) / len(X)
        d1 = W2.T @ d2 * (1 - a1**2)
        dW1 += np.outer(d1, x)
        dW2 += np.outer(d2, a1)
        dV += np.outer(d2, x)
        dX[n] = W1.T @ d1 + V.T @ d2
    return dW1, dW2, dV, dX


def shortcut_einsum(X, A1, A2, W1, W2, V, y):
    d2 = (A2 - y) / y.shape[0]
    d1 = d2 * W2 * (1 - A1) * (1 + A1)
    return (
        np.einsum("nh,nd->hd", d1, X),
        np.einsum("no,nh->oh", d2, A1),
        np.einsum("no,nd->od", d2, X),
        np.einsum("nh,hd->nd", d1, W1) + d2 * V,
    )


def collapse_by_trying(W1, b1, W2, b2, W3, b3):
    def three(x):
        return W3 @ (W2 @ (W1 @ x + b1) + b2) + b3

    b = three(np.zeros(W1.shape[1]))
    return np.stack([three(e) - b for e in np.eye(W1.shape[1])], axis=1), b


def collapse_in_two_steps(W1, b1, W2, b2, W3, b3):
    W, b = W2.dot(W1), W2.dot(b1) + b2
    return W3.dot(W), b3 + W3.dot(b)


def canonical_by_a_matrix(W1, b1, W2):
    w = W2[0]
    Q = np.diag(np.sign(w))[np.argsort(abs(w))]
    return Q @ W1, Q @ b1, W2 @ Q.T


def canonical_by_sorting_units(W1, b1, W2):
    units = [
        (abs(w), w / abs(w) * row, w / abs(w) * b) for w, row, b in zip(W2[0], W1, b1, strict=True)
    ]
    units.sort(key=lambda unit: unit[0])
    out, rows, biases = zip(*units, strict=True)
    return np.array(rows), np.array(biases), np.array([out])


def threshold_by_logarithms(b1, w2, b2):
    return b1 + 0.5 * np.log((w2 + b2) / (w2 - b2))


def threshold_by_a_loop(b1, w2, b2):
    return np.array([b - np.arctanh(-c / w) for b, w, c in zip(b1, w2, b2, strict=True)])


def step_all_gradients_first(X, y, W1, b1, W2, b2, rate):
    A1 = np.tanh(X @ W1.T + b1)
    D2 = (1 / (1 + np.exp(-(A1 @ W2.T + b2))) - y) / len(y)
    D1 = D2 @ W2 * (1 - A1**2)
    gradients = D1.T @ X, D1.sum(axis=0), D2.T @ A1, D2.sum(axis=0)
    return [p - rate * g for p, g in zip((W1, b1, W2, b2), gradients, strict=True)]


def step_hidden_layer_first(X, y, W1, b1, W2, b2, rate):
    A1 = np.tanh(X @ W1.T + b1)
    D2 = 1 / (1 + np.exp(-(A1 @ W2.T + b2))) - y
    D1 = D2 * W2 * (1 - A1**2)
    W1 = W1 - rate * np.einsum("nh,nd->hd", D1, X) / len(X)
    b1 = b1 - rate * D1.mean(axis=0)
    return W1, b1, W2 - rate * (D2 * A1).mean(axis=0, keepdims=True), b2 - rate * D2.mean(axis=0)


def gap_by_steps(X, y, W1, b1, W2, b2, rate, steps):
    net = [W1, b1, W2, b2]
    for _ in range(steps):
        net = step_all_gradients_first(X, y, *net, rate)
    return np.linalg.norm(net[0][0] - net[0][1]) / np.linalg.norm(W1[0] - W1[1])


def gap_by_squares(X, y, W1, b1, W2, b2, rate, steps):
    def apart(W):
        return sum((W[0] - W[1]) ** 2) ** 0.5

    start = apart(W1)
    for _ in range(steps):
        W1, b1, W2, b2 = step_hidden_layer_first(X, y, W1, b1, W2, b2, rate)
    return float(apart(W1) / start)


def ring_of_two_signs():
    turn = np.radians([90, 210, 330])
    W1 = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return W1, [-0.8] * 3, [[-1, -1, -1]], [-1.6]


def ring_in_other_directions():
    turn = np.radians([45, 165, 285])
    W1 = -np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return W1, np.full(3, 0.8), np.full((1, 3), 2.0), [-3.2]


VARIANTS = {
    "tanh-backward": [tanh_by_loops, lambda dA, A, c, s: (c - A) * (c + A) * dA * s / c],
    "shallow-forward": [forward_by_examples, forward_in_rows],
    "shallow-backward": [shortcut_by_examples, shortcut_einsum],
    "collapse": [collapse_by_trying, collapse_in_two_steps],
    "xor-net": [
        lambda: ([[2, -2], [-2, 2]], [-3, -3], [[1, 1]], [0]),
        lambda: (np.array([[1, 1], [-1, -1]]), np.zeros(2), np.array([[-1, -1]]), np.array([1.0])),
    ],
    "symmetry": [canonical_by_a_matrix, canonical_by_sorting_units],
    "one-unit": [threshold_by_logarithms, threshold_by_a_loop],
    "stale-step": [step_all_gradients_first, step_hidden_layer_first],
    "twins": [gap_by_steps, gap_by_squares],
    "ring": [ring_of_two_signs, ring_in_other_directions],
}
