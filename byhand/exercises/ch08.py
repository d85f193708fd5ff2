"""Exercises of chapter 08, universal approximation: steps, staircases, towers, zigzags, regions."""

import math

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
    numbers={
        "w is half as": "given",
        "log 9 is": "given",
        "log 81 the whole": "given",
        "base 10": "given",
        "log 81 / width": "given",
    },
)


# staircase


def _steepness(edges, share=0.1, pick=np.minimum, spread=LN_81):
    widths = np.diff(edges)
    return spread / (share * pick(widths[:-1], widths[1:]))


def _evenly(edges, pieces=None):
    """Return as many steps as there are inner edges, at a pieces-th of the way each."""
    share = np.arange(1, len(edges) - 1) / (pieces or len(edges) - 1)
    return edges[0] + (edges[-1] - edges[0]) * share


def _staircase(x, edges, heights, *, change=np.diff, base=None, places=None, w=_steepness):
    steps = edges[1:-1] if places is None else places(edges)
    a = sigmoid(w(edges) * (x[:, np.newaxis] - steps))  # (N, n - 1)
    return (heights[0] if base is None else base(heights)) + a @ change(heights)


def _uneven(rng, n):
    """Return points in and beside the steps of n pieces, the pieces' edges, and heights."""
    widths = 0.1 + rng.random(n)
    edges = np.concatenate([[-0.3], widths.cumsum() - 0.3])
    beside = 0.05 * np.minimum(widths[:-1], widths[1:]) if n > 1 else np.zeros(0)
    x = np.concatenate([edges, edges[1:-1] - beside, edges[1:-1] + 0.4 * beside, rng.random(3)])
    return x, edges, rng.standard_normal(n)


STAIRCASE = Exercise(
    name="staircase",
    verifies="the staircase over pieces of any width, and over a single one",
    reference=lambda x, edges, heights: _staircase(x, edges, heights),
    returns=("g",),
    cases=lambda rng: {
        "two pieces": (
            np.array([0.0, 0.28, 0.3, 0.31, 1.0]), np.array([0.0, 0.3, 1.0]), np.array([0.2, 0.8]),
        ),
        "a single piece, a constant": (
            np.linspace(0, 1, 3), np.array([0.0, 1.0]), np.array([0.7]),
        ),
        "three pieces": _uneven(rng, 3),
        "seven pieces": _uneven(rng, 7),
    },
    mistakes={
        "the output's bias, the first height, is missing": lambda x, edges, heights: _staircase(
            x, edges, heights, base=lambda h: 0.0
        ),
        "the bias is the last height: before any step stands the first": (
            lambda x, edges, heights: _staircase(x, edges, heights, base=lambda h: h[-1])
        ),
        "the output weights are the heights themselves: a step adds the *change*": (
            lambda x, edges, heights: _staircase(x, edges, heights, change=lambda h: h[1:])
        ),
        "the changes have the wrong sign: next height minus this one": (
            lambda x, edges, heights: _staircase(x, edges, heights, change=lambda h: -np.diff(h))
        ),
        "the steps stand in the middles of the pieces; they belong between them": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, places=lambda e: (e[:-2] + e[1:-1]) / 2
            )
        ),
        "the steps start at the first edge: the first piece needs no step": (
            lambda x, edges, heights: _staircase(x, edges, heights, places=lambda e: e[:-2])
        ),
        "the steps are evenly spaced, at k / n of the way: these pieces have widths of their own": (
            lambda x, edges, heights: _staircase(x, edges, heights, places=_evenly)
        ),
        "the steps are at k / (n - 1) of the way, as the knots of ReLUs are: they stand between "
        "the pieces": lambda x, edges, heights: _staircase(
            x, edges, heights, places=lambda e: _evenly(e, pieces=len(e) - 2)
        ),
        "the width is taken from the wider of the two neighbors: it is to be the narrower": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, w=lambda e: _steepness(e, pick=np.maximum)
            )
        ),
        "the width is taken from the piece on the left: the one on the right may be narrower": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, w=lambda e: _steepness(e, pick=lambda left, right: left)
            )
        ),
        "a step is as wide as a piece: it is to be a tenth of that": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, w=lambda e: _steepness(e, share=1.0)
            )
        ),
        "w is half as large: log 9 is the width from the middle to one side": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, w=lambda e: _steepness(e, spread=np.log(9))
            )
        ),
        "w is one over the width: the width of a sigmoid is log 81 / w": (
            lambda x, edges, heights: _staircase(
                x, edges, heights, w=lambda e: _steepness(e, spread=1.0)
            )
        ),
    },
    hints=(
        "The steps stand at the inner edges, edges[1:-1]. np.diff(edges) are the pieces' widths.",
        "np.minimum(widths[:-1], widths[1:]) is the narrower neighbor of each step. From the width "
        "of a step follows its weight, as in the exercise before.",
        "w = np.log(81) / (0.1 * narrow), then heights[0] + sigmoid(w * (x[:, np.newaxis] - "
        "edges[1:-1])) @ np.diff(heights).",
    ),
    numbers={
        "a tenth of that": "given", "w is half": "given", "log 9 is": "given",
        "log 81 / w": "given", "(81) / (": "given", "(0.1 * narrow)": "given",
    },
)  # fmt: skip


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
    numbers={"is 1.5 in": "given"},
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
    numbers={"only half as": "given", "on 0, ": "given", "0.5 and": "given", "and 1.": "given"},
)


