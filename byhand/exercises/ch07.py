"""Exercises of chapter 07, losses and their gradients.

Scores ``S`` and probabilities ``P`` have shape (N, C), labels ``y`` (N,).
"""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import losses
from dlcore.activations import sigmoid, softmax

# tanh-loss


def _tanh_loss(a, y):
    return -(1 + y) / 2 * np.log((1 + a) / 2) - (1 - y) / 2 * np.log((1 - a) / 2)


TANH_LOSS = Exercise(
    name="tanh-loss",
    verifies="the loss whose error behind a tanh is a - y",
    reference=_tanh_loss,
    returns=("loss",),
    cases=lambda rng: {
        "no opinion, target 1": (np.array([0.0]), np.array([1.0])),
        "right and wrong": (np.array([0.9, 0.9, -0.5]), np.array([1.0, -1.0, -1.0])),
        "soft targets": (np.array([0.2, -0.7]), np.array([0.0, -0.4])),
        "a seeded batch": (np.tanh(rng.standard_normal((4, 2))), 2 * rng.random((4, 2)) - 1),
    },
    mistakes={
        "the constant is missing: at a = y = 1 the loss has to be 0, not -log 2": lambda a, y: (
            -(1 + y) / 2 * np.log(1 + a) - (1 - y) / 2 * np.log(1 - a)
        ),
        "the sign is flipped: a loss is large where the output is wrong": lambda a, y: (
            -_tanh_loss(a, y)
        ),
        "the halves are missing: A is -(1 + y)/2, and B is (1 - y)/2": lambda a, y: (
            2 * _tanh_loss(a, y)
        ),
        "the targets have changed sides: (1 + y) belongs to 1 + a": lambda a, y: _tanh_loss(a, -y),
        "the quadratic loss is used: its error behind a tanh is (a - y)(1 - a²)": lambda a, y: (
            (a - y) ** 2 / 2
        ),
        "the derivative is returned, and not yet integrated": lambda a, y: (a - y) / (1 - a**2),
        "the mean is taken: asked is the loss of each entry": lambda a, y: np.mean(
            _tanh_loss(a, y)
        ),
    },
    hints=(
        "The slope of tanh is 1 - a², so the demand is dL/da = (a - y)/(1 - a²). Split that "
        "fraction: 1 - a² = (1 + a)(1 - a).",
        "dL/da = -(1 + y)/2 · 1/(1 + a) + (1 - y)/2 · 1/(1 - a). Integrate term by term.",
        "Two logarithms, of 1 + a and of 1 - a, with the factors (1 + y)/2 and (1 - y)/2, a minus "
        "in front. Add log 2, or divide both arguments by 2.",
    ),
)


# softmax-backward


def _softmax_backward(dP, P):
    return P * (dP - np.sum(P * dP, axis=1, keepdims=True))


SOFTMAX_BACKWARD = Exercise(
    name="softmax-backward",
    verifies="the gradient pulled back through softmax, without its Jacobian",
    reference=_softmax_backward,
    returns=("dS",),
    without=frozenset({"diag", "diagflat", "outer"}),
    loops=False,
    cases=lambda rng: {
        "two rows of two classes": (
            np.array([[1.0, 2.0], [-3.0, 0.0]]),
            np.array([[0.5, 0.5], [0.1, 0.9]]),
        ),
        "one row of three": (np.array([[1.0, 0.0, 0.0]]), np.array([[0.5, 0.25, 0.25]])),
        "a sure network": (np.array([[2.0, -1.0, 3.0]]), np.array([[0.98, 0.01, 0.01]])),
        "a seeded batch": (
            rng.standard_normal((5, 4)),
            softmax(rng.standard_normal((5, 4))),
        ),
    },
    mistakes={
        "only the diagonal p(1 - p) is used: each probability depends on every score": (
            lambda dP, P: dP * P * (1 - P)
        ),
        "the second term is missing: pp' has to be subtracted from diag(p)": lambda dP, P: P * dP,
        "the mean over the classes takes the place of the mean weighed by p": lambda dP, P: (
            P * (dP - dP.mean(axis=1, keepdims=True))
        ),
        "the sum runs over the whole batch: each example has its own": lambda dP, P: (
            P * (dP - np.sum(P * dP))
        ),
        "the sum runs over the examples: classes are columns, axis 1": lambda dP, P: (
            P * (dP - np.sum(P * dP, axis=0, keepdims=True))
        ),
        "the factor P in front is missing": lambda dP, P: (
            dP - np.sum(P * dP, axis=1, keepdims=True)
        ),
        "the softmax is taken once more: P holds probabilities already": lambda dP, P: (
            _softmax_backward(dP, softmax(P))
        ),
        "p - y of the cross-entropy is used: here any gradient dP comes in": lambda dP, P: P - dP,
    },
    hints=(
        "For one example: multiply diag(p) - p p' by the gradient g. What is diag(p) g? And "
        "p p' g, if you begin with p' g?",
        "p' g is a single number an example: the mean of dP, weighed by P. Keep its axis, so that "
        "it broadcasts: keepdims=True.",
        "dS = P times (dP minus that number), entry by entry.",
    ),
)


