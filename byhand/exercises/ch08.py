"""Exercises of chapter 08, universal approximation: steps, staircases, hats, towers, zigzags."""

import numpy as np

from byhand.exercises.checking import NO_SWITCHES, Exercise
from dlcore.activations import relu, sigmoid

# step-parameters


LN_81 = np.log(81)


def _step_parameters(s, width, *, wide=LN_81, place=lambda w, s: -w * s):
    w = wide / width
    return w, place(w, s)


STEP_PARAMETERS = Exercise(
    name="step-parameters",
    verifies="the weight and the bias that place a step, with the width asked for",
    reference=lambda s, width: _step_parameters(s, width),
    returns=("w", "b"),
    cases=lambda rng: {
        "the step of the text": (0.4, 0.04394449154672439),
        "a wide step left of 0": (-1.5, 2.0),
        "a falling step": (0.25, -0.1),
    },
    mistakes={
        "the sign of b is wrong: w s + b must be 0": lambda s, width: _step_parameters(
            s, width, place=lambda w, s: w * s
        ),
        "b is set to -s: it must be -w s, since w multiplies only x": lambda s, width: (
            _step_parameters(s, width, place=lambda w, s: -s)
        ),
        "b is set to -s / w: solve w s + b = 0 for b": lambda s, width: _step_parameters(
            s, width, place=lambda w, s: -s / w
        ),
        "w is half as large: log 9 is the width from the middle to one side, log 81 the whole": (
            lambda s, width: _step_parameters(s, width, wide=np.log(9))
        ),
        "the logarithm is to base 10: the sigmoid needs the natural one": lambda s, width: (
            _step_parameters(s, width, wide=np.log10(81))
        ),
        "the width is multiplied: a wider step has a smaller weight": lambda s, width: (
            np.log(81) * width,
            -np.log(81) * width * s,
        ),
        "the sign of the width is lost: a falling step has a negative weight": lambda s, width: (
            _step_parameters(s, abs(width))
        ),
    },
    hints=(
        "The text gives the width for a weight. Solve that for the weight.",
        "w = log 81 / width. And at the step itself, w s + b must be 0.",
        "So b = -w s. Nothing more is needed for a negative width.",
    ),
)


# staircase


def _staircase(x, heights, w, *, places=None, change=np.diff, base=None):
    n = len(heights)
    steps = np.arange(1, n) / n if places is None else places(n)
    a = sigmoid(w * (x[:, np.newaxis] - steps))  # (N, n - 1)
    return (heights[0] if base is None else base(heights)) + a @ change(heights)


STAIRCASE = Exercise(
    name="staircase",
    verifies="the output of n - 1 shared steps, and of none",
    reference=lambda x, heights, w: _staircase(x, heights, w),
    returns=("g",),
    cases=lambda rng: {
        "four bumps": (np.array([0.1, 0.4, 0.5, 0.9]), np.array([0.2, 0.8, 0.5, 0.5]), 50.0),
        "soft steps": (np.linspace(0, 1, 7), rng.standard_normal(5), 3.0),
        "a single bump, a constant": (np.linspace(0, 1, 3), np.array([0.7]), 50.0),
        "as many points as steps": (np.linspace(0, 1, 3), rng.standard_normal(4), 20.0),
    },
    mistakes={
        "the output's bias, the first height, is missing": lambda x, heights, w: _staircase(
            x, heights, w, base=lambda h: 0.0
        ),
        "the bias is the last height: before any step stands the first": lambda x, heights, w: (
            _staircase(x, heights, w, base=lambda h: h[-1])
        ),
        "the output weights are the heights themselves: a step adds the *change*": (
            lambda x, heights, w: _staircase(x, heights, w, change=lambda h: h[1:])
        ),
        "the changes have the wrong sign: next height minus this one": lambda x, heights, w: (
            _staircase(x, heights, w, change=lambda h: -np.diff(h))
        ),
        "the steps stand in the middles of the pieces; they belong between them": (
            lambda x, heights, w: _staircase(
                x, heights, w, places=lambda n: (np.arange(1, n) - 0.5) / n
            )
        ),
        "the steps start at 0: the first is at 1/n": lambda x, heights, w: _staircase(
            x, heights, w, places=lambda n: np.arange(n - 1) / n
        ),
        "the steps run from 0 to 1; they divide [0, 1] into n pieces": lambda x, heights, w: (
            _staircase(x, heights, w, places=lambda n: np.linspace(0, 1, n - 1))
        ),
        "w multiplies x alone: the bias is -w times the step's place": lambda x, heights, w: (
            heights[0]
            + sigmoid(w * x[:, np.newaxis] - np.arange(1, len(heights)) / len(heights))
            @ np.diff(heights)
        ),
    },
    hints=(
        "Only three things are needed: the steps' places, the changes of height, and the first "
        "height.",
        "x[:, np.newaxis] - steps has shape (N, n - 1). np.diff(heights) has shape (n - 1,).",
        "a = sigmoid(w * (x[:, np.newaxis] - np.arange(1, n) / n)), then heights[0] + a @ "
        "np.diff(heights).",
    ),
)


