"""Global max pooling: one number a channel."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, require_float, require_ndim, require_upstream
from dlcore.protocols import Layer


def global_maxpool_forward(X):
    """Take the largest number of each channel.

    Equation: eq-global-maxpool

    Source: Lin et al. (2013), section 3.2, with the maximum for the mean.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)

    Returns
    -------
    A : array, shape (N, C)
    cache : tuple
        For ``global_maxpool_backward``: the place of the largest, the first of equals.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` does not have four axes, or its images have no pixels.
    """
    require_float("global_maxpool_forward", X=X)
    require_ndim("global_maxpool_forward", "X", X, 4, "(N, C, H, W)", "already pooled?")
    if 0 in X.shape[2:]:
        raise ShapeError(f"global_maxpool_forward: X has shape {X.shape}, images without any pixel")
    N, C, H, W = X.shape
    pixels = X.reshape(N, C, H * W)
    place = pixels.argmax(axis=2)  # (N, C), the first of equals
    return pixels.max(axis=2), (X.shape, place)


def global_maxpool_backward(dA, cache):
    """Send each gradient to the pixel that was the largest.

    Equation: eq-global-maxpool-backward

    Source: Lin et al. (2013), section 3.2, with the maximum for the mean.

    Parameters
    ----------
    dA : array, shape (N, C)
    cache : what ``global_maxpool_forward`` returned

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
    shape, place = cache
    require_upstream("global_maxpool_backward", "dA", dA, "A", shape[:2])
    pixels = np.arange(shape[2] * shape[3], like=dA)
    largest = place[:, :, np.newaxis] == pixels  # (N, C, H W)
    return (dA[:, :, np.newaxis] * largest).reshape(shape)


@dataclass(frozen=True, repr=False)
class GlobalMaxPool(Layer):
    """The largest number of each channel."""

    def forward(self, params, X, *, train, rng):
        """Call ``global_maxpool_forward``."""
        return global_maxpool_forward(X)

    def backward(self, dA, cache):
        """Call ``global_maxpool_backward``."""
        return global_maxpool_backward(dA, cache), {}
