"""Flatten: an image becomes a row."""

import math
from dataclasses import dataclass

from dlcore.errors import ShapeError, require_float, require_upstream
from dlcore.protocols import Layer


def flatten_forward(X):
    """Put the numbers of each example in a row, the last axis running fastest.

    Source: the notation page, where an image becomes a vector.

    Parameters
    ----------
    X : array of floats, shape (N, ...)

    Returns
    -------
    A : array, shape (N, D)
        Where memory allows, a view of ``X``.
    cache : tuple of int
        The shape of ``X``.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` has no axes.
    """
    require_float("flatten_forward", X=X)
    if X.ndim == 0:
        raise ShapeError("flatten_forward: X has shape (), expected (N, ...); is it one number?")
    return X.reshape(len(X), math.prod(X.shape[1:])), X.shape


def flatten_backward(dA, cache):
    """Give the gradient the shape that X had.

    Source: the notation page.

    Parameters
    ----------
    dA : array, shape (N, D)
    cache : what ``flatten_forward`` returned

    Returns
    -------
    dX : array, the shape of X
        Where memory allows, a view of ``dA``.

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have A's shape.
    """
    shape = cache
    require_upstream("flatten_backward", "dA", dA, "A", (shape[0], math.prod(shape[1:])))
    return dA.reshape(shape)


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """Rows for a fully connected layer."""

    def forward(self, params, X, *, train, rng):
        """Call ``flatten_forward``."""
        return flatten_forward(X)

    def backward(self, dA, cache):
        """Call ``flatten_backward``."""
        return flatten_backward(dA, cache), {}
