"""Exercises of chapter 12, optimizers."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.schedules import cosine, warmup

# opt-batches


def _batches(order, B):
    return [order[start : start + B] for start in range(0, len(order), B)]


def _rows(batches):
    """View batches as rows of indices, whose order in a batch is left open; nan fills up."""
    batches = [np.sort(np.ravel(batch)) for batch in batches]
    if empty := [str(k) for k, batch in enumerate(batches) if batch.size == 0]:
        raise ValueError(f"the batch at index {' and '.join(empty)} is empty: does a slice start "
                         "at the end of order?")  # fmt: skip
    rows = np.full((len(batches), max(map(len, batches), default=0)), np.nan)
    for row, batch in zip(rows, batches, strict=True):
        row[: len(batch)] = batch
    return rows


BATCHES = Exercise(
    name="opt-batches",
    verifies="every example once an epoch, in batches of B and a smaller last one",
    reference=_batches,
    returns=("batches (each sorted, nan fills up)",),
    cases=lambda rng: {
        "seven in threes": (np.array([4, 2, 6, 1, 0, 5, 3]), 3),
        "six in threes": (rng.permutation(6), 3),
        "300 in batches of 64": (rng.permutation(300), 64),
        "a batch larger than the set": (rng.permutation(5), 8),
    },
    mistakes={
        "the last partial batch is dropped": lambda order, B: (
            [order[k * B : (k + 1) * B] for k in range(len(order) // B)]
        ),
        "the last batch is filled up with examples from the start": lambda order, B: [
            np.resize(order, (-(-len(order) // B)) * B)[k : k + B] for k in range(0, len(order), B)
        ],
        "the order is not used: the examples are cut as they lie": lambda order, B: _batches(
            np.arange(len(order)), B
        ),
        "B is the number of batches, not their size": lambda order, B: np.array_split(order, B),
        "neighboring batches share an example": lambda order, B: [
            order[start : start + B + 1] for start in range(0, len(order), B)
        ],
    },
    hints=(
        "Which positions of `order` belong to batch k, if all batches were full?",
        "A slice that ends beyond the array simply stops at its end.",
        "Let the starts be range(0, len(order), B).",
    ),
    view=_rows,
)


# opt-weights


def _weights(T, beta):
    weights = (1 - beta) * beta ** np.arange(T)[::-1]
    return weights / weights.sum()


WEIGHTS = Exercise(
    name="opt-weights",
    verifies="the weights of the corrected average, oldest value first",
    reference=_weights,
    returns=("weights",),
    cases=lambda rng: {
        "two values": (2, 0.98),
        "one value": (1, 0.9),
        "ten values": (10, 0.9),
        "forty values, a short memory": (40, 0.5),
    },
    mistakes={
        "the correction is missing: the weights do not sum to 1": lambda T, beta: (
            (1 - beta) * beta ** np.arange(T)[::-1]
        ),
        "the newest value comes first; the oldest should": lambda T, beta: _weights(T, beta)[::-1],
        "all values count alike": lambda T, beta: np.full(T, 1 / T),
        "the correction is that of the step before, 1 - beta ** (T - 1)": lambda T, beta: (
            (1 - beta) * beta ** np.arange(T)[::-1] / max(1 - beta ** (T - 1), 1e-3)
        ),
        "the powers of beta stand alone, without the factor and without the correction": (
            lambda T, beta: beta ** np.arange(1, T + 1)[::-1].astype(float)
        ),
    },
    hints=(
        "The value from k steps ago has the weight (1 - beta) * beta ** k before the correction.",
        "The correction divides all of them by their sum, 1 - beta ** T.",
        "The oldest value is T - 1 steps old: the ages are np.arange(T)[::-1].",
    ),
)


# opt-momentum


def _momentum(theta, g, v, lr, beta):
    v = beta * v + (1 - beta) * g
    return theta - lr * v, v


def _optimizer_case(rng, size):
    return rng.standard_normal(size), rng.standard_normal(size), rng.standard_normal(size)


MOMENTUM = Exercise(
    name="opt-momentum",
    verifies="one step of momentum, the form with the average",
    reference=_momentum,
    returns=("theta", "v"),
    cases=lambda rng: {
        "one parameter, the first step": (
            np.array([1.0]), np.array([8.0]), np.array([0.0]), 0.5, 0.5,
        ),
        "one parameter, later": (np.array([0.0]), np.array([8.0]), np.array([4.0]), 0.5, 0.5),
        "five parameters": (*_optimizer_case(rng, 5), 0.1, 0.9),
    },
    mistakes={
        "the factor 1 - beta is missing: this is the classical form": (
            lambda theta, g, v, lr, beta: (theta - lr * (beta * v + g), beta * v + g)
        ),
        "beta weighs the new gradient; it weighs the old average": (
            lambda theta, g, v, lr, beta: _momentum(theta, g, v, lr, 1 - beta)
        ),
        "the step is taken with the old average": lambda theta, g, v, lr, beta: (
            theta - lr * v, _momentum(theta, g, v, lr, beta)[1],
        ),
        "the step is taken with the gradient, not with the average": (
            lambda theta, g, v, lr, beta: (theta - lr * g, _momentum(theta, g, v, lr, beta)[1])
        ),
        "the step goes uphill": lambda theta, g, v, lr, beta: (
            theta + lr * _momentum(theta, g, v, lr, beta)[1],
            _momentum(theta, g, v, lr, beta)[1],
        ),
    },
    hints=(
        "First the average: a share beta of the old one, the rest of the new gradient.",
        "Then the step, with the new average in the place of the gradient.",
        "v = beta * v + (1 - beta) * g, and then theta - lr * v.",
    ),
)  # fmt: skip


# opt-adam


def _adam(theta, g, v, s, t, lr, beta1, beta2, eps):
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    quotient = (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
    return theta - lr * quotient, v, s


def _changed_adam(quotient):
    """Return Adam with ``quotient(v, s, t, beta1, beta2, eps)`` in place of its own."""

    def wrong(theta, g, v, s, t, lr, beta1, beta2, eps):
        _, v, s = _adam(theta, g, v, s, t, lr, beta1, beta2, eps)
        return theta - lr * quotient(v, s, t, beta1, beta2, eps), v, s

    return wrong


ADAM = Exercise(
    name="opt-adam",
    verifies="one step of Adam, each average divided by the sum of its own weights",
    reference=_adam,
    returns=("theta", "v", "s"),
    cases=lambda rng: {
        "the first step": (
            np.array([0.5]), np.array([8.0]), np.zeros(1), np.zeros(1), 1, 0.1, 0.9, 0.999, 1e-3,
        ),
        "the second step": (
            np.array([0.4]), np.array([-4.0]), np.array([0.8]), np.array([0.064]), 2,
            0.1, 0.9, 0.999, 1e-3,
        ),
        "four parameters, step 30": (
            *rng.standard_normal((3, 4)), rng.random(4), 30, 0.01, 0.8, 0.99, 0.1,
        ),
    },
    mistakes={
        "the second correction uses beta1; s has its own beta2": _changed_adam(
            lambda v, s, t, b1, b2, eps: (v / (1 - b1**t)) / (np.sqrt(s / (1 - b1**t)) + eps)
        ),
        "eps is added inside the square root": _changed_adam(
            lambda v, s, t, b1, b2, eps: (v / (1 - b1**t)) / np.sqrt(s / (1 - b2**t) + eps)
        ),
        "neither average is corrected": _changed_adam(
            lambda v, s, t, b1, b2, eps: v / (np.sqrt(s) + eps)
        ),
        "only the first average is corrected": _changed_adam(
            lambda v, s, t, b1, b2, eps: (v / (1 - b1**t)) / (np.sqrt(s) + eps)
        ),
        "the square root is missing": _changed_adam(
            lambda v, s, t, b1, b2, eps: (v / (1 - b1**t)) / (s / (1 - b2**t) + eps)
        ),
        "the correction is 1 - beta whatever the step is": _changed_adam(
            lambda v, s, t, b1, b2, eps: (v / (1 - b1)) / (np.sqrt(s / (1 - b2)) + eps)
        ),
        "the step goes uphill: it is subtracted from theta": (
            lambda theta, *others: (
                2 * theta - _adam(theta, *others)[0], *_adam(theta, *others)[1:],
            )
        ),
        "the corrected averages are handed on to the next step": (
            lambda theta, g, v, s, t, lr, b1, b2, eps: (
                _adam(theta, g, v, s, t, lr, b1, b2, eps)[0],
                (b1 * v + (1 - b1) * g) / (1 - b1**t),
                (b2 * s + (1 - b2) * g**2) / (1 - b2**t),
            )
        ),
        "s averages the gradients, not their squares": (
            lambda theta, g, v, s, t, lr, b1, b2, eps: _adam(
                theta, g, v, (b2 * s + (1 - b2) * g - (1 - b2) * g**2) / b2, t, lr, b1, b2, eps
            )
        ),
    },
    hints=(
        "Three things happen in turn: both averages, both corrections, the step.",
        "v is divided by 1 - beta1 ** t and s by 1 - beta2 ** t; what is returned is uncorrected.",
        "The step is lr * v_corrected / (np.sqrt(s_corrected) + eps).",
    ),
)  # fmt: skip


# opt-best-rate


def _best_rate(curvatures):
    low, high = np.min(curvatures), np.max(curvatures)
    return 2 / high, 2 / (high + low), (high - low) / (high + low)


BEST_RATE = Exercise(
    name="opt-best-rate",
    verifies="the limit, the best rate and its factor",
    reference=_best_rate,
    returns=("limit", "best", "factor"),
    cases=lambda rng: {
        "the ravine": (np.array([2.0, 100.0]),),
        "three directions, not sorted": (np.array([3.0, 0.5, 1.0]),),
        "twenty directions": (rng.uniform(0.1, 9.0, 20),),
    },
    mistakes={
        "the best rate is that of the steepest direction alone, 1 / λ_max": lambda c: (
            2 / np.max(c), 1 / np.max(c), 1 - np.min(c) / np.max(c),
        ),
        "the limit is half as large as it may be: steps may overshoot up to 2 / λ_max": lambda c: (
            1 / np.max(c), *_best_rate(c)[1:],
        ),
        "the limit is set by the flattest direction": lambda c: (
            2 / np.min(c), *_best_rate(c)[1:],
        ),
        "the mean of all curvatures is used in the best rate": lambda c: (
            2 / np.max(c), 1 / np.mean(c), _best_rate(c)[2],
        ),
        "the factor is that of momentum, with roots of the curvatures": lambda c: (
            *_best_rate(c)[:2], _best_rate(np.sqrt(c))[2],
        ),
    },
    hints=(
        "Every direction has the factor 1 - lr * λ, and it must lie between -1 and 1.",
        "At the best rate the steepest and the flattest direction shrink equally fast, with "
        "factors of opposite sign.",
        "Solve 1 - lr * low = -(1 - lr * high) for lr, and put it in.",
    ),
)  # fmt: skip


# opt-schedule


def _schedule(step, lr, warm, steps):
    return warmup(step, cosine(max(step - warm, 0), lr, steps - warm), warm)


SCHEDULE = Exercise(
    name="opt-schedule",
    verifies="warm-up to the full rate, then half a cosine down to 0",
    reference=_schedule,
    returns=("rate",),
    cases=lambda rng: {
        "the first step": (0, 0.2, 4, 12),
        "in the warm-up": (2, 0.2, 4, 12),
        "the first step after it": (4, 0.2, 4, 12),
        "half way down": (8, 0.2, 4, 12),
        "the last step": (999, 0.1, 100, 1000),
    },
    mistakes={
        "the first step has the rate 0: nothing is learned in it": lambda step, lr, warm, steps: (
            lr * step / warm if step < warm else _schedule(step, lr, warm, steps)
        ),
        "the cosine falls already during the warm-up": lambda step, lr, warm, steps: warmup(
            step, cosine(step, lr, steps), warm
        ),
        "the cosine takes all the steps, as if there were no warm-up": (
            lambda step, lr, warm, steps: warmup(step, cosine(max(step - warm, 0), lr, steps), warm)
        ),
        "the rate stays constant after the warm-up": lambda step, lr, warm, steps: warmup(
            step, lr, warm
        ),
        "the rate falls in a straight line": lambda step, lr, warm, steps: (
            _schedule(step, lr, warm, steps)
            if step < warm
            else lr * (1 - (step - warm) / (steps - warm))
        ),
        "there is no warm-up": lambda step, lr, warm, steps: cosine(
            max(step - warm, 0), lr, steps - warm
        ),
    },
    hints=(
        "Two cases: step < warm, and the rest.",
        "The warm-up ends at the full rate: step warm - 1 has lr * warm / warm.",
        "After it count anew: u = (step - warm) / (steps - warm) runs from 0 to 1, and the rate "
        "is lr * (1 + cos(pi * u)) / 2.",
    ),
)

EXERCISES = [BATCHES, WEIGHTS, MOMENTUM, ADAM, BEST_RATE, SCHEDULE]
