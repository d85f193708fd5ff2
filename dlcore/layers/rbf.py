"""LeNet-5's output: how far the features are from each class's code."""

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
from dlcore.initializers import normal, require_initializer
from dlcore.precision import half_in_single
from dlcore.protocols import Layer

standard_normal = normal(1.0)


@half_in_single
def rbf_forward(X, W):
    """Return the squared distance of each row of ``X`` from each row of ``W``.

    ``Z[n, i] = sum_j (X[n, j] - W[i, j])**2``: the class with the smallest wins.

    Equation: eq-lenet-rbf

    Source: LeCun et al. (1998), equation 7.

    Parameters
    ----------
    X : array of floats, shape (N, D_in)
    W : array, shape (D_out, D_in)

    Returns
    -------
    Z : array, shape (N, D_out)
    cache : tuple
        For ``rbf_backward``.

    Raises
    ------
    TypeError
        When ``X`` or ``W`` is not an array of floats.
    ShapeError
        When the shapes do not fit.
    """
    require_float("rbf_forward", X=X, W=W)
    require_ndim("rbf_forward", "X", X, 2, "(N, D_in)", "flatten images first?")
    require_ndim("rbf_forward", "W", W, 2, "(D_out, D_in)", "a single code has shape (1, D_in)")
    if X.shape[1] != W.shape[1]:
        raise ShapeError(
            f"rbf_forward: X has {X.shape[1]} columns but W expects {W.shape[1]} (X {X.shape}, "
            f"W {W.shape}); did you pass W transposed?"
        )
    Z = np.sum((X[:, np.newaxis] - W) ** 2, axis=2)  # (N, 1, D_in) - (D_out, D_in) -> (N, D_out)
    return Z, (X, W)


@half_in_single
def rbf_backward(dZ, cache):
    """Pull dL/dZ back through the squared distances: 2 (x - w) for x, and minus that for w.

    Equation: eq-lenet-rbf-backward

    Source: LeCun et al. (1998), equation 7, differentiated.

    Parameters
    ----------
    dZ : array, shape (N, D_out)
    cache : what ``rbf_forward`` returned

    Returns
    -------
    dX : array, shape (N, D_in)
    dW : array, shape (D_out, D_in)

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have Z's shape.
    """
    X, W = cache
    require_upstream("rbf_backward", "dZ", dZ, "Z", (len(X), len(W)))
    dX = 2.0 * (dZ.sum(axis=1)[:, np.newaxis] * X - dZ @ W)  # sum_i dZ_ni (x_n - w_i): (N, D_in)
    dW = 2.0 * (dZ.sum(axis=0)[:, np.newaxis] * W - dZ.T @ X)  # sum_n: (D_out, D_in)
    return dX, dW


@dataclass(frozen=True, repr=False)
class RBF(Layer):
    """Squared distances from ``d_out`` codes of ``d_in`` numbers.

    Parameters
    ----------
    d_in, d_out : int
    weights : initializer
        For the codes ``W``, shape (d_out, d_in).

    Raises
    ------
    TypeError, ValueError
        When a size is not a whole number >= 1, or ``weights`` not an initializer.
    """

    d_in: int
    d_out: int
    weights: Callable = standard_normal

    def __post_init__(self):
        for name in ("d_in", "d_out"):
            object.__setattr__(self, name, as_int("RBF", name, getattr(self, name), ge=1))
        require_initializer("RBF", self.weights)

    def init(self, rng):
        """Draw the codes."""
        return {"W": self.weights(rng, (self.d_out, self.d_in), self.d_in, self.d_out)}

    def forward(self, params, X, *, train, rng):
        """Call ``rbf_forward``."""
        return rbf_forward(X, params["W"])

    def backward(self, dZ, cache):
        """Call ``rbf_backward``; the gradient of the codes comes by name."""
        dX, dW = rbf_backward(dZ, cache)
        return dX, {"W": dW}
