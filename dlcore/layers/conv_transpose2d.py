"""The transposed convolution: what ``conv2d`` does on its way back, as a layer that enlarges."""

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
from dlcore.layers._windows import Slide, correlate, correlate_backward
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


@half_in_single
def conv_transpose2d_forward(
    X, W, b, *, stride=1, padding=0, output_padding=0, dilation=1, groups=1
):
    """Lay every filter, times a pixel, on the window of that pixel, and add up.

    ``Z[n, f, y s + i d - p, x s + j d - p] += W[c, f, i, j] X[n, c, y, x]`` for all c, i, j, y and
    x, inside of Z, which starts at b[f]. Channel c of group g writes only to the filters of its
    group, so then ``g C_out / groups + f`` stands for f in Z, with ``g = floor(c groups / C_in)``.

    This is ``conv2d_backward``'s map from dZ to dX, for the convolution with the same W and
    options. That convolution may have left pixels unread behind its last window, and makes the same
    output without them; how many there were is ``output_padding``.

    Equation: eq-convback-transposed

    Source: Dumoulin and Visin (2016), relationship 14.

    Parameters
    ----------
    X : array of floats, shape (N, C_in, H, W)
    W : array, shape (C_in, C_out/groups, kH, kW)
        As for the convolution that this one transposes, which has C_in filters; so in PyTorch.
    b : array, shape (C_out,)
    stride, padding : int or pair of int
        Vertical and horizontal, of the convolution that this one transposes: the stride enlarges
        and the padding crops.
    output_padding : int or pair of int
        Rows and columns more at the end of Z, fewer than the stride.
    dilation : int or pair of int
    groups : int
        Into how many equal parts the channels, and the filters, are divided.

    Returns
    -------
    Z : array, shape (N, C_out, oH, oW)
        With oH = s (H - 1) + d (kH - 1) + 1 - 2p + output_padding, and oW likewise.
    cache : tuple
        For ``conv_transpose2d_backward``.

    Raises
    ------
    TypeError
        When ``X``, ``W`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit, also not into the groups, or the crop leaves nothing.
    ValueError
        When ``stride``, ``padding``, ``output_padding`` or ``dilation`` is not an int or a pair,
        ``output_padding`` is not less than the stride, or ``groups`` is not an int.
    """
    name = "conv_transpose2d_forward"
    require_float(name, X=X, W=W, b=b)
    require_ndim(name, "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    meaning = "(C_in, C_out/groups, kH, kW)"
    require_ndim(name, "W", W, 4, meaning, "one filter has a second axis of 1")
    groups = as_int(name, "groups", groups, ge=1)
    if len(W) != X.shape[1]:
        hint = "a convolution's filters have C_out first, these have C_in"
        raise ShapeError(
            f"{name}: W has shape {W.shape}, expected {meaning} with C_in = {X.shape[1]} (X "
            f"{X.shape}); {hint if W.shape[1] == X.shape[1] else 'was W made for another layer?'}"
        )
    _require_groups(name, groups, C_in=X.shape[1])
    if b.shape != (groups * W.shape[1],):
        raise ShapeError(
            f"{name}: b has shape {b.shape}, expected {(groups * W.shape[1],)}, one bias for each "
            f"channel of the output: groups {groups}, and {W.shape[1]} in each (W {W.shape})"
        )
    slide, out = _read_slide(name, X, W, stride, padding, output_padding, dilation)
    images = np.zeros_like(X, shape=(len(X), len(b), *out))
    Z, _, _ = correlate_backward(X, images, W, slide)
    return Z + b[:, np.newaxis, np.newaxis], (X, W, Z.shape, slide)


@half_in_single
def conv_transpose2d_backward(dZ, cache):
    """Pull dL/dZ back through the transposed convolution: dX is a convolution of dZ.

    Equation: eq-convback-transposed-backward

    Source: Dumoulin and Visin (2016), section 4.

    Parameters
    ----------
    dZ : array, shape (N, C_out, oH, oW)
    cache : what ``conv_transpose2d_forward`` returned

    Returns
    -------
    dX : array, shape (N, C_in, H, W)
    dW : array, shape (C_in, C_out/groups, kH, kW)
    db : array, shape (C_out,)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W, shape, slide = cache
    require_upstream("conv_transpose2d_backward", "dZ", dZ, "Z", shape)
    dX = correlate(dZ, W, np.zeros_like(W, shape=len(W)), slide)
    _, dW, _ = correlate_backward(X, dZ, W, slide, input_gradient=False)
    return dX, dW, dZ.sum(axis=(0, 2, 3))


def _read_slide(function, X, W, stride, padding, output_padding, dilation):
    """Return how windows slide over the output, one for each pixel of X, and the output's size."""
    stride = as_pair(function, "stride", stride, ge=1)
    padding = as_pair(function, "padding", padding, ge=0)
    dilation = as_pair(function, "dilation", dilation, ge=1)
    more = as_pair(function, "output_padding", output_padding, ge=0)
    _require_remainder(function, more, stride)
    size, out = W.shape[2:], X.shape[2:]
    large = tuple(
        s * (n - 1) + d * (k - 1) + 1 - 2 * p + r
        for n, k, s, p, r, d in zip(out, size, stride, padding, more, dilation, strict=True)
    )
    if min(*out, *large) < 1:
        raise ShapeError(
            f"{function}: images of {out} (X {X.shape}) become images of {large}, expected at "
            f"least one pixel; padding {padding} crops at each border: too much?"
        )
    return Slide(size, stride, padding, dilation, out), large


def _require_remainder(function, more, stride):
    """Raise an error where ``output_padding`` can not be what a stride leaves over."""
    if any(r >= s for r, s in zip(more, stride, strict=True)):
        raise ValueError(
            f"{function}: output_padding is {more}, expected less than the stride {stride}: a "
            "stride leaves fewer pixels than it has; a larger stride?"
        )


def _require_groups(function, groups, **channels):
    """Raise an error where ``groups`` does not divide the numbers of channels."""
    if any(number % groups for number in channels.values()):
        raise ShapeError(
            f"{function}: groups is {groups}, expected a number that divides "
            f"{' and '.join(channels)}, {' and '.join(map(str, channels.values()))}; every group "
            "has as many channels"
        )


@dataclass(frozen=True, repr=False)
class ConvTranspose2d(Layer):
    """A layer of transposed convolution: ``c_in`` channels become ``c_out`` larger ones.

    Parameters
    ----------
    c_in, c_out : int
    size, stride, padding, output_padding, dilation : int or pair of int
        Vertical and horizontal.
    groups : int
        A channel writes only to the ``c_out / groups`` channels of its group.
    weights : initializer
        For ``W``, shape (c_in, c_out/groups, kH, kW). Its fan-in is the mean number of products in
        an output, rounded up: a stride spreads them. ``b`` starts at zero.

    Raises
    ------
    TypeError, ValueError
        When a number of channels or groups is not a whole number >= 1, another option not an int
        or a pair, ``output_padding`` not less than the stride, or ``weights`` not an initializer.
    ShapeError
        When the groups do not divide both numbers of channels.
    """

    c_in: int
    c_out: int
    size: int | tuple
    stride: int | tuple = 1
    padding: int | tuple = 0
    output_padding: int | tuple = 0
    dilation: int | tuple = 1
    groups: int = 1
    weights: Callable = he_normal

    def __post_init__(self):
        name = "ConvTranspose2d"
        for field in ("c_in", "c_out", "groups"):
            object.__setattr__(self, field, as_int(name, field, getattr(self, field), ge=1))
        least = {"size": 1, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
        for field, ge in least.items():
            value = as_int_or_pair(name, field, getattr(self, field), ge=ge)
            object.__setattr__(self, field, value)
        more, stride = self._pair("output_padding"), self._pair("stride")
        _require_remainder(name, more, stride)
        _require_groups(name, self.groups, C_in=self.c_in, C_out=self.c_out)
        require_initializer(name, self.weights)

    def _pair(self, field):
        return as_pair("ConvTranspose2d", field, getattr(self, field), ge=0)

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        (kH, kW), (sH, sW) = self._pair("size"), self._pair("stride")
        read, made = self.c_in // self.groups, self.c_out // self.groups  # within a group
        fan_in = -(-read * kH * kW // (sH * sW))  # rounded up
        W = self.weights(rng, (self.c_in, made, kH, kW), fan_in, made * kH * kW)
        return {"W": W, "b": np.zeros_like(W, shape=self.c_out)}

    def forward(self, params, X, *, train, rng):
        """Call ``conv_transpose2d_forward``."""
        return conv_transpose2d_forward(
            X,
            params["W"],
            params["b"],
            stride=self.stride,
            padding=self.padding,
            output_padding=self.output_padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def backward(self, dZ, cache):
        """Call ``conv_transpose2d_backward``; the gradients come by parameter name."""
        dX, dW, db = conv_transpose2d_backward(dZ, cache)
        return dX, {"W": dW, "b": db}
