"""The affine layer, Z = X W^T + b."""

from collections.abc import Callable
from dataclasses import dataclass

from dlcore.errors import ShapeError, require_float, require_ndim
from dlcore.initializers import he_normal


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
        When ``X`` holds integers.
    ShapeError
        When the shapes do not fit.
    """
    require_float("affine_forward", X=X)
    require_ndim("affine_forward", "X", X, 2, "(N, D_in)", "flatten images first?")
    require_ndim("affine_forward", "W", W, 2, "(D_out, D_in)", "a single unit has shape (1, D_in)")
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

    Equation: eq-affine-backward

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
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W = cache
    if dZ.shape != (X.shape[0], W.shape[0]):
        raise ShapeError(
            f"affine_backward: dZ has shape {dZ.shape}, expected Z's {(X.shape[0], W.shape[0])}; "
            "does the cache come from another batch?"
        )
    dX = dZ @ W  # (N, D_out) (D_out, D_in) -> (N, D_in)
    dW = dZ.T @ X  # (D_out, N) (N, D_in) -> (D_out, D_in)
    db = dZ.sum(axis=0)  # (N, D_out) -> (D_out,)
    return dX, dW, db


@dataclass(frozen=True)
class Affine:
    """A fully connected layer of ``d_out`` units that each read ``d_in`` numbers.

    Parameters
    ----------
    d_in, d_out : int
    weights : initializer
        For ``W``, shape (d_out, d_in); ``b`` starts at zero.
    """

    d_in: int
    d_out: int
    weights: Callable = he_normal

    def init(self, rng):
        """Draw ``W`` and set ``b`` to zero."""
        W = self.weights(rng, (self.d_out, self.d_in), self.d_in, self.d_out)
        return {"W": W, "b": 0.0 * W[:, 0]}

    def forward(self, params, X, *, train, rng):
        """Call ``affine_forward``."""
        return affine_forward(X, params["W"], params["b"])

    def backward(self, dZ, cache):
        """Call ``affine_backward``; the gradients come by parameter name."""
        dX, dW, db = affine_backward(dZ, cache)
        return dX, {"W": dW, "b": db}
