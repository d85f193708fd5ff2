"""Right answers of chapter 18 in other styles."""

import itertools

import numpy as np


def counts_by_loops(reads, k, n, s):
    parameters = 0
    for row in reads:
        parameters += 1
        for mark in row:
            if mark:
                parameters += k * k
    places = len(range(0, n - k + 1, s))
    return parameters, parameters * places * places


def subsample_by_windows(dA, X, w, b):
    dX, dw, db = np.zeros_like(X), 0.0, 0.0
    for u, v in np.ndindex(dA.shape):
        window = (slice(2 * u, 2 * u + 2), slice(2 * v, 2 * v + 2))
        T = X[window].sum()
        delta = dA[u, v] * 1.7159 * (2 / 3) / np.cosh(2 / 3 * (w * T + b)) ** 2
        dX[window] = w * delta
        dw += delta * T
        db += delta
    return dX, dw, db


def subsample_by_kron(dA, X, w, b):
    T = X[::2, ::2] + X[1::2, ::2] + X[::2, 1::2] + X[1::2, 1::2]
    A = 1.7159 * np.tanh(2 * (w * T + b) / 3)
    dZ = dA * 2 / 3 * (1.7159 - A**2 / 1.7159)
    return w * np.kron(dZ, np.ones((2, 2))), np.vdot(dZ, T), dZ.sum()


def rbf_by_differences(G, A, W):
    D = A[:, None] - W
    return 2 * np.einsum("nc,ncd->nd", G, D), -2 * np.einsum("nc,ncd->cd", G, D)


def rbf_by_products(G, A, W):
    dA = 2 * (G.sum(axis=1)[:, None] * A - G @ W)
    return dA, 2 * (G.sum(axis=0)[:, None] * W - G.T @ A)


def loss_with_one_class_more(d, t, r):
    scores = -np.append(d, r)
    logs = scores - np.logaddexp.reduce(scores)
    dd = -np.exp(logs)[:-1]
    dd[t] += 1
    return -logs[t], dd


def loss_shifted(d, t, r):
    top = max(-d.min(), -r)
    powers = np.exp(-d - top)
    total = powers.sum() + np.exp(-r - top)
    return d[t] + top + np.log(total), np.eye(len(d))[t] - powers / total


def codes_by_loops(W, b):
    q = [b[i] + np.dot(W[i], W[i]) / 4 for i in range(len(b))]
    return np.array([[*(row / 2), np.sqrt(max(q) - own)] for row, own in zip(W, q, strict=True)])


def codes_from_halves(W, b):
    half = 0.5 * W
    missing = b + np.einsum("cd,cd->c", half, half)
    return np.hstack([half, np.sqrt(missing.max() - missing)[:, None]])


def table_of_threes():
    dropped = [{0, 1, 3}, {0, 2, 4}, {1, 2, 5}, {3, 4, 5}]
    sets = [set(three) for three in itertools.combinations(range(6), 3)]
    return [[c in three for c in range(6)] for three in sets if three not in dropped]


def table_by_search():
    threes = np.array([np.bincount(t, minlength=6) for t in itertools.combinations(range(6), 3)])
    for left in itertools.combinations(range(20), 4):
        table = np.delete(threes, left, axis=0)
        if (table.T @ table)[np.triu_indices(6, 1)].min() >= 3:
            return table
    return None


def wider_by_lists(width):
    def connections(columns):
        c1 = columns - 4
        c3 = c1 // 2 - 4
        c5 = c3 // 2 - 4
        uses = [156, 30, 1516, 80, 48_120 + 10_164 + 840]
        return np.dot(uses, [28 * c1, 14 * (c1 // 2), 10 * c3, 5 * (c3 // 2), c5])

    return connections(width) / connections(32)


VARIANTS = {
    "lenet-counts": [
        counts_by_loops,
        lambda reads, k, n, s: tuple(
            m * (reads.sum() * k**2 + reads.shape[0]) for m in (1, ((n - k + s) // s) ** 2)
        ),
    ],
    "lenet-subsample": [subsample_by_windows, subsample_by_kron],
    "lenet-rbf": [rbf_by_differences, rbf_by_products],
    "lenet-pull": [
        lambda d, r: 1 - np.exp(-d) / (np.exp(-r) + np.exp(-d)),
        lambda d, r: 0.5 + 0.5 * np.tanh((d - r) / 2),
    ],
    "lenet-loss": [loss_with_one_class_more, loss_shifted],
    "lenet-affine": [codes_by_loops, codes_from_halves],
    "lenet-table": [table_of_threes(), table_by_search()],
    "lenet-wider": [
        wider_by_lists,
        lambda width: (
            (4368 * (width - 4) + 420 * (width // 2 - 2) + 15_160 * (width // 2 - 6)
             + 400 * (width // 4 - 3) + 59_124 * (width // 4 - 7)) / 340_908
        ),
    ],
}  # fmt: skip
