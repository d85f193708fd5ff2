"""Penalties on weights, ``penalty(W, lam, n) -> value, dW``, for a mean loss over n examples."""

import numpy as np

from dlcore.errors import require_float


def _strength(function, lam, n):
    if not lam >= 0 or not n > 0:
        raise ValueError(
            f"{function}: lam is {lam} and n {n}, expected a strength >= 0 and a number of "
            "examples > 0"
        )
    return float(lam) / float(n)


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
        When ``W`` holds integers.
    ValueError
        When ``lam`` is negative or ``n`` not positive.
    """
    require_float("l2", W=W)
    strength = _strength("l2", lam, n)
    return 0.5 * strength * np.sum(W**2), strength * W


def l1(W, lam, n):
    """Penalize sizes: lam / n times the sum of |W|.

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
        When ``W`` holds integers.
    ValueError
        When ``lam`` is negative or ``n`` not positive.
    """
    require_float("l1", W=W)
    strength = _strength("l1", lam, n)
    return strength * np.sum(np.abs(W)), strength * np.sign(W)


def soft_threshold(w, t):
    """Move every number ``t`` towards zero, and those closer than that onto it.

    sign(w) max(|w| - t, 0), the minimum over v of ½ (v - w)² + t |v|: what an L1 penalty does to
    a least-squares weight in an orthogonal design.

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
        When ``w`` holds integers.
    ValueError
        When ``t`` is negative.
    """
    require_float("soft_threshold", w=w)
    if not t >= 0:
        raise ValueError(f"soft_threshold: t is {t}, expected a threshold >= 0")
    return np.sign(w) * np.maximum(np.abs(w) - float(t), 0.0)
