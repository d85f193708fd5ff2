"""The windows that convolution and pooling slide over images."""

import math
from typing import NamedTuple

import numpy as np

from dlcore.errors import ShapeError, as_pair

COLUMNS = 5 * 2**18  # numbers that a part of the batch may have in its columns: 5 MB in float32


def output_size(function, X, size, stride, padding, dilation=(1, 1)):
    """Return (oH, oW): floor((n + 2p - f) / s) + 1 along each axis of the images (N, C, H, W).

    Here f = d (k - 1) + 1 is what a window of k entries covers.
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


# Convolution as a matrix product. A part of the batch is copied into a matrix with one column a
# window, which costs memory but lets one product do all the sums: one a group, because each group
# of filters reads channels of its own. A part is small enough for its columns to stay in the
# processor's cache. In these copies the example is the last index, (C, H, W, n), which makes every
# copy one of long runs; outside, they are views in the usual order.


def correlate(X, W, b, slide):
    """Put every filter on every window of its channels, and add ``b``.

    ``X`` is (N, C, H, W) and ``W`` is (F, C/G, kH, kW): the first F/G filters read the first C/G
    channels, and so on. Returns Z, (N, F, oH, oW).
    """
    F, oW, groups = len(W), slide.out[1], X.shape[1] // W.shape[1]
    parts = _parts(X, slide)
    Z = _zero_images(X, W, (len(X), F, *slide.out), parts)
    for part, rows in parts:
        columns = _columns(_turn(X[part], W, slide.padding), slide, rows, groups)
        product = W.reshape(groups, F // groups, -1) @ columns  # (G, F/G, oH oW n)
        del columns  # before the next are made
        product = product.reshape(F, len(rows), oW, -1).transpose(3, 0, 1, 2)
        np.add(product, b[:, np.newaxis, np.newaxis], out=Z[part, :, rows.start : rows.stop])
    return Z


def correlate_backward(dZ, X, W, slide, *, input_gradient=True):
    """Pull dL/dZ back through ``correlate``. Returns dX (None where not wanted), dW and db."""
    F, groups = len(W), X.shape[1] // W.shape[1]
    filters = W.reshape(groups, F // groups, -1).swapaxes(1, 2)  # (G, C/G kH kW, F/G)
    parts = _parts(X, slide)
    dX = _zero_images(X, W, X.shape, parts) if input_gradient else None
    dfilters, db = np.zeros_like(filters, order="C"), np.zeros_like(W[:, 0, 0, 0])
    for part, rows in parts:
        d = dZ[part, :, rows.start : rows.stop].transpose(1, 2, 3, 0).reshape(F, -1)
        db += d.sum(axis=1)  # (F, oH oW n) -> (F,)
        d = d.reshape(groups, F // groups, -1)
        images = _turn(X[part], W, slide.padding)
        columns = _columns(images, slide, rows, groups)
        dfilters += columns @ d.swapaxes(1, 2)  # (C/G kH kW, oH oW n) (oH oW n, F/G), G times
        if input_gradient:
            np.matmul(filters, d, out=columns)  # now dL/dcolumns, (G, C/G kH kW, oH oW n)
            images[...] = 0.0  # now dL/dimages
            _add_columns(columns, images, slide, rows)
            dX[part] += crop(images, slide.padding)
        del columns  # before the next are made
    return dX, dfilters.swapaxes(1, 2).reshape(W.shape), db


def _parts(X, slide):
    """Cut the work into parts with at most COLUMNS numbers each.

    Returns pairs: a slice of the examples, and the range of the rows of windows. A part is some
    whole examples; or some rows of one, because few examples side by side make short runs.
    """
    (N, C), (oH, oW) = X.shape[:2], slide.out
    numbers = C * math.prod(slide.size) * oW  # of a row of windows
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


def _taps_of_rows(images, slide, rows):
    """Return ``taps`` for some rows of windows only."""
    first = images[:, :, rows.start * slide.stride[0] :]
    return taps(first, slide.size, slide.stride, (len(rows), slide.out[1]), slide.dilation)


def _columns(images, slide, rows, groups):
    """Copy every window of some rows into a column: (n, C, H, W) -> (G, C/G kH kW, oH oW n)."""
    n, C = images.shape[:2]
    shape = (C, *slide.size, len(rows), slide.out[1], n)
    columns = np.empty_like(images, order="C", shape=shape)
    for i, j, pixels in _taps_of_rows(images, slide, rows):
        columns[:, i, j] = pixels.transpose(1, 2, 3, 0)
    return columns.reshape(groups, math.prod(shape[:3]) // groups, math.prod(shape[3:]))


def _add_columns(columns, images, slide, rows):
    """Add every column to its window, the transpose of ``_columns``: a pixel sums over windows."""
    columns = columns.reshape(images.shape[1], *slide.size, len(rows), slide.out[1], -1)
    for i, j, pixels in _taps_of_rows(images, slide, rows):
        pixels += columns[:, i, j].transpose(3, 0, 1, 2)