# tanh-staircase: prove


def _tanh_staircase(heights, w, *, half=0.5, out=0.5, base=None, pieces=lambda n: n):
    n = len(heights)
    change = np.diff(heights)
    hidden = half * w * np.ones(n - 1)
    bias = (heights[0] + heights[-1]) / 2 if base is None else base(heights)
    return hidden, -hidden * np.arange(1, n) / pieces(n), out * change, bias


def _by_tanh(answer):
    """Evaluate the network of an answer: its units may stand in any order and have any sign."""
    W, b, v, c = answer
    x = np.linspace(-0.5, 1.5, 61)[:, np.newaxis]
    return np.tanh(x * np.asarray(W) + np.asarray(b)) @ np.asarray(v) + c


TANH_STAIRCASE = Exercise(
    name="tanh-staircase",
    verifies="a network of tanh units with the output of the staircase",
    reference=lambda heights, w: _tanh_staircase(heights, w),
    returns=("g",),
    view=_by_tanh,
    cases=lambda rng: {
        "two bumps": (np.array([0.2, 0.8]), 6.0),
        "a single bump, a constant": (np.array([0.7]), 5.0),
        "five bumps": (rng.standard_normal(5), 9.0),
        "eight bumps, steep": (rng.standard_normal(8), 60.0),
    },
    mistakes={
        "the hidden weights are those of the sigmoids: a tanh rises twice as fast": (
            lambda heights, w: _tanh_staircase(heights, w, half=1.0)
        ),
        "the output weights are those of the sigmoids: from -1 to 1 a tanh rises by 2": (
            lambda heights, w: _tanh_staircase(heights, w, out=1.0)
        ),
        "the output's bias is the first height: to the left of its step a tanh is -1, not 0": (
            lambda heights, w: _tanh_staircase(heights, w, base=lambda h: h[0])
        ),
        "nothing is changed: these are the sigmoids' weights": (
            lambda heights, w: _tanh_staircase(heights, w, half=1.0, out=1.0, base=lambda h: h[0])
        ),
        "the output's bias is the mean of all heights: only the first and the last stay": (
            lambda heights, w: _tanh_staircase(heights, w, base=np.mean)
        ),
        "the steps are at k / (n - 1): n pieces of [0, 1] end at k / n": (
            lambda heights, w: _tanh_staircase(heights, w, pieces=lambda n: n - 1)
        ),
        "the hidden weights are doubled: sigma(z) = (1 + tanh(z / 2)) / 2": (
            lambda heights, w: _tanh_staircase(heights, w, half=2.0)
        ),
    },
    hints=(
        "Write sigma(z) with e^(z/2) above and below. What are sigma(z) + sigma(-z) and "
        "sigma(z) - sigma(-z)?",
        "sigma(z) = (1 + tanh(z / 2)) / 2. Put this in for each unit and collect what does not "
        "depend on x.",
        "W = w / 2, b = -w k / (2n), v = (h[k+1] - h[k]) / 2, and the halves of all changes add up "
        "to (h[n] - h[1]) / 2, which goes into the bias.",
    ),
    numbers={
        "twice as fast": "given", "from -1 to": "given", "to 1 a tanh": "given",
        "rises by 2": "given", "is -1, not": "given", "not 0": "given",
        "(1 + tanh": "given",
    },
)  # fmt: skip


