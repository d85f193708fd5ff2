"""Numbers that say how good a prediction is."""

import numpy as np

from dlcore.errors import (
    ShapeError,
    require_examples,
    require_labels,
    require_real,
    require_same_shape,
)


def binary_accuracy(scores, targets):
    """Share of examples on the right side of score 0, which is probability one half.

    A score of exactly 0 predicts class 0. Where a score is nan there is no prediction, and the
    share is nan.

    Equation: eq-threshold

    Parameters
    ----------
    scores : array, shape (N,) or (N, 1)
        Raw scores. Of probabilities give ``p - 0.5``: none of them is on the left side of 0.
    targets : array, the shape of ``scores``
        Labels in {0, 1}, or in {-1, 1}.

    Returns
    -------
    float
        Between 0 and 1, or nan.

    Raises
    ------
    TypeError
        When one of them is not an array of numbers.
    ShapeError
        When the shapes differ, there are several scores an example, or there is no example.
    """
    require_real("binary_accuracy", scores=scores, targets=targets)
    require_same_shape("binary_accuracy", scores=scores, targets=targets)
    if scores.ndim == 0 or scores.shape[1:] not in {(), (1,)}:
        raise ShapeError(
            f"binary_accuracy: scores has shape {scores.shape}, expected (N,) or (N, 1); for "
            "several scores an example there is accuracy"
        )
    require_examples("binary_accuracy", "scores", scores)
    unknown = np.isnan(scores) | np.isnan(targets)
    return _share((scores > 0) == (targets > 0), unknown)


def accuracy(scores, targets):
    """Share of examples whose largest score is that of their class.

    Of equal scores the first counts as the largest. Where a score is nan there is no largest, and
    the share is nan.

    Parameters
    ----------
    scores : array, shape (N, C)
    targets : array of int, shape (N,)
        The class of each example, 0 to C - 1.

    Returns
    -------
    float
        Between 0 and 1, or nan.

    Raises
    ------
    TypeError
        When the scores are not an array of numbers, or the labels not one of integers.
    ShapeError
        When the shapes do not fit, or there is no example.
    ValueError
        When a label is not a class.
    """
    require_real("accuracy", scores=scores, targets=targets)
    if scores.ndim != 2 or targets.shape != scores.shape[:1]:
        raise ShapeError(
            f"accuracy: scores has shape {scores.shape} and targets {targets.shape}, expected "
            "(N, C) and (N,); for a single score an example there is binary_accuracy"
        )
    require_examples("accuracy", "scores", scores)
    require_labels("accuracy", targets, scores.shape[1])
    return _share(scores.argmax(axis=1) == targets, np.isnan(scores).any(axis=1))


def _share(right, unknown):
    """Return the share of examples that are right; nan when one of them is unknown."""
    return float(np.mean(np.where(unknown, np.nan, right)))
