"""The maxout layer: each unit is the largest of k affine functions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_int,
    require_float,
    require_ndim,
    require_upstream,
)
from dlcore.initializers import he_normal, require_initializer
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


@half_in_single
def maxout_forward(X, W, b):
    """Map each row x of ``X`` to the largest of ``W[i, j] x + b[i, j]`` over j, for every unit i.

    The result is a convex function of x: it lies on or below each of its chords.

    Equation: eq-maxout, eq-maxout-convex

    Source: Goodfellow et al. (2013), section 3.

    Parameters
    ----------
    X : array of floats, shape (N, D_in)
    W : array, shape (D_out, k, D_in)
    b : array, shape (D_out, k)

    Returns
    -------
    A : array, shape (N, D_out)
    cache : tuple
        With the index of the largest piece; of equal ones, the first.

    Raises
    ------
    TypeError
        When ``X``, ``W`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit.
    """
    require_float("maxout_forward", X=X, W=W, b=b)
    require_ndim("maxout_forward", "X", X, 2, "(N, D_in)", "flatten images first?")
    require_ndim(
        "maxout_forward", "W", W, 3, "(D_out, k, D_in)", "an affine layer's W lacks the k pieces"
    )
    if X.shape[1] != W.shape[2]:
        raise ShapeError(
            f"maxout_forward: X has {X.shape[1]} columns but W expects {W.shape[2]} "
            f"(X {X.shape}, W {W.shape}); W's axes are units, pieces, inputs"
        )
    if b.shape != W.shape[:2]:
        raise ShapeError(
            f"maxout_forward: b has shape {b.shape}, expected {W.shape[:2]}, one bias for each "
            f"piece of each unit of W {W.shape}; one for each unit is too few"
        )
    N, (D_out, k, D_in) = len(X), W.shape
    Z = (X @ W.reshape(D_out * k, D_in).T).reshape(N, D_out, k) + b  # (N, D_out, k)
    return Z.max(axis=2), (X, W, Z.argmax(axis=2))


@half_in_single
def maxout_backward(dA, cache):
    """Pull dL/dA back through the largest piece of each unit; the others get nothing.

    Equation: eq-maxout-derivative

    Source: Goodfellow et al. (2013), section 3.

    Parameters
    ----------
    dA : array, shape (N, D_out)
    cache : what ``maxout_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, k, D_in)
    db : array, shape (D_out, k)

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have A's shape.
    """
    X, W, largest = cache
    require_upstream("maxout_backward", "dA", dA, "A", largest.shape)
    N, (D_out, k, D_in) = len(X), W.shape
    chosen = largest[:, :, np.newaxis] == np.arange(k, like=X)  # (N, D_out, k)
    dZ = dA[:, :, np.newaxis] * chosen  # (N, D_out, k)
    db = dZ.sum(axis=0)  # (N, D_out, k) -> (D_out, k)
    dZ = dZ.reshape(N, D_out * k)
    dX = dZ @ W.reshape(D_out * k, D_in)  # (N, D_out k) (D_out k, D_in) -> (N, D_in)
    dW = (dZ.T @ X).reshape(W.shape)  # (D_out k, N) (N, D_in) -> (D_out, k, D_in)
    return dX, dW, db


@dataclass(frozen=True, repr=False)
class Maxout(Layer):
    """A layer of ``d_out`` units, each the largest of ``k`` affine functions.

    Parameters
    ----------
    d_in, d_out : int
    k : int
        Pieces a unit.
    weights : initializer
        For ``W``, shape (d_out, k, d_in); ``b`` starts at zero.

    Raises
    ------
    TypeError, ValueError
        When a size is not a whole number >= 1, or ``weights`` not an initializer.
    """

    d_in: int
    d_out: int
    k: int = 2
    weights: Callable = he_normal

    def __post_init__(self):
        for name in ("d_in", "d_out", "k"):
            object.__setattr__(self, name, as_int("Maxout", name, getattr(self, name), ge=1))
        require_initializer("Maxout", self.weights)

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        W = self.weights(rng, (self.d_out, self.k, self.d_in), self.d_in, self.d_out)
        return {"W": W, "b": np.zeros_like(W, shape=W.shape[:2])}

    def forward(self, params, X, *, train, rng):
        """Call ``maxout_forward``."""
        return maxout_forward(X, params["W"], params["b"])

    def backward(self, dA, cache):
        """Call ``maxout_backward``; the gradients come by parameter name."""
        dX, dW, db = maxout_backward(dA, cache)
        return dX, {"W": dW, "b": db}
