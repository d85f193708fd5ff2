"""The ReLU layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import require_float, require_upstream
from dlcore.protocols import Layer


def relu_forward(Z):
    """Apply ReLU to every entry.

    Equation: eq-relu

    Parameters
    ----------
    Z : array of floats, any shape

    Returns
    -------
    A : array, the shape of ``Z``
    cache : array
        Where Z > 0: the derivative is 1 there and 0 elsewhere, at Z = 0 too.

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats.
    """
    require_float("relu_forward", Z=Z)
    return np.maximum(Z, 0.0), Z > 0


def relu_backward(dA, cache):
    """Pull dL/dA back through ``A = relu(Z)``.

    Equation: eq-relu-derivative

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``relu_forward`` returned

    Returns
    -------
    dZ : array, the shape of Z

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have Z's shape.
    """
    positive = cache
    require_upstream("relu_backward", "dA", dA, "A", positive.shape)
    return dA * positive


@dataclass(frozen=True, repr=False)
class ReLU(Layer):
    """ReLU as a layer without parameters."""

    def forward(self, params, Z, *, train, rng):
        """Call ``relu_forward``."""
        return relu_forward(Z)

    def backward(self, dA, cache):
        """Call ``relu_backward``."""
        return relu_backward(dA, cache), {}
