"""Right answers of chapter 06 in other styles."""

import numpy as np

from dlcore.activations import sigmoid


def leaky_masked(dA, A, alpha):
    dZ = dA.copy()
    dZ[A <= 0] *= alpha
    return dZ


def prelu_by_loops(dA, Z):
    out = np.zeros(Z.shape[1])
    for n, c, y, x in np.ndindex(Z.shape):
        if Z[n, c, y, x] < 0:
            out[c] += dA[n, c, y, x] * Z[n, c, y, x]
    return out


def elu_masked(z, alpha):
    a = z.copy()
    left = z < 0
    a[left] = alpha * np.expm1(z[left])
    return a


def curvature_by_terms(Z):
    g = sigmoid(Z)
    slope = g * (1 - g)
    return 2 * slope + Z * slope * (1 - 2 * g)


def curvature_with_tanh(Z):
    t = np.tanh(Z / 2)
    return (1 - t**2) / 4 * (2 - Z * t)


def dead_kept(batches, W, b):
    dead = np.ones(len(W), dtype=bool)
    for X in batches:
        dead &= (X @ W.T + b).max(axis=0) <= 0
    return dead


def killing_rate_by_rows(X, w, b, dA):
    dw, db = np.zeros_like(w), 0.0
    for x, d in zip(X, dA, strict=True):
        if x @ w + b > 0:
            dw += d * x
            db += d
    rates = [0.0]
    for x in X:
        score = x @ w + b
        if score > 0:
            rates.append(score / (x @ dw + db))
    return max(rates)


def killing_rate_by_gram(X, w, b, dA):
    z = X @ w + b
    fall = (1 + X @ X.T) @ np.where(z > 0, dA, 0)
    return max(0.0, *(z[n] / fall[n] for n in range(len(z)) if z[n] > 0), 0.0)


def one_winner_by_loops(dA, Z):
    dZ = np.zeros_like(Z)
    for n, i in np.ndindex(dA.shape):
        best = 0
        for j in range(1, Z.shape[2]):
            if Z[n, i, j] > Z[n, i, best]:
                best = j
        dZ[n, i, best] = dA[n, i]
    return dZ


def one_winner_put(dA, Z):
    dZ = np.zeros_like(Z)
    np.put_along_axis(dZ, Z.argmax(axis=2)[..., None], dA[..., None], axis=2)
    return dZ


def smooth_leak(z):
    return 0.25 * z + 0.75 * np.logaddexp(0, 30 * z) / 30 - 0.75 * 0.3997


def born_dead_by_layers(nets, X):
    count = 0
    for Ws in nets:
        A = X
        for W in Ws:
            A = (A @ W.T).clip(min=0)
            if not A.any():
                count += 1
                break
    return count / len(nets)


def born_dead_in_columns(nets, X):
    dead = []
    for Ws in nets:
        A = X.T
        for W in Ws:
            Z = W @ A
            A = np.where(Z > 0, Z, 0)
        dead.append(A.sum() == 0)
    return np.mean(dead)


VARIANTS = {
    "leaky-backward": [leaky_masked, lambda dA, A, alpha: dA * np.where(A > 0, 1, alpha)],
    "prelu-slope": [
        prelu_by_loops,
        lambda dA, Z: np.einsum("nchw,nchw->c", dA, np.where(Z > 0, 0, Z)),
    ],
    "stable-elu": [
        elu_masked,
        lambda z, alpha: np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0)),
    ],
    "silu-backward": [curvature_by_terms, curvature_with_tanh],
    "dead-units": [
        dead_kept,
        lambda batches, W, b: ~np.any(np.concatenate(batches) @ W.T + b > 0, axis=0),
        lambda batches, W, b: np.maximum(np.concatenate(batches) @ W.T + b, 0).sum(axis=0) == 0,
    ],
    "killing-rate": [killing_rate_by_rows, killing_rate_by_gram],
    "maxout-bug": [one_winner_by_loops, one_winner_put],
    "born-dead": [born_dead_by_layers, born_dead_in_columns],
    "own-nonlinearity": [
        lambda z: np.maximum(z, 0.15 * z) - 0.85 / np.sqrt(2 * np.pi),
        smooth_leak,
    ],
}
