"""Right answers of chapter 05 in other styles."""

import numpy as np


def affine_relu_by_examples(dA, X, W, A):
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros(len(W))
    for n in range(len(X)):
        for i in range(len(W)):
            if A[n, i] > 0:
                dX[n] += dA[n, i] * W[i]
                dW[i] += dA[n, i] * X[n]
                db[i] += dA[n, i]
    return dX, dW, db


def affine_relu_einsum(dA, X, W, A):
    dZ = np.where(A > 0, dA, 0.0)
    return np.einsum("ni,ij->nj", dZ, W), np.einsum("ni,nj->ij", dZ, X), np.ones(len(X)) @ dZ


def errors_in_rows(da, z1, z2, z3, W2, W3):
    delta3 = da / np.cosh(z3) ** 2
    delta2 = (delta3 @ W3) / np.cosh(z2) ** 2
    return (delta2 @ W2) / np.cosh(z1) ** 2, delta2, delta3


def errors_with_jacobians(da, z1, z2, z3, W2, W3):
    D1, D2, D3 = (np.diag(1 - np.tanh(z) ** 2) for z in (z1, z2, z3))
    delta3 = D3 @ da
    delta2 = D2 @ W3.T @ delta3
    return D1 @ W2.T @ delta2, delta2, delta3


def scale_by_columns(dY, X, gamma):
    dX, dgamma, dbeta = np.empty_like(X), np.empty_like(gamma), np.empty_like(gamma)
    for i in range(len(gamma)):
        dX[:, i] = gamma[i] * dY[:, i]
        dgamma[i] = X[:, i] @ dY[:, i]
        dbeta[i] = sum(dY[:, i])
    return dX, dgamma, dbeta


def scale_einsum(dY, X, gamma):
    return dY @ np.diag(gamma), np.einsum("ni,ni->i", dY, X), np.einsum("ni->i", dY)


def softmax_with_jacobians(dP, P):
    return np.array([(np.diag(p) - np.outer(p, p)) @ d for p, d in zip(P, dP, strict=True)])


def softmax_einsum(dP, P):
    return P * dP - np.einsum("ni,nj,nj->ni", P, P, dP)


def network_by_examples(X, Y, W1, b1, W2, b2):
    J, grads = 0.0, [np.zeros_like(p) for p in (W1, b1, W2, b2)]
    for x, y in zip(X, Y, strict=True):
        z1 = W1 @ x + b1
        a1 = np.maximum(z1, 0)
        e = W2 @ a1 + b2 - y
        J += e @ e / (2 * len(X))
        d2 = e / len(X)
        d1 = W2.T @ d2 * (z1 > 0)
        for total, part in zip(grads, (np.outer(d1, x), d1, np.outer(d2, a1), d2), strict=True):
            total += part
    return J, *grads


def network_in_columns(X, Y, W1, b1, W2, b2):
    X, Y, N = X.T, Y.T, len(X)
    A1 = np.maximum(W1 @ X + b1[:, None], 0)
    E = W2 @ A1 + b2[:, None] - Y
    D2 = E / N
    D1 = np.where(A1 > 0, W2.T @ D2, 0)
    return 0.5 * np.sum(E**2) / N, D1 @ X.T, D1.sum(axis=1), D2 @ A1.T, D2.sum(axis=1)


VARIANTS = {
    "affine-relu": [affine_relu_by_examples, affine_relu_einsum],
    "errors": [errors_in_rows, errors_with_jacobians],
    "scale": [scale_by_columns, scale_einsum],
    "softmax-layer": [softmax_with_jacobians, softmax_einsum],
    "bytes": [lambda: 122_880_000_000, lambda: 1.2288e11],
    "two-layer-network": [network_by_examples, network_in_columns],
}
