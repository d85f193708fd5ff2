"""Right answers of chapter 17 in other styles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dlcore.layers import maxpool2d_backward, maxpool2d_forward


def minpool_by_windows(X, dA, k, s):
    A = sliding_window_view(X, (k, k), axis=(2, 3))[:, :, ::s, ::s].min(axis=(4, 5))
    dX = np.zeros_like(X)
    for n, c, u, v in np.ndindex(A.shape):
        window = X[n, c, u * s : u * s + k, v * s : v * s + k]
        i, j = np.unravel_index(window.argmin(), window.shape)
        dX[n, c, u * s + i, v * s + j] += dA[n, c, u, v]
    return A, dX


def minpool_shifted(X, dA, k, s):
    top = X.max() + 1
    largest, cache = maxpool2d_forward(top - X, size=k, stride=s)
    return top - largest, maxpool2d_backward(dA, cache)


def backward_by_dlcore(dA, X, k, s, p):
    _, cache = maxpool2d_forward(X[None, None], size=k, stride=s, padding=p)
    return maxpool2d_backward(dA[None, None], cache)[0, 0]


def backward_by_clipping(dA, X, k, s, p):
    dX = np.zeros(X.shape)
    for (u, v), d in np.ndenumerate(dA):
        top, left = max(0, u * s - p), max(0, v * s - p)
        window = X[top : max(0, u * s - p + k), left : max(0, v * s - p + k)]
        i, j = divmod(int(window.argmax()), window.shape[1])
        dX[top + i, left + j] += d
    return dX


def power_by_the_chain_rule(x, q, da):
    mean = np.sum(x**q) / x.size
    return da * (1 / q) * mean ** (1 / q - 1) * q * x ** (q - 1) / x.size


def one_pool_by_pixels(k1, s1, k2, s2):
    first = {u * s1 + i for u in range(k2) for i in range(k1)}
    second = {(s2 + u) * s1 + i for u in range(k2) for i in range(k1)}
    return len(first), min(second) - min(first)


def tied_by_sorting(Z, k):
    A = np.maximum(Z, 0)
    windows = sliding_window_view(A, (k, k))[::k, ::k].reshape(-1, k * k)
    ordered = np.sort(windows, axis=1)
    return np.mean(ordered[:, -1] == ordered[:, -2])


VARIANTS = {
    "pool-min": [minpool_by_windows, minpool_shifted],
    "pool-bug": [backward_by_dlcore, backward_by_clipping],
    "pool-power": [
        power_by_the_chain_rule,
        lambda x, q, da: da * x ** (q - 1) / np.mean(x**q) ** (1 - 1 / q) / len(x),
    ],
    "pool-twice": [one_pool_by_pixels, lambda k1, s1, k2, s2: (k1 + k2 * s1 - s1, s2 * s1)],
    "pool-ties": [
        tied_by_sorting,
        lambda Z, k: np.mean([
            np.unique(w, return_counts=True)[1][-1] > 1
            for w in sliding_window_view(np.maximum(Z, 0), (k, k))[::k, ::k].reshape(-1, k * k)
        ]),
    ],
    "pool-test": [
        lambda: (np.array([0.0, 1.0, 1.0]), np.array([1.0, 2.0])),
        lambda: ([1, 2, 2], [3, -1]),
    ],
}  # fmt: skip
