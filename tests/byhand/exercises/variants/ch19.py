"""Right answers of chapter 19 in other styles."""

import numpy as np


def separable_by_rows(k, c_in, c_out, places):
    first = [(k * k, 1)] * c_in
    second = [(c_in, 1)] * c_out
    parameters = sum(weights + bias for weights, bias in first + second)
    return parameters, sum(weights for weights, _ in first + second) * places


def separable_summed(k, c_in, c_out, places):
    depthwise, point = k * k * c_in, c_in * c_out
    return np.array([depthwise + point + c_in + c_out, places * depthwise + places * point])


def views_by_loops(image, k):
    C, H, W = image.shape
    views = np.empty((10, C, k, k))
    y, x = (H - k) // 2, (W - k) // 2
    corners = [(0, 0), (0, W - k), (H - k, 0), (H - k, W - k), (y, x)]
    for number, (row, column) in enumerate(corners):
        views[number] = image[:, row : row + k, column : column + k]
        views[number + 5] = np.flip(views[number], axis=2)
    return views


def views_of_the_mirror(image, k):
    _, H, W = image.shape
    y, x = (H - k) // 2, (W - k) // 2
    mirror = image[:, :, ::-1]
    rows, columns = (0, 0, H - k, H - k, y), (0, W - k, 0, W - k, x)
    found = [image[:, r : r + k, c : c + k] for r, c in zip(rows, columns, strict=True)]
    for r, c in zip(rows, columns, strict=True):
        found.append(mirror[:, r : r + k, W - k - c : W - c])
    return found


def dilated_by_a_loop(m, k):
    seen, dilation = 1, 1
    for _ in range(m):
        seen += (k - 1) * dilation
        dilation *= 2
    return seen


def unit_by_the_formula(dA, X):
    squared = (X * X).sum(axis=1)[:, None]
    return dA / squared**0.5 - X * np.einsum("nc,nc->n", dA, X)[:, None] / squared**1.5


def unit_by_jacobians(dA, X):
    r = np.sqrt((X**2).sum(1))
    A = X / r[:, None]
    J = (np.eye(X.shape[1]) - A[:, :, None] * A[:, None, :]) / r[:, None, None]
    return np.einsum("nj,nji->ni", dA, J)


def masked_by_where(dA, X, W1, W2):
    Z = X @ W1.T
    H = np.where(Z > 0, Z, 0)
    dS = np.where(X + H @ W2.T > 0, dA, 0)
    dZ = np.where(Z > 0, dS @ W2, 0)
    return dS + dZ @ W1, dZ.T @ X, dS.T @ H


def masked_by_examples(dA, X, W1, W2):
    dX, dW1, dW2 = np.zeros_like(X), np.zeros_like(W1), np.zeros_like(W2)
    for n, x in enumerate(X):
        z = W1 @ x
        h = np.maximum(z, 0)
        ds = dA[n] * (x + W2 @ h > 0)
        dz = (W2.T @ ds) * (z > 0)
        dX[n] = ds + W1.T @ dz
        dW1 += np.outer(dz, x)
        dW2 += np.outer(ds, h)
    return dX, dW1, dW2


def growth_by_columns(Ws, X):
    A = X.T
    for W1, W2 in Ws:
        H = W1 @ A
        S = A + W2 @ (H * (H > 0))
        A = S * (S > 0)
    return np.linalg.norm(A) ** 2 / np.linalg.norm(X) ** 2


def growth_by_recursion(Ws, X):
    def through(A, left):
        if not left:
            return A
        (W1, W2), *rest = left
        return through(np.clip(A + np.clip(A @ W1.T, 0, None) @ W2.T, 0, None), rest)

    return (through(X, list(Ws)) ** 2).sum() / (X**2).sum()


VARIANTS = {
    "deep-separable": [separable_by_rows, separable_summed],
    "deep-views": [views_by_loops, views_of_the_mirror],
    "deep-dropout": [
        lambda W, b, keep: (W * (1 / keep), b.copy()),
        lambda W, b, keep: [np.divide(W, keep), b + 0],
    ],
    "deep-dilated": [
        dilated_by_a_loop,
        lambda m, k: 1 + sum((k - 1) * 2**layer for layer in range(m)),
    ],
    "deep-unit": [unit_by_the_formula, unit_by_jacobians],
    "deep-relu-bug": [masked_by_where, masked_by_examples],
    "deep-growth": [growth_by_columns, growth_by_recursion],
    "deep-design": [
        lambda: [12, "pool", 16, "pool", 24, "pool", 24, 24],
        lambda: (8, "pool", 16, "pool", 24, "pool", 24, 32),
    ],
}
