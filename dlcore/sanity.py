"""Cheap checks of a training before its gradients are checked: a cost, five examples, a step."""

import math

import numpy as np

from dlcore.errors import ShapeError, as_int, require_float


def chance_loss(classes):
    """Return the cost of saying every class is equally likely: log K, whatever the labels.

    Equation: eq-sanity-chance

    Parameters
    ----------
    classes : int
        K, at least 2. Two classes give log 2, the cost of a logistic score of 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        When ``classes`` is not a whole number of at least 2.
    """
    return math.log(as_int("chance_loss", "classes", classes, ge=2))


def spread_loss(scores):
    """Return the softmax cost to expect of small scores that know nothing of the labels.

    log K plus half the variance of an example's scores over the classes, averaged over the
    examples; right up to third powers of the scores.

    Equation: eq-sanity-spread

    Parameters
    ----------
    scores : array of floats, shape (N, K)
        At least one row and two columns.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When ``scores`` is not an array of floats.
    ShapeError
        When it is not two-dimensional, or there are no examples or fewer than two classes.
    """
    require_float("spread_loss", scores=scores)
    if scores.ndim != 2 or len(scores) == 0 or scores.shape[1] < 2:
        raise ShapeError(
            f"spread_loss: scores has shape {scores.shape}, expected (N, K) with one row per "
            "example and at least 2 classes"
        )
    return chance_loss(scores.shape[1]) + float(np.mean(np.var(scores, axis=1, dtype=float))) / 2


def memorized_loss(n):
    """Return the cost below which all of ``n`` examples are classified right: (log 2) / n.

    Equation: eq-sanity-memorized

    Parameters
    ----------
    n : int
        Examples, at least 1.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        When ``n`` is not a whole number of at least 1.
    """
    return math.log(2) / as_int("memorized_loss", "n", n, ge=1)


def update_ratios(params, updated):
    """Return how far a step moved each named array, as a share of the array's own length.

    Equation: eq-sanity-ratio

    Parameters
    ----------
    params, updated : mapping of str to array
        Before the step and after it, such as two ``Parameters``; equal names and shapes.

    Returns
    -------
    dict of str to float
        ``||updated - before|| / ||before||``; for an array of zeros 0 if it stayed, else inf.

    Raises
    ------
    ShapeError
        When the names or two shapes differ.
    """
    if set(params) != set(updated) or any(
        np.shape(params[name]) != np.shape(updated[name]) for name in params
    ):
        raise ShapeError(
            "update_ratios: params and updated differ in names or shapes, expected the same "
            "network before and after a step"
        )
    ratios = {}
    for name, before in params.items():
        step, length = np.linalg.norm(updated[name] - before), np.linalg.norm(before)
        if length > 0:
            ratios[name] = float(step / length)
        else:
            ratios[name] = math.inf if step > 0 else 0.0
    return ratios
