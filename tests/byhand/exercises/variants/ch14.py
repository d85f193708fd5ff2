"""Right answers of chapter 14 in other styles."""

import numpy as np


def startup_by_recursion(variances, decay):
    average = np.zeros(variances.shape[1])
    for variance in variances:
        average = decay * average + (1 - decay) * variance
    return average / (1 - decay ** len(variances))


def startup_by_weights(variances, decay):
    weights = decay ** np.arange(len(variances))[::-1]
    return weights @ variances / weights.sum()


def fold_by_units(W, b, gamma, beta, mean, var, eps):
    W2, b2 = np.empty_like(W), np.empty_like(b)
    for i in range(len(b)):
        s = gamma[i] / (var[i] + eps) ** 0.5
        W2[i] = s * W[i]
        b2[i] = s * b[i] - s * mean[i] + beta[i]
    return W2, b2


def frozen_by_columns(dZ, X, gamma, mean, var, eps):
    dX, dgamma, dbeta = np.empty_like(X), np.empty_like(gamma), np.empty_like(gamma)
    for j in range(X.shape[1]):
        std = np.sqrt(var[j] + eps)
        dX[:, j] = dZ[:, j] * gamma[j] / std
        dgamma[j] = dZ[:, j] @ (X[:, j] - mean[j]) / std
        dbeta[j] = sum(dZ[:, j])
    return dX, dgamma, dbeta


def frozen_einsum(dZ, X, gamma, mean, var, eps):
    inverse = (var + eps) ** -0.5
    dgamma = np.einsum("nd,nd->d", dZ, X) - mean * dZ.sum(axis=0)
    return dZ * (gamma * inverse), dgamma * inverse, dZ.sum(axis=0)


def images_by_channels(dY, X_hat, gamma, std):
    dX = np.empty_like(dY)
    for c in range(dY.shape[1]):
        d, x = dY[:, c], X_hat[:, c]
        dX[:, c] = gamma[c] / std[c] * (d - d.mean() - x * (d * x).mean())
    return dX


def images_as_rows(dY, X_hat, gamma, std):
    N, C, H, W = dY.shape
    D, X = (a.transpose(0, 2, 3, 1).reshape(-1, C) for a in (dY, X_hat))
    dX = gamma / std / len(D) * (len(D) * D - D.sum(0) - X * (D * X).sum(0))
    return dX.reshape(N, H, W, C).transpose(0, 3, 1, 2)


def rms_with_jacobians(dY, X, eps):
    dX = np.empty_like(X)
    for i, (d, x) in enumerate(zip(dY, X, strict=True)):
        r = np.sqrt(np.mean(x**2) + eps)
        J = np.eye(len(x)) / r - np.outer(x, x) / (len(x) * r**3)
        dX[i] = d @ J
    return dX


def rms_in_one_line(dY, X, eps):
    r2 = (X * X).mean(1, keepdims=True) + eps
    return dY * r2**-0.5 - X * (dY * X).mean(1, keepdims=True) * r2**-1.5


VARIANTS = {
    "bn-startup": [startup_by_recursion, startup_by_weights],
    "bn-fold": [
        fold_by_units,
        lambda W, b, gamma, beta, mean, var, eps: (
            np.diag(gamma / np.sqrt(var + eps)) @ W,
            beta + (b - mean) * gamma / np.sqrt(var + eps),
        ),
    ],
    "bn-frozen": [frozen_by_columns, frozen_einsum],
    "bn-images": [images_by_channels, images_as_rows],
    "bn-rms": [rms_with_jacobians, rms_in_one_line],
}
