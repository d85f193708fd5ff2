"""Numbers that say how good a prediction is."""

import numpy as np

from dlcore.errors import require_same_shape


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
