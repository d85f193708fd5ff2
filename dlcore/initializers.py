"""Start values for weights.

Each takes ``(rng, shape, fan_in, fan_out)`` and uses only ``rng.standard_normal``, which NumPy's
``Generator`` and ``RandomState`` share: ``RandomState(3)`` reproduces runs published with seed 3.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

from dlcore.errors import as_float, as_int, require_rng


class initializer:
    """Make an initializer of a function: it checks its arguments, and its repr is its name.

    Parameters
    ----------
    draw : callable
        ``(rng, shape, fan_in, fan_out) -> array``.
    """

    def __init__(self, draw):
        functools.update_wrapper(self, draw)

    def __call__(self, rng, shape, fan_in, fan_out):
        """Check the arguments, and draw."""
        name = self.__name__
        require_rng(name, rng)
        fan_in, fan_out = (
            as_int(name, key, fan, ge=1, kind="a number of units")
            for key, fan in {"fan_in": fan_in, "fan_out": fan_out}.items()
        )
        return self.__wrapped__(rng, shape, fan_in, fan_out)

    def __repr__(self):
        return self.__name__

    def __reduce__(self):
        return self.__name__  # pickled as a function is: by its name


def require_initializer(function, weights):
    """Raise TypeError when ``weights`` is no initializer.

    Parameters
    ----------
    function : str
        Who asks: the first word of the message.
    weights : object
        Should be callable, with ``(rng, shape, fan_in, fan_out)``.

    Raises
    ------
    TypeError
        Naming what came instead, such as a bare deviation, or ``normal`` without its scale.
    """
    if not callable(weights) or isinstance(weights, type):
        raise TypeError(
            f"{function}: weights is {weights!r}, expected an initializer, such as he_normal or "
            "normal(0.01)"
        )


@initializer
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

    Raises
    ------
    TypeError, ValueError
        As in ``xavier_normal``.
    """
    return np.zeros_like(rng.standard_normal(0), shape=shape)  # an array of its kind; no draw


@dataclass(frozen=True, repr=False)
class normal:
    """An initializer that draws from N(0, scale²).

    Parameters
    ----------
    scale : float
        The standard deviation.

    Raises
    ------
    TypeError
        When ``scale`` is not a number.
    ValueError
        When ``scale`` is negative or not finite.
    """

    scale: float

    def __post_init__(self):
        scale = as_float("normal", "scale", self.scale, ge=0, kind="a standard deviation")
        object.__setattr__(self, "scale", scale)

    def __call__(self, rng, shape, fan_in, fan_out):
        """Draw an array, shape ``shape``; the fans are unused."""
        require_rng("normal", rng)
        return self.scale * rng.standard_normal(shape)

    def __repr__(self):
        return f"normal({self.scale})"


@initializer
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

    Raises
    ------
    TypeError
        When ``rng`` is not a generator, or a number of units not whole.
    ValueError
        When a number of units is not positive.
    """
    return math.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal(shape)


@initializer
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

    Raises
    ------
    TypeError, ValueError
        As in ``xavier_normal``.
    """
    return math.sqrt(2 / fan_in) * rng.standard_normal(shape)


@initializer
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

    Raises
    ------
    TypeError, ValueError
        As in ``xavier_normal``.
    """
    return math.sqrt(1 / fan_in) * rng.standard_normal(shape)
