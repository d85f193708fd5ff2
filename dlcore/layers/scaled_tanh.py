"""The scaled tanh layer of LeNet-5, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import as_float, require_float, require_upstream
from dlcore.protocols import Layer


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
        When ``Z`` is not an array of floats, or ``A`` or ``S`` not a number.
    ValueError
        When ``A`` or ``S`` is not finite.
    """
    require_float("scaled_tanh_forward", Z=Z)
    A, S = as_float("scaled_tanh_forward", "A", A), as_float("scaled_tanh_forward", "S", S)
    T = np.tanh(S * Z)
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
    TypeError
        When ``dY`` is not an array of floats.
    ShapeError
        When ``dY`` does not have Z's shape.
    """
    T, A, S = cache
    require_upstream("scaled_tanh_backward", "dY", dY, "Y", T.shape)
    return dY * (A * S * (1 - T**2))


@dataclass(frozen=True, repr=False)
class ScaledTanh(Layer):
    """Scaled tanh as a layer without parameters.

    Parameters
    ----------
    A, S : float
        The amplitude, and the scale of the input.

    Raises
    ------
    TypeError, ValueError
        When a constant is not a finite number.
    """

    A: float = 1.7159
    S: float = 2 / 3

    def __post_init__(self):
        object.__setattr__(self, "A", as_float("ScaledTanh", "A", self.A))
        object.__setattr__(self, "S", as_float("ScaledTanh", "S", self.S))

    def forward(self, params, Z, *, train, rng):
        """Call ``scaled_tanh_forward``."""
        return scaled_tanh_forward(Z, self.A, self.S)

    def backward(self, dY, cache):
        """Call ``scaled_tanh_backward``."""
        return scaled_tanh_backward(dY, cache), {}
