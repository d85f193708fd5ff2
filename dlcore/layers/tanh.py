"""The Tanh layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import require_float, require_upstream
from dlcore.protocols import Layer


def tanh_forward(Z):
    """Apply Tanh to every entry.

    Equation: eq-tanh

    Parameters
    ----------
    Z : array of floats, any shape

    Returns
    -------
    A : array, the shape of ``Z``
    cache : array
        The output A: the derivative is 1 - A².

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats.
    """
    require_float("tanh_forward", Z=Z)
    A = np.tanh(Z)
    return A, A


def tanh_backward(dA, cache):
    """Pull dL/dA back through ``A = tanh(Z)``.

    Equation: eq-tanh-derivative

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``tanh_forward`` returned

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
    A = cache
    require_upstream("tanh_backward", "dA", dA, "A", A.shape)
    return dA * (1 - A**2)


@dataclass(frozen=True, repr=False)
class Tanh(Layer):
    """Tanh as a layer without parameters."""

    def forward(self, params, Z, *, train, rng):
        """Call ``tanh_forward``."""
        return tanh_forward(Z)

    def backward(self, dA, cache):
        """Call ``tanh_backward``."""
        return tanh_backward(dA, cache), {}