# relu-weights


def _relu_weights(values, *, scale=lambda n: n - 1, prepend=0.0):
    slopes = np.diff(values) * scale(len(values))
    return np.diff(slopes, prepend=prepend)


RELU_WEIGHTS = Exercise(
    name="relu-weights",
    verifies="what the slope changes by at each knot",
    reference=lambda values: _relu_weights(values),
    returns=("weights",),
    cases=lambda rng: {
        "one hat": (np.array([0.0, 1.0, 0.0]),),
        "a straight line: one ReLU does it": (np.array([1.0, 1.5, 2.0, 2.5]),),
        "two knots": (np.array([0.25, 1.0]),),
        "ten values": (rng.standard_normal(10),),
    },
    mistakes={
        "the slopes are returned: a ReLU must add what the slope *changes* by": lambda values: (
            np.diff(values) * (len(values) - 1)
        ),
        "the slopes are not divided by the distance of the knots, 1 / (n - 1)": lambda values: (
            _relu_weights(values, scale=lambda n: 1)
        ),
        "the slopes are multiplied by n: between n knots lie n - 1 pieces": lambda values: (
            _relu_weights(values, scale=lambda n: n)
        ),
        "the first slope is missing: before the first knot it is 0": lambda values: (
            np.diff(np.diff(values)) * (len(values) - 1)
        ),
        "the changes of the values are returned: slopes come first": lambda values: np.diff(values),
        "the signs are turned: the new slope minus the old one": lambda values: (
            -_relu_weights(values)
        ),
        "the heights of hats are returned, and a hat is three ReLUs": lambda values: values[:-1],
    },
    hints=(
        "How steep is each of the n - 1 straight pieces? A piece is 1 / (n - 1) wide.",
        "A ReLU changes the slope at its knot by its weight and leaves everything before alone.",
        "slopes = np.diff(values) * (n - 1); the weights are the differences of 0, slopes[0], "
        "slopes[1], ... np.diff has an argument prepend.",
    ),
)


# tower


def _ridges(X, low, high, w):
    return sigmoid(w * (X - low)) - sigmoid(w * (X - high))  # (N, D)


def _tower(X, low, high, w, v, threshold=lambda D: D - 0.5):
    return sigmoid(v * (_ridges(X, low, high, w).sum(axis=1) - threshold(X.shape[1])))


