"""The windows that convolution and pooling slide over images."""

import math
from typing import NamedTuple

import numpy as np

from dlcore.errors import ShapeError, as_pair

COLUMNS = 5 * 2**18  # numbers that a part of the work may have in its columns: 5 MB in float32


def output_size(function, X, size, stride, padding, dilation=(1, 1)):
    """Return (oH, oW): floor((n + 2p - f) / s) + 1 along each axis of the images (N, C, H, W).

    Here f = d (k - 1) + 1 is what a window of k entries covers.

    Equation: eq-conv-size, eq-pool-size, eq-conv-dilation
    """
    padded = tuple(n + 2 * p for n, p in zip(X.shape[2:], padding, strict=True))
    covered = tuple(d * (k - 1) + 1 for k, d in zip(size, dilation, strict=True))
    if padded[0] < covered[0] or padded[1] < covered[1]:
        window, hint = f"a window of {size}", "are they too small for so many layers?"
        if covered != size:
            window = f"{window} with dilation {dilation} covers {covered} and"
            hint = "a smaller dilation?"
        raise ShapeError(
            f"{function}: {window} does not fit into images of {padded} (X {X.shape}, "
            f"padding {padding}); {hint}"
        )
    return tuple((n - f) // s + 1 for n, f, s in zip(padded, covered, stride, strict=True))


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


def taps(padded, size, stride, out, dilation=(1, 1)):
    """Yield what each entry of the window sees while the window slides.

    Yields ``(i, j, view)``, ``view[n, c, y, x] = padded[n, c, y s + i d, x s + j d]``. A loop over
    them runs over the few entries of a window, and not over the many windows.
    """
    (kH, kW), (sH, sW), (oH, oW), (dH, dW) = size, stride, out, dilation
    for i, top in enumerate(range(0, kH * dH, dH)):
        for j, left in enumerate(range(0, kW * dW, dW)):
            yield i, j, padded[:, :, top : top + sH * oH : sH, left : left + sW * oW : sW]


class Slide(NamedTuple):
    """How windows slide over images: pairs of numbers, vertical and horizontal.

    Parameters
    ----------
    size, stride, padding, dilation : pair of int
    out : pair of int
        How many windows there are.
    """

    size: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    out: tuple


def read_slide(function, X, size, stride, padding, dilation=1):
    """Read ints or pairs, and return how windows of a ``size`` slide over ``X`` (N, C, H, W)."""
    stride = as_pair(function, "stride", stride, ge=1)
    padding = as_pair(function, "padding", padding, ge=0)
    dilation = as_pair(function, "dilation", dilation, ge=1)
    out = output_size(function, X, size, stride, padding, dilation)
    return Slide(size, stride, padding, dilation, out)


# Convolution as a matrix product. The windows of some examples, some rows at a time, are copied
# into the columns of a matrix, which costs memory but lets one product do all the sums: one a
# group, because the filters of a group read channels of their own. A part is small enough for its
# columns to stay in the processor's cache. In these copies the example is the last index,
# (C, H, W, n), which makes every copy one of long runs; outside, they are views in the usual order.


def correlate(X, W, b, slide):
    """Put every filter on every window of its channels, and add ``b``.

    Equation: eq-conv-im2col

    ``X`` is (N, C, H, W) and ``W`` is (F, C/G, kH, kW): the first F/G filters read the first C/G
    channels, and so on. Returns Z, (N, F, oH, oW).
    """
    filters, n = _by_group(W, X), _side_by_side(X, slide)  # (G, F/G, C/G kH kW)
    Z = _empty_images(X, W, (len(X), len(W), *slide.out), n)
    for part in _cut(len(X), n):
        images = _turn(X[part], W, slide.padding)
        for rows, columns in _columns(images, slide, len(filters)):
            product = filters @ columns  # (C/G kH kW, oH oW n) -> (F/G, oH oW n), G times
            product = product.reshape(len(W), -1, slide.out[1], len(images)).transpose(3, 0, 1, 2)
            np.add(product, b[:, np.newaxis, np.newaxis], out=Z[part, :, rows])
        del columns  # before the next examples'
    return Z


def correlate_backward(dZ, X, W, slide, *, input_gradient=True):
    """Pull dL/dZ back through ``correlate``. Returns dX (None where not wanted), dW and db.

    Equation: eq-convback-columns
    """
    filters, n = _by_group(W, X).swapaxes(1, 2), _side_by_side(X, slide)  # (G, C/G kH kW, F/G)
    dX = _empty_images(X, W, X.shape, n) if input_gradient else None
    dfilters, db = np.zeros_like(filters, order="C"), np.zeros_like(W[:, 0, 0, 0])
    for part in _cut(len(X), n):
        images = _turn(X[part], W, slide.padding)
        dimages = np.zeros_like(images) if input_gradient else None
        d = dZ[part].transpose(1, 2, 3, 0).reshape(len(W), slide.out[0], -1)  # (F, oH, oW n)
        db += d.sum(axis=(1, 2))
        for rows, columns in _columns(images, slide, len(filters)):
            drows = d[:, rows].reshape(len(filters), len(W) // len(filters), -1)
            dfilters += columns @ drows.swapaxes(1, 2)  # (oH oW n, F/G) -> (C/G kH kW, F/G)
            if input_gradient:
                np.matmul(filters, drows, out=columns)  # now dL/dcolumns
                _add_columns(columns, dimages, slide, rows)
        del columns  # before the next examples'
        if input_gradient:
            dX[part] = crop(dimages, slide.padding)
    return dX, dfilters.swapaxes(1, 2).reshape(W.shape), db


def _by_group(W, X):
    """Return the filters of each group as a matrix, (G, F/G, C/G kH kW)."""
    groups = X.shape[1] // W.shape[1]
    return W.reshape(groups, len(W) // groups, -1)


def _side_by_side(X, slide):
    """Return how many examples to copy at a time: all that there are, or 8 to 16, or one.

    Fewer than 8 make short runs. More than 16 are slow to bring side by side: they lie far apart,
    often by a power of two, and push each other out of the cache.
    """
    (N, C), (oH, oW) = X.shape[:2], slide.out
    row = C * math.prod(slide.size) * oW  # numbers in the columns of one row of windows
    if N * oH * row <= COLUMNS:
        return N
    n = min(16, COLUMNS // row)
    return n if min(N, n) >= 8 else 1


def _cut(total, most):
    """Cut ``range(total)`` into slices of at most ``most``, about equally long."""
    size = math.ceil(total / max(1, math.ceil(total / max(1, most))))
    return [slice(i, min(i + size, total)) for i in range(0, total, max(1, size))]


def _empty_images(X, W, shape, n):
    """Make an array (N, C, H, W); where examples are side by side, N is innermost in memory."""
    N, C, H, width = shape
    dtype = np.result_type(X.dtype, W.dtype)
    if n == 1:
        return np.empty_like(X, dtype, order="C", shape=shape)
    return np.empty_like(X, dtype, order="C", shape=(C, H, width, N)).transpose(3, 0, 1, 2)


def _turn(X, W, padding):
    """Copy images (n, C, H, W) into padded ones that lie as (C, H, W, n) in memory."""
    (n, C, H, width), (pH, pW) = X.shape, padding
    shape, dtype = (C, H + 2 * pH, width + 2 * pW, n), np.result_type(X.dtype, W.dtype)
    images = np.zeros_like(X, dtype, order="C", shape=shape).transpose(3, 0, 1, 2)
    crop(images, padding)[...] = X
    return images


def _columns(images, slide, groups):
    """Yield some rows of windows at a time, as a slice, and the matrix of their columns.

    The matrices, (G, C/G kH kW, oH oW n), share their memory: the next one overwrites the last.
    """
    (n, C), (oH, oW) = images.shape[:2], slide.out
    height = C * math.prod(slide.size)
    parts = _cut(oH, COLUMNS // (height * oW * n))
    memory = np.empty_like(images, order="C", shape=(height * parts[0].stop * oW * n,))
    for rows in parts:
        width = (rows.stop - rows.start) * oW * n
        columns = memory[: height * width].reshape(C, *slide.size, -1, oW, n)
        for i, j, pixels in _taps_of_rows(images, slide, rows):
            columns[:, i, j] = pixels.transpose(1, 2, 3, 0)
        yield rows, columns.reshape(groups, -1, width)


def _add_columns(columns, images, slide, rows):
    """Add every column to its window, the transpose of ``_columns``: a pixel sums over windows.

    Equation: eq-convback-col2im
    """
    columns = columns.reshape(images.shape[1], *slide.size, -1, slide.out[1], len(images))
    with np.errstate():  # which gives NumPy its own buffers back
        np.setbufsize(512)  # runs that are shorter than a buffer are copied into it before a sum
        for i, j, pixels in _taps_of_rows(images, slide, rows):
            pixels += columns[:, i, j].transpose(3, 0, 1, 2)


def _taps_of_rows(images, slide, rows):
    """Return ``taps`` for some rows of windows only."""
    first = images[:, :, rows.start * slide.stride[0] :]
    out = rows.stop - rows.start, slide.out[1]
    return taps(first, slide.size, slide.stride, out, slide.dilation)
