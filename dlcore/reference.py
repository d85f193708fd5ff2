"""Every layer and loss again, as the loops of the printed equation: slow, obvious, tested.

Nothing here is shared with the fast functions, so an error in one shows against the other.
"""

import math

import numpy as np


def _sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def affine_forward(X, W, b):
    """Z[n, i] = sum_j W[i, j] X[n, j] + b[i].

    Parameters
    ----------
    X : array, shape (N, D_in)
    W : array, shape (D_out, D_in)
    b : array, shape (D_out,)

    Returns
    -------
    Z : array, shape (N, D_out)
    cache : tuple
    """
    (N, D_in), D_out = X.shape, W.shape[0]
    Z = np.zeros((N, D_out))
    for n in range(N):
        for i in range(D_out):
            for j in range(D_in):
                Z[n, i] += W[i, j] * X[n, j]
            Z[n, i] += b[i]
    return Z, (X, W)


def affine_backward(dZ, cache):
    """Sum, over every path from a number to the loss, upstream gradient times local derivative.

    Parameters
    ----------
    dZ : array, shape (N, D_out)
    cache : what ``affine_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, D_in)
    db : array, shape (D_out,)
    """
    X, W = cache
    (N, D_in), D_out = X.shape, W.shape[0]
    dX, dW, db = np.zeros((N, D_in)), np.zeros((D_out, D_in)), np.zeros(D_out)
    for n in range(N):
        for i in range(D_out):
            for j in range(D_in):
                dX[n, j] += dZ[n, i] * W[i, j]
                dW[i, j] += dZ[n, i] * X[n, j]
            db[i] += dZ[n, i]
    return dX, dW, db


def _elementwise(function, *arrays):
    out = np.zeros(arrays[0].shape)
    for index in np.ndindex(out.shape):
        out[index] = function(*(float(array[index]) for array in arrays))
    return out


def sigmoid_forward(Z):
    """A = 1 / (1 + exp(-Z)), entry by entry. Returns ``A`` and, as the cache, ``Z``."""
    return _elementwise(_sigmoid, Z), Z


def sigmoid_backward(dA, Z):
    """Return dA times sigmoid(Z) sigmoid(-Z), entry by entry."""
    return _elementwise(lambda da, z: da * _sigmoid(z) * _sigmoid(-z), dA, Z)


def tanh_forward(Z):
    """A = tanh(Z), entry by entry. Returns ``A`` and, as the cache, ``Z``."""
    return _elementwise(math.tanh, Z), Z


def tanh_backward(dA, Z):
    """Return dA / cosh(Z)², entry by entry."""
    return _elementwise(lambda da, z: da / math.cosh(z) ** 2, dA, Z)


def relu_forward(Z):
    """A = Z where Z > 0, else 0, entry by entry. Returns ``A`` and, as the cache, ``Z``."""
    return _elementwise(lambda z: z if z > 0 else 0.0, Z), Z


def relu_backward(dA, Z):
    """Return dA where Z > 0, else 0, entry by entry."""
    return _elementwise(lambda da, z: da if z > 0 else 0.0, dA, Z)


def leaky_relu_forward(Z, alpha=0.01):
    """A = Z where Z > 0, else alpha Z, entry by entry. Returns ``A`` and the cache."""
    return _elementwise(lambda z: z if z > 0 else alpha * z, Z), (Z, alpha)


def leaky_relu_backward(dA, cache):
    """Return dA where Z > 0, else alpha dA, entry by entry."""
    Z, alpha = cache
    return _elementwise(lambda da, z: da if z > 0 else alpha * da, dA, Z)


def elu_forward(Z, alpha=1.0):
    """A = Z where Z > 0, else alpha (exp(Z) - 1), entry by entry. Returns ``A`` and the cache."""
    return _elementwise(lambda z: z if z > 0 else alpha * math.expm1(z), Z), (Z, alpha)


def elu_backward(dA, cache):
    """Return dA where Z > 0, else dA alpha exp(Z), entry by entry."""
    Z, alpha = cache
    return _elementwise(lambda da, z: da if z > 0 else da * alpha * math.exp(z), dA, Z)


def scaled_tanh_forward(Z, A=1.7159, S=2 / 3):
    """Y = A tanh(S Z), entry by entry. Returns ``Y`` and the cache."""
    return _elementwise(lambda z: A * math.tanh(S * z), Z), (Z, A, S)


def scaled_tanh_backward(dY, cache):
    """Return dY A S / cosh(S Z)², entry by entry."""
    Z, A, S = cache
    return _elementwise(lambda dy, z: dy * A * S / math.cosh(S * z) ** 2, dY, Z)


def prelu_forward(Z, alpha):
    """A = Z where Z > 0, else alpha Z; alpha is one number, or one for each index of axis 1.

    Parameters
    ----------
    Z : array, shape (N, C, ...)
    alpha : array, shape () or (C,)

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple
    """
    A = np.zeros(Z.shape)
    for index in np.ndindex(Z.shape):
        slope = alpha if alpha.ndim == 0 else alpha[index[1]]
        A[index] = Z[index] if Z[index] > 0 else slope * Z[index]
    return A, (Z, alpha)


