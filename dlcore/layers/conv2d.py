"""The convolution layer; as in every library, a cross-correlation."""

from collections.abc import Callable
from dataclasses import dataclass

from dlcore.errors import ShapeError, require_float, require_ndim
from dlcore.initializers import he_normal
from dlcore.layers._windows import (
    correlate,
    correlate_backward,
    output_size,
    pair,
    require_upstream,
)


def conv2d_forward(X, W, b, *, stride=1, padding=0):
    """Slide every filter over every image.

    ``Z[n, f, y, x] = sum_cij W[f, c, i, j] X[n, c, y s + i - p, x s + j - p] + b[f]``, where X is 0
    outside the image.

    Equation: eq-conv2d

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), relationship 6.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    W : array, shape (F, C, kH, kW)
    b : array, shape (F,)
    stride, padding : int or pair of int
        Vertical and horizontal.

    Returns
    -------
    Z : array, shape (N, F, oH, oW)
        With oH = floor((H + 2p - kH) / s) + 1, and oW likewise.
    cache : tuple
        For ``conv2d_backward``. It holds X and not its windows, which are kH kW times as many
        numbers.

    Raises
    ------
    TypeError
        When ``X`` holds integers.
    ShapeError
        When the shapes do not fit, or a filter is larger than the padded images.
    ValueError
        When ``stride`` or ``padding`` is not an int or a pair.
    """
    require_float("conv2d_forward", X=X)
    require_ndim("conv2d_forward", "X", X, 4, "(N, C, H, W)", "is the axis of channels missing?")
    require_ndim("conv2d_forward", "W", W, 4, "(F, C, kH, kW)", "one filter has a first axis of 1")
    if X.shape[1] != W.shape[1]:
        raise ShapeError(
            f"conv2d_forward: X has {X.shape[1]} channels but W expects {W.shape[1]} (X {X.shape}, "
            f"W {W.shape}); are the channels of X on its last axis?"
        )
    if b.shape != W.shape[:1]:
        raise ShapeError(
            f"conv2d_forward: b has shape {b.shape}, expected {W.shape[:1]}, one bias for each of "
            f"W's {W.shape[0]} filters; is there one for every pixel?"
        )
    stride = pair("conv2d_forward", "stride", stride, 1)
    padding = pair("conv2d_forward", "padding", padding, 0)
    out = output_size("conv2d_forward", X, W.shape[2:], stride, padding)
    return correlate(X, W, b, stride, padding, out), (X, W, stride, padding, out)


def conv2d_backward(dZ, cache, *, input_gradient=True):
    """Pull dL/dZ back through the convolution.

    Z[n, f, y, x] passes ``dZ W`` on to the pixels of its window, and ``dZ X`` to the filter.

    Equation: eq-convback-all

    Source: LeCun et al. (1998), section II.A; Dumoulin and Visin (2016), section 4.

    Parameters
    ----------
    dZ : array, shape (N, F, oH, oW)
    cache : what ``conv2d_forward`` returned
    input_gradient : bool
        Whether dX is wanted: more than half of the work.

    Returns
    -------
    dX : array, shape (N, C, H, W)
        None where it is not wanted.
    dW : array, shape (F, C, kH, kW)
    db : array, shape (F,)

    Raises
    ------
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W, stride, padding, out = cache
    require_upstream("conv2d_backward", "dZ", dZ, "Z", (len(X), len(W), *out))
    return correlate_backward(dZ, X, W, stride, padding, input_gradient=input_gradient)


@dataclass(frozen=True)
class Conv2d:
    """A layer of ``c_out`` filters that slide over ``c_in`` channels.

    Parameters
    ----------
    c_in, c_out : int
    size, stride, padding : int or pair of int
        Vertical and horizontal.
    weights : initializer
        For ``W``, shape (c_out, c_in, kH, kW); ``b`` starts at zero.
    """

    c_in: int
    c_out: int
    size: int | tuple
    stride: int | tuple = 1
    padding: int | tuple = 0
    weights: Callable = he_normal

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        kH, kW = pair("Conv2d", "size", self.size, 1)
        shape = (self.c_out, self.c_in, kH, kW)
        W = self.weights(rng, shape, self.c_in * kH * kW, self.c_out * kH * kW)
        return {"W": W, "b": 0.0 * W[:, 0, 0, 0]}

    def forward(self, params, X, *, train, rng):
        """Call ``conv2d_forward``."""
        return conv2d_forward(X, params["W"], params["b"], stride=self.stride, padding=self.padding)

    def backward(self, dZ, cache):
        """Call ``conv2d_backward``; the gradients come by parameter name."""
        dX, dW, db = conv2d_backward(dZ, cache)
        return dX, {"W": dW, "b": db}

    def parameter_gradients(self, dZ, cache):
        """Call ``conv2d_backward`` without dX: a first layer's is the gradient of the data."""
        _, dW, db = conv2d_backward(dZ, cache, input_gradient=False)
        return {"W": dW, "b": db}
