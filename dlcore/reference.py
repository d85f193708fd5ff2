"""Every layer and loss again, as the loops of the printed equation: slow, obvious, tested.

Nothing here is shared with the fast functions, so an error in one shows against the other.
"""

import itertools
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


def gelu_forward(Z):
    """A = Z (1 + tanh(sqrt(2/pi) (Z + 0.044715 Z³))) / 2, entry by entry. Returns ``A``, ``Z``."""
    return _elementwise(lambda z: z * _sigmoid(2 * _gelu_score(z)), Z), Z


def gelu_backward(dA, Z):
    """Return dA times the product rule's two terms, entry by entry."""

    def pull(da, z):
        slope = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z**2)
        gate = _sigmoid(2 * _gelu_score(z))  # (1 + tanh(u)) / 2 = sigmoid(2 u)
        return da * (gate + z * 2 * gate * _sigmoid(-2 * _gelu_score(z)) * slope)

    return _elementwise(pull, dA, Z)


def _gelu_score(z):
    return math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)


def silu_forward(Z):
    """A = Z / (1 + exp(-Z)), entry by entry. Returns ``A`` and, as the cache, ``Z``."""
    return _elementwise(lambda z: z * _sigmoid(z), Z), Z


def silu_backward(dA, Z):
    """Return dA sigmoid(Z) (1 + Z sigmoid(-Z)), entry by entry."""
    return _elementwise(lambda da, z: da * _sigmoid(z) * (1 + z * _sigmoid(-z)), dA, Z)


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


def _pair(value):
    return (value, value) if isinstance(value, int) else value


def _windows(X, size, stride, padding, out, dilation=(1, 1)):
    """Yield ``(y, x, entries)``: the entries (i, j, row, column) of a window that are in the image.

    What is outside of the image is padding and has no row and column.
    """
    (H, W), (kH, kW), (sH, sW), (pH, pW) = X.shape[2:], size, stride, padding
    dH, dW = dilation
    for y in range(out[0]):
        for x in range(out[1]):
            entries = []
            for i in range(kH):
                for j in range(kW):
                    row, column = y * sH + i * dH - pH, x * sW + j * dW - pW
                    if 0 <= row < H and 0 <= column < W:
                        entries.append((i, j, row, column))
            yield y, x, entries


def _output_size(X, size, stride, padding, dilation=(1, 1)):
    return tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(X.shape[2:], size, stride, padding, dilation, strict=True)
    )


