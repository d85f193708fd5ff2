"""Right answers of chapter 15 in other styles."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def slide_four_loops(X, K, s):
    (H, W), (kH, kW) = X.shape, K.shape
    oH, oW = (H - kH) // s + 1, (W - kW) // s + 1
    Z = np.zeros((oH, oW))
    for u in range(oH):
        for v in range(oW):
            for i in range(kH):
                for j in range(kW):
                    Z[u, v] += K[i, j] * X[u * s + i, v * s + j]
    return Z


def matrix_by_trying(k, n, s, p):
    columns = [np.correlate(np.pad(e, p), k, mode="valid")[::s] for e in np.eye(n)]
    return np.stack(columns, axis=1)


def matrix_cut(k, n, s, p):
    rows = (n + 2 * p - len(k)) // s + 1
    M = np.zeros((rows, n + 2 * p))
    for u in range(rows):
        M[u, u * s : u * s + len(k)] = k
    return M[:, p : p + n]


def field_from_the_top(kernels, strides):
    r = 1
    for f, s in list(zip(kernels, strides, strict=True))[::-1]:
        r = (r - 1) * s + f
    return r


VARIANTS = {
    "conv-size": [
        lambda n, f, s, p: len(range(-p, n + p - f + 1, s)),
        lambda n, f, s, p: math.floor((n + 2 * p - f) / s) + 1,
    ],
    "conv-parameters": [
        lambda c_in, c_out, kH, kW: c_out * c_in * kH * kW + c_out,
        lambda c_in, c_out, kH, kW: np.zeros((c_out, c_in, kH, kW)).size + c_out,
    ],
    "conv-slide": [
        slide_four_loops,
        lambda X, K, s: np.einsum("uvij,ij->uv", sliding_window_view(X, K.shape)[::s, ::s], K),
    ],
    "conv-toeplitz": [matrix_by_trying, matrix_cut],
    "conv-field": [
        field_from_the_top,
        lambda kernels, strides: 1 + sum(
            (f - 1) * math.prod(strides[:i]) for i, f in enumerate(kernels)
        ),
    ],
}  # fmt: skip
