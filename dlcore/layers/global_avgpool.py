"""Global average pooling: one number a channel."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, require_float, require_ndim, require_upstream
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


@half_in_single
def global_avgpool_forward(X):
    """Take the mean of each channel.

    Equation: eq-global-avgpool

    Source: Lin et al. (2013), section 3.2.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)

    Returns
    -------
    A : array, shape (N, C)
    cache : tuple
        For ``global_avgpool_backward``.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` does not have four axes, or its images have no pixels.
    """
    require_float("global_avgpool_forward", X=X)
    require_ndim("global_avgpool_forward", "X", X, 4, "(N, C, H, W)", "already pooled?")
    if 0 in X.shape[2:]:
        raise ShapeError(f"global_avgpool_forward: X has shape {X.shape}, images without any pixel")
    pixels = X.shape[2] * X.shape[3]
    return np.sum(X / pixels, axis=(2, 3)), (X.shape,)  # the sum alone could overflow


@half_in_single
def global_avgpool_backward(dA, cache):
    """Share each gradient equally among the channel's pixels.

    Equation: eq-global-avgpool-backward

    Source: Lin et al. (2013), section 3.2.

    Parameters
    ----------
    dA : array, shape (N, C)
    cache : what ``global_avgpool_forward`` returned

    Returns
    -------
    dX : array, shape (N, C, H, W)

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have A's shape.
    """
    (shape,) = cache
    require_upstream("global_avgpool_backward", "dA", dA, "A", shape[:2])
    dX = np.empty_like(dA, shape=shape)
    dX[...] = dA[:, :, np.newaxis, np.newaxis] / (shape[2] * shape[3])
    return dX


@dataclass(frozen=True, repr=False)
class GlobalAvgPool(Layer):
    """The mean of each channel."""

    def forward(self, params, X, *, train, rng):
        """Call ``global_avgpool_forward``."""
        return global_avgpool_forward(X)

    def backward(self, dA, cache):
        """Call ``global_avgpool_backward``."""
        return global_avgpool_backward(dA, cache), {}