# regions-bug: find the bug


def _regions_in_square(W, b, *, reach=lambda W: np.abs(W).sum(axis=1), inside=1.0, twice=1, one=1):
    lines = np.abs(b) < reach(W)
    crossings = 0
    for i in range(len(b)):
        for j in range(i):
            x = np.linalg.solve(W[[i, j]], -b[[i, j]])
            crossings += bool(np.all(np.abs(x) < inside))
    return int(one + lines.sum() + twice * crossings)


def _lines(rng, m):
    """Return m lines: some cut a corner of the square off, and some pass beside it."""
    W = rng.standard_normal((m, 2))
    share = rng.permutation(np.resize([0.2, 0.95, 1.3, 0.5, 0.1], m))  # of what reaches a corner
    return W, share * np.abs(W).sum(axis=1) * rng.choice([-1.0, 1.0], m)


REGIONS_BUG = Exercise(
    name="regions-bug",
    verifies="the regions in the square, also where a line only cuts a corner off",
    reference=lambda W, b: _regions_in_square(W, b),
    returns=("regions",),
    planted=lambda W, b: _regions_in_square(W, b, reach=lambda W: np.linalg.norm(W, axis=1)),
    cases=lambda rng: {
        "a line through the middle": (np.array([[1.0, 2.0]]), np.array([0.1])),
        "a line that cuts a corner off": (np.array([[1.0, -1.0]]), np.array([1.8])),
        "a line near a corner": (np.array([[1.0, -1.0]]), np.array([-1.2])),
        "a line beside the square": (np.array([[2.0, 1.0]]), np.array([-3.5])),
        "two lines that cross outside": (np.array([[1.0, 0.1], [1.0, 0.0]]), np.array([0.5, 0.1])),
        "three lines": (np.array([[1.0, 0.2], [0.1, 1.0], [1.0, 1.0]]), np.array([0.1, 0.2, 0.9])),
        "ten lines": _lines(rng, 10),
        "twenty lines": _lines(rng, 20),
    },
    mistakes={
        "every line is counted: one that passes beside the square cuts nothing": (
            lambda W, b: _regions_in_square(W, b, reach=lambda W: np.inf)
        ),
        "a line must meet the middle half of the square, which is too strict": (
            lambda W, b: _regions_in_square(W, b, reach=lambda W: np.abs(W).sum(axis=1) / 2)
        ),
        "the larger weight alone decides whether a line meets the square: both help to reach a "
        "corner": lambda W, b: _regions_in_square(W, b, reach=lambda W: np.abs(W).max(axis=1)),
        "crossings outside the square count, too": (
            lambda W, b: _regions_in_square(W, b, inside=np.inf)
        ),
        "each crossing counts twice": lambda W, b: _regions_in_square(W, b, twice=2),
        "the one region before any line is missing": lambda W, b: _regions_in_square(W, b, one=0),
    },
    hints=(
        "Try single lines. Which of them does the function miss?",
        "On the square, W x lies between -r and r. The code takes the r of a disc.",
        "The largest value of w1 x1 + w2 x2 on the square is |w1| + |w2|, in a corner.",
    ),
    numbers={
        "each crossing counts twice": "given", "middle half": "given", "the one region": "given",
    },
)  # fmt: skip


# root-kinks: design


def _root_kinks(units, power=4):
    knots = (np.arange(units + 1) / units) ** power
    slopes = np.diff(np.sqrt(knots)) / np.diff(knots)
    return knots[:-1], np.diff(slopes, prepend=0.0)


def _kinks_and_error(answer):
    """Measure a design: how many ReLUs it has, and its largest error on [0, 1]."""
    places, weights = np.ravel(answer[0]).astype(float), np.ravel(answer[1]).astype(float)
    x = np.concatenate([np.linspace(0, 1, 4001), np.logspace(-9, 0, 4001)])[:, np.newaxis]
    g = np.maximum(x - places, 0) @ weights
    return len(places), float(np.abs(g - np.sqrt(x[:, 0])).max())


