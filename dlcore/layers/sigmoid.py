"""The Sigmoid layer, element by element."""

from dataclasses import dataclass

from dlcore.activations import sigmoid
from dlcore.errors import require_float, require_upstream
from dlcore.protocols import Layer


def sigmoid_forward(Z):
    """Apply Sigmoid to every entry.

    Equation: eq-sigmoid

    Parameters
    ----------
    Z : array of floats, any shape

    Returns
    -------
    A : array, the shape of ``Z``
    cache : array
        The output A: the derivative is A (1 - A).

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats.
    """
    require_float("sigmoid_forward", Z=Z)
    A = sigmoid(Z)
    return A, A


def sigmoid_backward(dA, cache):
    """Pull dL/dA back through ``A = sigmoid(Z)``.

    Equation: eq-sigmoid-derivative

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``sigmoid_forward`` returned

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
    require_upstream("sigmoid_backward", "dA", dA, "A", A.shape)
    return dA * A * (1 - A)


@dataclass(frozen=True, repr=False)
class Sigmoid(Layer):
    """Sigmoid as a layer without parameters."""

    def forward(self, params, Z, *, train, rng):
        """Call ``sigmoid_forward``."""
        return sigmoid_forward(Z)

    def backward(self, dA, cache):
        """Call ``sigmoid_backward``."""
        return sigmoid_backward(dA, cache), {}
