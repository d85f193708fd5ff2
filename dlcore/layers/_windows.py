"""The windows that convolution and pooling slide over images."""

from numbers import Integral

import numpy as np

from dlcore.errors import ShapeError


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
    """Return (oH, oW): floor((n + 2p - k) / s) + 1 along each axis of the images (..., H, W)."""
    padded = tuple(n + 2 * p for n, p in zip(X.shape[2:], padding, strict=True))
    if padded[0] < size[0] or padded[1] < size[1]:
        raise ShapeError(
            f"{function}: a window of {size} does not fit into images of {padded} (X {X.shape} "
            f"with padding {padding}); are the images too small for so many layers?"
        )
    return tuple((n - k) // s + 1 for n, k, s in zip(padded, size, stride, strict=True))


def pad(X, padding, value=0.0):
    """Surround the images of ``X`` (N, C, H, W) by ``value``."""
    (pH, pW), (N, C, H, W) = padding, X.shape
    if pH == pW == 0:
        return X
    padded = np.full_like(X, value, shape=(N, C, H + 2 * pH, W + 2 * pW))
    padded[:, :, pH : pH + H, pW : pW + W] = X
    return padded


def crop(padded, padding):
    """Undo ``pad``: return a view of the images without their surroundings."""
    (pH, pW), (H, W) = padding, padded.shape[2:]
    return padded[:, :, pH : H - pH, pW : W - pW]


def taps(padded, size, stride, out):
    """Yield what each entry of the window sees as the window slides.

    Yields ``(i, j, view)``, ``view[n, c, y, x] = padded[n, c, y s + i, x s + j]``: a loop over the
    few entries of a window, instead of one over the many windows.
    """
    (kH, kW), (sH, sW), (oH, oW) = size, stride, out
    for i in range(kH):
        for j in range(kW):
            yield i, j, padded[:, :, i : i + sH * oH : sH, j : j + sW * oW : sW]
