"""Learning-rate schedules: the rate as a pure function of the epoch or of the step.

``training.fit`` counts both from 0, and takes them as ``schedule`` and ``step_schedule``::

    fit(..., schedule=lambda epoch: inverse_time(epoch, lr=0.1, decay_rate=1.0))
    fit(..., step_schedule=lambda step: warmup(step, cosine(step, 0.1, 5000), steps=100))
"""

import math

from dlcore.errors import as_float


def _read(function, name, count, first, **positive):
    """Return the count and the constants, which must be positive, as floats."""
    hint = f"counted from 0, pass {name} + 1" if first else ""
    constants = [as_float(function, key, value, gt=0) for key, value in positive.items()]
    return as_float(function, name, count, ge=first, hint=hint), *constants


def inverse_time(epoch, lr, decay_rate):
    """Return lr / (1 + decay_rate epoch): half the rate after 1 / decay_rate epochs.

    Equation: eq-opt-inverse-time

    Source: Robbins and Monro (1951) ask for a decay of this order.

    Parameters
    ----------
    epoch : int
        From 0.
    lr : float
        The first rate.
    decay_rate : float
        > 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range.
    """
    epoch, lr, decay_rate = _read("inverse_time", "epoch", epoch, 0, lr=lr, decay_rate=decay_rate)
    return lr / (1 + decay_rate * epoch)


def exponential(epoch, lr, decay_rate):
    """Return lr decay_rate^epoch: each epoch the same share of the rate stays.

    Equation: eq-opt-exponential

    Parameters
    ----------
    epoch : int
        From 0.
    lr : float
        The first rate.
    decay_rate : float
        The share that stays, > 0; such as 0.95.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range.
    """
    epoch, lr, decay_rate = _read("exponential", "epoch", epoch, 0, lr=lr, decay_rate=decay_rate)
    return lr * decay_rate**epoch


def inverse_sqrt_epoch(epoch, lr, k=1.0):
    """Return k lr / sqrt(epoch), with the first epoch counted as 1: at 0 the rate is infinite.

    Equation: eq-opt-inverse-sqrt-epoch

    Parameters
    ----------
    epoch : int
        From 1: the passes over the data, this one included.
    lr : float
        The rate of the first epoch, but for ``k``.
    k : float
        A constant factor, > 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range; epoch 0 is.
    """
    epoch, lr, k = _read("inverse_sqrt_epoch", "epoch", epoch, 1, lr=lr, k=k)
    return k * lr / math.sqrt(epoch)


def inverse_sqrt_step(step, lr, k=1.0):
    """Return k lr / sqrt(step), with the first minibatch counted as 1: at 0 the rate is infinite.

    Equation: eq-opt-inverse-sqrt-step

    Parameters
    ----------
    step : int
        From 1: the minibatches so far, this one included.
    lr : float
        The rate of the first step, but for ``k``.
    k : float
        A constant factor, > 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range; step 0 is.
    """
    step, lr, k = _read("inverse_sqrt_step", "step", step, 1, lr=lr, k=k)
    return k * lr / math.sqrt(step)


def staircase(step, lr, every, factor=0.5):
    """Return lr factor^⌊step / every⌋: constant, with a drop after each ``every`` steps.

    Equation: eq-opt-staircase

    Parameters
    ----------
    step : int
        From 0; steps or epochs.
    lr : float
        The first rate.
    every : int
        The length of a stair, > 0.
    factor : float
        The share that stays at each drop, > 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range.
    """
    step, lr, every, factor = _read("staircase", "step", step, 0, lr=lr, every=every, factor=factor)
    return lr * factor ** (step // every)


def warmup(step, lr, steps):
    """Raise the rate evenly over the first ``steps`` steps: lr min(1, (step + 1) / steps).

    Equation: eq-opt-warmup

    ``lr`` may be another schedule's rate at this step.

    Source: Goyal et al. (2017), section 2.2.

    Parameters
    ----------
    step : int
        From 0; steps or epochs.
    lr : float
        The rate to reach.
    steps : int
        The length of the rise, > 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range.
    """
    step, lr, steps = _read("warmup", "step", step, 0, lr=lr, steps=steps)
    return lr * min(1.0, (step + 1) / steps)


def cosine(step, lr, steps, final=0.0):
    """Fall along half a cosine from ``lr`` at step 0 to ``final`` at step ``steps``, and stay.

    Equation: eq-opt-cosine

    final + (lr - final) (1 + cos(pi step / steps)) / 2: slow, fast, slow.

    Source: Loshchilov and Hutter (2017), equation 5, without restarts.

    Parameters
    ----------
    step : int
        From 0; steps or epochs.
    lr : float
        The first rate.
    steps : int
        The length of the fall, > 0. The last step of a training is ``steps`` - 1, so its rate
        is still positive.
    final : float
        The last rate, >= 0.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When an argument is not a number.
    ValueError
        When an argument is out of its range.
    """
    step, lr, steps = _read("cosine", "step", step, 0, lr=lr, steps=steps)
    final = as_float("cosine", "final", final, ge=0)
    return final + (lr - final) * (1 + math.cos(math.pi * min(step / steps, 1.0))) / 2
