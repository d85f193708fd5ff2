"""Convolution whose filters each read only some of the channels: LeNet-5's layer C3."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlcore.errors import (
    ShapeError,
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


def _table(function, connections):
    """Return a table of connections as tuples of bools, a row a filter."""
    try:
        table = tuple(tuple(map(bool, row)) for row in connections)
        fits = len(set(map(len, table))) <= 1
    except (TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(
            f"{function}: connections is {connections!r}, expected rows of bools, a row a filter "
            "and a column a channel; all of one length?"
        )
    return table


@half_in_single
def conv2d_connected_forward(X, W, b, connections, *, stride=1, padding=0):
    """Convolve each filter with the channels that it is connected to, and no others.

    Equation: eq-lenet-c3

    Source: LeCun et al. (1998), section II.B, table I.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    W : array, shape (K, kH, kW)
        A kernel for each of the K connections, in the row-major order of ``connections``.
    b : array, shape (F,)
    connections : array of bool, shape (F, C)
        Row f says which channels filter f reads. A table in the program, not on a GPU.
    stride, padding : int or pair of int
        Vertical and horizontal.

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
    cache : tuple
        For ``conv2d_connected_backward``.

    Raises
    ------
    TypeError
        When ``X``, ``W`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit, or a filter is larger than the padded images.
    ValueError
        When ``connections`` is no table, or ``stride`` or ``padding`` not an int or a pair.
    """
    name = "conv2d_connected_forward"
    require_float(name, X=X, W=W, b=b)
    require_ndim(name, "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    require_ndim(name, "W", W, 3, "(K, kH, kW)", "only the connected kernels, one after the other?")
    table = _table(name, connections)
    require_ndim(name, "b", b, 1, "(F,)", "one bias for each filter")
    if np.shape(table) != (*b.shape, X.shape[1]):
        raise ShapeError(
            f"{name}: connections has shape {np.shape(table)}, expected "
            f"{(*b.shape, X.shape[1])}: a row for each of b's filters, a column for each of X's "
            "channels; is it transposed?"
        )
    filters, channels = np.nonzero(table)
    if len(W) != len(filters):
        raise ShapeError(
            f"{name}: W holds {len(W)} kernels but connections has {len(filters)} entries that are "
            "True; one kernel for each of them"
        )
    slide = read_slide(name, X, W.shape[1:], stride, padding)
    where = filters.tolist(), channels.tolist()
    full = np.zeros_like(W, shape=(len(b), X.shape[1], *W.shape[1:]))
    full[where] = W  # all kernels, (F, C, kH, kW): 0 where there is no connection
    return correlate(X, full, b, slide), (X, full, where, slide)


@half_in_single
def conv2d_connected_backward(dZ, cache):
    """Pull dL/dZ back through ``conv2d_connected_forward``.

    Equation: eq-lenet-c3-backward

    Source: LeCun et al. (1998), section II.B.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv2d_connected_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)
    dW : array, shape (K, kH, kW)
    db : array, shape (F,)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, full, where, slide = cache
    require_upstream("conv2d_connected_backward", "dZ", dZ, "Z", (len(X), len(full), *slide.out))
    dX, dfull, db = correlate_backward(dZ, X, full, slide)
    return dX, dfull[where], db  # (F, C, kH, kW) -> (K, kH, kW)


@dataclass(frozen=True, repr=False)
class Conv2dConnected(Layer):
    """A convolution layer with a table of connections.

    Parameters
    ----------
    connections : sequence of sequences of bool
        One row a filter, one column a channel; no filter without a channel.
    size, stride, padding : int or pair of int
        Vertical and horizontal.
    weights : initializer
        For the kernels of one filter at a time, whose fan-in counts only its own; ``b`` starts at
        zero.

    Raises
    ------
    TypeError
        When ``weights`` is not an initializer.
    ValueError
        When ``connections`` is no such table, or another option not an int or a pair.
    """

    connections: tuple
    size: int | tuple
    stride: int | tuple = 1
    padding: int | tuple = 0
    weights: Callable = he_normal

    def __post_init__(self):
        table = _table("Conv2dConnected", self.connections)
        if not table or not all(map(any, table)):
            raise ValueError(
                f"Conv2dConnected: connections is {table}, expected filters that each read a "
                "channel; is a row all False?"
            )
        object.__setattr__(self, "connections", table)
        for name, ge in {"size": 1, "stride": 1, "padding": 0}.items():
            value = as_int_or_pair("Conv2dConnected", name, getattr(self, name), ge=ge)
            object.__setattr__(self, name, value)
        require_initializer("Conv2dConnected", self.weights)

    def init(self, rng):
        """Draw ``W`` filter by filter, and set ``b`` to zero."""
        kH, kW = as_pair("Conv2dConnected", "size", self.size, ge=1)
        filters = len(self.connections)
        kernels = []
        for row in self.connections:
            read = int(sum(row))
            kernels.append(self.weights(rng, (read, kH, kW), read * kH * kW, filters * kH * kW))
        W = np.concatenate(kernels)
        return {"W": W, "b": np.zeros_like(W, shape=filters)}

    def forward(self, params, X, *, train, rng):
        """Call ``conv2d_connected_forward``."""
        return conv2d_connected_forward(
            X,
            params["W"],
            params["b"],
            self.connections,
            stride=self.stride,
            padding=self.padding,
        )

    def backward(self, dZ, cache):
        """Call ``conv2d_connected_backward``; the gradients come by parameter name."""
        dX, dW, db = conv2d_connected_backward(dZ, cache)
        return dX, {"W": dW, "b": db}
