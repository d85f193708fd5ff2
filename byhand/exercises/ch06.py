"""Exercises of chapter 06, activations: scores ``Z`` (N, C), one row per example."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.activations import elu, sigmoid
from dlcore.initializers import he_normal
from dlcore.layers import leaky_relu_backward, leaky_relu_forward, prelu_backward

# leaky-backward: from the output alone


def _leaky(dA, A, alpha):
    return leaky_relu_backward(dA, leaky_relu_forward(A, alpha)[1])  # A has the sign of Z


LEAKY_BACKWARD = Exercise(
    name="leaky-backward",
    verifies="the gradient pulled back through a leaky ReLU, from its output alone",
    reference=lambda dA, A, alpha: _leaky(dA, A, alpha),
    returns=("dZ",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0, -3.0]]), np.array([[2.0, -0.5, -4.0]]), 0.1),
        "an output of exactly zero": (np.array([[2.0, -1.0]]), np.array([[0.0, 3.0]]), 0.01),
        "a slope above 1": (np.array([[1.0, 1.0]]), np.array([[-2.0, 2.0]]), 2.0),
        "a seeded batch": (rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), 0.25),
    },
    mistakes={
        "the sign of dA decides: it is the output A that tells on which side the score was": (
            lambda dA, A, alpha: np.where(dA > 0, dA, alpha * dA)
        ),
        "the upstream gradient dA is left out": lambda dA, A, alpha: np.where(A > 0, 1.0, alpha),
        "the left side passes nothing, as in a plain ReLU": lambda dA, A, alpha: dA * (A > 0),
        "the two sides are swapped: alpha belongs where A is not positive": (
            lambda dA, A, alpha: np.where(A > 0, alpha * dA, dA)
        ),
        "the output takes the place of the slope: dA * A": lambda dA, A, alpha: dA * A,
        "the function takes the place of its slope: dA * leaky_relu(A)": (
            lambda dA, A, alpha: dA * np.where(A > 0, A, alpha * A)
        ),
        "the negative outputs are divided by alpha: that gives back Z, not its gradient": (
            lambda dA, A, alpha: dA * np.where(A > 0, A, A / alpha)
        ),
        "the signal is divided by alpha: forward and backward both multiply by it": (
            lambda dA, A, alpha: np.where(A > 0, dA, dA / alpha)
        ),
        "the score 0 gets the slope of the right side: the case is z > 0, not z >= 0": (
            lambda dA, A, alpha: np.where(A >= 0, dA, alpha * dA)
        ),
        "a maximum chooses the side: max(alpha, 1) is right of neither": (
            lambda dA, A, alpha: dA * np.where(A > 0, max(alpha, 1.0), min(alpha, 1.0))
        ),
    },
    hints=(
        "You need to know on which side of 0 the score was. What does A tell about that, when "
        "alpha is positive?",
        "A is positive exactly where Z is. The slope is 1 there and alpha elsewhere.",
        "Upstream times slope, entry by entry. np.where(condition, a, b) chooses.",
    ),
)


# prelu-slope: one slope per channel of images


def _prelu_slope(dA, Z):
    return prelu_backward(dA, (Z, np.zeros(Z.shape[1])))[1]  # alpha has no part in its gradient


PRELU_SLOPE = Exercise(
    name="prelu-slope",
    verifies="the gradient of one learned slope per channel",
    reference=_prelu_slope,
    returns=("dalpha",),
    cases=lambda rng: {
        "one example, two channels of one pixel": (
            np.array([[2.0, 3.0]]).reshape(1, 2, 1, 1),
            np.array([[-1.0, 4.0]]).reshape(1, 2, 1, 1),
        ),
        "one channel, an image of 2 by 2 pixels": (
            np.array([[1.0, 3.0], [-2.0, 0.5]]).reshape(1, 1, 2, 2),
            np.array([[-2.0, 4.0], [-1.5, -1.0]]).reshape(1, 1, 2, 2),
        ),
        "as many of everything": (
            rng.standard_normal((3, 3, 3, 3)),
            rng.standard_normal((3, 3, 3, 3)),
        ),
        "a seeded batch": (
            rng.standard_normal((5, 4, 2, 3)),
            rng.standard_normal((5, 4, 2, 3)),
        ),
    },
    mistakes={
        "the positive scores take part too: only the left piece holds alpha": (
            lambda dA, Z: np.sum(dA * Z, axis=(0, 2, 3))
        ),
        "the positive scores are taken instead of the negative ones": (
            lambda dA, Z: np.sum(dA * np.maximum(Z, 0), axis=(0, 2, 3))
        ),
        "the score is missing: the factor of alpha is z, not 1": (
            lambda dA, Z: np.sum(dA * (Z < 0), axis=(0, 2, 3))
        ),
        "the score counts without its sign: the factor of alpha is z, which is negative": (
            lambda dA, Z: np.sum(dA * np.maximum(-Z, 0), axis=(0, 2, 3))
        ),
        "the upstream gradient dA is left out": (
            lambda dA, Z: np.sum(np.minimum(Z, 0), axis=(0, 2, 3))
        ),
        "the mean is taken: the cost has its 1/N already, the layer sums": (
            lambda dA, Z: np.mean(dA * np.minimum(Z, 0), axis=(0, 2, 3))
        ),
        "the sum over the examples is divided by N: the cost has its 1/N already": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=(0, 2, 3)) / len(Z)
        ),
        "the channels are summed as well: one slope per channel has one gradient per channel": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0))
        ),
        "the examples are summed and the pixels are not: all pixels of a channel share alpha": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=0)
        ),
        "the pixels are summed and the examples are not: all examples share alpha": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=(2, 3))
        ),
        "the sum runs over the channels, too: it leaves axis 1, where they are": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=(1, 2, 3))
        ),
        "the channels are taken from the last axis: they are on axis 1": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=(0, 1, 2))
        ),
        "nothing is summed: every pixel of every example goes through the same alpha": (
            lambda dA, Z: dA * np.minimum(Z, 0)
        ),
    },
    hints=(
        "In which piece does alpha occur, and what is its factor there? Which entries of Z go "
        "through the alpha of channel c?",
        "The factor is z where z is negative, and there is none elsewhere: np.minimum(Z, 0). "
        "Every example and every pixel of the channel shares it.",
        "Times dA, entry by entry, then summed over axes 0, 2 and 3.",
    ),
    numbers={"axes 0,": "given", ", 2 and": "given", "and 3.": "given"},
)


# stable-elu

STABLE_ELU = Exercise(
    name="stable-elu",
    verifies="an ELU that neither overflows nor loses the digits of small scores",
    reference=elu,
    returns=("a",),
    cases=lambda rng: {
        "three numbers": (np.array([-1.0, 0.0, 2.0]), 1.0),
        "another alpha": (np.array([-3.0, -0.5, 0.5]), 0.5),
        "a matrix": (2 * rng.standard_normal((3, 2)), 1.0),
        "large scores": (np.array([-1000.0, 710.0, 1000.0]), 1.0),
        "tiny scores": (np.array([-1e-20, -1e-12, -1e-17]), 1.0),
    },
    mistakes={
        "alpha is left out": lambda z, alpha: elu(z, 1.0),
        "the -1 is missing: alpha exp(z) jumps to alpha at z = 0": lambda z, alpha: np.where(
            z > 0, z, alpha * np.exp(np.minimum(z, 0))
        ),
        "alpha multiplies the exponential only: it is alpha (exp(z) - 1)": (
            lambda z, alpha: np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)
        ),
        "the two sides are swapped": lambda z, alpha: np.where(z > 0, alpha * np.expm1(z), z),
        "the exponential is used for positive scores too": lambda z, alpha: alpha * np.expm1(z),
        "np.where computes both sides first, so exp(1000) overflows although it is thrown away": (
            lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(z))
        ),
        "exp(z) - 1 is computed by subtracting: for a tiny z all digits cancel": (
            lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))
        ),
    },
    hints=(
        "np.where(z > 0, z, alpha * (np.exp(z) - 1)) is right on paper. It computes both sides.",
        "Give the exponential min(z, 0) instead of z. Where z > 0 its result is not used.",
        "For tiny z use np.expm1, which computes exp(z) - 1 without subtracting.",
    ),
)


# silu-backward: derive it


def _curvature(Z):
    g = sigmoid(Z)
    return g * (1 - g) * (2 + Z * (1 - 2 * g))


SILU_BACKWARD = Exercise(
    name="silu-backward",
    verifies="what you derived: the curvature of SiLU",
    reference=lambda Z: _curvature(Z),
    returns=("curvature",),
    cases=lambda rng: {
        "three numbers": (np.array([0.0, 1.0, -2.0]),),
        "a seeded matrix": (2 * rng.standard_normal((4, 3)),),
        "far out": (np.array([40.0, 1e4, -1e4]),),
    },
    mistakes={
        "the slope came out, which is only the first derivative": lambda Z: (
            sigmoid(Z) * (1 + Z * (1 - sigmoid(Z)))
        ),
        "the curvature of the sigmoid is taken: SiLU has the factor z before it": lambda Z: (
            sigmoid(Z) * (1 - sigmoid(Z)) * (1 - 2 * sigmoid(Z))
        ),
        "z times the sigmoid's curvature is all there is: the factor z has a slope too": (
            lambda Z: Z * sigmoid(Z) * (1 - sigmoid(Z)) * (1 - 2 * sigmoid(Z))
        ),
        "the sigmoid's slope is there once: it comes from both terms, hence the 2": lambda Z: (
            sigmoid(Z) * (1 - sigmoid(Z)) * (1 + Z * (1 - 2 * sigmoid(Z)))
        ),
        "only the 2 is there: the sigmoid's slope in the second term depends on z": lambda Z: (
            2 * sigmoid(Z) * (1 - sigmoid(Z))
        ),
        "the sign of the sigmoid's curvature is turned: its slope falls where z is positive": (
            lambda Z: sigmoid(Z) * (1 - sigmoid(Z)) * (2 - Z * (1 - 2 * sigmoid(Z)))
        ),
        "the 2 before the sigmoid is missing: (g - g²)' is (1 - 2 g) g'": lambda Z: (
            sigmoid(Z) * (1 - sigmoid(Z)) * (2 + Z * (1 - sigmoid(Z)))
        ),
        "the factor z before the sigmoid's curvature is missing": lambda Z: (
            sigmoid(Z) * (1 - sigmoid(Z)) * (2 + (1 - 2 * sigmoid(Z)))
        ),
    },
    hints=(
        "The slope is g + z g', with g the sigmoid. Differentiate both terms; the second is a "
        "product.",
        "That gives g' + g' + z g''. What is g'' when g' = g - g²?",
        "g'' = (1 - 2 g) g'. Take g' out of all terms: g (1 - g) (2 + z (1 - 2 g)).",
    ),
    numbers={"(2 +": "given", "(1 - ": "given"},
)


# dead-units: over batches


def _scores(X, W, b):
    return X @ W.T + b  # (N, D) (D, D') -> (N, D')


def _dead(batches, W, b):
    return np.all([np.all(_scores(X, W, b) <= 0, axis=0) for X in batches], axis=0)


DEAD_UNITS = Exercise(
    name="dead-units",
    verifies="which ReLU units are zero for every example of every batch",
    reference=lambda batches, W, b: _dead(batches, W, b),
    returns=("dead",),
    cases=lambda rng: {
        "two batches of one example, four units": (
            np.array([[[1.0, 0.0]], [[0.0, 1.0]]]),
            np.array([[1.0, -1.0], [-1.0, -2.0], [0.5, 0.5], [-2.0, 1.0]]),
            np.array([0.0, 0.5, -1.0, 0.0]),
        ),
        "a unit whose scores are all exactly zero": (
            np.array([[[1.0, 2.0], [3.0, 4.0]], [[0.5, 0.0], [1.0, 1.0]]]),
            np.array([[0.0, 0.0], [1.0, 1.0]]),
            np.zeros(2),
        ),
        "units that depend on which examples come": (
            np.array([[[1.0, 3.0], [2.0, 5.0]], [[1.0, 4.0], [2.0, 6.0]]]),
            np.array([[2.0, -1.0], [-1.0, 2.0], [-2.0, 1.0], [4.0, -1.0]]),
            np.array([-0.5, 0.5, -4.0, 0.0]),
        ),
        "as many batches as examples and units": (
            rng.random((3, 3, 2)),
            rng.standard_normal((3, 2)),
            np.array([0.5, -5.0, 0.2]),
        ),
        "four batches of ten, eight units": (
            rng.random((4, 10, 3)),
            rng.standard_normal((8, 3)),
            np.array([0.0, -4.0, 0.0, -4.0, 1.0, -4.0, 0.0, -9.0]),
        ),
    },
    mistakes={
        "the living are marked: True is to stand for dead": lambda batches, W, b: (
            ~_dead(batches, W, b)
        ),
        "one example is enough: dead means not positive for every example": (
            lambda batches, W, b: np.any(_scores(np.concatenate(batches), W, b) <= 0, axis=0)
        ),
        "one batch is enough: a unit that another batch wakes is alive": lambda batches, W, b: (
            np.any([np.all(_scores(X, W, b) <= 0, axis=0) for X in batches], axis=0)
        ),
        "the last batch alone decides: the answers of the others are overwritten": (
            lambda batches, W, b: _dead(batches[-1:], W, b)
        ),
        "the first batch alone decides: the function returns inside the loop": (
            lambda batches, W, b: _dead(batches[:1], W, b)
        ),
        "the bias is left out": lambda batches, W, b: _dead(batches, W, 0 * b),
        "a score of exactly 0 passes for alive: its slope is 0 too": lambda batches, W, b: np.all(
            _scores(np.concatenate(batches), W, b) < 0, axis=0
        ),
        "the mean score decides: one positive example keeps a unit alive": (
            lambda batches, W, b: np.mean(_scores(np.concatenate(batches), W, b), axis=0) <= 0
        ),
        "it runs over the units, so there is one answer per example, not one per unit": (
            lambda batches, W, b: np.all(_scores(np.concatenate(batches), W, b) <= 0, axis=1)
        ),
        "one answer is given for the whole layer": lambda batches, W, b: np.all(
            _dead(batches, W, b)
        ),
        "each batch has a row of its own: the batches are not put together": lambda batches, W, b: (
            np.array([np.all(_scores(X, W, b) <= 0, axis=0) for X in batches])
        ),
    },
    hints=(
        "First the scores of one batch, (N, D'): X @ W.T + b. Which of them let a gradient "
        "through?",
        "A unit is a column. np.all(condition, axis=0) asks whether it holds in every row.",
        "Start with every unit dead, and after each batch keep those that were dead in it, too.",
    ),
    numbers={"axis=0": "given"},
)


# killing-rate: a step on a whole batch


def _killing_rate(X, w, b, dA, *, gate=True, one=1.0, pick=np.max):
    z = X @ w + b
    dz = dA * (z > 0) if gate else dA
    fall = X @ (dz @ X) + one * np.sum(dz)
    alive = z > 0
    if not alive.any():
        return 0.0
    with np.errstate(divide="ignore"):
        return float(pick(z[alive] / fall[alive]))


def _fixed_one(X, w, b, dA):
    z = X @ w + b
    fall = X @ ((dA * (z > 0)) @ X) + 1
    return float(np.max(np.maximum(z, 0) / fall))


def _own_rows(X, w, b, dA):
    z = X @ w + b
    return float(np.max(np.maximum(z, 0) / (dA * (1 + np.sum(X * X, axis=1)))))


def _by_the_last(X, w, b, dA):
    z = X @ w + b
    dz = dA * (z > 0)
    n = np.argmax(z)
    return float(max(z[n], 0) / (X[n] @ (dz @ X) + np.sum(dz))) if z[n] > 0 else 0.0


KILLING_RATE = Exercise(
    name="killing-rate",
    verifies="the smallest rate at which one step on a batch leaves no positive score",
    reference=lambda X, w, b, dA: _killing_rate(X, w, b, dA),
    returns=("rate",),
    cases=lambda rng: {
        "three examples, one score is 0": (
            np.array([[2.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), np.array([1.0, 0.0]), 0.0,
            np.array([0.5, 0.25, 0.125]),
        ),
        "a bias, and a negative score": (
            np.array([[3.0, 1.0], [0.5, 0.0], [0.0, 2.0]]), np.array([1.0, -1.0]), 0.5,
            np.array([0.5, 0.25, 0.75]),
        ),
        "fifty examples": (rng.random((50, 6)), rng.standard_normal(6), 0.3, rng.random(50) / 50),
        "scores that are hardly positive": (
            np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.25, -0.125]), 0.5,
            np.array([0.5, 0.25]),
        ),
        "a unit that is dead already": (
            np.array([[2.0, 0.0], [0.5, 0.5]]), np.array([-1.0, 1.0]), 0.0, np.array([0.5, 0.5]),
        ),
    },
    mistakes={
        "the examples with z <= 0 take part in the step: the ReLU stops their error": (
            lambda X, w, b, dA: _killing_rate(X, w, b, dA, gate=False)
        ),
        "the bias is taken to stay: b moves too, by the rate times the sum of the errors": (
            lambda X, w, b, dA: _killing_rate(X, w, b, dA, one=0.0)
        ),
        "the 1 of the bias is taken once and not once per example, times its error": (
            lambda X, w, b, dA: _fixed_one(X, w, b, dA)
        ),
        "the smallest of the rates is taken: then others are still positive": (
            lambda X, w, b, dA: _killing_rate(X, w, b, dA, pick=np.min)
        ),
        "only the row with the largest score is looked at: another may fall more slowly": (
            _by_the_last
        ),
        "each row is taken to be pushed by its own error only: the step sums over the batch": (
            _own_rows
        ),
        "the errors are divided by N: dA has its 1/N already": lambda X, w, b, dA: (
            _killing_rate(X, w, b, dA / len(X))
        ),
        "the weights stay as they are: they move by the rate times the errors times x": (
            lambda X, w, b, dA: float(
                max(np.max(X @ w + b), 0) / max(np.sum(dA * (X @ w + b > 0)), 1e-300)
            )
        ),
        "the bias b is left out of the scores": lambda X, w, b, dA: _killing_rate(X, w, 0.0, dA),
    },
    hints=(
        "Which examples move the unit at all? Write down the step of w and of b: sums over these.",
        "With dz = dA where z > 0, else 0: w moves by rate * (dz @ X), b by rate * sum(dz). By how "
        "much does the score of a row fall?",
        "It falls by rate * (X @ (dz @ X) + sum(dz)). Each positive row has a rate at which it "
        "reaches 0, and the unit is dead when the last one does: take the largest, and 0 where no "
        "score is positive.",
    ),
    numbers={"z > 0,": "given", "else 0:": "given", "reaches 0,": "given", "and 0 where": "given"},
)  # fmt: skip


# maxout-bug: find the bug


def _one_winner(dA, Z):
    return dA[:, :, np.newaxis] * (Z.argmax(axis=2)[:, :, np.newaxis] == np.arange(Z.shape[2]))


MAXOUT_BUG = Exercise(
    name="maxout-bug",
    verifies="the bug is gone: one piece per unit gets the error, the first of equal ones",
    reference=lambda dA, Z: _one_winner(dA, Z),
    returns=("dZ",),
    planted=lambda dA, Z: dA[:, :, np.newaxis] * (Z == Z.max(axis=2, keepdims=True)),
    cases=lambda rng: {
        "no ties": (np.array([[2.0]]), np.array([[[1.0, 3.0]]])),
        "random scores": (rng.standard_normal((4, 3)), rng.standard_normal((4, 3, 2))),
        "as many of everything": (rng.standard_normal((3, 3)), rng.standard_normal((3, 3, 3))),
        "a layer that starts at zero": (np.array([[1.0, -2.0]]), np.zeros((1, 2, 3))),
        "whole numbers, with ties": (
            rng.standard_normal((6, 4)),
            rng.integers(-1, 2, (6, 4, 3)).astype(float),
        ),
    },
    mistakes={
        "equal pieces share the error in equal parts: asked is one winner, the first": (
            lambda dA, Z: dA[:, :, np.newaxis] * (Z == Z.max(axis=2, keepdims=True))
            / np.sum(Z == Z.max(axis=2, keepdims=True), axis=2, keepdims=True)
        ),
        "of equal pieces the last one wins: asked is the first, as dlcore and np.argmax take it": (
            lambda dA, Z: _one_winner(dA, Z[:, :, ::-1])[:, :, ::-1]
        ),
        "with a tie nobody gets the error: then a layer that starts at zero never moves": (
            lambda dA, Z: dA[:, :, np.newaxis] * (Z == Z.max(axis=2, keepdims=True))
            * (np.sum(Z == Z.max(axis=2, keepdims=True), axis=2, keepdims=True) == 1)
        ),
        "the losers get the error": lambda dA, Z: (
            dA[:, :, np.newaxis] - _one_winner(dA, Z)
        ),
        "the upstream gradient dA is left out": lambda dA, Z: _one_winner(np.ones_like(dA), Z),
        "the smallest piece wins": lambda dA, Z: _one_winner(dA, -Z),
    },
    hints=(
        "Random numbers are never equal, so a test with random numbers cannot see this bug. What "
        "comes out for Z = 0?",
        "There Z == max holds for every piece, so each gets the whole error and the layer passes "
        "on k times as much as it should.",
        "Z.argmax(axis=2) names one winner, the first of equal ones. Compare it with "
        "np.arange(Z.shape[2]).",
    ),
    numbers={"Z = 0": "given", "axis=2": "given", "shape[2]": "given"},
)  # fmt: skip


# own-nonlinearity: design

_GRID = np.linspace(-6, 6, 4801)
_DENSITY = np.exp(-(_GRID**2) / 2)
_DENSITY = _DENSITY / _DENSITY.sum()


def _properties(answer):
    """Measure a function at standard normal scores: what the goals ask for."""
    g = np.array(answer, dtype=float)
    slope = np.diff(g) / np.diff(_GRID)
    weight = (_DENSITY[1:] + _DENSITY[:-1]) / 2
    mean = np.sum(_DENSITY * g)
    variance = np.sum(_DENSITY * (g - mean) ** 2)
    line = np.sum(_DENSITY * g * _GRID) ** 2 / np.sum(_DENSITY * _GRID**2)
    curved = 100 * (1 - line / variance) if variance > 0 else 0.0
    return (
        float(abs(mean)),
        float(np.sum(weight * slope**2)),
        float(slope.min()),
        float(slope.max()),
        float(curved),
    )


def _shifted_leak(z):
    return np.where(z > 0, z, 0.2 * z) - 0.8 / np.sqrt(2 * np.pi)


OWN_NONLINEARITY = Exercise(
    name="own-nonlinearity",
    verifies="a nonlinearity that is centered, passes errors on and is curved",
    reference=lambda z: _shifted_leak(z),
    returns=("a",),
    view=_properties,
    goals={
        "size of the mean output": ("at most", 0.01),
        "mean squared slope": ("at least", 0.5),
        "smallest slope": ("at least", 0.1),
        "largest slope": ("at most", 1.001),
        "percent of the variance that no line explains": ("at least", 10.0),
    },
    cases=lambda rng: {"a fine grid from -6 to 6": (_GRID,)},
    mistakes={},
    hints=(
        "A smallest slope above 0 rules out everything that saturates, and 10% rules out what is "
        "nearly a line. Which family of this chapter is left?",
        "A leaky ReLU. Which leaks have (1 + leak²) / 2 of at least one half, and enough of a "
        "kink?",
        "Any leak from 0.1 to about 0.25. Its mean output is (1 - leak) / sqrt(2 pi): subtract it.",
    ),
    numbers={
        "slope above 0": "given",
        "and 10%": "given",
        "(1 + leak²)": "given",
        "/ 2 of": "given",
        "from 0.1": "given",
        "about 0.25": "given",
        "(1 - leak)": "given",
        "sqrt(2 pi)": "given",
    },
)


# born-dead: predict, then measure


def _silent(Ws, X, *, gate=True, over=np.all):
    A = X
    for W in Ws:
        A = A @ W.T
        A = np.maximum(A, 0) if gate else A
    return over(A <= 0)


def _share(nets, X, **options):
    return float(np.mean([_silent(Ws, X, **options) for Ws in nets]))


def _some_layer_unit(Ws, X):
    A = X
    for W in Ws:
        A = np.maximum(A @ W.T, 0)
        if np.any(np.all(A == 0, axis=0)):
            return True
    return False


def _nets(rng, count, depth, width):
    return he_normal(rng, (count, depth, width, width), width, width)


BORN_DEAD = Exercise(
    name="born-dead",
    verifies="the share of networks that are dead before the first step",
    reference=lambda nets, X: _share(nets, X),
    returns=("share",),
    predicts="your prediction of the share for ten layers of two units",
    cases=lambda rng: {
        "two networks of one layer": (
            np.array([[[[1.0, -1.0], [0.5, 0.0]]], [[[-1.0, -1.0], [-0.5, 0.0]]]]),
            np.array([[1.0, 0.0], [0.0, 2.0]]),
        ),
        "one unit of two is dead, another unit lives": (
            np.array([[[[-1.0, -1.0], [0.5, 0.25]]], [[[1.0, -1.0], [-1.0, 1.0]]]]),
            np.array([[1.0, 0.0], [3.0, 2.0]]),
        ),
        "fifty networks of three layers": (_nets(rng, 50, 3, 3), rng.random((4, 3))),
        "400 networks of ten layers of two units": (
            _nets(rng, 400, 10, 2), rng.standard_normal((100, 2)),
        ),
    },
    mistakes={
        "the living are counted": lambda nets, X: 1 - _share(nets, X),
        "one output of 0 is enough: dead means 0 in every unit, for every example": (
            lambda nets, X: _share(nets, X, over=np.any)
        ),
        "one dead unit is enough: the others of its layer still pass the signal on": (
            lambda nets, X: float(np.mean([_some_layer_unit(Ws, X) for Ws in nets]))
        ),
        "one dead unit in the last layer is enough: the others there are alive": (
            lambda nets, X: _share(nets, X, over=lambda dead: np.any(np.all(dead, axis=0)))
        ),
        "one example that gives 0 is enough: others may pass": (
            lambda nets, X: _share(nets, X, over=lambda dead: np.any(np.all(dead, axis=1)))
        ),
        "the ReLU is left out between the layers": lambda nets, X: _share(nets, X, gate=False),
        "the number of dead networks is returned, not their share": lambda nets, X: (
            len(nets) * _share(nets, X)
        ),
        "it is the share of outputs that are 0, not of networks": lambda nets, X: (
            _share(nets, X, over=np.mean)
        ),
        "only the first layer is looked at: a signal can die in any of them": (
            lambda nets, X: _share(nets[:, :1], X)
        ),
    },
    hints=(
        "Send X up through each network: A = np.maximum(A @ W.T, 0), once per layer. What does A "
        "look like at the top of a dead one?",
        "Without biases a layer that gives only zeros is followed by zeros, so it is enough to "
        "look at the last layer.",
        "Count the networks with np.all(A == 0), and divide by how many there are.",
    ),
    numbers={"A @ W.T, 0": "given", "np.all(A == 0)": "given"},
)  # fmt: skip


EXERCISES = [
    LEAKY_BACKWARD,
    PRELU_SLOPE,
    STABLE_ELU,
    SILU_BACKWARD,
    DEAD_UNITS,
    KILLING_RATE,
    MAXOUT_BUG,
    BORN_DEAD,
    OWN_NONLINEARITY,
]
