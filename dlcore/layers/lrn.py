"""Local response normalization, AlexNet's: loud channels quiet their neighbors."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, as_float, as_int, require_float, require_upstream
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


def _read(function, k, n, alpha, beta):
    """Return the constants as Python numbers."""
    return (
        as_float(function, "k", k, gt=0),
        as_int(function, "n", n, ge=1),
        as_float(function, "alpha", alpha, ge=0),
        as_float(function, "beta", beta),
    )


@half_in_single
def lrn_forward(X, *, k=2.0, n=5, alpha=1e-4, beta=0.75):
    """Divide each number by ``(k + alpha sum of squares over n adjacent channels) ** beta``.

    Equation: eq-deep-lrn

    The n channels are centered on the number's own (of an even n, one more before than after);
    beyond the first and the last there are none.

    Source: Krizhevsky et al. (2012), section 3.3; alpha is not divided by n, as it is in PyTorch.

    Parameters
    ----------
    X : array of floats, shape (N, C, ...)
    k : float
        > 0.
    n : int
        >= 1.
    alpha, beta : float
        ``alpha`` >= 0.

    Returns
    -------
    A : array, the shape of ``X``
    cache : tuple
        For ``lrn_backward``.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats, or a constant not a number.
    ShapeError
        When ``X`` has no axis of channels.
    ValueError
        When a constant is out of its range.
    """
    require_float("lrn_forward", X=X)
    if X.ndim < 2:
        raise ShapeError(
            f"lrn_forward: X has shape {X.shape}, expected (N, C, ...); is the batch axis missing?"
        )
    k, n, alpha, beta = _read("lrn_forward", k, n, alpha, beta)
    before, after = n // 2, (n - 1) // 2
    D = k + alpha * _sum_of_neighbors(X**2, before, after)
    A = X * D**-beta
    return A, (X, A, D, alpha, beta, before, after)


@half_in_single
def lrn_backward(dA, cache):
    """Pull dL/dA back: each number acts on its own output, and on the D of its neighbors.

    Equation: eq-deep-lrn-backward

    ``dX_i = dA_i D_i**-beta - 2 alpha beta X_i sum_j dA_j A_j / D_j``, j over the outputs
    whose sums X_i is in.

    Source: Krizhevsky et al. (2012), section 3.3, differentiated.

    Parameters
    ----------
    dA : array, the shape of X
    cache : what ``lrn_forward`` returned

    Returns
    -------
    dX : array, the shape of X

    Raises
    ------
    TypeError
        When ``dA`` is not an array of floats.
    ShapeError
        When ``dA`` does not have X's shape.
    """
    X, A, D, alpha, beta, before, after = cache
    require_upstream("lrn_backward", "dA", dA, "A", X.shape)
    from_neighbors = _sum_of_neighbors(dA * A / D, after, before)  # who has i before has it after
    return dA * D**-beta - 2.0 * alpha * beta * X * from_neighbors


def _sum_of_neighbors(S, before, after):
    """Sum, for each channel i, the channels i - before, ..., i + after that there are."""
    C = S.shape[1]
    total = np.copy(S, order="K")
    for step in range(1, min(before, C - 1) + 1):
        total[:, step:] += S[:, :-step]
    for step in range(1, min(after, C - 1) + 1):
        total[:, :-step] += S[:, step:]
    return total


@dataclass(frozen=True, repr=False)
class LRN(Layer):
    """Local response normalization with AlexNet's constants.

    Parameters
    ----------
    k : float
    n : int
        Channels that a sum is over.
    alpha, beta : float

    Raises
    ------
    TypeError, ValueError
        When a constant is not a number, or out of its range.
    """

    k: float = 2.0
    n: int = 5
    alpha: float = 1e-4
    beta: float = 0.75

    def __post_init__(self):
        constants = _read("LRN", self.k, self.n, self.alpha, self.beta)
        for name, value in zip(("k", "n", "alpha", "beta"), constants, strict=True):
            object.__setattr__(self, name, value)

    def forward(self, params, X, *, train, rng):
        """Call ``lrn_forward``."""
        return lrn_forward(X, k=self.k, n=self.n, alpha=self.alpha, beta=self.beta)

    def backward(self, dA, cache):
        """Call ``lrn_backward``."""
        return lrn_backward(dA, cache), {}
