"""Right answers of chapter 15 in other styles."""

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dlcore.layers import conv2d_forward


def inputs_by_trying(out, k, s, p):
    fits = [n for n in range(1, 2000) if n + 2 * p >= k and (n + 2 * p - k) // s + 1 == out]
    return min(fits), max(fits)


def layer_by_dlcore(X, W, b, s, p):
    return conv2d_forward(X[None], W, b, stride=s, padding=p)[0][0]


def layer_by_windows(X, W, b, s, p):
    padded = np.pad(X, ((0, 0), (p, p), (p, p)))
    seen = sliding_window_view(padded, W.shape[2:], axis=(1, 2))[:, ::s, ::s]
    return np.einsum("cuvij,fcij->fuv", seen, W) + b[:, None, None]


def one_kernel_by_loops(A, B, s):
    kernel = np.zeros((len(A) - 1) * s + len(B))
    for i, j in itertools.product(range(len(A)), range(len(B))):
        kernel[i * s + j] += A[i] * B[j]
    return kernel


def one_kernel_by_trying(A, B, s):
    size = (len(A) - 1) * s + len(B)
    first = [np.correlate(e, B, mode="valid")[::s] for e in np.eye(size)]
    return np.array([A @ z[: len(A)] for z in first])


def groups_by_shares(C, k, share):
    divisors = [G for G in range(1, C + 1) if C % G == 0 and 1 / G + 1 / k**2 <= share]
    return min(divisors, default=0)


def groups_counted_down(C, k, share):
    best = 0
    for G in range(C, 0, -1):
        if C % G == 0 and C * (C // G) * k**2 + C**2 <= share * C**2 * k**2:
            best = G
    return best


def spread_by_powers(k, depth):
    share = np.ones(1)
    for _ in range(depth):
        share = np.convolve(share, np.full(k, 1 / k))
    x = np.arange(share.size)
    return np.sqrt(share @ x**2 - (share @ x) ** 2)


def shared_by_diagonals(M):
    n = len(M)
    means = [np.mean([M[u, (u + m) % n] for u in range(n)]) for m in range(n)]
    return np.array([[means[(y - u) % n] for y in range(n)] for u in range(n)])


def shared_by_matrices(M):
    T = np.roll(np.eye(len(M)), 1, axis=0)
    powers = [np.linalg.matrix_power(T, a) for a in range(len(M))]
    return np.mean([P.T @ M @ P for P in powers], axis=0)


VARIANTS = {
    "conv-inverse": [
        inputs_by_trying,
        lambda out, k, s, p: ((out - 1) * s + k - 2 * p, out * s + k - 2 * p - 1),
    ],
    "conv-bug": [layer_by_dlcore, layer_by_windows],
    "conv-compose": [one_kernel_by_loops, one_kernel_by_trying],
    "conv-groups": [groups_by_shares, groups_counted_down],
    "conv-paths": [spread_by_powers, lambda k, depth: (depth * (k * k - 1) / 12) ** 0.5],
    "conv-see": [
        lambda: [(3, 1, d) for d in (27, 9, 3, 1)],
        lambda: [[3, 1, 9], [3, 1, 1], [3, 1, 27], [3, 1, 3]],
    ],
    "conv-equivariant": [shared_by_diagonals, shared_by_matrices],
}