TOWER = Exercise(
    name="tower",
    verifies="a tower over one cell, in any number of dimensions",
    reference=lambda X, low, high, w, v: _tower(X, low, high, w, v),
    returns=("T",),
    cases=lambda rng: {
        "in the cell, on one ridge, on none": (
            np.array([[0.5, 0.5], [0.5, 0.9], [0.1, 0.9]]),
            np.array([0.4, 0.3]), np.array([0.6, 0.7]), 60.0, 10.0,
        ),
        "three inputs": (
            rng.random((6, 3)), np.array([0.1, 0.2, 0.3]), np.array([0.8, 0.9, 0.7]), 20.0, 6.0,
        ),
        "one input": (rng.random((5, 1)), np.array([0.2]), np.array([0.7]), 15.0, 4.0),
    },
    mistakes={
        "the threshold is 1.5 in every dimension: it is D - 1/2": lambda X, low, high, w, v: (
            _tower(X, low, high, w, v, lambda D: 1.5)
        ),
        "the threshold is 1/2, an OR: the tower needs all ridges, D - 1/2": (
            lambda X, low, high, w, v: _tower(X, low, high, w, v, lambda D: 0.5)
        ),
        "the threshold is D, which the sum never passes: D - 1/2": lambda X, low, high, w, v: (
            _tower(X, low, high, w, v, lambda D: D)
        ),
        "the threshold has the wrong sign": lambda X, low, high, w, v: _tower(
            X, low, high, w, v, lambda D: 0.5 - D
        ),
        "the last unit is missing: this is the sum of the ridges": lambda X, low, high, w, v: (
            _ridges(X, low, high, w).sum(axis=1)
        ),
        "the ridges are multiplied: a unit only adds": lambda X, low, high, w, v: (
            _ridges(X, low, high, w).prod(axis=1)
        ),
        "v multiplies the sum alone: it multiplies the threshold too": lambda X, low, high, w, v: (
            sigmoid(v * _ridges(X, low, high, w).sum(axis=1) - (X.shape[1] - 0.5))
        ),
        "the ridges are upside down: up at low, down at high": lambda X, low, high, w, v: _tower(
            X, high, low, w, v
        ),
        "the sum runs over the points: add up the inputs, axis 1": lambda X, low, high, w, v: (
            sigmoid(v * (_ridges(X, low, high, w).sum(axis=0) - (X.shape[1] - 0.5)))
        ),
        "the steepness w is left out of the ridges": lambda X, low, high, w, v: _tower(
            X, low, high, 1.0, v
        ),
    },
    hints=(
        "First the ridges, (N, D): a bump of height 1 along each input. low and high broadcast.",
        "Add the ridges up over the inputs. In the cell the sum is D, off one ridge it is D - 1.",
        "The last unit is sigmoid(v * (sum - (D - 1/2))), with D = X.shape[1].",
    ),
)  # fmt: skip


# sawtooth


def _fold(x, L, tent=lambda x: 2 * relu(x) - 4 * relu(x - 0.5)):
    for _ in range(L):
        x = tent(x)
    return x


SAWTOOTH = Exercise(
    name="sawtooth",
    verifies="the tent, applied as often as there are layers",
    reference=lambda x, L: _fold(x, L),
    returns=("zigzag",),
    without=NO_SWITCHES,
    cases=lambda rng: {
        "one layer": (np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 1),
        "no layer": (np.array([0.0, 0.3, 1.0]), 0),
        "two layers": (np.arange(9) / 8, 2),
        "ten layers": (np.arange(0, 1025, 31) / 1024, 10),
    },
    mistakes={
        "the tent is applied once, whatever L is": lambda x, L: _fold(x, 1),
        "the tent is applied once too few": lambda x, L: _fold(x, max(L - 1, 0)),
        "the tent is applied once too many": lambda x, L: _fold(x, L + 1),
        "the second ReLU takes back 2, not 4: the tent never comes down": lambda x, L: _fold(
            x, L, lambda x: 2 * relu(x) - 2 * relu(x - 0.5)
        ),
        "the kink is at 1: it belongs in the middle": lambda x, L: _fold(
            x, L, lambda x: 2 * relu(x) - 4 * relu(x - 1)
        ),
        "the tents are multiplied by L: each must act on the output of the one before": (
            lambda x, L: L * _fold(x, 1)
        ),
        "the tent is only half as high": lambda x, L: _fold(
            x, L, lambda x: relu(x) - 2 * relu(x - 0.5)
        ),
    },
    hints=(
        "Write one tent first: 2 relu(x) - 4 relu(x - 1/2). Try it on 0, 0.5 and 1.",
        "The next layer gets the output of this one as its x.",
        "A loop of L rounds: x = 2 * relu(x) - 4 * relu(x - 0.5), which makes a new array.",
    ),
)

EXERCISES = (STEP_PARAMETERS, STAIRCASE, RELU_WEIGHTS, TOWER, SAWTOOTH)
