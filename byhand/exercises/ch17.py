"""Exercises of chapter 17, pooling."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.layers import (
    avgpool2d_backward,
    avgpool2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)

# pool-min: compute


def _minpool(X, dA, k, s, *, into=-1, out=-1, back=1):
    largest, cache = maxpool2d_forward(into * X, size=k, stride=s)
    return out * largest, back * maxpool2d_backward(dA, cache)


def _mean_gradient(X, dA, k, s):
    _, cache = avgpool2d_forward(X, size=k, stride=s)
    return _minpool(X, dA, k, s)[0], avgpool2d_backward(dA, cache)


def _min_case(rng, shape, k, s):
    X = rng.standard_normal(shape)
    A, _ = maxpool2d_forward(X, size=k, stride=s)
    return X, rng.standard_normal(A.shape), k, s


POOL_MIN = Exercise(
    name="pool-min",
    verifies="min pooling, forward and backward",
    reference=lambda X, dA, k, s: _minpool(X, dA, k, s),
    returns=("A", "dX"),
    cases=lambda rng: {
        "one window": (np.array([[[[1.0, 3.0], [-4.0, 6.0]]]]), np.array([[[[2.0]]]]), 2, 2),
        "two images, three channels": _min_case(rng, (2, 3, 6, 5), 2, 2),
        "windows that overlap": _min_case(rng, (1, 2, 5, 7), 3, 2),
    },
    mistakes={
        "it is max pooling: the signs are missing": lambda X, dA, k, s: _minpool(
            X, dA, k, s, into=1, out=1
        ),
        "the sign of the result is missing: min(x) = -max(-x)": lambda X, dA, k, s: _minpool(
            X, dA, k, s, out=1
        ),
        "the sign of the input is missing": lambda X, dA, k, s: _minpool(X, dA, k, s, into=1),
        "the gradient has one sign too many: there are two, and they cancel": (
            lambda X, dA, k, s: _minpool(X, dA, k, s, back=-1)
        ),
        "the gradient goes to the largest number": lambda X, dA, k, s: (
            _minpool(X, dA, k, s)[0],
            _minpool(X, dA, k, s, into=1)[1],
        ),
        "the gradient is shared, as by a mean": _mean_gradient,
    },
    hints=(
        "Which number of a window is largest when all signs are changed?",
        "min(x) = -max(-x). Differentiate it: how many signs does the gradient get?",
    ),
)


# pool-bug: find the bug


def _backward(dA, X, k, s, p, *, frame=-np.inf, add=True, crop=None, choose=np.argmax):
    framed = np.pad(X, p, constant_values=frame)
    dX = np.zeros_like(framed)
    for u, v in np.ndindex(dA.shape):
        window = framed[u * s : u * s + k, v * s : v * s + k]
        i, j = np.unravel_index(choose(window), window.shape)
        dX[u * s + i, v * s + j] = add * dX[u * s + i, v * s + j] + dA[u, v]
    start = p if crop is None else crop
    return dX[start : start + X.shape[0], start : start + X.shape[1]]


def _last(window):
    flat = window.ravel()[::-1]
    return flat.size - 1 - flat.argmax()


def _bug_case(rng, X, k, s, p):
    A, _ = maxpool2d_forward(X[None, None], size=k, stride=s, padding=p)
    return rng.standard_normal(A.shape[2:]), X, k, s, p


POOL_BUG = Exercise(
    name="pool-bug",
    verifies="the bug is gone: no gradient is lost in the frame",
    reference=lambda dA, X, k, s, p: _backward(dA, X, k, s, p),
    returns=("dX",),
    planted=lambda dA, X, k, s, p: _backward(dA, X, k, s, p, frame=0.0),
    cases=lambda rng: {
        "a negative border": (
            np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[-2.0, 1.0], [-3.0, -4.0]]), 2, 2, 1,
        ),
        "both signs": _bug_case(rng, rng.standard_normal((5, 6)), 3, 2, 1),
        "no padding": _bug_case(rng, rng.standard_normal((6, 5)), 2, 2, 0),
        "ties, a wide frame": _bug_case(
            rng, rng.integers(-2, 1, (5, 5)).astype(float), 3, 1, 2
        ),
    },
    mistakes={
        "the crop is changed, which was right": lambda dA, X, k, s, p: _backward(
            dA, X, k, s, p, crop=0
        ),
        "one gradient is overwritten by another where windows overlap: += was right": (
            lambda dA, X, k, s, p: _backward(dA, X, k, s, p, add=False)
        ),
        "a tie goes to the last maximum: the first was right": lambda dA, X, k, s, p: _backward(
            dA, X, k, s, p, choose=_last
        ),
        "the frame holds +∞, which wins everywhere": lambda dA, X, k, s, p: _backward(
            dA, X, k, s, p, frame=np.inf
        ),
        "the frame holds -1, which still wins against smaller numbers": (
            lambda dA, X, k, s, p: _backward(dA, X, k, s, p, frame=-1.0)
        ),
    },
    hints=(
        "Take an image of negative numbers and padding 1. Does the sum of the gradient arrive?",
        "Which number wins a window in the corner?",
        "np.pad has an option constant_values.",
    ),
    numbers={"padding 1": "given"},
)  # fmt: skip


# pool-power: derive it


def _power(x, q, da, *, inner=1.0, power=-1, outer=None):
    a = np.mean(x**q) ** (1 / q if outer is None else outer)
    return da * inner * (x / a) ** (q + power) / len(x)


POOL_POWER = Exercise(
    name="pool-power",
    verifies="the gradient that you derived for a pooling between mean and maximum",
    reference=lambda x, q, da: _power(x, q, da),
    returns=("dx",),
    cases=lambda rng: {
        "two numbers, q = 2": (np.array([3.0, 4.0]), 2.0, 1.0),
        "the mean, q = 1": (np.array([1.0, 5.0, 2.0]), 1.0, 6.0),
        "four numbers, q = 3": (0.2 + rng.random(4), 3.0, -2.0),
        "a power that is no whole number": (0.5 + 3 * rng.random(6), 4.5, 0.7),
    },
    mistakes={
        "the sum is not divided by K, as the mean of the powers is": lambda x, q, da: (
            _power(x, q, da, inner=len(x))
        ),
        "the power is q: one of the factors x is used up by the derivative": (
            lambda x, q, da: _power(x, q, da, power=0)
        ),
        "the factor q of the inner derivative stays: it cancels with the outer 1/q": (
            lambda x, q, da: _power(x, q, da, inner=q)
        ),
        "the outer derivative is left out: x is divided by a": lambda x, q, da: (
            da * x ** (q - 1) / len(x)
        ),
        "the gradient from above is left out": lambda x, q, da: _power(x, q, 1.0),
        "the root is left out of a": lambda x, q, da: _power(x, q, da, outer=1.0),
        "all of it goes to the largest number: that is the limit": lambda x, q, da: (
            da * np.eye(len(x))[x.argmax()]
        ),
    },
    hints=(
        "Write the definition without its root, as a to the power q, and differentiate both sides.",
        "q a^(q-1) da/dx_i = q x_i^(q-1) / K.",
        "(x / a) ** (q - 1) / K, times what comes back.",
    ),
    numbers={"(q - 1) / K": "given"},
)  # fmt: skip


# pool-twice: prove it

POOL_TWICE = Exercise(
    name="pool-twice",
    verifies="the one pooling that two make",
    reference=lambda k1, s1, k2, s2: ((k2 - 1) * s1 + k1, s1 * s2),
    returns=("k", "s"),
    cases=lambda rng: {
        "2 and 2, twice": (2, 2, 2, 2),
        "AlexNet's windows, then 2": (3, 2, 2, 1),
        "stride 1, then 3": (5, 1, 4, 3),
        "a second window of one": (4, 3, 1, 2),
    },
    mistakes={
        "the windows are multiplied: they overlap": lambda k1, s1, k2, s2: (k1 * k2, s1 * s2),
        "the windows are added: the second counts steps of s1": lambda k1, s1, k2, s2: (
            k1 + k2 - 1, s1 * s2
        ),
        "the strides are added: a step of the second is s2 steps of the first": (
            lambda k1, s1, k2, s2: ((k2 - 1) * s1 + k1, s1 + s2)
        ),
        "the second window has k2 steps: between k2 windows there are k2 - 1": (
            lambda k1, s1, k2, s2: (k2 * s1 + k1, s1 * s2)
        ),
        "the steps are those of the second pooling": lambda k1, s1, k2, s2: (
            (k2 - 1) * s2 + k1, s1 * s2
        ),
        "the roles are exchanged: the first pooling is nearer to the pixels": (
            lambda k1, s1, k2, s2: ((k1 - 1) * s2 + k2, s1 * s2)
        ),
        "the larger window is taken": lambda k1, s1, k2, s2: (max(k1, k2), s1 * s2),
    },
    hints=(
        "Along one axis: which pixels does output 0 of the second pooling depend on?",
        "Its last input starts at pixel (k2 - 1) s1 and reaches k1 pixels.",
    ),
    numbers={"output 0": "given", "k2 - 1": "given"},
)  # fmt: skip


# pool-ties: predict, then measure


def _tied(Z, k, *, act=lambda Z: np.maximum(Z, 0), least=2, finish=np.mean, step=None):
    A, step = act(Z), step or k
    windows = [
        A[u : u + k, v : v + k]
        for u in range(0, Z.shape[0] - k + 1, step)
        for v in range(0, Z.shape[1] - k + 1, step)
    ]
    return float(finish([np.sum(window == window.max()) >= least for window in windows]))


POOL_TIES = Exercise(
    name="pool-ties",
    verifies="how common ties are",
    reference=lambda Z, k: _tied(Z, k),
    returns=("share",),
    predicts="your prediction for windows of 2 by 2 on independent scores",
    cases=lambda rng: {
        "one window that ties": (np.array([[-1.0, -2.0], [-3.0, 0.0]]), 2),
        "four windows": (
            np.array([[1.0, 1, -1, -1], [0, 1, -2, 3], [2, 0, -1, -1], [2, 2, -1, -1]]), 2,
        ),
        "rows and columns left over, windows of 3": (rng.integers(-4, 3, (11, 8)).astype(float), 3),
        "160 by 160 scores": (rng.standard_normal((160, 160)), 2),
    },
    mistakes={
        "the ReLU is left out": lambda Z, k: _tied(Z, k, act=lambda Z: Z),
        "the stride is 1: asked are windows side by side": lambda Z, k: _tied(Z, k, step=1),
        "the windows are counted, not their share": lambda Z, k: _tied(Z, k, finish=np.sum),
        "the windows without a tie are counted": lambda Z, k: 1 - _tied(Z, k),
        "a single winner counts as a tie": lambda Z, k: _tied(Z, k, least=1),
        "a window ties only when all of its numbers are equal": lambda Z, k: _tied(
            Z, k, least=k * k
        ),
        "it is the share of scores that are not positive": lambda Z, k: np.mean(Z <= 0),
    },
    hints=(
        "When do two numbers of a window have the same value, if the scores are drawn from a "
        "continuous distribution?",
        "Only zeros can. So all scores of the window must be negative or 0: how likely is that?",
        "Compare each window of np.maximum(Z, 0) with its maximum, and count.",
    ),
    numbers={"negative or 0": "given"},
)  # fmt: skip


# pool-test: design


def _row_gradient(x, delta, mistake=None):
    dx = np.zeros(len(x))
    for u, d in enumerate(delta):
        window = x[u : u + 2]
        equal = window == window.max()
        share = np.eye(2)[window.argmax()]
        if mistake == "equals":
            share = equal * 1.0
        elif mistake == "last":
            share = np.eye(2)[1 - window[::-1].argmax()]
        elif mistake == "shared":
            share = equal / equal.sum()
        if mistake == "overwrites":
            dx[u + window.argmax()] = d
        else:
            dx[u : u + 2] += d * share
    return dx


def _test_measured(answer):
    """Measure a test: how many numbers it has, and how many of the four mistakes it shows."""
    x, delta = (np.asarray(array, dtype=float) for array in answer)
    if len(delta) != len(x) - 1:
        return len(x), 0
    right = _row_gradient(x, delta)
    wrong = [_row_gradient(x, delta, m) for m in ("equals", "last", "shared", "overwrites")]
    return len(x), sum(not np.allclose(right, other) for other in wrong)


POOL_TEST = Exercise(
    name="pool-test",
    verifies="a small test that shows all four mistakes",
    reference=lambda: (np.array([0.0, 1.0, 1.0]), np.array([1.0, 2.0])),
    returns=("x", "delta"),
    view=_test_measured,
    goals={"numbers in x": ("at most", 3), "mistakes shown": ("at least", 4)},
    mistakes={},
    hints=(
        "The first three mistakes show in a window with a tie, the fourth in a number that wins "
        "two windows.",
        "One number can do both: let it win a window alone, and another one as the first of two "
        "equal numbers.",
    ),
)


EXERCISES = [
    POOL_MIN,
    POOL_BUG,
    POOL_POWER,
    POOL_TWICE,
    POOL_TIES,
    POOL_TEST,
]