def _channels(f, C, W, groups):
    """Yield ``(c, channel)``: filter f's kernel c reads this one of the C channels of X."""
    group = f // (len(W) // groups)
    for c in range(C // groups):
        yield c, group * (C // groups) + c


def conv2d_forward(X, W, b, *, stride=1, padding=0, dilation=1, groups=1):
    """Z[n, f, y, x] = sum_cij W[f, c, i, j] X[n, c, y s + i d - p, x s + j d - p] + b[f].

    In X, c counts from the first channel of the group of f.

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    W : array, shape (F, C/groups, kH, kW)
    b : array, shape (F,)
    stride, padding, dilation : int or pair of int
    groups : int

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
    cache : tuple
    """
    stride, padding, dilation = _pair(stride), _pair(padding), _pair(dilation)
    (N, C), F, size = X.shape[:2], W.shape[0], W.shape[2:]
    out = _output_size(X, size, stride, padding, dilation)
    Z = np.zeros((N, F, *out))
    for y, x, entries in _windows(X, size, stride, padding, out, dilation):
        for n in range(N):
            for f in range(F):
                for c, channel in _channels(f, C, W, groups):
                    for i, j, row, column in entries:
                        Z[n, f, y, x] += W[f, c, i, j] * X[n, channel, row, column]
                Z[n, f, y, x] += b[f]
    return Z, (X, W, stride, padding, dilation, groups)


def conv2d_backward(dZ, cache):
    """Give each factor of every product its share: the upstream gradient times the other factor.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv2d_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dW : array, shape (F, C/groups, kH, kW)
    db : array, shape (F,)
    """
    X, W, stride, padding, dilation, groups = cache
    (N, C), F, size = X.shape[:2], W.shape[0], W.shape[2:]
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(F)
    for y, x, entries in _windows(X, size, stride, padding, dZ.shape[2:], dilation):
        for n in range(N):
            for f in range(F):
                for c, channel in _channels(f, C, W, groups):
                    for i, j, row, column in entries:
                        dX[n, channel, row, column] += dZ[n, f, y, x] * W[f, c, i, j]
                        dW[f, c, i, j] += dZ[n, f, y, x] * X[n, channel, row, column]
                db[f] += dZ[n, f, y, x]
    return dX, dW, db


def conv2d_connected_forward(X, W, b, connections, *, stride=1, padding=0):
    """Add up, for each filter, the plain convolutions of the channels that it is connected to.

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    W : array, shape (K, kH, kW)
    b : array, shape (F,)
    connections : sequence of sequences of bool, shape (F, C)
    stride, padding : int or pair of int

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
    cache : tuple
    """
    out = _output_size(X, W.shape[1:], _pair(stride), _pair(padding))
    Z, caches, k = np.zeros((len(X), len(b), *out)), [], 0
    for f, row in enumerate(connections):
        for c, connected in enumerate(row):
            if connected:
                Z_one, cache = conv2d_forward(
                    X[:, c : c + 1], W[k, None, None], np.zeros(1), stride=stride, padding=padding
                )
                Z[:, f] += Z_one[:, 0]
                caches.append((f, c, cache))
                k += 1
        Z[:, f] += b[f]
    return Z, (X, W, caches)


def conv2d_connected_backward(dZ, cache):
    """Pull dL/dZ back through each of the plain convolutions.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv2d_connected_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dW : array, shape (K, kH, kW)
    db : array, shape (F,)
    """
    X, W, caches = cache
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for k, (f, c, cache_one) in enumerate(caches):
        dX_one, dW_one, _ = conv2d_backward(dZ[:, f : f + 1], cache_one)
        dX[:, c] += dX_one[:, 0]
        dW[k] = dW_one[0, 0]
    return dX, dW, np.array([dZ[:, f].sum() for f in range(dZ.shape[1])])


def conv_transpose2d_forward(
    X, W, b, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Z[n, f, y s + i d - p, x s + j d - p] += W[c, f, i, j] X[n, c, y, x], from b[f] on.

    In Z, f counts from the first channel of the group of c.

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    W : array, shape (C, F/groups, kH, kW)
    b : array, shape (F,)
    stride, padding, output_padding, dilation : int or pair of int
    groups : int

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
    cache : tuple
    """
    stride, padding, dilation = _pair(stride), _pair(padding), _pair(dilation)
    geometry = zip(
        X.shape[2:], W.shape[2:], stride, padding, _pair(output_padding), dilation, strict=True
    )
    out = [s * (n - 1) + d * (k - 1) + 1 - 2 * p + more for n, k, s, p, more, d in geometry]
    Z = np.zeros((len(X), len(b), *out))
    for n, f, y, x in np.ndindex(Z.shape):
        Z[n, f, y, x] = b[f]
    products = []  # which pixel and which weight meet in which output
    for n, c, y, x in np.ndindex(X.shape):
        for f, i, j in np.ndindex(W.shape[1:]):
            row = y * stride[0] + i * dilation[0] - padding[0]
            column = x * stride[1] + j * dilation[1] - padding[1]
            if 0 <= row < Z.shape[2] and 0 <= column < Z.shape[3]:
                group = c // (len(W) // groups)
                output = n, group * W.shape[1] + f, row, column
                Z[output] += W[c, f, i, j] * X[n, c, y, x]
                products.append(((n, c, y, x), (c, f, i, j), output))
    return Z, (X, W, products)


def conv_transpose2d_backward(dZ, cache):
    """Give each factor of every product its share: the upstream gradient times the other factor.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv_transpose2d_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dW : array, shape (C, F/groups, kH, kW)
    db : array, shape (F,)
    """
    X, W, products = cache
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(dZ.shape[1])
    for pixel, weight, output in products:
        dX[pixel] += dZ[output] * W[weight]
        dW[weight] += dZ[output] * X[pixel]
    for n, f, y, x in np.ndindex(dZ.shape):
        db[f] += dZ[n, f, y, x]
    return dX, dW, db


def maxpool2d_forward(X, *, size, stride=None, padding=0):
    """A[n, c, y, x] = the largest of the window's numbers that are in the image.

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    size, stride, padding : int or pair of int

    Returns
    -------
    A : array, shape (N, C, oH, oW)
    cache : tuple
    """
    size, stride, padding = _pair(size), _pair(size if stride is None else stride), _pair(padding)
    out = _output_size(X, size, stride, padding)
    A, winners = np.zeros((*X.shape[:2], *out)), {}
    for y, x, entries in _windows(X, size, stride, padding, out):
        for n, c in np.ndindex(X.shape[:2]):
            A[n, c, y, x] = -math.inf
            for _, _, row, column in entries:
                if X[n, c, row, column] > A[n, c, y, x]:
                    A[n, c, y, x] = X[n, c, row, column]
                    winners[n, c, y, x] = n, c, row, column
    return A, (X, winners)


def maxpool2d_backward(dA, cache):
    """Add each upstream gradient to the pixel that won its window. Returns ``dX``."""
    X, winners = cache
    dX = np.zeros(X.shape)
    for window, pixel in winners.items():
        dX[pixel] += dA[window]
    return dX


def avgpool2d_forward(X, *, size, stride=None, padding=0):
    """A[n, c, y, x] = the sum of the window's numbers, divided by kH kW.

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    size, stride, padding : int or pair of int

    Returns
    -------
    A : array, shape (N, C, oH, oW)
    cache : tuple
    """
    size, stride, padding = _pair(size), _pair(size if stride is None else stride), _pair(padding)
    out = _output_size(X, size, stride, padding)
    A = np.zeros((*X.shape[:2], *out))
    for y, x, entries in _windows(X, size, stride, padding, out):
        for n, c in np.ndindex(X.shape[:2]):
            for _, _, row, column in entries:
                A[n, c, y, x] += X[n, c, row, column] / (size[0] * size[1])
    return A, (X, size, stride, padding)


def avgpool2d_backward(dA, cache):
    """Add 1 / (kH kW) of each upstream gradient to each pixel of its window. Returns ``dX``."""
    X, size, stride, padding = cache
    dX = np.zeros(X.shape)
    for y, x, entries in _windows(X, size, stride, padding, dA.shape[2:]):
        for n, c in np.ndindex(X.shape[:2]):
            for _, _, row, column in entries:
                dX[n, c, row, column] += dA[n, c, y, x] / (size[0] * size[1])
    return dX


def global_maxpool_forward(X):
    """A[n, c] = the largest pixel of channel c. Returns ``A`` and the cache."""
    A, cache = maxpool2d_forward(X, size=X.shape[2:])
    return A[:, :, 0, 0], cache


def global_maxpool_backward(dA, cache):
    """Add each upstream gradient to the pixel that won its channel. Returns ``dX``."""
    return maxpool2d_backward(dA[:, :, None, None], cache)


def global_avgpool_forward(X):
    """A[n, c] = the mean of the pixels of channel c. Returns ``A`` and the cache."""
    A, cache = avgpool2d_forward(X, size=X.shape[2:])
    return A[:, :, 0, 0], cache


def global_avgpool_backward(dA, cache):
    """Share each upstream gradient among the pixels of its channel. Returns ``dX``."""
    return avgpool2d_backward(dA[:, :, None, None], cache)


def subsample_forward(X, w, b, *, size):
    """Z[n, c, y, x] = w[c] (sum of the window) + b[c].

    Parameters
    ----------
    X : array, shape (N, C, H, W)
    w, b : array, shape (C,)
    size : int or pair of int

    Returns
    -------
    Z : array, shape (N, C, oH, oW)
    cache : tuple
    """
    size = _pair(size)
    Z = np.zeros((*X.shape[:2], *_output_size(X, size, size, (0, 0))))
    for n, c, y, x in np.ndindex(Z.shape):
        for i, j in np.ndindex(size):
            Z[n, c, y, x] += w[c] * X[n, c, y * size[0] + i, x * size[1] + j]
        Z[n, c, y, x] += b[c]
    return Z, (X, w, size)


def subsample_backward(dZ, cache):
    """Give each factor of ``w[c] X[...]`` the upstream gradient times the other factor.

    Parameters
    ----------
    dZ : array, shape (N, C, oH, oW)
    cache : what ``subsample_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dw, db : array, shape (C,)
    """
    X, w, size = cache
    dX, dw, db = np.zeros(X.shape), np.zeros(w.shape), np.zeros(w.shape)
    for n, c, y, x in np.ndindex(dZ.shape):
        for i, j in np.ndindex(size):
            row, column = y * size[0] + i, x * size[1] + j
            dX[n, c, row, column] += dZ[n, c, y, x] * w[c]
            dw[c] += dZ[n, c, y, x] * X[n, c, row, column]
        db[c] += dZ[n, c, y, x]
    return dX, dw, db


def _features(X):
    """Yield, for each feature, where its numbers are in (N, D) or (N, C, H, W)."""
    for d in range(X.shape[1]):
        yield d, [index for index in np.ndindex(X.shape) if index[1] == d]


def batchnorm_forward(X, gamma, beta, *, eps=1e-5):
    """Z = gamma (x - mean) / sqrt(var + eps) + beta, feature by feature.

    Parameters
    ----------
    X : array, shape (N, D) or (N, C, H, W)
    gamma, beta : array, shape (D,) or (C,)
    eps : float

    Returns
    -------
    Z : array, the shape of ``X``
    cache : tuple
    """
    Z, moments = np.zeros(X.shape), []
    for d, places in _features(X):
        mean = sum(float(X[place]) for place in places) / len(places)
        var = sum((float(X[place]) - mean) ** 2 for place in places) / len(places)
        for place in places:
            Z[place] = gamma[d] * (X[place] - mean) / math.sqrt(var + eps) + beta[d]
        moments.append((mean, var))
    return Z, (X, gamma, eps, moments)


def batchnorm_backward(dZ, cache):
    """Follow every path: from Z back to x directly, through the variance and through the mean.

    Parameters
    ----------
    dZ : array, the shape of X
    cache : what ``batchnorm_forward`` returned

    Returns
    -------
    dX : array, the shape of X
    dgamma, dbeta : array, shape (D,) or (C,)
    """
    X, gamma, eps, moments = cache
    dX, dgamma, dbeta = np.zeros(X.shape), np.zeros(gamma.shape), np.zeros(gamma.shape)
    for d, places in _features(X):
        mean, var = moments[d]
        scale, m = 1 / math.sqrt(var + eps), len(places)
        dvar, dmean = 0.0, 0.0
        for place in places:
            dgamma[d] += dZ[place] * (X[place] - mean) * scale
            dbeta[d] += dZ[place]
            dx_hat = dZ[place] * gamma[d]
            dvar += dx_hat * (X[place] - mean) * (-1 / 2) * scale**3
            dmean += dx_hat * -scale  # the variance does not change with the mean to first order
        for place in places:
            dx_hat = dZ[place] * gamma[d]
            dX[place] = dx_hat * scale + dvar * 2 * (X[place] - mean) / m + dmean / m
    return dX, dgamma, dbeta


def batchnorm_inference(X, gamma, beta, mean, var, *, eps=1e-5):
    """Z = gamma (x - mean) / sqrt(var + eps) + beta, with a given mean and variance.

    Parameters
    ----------
    X : array, shape (N, D) or (N, C, H, W)
    gamma, beta, mean, var : array, shape (D,) or (C,)
    eps : float

    Returns
    -------
    Z : array, the shape of ``X``
    """
    Z = np.zeros(X.shape)
    for d, places in _features(X):
        for place in places:
            Z[place] = gamma[d] * (X[place] - mean[d]) / math.sqrt(var[d] + eps) + beta[d]
    return Z


def lrn_forward(X, *, k=2.0, n=5, alpha=1e-4, beta=0.75):
    """A_i = X_i / (k + alpha sum_j X_j²)^beta, j from i - n/2 to i + (n - 1)/2.

    Parameters
    ----------
    X : array, shape (N, C, ...)
    k : float
    n : int
    alpha, beta : float

    Returns
    -------
    A : array, the shape of ``X``
    cache : tuple
    """
    A = np.zeros(X.shape)
    for example, i, *pixel in np.ndindex(X.shape):
        D = k
        for j in range(max(0, i - n // 2), min(X.shape[1], i + (n - 1) // 2 + 1)):
            D += alpha * X[example, j, *pixel] ** 2
        A[example, i, *pixel] = X[example, i, *pixel] / D**beta
    return A, (X, k, n, alpha, beta)


def lrn_backward(dA, cache):
    """Add, for every output and every number in its sum, the derivative by the quotient rule.

    Parameters
    ----------
    dA : array, the shape of X
    cache : what ``lrn_forward`` returned

    Returns
    -------
    dX : array, the shape of X
    """
    X, k, n, alpha, beta = cache
    dX = np.zeros(X.shape)
    for example, i, *pixel in np.ndindex(X.shape):
        neighbors = range(max(0, i - n // 2), min(X.shape[1], i + (n - 1) // 2 + 1))
        D = k + sum(alpha * X[example, j, *pixel] ** 2 for j in neighbors)
        da, a = dA[example, i, *pixel], X[example, i, *pixel]
        dX[example, i, *pixel] += da / D**beta
        for j in neighbors:
            dD = 2 * alpha * X[example, j, *pixel]
            dX[example, j, *pixel] += da * a * (-beta) / D ** (beta + 1) * dD
    return dX


def flatten_forward(X):
    """A[n, d] runs through X[n], the last axis fastest. Returns ``A`` and the cache."""
    A = np.array([[X[n, *place] for place in np.ndindex(X.shape[1:])] for n in range(len(X))])
    return A, X


def flatten_backward(dA, X):
    """Put every number back where it was. Returns ``dX``."""
    dX = np.zeros(X.shape)
    for n in range(len(X)):
        for d, place in enumerate(np.ndindex(X.shape[1:])):
            dX[n, *place] = dA[n, d]
    return dX


def rbf_forward(X, W):
    """Z[n, i] = sum_j (X[n, j] - W[i, j])².

    Parameters
    ----------
    X : array, shape (N, D_in)
    W : array, shape (D_out, D_in)

    Returns
    -------
    Z : array, shape (N, D_out)
    cache : tuple
    """
    Z = np.zeros((len(X), len(W)))
    for n, i in np.ndindex(Z.shape):
        for j in range(X.shape[1]):
            Z[n, i] += (X[n, j] - W[i, j]) ** 2
    return Z, (X, W)


def rbf_backward(dZ, cache):
    """Give each difference its derivative 2 (X - W): plus for X, minus for W.

    Parameters
    ----------
    dZ : array, shape (N, D_out)
    cache : what ``rbf_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, D_in)
    """
    X, W = cache
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for n, i in np.ndindex(dZ.shape):
        for j in range(X.shape[1]):
            dX[n, j] += dZ[n, i] * 2 * (X[n, j] - W[i, j])
            dW[i, j] -= dZ[n, i] * 2 * (X[n, j] - W[i, j])
    return dX, dW


def dropout_forward(X, keep_prob, rng):
    """A = X / keep_prob where a uniform random number is below keep_prob, else 0.

    Parameters
    ----------
    X : array, any shape
    keep_prob : float
    rng : Generator or RandomState

    Returns
    -------
    A : array, the shape of ``X``
    cache : tuple
    """
    drawn = rng.random(X.shape)
    return _elementwise(lambda x, u: x / keep_prob if u < keep_prob else 0.0, X, drawn), (
        drawn,
        keep_prob,
    )


def dropout_backward(dA, cache):
    """Return dA / keep_prob where the number was kept, else 0."""
    drawn, keep_prob = cache
    return _elementwise(lambda da, u: da / keep_prob if u < keep_prob else 0.0, dA, drawn)


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


def gaussian_nll(scores, targets):
    """Mean of r/2 + (y - m)²/(2 e^r), for the scores m and r of an example; value and gradient."""
    N = len(scores)
    value, ds = 0.0, np.zeros((N, 2))
    for n in range(N):
        (m, r), y = map(float, scores[n]), float(targets[n])
        variance = math.exp(r)
        value += (r / 2 + (y - m) ** 2 / (2 * variance)) / N
        ds[n] = (m - y) / variance / N, (1 - (y - m) ** 2 / variance) / 2 / N
    return value, ds


def poisson_nll(scores, targets):
    """Mean over examples of the sum of e^s - y s; value and gradient."""
    N = scores.shape[0]
    value, ds = 0.0, np.zeros(scores.shape)
    for index in np.ndindex(scores.shape):
        rate = math.exp(scores[index])
        value += (rate - targets[index] * scores[index]) / N
        ds[index] = (rate - targets[index]) / N
    return value, ds


def multilabel_logistic(scores, targets):
    """Sum over the labels of their logistic losses; value and gradient."""
    value, ds = 0.0, np.zeros(scores.shape)
    for k in range(scores.shape[1]):
        loss, ds[:, k] = logistic(scores[:, k], targets[:, k])
        value += loss
    return value, ds


def path_sum(weights, slopes, signal):
    """Sum, over every path from an input to the outputs, the product of what lies on it.

    Equation: eq-bp-paths

    Parameters
    ----------
    weights : sequence of array
        Of each layer, from the bottom up, shape (D_out, D_in).
    slopes : sequence of array
        Of each layer's activation function at its scores, shape (D_out,).
    signal : array, shape (D_L,)
        The gradient of the loss by the outputs.

    Returns
    -------
    dx : array, shape (D_0,)
        The gradient of the loss by the inputs.
    paths : int
        How many were walked: the product of all sizes.
    """
    sizes = [len(weights[0][0]), *map(len, weights)]
    dx, paths = np.zeros(sizes[0]), 0
    for path in itertools.product(*map(range, sizes)):
        product = float(signal[path[-1]])
        for layer, (start, end) in enumerate(itertools.pairwise(path)):
            product *= weights[layer][end, start] * slopes[layer][end]
        dx[path[0]] += product
        paths += 1
    return dx, paths
