"""Max pooling: the largest number of each window."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import as_int_or_pair, as_pair, require_float, require_ndim, require_upstream
from dlcore.layers._windows import crop, output_size, pad, taps
from dlcore.protocols import Layer


def _read(function, size, stride, padding):
    """Return the options as pairs."""
    size = as_pair(function, "size", size, ge=1)
    stride = size if stride is None else as_pair(function, "stride", stride, ge=1)
    padding = as_pair(function, "padding", padding, ge=0)
    if padding[0] >= size[0] or padding[1] >= size[1]:
        raise ValueError(
            f"{function}: padding is {padding}, expected less than size {size}; some windows "
            "would hold nothing but padding"
        )
    return size, stride, padding


def maxpool2d_forward(X, *, size, stride=None, padding=0):
    """Take the largest number of each window, channel by channel.

    Equation: eq-maxpool

    Source: Riesenhuber and Poggio (1999); Krizhevsky et al. (2012), section 3.4, for windows that
    overlap.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    size : int or pair of int
        Vertical and horizontal, as all of these.
    stride : int or pair of int, optional
        ``size`` by default, so that windows do not overlap.
    padding : int or pair of int
        Surrounds the images by minus infinity, which is never the largest; less than ``size``.

    Returns
    -------
    A : array, shape (N, C, oH, oW)
    cache : tuple
        For ``maxpool2d_backward``: the place of the largest in each window, the first of equals.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` does not have four axes, or the window is larger than the padded images.
    ValueError
        When ``size``, ``stride`` or ``padding`` is not an int or a pair, or ``padding`` is too
        large.
    """
    require_float("maxpool2d_forward", X=X)
    require_ndim("maxpool2d_forward", "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    size, stride, padding = _read("maxpool2d_forward", size, stride, padding)
    out = output_size("maxpool2d_forward", X, size, stride, padding)
    padded = pad(X, padding, -np.inf)
    (_, _, first), *others = taps(padded, size, stride, out)
    A = np.copy(first, order="K")
    place = np.zeros_like(A, dtype=np.min_scalar_type(size[0] * size[1]))
    for i, j, seen in others:
        larger = seen > A  # than all before: of equals, the first
        np.maximum(place, larger * place.dtype.type(i * size[1] + j), out=place)
        np.maximum(A, seen, out=A)
    return A, (place, padded.shape, size, stride, padding)


def maxpool2d_backward(dA, cache):
    """Send each gradient to its window's largest number; sum where windows overlap.

    Equation: eq-maxpool-backward

    Source: LeCun et al. (1998), section II; Krizhevsky et al. (2012), section 3.4.

    Parameters
    ----------
    dA : array, shape (N, C, oH, oW)
    cache : what ``maxpool2d_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have A's shape.
    """
    place, padded_shape, size, stride, padding = cache
    require_upstream("maxpool2d_backward", "dA", dA, "A", place.shape)
    upstream = np.empty_like(place, dA.dtype)  # in memory as A and X lie: mixed orders are slow
    upstream[...] = dA
    dpadded = np.zeros_like(upstream, shape=padded_shape)
    for i, j, dseen in taps(dpadded, size, stride, dA.shape[2:]):
        dseen += upstream * (place == i * size[1] + j)
    return crop(dpadded, padding)


@dataclass(frozen=True, repr=False)
class MaxPool2d(Layer):
    """The largest number of each window.

    Parameters
    ----------
    size : int or pair of int
    stride : int or pair of int, optional
        The size by default, so that windows do not overlap.
    padding : int or pair of int
        Less than the size.

    Raises
    ------
    ValueError
        When an option is not an int or a pair, or ``padding`` is too large.
    """

    size: int | tuple
    stride: int | tuple | None = None
    padding: int | tuple = 0

    def __post_init__(self):
        _read("MaxPool2d", self.size, self.stride, self.padding)
        for name in ("size", "stride", "padding"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, as_int_or_pair("MaxPool2d", name, value, ge=0))

    def forward(self, params, X, *, train, rng):
        """Call ``maxpool2d_forward``."""
        return maxpool2d_forward(X, size=self.size, stride=self.stride, padding=self.padding)

    def backward(self, dA, cache):
        """Call ``maxpool2d_backward``."""
        return maxpool2d_backward(dA, cache), {}
