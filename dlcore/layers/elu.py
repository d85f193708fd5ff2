"""The ELU layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.activations import elu
from dlcore.errors import as_float, require_float, require_upstream
from dlcore.protocols import Layer


def elu_forward(Z, alpha=1.0):
    """Apply ELU to every entry.

    Equation: eq-elu

    Source: Clevert, Unterthiner and Hochreiter (2016), section 3.

    Parameters
    ----------
    Z : array of floats, any shape
    alpha : float
        Minus the limit for Z towards minus infinity.

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats, or ``alpha`` not a number.
    ValueError
        When ``alpha`` is not finite.
    """
    require_float("elu_forward", Z=Z)
    alpha = as_float("elu_forward", "alpha", alpha)
    return elu(Z, alpha), (Z, alpha)


def elu_backward(dA, cache):
    """Pull dL/dA back through ``A = elu(Z, alpha)``: the slope is 1, or alpha exp(Z) for Z <= 0.

    Equation: eq-elu-derivative

    Source: Clevert, Unterthiner and Hochreiter (2016), section 3.

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``elu_forward`` returned

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
    Z, alpha = cache
    require_upstream("elu_backward", "dA", dA, "A", Z.shape)
    return np.where(Z > 0, dA, dA * (alpha * np.exp(np.minimum(Z, 0.0))))


@dataclass(frozen=True, repr=False)
class ELU(Layer):
    """ELU as a layer without parameters.

    Parameters
    ----------
    alpha : float
        Minus the limit for Z towards minus infinity.

    Raises
    ------
    TypeError, ValueError
        When ``alpha`` is not a finite number.
    """

    alpha: float = 1.0

    def __post_init__(self):
        object.__setattr__(self, "alpha", as_float("ELU", "alpha", self.alpha))

    def forward(self, params, Z, *, train, rng):
        """Call ``elu_forward``."""
        return elu_forward(Z, self.alpha)

    def backward(self, dA, cache):
        """Call ``elu_backward``."""
        return elu_backward(dA, cache), {}
