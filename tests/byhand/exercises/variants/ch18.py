"""Right answers of chapter 18 in other styles."""

import numpy as np


def counts_by_loops(reads, k, side):
    parameters = 0
    for row in reads:
        parameters += 1
        for mark in row:
            if mark:
                parameters += k * k
    return parameters, parameters * side * side


def subsample_by_windows(dZ, X, w):
    dX, dw, db = np.zeros_like(X), 0.0, 0.0
    for u, v in np.ndindex(dZ.shape):
        dX[2 * u : 2 * u + 2, 2 * v : 2 * v + 2] = w * dZ[u, v]
        dw += dZ[u, v] * X[2 * u : 2 * u + 2, 2 * v : 2 * v + 2].sum()
        db += dZ[u, v]
    return dX, dw, db


def subsample_by_kron(dZ, X, w):
    copies = np.kron(dZ, np.ones((2, 2)))
    return w * copies, np.sum(copies * X), copies.sum() / 4


def rbf_by_differences(dY, X, W):
    D = X[:, None] - W
    return 2 * np.einsum("nc,ncd->nd", dY, D), -2 * np.einsum("nc,ncd->cd", dY, D)


def rbf_by_products(dY, X, W):
    dX = 2 * (dY.sum(axis=1)[:, None] * X - dY @ W)
    return dX, 2 * (dY.sum(axis=0)[:, None] * W - dY.T @ X)


def loss_with_one_class_more(y, t, j):
    scores = -np.append(y, j)
    logs = scores - np.logaddexp.reduce(scores)
    dy = -np.exp(logs)[:-1]
    dy[t] += 1
    return -logs[t], dy


def loss_shifted(y, t, j):
    top = max(-y.min(), -j)
    powers = np.exp(-y - top)
    total = powers.sum() + np.exp(-j - top)
    return y[t] + top + np.log(total), np.eye(len(y))[t] - powers / total


VARIANTS = {
    "lenet-counts": [
        counts_by_loops,
        lambda reads, k, side: tuple(
            n * (reads.sum() * k**2 + reads.shape[0]) for n in (1, side**2)
        ),
    ],
    "lenet-subsample": [subsample_by_windows, subsample_by_kron],
    "lenet-rbf": [rbf_by_differences, rbf_by_products],
    "lenet-loss": [loss_with_one_class_more, loss_shifted],
    "lenet-affine": [
        lambda codes: (codes + codes, -np.einsum("cd,cd->c", codes, codes)),
        lambda codes: (2.0 * codes, np.array([-(code @ code) for code in codes])),
    ],
}
