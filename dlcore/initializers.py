"""Start values for weights.

Each takes ``(rng, shape, fan_in, fan_out)`` and uses only ``rng.standard_normal``, which NumPy's
``Generator`` and ``RandomState`` share: ``RandomState(3)`` reproduces runs published with seed 3.
"""

import numpy as np


def zeros(rng, shape, fan_in, fan_out):
    """All zeros: right for biases, wrong for hidden weights (every unit stays the same).

    Parameters
    ----------
    rng : Generator or RandomState
        Unused but for the kind of array it makes.
    shape : tuple of int
    fan_in, fan_out : int
        Unused.

    Returns
    -------
    array, shape ``shape``
    """
    return 0.0 * rng.standard_normal(shape)


def normal(scale):
    """Make an initializer that draws from N(0, scale²).

    Parameters
    ----------
    scale : float
        The standard deviation.

    Returns
    -------
    callable
        An initializer ``(rng, shape, fan_in, fan_out) -> array``.

    Raises
    ------
    ValueError
        When ``scale`` is negative.
    """
    if scale < 0:
        raise ValueError(f"normal: scale is {scale}, expected a standard deviation >= 0")

    def scaled_normal(rng, shape, fan_in, fan_out):
        return scale * rng.standard_normal(shape)

    return scaled_normal


def xavier_normal(rng, shape, fan_in, fan_out):
    """Draw from N(0, 2 / (fan_in + fan_out)): keeps variances level through tanh layers.

    Equation: eq-init-xavier

    Source: Glorot and Bengio (2010), equation 12.

    Parameters
    ----------
    rng : Generator or RandomState
    shape : tuple of int
    fan_in, fan_out : int
        Inputs of a unit, and units that read one input.

    Returns
    -------
    array, shape ``shape``
    """
    return float(np.sqrt(2 / (fan_in + fan_out))) * rng.standard_normal(shape)


def he_normal(rng, shape, fan_in, fan_out):
    """Draw from N(0, 2 / fan_in): keeps variances level through ReLU layers.

    Equation: eq-init-he

    Source: He et al. (2015), equation 10.

    Parameters
    ----------
    rng : Generator or RandomState
    shape : tuple of int
    fan_in, fan_out : int
        Inputs of a unit; ``fan_out`` is unused.

    Returns
    -------
    array, shape ``shape``
    """
    return float(np.sqrt(2 / fan_in)) * rng.standard_normal(shape)


def lecun_normal(rng, shape, fan_in, fan_out):
    """Draw from N(0, 1 / fan_in): keeps variances level through layers that are linear near 0.

    Source: LeCun, Bottou, Orr and Müller (1998), section 4.6.

    Parameters
    ----------
    rng : Generator or RandomState
    shape : tuple of int
    fan_in, fan_out : int
        Inputs of a unit; ``fan_out`` is unused.

    Returns
    -------
    array, shape ``shape``
    """
    return float(np.sqrt(1 / fan_in)) * rng.standard_normal(shape)
