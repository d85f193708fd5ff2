"""Losses: ``loss(scores, targets) -> value, dscores``.

Each is the mean over the batch, and the factor 1/N stands here and nowhere else: a layer's
backward only sums.
"""

import numpy as np

from dlcore.activations import sigmoid
from dlcore.errors import ShapeError, require_float, require_same_shape


def _check(function, scores, targets, allowed, likely):
    require_float(function, scores=scores)
    require_same_shape(function, scores=scores, targets=targets)
    if scores.ndim > 1 and scores.shape[1:] != (1,):
        raise ShapeError(
            f"{function}: scores has shape {scores.shape}, expected (N,) or (N, 1); "
            "did the network end in more than one output?"
        )
    if scores.size == 0:
        raise ShapeError(f"{function}: scores is empty, shape {scores.shape}; an empty batch?")
    if allowed is not None and not np.all((targets == allowed[0]) | (targets == allowed[1])):
        raise ValueError(
            f"{function}: targets range from {targets.min()} to {targets.max()}, expected only "
            f"{allowed[0]} and {allowed[1]}; {likely}"
        )


def binary_cross_entropy(probabilities, targets):
    """Cross-entropy of predicted probabilities: -mean(y log a + (1 - y) log(1 - a)).

    The form in which the loss is derived. A probability that rounds to 0 or 1 makes it infinite;
    ``logistic`` takes scores and has no such limit.

    Equation: eq-bce, eq-cost, eq-bce-derivative

    Parameters
    ----------
    probabilities : array of floats, shape (N,) or (N, 1)
        Strictly between 0 and 1.
    targets : array, the shape of ``probabilities``
        Labels in {0, 1}.

    Returns
    -------
    value : float
    dprobabilities : array, the shape of ``probabilities``

    Raises
    ------
    TypeError, ShapeError
        When the probabilities are not floats, or the shapes differ.
    ValueError
        When a probability is not strictly between 0 and 1, or a target not in {0, 1}.
    """
    a, y = probabilities, targets
    _check("binary_cross_entropy", a, y, (0, 1), "labels of -1 and 1 belong to logistic_pm1")
    if not np.all((a > 0) & (a < 1)):
        raise ValueError(
            f"binary_cross_entropy: probabilities range from {a.min()} to {a.max()}, expected "
            "strictly between 0 and 1; pass the scores to losses.logistic instead"
        )
    y = y.astype(a.dtype)
    value = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))
    da = (a - y) / (a * (1 - a)) / a.size
    return value, da


def logistic(scores, targets):
    """Cross-entropy of sigmoid(scores) with labels 0 and 1, stable for every finite score.

    log(1 + exp(s)) - y s, written as max(s, 0) - y s + log(1 + exp(-|s|)). The first two terms
    cancel exactly where the answer is right, so a tiny loss keeps all its digits.

    Equation: eq-logistic-stable, eq-logistic-delta

    Parameters
    ----------
    scores : array of floats, shape (N,) or (N, 1)
    targets : array, the shape of ``scores``
        Labels in {0, 1}, integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (sigmoid(s) - y) / N.

    Raises
    ------
    TypeError, ShapeError
        When the scores are not floats, or the shapes differ.
    ValueError
        When a target is not in {0, 1}.
    """
    s, y = scores, targets
    _check("logistic", s, y, (0, 1), "labels of -1 and 1 belong to logistic_pm1")
    y = y.astype(s.dtype)
    value = np.mean(np.maximum(s, 0.0) - y * s + np.log1p(np.exp(-np.abs(s))))
    ds = (sigmoid(s) - y) / s.size
    return value, ds


def logistic_pm1(scores, targets):
    """Cross-entropy of sigmoid(scores) with labels -1 and 1: mean of -log sigmoid(y s).

    Equation: eq-logistic-pm1, eq-logistic-pm1-delta

    Parameters
    ----------
    scores : array of floats, shape (N,) or (N, 1)
    targets : array, the shape of ``scores``
        Labels in {-1, 1}, integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        -y sigmoid(-y s) / N.

    Raises
    ------
    TypeError, ShapeError
        When the scores are not floats, or the shapes differ.
    ValueError
        When a target is not in {-1, 1}.
    """
    s, y = scores, targets
    _check("logistic_pm1", s, y, (-1, 1), "labels of 0 and 1 belong to logistic")
    y = y.astype(s.dtype)
    margin = y * s
    value = np.mean(np.maximum(-margin, 0.0) + np.log1p(np.exp(-np.abs(margin))))
    ds = -y * sigmoid(-margin) / s.size
    return value, ds