# hinge-gradient


def _hinge_gradient(s, y):
    return losses.svm_hinge(s[np.newaxis], np.array([y]))[1][0]


def _close(s, y, margin=1.0):
    close = s - s[y] + margin > 0
    close[y] = False
    return close


def _minus_their_number(close, y, number=None):
    gradient = close.astype(float)
    gradient[y] = -(close.sum() if number is None else number)
    return gradient


HINGE_GRADIENT = Exercise(
    name="hinge-gradient",
    verifies="who is too close gets 1, and the right class minus their number",
    reference=_hinge_gradient,
    returns=("ds",),
    cases=lambda rng: {
        "four classes, two too close": (np.array([1.0, 1.5, 3.0, -1.0]), 0),
        "one of two is too close": (np.array([0.0, 4.0, 3.5]), 1),
        "one class exactly at the margin": (np.array([2.0, 1.0, 1.5]), 0),
        "the right class comes last": (np.array([1.0, 1.2, 0.0]), 2),
        "ten seeded scores": (rng.standard_normal(10), 4),
    },
    mistakes={
        "the right class counts itself: s_y - s_y + 1 is above zero too": lambda s, y: (
            _minus_their_number(_close(s, y), y, number=_close(s, y).sum() + 1)
        ),
        "the right class gets nothing: it is pulled up by the number of the others": (
            lambda s, y: _minus_their_number(_close(s, y), y, number=0)
        ),
        "the right class gets -1, whatever the number of those too close": lambda s, y: (
            _minus_their_number(_close(s, y), y, number=1)
        ),
        "the sign is flipped: the loss grows with the wrong scores": lambda s, y: (
            -_hinge_gradient(s, y)
        ),
        "the margin is forgotten: only classes ahead of the right one are counted": (
            lambda s, y: _minus_their_number(_close(s, y, margin=0.0), y)
        ),
        "a class exactly at the margin counts: its share of the loss is 0": lambda s, y: (
            _minus_their_number((s - s[y] + 1 >= 0) & (np.arange(len(s)) != y), y)
        ),
        "the missing margins themselves are returned, and not their derivative": lambda s, y: (
            np.where(_close(s, y), s - s[y] + 1, 0.0)
        ),
        "only the worst class is pushed down: this hinge counts every one": lambda s, y: (
            _minus_their_number(_close(s, y) & (s == np.delete(s, y).max()), y)
        ),
    },
    hints=(
        "First who is too close: s - s[y] + 1 > 0 is an array of True and False. Which entry of it "
        "is wrong?",
        "The entry of the right class itself has to be False. The others are their own gradient, "
        "1 or 0.",
        "Set the entry y to 0, and then to minus the sum of all the others.",
    ),
)


# log-sum-exp


def _log_sum_exp(S):
    c = S.max(axis=1, keepdims=True)
    return c[:, 0] + np.log(np.sum(np.exp(S - c), axis=1))


