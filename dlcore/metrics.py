"""Numbers that say how good a prediction is."""

import numpy as np

from dlcore.errors import ShapeError, require_same_shape


def binary_accuracy(scores, targets):
    """Share of examples on the right side of score 0, which is probability one half.

    Equation: eq-threshold

    Parameters
    ----------
    scores : array, shape (N,) or (N, 1)
        Raw scores (not probabilities).
    targets : array, the shape of ``scores``
        Labels in {0, 1}.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ShapeError
        When the shapes differ.
    """
    require_same_shape("binary_accuracy", scores=scores, targets=targets)
    return float(np.mean((scores > 0) == (targets > 0)))


def accuracy(scores, targets):
    """Share of examples whose largest score is that of their class.

    Parameters
    ----------
    scores : array, shape (N, C)
    targets : array of int, shape (N,)
        The class of each example.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ShapeError
        When the shapes do not fit.
    """
    if scores.ndim != 2 or targets.shape != scores.shape[:1]:
        raise ShapeError(
            f"accuracy: scores has shape {scores.shape} and targets {targets.shape}, expected "
            "(N, C) and (N,); for a single score an example there is binary_accuracy"
        )
    return float(np.mean(scores.argmax(axis=1) == targets))
