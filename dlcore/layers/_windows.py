"""The windows that convolution and pooling slide over images."""

import math
from numbers import Integral

import numpy as np

from dlcore.errors import ShapeError

COLUMNS = 5 * 2**18  # numbers that a part of the batch may have in its columns: 5 MB in float32


def pair(function, name, value, least):
    """Read an int, or a pair (vertical, horizontal), of numbers >= ``least``."""
    numbers = (value, value) if isinstance(value, Integral) else value
    try:
        vertical, horizontal = numbers
        fits = all(isinstance(v, Integral) and v >= least for v in (vertical, horizontal))
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(
            f"{function}: {name} is {value!r}, expected an int >= {least} or a pair of them, "
            "(vertical, horizontal)"
        )
    return int(vertical), int(horizontal)


def output_size(function, X, size, stride, padding):
    """Return (oH, oW): floor((n + 2p - k) / s) + 1 along each axis of the images (N, C, H, W)."""
    padded = tuple(n + 2 * p for n, p in zip(X.shape[2:], padding, strict=True))
    if padded[0] < size[0] or padded[1] < size[1]:
        raise ShapeError(
            f"{function}: a window of {size} does not fit into images of {padded} (X {X.shape}, "
            f"padding {padding}); are they too small for so many layers?"
        )
    return tuple((n - k) // s + 1 for n, k, s in zip(padded, size, stride, strict=True))


def require_upstream(function, name, array, of, shape):
    """Raise ShapeError when an upstream gradient does not have the shape of the output."""
    if array.shape != shape:
        raise ShapeError(
            f"{function}: {name} has shape {array.shape}, expected {of}'s {shape}; does the cache "
            "come from another batch?"
        )


def pad(X, padding, value=0.0):
    """Surround the images of ``X`` (N, C, H, W) by ``value``; without padding they are ``X``."""
    (pH, pW), (N, C, H, W) = padding, X.shape
    if pH == pW == 0:
        return X
    padded = np.full_like(X, value, shape=(N, C, H + 2 * pH, W + 2 * pW))
    crop(padded, padding)[...] = X
    return padded


def crop(padded, padding):
    """Return the images without what ``pad`` put around them, as a view."""
    (pH, pW), (H, W) = padding, padded.shape[2:]
    return padded[:, :, pH : H - pH, pW : W - pW]


def taps(padded, size, stride, out):
    """Yield what each entry of the window sees while the window slides.

    Yields ``(i, j, view)``, ``view[n, c, y, x] = padded[n, c, y s + i, x s + j]``. A loop over
    them runs over the few entries of a window, and not over the many windows.
    """
    (kH, kW), (sH, sW), (oH, oW) = size, stride, out
    for i in range(kH):
        for j in range(kW):
            yield i, j, padded[:, :, i : i + sH * oH : sH, j : j + sW * oW : sW]


# Convolution as a matrix product. A part of the batch is copied into a matrix with one column a
# window, which costs memory but lets one product do all the sums. A part is small enough for its
# columns to stay in the processor's cache. In these copies the example is the last index,
# (C, H, W, n), which makes every copy one of long runs; outside, they are views in the usual order.


def correlate(X, W, b, stride, padding, out):
    """Put every filter ``W`` (F, C, kH, kW) on every window of ``X`` (N, C, H, W), and add ``b``.

    Returns Z, (N, F, oH, oW).
    """
    F, C, *size = W.shape
    parts = _parts(len(X), out[0], C * size[0] * size[1] * out[1])
    Z = _zero_images(X, W, (len(X), F, *out), parts)
    for part, rows in parts:
        columns = _columns(_turn(X[part], W, padding), size, stride, rows, out[1])
        product = W.reshape(F, -1) @ columns  # (F, C kH kW) (C kH kW, oH oW n) -> (F, oH oW n)
        del columns  # before the next are made
        product = product.reshape(F, len(rows), out[1], -1).transpose(3, 0, 1, 2)
        np.add(product, b[:, np.newaxis, np.newaxis], out=Z[part, :, rows.start : rows.stop])
    return Z


def correlate_backward(dZ, X, W, stride, padding, *, input_gradient=True):
    """Pull dL/dZ back through ``correlate``. Returns dX (None where not wanted), dW and db."""
    (F, C, *size), out = W.shape, dZ.shape[2:]
    parts = _parts(len(X), out[0], C * size[0] * size[1] * out[1])
    dX = _zero_images(X, W, X.shape, parts) if input_gradient else None
    dW, db = np.zeros_like(W.reshape(-1, F)), np.zeros_like(W[:, 0, 0, 0])  # dW transposed
    for part, rows in parts:
        d = dZ[part, :, rows.start : rows.stop].transpose(1, 2, 3, 0).reshape(F, -1)
        images = _turn(X[part], W, padding)
        columns = _columns(images, size, stride, rows, out[1])
        dW += columns @ d.T  # (C kH kW, oH oW n) (oH oW n, F) -> (C kH kW, F)
        db += d.sum(axis=1)  # (F, oH oW n) -> (F,)
        if input_gradient:
            np.matmul(W.reshape(F, -1).T, d, out=columns)  # now dL/dcolumns, (C kH kW, oH oW n)
            images[...] = 0.0  # now dL/dimages
            _add_columns(columns, images, size, stride, rows, out[1])
            dX[part] += crop(images, padding)
        del columns  # before the next are made
    return dX, dW.T.reshape(W.shape), db


def _parts(N, oH, numbers):
    """Cut the work into parts with at most COLUMNS numbers each, ``numbers`` for a row of windows.

    Returns pairs: a slice of the examples, and the range of the rows of windows. A part is some
    whole examples; or some rows of one, because few examples side by side make short runs.
    """
    examples = _share(N, COLUMNS // (oH * numbers))
    if examples < min(8, N):
        examples = 1
    rows = oH if examples > 1 else _share(oH, COLUMNS // numbers)
    return [
        (slice(n, n + examples), range(y, min(y + rows, oH)))
        for n in range(0, N, examples)
        for y in range(0, oH, rows)
    ]


def _share(total, most):
    """Return the size of a part when ``total`` is cut evenly into parts of at most ``most``."""
    parts = math.ceil(total / max(1, most))
    return math.ceil(total / max(1, parts)) or 1


def _zero_images(X, W, shape, parts):
    """Make an array (N, C, H, W); where one part is the batch, N is innermost in memory."""
    N, C, H, width = shape
    dtype = np.result_type(X.dtype, W.dtype)
    if len(parts) > 1:
        return np.zeros_like(X, dtype, order="C", shape=shape)
    return np.zeros_like(X, dtype, order="C", shape=(C, H, width, N)).transpose(3, 0, 1, 2)


def _turn(X, W, padding):
    """Copy images (n, C, H, W) into padded ones that lie as (C, H, W, n) in memory."""
    (n, C, H, width), (pH, pW) = X.shape, padding
    shape, dtype = (C, H + 2 * pH, width + 2 * pW, n), np.result_type(X.dtype, W.dtype)
    images = np.zeros_like(X, dtype, order="C", shape=shape).transpose(3, 0, 1, 2)
    crop(images, padding)[...] = X
    return images


def _taps_of_rows(images, size, stride, rows, oW):
    """Return ``taps`` for some rows of windows only."""
    first = images[:, :, rows.start * stride[0] :]
    return taps(first, size, stride, (len(rows), oW))


def _columns(images, size, stride, rows, oW):
    """Copy every window of some rows into a column: (n, C, H, W) -> (C kH kW, oH oW n)."""
    n, C = images.shape[:2]
    columns = np.empty_like(images, order="C", shape=(C, *size, len(rows), oW, n))
    for i, j, pixels in _taps_of_rows(images, size, stride, rows, oW):
        columns[:, i, j] = pixels.transpose(1, 2, 3, 0)
    return columns.reshape(C * size[0] * size[1], len(rows) * oW * n)


def _add_columns(columns, images, size, stride, rows, oW):
    """Add every column to its window, the transpose of ``_columns``: a pixel sums over windows."""
    columns = columns.reshape(images.shape[1], *size, len(rows), oW, -1)
    for i, j, pixels in _taps_of_rows(images, size, stride, rows, oW):
        pixels += columns[:, i, j].transpose(3, 0, 1, 2)
