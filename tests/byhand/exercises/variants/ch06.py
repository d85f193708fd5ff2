"""Right answers of chapter 06 in other styles."""

import numpy as np

from dlcore.activations import sigmoid


def leaky_masked(dA, Z, alpha):
    dZ = dA.copy()
    dZ[Z <= 0] *= alpha
    return dZ


def prelu_by_loops(dA, Z):
    out = np.zeros(Z.shape[1])
    for n, j in np.ndindex(Z.shape):
        if Z[n, j] < 0:
            out[j] += dA[n, j] * Z[n, j]
    return out


def elu_masked(z, alpha):
    a = z.copy()
    left = z < 0
    a[left] = alpha * np.expm1(z[left])
    return a


def silu_by_terms(dA, Z):
    g = sigmoid(Z)
    return dA * g + dA * Z * g * (1 - g)


def silu_symmetric(dA, Z):
    return dA * sigmoid(Z) * (1 + Z * sigmoid(-Z))


def killing_rate_by_rows(X, w, b, n, delta):
    rates = [0.0]
    for x in X:
        score = x @ w + b
        if score > 0:
            rates.append(score / (delta * (1 + X[n] @ x)))
    return max(rates)


VARIANTS = {
    "leaky-backward": [leaky_masked, lambda dA, Z, alpha: dA * np.where(Z > 0, 1, alpha)],
    "prelu-slope": [
        prelu_by_loops,
        lambda dA, Z: np.einsum("nc,nc->c", dA, np.where(Z > 0, 0, Z)),
    ],
    "stable-elu": [
        elu_masked,
        lambda z, alpha: np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0)),
    ],
    "silu-backward": [silu_by_terms, silu_symmetric],
    "dead-units": [
        lambda X, W, b: (X @ W.T + b).max(axis=0) <= 0,
        lambda X, W, b: np.array(
            [all(x @ w + c <= 0 for x in X) for w, c in zip(W, b, strict=True)]
        ),
        lambda X, W, b: np.maximum(X @ W.T + b, 0).sum(axis=0) == 0,
    ],
    "killing-rate": [
        killing_rate_by_rows,
        lambda X, w, b, n, delta: max(0.0, np.max((X @ w + b) / (delta + delta * (X @ X[n])))),
    ],
}
