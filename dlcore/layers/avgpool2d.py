"""Average pooling: the mean of each window."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import as_int_or_pair, as_pair, require_float, require_ndim, require_upstream
from dlcore.layers._windows import crop, output_size, pad, taps
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


def _read(function, size, stride, padding):
    """Return the options as pairs."""
    size = as_pair(function, "size", size, ge=1)
    stride = size if stride is None else as_pair(function, "stride", stride, ge=1)
    return size, stride, as_pair(function, "padding", padding, ge=0)


@half_in_single
def avgpool2d_forward(X, *, size, stride=None, padding=0):
    """Take the mean of each window, channel by channel.

    Equation: eq-avgpool

    Source: LeCun et al. (1998), section II.A, without the trainable coefficient.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    size : int or pair of int
        Vertical and horizontal, as all of these.
    stride : int or pair of int, optional
        ``size`` by default, so that windows do not overlap.
    padding : int or pair of int
        Surrounds the images by zeros, which count: every window is divided by kH kW.

    Returns
    -------
    A : array, shape (N, C, oH, oW)
    cache : tuple
        For ``avgpool2d_backward``.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` does not have four axes, or the window is larger than the padded images.
    ValueError
        When ``size``, ``stride`` or ``padding`` is not an int or a pair.
    """
    require_float("avgpool2d_forward", X=X)
    require_ndim("avgpool2d_forward", "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    size, stride, padding = _read("avgpool2d_forward", size, stride, padding)
    out = output_size("avgpool2d_forward", X, size, stride, padding)
    padded = pad(X / (size[0] * size[1]), padding)  # the sum of a window could overflow
    A = np.zeros_like(X, shape=(*X.shape[:2], *out))
    for _, _, seen in taps(padded, size, stride, out):
        A += seen
    return A, (A.shape, padded.shape, size, stride, padding)


@half_in_single
def avgpool2d_backward(dA, cache):
    """Share each gradient equally among the window's pixels; sum where windows overlap.

    Equation: eq-avgpool-backward

    Source: LeCun et al. (1998), section II.A.

    Parameters
    ----------
    dA : array, shape (N, C, oH, oW)
    cache : what ``avgpool2d_forward`` returned

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
    shape, padded_shape, size, stride, padding = cache
    require_upstream("avgpool2d_backward", "dA", dA, "A", shape)
    dpadded = np.zeros_like(dA, shape=padded_shape)
    share = dA / (size[0] * size[1])
    for _, _, dseen in taps(dpadded, size, stride, dA.shape[2:]):
        dseen += share
    return crop(dpadded, padding)


@dataclass(frozen=True, repr=False)
class AvgPool2d(Layer):
    """The mean of each window.

    Parameters
    ----------
    size : int or pair of int
    stride : int or pair of int, optional
        The size by default, so that windows do not overlap.
    padding : int or pair of int

    Raises
    ------
    ValueError
        When an option is not an int or a pair.
    """

    size: int | tuple
    stride: int | tuple | None = None
    padding: int | tuple = 0

    def __post_init__(self):
        _read("AvgPool2d", self.size, self.stride, self.padding)
        for name in ("size", "stride", "padding"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, as_int_or_pair("AvgPool2d", name, value, ge=0))

    def forward(self, params, X, *, train, rng):
        """Call ``avgpool2d_forward``."""
        return avgpool2d_forward(X, size=self.size, stride=self.stride, padding=self.padding)

    def backward(self, dA, cache):
        """Call ``avgpool2d_backward``."""
        return avgpool2d_backward(dA, cache), {}
