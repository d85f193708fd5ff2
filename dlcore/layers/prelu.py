"""The PReLU layer: leaky ReLU whose slope is learned."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, as_float, as_int, require_float, require_upstream
from dlcore.initializers import zeros
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


def _along_channels(alpha, Z):
    """Reshape one slope a channel, (C,), so that it broadcasts along Z's axis 1.

    One slope for all is an option, such as a float64, and does not change Z's dtype.
    """
    return alpha.astype(Z.dtype) if alpha.ndim == 0 else alpha.reshape(-1, *(1,) * (Z.ndim - 2))


@half_in_single
def prelu_forward(Z, alpha):
    """Keep the positive entries; multiply the others by ``alpha``.

    Equation: eq-prelu

    Source: He et al. (2015), equation 1.

    Parameters
    ----------
    Z : array of floats, any shape, or (N, C, ...) for one slope a channel
    alpha : array of floats, shape () or (C,)
        The slope for Z <= 0.

    Returns
    -------
    A : array, the shape of ``Z``
    cache : tuple
        For ``prelu_backward``.

    Raises
    ------
    TypeError
        When ``Z`` or ``alpha`` is not an array of floats.
    ShapeError
        When ``alpha`` is neither one number nor one a channel.
    """
    require_float("prelu_forward", Z=Z, alpha=alpha)
    channels = Z.shape[1:2]  # (C,), or () where there is no such axis
    if alpha.shape not in {(), channels}:
        raise ShapeError(
            f"prelu_forward: alpha has shape {alpha.shape}, expected () or {channels or '(C,)'} "
            f"for Z {Z.shape}; are the channels on axis 1?"
        )
    A = np.where(Z > 0, Z, _along_channels(alpha, Z) * Z)
    return A, (Z, alpha)


@half_in_single
def prelu_backward(dA, cache):
    """Pull dL/dA back through ``A = Z where Z > 0, else alpha Z``.

    Equation: eq-prelu-derivative

    Source: He et al. (2015), equations 2 and 3.

    Parameters
    ----------
    dA : array, the shape of Z
    cache : what ``prelu_forward`` returned

    Returns
    -------
    dZ : array, the shape of Z
    dalpha : array, the shape of ``alpha``

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have Z's shape.
    """
    Z, alpha = cache
    require_upstream("prelu_backward", "dA", dA, "A", Z.shape)
    dZ = np.where(Z > 0, dA, _along_channels(alpha, Z) * dA)
    shared = tuple(axis for axis in range(Z.ndim) if alpha.ndim == 0 or axis != 1)
    dalpha = np.sum(dA * np.minimum(Z, 0.0), axis=shared)  # (N, C, ...) -> (C,) or ()
    return dZ, dalpha


@dataclass(frozen=True, repr=False)
class PReLU(Layer):
    """Leaky ReLU whose slope is a parameter.

    Parameters
    ----------
    channels : int, optional
        One slope for each of so many channels; one for all by default.
    alpha : float
        The start value.

    Raises
    ------
    TypeError, ValueError
        When ``channels`` is not a whole number >= 1, or ``alpha`` not a finite number.
    """

    channels: int | None = None
    alpha: float = 0.25

    def __post_init__(self):
        if self.channels is not None:
            object.__setattr__(self, "channels", as_int("PReLU", "channels", self.channels, ge=1))
        object.__setattr__(self, "alpha", as_float("PReLU", "alpha", self.alpha))

    def init(self, rng):
        """Set every slope to ``alpha``."""
        shape = () if self.channels is None else (self.channels,)
        return {"alpha": self.alpha + zeros(rng, shape, fan_in=1, fan_out=1)}

    def forward(self, params, Z, *, train, rng):
        """Call ``prelu_forward``."""
        return prelu_forward(Z, params["alpha"])

    def backward(self, dA, cache):
        """Call ``prelu_backward``; the gradient of the slope comes by name."""
        dZ, dalpha = prelu_backward(dA, cache)
        return dZ, {"alpha": dalpha}
