"""The exponentially weighted average, the memory of momentum, RMSprop, Adam and batch norm."""

import numpy as np

from dlcore.errors import ShapeError, as_float, require_float
from dlcore.precision import half_in_single


@half_in_single
def ewa(values, beta, *, bias_correction=False):
    """Average a series with weights that fall off into the past: v <- beta v + (1 - beta) value.

    Equation: eq-opt-ewa, eq-opt-ewa-expansion, eq-opt-ewa-corrected

    The average starts at v = 0, so its first values are too small; the correction divides the
    t-th by 1 - beta^t, the sum of its weights.

    Source: Kingma and Ba (2015), section 3, for the correction.

    Parameters
    ----------
    values : array of floats, shape (T, ...)
        The series along axis 0.
    beta : float
        The share of the old average that is kept, >= 0 and < 1; the average reaches back about
        1 / (1 - beta) values.
    bias_correction : bool
        Whether to correct the start.

    Returns
    -------
    array, the shape and dtype of ``values``
        The average after each value.

    Raises
    ------
    TypeError
        When ``values`` does not hold floats, or ``beta`` is not a number.
    ShapeError
        When ``values`` is a single number.
    ValueError
        When ``beta`` is not in [0, 1).
    """
    require_float("ewa", values=values)
    if values.ndim == 0:
        raise ShapeError("ewa: values is a single number, expected a series along axis 0")
    beta = as_float("ewa", "beta", beta, ge=0, lt=1, kind="a share")
    averages = np.zeros_like(values)
    v = 0.0
    for t, value in enumerate(values, start=1):
        v = beta * v + (1 - beta) * value
        averages[t - 1] = v / (1 - beta**t) if bias_correction else v
    return averages
