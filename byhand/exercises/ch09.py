"""Exercises of chapter 09, gradient checking."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.gradcheck import numerical_gradient


@dataclass(frozen=True)
class Formula:
    """A function that can be shown in a report."""

    text: str
    function: Callable

    def __call__(self, theta):
        """Evaluate it."""
        return self.function(theta)

    def __str__(self):
        return self.text


def _cubes(theta):
    return float(np.sum(theta**3))


def _chain(theta):
    return float(np.sum(np.tanh(theta[:-1] * theta[1:])))


def _product(theta):
    return float(np.prod(theta))


CUBES = Formula("the sum of the cubes", _cubes)
CHAIN = Formula("the sum of tanh(theta[i] theta[i + 1])", _chain)
PRODUCT = Formula("the product of the entries", _product)


# logistic-start: derive it

LOG2 = float(np.log(2))


def _start(mean, mean_square, share, *, constant=LOG2, slope=1.0, bend=1 / 8):
    return constant + slope * (0.5 - share) * mean + bend * mean_square


LOGISTIC_START = Exercise(
    name="logistic-start",
    verifies="what small scores that know nothing cost at the start",
    reference=lambda mean, mean_square, share: _start(mean, mean_square, share),
    returns=("cost",),
    cases=lambda rng: {
        "all scores are 0": (0.0, 0.0, 0.3),
        "as many zeros as ones": (0.2, 0.16, 0.5),
        "scores that lean to the rarer class": (0.3, 0.25, 0.1),
        "scores that lean to zeros, most labels are 1": (-0.4, 0.4, 0.75),
    },
    mistakes={
        "log 2 is left out: scores of 0 say one half": lambda mean, mean_square, share: _start(
            mean, mean_square, share, constant=0.0
        ),
        "the factor of the second order is ½: the second derivative of log(1 + eˢ) at 0 is ¼": (
            lambda mean, mean_square, share: _start(mean, mean_square, share, bend=1 / 2)
        ),
        "the factor of the second order is ¼: Taylor's series halves the second derivative": (
            lambda mean, mean_square, share: _start(mean, mean_square, share, bend=1 / 4)
        ),
        "the first-order term is left out, which vanishes only for as many ones as zeros": (
            lambda mean, mean_square, share: _start(mean, mean_square, share, slope=0.0)
        ),
        "the share is that of the zeros: a positive score is cheap where the label is 1": (
            lambda mean, mean_square, share: _start(mean, mean_square, 1 - share)
        ),
        "the term y s is left out": lambda mean, mean_square, share: _start(mean, mean_square, 0.0),
        "the slope of log(1 + eˢ) at 0 is taken to be 1: it is one half": (
            lambda mean, mean_square, share: np.log(2) + (1 - share) * mean + mean_square / 8
        ),
        "the variance takes the place of the mean square": lambda mean, mean_square, share: _start(
            mean, mean_square - mean**2, share
        ),
        "the squared mean takes the place of the mean square": (
            lambda mean, mean_square, share: _start(mean, mean**2, share)
        ),
        "the logarithm has the base 2": lambda mean, mean_square, share: _start(
            mean, mean_square, share, constant=1.0
        ),
    },
    hints=(
        "The loss of one example is log(1 + eˢ) − y s. Which first and second derivative has the "
        "first term at s = 0?",
        "One half and one quarter. Take the mean over scores and labels; independent factors have "
        "the product of their means.",
        "log 2 + mean / 2 + mean_square / 8 − share · mean.",
    ),
)


# hidden-factor: derive it


def _hidden(
    share,
    factor,
    *,
    above=lambda s, c: abs(c - 1) * np.sqrt(s),
    below=lambda s, c: np.sqrt(1 - s + c**2 * s) + 1,
):
    return above(share, factor) / below(share, factor)


HIDDEN_FACTOR = Exercise(
    name="hidden-factor",
    verifies="how much of a factor in one array is left when all arrays are compared at once",
    reference=lambda share, factor: _hidden(share, factor),
    returns=("difference",),
    entrywise=True,
    cases=lambda rng: {
        "the array is everything, and doubled": (1.0, 2.0),
        "a quarter, with the wrong sign": (0.25, -1.0),
        "a tenth, lost": (0.1, 0.0),
        "one part in a million, seven times too large": (1e-6, 7.0),
        "nothing is wrong": (0.4, 1.0),
    },
    mistakes={
        "the share is not under a root: lengths are roots of sums": lambda share, factor: _hidden(
            share, factor, above=lambda s, c: abs(c - 1) * s
        ),
        "the share is left out above": lambda share, factor: _hidden(
            share, factor, above=lambda s, c: abs(c - 1)
        ),
        "the wrong array's length is divided by, and not that of the whole gradient": (
            lambda share, factor: _hidden(
                share, factor, above=lambda s, c: abs(c - 1), below=lambda s, c: abs(c) + 1
            )
        ),
        "the factor is not squared under the root below": lambda share, factor: _hidden(
            share, factor, below=lambda s, c: np.sqrt(1 - s + abs(c) * s) + 1
        ),
        "the other arrays are left out of the wrong gradient's length": (
            lambda share, factor: _hidden(share, factor, below=lambda s, c: np.sqrt(c**2 * s) + 1)
        ),
        "the whole right gradient is counted again in the wrong one's length": (
            lambda share, factor: _hidden(
                share, factor, below=lambda s, c: np.sqrt(1 + c**2 * s) + 1
            )
        ),
        "only the right gradient's length stands below": lambda share, factor: _hidden(
            share, factor, below=lambda s, c: 1.0
        ),
        "only the wrong gradient's length stands below": lambda share, factor: _hidden(
            share, factor, below=lambda s, c: max(np.sqrt(1 - s + c**2 * s), 1e-300)
        ),
        "the factor itself is taken above: the difference is factor − 1 times the array": (
            lambda share, factor: _hidden(share, factor, above=lambda s, c: abs(c) * np.sqrt(s))
        ),
        "the sign of factor − 1 is kept: a length is never negative": lambda share, factor: _hidden(
            share, factor, above=lambda s, c: (c - 1) * np.sqrt(s)
        ),
    },
    hints=(
        "Let the right gradient have length 1. Then the array has length √share, and the others "
        "together √(1 − share).",
        "Above: |factor − 1| √share. How long is the wrong gradient? Squares add up.",
        "√(1 − share + factor² share), and 1 beside it.",
    ),
    numbers={
        "factor − 1 times the array": "given",
    },
)


# layer-check


def _pulled(f, X, eps, *, both=True, span=2.0):
    """Return differences of a number that depends on every entry of X."""
    gradient = np.zeros(X.shape)
    for place in np.ndindex(X.shape):
        up, down = X.copy(), X.copy()
        up[place] += eps
        if both:
            down[place] -= eps
        gradient[place] = (f(up) - f(down)) / (span * eps)
    return gradient


def _entry_by_entry(forward, X, dZ, eps):
    """Take the layer for an elementwise one, as far as the shapes allow."""
    slopes = (forward(X + eps) - forward(X - eps)) / (2 * eps)
    if slopes.shape == X.shape:
        return slopes * dZ
    return np.pad(slopes * dZ, [(0, 0), (0, X.shape[1] - slopes.shape[1])])


SOFTMAX_ROWS = Formula(
    "softmax of every row", lambda X: np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)
)
SQUARED_NEIGHBORS = Formula(
    "X[:, :-1] times X[:, 1:], squared", lambda X: (X[:, :-1] * X[:, 1:]) ** 2
)
CUBED = Formula("the cube of every entry", lambda X: X**3)

LAYER_CHECK = Exercise(
    name="layer-check",
    verifies="what a layer's backward pass has to return, from its forward pass alone",
    reference=lambda forward, X, dZ, eps: _pulled(lambda Y: np.sum(dZ * forward(Y)), X, eps),
    returns=("dX",),
    tolerance=1e-7,
    cases=lambda rng: {
        "cubes of two numbers": (CUBED, np.array([[1.0, -2.0]]), np.array([[3.0, 0.5]]), 0.01),
        "a softmax of three classes": (
            SOFTMAX_ROWS,
            rng.standard_normal((2, 3)),
            rng.standard_normal((2, 3)),
            0.01,
        ),
        "fewer outputs than inputs": (
            SQUARED_NEIGHBORS,
            rng.standard_normal((2, 4)),
            rng.standard_normal((2, 3)),
            0.01,
        ),
    },
    mistakes={
        "dZ is left out: the outputs are summed as they are, which for a softmax says nothing": (
            lambda forward, X, dZ, eps: _pulled(lambda Y: np.sum(forward(Y)), X, eps)
        ),
        "the outputs are averaged: dZ already says what each of them is worth": (
            lambda forward, X, dZ, eps: _pulled(lambda Y: np.mean(dZ * forward(Y)), X, eps)
        ),
        "all inputs are moved at once, as if each output had only one input": _entry_by_entry,
        "it is divided by ε: the two points are 2ε apart": lambda forward, X, dZ, eps: _pulled(
            lambda Y: np.sum(dZ * forward(Y)), X, eps, span=1.0
        ),
        "only one side is stepped to": lambda forward, X, dZ, eps: _pulled(
            lambda Y: np.sum(dZ * forward(Y)), X, eps, both=False, span=1.0
        ),
        "the length of the weighted outputs is differentiated: their sum is asked": (
            lambda forward, X, dZ, eps: _pulled(lambda Y: np.linalg.norm(dZ * forward(Y)), X, eps)
        ),
        "the squares of the weighted outputs are summed": lambda forward, X, dZ, eps: _pulled(
            lambda Y: np.sum((dZ * forward(Y)) ** 2), X, eps
        ),
    },
    hints=(
        "Of which single number is dX the gradient? Above this layer stands a cost, and dZ is its "
        "gradient by the outputs.",
        "A small change of the outputs changes that cost by the sum of dZ times the change. So "
        "take the number np.sum(dZ * forward(X)).",
        "Loop over np.ndindex(X.shape), move that entry of a copy up and down, and divide the "
        "difference of the two numbers by 2ε.",
    ),
)


# four-costs: derive it


def _four(eta, fifth, *, power=1 / 5, inside=45 / 4, error=None):
    eps = (inside * eta / fifth) ** power
    if error is None:
        return eps, fifth * eps**4 / 30 + 1.5 * eta / eps
    return eps, error(eta, fifth, eps)


FOUR_COSTS = Exercise(
    name="four-costs",
    verifies="the best step of a difference of four costs, and its error there",
    reference=lambda eta, fifth: _four(eta, fifth),
    returns=("eps", "error"),
    entrywise=True,
    cases=lambda rng: {
        "eta 1e-16, fifth derivative 1": (1e-16, 1.0),
        "a cost of a thousand": (1e-13, 20.0),
        "float32, a flat curve": (6e-8, 0.04),
    },
    mistakes={
        "the cube root is taken, as for two costs: the truncation has ε⁴ here": (
            lambda eta, fifth: _four(eta, fifth, power=1 / 3)
        ),
        "the fourth root is taken: ε⁴ meets 1/ε², so ε⁵ stands alone": (
            lambda eta, fifth: _four(eta, fifth, power=1 / 4)
        ),
        "the two errors are set equal: the smallest sum is where their slopes cancel": (
            lambda eta, fifth: _four(eta, fifth, inside=45)
        ),
        "the rounding is that of two costs, η/ε: here it is one and a half times as large": (
            lambda eta, fifth: _four(
                eta, fifth, inside=7.5, error=lambda h, M, e: M * e**4 / 30 + h / e
            )
        ),
        "the rounding errors are given the signs of the formula: each may have either sign, so "
        "the sizes add up": lambda eta, fifth: _four(
            eta, fifth, inside=105 / 12, error=lambda h, M, e: M * e**4 / 30 + 7 / 6 * h / e
        ),
        "the truncation of one difference is taken, M ε⁴/120: the combination has four times "
        "as much, and the other sign": lambda eta, fifth: _four(
            eta, fifth, inside=45, error=lambda h, M, e: M * e**4 / 120 + 1.5 * h / e
        ),
        "only the rounding is counted in the error, four fifths of the sum": lambda eta, fifth: (
            _four(eta, fifth, error=lambda h, M, e: 1.5 * h / e)
        ),
        "only the truncation is counted in the error, a fifth of the sum": lambda eta, fifth: _four(
            eta, fifth, error=lambda h, M, e: M * e**4 / 30
        ),
        "only half of the rounding is counted in the error": lambda eta, fifth: _four(
            eta, fifth, error=lambda h, M, e: M * e**4 / 30 + 0.75 * h / e
        ),
    },
    hints=(
        "Write Taylor's series of D(ε) up to ε⁴: J′ + J‴ ε²/6 + J⁽⁵⁾ ε⁴/120. What does D(2ε) have "
        "in its place, and what is left of (4 D(ε) − D(2ε))/3?",
        "The ε² cancels, and −J⁽⁵⁾ ε⁴/30 is left. D(ε) rounds by up to η/ε, D(2ε) by half of that: "
        "together 3η/(2ε).",
        "Set the derivative of M ε⁴/30 + 3η/(2ε) to 0: ε⁵ = 45η/(4M).",
    ),
    numbers={
        "M ε⁴/120": "given",
        "four times as much": "given",
        "four fifths of": "given",
        "a fifth of": "given",
        "only half of": "given",
        "by half of that": "given",
    },
)


# check-bug: find the bug


def _in_place(f, theta, eps, *, back=None, span=2.0, sign=1.0):
    """Move entry after entry of one array: up by ε, down by 2ε, and back or not."""
    theta, gradient = theta.copy(), np.zeros_like(theta)
    for i in range(theta.size):
        theta[i] += eps
        plus = f(theta)
        theta[i] -= 2 * eps
        gradient[i] = sign * (plus - f(theta)) / (span * eps)
        if back is not None:
            theta[i] += back * eps
    return gradient


CHECK_BUG = Exercise(
    name="check-bug",
    verifies="the bug is gone: every entry is moved from the same point",
    reference=lambda f, theta, eps: numerical_gradient(f, theta, eps),
    returns=("gradapprox",),
    tolerance=1e-8,
    planted=lambda f, theta, eps: _in_place(f, theta, eps),
    cases=lambda rng: {
        "three numbers, each alone": (CUBES, np.array([1.0, -2.0, 0.5]), 0.01),
        "three numbers, multiplied": (PRODUCT, np.array([1.0, -2.0, 0.5]), 0.01),
        "six numbers that depend on their neighbors": (CHAIN, rng.standard_normal(6), 1e-2),
    },
    mistakes={
        "the entry is moved back by 2ε: it stands ε above its place then": (
            lambda f, theta, eps: _in_place(f, theta, eps, back=2)
        ),
        "it is divided by ε now: 2ε was right": lambda f, theta, eps: _in_place(
            f, theta, eps, back=1, span=1.0
        ),
        "only one side is stepped to now, and the other point is theta itself: both sides were "
        "right": lambda f, theta, eps: np.array(
            [(f(theta + eps * e) - f(theta)) / eps for e in np.eye(theta.size)]
        ),
        "the sign is turned now": lambda f, theta, eps: _in_place(f, theta, eps, back=1, sign=-1.0),
        "all entries are moved at once now: each partial derivative moves its own": (
            lambda f, theta, eps: np.array(
                [(f(theta + eps) - f(theta - eps)) / (2 * eps) for _ in theta]
            )
        ),
    },
    hints=(
        "Print theta inside the loop, in the third round. Where are the first two entries?",
        "After its round an entry stands ε below where it was. A cost that is a sum of one term "
        "per entry does not notice.",
        "One line at the end of the loop: theta[i] += eps.",
    ),
)


# share-seen: predict, then measure


def _seen(right, wrong, V, t, *, size=np.abs, below=None):
    error, rate = size(V @ (wrong - right)), np.abs(V @ (right if below is None else below))
    return float(np.mean(error > t * rate))


def _doubled_in_one(n):
    g = np.ones(n)
    g[1::2] = -1
    return g, g * np.where(np.arange(n) == 3, 2.0, 1.0)


SHARE_SEEN = Exercise(
    name="share-seen",
    verifies="the share of random directions that see one wrong entry among many",
    reference=lambda right, wrong, V, t: _seen(right, wrong, V, t),
    returns=("share",),
    predicts="your prediction of the share for 1,200 entries",
    cases=lambda rng: {
        "two numbers, three directions": (
            np.array([1.0, 2.0]),
            np.array([1.0, 3.0]),
            np.array([[1.0, 0.0], [0.0, -1.0], [4.0, 0.5]]),
            0.2,
        ),
        "the sign of one entry": (
            np.array([3.0, 1.0, -2.0]),
            np.array([3.0, -1.0, -2.0]),
            rng.standard_normal((200, 3)),
            0.5,
        ),
        "a gradient that is right": (np.ones(4), np.ones(4), rng.standard_normal((5, 4)), 0.1),
        "two of four entries are a tenth too large": (
            np.array([1.0, 2.0, -1.0, 0.5]),
            np.array([1.1, 2.0, -1.1, 0.5]),
            rng.standard_normal((300, 4)),
            0.03,
        ),
        "one of 1,200 entries is doubled": (
            *_doubled_in_one(1200),
            rng.standard_normal((400, 1200)),
            0.05,
        ),
    },
    mistakes={
        "the share of directions that do not see it is returned": lambda right, wrong, V, t: (
            1 - _seen(right, wrong, V, t)
        ),
        "the sign of the error is kept: an error may have either": lambda right, wrong, V, t: _seen(
            right, wrong, V, t, size=lambda e: e
        ),
        "the error is not measured by the rate along v: t is a share of |right · v|": (
            lambda right, wrong, V, t: float(np.mean(np.abs(V @ (wrong - right)) > t))
        ),
        "the wrong gradient's rate stands on the right: asked is a share of the right one's": (
            lambda right, wrong, V, t: _seen(right, wrong, V, t, below=wrong)
        ),
        "the lengths of both gradients are compared, without the directions": (
            lambda right, wrong, V, t: float(
                np.linalg.norm(wrong - right) > t * np.linalg.norm(right)
            )
        ),
        "the number of directions is returned, in place of their share": (
            lambda right, wrong, V, t: len(V) * _seen(right, wrong, V, t)
        ),
        "the entries are compared one by one, without the directions": (
            lambda right, wrong, V, t: float(np.mean(np.abs(wrong - right) > t * np.abs(right)))
        ),
    },
    hints=(
        "How long is the error, as a share of the gradient's length? All entries have the same "
        "size, and one of them is doubled.",
        "V @ (wrong - right) has the error along every direction, V @ right the rates.",
        "np.mean of a comparison of two absolute values is the share.",
    ),
)


# clear-batch: design

CLEAR_W = np.array([[1.0, 1.0], [1.0, -0.5], [-2.0, 0.5], [0.5, 1.5], [0.0, -1.0]])
CLEAR_B = np.array([0.0, 0.5, -1.0, 1.0, -0.5])


def _clear(X):
    """Return how many units are on and off, the step that crosses no kink, the largest entry."""
    X = np.asarray(X, dtype=float)
    if X.shape != (3, 2):
        raise ValueError(f"X has shape {X.shape}; asked are three examples of two numbers, (3, 2)")
    Z = X @ CLEAR_W.T + CLEAR_B
    both = np.sum((Z > 0).any(axis=0) & (Z < 0).any(axis=0))
    reach = np.abs(Z) / np.maximum(np.abs(X).max(axis=1, keepdims=True), 1)
    return float(both), float(reach.min()), float(np.abs(X).max())


CLEAR_BATCH = Exercise(
    name="clear-batch",
    verifies="a batch on which a check meets no kink and every unit both ways",
    reference=lambda: np.array([[0.9, 0.6], [0.45, -1.7], [-1.0, 0.3]]),
    returns=("X",),
    view=_clear,
    goals={
        "units both on and off": ("at least", 5),
        "largest step": ("at least", 0.5),
        "largest entry": ("at most", 2),
    },
    mistakes={},
    hints=(
        "Each unit draws a line through the plane, and the three points must lie on both sides of "
        "all five. Sketch the lines.",
        "Draw batches at random from the square and keep the one with the largest step among "
        "those that have all five units both ways.",
        "Some thousands of draws of rng.uniform(-2, 2, (3, 2)) are enough.",
    ),
)


# find-the-bugs

BUGS = (5, 1, 4, 6, 2, 3)  # of A to F


def _diagnosed(answers):
    """Say which of the six are right, without saying what is."""
    if len(answers) != 6:
        raise ValueError(f"there are {len(answers)} answers; asked are six, for A to F")
    return np.array([int(mine == right) for mine, right in zip(answers, BUGS, strict=True)])


def _wrong(**numbers):
    letters = dict(zip("ABCDEF", BUGS, strict=True)) | numbers
    return lambda: tuple(letters.values())


FIND_THE_BUGS = Exercise(
    name="find-the-bugs",
    verifies="six mistakes named from the patterns that they leave",
    reference=lambda: BUGS,
    returns=("right (1) or wrong (0), A to F",),
    view=_diagnosed,
    mistakes={
        "C and F are not told apart: both break layer 1 only. Look at their ratios for b1 on one "
        "example: a missing factor 1 − a², at most 1, makes a gradient too large, never of the "
        "wrong sign": _wrong(C=3, F=4),
        "B and E are not told apart: both show 0.75. One is 7 times too large wherever no penalty "
        "acts, the other 7 times too small, in one array": _wrong(B=2, E=1),
        "A is not found: every W is wrong and every b is right, as by a term that knows only W":
            _wrong(A=8),
        "B is not found: look at the three biases; all their ratios are exactly 7, and N is 7": (
            _wrong(B=7)
        ),
        "C is not found: layer 1 is wrong and its ratios have both signs; the step into that layer "
        "is a product with a square matrix": _wrong(C=7),
        "D is not found: only W1 is wrong, and most of its ratios are 1; print them as a matrix": (
            _wrong(D=5)
        ),
        "E is not found: one array alone is wrong, by a constant; compare it with N": _wrong(E=8),
        "F is not found: the mistake lies between layer 2, which is right, and layer 1": (
            _wrong(F=7)
        ),
    },
    hints=(
        "First: which arrays are wrong? Where W and b of a layer both are, the error enters at the "
        "last such layer and runs from there to the input; a single array is wrong by itself.",
        "Second: is the ratio of grad to gradapprox one constant? A constant is a lost or doubled "
        "factor; compare it with N = 7.",
        "Third: check again with one example and without the penalty. What remains wrong, and "
        "with which ratios?",
    ),
    numbers={
        "both show 0.75": "given",
        "is 7 times too large": "given",
        "other 7 times": "given",
    },
)  # fmt: skip


EXERCISES = [
    LOGISTIC_START,
    HIDDEN_FACTOR,
    LAYER_CHECK,
    FOUR_COSTS,
    CHECK_BUG,
    SHARE_SEEN,
    CLEAR_BATCH,
    FIND_THE_BUGS,
]