LOG_SUM_EXP = Exercise(
    name="log-sum-exp",
    verifies="log-sum-exp of every row, for any finite score",
    reference=_log_sum_exp,
    returns=("values",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 0.0]]),),
        "three rows": (rng.standard_normal((3, 4)),),
        "scores of a thousand": (np.array([[1000.0, 998.0]]),),
        "scores of minus a thousand": (np.array([[-1000.0, -1001.0]]),),
        "high and low scores in a row": (np.array([[1000.0, -1000.0, 999.0]]),),
        "high and low rows together": (np.array([[1000.0, 998.0], [-1000.0, -1001.0]]),),
    },
    mistakes={
        "the exponential overflows: take out the largest score first": lambda S: np.log(
            np.exp(S).sum(axis=1)
        ),
        "one maximum serves the whole batch: the row of low scores underflows": lambda S: (
            S.max() + np.log(np.exp(S - S.max()).sum(axis=1))
        ),
        "the maximum is not added again": lambda S: _log_sum_exp(S) - S.max(axis=1),
        "the maximum alone is returned": lambda S: S.max(axis=1),
        "the axis is kept: expected is one number a row, (N,)": lambda S: _log_sum_exp(S)[
            :, np.newaxis
        ],
        "the sum runs over the examples: classes are columns, axis 1": lambda S: (
            S.max(axis=0) + np.log(np.exp(S - S.max(axis=0)).sum(axis=0))
        ),
        "the mean takes the place of the sum": lambda S: _log_sum_exp(S) - np.log(S.shape[1]),
        "the log is missing": lambda S: np.exp(S).sum(axis=1),
        "log softmax is returned: asked is only the logarithm of the sum": lambda S: (
            S - _log_sum_exp(S)[:, np.newaxis]
        ),
    },
    hints=(
        "exp overflows above 709. Which number can you take out of the sum of each row?",
        "The largest of the row: c = S.max(axis=1, keepdims=True). Then no exponent is above 0.",
        "c plus the log of the sum of exp(S - c). Mind the shapes: c is (N, 1), the sum (N,).",
    ),
)


# temperature-slope


def _temperature_slope(S, y, T):
    expected = np.sum(softmax(S / T) * S, axis=1)  # (N,)
    return np.mean(S[np.arange(len(y)), y] - expected) / T**2


def _wrong_slope(p):
    """Return the slope with other probabilities."""

    def slope(S, y, T):
        return np.mean(S[np.arange(len(y)), y] - np.sum(p(S, T) * S, axis=1)) / T**2

    return slope


TEMPERATURE_SLOPE = Exercise(
    name="temperature-slope",
    verifies="the derivative of the mean cross-entropy by the temperature",
    reference=_temperature_slope,
    returns=("slope",),
    cases=lambda rng: {
        "one example at T = 1": (np.array([[2.0, 1.0, 0.0]]), np.array([0]), 1.0),
        "one example at T = 2": (np.array([[2.0, 1.0, 0.0]]), np.array([1]), 2.0),
        "a seeded batch": (3 * rng.standard_normal((5, 4)), rng.integers(4, size=5), 1.5),
        "scores of a thousand": (np.array([[1000.0, -1000.0]]), np.array([1]), 0.5),
    },
    mistakes={
        "the sign is flipped: the right score comes first": lambda S, y, T: (
            -_temperature_slope(S, y, T)
        ),
        "the division by T² is missing: the derivative of s/T is -s/T²": lambda S, y, T: (
            _temperature_slope(S, y, T) * T**2
        ),
        "T stands there once: the derivative of s/T is -s/T²": lambda S, y, T: (
            _temperature_slope(S, y, T) * T
        ),
        "the probabilities are those at T = 1": _wrong_slope(lambda S, T: softmax(S)),
        "the plain mean of the scores takes the place of the one weighed by p": _wrong_slope(
            lambda S, T: np.ones_like(S) / S.shape[1]
        ),
        "the scores are multiplied by T": _wrong_slope(lambda S, T: softmax(S * T)),
        "each class gets a sigmoid of its own: the probabilities have to sum to 1": _wrong_slope(
            lambda S, T: sigmoid(S / T)
        ),
        "the sum over the examples is not divided by N": lambda S, y, T: (
            _temperature_slope(S, y, T) * len(y)
        ),
        "the largest score takes the place of the right one": lambda S, y, T: _temperature_slope(
            S, S.argmax(axis=1), T
        ),
    },
    hints=(
        "The loss of one example is -s_y/T + log Σ exp(s_k/T). Differentiate both terms by T.",
        "The first gives s_y/T². The second gives minus the mean of the scores, weighed by the "
        "probabilities at T, over T².",
        "S[np.arange(len(y)), y] are the right scores, and np.sum(softmax(S / T) * S, axis=1) the "
        "expected ones.",
    ),
)


EXERCISES = [TANH_LOSS, SOFTMAX_BACKWARD, HINGE_GRADIENT, LOG_SUM_EXP, TEMPERATURE_SLOPE]
