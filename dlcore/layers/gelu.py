"""The GELU layer, element by element."""

from dataclasses import dataclass

import numpy as np

from dlcore.activations import GELU_CUBE, GELU_SCALE, gelu_gate
from dlcore.errors import require_float, require_upstream
from dlcore.protocols import Layer


def gelu_forward(Z):
    """Apply GELU to every entry, in its tanh form.

    Equation: eq-gelu

    Source: Hendrycks and Gimpel (2016), section 2.

    Parameters
    ----------
    Z : array of floats, any shape

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple
        Z and its gate.

    Raises
    ------
    TypeError
        When ``Z`` is not an array of floats.
    """
    require_float("gelu_forward", Z=Z)
    gate = gelu_gate(Z)
    return Z * gate, (Z, gate)


def gelu_backward(dA, cache):
    """Pull dL/dA back through ``A = gelu(Z)``.

    Equation: eq-gelu-derivative

    Source: Hendrycks and Gimpel (2016), section 2.

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``gelu_forward`` returned

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
    Z, gate = cache
    require_upstream("gelu_backward", "dA", dA, "A", Z.shape)
    near = np.clip(Z, -10.0, 10.0)  # beyond, the gate's slope is 0 to the last digit
    # With T = tanh(u) the gate is (1 + T) / 2, so (1 - T²) / 2 is 2 gate (1 - gate).
    slope = 2 * GELU_SCALE * gate * (1 - gate) * (1 + 3 * GELU_CUBE * near**2)
    return dA * (gate + near * slope)


@dataclass(frozen=True, repr=False)
class GELU(Layer):
    """GELU as a layer without parameters."""

    def forward(self, params, Z, *, train, rng):
        """Call ``gelu_forward``."""
        return gelu_forward(Z)

    def backward(self, dA, cache):
        """Call ``gelu_backward``."""
        return gelu_backward(dA, cache), {}
