"""The scaled tanh layer of LeNet-5, element by element."""

from dataclasses import dataclass

from dlcore.activations import tanh
from dlcore.errors import require_float, require_same_shape


def scaled_tanh_forward(Z, A=1.7159, S=2 / 3):
    """Apply A tanh(S z) to every entry.

    Equation: eq-scaled-tanh

    Source: LeCun et al. (1998), equation 6 and appendix A.

    Parameters
    ----------
    Z : array of floats, any shape
    A, S : float
        The amplitude, and the scale of ``Z``.

    Returns
    -------
    Y : array, the shape of ``Z``
    cache : tuple
        T = tanh(S Z), A and S: the derivative is A S (1 - T²).

    Raises
    ------
    TypeError
        When ``Z`` holds integers.
    """
    require_float("scaled_tanh_forward", Z=Z)
    A, S = float(A), float(S)
    T = tanh(S * Z)
    return A * T, (T, A, S)


def scaled_tanh_backward(dY, cache):
    """Pull dL/dY back through ``Y = A tanh(S Z)``.

    Equation: eq-scaled-tanh-derivative

    Source: LeCun et al. (1998), equation 6.

    Parameters
    ----------
    dY : array, the shape of Z
    cache : what ``scaled_tanh_forward`` returned

    Returns
    -------
    dZ : array, the shape of Z

    Raises
    ------
    ShapeError
        When ``dY`` does not have Z's shape.
    """
    T, A, S = cache
    require_same_shape("scaled_tanh_backward", dY=dY, Z=T)
    return dY * (A * S * (1 - T**2))


@dataclass(frozen=True)
class ScaledTanh:
    """Scaled tanh as a layer without parameters.

    Parameters
    ----------
    A, S : float
        The amplitude, and the scale of the input.
    """

    A: float = 1.7159
    S: float = 2 / 3

    def init(self, rng):
        """Return no parameters."""
        return {}

    def forward(self, params, Z, *, train, rng):
        """Call ``scaled_tanh_forward``."""
        return scaled_tanh_forward(Z, self.A, self.S)

    def backward(self, dY, cache):
        """Call ``scaled_tanh_backward``."""
        return scaled_tanh_backward(dY, cache), {}
