"""The Tanh layer, element by element."""

from dataclasses import dataclass

from dlcore.activations import tanh
from dlcore.errors import require_same_shape


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
        When ``Z`` holds integers.
    """
    A = tanh(Z)
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
    ShapeError
        When ``dA`` does not have Z's shape.
    """
    require_same_shape("tanh_backward", dA=dA, Z=cache)
    A = cache
    return dA * (1 - A**2)


@dataclass(frozen=True)
class Tanh:
    """Tanh as a layer without parameters."""

    def init(self, rng):
        """Return no parameters."""
        return {}

    def forward(self, params, Z, *, train, rng):
        """Call ``tanh_forward``."""
        return tanh_forward(Z)

    def backward(self, dA, cache):
        """Call ``tanh_backward``."""
        return tanh_backward(dA, cache), {}
