"""The leaky ReLU layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.activations import leaky_relu
from dlcore.errors import require_same_shape


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
        When ``Z`` holds integers.
    """
    A = leaky_relu(Z, alpha)
    return A, (Z > 0, float(alpha))


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
    ShapeError
        When ``dA`` does not have Z's shape.
    """
    positive, alpha = cache
    require_same_shape("leaky_relu_backward", dA=dA, Z=positive)
    return np.where(positive, dA, alpha * dA)


@dataclass(frozen=True)
class LeakyReLU:
    """Leaky ReLU as a layer without parameters.

    Parameters
    ----------
    alpha : float
        The slope for Z <= 0.
    """

    alpha: float = 0.01

    def init(self, rng):
        """Return no parameters."""
        return {}

    def forward(self, params, Z, *, train, rng):
        """Call ``leaky_relu_forward``."""
        return leaky_relu_forward(Z, self.alpha)

    def backward(self, dA, cache):
        """Call ``leaky_relu_backward``."""
        return leaky_relu_backward(dA, cache), {}
