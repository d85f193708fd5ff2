"""The convolution layer; as in every library, a cross-correlation."""

from collections.abc import Callable
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
from dlcore.initializers import he_normal, require_initializer
from dlcore.layers._windows import correlate, correlate_backward, read_slide
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


@half_in_single
def conv2d_forward(X, W, b, *, stride=1, padding=0, dilation=1, groups=1):
    """Slide every filter over every image.

    ``Z[n, f, y, x] = sum_cij W[f, c, i, j] X[n, c, y s + i d - p, x s + j d - p] + b[f]``, where X
    is 0 outside the image. Filter f of group g reads only the channels of its group, so then
    ``g C_in / groups + c`` stands for c in X, with ``g = floor(f groups / C_out)``.

    Equation: eq-conv2d

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), relationship 6, and 15
    with dilation; Krizhevsky, Sutskever and Hinton (2012), section 3.5, for groups.

    Parameters
    ----------
    X : array of floats, shape (N, C_in, H, W)
    W : array, shape (C_out, C_in/groups, kH, kW)
    b : array, shape (C_out,)
    stride, padding, dilation : int or pair of int
        Vertical and horizontal. Between two entries of a filter lie d - 1 pixels that it skips.
    groups : int
        Into how many equal parts the channels and the filters are divided. With C_in groups every
        filter reads one channel: the convolution is depthwise.

    Returns
    -------
    Z : array, shape (N, C_out, oH, oW)
        With oH = floor((H + 2p - d (kH - 1) - 1) / s) + 1, and oW likewise.
    cache : tuple
        For ``conv2d_backward``. It holds X and not its windows, which are kH kW times as many
        numbers.

    Raises
    ------
    TypeError
        When ``X``, ``W`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit, also not into the groups, or a filter covers more than the
        padded images.
    ValueError
        When ``stride``, ``padding`` or ``dilation`` is not an int or a pair, or ``groups`` is not
        an int.
    """
    require_float("conv2d_forward", X=X, W=W, b=b)
    require_ndim("conv2d_forward", "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    meaning = "(C_out, C_in/groups, kH, kW)"
    require_ndim("conv2d_forward", "W", W, 4, meaning, "one filter has a first axis of 1")
    _require_groups("conv2d_forward", groups, X.shape[1], len(W))
    if X.shape[1] // groups != W.shape[1]:
        raise ShapeError(
            f"conv2d_forward: W has shape {W.shape}, expected {meaning} with C_in/groups = "
            f"{X.shape[1]}/{groups} = {X.shape[1] // groups} (X {X.shape}); "
            f"{_why_channels_differ(X, W, groups)}"
        )
    if b.shape != W.shape[:1]:
        raise ShapeError(
            f"conv2d_forward: b has shape {b.shape}, expected {W.shape[:1]}, one bias for each of "
            f"W's {W.shape[0]} filters; is there one for every pixel?"
        )
    slide = read_slide("conv2d_forward", X, W.shape[2:], stride, padding, dilation)
    return correlate(X, W, b, slide), (X, W, slide)


@half_in_single
def conv2d_backward(dZ, cache, *, input_gradient=True):
    """Pull dL/dZ back through the convolution.

    Z[n, f, y, x] passes ``dZ W`` on to the pixels of its window, and ``dZ X`` to the filter.

    Equation: eq-convback-all, eq-convback-weights, eq-convback-bias, eq-convback-channels
    Equation: eq-convback-groups

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), section 4.

    Parameters
    ----------
    dZ : array, shape (N, C_out, oH, oW)
    cache : what ``conv2d_forward`` returned
    input_gradient : bool
        Whether dX is wanted: more than half of the work.

    Returns
    -------
    dX : array, shape (N, C_in, H, W)
        None where it is not wanted.
    dW : array, shape (C_out, C_in/groups, kH, kW)
    db : array, shape (C_out,)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W, slide = cache
    require_upstream("conv2d_backward", "dZ", dZ, "Z", (len(X), len(W), *slide.out))
    return correlate_backward(dZ, X, W, slide, input_gradient=input_gradient)


def _require_groups(function, groups, c_in, c_out):
    """Raise an error where ``groups`` is no whole number that divides both numbers of channels."""
    as_int(function, "groups", groups, ge=1)
    if c_in % groups or c_out % groups:
        raise ShapeError(
            f"{function}: groups is {groups}, expected a number that divides C_in and C_out, "
            f"{c_in} and {c_out}; every group has as many channels and as many filters"
        )


def _why_channels_differ(X, W, groups):
    if groups > 1 and W.shape[1] == X.shape[1]:
        return "a filter reads the channels of its group only"
    if X.shape[-1] == W.shape[1] * groups:
        return "are the channels of X on its last axis?"
    return "was W made for another layer, or for other groups?"


@dataclass(frozen=True, repr=False)
class Conv2d(Layer):
    """A layer of ``c_out`` filters that slide over ``c_in`` channels.

    Parameters
    ----------
    c_in, c_out : int
    size, stride, padding, dilation : int or pair of int
        Vertical and horizontal.
    groups : int
        A filter reads only the ``c_in / groups`` channels of its group.
    weights : initializer
        For ``W``, shape (c_out, c_in/groups, kH, kW); it gets the fans within a group. ``b``
        starts at zero.

    Raises
    ------
    TypeError, ValueError
        When a number of channels or groups is not a whole number >= 1, another option not an int
        or a pair, or ``weights`` not an initializer.
    ShapeError
        When the groups do not divide both numbers of channels.
    """

    c_in: int
    c_out: int
    size: int | tuple
    stride: int | tuple = 1
    padding: int | tuple = 0
    dilation: int | tuple = 1
    groups: int = 1
    weights: Callable = he_normal

    def __post_init__(self):
        for name in ("c_in", "c_out", "groups"):
            object.__setattr__(self, name, as_int("Conv2d", name, getattr(self, name), ge=1))
        for name, ge in {"size": 1, "stride": 1, "padding": 0, "dilation": 1}.items():
            value = as_int_or_pair("Conv2d", name, getattr(self, name), ge=ge)
            object.__setattr__(self, name, value)
        _require_groups("Conv2d", self.groups, self.c_in, self.c_out)
        require_initializer("Conv2d", self.weights)

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        kH, kW = as_pair("Conv2d", "size", self.size, ge=1)
        read, made = self.c_in // self.groups, self.c_out // self.groups  # within a group
        W = self.weights(rng, (self.c_out, read, kH, kW), read * kH * kW, made * kH * kW)
        return {"W": W, "b": np.zeros_like(W, shape=W.shape[:1])}

    def forward(self, params, X, *, train, rng):
        """Call ``conv2d_forward``."""
        return conv2d_forward(
            X,
            params["W"],
            params["b"],
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def backward(self, dZ, cache):
        """Call ``conv2d_backward``; the gradients come by parameter name."""
        dX, dW, db = conv2d_backward(dZ, cache)
        return dX, {"W": dW, "b": db}

    def parameter_gradients(self, dZ, cache):
        """Call ``conv2d_backward`` without dX: a first layer's is the gradient of the data."""
        _, dW, db = conv2d_backward(dZ, cache, input_gradient=False)
        return {"W": dW, "b": db}
