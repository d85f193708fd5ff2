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


def fold_by_units(gamma, beta, mean, var, eps, W, b):
    W2, b2 = np.empty_like(W), b.copy()
    for j in range(len(gamma)):
        s = gamma[j] / (var[j] + eps) ** 0.5
        W2[:, j] = s * W[:, j]
        b2 += W[:, j] * (beta[j] - s * mean[j])
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


def merge_by_mean_squares(n1, mean1, var1, n2, mean2, var2):
    share = n1 / (n1 + n2)
    mean = share * mean1 + (1 - share) * mean2
    square = share * (var1 + mean1**2) + (1 - share) * (var2 + mean2**2)
    return mean, square - mean**2


def merge_by_distance(n1, mean1, var1, n2, mean2, var2):
    n, apart = n1 + n2, mean2 - mean1
    return mean1 + apart * n2 / n, (n1 * var1 + n2 * var2) / n + n1 * n2 / n**2 * apart**2


def settle_by_steps(rate, lam, size):
    length = 1.0
    for _ in range(20_000):
        length = np.sqrt(((1 - rate * lam) * length) ** 2 + (rate * size / length) ** 2)
    return length


def whiten_with_cholesky(X):
    centered = X - X.mean(axis=0)
    L = np.linalg.cholesky(centered.T @ centered / len(X))
    return np.linalg.solve(L, centered.T).T


def whiten_with_singular_values(X):
    U, _, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return U * np.sqrt(len(X))


def shrunk_by_added_variance(a, p):
    added = (1 - p) / p * np.mean(a * a)
    return (1 + added / np.var(a)) ** -0.5


def shrunk_by_outcomes(a, p):
    values = np.concatenate([a / p, np.zeros(len(a))])
    weights = np.concatenate([np.full(len(a), p), np.full(len(a), 1 - p)]) / len(a)
    mean = weights @ values
    return np.std(a) / np.sqrt(weights @ (values - mean) ** 2)


VARIANTS = {
    "bn-startup": [startup_by_recursion, startup_by_weights],
    "bn-fold": [
        fold_by_units,
        lambda gamma, beta, mean, var, eps, W, b: (
            W @ np.diag(gamma / np.sqrt(var + eps)),
            b + W @ beta - W @ (mean * gamma / np.sqrt(var + eps)),
        ),
    ],
    "bn-merge": [merge_by_mean_squares, merge_by_distance],
    "bn-frozen": [frozen_by_columns, frozen_einsum],
    "bn-images": [images_by_channels, images_as_rows],
    "bn-rms": [rms_with_jacobians, rms_in_one_line],
    "bn-settle": [
        settle_by_steps,
        lambda rate, lam, size: np.sqrt(size * np.sqrt(rate / (lam * (2 - rate * lam)))),
    ],
    "bn-whiten": [whiten_with_cholesky, whiten_with_singular_values],
    "bn-dropout": [shrunk_by_added_variance, shrunk_by_outcomes],
}
