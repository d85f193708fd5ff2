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
