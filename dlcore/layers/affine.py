"""The affine layer, Z = X W^T + b."""

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
from dlcore.precision import total
from dlcore.protocols import Layer


def affine_forward(X, W, b):
    """Map each row x of ``X`` to ``W x + b``.

    Equation: eq-affine-forward

    Parameters
    ----------
    X : array of floats, shape (N, D_in)
    W : array, shape (D_out, D_in)
    b : array, shape (D_out,)

    Returns
    -------
    Z : array, shape (N, D_out)
    cache : tuple
        For ``affine_backward``.

    Raises
    ------
    TypeError
        When ``X``, ``W`` or ``b`` is not an array of floats.
    ShapeError
        When the shapes do not fit.
    """
    require_float("affine_forward", X=X, W=W, b=b)
    if not X.ndim == W.ndim == 2:
        require_ndim("affine_forward", "X", X, 2, "(N, D_in)", "flatten images first?")
        hint = "a single unit has shape (1, D_in)"
        require_ndim("affine_forward", "W", W, 2, "(D_out, D_in)", hint)
    if X.shape[1] != W.shape[1]:
        transposed = X.shape[1] == W.shape[0]
        raise ShapeError(
            f"affine_forward: X has {X.shape[1]} columns but W expects {W.shape[1]} "
            f"(X {X.shape}, W {W.shape}); did you pass {'W' if transposed else 'X'} transposed?"
        )
    if b.shape != (W.shape[0],):
        raise ShapeError(
            f"affine_forward: b has shape {b.shape}, expected {(W.shape[0],)}, one bias for each "
            f"of W's {W.shape[0]} rows; is b a column or a row of a matrix?"
        )
    Z = X @ W.T + b  # (N, D_in) (D_in, D_out) + (D_out,) -> (N, D_out)
    return Z, (X, W)


def affine_backward(dZ, cache):
    """Pull dL/dZ back through ``Z = X W^T + b``.

    Equation: eq-affine-backward, eq-bp-bias, eq-bp-weight

    Parameters
    ----------
    dZ : array, shape (N, D_out)
    cache : what ``affine_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, D_in)
    db : array, shape (D_out,)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W = cache
    require_upstream("affine_backward", "dZ", dZ, "Z", (len(X), len(W)))
    dX = dZ @ W  # (N, D_out) (D_out, D_in) -> (N, D_in)
    dW = dZ.T @ X  # (D_out, N) (N, D_in) -> (D_out, D_in)
    db = total(dZ, axis=0)  # (N, D_out) -> (D_out,)
    return dX, dW, db


@dataclass(frozen=True, repr=False)
class Affine(Layer):
    """A fully connected layer of ``d_out`` units that each read ``d_in`` numbers.

    Parameters
    ----------
    d_in, d_out : int
    weights : initializer
        For ``W``, shape (d_out, d_in); ``b`` starts at zero.

    Raises
    ------
    TypeError, ValueError
        When a size is not a whole number >= 1, or ``weights`` not an initializer.
    """

    d_in: int
    d_out: int
    weights: Callable = he_normal

    def __post_init__(self):
        for name in ("d_in", "d_out"):
            object.__setattr__(self, name, as_int("Affine", name, getattr(self, name), ge=1))
        require_initializer("Affine", self.weights)

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        W = self.weights(rng, (self.d_out, self.d_in), self.d_in, self.d_out)
        return {"W": W, "b": np.zeros_like(W, shape=W.shape[:1])}

    def forward(self, params, X, *, train, rng):
        """Call ``affine_forward``."""
        return affine_forward(X, params["W"], params["b"])

    def backward(self, dZ, cache):
        """Call ``affine_backward``; the gradients come by parameter name."""
        dX, dW, db = affine_backward(dZ, cache)
        return dX, {"W": dW, "b": db}
