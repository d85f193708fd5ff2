"""LeNet-5's trainable pooling."""

import math
from dataclasses import dataclass

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_int,
    as_int_or_pair,
    as_pair,
    require_float,
    require_ndim,
    require_upstream,
)
from dlcore.initializers import zeros
from dlcore.layers._windows import output_size, taps
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


@half_in_single
def subsample_forward(X, w, b, *, size):
    """Multiply the sum of each window by its channel's ``w`` and add ``b``; squashing comes after.

    Windows do not overlap; rows and columns that do not fill one are left out.

    Equation: eq-lenet-subsample

    Source: LeCun et al. (1998), section II.B, layers S2 and S4.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    w, b : array, shape (C,)
    size : int or pair of int
        Vertical and horizontal.

    Returns
    -------
    Z : array, shape (N, C, floor(H / kH), floor(W / kW))
    cache : tuple
        For ``subsample_backward``.

    Raises
    ------
    TypeError
        When ``X``, ``w`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit, or the window is larger than the images.
    ValueError
        When ``size`` is not an int or a pair.
    """
    require_float("subsample_forward", X=X, w=w, b=b)
    require_ndim("subsample_forward", "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    for name, array in {"w": w, "b": b}.items():
        if array.shape != X.shape[1:2]:
            raise ShapeError(
                f"subsample_forward: {name} has shape {array.shape}, expected {X.shape[1:2]}, one "
                f"number for each of X's {X.shape[1]} channels; are they on axis 1?"
            )
    size = as_pair("subsample_forward", "size", size, ge=1)
    out = output_size("subsample_forward", X, size, size, (0, 0))
    total = np.zeros_like(X, shape=(*X.shape[:2], *out))
    for _, _, seen in taps(X, size, size, out):
        total += seen
    Z = w[:, np.newaxis, np.newaxis] * total + b[:, np.newaxis, np.newaxis]
    return Z, (X.shape, total, w, size)


@half_in_single
def subsample_backward(dZ, cache):
    """Pull dL/dZ back through ``Z = w (sum of the window) + b``.

    Equation: eq-lenet-subsample-backward

    Source: LeCun et al. (1998), section II.B.

    Parameters
    ----------
    dZ : array, shape (N, C, oH, oW)
    cache : what ``subsample_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dw, db : array, shape (C,)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    shape, total, w, size = cache
    require_upstream("subsample_backward", "dZ", dZ, "Z", total.shape)
    dX = np.zeros_like(dZ, shape=shape)
    dtotal = dZ * w[:, np.newaxis, np.newaxis]
    for _, _, dseen in taps(dX, size, size, dZ.shape[2:]):
        dseen[...] = dtotal
    dw = np.sum(dZ * total, axis=(0, 2, 3))  # (N, C, oH, oW) -> (C,)
    db = np.sum(dZ, axis=(0, 2, 3))  # (N, C, oH, oW) -> (C,)
    return dX, dw, db


@dataclass(frozen=True, repr=False)
class Subsample(Layer):
    """Pooling with a coefficient and a bias a channel; it starts as the mean of the window.

    Parameters
    ----------
    channels : int
    size : int or pair of int

    Raises
    ------
    TypeError, ValueError
        When ``channels`` is not a whole number >= 1, or ``size`` not an int or a pair.
    """

    channels: int
    size: int | tuple

    def __post_init__(self):
        channels = as_int("Subsample", "channels", self.channels, ge=1)
        object.__setattr__(self, "channels", channels)
        object.__setattr__(self, "size", as_int_or_pair("Subsample", "size", self.size, ge=1))

    def init(self, rng):
        """Set ``w`` to 1 / (kH kW) and ``b`` to zero."""
        kH, kW = as_pair("Subsample", "size", self.size, ge=1)
        b = zeros(rng, (self.channels,), fan_in=1, fan_out=1)
        return {"w": b + 1.0 / (kH * kW), "b": b}

    def forward(self, params, X, *, train, rng):
        """Call ``subsample_forward``."""
        return subsample_forward(X, params["w"], params["b"], size=self.size)

    def backward(self, dZ, cache):
        """Call ``subsample_backward``; the gradients come by parameter name."""
        dX, dw, db = subsample_backward(dZ, cache)
        return dX, {"w": dw, "b": db}

    def uses(self, params, out):
        """Count: ``w`` reads every pixel of a window, but multiplies only their sum."""
        kH, kW = as_pair("Subsample", "size", self.size, ge=1)
        return (kH * kW + 1) * math.prod(out), math.prod(out)
