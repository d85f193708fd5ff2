"""Right answers of chapter 19 in other styles."""

import numpy as np


def macs_by_places(H, W, k, s, p, c_in, c_out):
    rows, columns = (len(range(0, n + 2 * p - k + 1, s)) for n in (H, W))
    return rows * columns * c_out * c_in * k**2


def lrn_by_loops(X, k, n, alpha, beta):
    A, half = np.empty_like(X), n // 2
    for i in range(X.shape[1]):
        total = (X[:, max(0, i - half) : i + half + 1] ** 2).sum(axis=1)
        A[:, i] = X[:, i] / (k + alpha * total) ** beta
    return A


def band(C, n):
    i = np.arange(C)
    return (abs(i[:, None] - i) <= (n - 1) // 2) * 1.0


def lrn_by_a_band(X, k, n, alpha, beta):
    return X * (k + alpha * (X**2 @ band(X.shape[1], n))) ** -beta


def lrn_back_by_a_band(dA, X, k, n, alpha, beta):
    B = band(X.shape[1], n)
    D = k + alpha * X**2 @ B
    return dA / D**beta - 2 * alpha * beta * X * ((dA * X / D ** (beta + 1)) @ B)


def lrn_back_by_loops(dA, X, k, n, alpha, beta):
    dX, half = np.zeros_like(X), n // 2
    for e in range(len(X)):
        D = [k + alpha * sum(X[e, max(0, i - half) : i + half + 1] ** 2) for i in range(X.shape[1])]
        for i in range(X.shape[1]):
            for j in range(max(0, i - half), min(X.shape[1], i + half + 1)):
                slope = -2 * alpha * beta * X[e, i] * X[e, j] * D[i] ** (-beta - 1)
                dX[e, j] += dA[e, i] * (slope + (i == j) * D[i] ** -beta)
    return dX


def residual_by_examples(dY, X, W):
    dX, dW = dY.copy(), np.zeros_like(W)
    for n, x in enumerate(X):
        gate = W @ x > 0
        dX[n] += W.T @ (dY[n] * gate)
        dW += np.outer(dY[n] * gate, x)
    return dX, dW


def residual_einsum(dY, X, W):
    dZ = np.where(np.einsum("nd,id->ni", X, W) > 0, dY, 0)
    return dY + np.einsum("ni,ij->nj", dZ, W), np.einsum("ni,nj->ij", dZ, X)


VARIANTS = {
    "deep-parameters": [
        lambda k, c_in, c_out, groups: c_out * (c_in // groups) * k * k + c_out,
        lambda k, c_in, c_out, groups: groups * (c_out // groups) * (1 + k * k * c_in // groups),
    ],
    "deep-macs": [
        macs_by_places,
        lambda H, W, k, s, p, c_in, c_out: (
            (1 + (H + 2 * p - k) // s) * (1 + (W + 2 * p - k) // s) * c_in * c_out * k * k
        ),
    ],
    "lrn": [lrn_by_loops, lrn_by_a_band],
    "lrn-backward": [lrn_back_by_a_band, lrn_back_by_loops],
    "residual-backward": [residual_by_examples, residual_einsum],
}
