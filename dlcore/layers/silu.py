"""The SiLU layer, element by element."""

from dataclasses import dataclass

from dlcore.activations import sigmoid
from dlcore.errors import require_float, require_upstream
from dlcore.protocols import Layer


def silu_forward(Z):
    """Apply SiLU to every entry: Z times its own sigmoid.

    Equation: eq-silu

    Source: Elfwing, Uchibe and Doya (2018).

    Parameters
    ----------
    Z : array of floats, any shape

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple
        Z and G = sigmoid(Z): the derivative is G (1 + Z (1 - G)).

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats.
    """
    require_float("silu_forward", Z=Z)
    G = sigmoid(Z)
    return Z * G, (Z, G)


def silu_backward(dA, cache):
    """Pull dL/dA back through ``A = silu(Z)``.

    Equation: eq-silu-derivative

    Source: Elfwing, Uchibe and Doya (2018).

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``silu_forward`` returned

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
    Z, G = cache
    require_upstream("silu_backward", "dA", dA, "A", Z.shape)
    return dA * (G * (1 + Z * (1 - G)))


@dataclass(frozen=True, repr=False)
class SiLU(Layer):
    """SiLU as a layer without parameters."""

    def forward(self, params, Z, *, train, rng):
        """Call ``silu_forward``."""
        return silu_forward(Z)

    def backward(self, dA, cache):
        """Call ``silu_backward``."""
        return silu_backward(dA, cache), {}
