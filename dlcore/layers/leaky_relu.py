"""The leaky ReLU layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import as_float, require_float, require_upstream
from dlcore.protocols import Layer


def leaky_relu_forward(Z, alpha=0.01):
    """Apply leaky ReLU to every entry.

    Equation: eq-leaky-relu

    Source: Maas, Hannun and Ng (2013).

    Parameters
    ----------
    Z : array of floats, any shape
    alpha : float
        The slope for Z <= 0.

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple
        Where Z > 0: the derivative is 1 there and alpha elsewhere, at Z = 0 too.

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats, or ``alpha`` not a number.
    ValueError
        When ``alpha`` is not finite.
    """
    require_float("leaky_relu_forward", Z=Z)
    alpha, positive = as_float("leaky_relu_forward", "alpha", alpha), Z > 0
    return np.where(positive, Z, alpha * Z), (positive, alpha)


def leaky_relu_backward(dA, cache):
    """Pull dL/dA back through ``A = leaky_relu(Z, alpha)``.

    Equation: eq-leaky-relu-derivative

    Source: Maas, Hannun and Ng (2013).

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``leaky_relu_forward`` returned

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
    positive, alpha = cache
    require_upstream("leaky_relu_backward", "dA", dA, "A", positive.shape)
    return np.where(positive, dA, alpha * dA)


@dataclass(frozen=True, repr=False)
class LeakyReLU(Layer):
    """Leaky ReLU as a layer without parameters.

    Parameters
    ----------
    alpha : float
        The slope for Z <= 0.

    Raises
    ------
    TypeError, ValueError
        When ``alpha`` is not a finite number.
    """

    alpha: float = 0.01

    def __post_init__(self):
        object.__setattr__(self, "alpha", as_float("LeakyReLU", "alpha", self.alpha))

    def forward(self, params, Z, *, train, rng):
        """Call ``leaky_relu_forward``."""
        return leaky_relu_forward(Z, self.alpha)

    def backward(self, dA, cache):
        """Call ``leaky_relu_backward``."""
        return leaky_relu_backward(dA, cache), {}
