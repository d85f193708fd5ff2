"""Right answers of chapter 17 in other styles."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def maxpool_by_loops(X, k, s):
    rows = range(0, X.shape[0] - k + 1, s)
    columns = range(0, X.shape[1] - k + 1, s)
    return np.array([[max(X[m : m + k, n : n + k].flat) for n in columns] for m in rows])


def backward_by_argmax(dA, X, k, s):
    dX = np.zeros(X.shape)
    for y, x in np.ndindex(dA.shape):
        i, j = divmod(int(X[y * s : y * s + k, x * s : x * s + k].argmax()), k)
        dX[y * s + i, x * s + j] += dA[y, x]
    return dX


def backward_by_search(dA, X, k, s):
    dX = np.zeros_like(X)
    for (y, x), d in np.ndenumerate(dA):
        window = X[y * s : y * s + k, x * s : x * s + k]
        i, j = np.argwhere(window == window.max())[0]
        dX[y * s : y * s + k, x * s : x * s + k][i, j] += d
    return dX


def limits_with_floats(m, k, s, out):
    return max(math.ceil((m - k + 1) / s), 0), min(math.floor(m / s), out - 1)


def limits_rounded_up(m, k, s, out):
    return max(0, (m - k + s) // s), min(m // s, out - 1)


def average_by_pixels(dA, H, W, k, s):
    dX = np.zeros((H, W))
    for m, n in np.ndindex(H, W):
        for y, x in np.ndindex(dA.shape):
            if y * s <= m < y * s + k and x * s <= n < x * s + k:
                dX[m, n] += dA[y, x] / k / k
    return dX


def average_by_matrices(dA, H, W, k, s):
    def holds(size, out):
        starts = s * np.arange(out)[:, None]
        return (starts <= np.arange(size)) & (np.arange(size) < starts + k)

    return holds(H, dA.shape[0]).T @ (dA / k**2) @ holds(W, dA.shape[1])


VARIANTS = {
    "pool-size": [
        lambda n, k, s, p: len(range(0, n + 2 * p - k + 1, s)),
        lambda n, k, s, p: (n + 2 * p - k + s) // s,
    ],
    "maxpool": [
        maxpool_by_loops,
        lambda X, k, s: sliding_window_view(X, (k, k))[::s, ::s].max(axis=(2, 3)),
    ],
    "maxpool-backward": [backward_by_argmax, backward_by_search],
    "pool-limits": [limits_with_floats, limits_rounded_up],
    "avgpool-backward": [average_by_pixels, average_by_matrices],
}
