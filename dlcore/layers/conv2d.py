"""The convolution layer (as in every library, a cross-correlation).

How it is fast: a part of the batch is copied into a matrix with one column a window, so that the
convolution is one matrix product. The example is the innermost index of these copies, (C, H, W, n),
which makes every copy one of long runs, and a part is small enough for its columns to stay in the
processor's cache.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, require_float, require_ndim
from dlcore.initializers import he_normal
from dlcore.layers._windows import crop, output_size, pair, taps

COLUMNS = 2**21  # numbers: as many columns as a part of the batch may have (8 MB in float32)


def conv2d_forward(X, W, b, *, stride=1, padding=0):
    """Slide every filter over every image.

    ``Z[n, f, y, x] = b[f] + sum_cij W[f, c, i, j] X[n, c, y s + i - p, x s + j - p]``, where X is
    0 outside the image.

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), relationship 6.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    W : array, shape (F, C, kH, kW)
    b : array, shape (F,)
    stride, padding : int or pair of int
        Vertical and horizontal.

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
        With oH = floor((H + 2p - kH) / s) + 1, and oW likewise.
    cache : tuple
        For ``conv2d_backward``. It holds X, not the columns, which are kH kW times as large.

    Raises
    ------
    TypeError
        When ``X`` holds integers.
    ShapeError
        When the shapes do not fit, or a filter is larger than the padded images.
    ValueError
        When ``stride`` or ``padding`` is not an int or a pair.
    """
    require_float("conv2d_forward", X=X)
    require_ndim("conv2d_forward", "X", X, 4, "(N, C, H, W)", "an axis for the channels missing?")
    require_ndim("conv2d_forward", "W", W, 4, "(F, C, kH, kW)", "one filter has a first axis of 1")
    if X.shape[1] != W.shape[1]:
        raise ShapeError(
            f"conv2d_forward: X has {X.shape[1]} channels but W expects {W.shape[1]} (X {X.shape}, "
            f"W {W.shape}); are the channels of X on the last axis?"
        )
    if b.shape != W.shape[:1]:
        raise ShapeError(
            f"conv2d_forward: b has shape {b.shape}, expected {W.shape[:1]}, one bias for each of "
            f"W's {W.shape[0]} filters"
        )
    stride = pair("conv2d_forward", "stride", stride, 1)
    padding = pair("conv2d_forward", "padding", padding, 0)
    (N, C), (F, _, kH, kW) = X.shape[:2], W.shape
    oH, oW = output_size("conv2d_forward", X, (kH, kW), stride, padding)

    Z = _empty_images(X, W, (N, F, oH, oW), C * kH * kW * oH * oW)
    for part in _parts(N, C * kH * kW * oH * oW):
        columns = _columns(_turn(X[part], W, padding), (kH, kW), stride, (oH, oW))
        product = W.reshape(F, -1) @ columns  # (F, C kH kW) (C kH kW, oH oW n) -> (F, oH oW n)
        product = product.reshape(F, oH, oW, -1).transpose(3, 0, 1, 2)  # (n, F, oH, oW)
        np.add(product, b[:, np.newaxis, np.newaxis], out=Z[part])
    return Z, (X, W, stride, padding, Z.shape)


def conv2d_backward(dZ, cache):
    """Pull dL/dZ back through the convolution.

    A window's entry passes on to its pixel what the product gave it; a pixel sums over all windows
    that it is in.

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), section 4.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv2d_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dW : array, shape (F, C, kH, kW)
    db : array, shape (F,)

    Raises
    ------
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W, stride, padding, shape = cache
    if dZ.shape != shape:
        raise ShapeError(
            f"conv2d_backward: dZ has shape {dZ.shape}, expected Z's {shape}; does the cache come "
            "from another batch?"
        )
    (N, C), (F, _, kH, kW), (oH, oW) = X.shape[:2], W.shape, shape[2:]

    dX = _empty_images(X, W, X.shape, C * kH * kW * oH * oW)
    dW, db = np.zeros_like(W.reshape(F, -1)), np.zeros_like(W[:, 0, 0, 0])
    for part in _parts(N, C * kH * kW * oH * oW):
        images = _turn(X[part], W, padding)
        columns = _columns(images, (kH, kW), stride, (oH, oW))
        d = dZ[part].transpose(1, 2, 3, 0).reshape(F, -1)  # (F, oH oW n)
        dW += (columns @ d.T).T  # (C kH kW, oH oW n) (oH oW n, F), transposed -> (F, C kH kW)
        db += d.sum(axis=1)  # (F, oH oW n) -> (F,)
        dcolumns = np.matmul(W.reshape(F, -1).T, d, out=columns)  # -> (C kH kW, oH oW n)
        dcolumns = dcolumns.reshape(C, kH, kW, oH, oW, -1)
        images[...] = 0.0
        for i, j, pixels in taps(images, (kH, kW), stride, (oH, oW)):
            pixels += dcolumns[:, i, j].transpose(3, 0, 1, 2)
        dX[part] = crop(images, padding)
    return dX, dW.reshape(W.shape), db