ROOT_KINKS = Exercise(
    name="root-kinks",
    verifies="twelve kinks, where the root needs them",
    reference=lambda units: _root_kinks(units),
    returns=("places", "weights"),
    view=_kinks_and_error,
    goals={"ReLUs": ("at most", 12), "largest error": ("at most", 0.005)},
    cases=lambda rng: {"the root": (12,)},
    mistakes={},
    hints=(
        "Evenly spaced kinks miss by 0.07, all of it in the first piece. Where is the root most "
        "curved?",
        "On a piece from a to b the chord misses by (sqrt(b) - sqrt(a))^2 / (4 (sqrt(a) + "
        "sqrt(b))). Choose the knots so that this is about the same for all pieces.",
        "Knots at (k / 12)^2 are better, and at (k / 12)^4 the error is about the same "
        "everywhere. The weights are the changes of the slope.",
    ),
    numbers={
        "miss by 0.07": "given", "(k / 12)^2": "given",
        "(k / 12)^4": "given",
        "^2 / (4": "given", "/ (4 (": "given", "twelve kinks": "given",
    },
)  # fmt: skip


# start-regions: predict, then measure


def _patterns(W, b, X):
    return len(np.unique(X @ W.T + b > 0, axis=0))


def _around(m, rng):
    """Return m units without biases, and 20,000 points around a circle."""
    turn = 2 * np.pi * (np.arange(20_000) + 0.5) / 20_000
    return (
        rng.standard_normal((m, 2)), np.zeros(m), np.stack([np.cos(turn), np.sin(turn)], axis=1),
    )  # fmt: skip


START_REGIONS = Exercise(
    name="start-regions",
    verifies="the regions that a layer shows at a sample of points",
    reference=lambda W, b, X: _patterns(W, b, X),
    returns=("regions",),
    predicts="your prediction for 16 units whose biases are 0",
    cases=lambda rng: {
        "one unit, four points": (
            np.array([[1.0, -1.0]]), np.array([0.5]), np.array([[0.0, 0], [1, 1], [0, 1], [2, 0]]),
        ),
        "two units with biases": (
            np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([-0.5, -0.25]),
            np.array([[1.0, 0.1], [0.1, 1], [1, 1], [0.2, 0.1], [0.9, 0.9], [1, 0.05]]),
        ),
        "five units with biases": (
            rng.standard_normal((5, 2)), rng.standard_normal(5), 3 * rng.standard_normal((400, 2)),
        ),
        "three units on the line": (
            np.array([[1.0], [1.0], [-2.0]]), np.array([0.0, -0.5, 1.6]),
            np.linspace(-1, 2, 40)[:, np.newaxis],
        ),
        "16 units without biases": _around(16, rng),
    },
    mistakes={
        "the biases are left out": lambda W, b, X: _patterns(W, 0 * b, X),
        "the points are counted: many of them share a pattern": lambda W, b, X: len(X),
        "all patterns are counted, 2 to the number of units: most of them occur nowhere": (
            lambda W, b, X: 2 ** len(W)
        ),
        "only the number of active units is compared: two patterns may have as many": (
            lambda W, b, X: len(np.unique((X @ W.T + b > 0).sum(axis=1)))
        ),
        "the scores themselves are compared: a region has one pattern and many scores": (
            lambda W, b, X: len(np.unique(X @ W.T + b, axis=0))
        ),
        "the largest possible number is returned: these points may show fewer": (
            lambda W, b, X: sum(math.comb(len(W), j) for j in range(X.shape[1] + 1))
        ),
    },
    hints=(
        "X @ W.T + b has a row per point and a column per unit. What makes two points share a "
        "region?",
        "Compare the signs, not the scores: X @ W.T + b > 0.",
        "np.unique(..., axis=0) keeps one of each kind of row; count them.",
    ),
    numbers={ "2 to the number": "given",
        "keeps one of": "given",
    },
)  # fmt: skip


EXERCISES = (
    STEP_PARAMETERS,
    STAIRCASE,
    RELU_WEIGHTS,
    TOWER,
    SAWTOOTH,
    TANH_STAIRCASE,
    REGIONS_BUG,
    START_REGIONS,
    ROOT_KINKS,
)
