"""Penalties on weights, ``penalty(W, lam, n) -> value, dW``, for a mean loss over n examples."""

import numpy as np

from dlcore.errors import as_float, require_float, require_ndim
from dlcore.precision import half_in_single


def _strength(function, lam, n):
    lam = as_float(function, "lam", lam, ge=0, kind="a strength")
    return lam / as_float(function, "n", n, gt=0, kind="a number of examples")


@half_in_single
def l2(W, lam, n):
    """Penalize squares: lam / (2 n) times the sum of W².

    Its gradient, lam / n W, shrinks every weight by the same factor each step: weight decay.

    Equation: eq-reg-l2-cost
    Equation: eq-reg-l2-gradient

    Source: Hoerl and Kennard (1970); Krogh and Hertz (1992).

    Parameters
    ----------
    W : array of floats, any shape
        Weights, and no biases.
    lam : float
        The strength, >= 0.
    n : int
        The number of examples that the loss is a mean over. With minibatches it stays that of
        the whole training set: the penalty belongs to the cost, not to the batch.

    Returns
    -------
    value : float
    dW : array, the shape and dtype of ``W``

    Raises
    ------
    TypeError
        When ``W`` does not hold floats, or ``lam`` or ``n`` is not a number.
    ValueError
        When ``lam`` is negative, ``n`` not positive, or one of them not finite.
    """
    require_float("l2", W=W)
    dW = _strength("l2", lam, n) * W
    return 0.5 * np.sum(dW * W), dW  # the squares alone could overflow


@half_in_single
def l1(W, lam, n):
    """Penalize sizes: lam / n times the sum of ``|W|``.

    Its gradient is ±lam / n whatever the size of a weight, so small ones go to zero. At 0, where
    every slope between is a subgradient, 0 is returned.

    Equation: eq-reg-l1-cost
    Equation: eq-reg-subgradient-abs

    Source: Tibshirani (1996).

    Parameters
    ----------
    W : array of floats, any shape
        Weights, and no biases.
    lam : float
        The strength, >= 0.
    n : int
        The number of examples that the loss is a mean over.

    Returns
    -------
    value : float
    dW : array, the shape and dtype of ``W``

    Raises
    ------
    TypeError
        When ``W`` does not hold floats, or ``lam`` or ``n`` is not a number.
    ValueError
        When ``lam`` is negative, ``n`` not positive, or one of them not finite.
    """
    require_float("l1", W=W)
    strength = _strength("l1", lam, n)
    return np.sum(strength * np.abs(W)), strength * np.sign(W)


def soft_threshold(w, t):
    """Move every number ``t`` towards zero, and those closer than that onto it.

    ``sign(w) max(|w| - t, 0)``, the minimum over v of ``½ (v - w)² + t |v|``: what an L1 penalty
    does to a least-squares weight in an orthogonal design.

    Equation: eq-reg-soft-threshold

    Source: Donoho and Johnstone (1994).

    Parameters
    ----------
    w : array of floats, any shape
    t : float
        The threshold, >= 0.

    Returns
    -------
    array, the shape and dtype of ``w``

    Raises
    ------
    TypeError
        When ``w`` does not hold floats, or ``t`` is not a number.
    ValueError
        When ``t`` is negative or not finite.
    """
    require_float("soft_threshold", w=w)
    t = as_float("soft_threshold", "t", t, ge=0, kind="a threshold")
    return np.sign(w) * np.maximum(np.abs(w) - t, 0.0)


@half_in_single
def clip_rows(W, max_norm):
    """Shorten every row of a matrix that is longer than ``max_norm``; its direction stays.

    A row holds the weights of one unit. After a step this is the nearest matrix whose rows are
    that short: a projection, the max-norm constraint.

    Equation: eq-reg-max-norm

    Source: Srivastava et al. (2014), section 5.1.

    Parameters
    ----------
    W : array of floats, shape (D_out, D_in)
    max_norm : float
        The greatest Euclidean length of a row, > 0.

    Returns
    -------
    array, the shape and dtype of ``W``

    Raises
    ------
    TypeError
        When ``W`` is not an array of floats, or ``max_norm`` not a number.
    ShapeError
        When ``W`` does not have two axes.
    ValueError
        When ``max_norm`` is not positive or not finite.
    """
    require_float("clip_rows", W=W)
    require_ndim("clip_rows", "W", W, 2, "(D_out, D_in)", "one row a unit")
    max_norm = as_float("clip_rows", "max_norm", max_norm, gt=0, kind="a length")
    if W.size == 0:
        return W.copy()
    scale = np.maximum(np.max(np.abs(W), axis=1, keepdims=True), max_norm)  # (D_out, 1)
    norm = np.sqrt(np.sum((W / scale) ** 2, axis=1, keepdims=True))  # over scale: none overflows
    most = max_norm / scale
    return W * (most / np.maximum(norm, most))
