"""Right answers of chapter 05 in other styles."""

import numpy as np

from dlcore import losses, training
from dlcore.layers import Affine, Sigmoid, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent


def twice_by_examples(dA2, X, W, A1, A2):
    dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros(len(W))
    for n in range(len(X)):
        d = dA2[n]
        for a, read in ((A2[n], A1[n]), (A1[n], X[n])):  # the upper use, then the lower
            d = np.where(a > 0, d, 0.0)
            dW += np.outer(d, read)
            db += d
            d = W.T @ d
        dX[n] = d
    return dX, dW, db


def twice_stacked(dA2, X, W, A1, A2):
    dZ2 = np.sign(A2) * dA2
    dZ1 = np.sign(A1) * np.einsum("ni,ij->nj", dZ2, W)
    both = np.concatenate([dZ2, dZ1])
    return np.einsum("ni,ij->nj", dZ1, W), both.T @ np.concatenate([A1, X]), both.sum(axis=0)


def errors_in_rows(da, z1, z2, z3, W2, W3, V):
    delta3 = da / np.cosh(z3) ** 2
    delta2 = (delta3 @ W3) / np.cosh(z2) ** 2
    return (delta2 @ W2 + delta3 @ V) / np.cosh(z1) ** 2, delta2, delta3


def errors_with_one_matrix(da, z1, z2, z3, W2, W3, V):
    D1, D2, D3 = (np.diag(1 - np.tanh(z) ** 2) for z in (z1, z2, z3))
    delta3 = D3 @ da
    J = (W3 @ D2 @ W2 + V) @ D1  # of z3 by z1, both ways at once
    return J.T @ delta3, D2 @ W3.T @ delta3, delta3


def scale_by_columns(dY, X, gamma):
    dX, dgamma, dbeta = np.empty_like(X), np.empty_like(gamma), np.empty_like(gamma)
    for i in range(len(gamma)):
        dX[:, i] = gamma[i] * dY[:, i]
        dgamma[i] = X[:, i] @ dY[:, i]
        dbeta[i] = sum(dY[:, i])
    return dX, dgamma, dbeta


def scale_einsum(dY, X, gamma):
    return dY @ np.diag(gamma), np.einsum("ni,ni->i", dY, X), np.einsum("ni->i", dY)


def log_softmax_with_jacobians(dA, A):
    identity = np.eye(A.shape[1])
    return np.array([d @ (identity - np.exp(a)) for d, a in zip(dA, A, strict=True)])


def log_softmax_einsum(dA, A):
    return dA - np.einsum("nj,ni->nj", np.exp(A), dA)


def tanh_by_examples(X, A1, A2, A3, Y, W2, W3):
    dW1, dW2, dW3 = np.zeros((A1.shape[1], X.shape[1])), np.zeros_like(W2), np.zeros_like(W3)
    for x, a1, a2, a3, y in zip(X, A1, A2, A3, Y, strict=True):
        d3 = (a3 - y) * (1 - a3 * a3) / len(X)
        d2 = (1 - a2 * a2) * (W3.T @ d3)
        d1 = (1 - a1 * a1) * (W2.T @ d2)
        dW1 += np.outer(d1, x)
        dW2 += np.outer(d2, a1)
        dW3 += np.outer(d3, a2)
    return dW1, dW2, dW3


def tanh_einsum(X, A1, A2, A3, Y, W2, W3):
    N = len(X)
    D3 = np.where(np.abs(A3) < 2, (A3 - Y) * (1 + A3) * (1 - A3), 0)
    D2 = np.einsum("ni,ij->nj", D3, W3) * (1 - A2**2)
    D1 = np.einsum("ni,ij->nj", D2, W2) * (1 - A1**2)
    pairs = ((D1, X), (D2, A1), (D3, A2))
    return [np.einsum("ni,nj->ij", D, A) / N for D, A in pairs]


def fade_recursive(delta, zs, Ws):
    def down(d, level):
        if level < 0:
            return d
        return down((d @ Ws[level]) / np.cosh(zs[level]) ** 2, level - 1)

    return np.sqrt(np.sum(down(delta, len(Ws) - 1) ** 2) / np.sum(delta**2))


def fade_by_one_matrix(delta, zs, Ws):
    J = np.eye(len(delta))
    for z, W in zip(reversed(zs), reversed(Ws), strict=True):
        J = J @ W @ np.diag(1 - np.tanh(z) ** 2)
    return np.linalg.norm(delta @ J) / np.linalg.norm(delta)


def reader_with_sigmoids(X, Y):
    net = Sequential(fc1=Affine(64, 6), s=Sigmoid(), fc2=Affine(6, 10))
    params, _ = training.fit(
        net, net.init(np.random.default_rng(1)), X, Y.argmax(axis=1), epochs=90, batch_size=10,
        loss=losses.softmax_cross_entropy, optimizer=GradientDescent(1.0),
        rng=np.random.default_rng(1), progress=False,
    )  # fmt: skip
    return net, params


def reader_with_another_start(X, Y):
    net = Sequential(fc1=Affine(64, 6), t=Tanh(), fc2=Affine(6, 10))
    params, _ = training.fit(
        net, net.init(np.random.default_rng(7)), X, Y.argmax(axis=1), epochs=80, batch_size=25,
        loss=losses.softmax_cross_entropy, optimizer=GradientDescent(0.7),
        rng=np.random.default_rng(7), progress=False,
    )  # fmt: skip
    return [net, params]


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
    "affine-relu": [twice_by_examples, twice_stacked],
    "errors": [errors_in_rows, errors_with_one_matrix],
    "scale": [scale_by_columns, scale_einsum],
    "softmax-layer": [log_softmax_with_jacobians, log_softmax_einsum],
    "bytes": [lambda: 1_310_720, lambda: 1310720.0],
    "tanh-bug": [tanh_by_examples, tanh_einsum],
    "fading-signal": [fade_recursive, fade_by_one_matrix],
    "small-reader": [reader_with_sigmoids, reader_with_another_start],
    "two-layer-network": [network_by_examples, network_in_columns],
}
