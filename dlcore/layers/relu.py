"""The ReLU layer, element by element."""

from dataclasses import dataclass

from dlcore.activations import relu
from dlcore.errors import require_same_shape


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
        When ``Z`` holds integers.
    """
    A = relu(Z)
    return A, Z > 0


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
    ShapeError
        When ``dA`` does not have Z's shape.
    """
    require_same_shape("relu_backward", dA=dA, Z=cache)
    positive = cache
    return dA * positive


@dataclass(frozen=True)
class ReLU:
    """ReLU as a layer without parameters."""

    def init(self, rng):
        """Return no parameters."""
        return {}

    def forward(self, params, Z, *, train, rng):
        """Call ``relu_forward``."""
        return relu_forward(Z)

    def backward(self, dA, cache):
        """Call ``relu_backward``."""
        return relu_backward(dA, cache), {}