def prelu_backward(dA, cache):
    """Sum dA times the local derivatives: 1 or alpha for Z, and min(Z, 0) for alpha.

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``prelu_forward`` returned

    Returns
    -------
    dZ : array, the shape of Z
    dalpha : array, the shape of ``alpha``
    """
    Z, alpha = cache
    dZ, dalpha = np.zeros(Z.shape), np.zeros(alpha.shape)
    for index in np.ndindex(Z.shape):
        channel = () if alpha.ndim == 0 else index[1]
        if Z[index] > 0:
            dZ[index] = dA[index]
        else:
            dZ[index] = dA[index] * alpha[channel]
            dalpha[channel] += dA[index] * Z[index]
    return dZ, dalpha


def maxout_forward(X, W, b):
    """A[n, i] = max over j of sum_l W[i, j, l] X[n, l] + b[i, j].

    Parameters
    ----------
    X : array, shape (N, D_in)
    W : array, shape (D_out, k, D_in)
    b : array, shape (D_out, k)

    Returns
    -------
    A : array, shape (N, D_out)
    cache : tuple
        With the first j of the maximum.
    """
    (N, D_in), (D_out, k, _) = X.shape, W.shape
    A, largest = np.zeros((N, D_out)), np.zeros((N, D_out), dtype=int)
    for n in range(N):
        for i in range(D_out):
            A[n, i] = -math.inf
            for j in range(k):
                z = b[i, j]
                for m in range(D_in):
                    z += W[i, j, m] * X[n, m]
                if z > A[n, i]:
                    A[n, i], largest[n, i] = z, j
    return A, (X, W, largest)


def maxout_backward(dA, cache):
    """Sum over the paths through the largest piece of each unit.

    Parameters
    ----------
    dA : array, shape (N, D_out)
    cache : what ``maxout_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, k, D_in)
    db : array, shape (D_out, k)
    """
    X, W, largest = cache
    (N, D_in), (D_out, k, _) = X.shape, W.shape
    dX, dW, db = np.zeros((N, D_in)), np.zeros((D_out, k, D_in)), np.zeros((D_out, k))
    for n in range(N):
        for i in range(D_out):
            j = largest[n, i]
            for m in range(D_in):
                dX[n, m] += dA[n, i] * W[i, j, m]
                dW[i, j, m] += dA[n, i] * X[n, m]
            db[i, j] += dA[n, i]
    return dX, dW, db


def binary_cross_entropy(probabilities, targets):
    """Mean of -y log a - (1 - y) log(1 - a), example by example; value and gradient."""
    N = probabilities.size
    value, da = 0.0, np.zeros(probabilities.shape)
    for n in np.ndindex(probabilities.shape):
        a, y = float(probabilities[n]), int(targets[n])
        value += -math.log(a if y == 1 else 1 - a) / N
        da[n] = (-1 / a if y == 1 else 1 / (1 - a)) / N
    return value, da


def logistic(scores, targets):
    """Mean of -log sigmoid(s) where y = 1 and -log sigmoid(-s) where y = 0; value and gradient."""
    N = scores.size
    value, ds = 0.0, np.zeros(scores.shape)
    for n in np.ndindex(scores.shape):
        s, y = float(scores[n]), int(targets[n])
        value += -math.log(_sigmoid(s) if y == 1 else _sigmoid(-s)) / N
        ds[n] = (_sigmoid(s) - y) / N
    return value, ds


def logistic_pm1(scores, targets):
    """Mean of -log sigmoid(y s), example by example; value and gradient."""
    N = scores.size
    value, ds = 0.0, np.zeros(scores.shape)
    for n in np.ndindex(scores.shape):
        s, y = float(scores[n]), int(targets[n])
        value += -math.log(_sigmoid(y * s)) / N
        ds[n] = -y * _sigmoid(-y * s) / N
    return value, ds


def softmax_cross_entropy(scores, targets):
    """Mean of -log(exp(s_y) / sum_j exp(s_j)), example by example; value and gradient."""
    N, C = scores.shape
    value, ds = 0.0, np.zeros((N, C))
    for n in range(N):
        total = sum(math.exp(scores[n, j]) for j in range(C))
        value += -math.log(math.exp(scores[n, targets[n]]) / total) / N
        for j in range(C):
            ds[n, j] = (math.exp(scores[n, j]) / total - (j == targets[n])) / N
    return value, ds


def svm_hinge(scores, targets):
    """Mean of the sum over j ≠ y of max(0, s_j - s_y + 1); value and gradient."""
    N, C = scores.shape
    value, ds = 0.0, np.zeros((N, C))
    for n in range(N):
        y = targets[n]
        for j in range(C):
            excess = scores[n, j] - scores[n, y] + 1
            if j != y and excess > 0:
                value += excess / N
                ds[n, j] += 1 / N
                ds[n, y] -= 1 / N
    return value, ds


def squared_error(scores, targets):
    """Mean over examples of the sum of (s - y)²; value and gradient."""
    N = scores.shape[0]
    value, ds = 0.0, np.zeros(scores.shape)
    for index in np.ndindex(scores.shape):
        value += (scores[index] - targets[index]) ** 2 / N
        ds[index] = 2 * (scores[index] - targets[index]) / N
    return value, ds


def quadratic(scores, targets):
    """Mean over examples of half the sum of (s - y)²; value and gradient."""
    value, ds = squared_error(scores, targets)
    return value / 2, ds / 2