def _parts(N, size):
    """Slice a batch of ``N`` examples so that ``size`` numbers an example fit COLUMNS."""
    n = _examples(size)
    return [slice(start, start + n) for start in range(0, N, n)]


def _examples(size):
    return max(1, COLUMNS // size)


def _empty_images(X, W, shape, size):
    """Make an array (N, C, H, W); if one part is the whole batch, innermost in memory is N."""
    N, C, H, width = shape
    dtype = np.result_type(X.dtype, W.dtype)
    if N > _examples(size):
        return np.empty_like(X, dtype, shape=shape, order="C")
    return np.empty_like(X, dtype, shape=(C, H, width, N), order="C").transpose(3, 0, 1, 2)


def _turn(X, W, padding):
    """Copy images (n, C, H, W) into zeros, padded, with the examples innermost in memory."""
    (n, C, H, width), (pH, pW) = X.shape, padding
    shape, dtype = (C, H + 2 * pH, width + 2 * pW, n), np.result_type(X.dtype, W.dtype)
    images = np.zeros_like(X, dtype, shape=shape, order="C").transpose(3, 0, 1, 2)
    crop(images, padding)[...] = X
    return images


def _columns(images, size, stride, out):
    """Copy every window into a column: (n, C, H, W) -> (C kH kW, oH oW n)."""
    n, C = images.shape[:2]
    columns = np.empty_like(images, shape=(C, *size, *out, n), order="C")
    for i, j, pixels in taps(images, size, stride, out):
        columns[:, i, j] = pixels.transpose(1, 2, 3, 0)
    return columns.reshape(C * size[0] * size[1], -1)


@dataclass(frozen=True)
class Conv2d:
    """A layer of ``c_out`` filters that slide over ``c_in`` channels.

    Parameters
    ----------
    c_in, c_out : int
    size, stride, padding : int or pair of int
        Vertical and horizontal.
    weights : initializer
        For ``W``, shape (c_out, c_in, kH, kW); ``b`` starts at zero.
    """

    c_in: int
    c_out: int
    size: int | tuple
    stride: int | tuple = 1
    padding: int | tuple = 0
    weights: Callable = he_normal

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        kH, kW = pair("Conv2d", "size", self.size, 1)
        shape = (self.c_out, self.c_in, kH, kW)
        W = self.weights(rng, shape, self.c_in * kH * kW, self.c_out * kH * kW)
        return {"W": W, "b": 0.0 * W[:, 0, 0, 0]}

    def forward(self, params, X, *, train, rng):
        """Call ``conv2d_forward``."""
        return conv2d_forward(
            X, params["W"], params["b"], stride=self.stride, padding=self.padding
        )

    def backward(self, dZ, cache):
        """Call ``conv2d_backward``; the gradients come by parameter name."""
        dX, dW, db = conv2d_backward(dZ, cache)
        return dX, {"W": dW, "b": db}
