"""Exercises of chapter 17, pooling."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.layers import (
    avgpool2d_backward,
    avgpool2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)

# pool-size

OUTPUT_SIZE = Exercise(
    name="pool-size",
    verifies="how many windows fit, with stride and padding",
    reference=lambda n, k, s, p: (n + 2 * p - k) // s + 1,
    returns=("size",),
    cases=lambda rng: {
        "4 numbers, window 2, stride 2": (4, 2, 2, 0),
        "a window that does not come out even": (7, 2, 2, 0),
        "with padding": (6, 3, 2, 1),
        "AlexNet's first pooling": (55, 3, 2, 0),
        "stride 1, and a wide frame": (9, 5, 1, 2),
        "a stride larger than the window": (11, 2, 4, 1),
    },
    mistakes={
        "the + 1 is missing: with n = k there is one window, not none": (
            lambda n, k, s, p: (n + 2 * p - k) // s
        ),
        "1 is added before the division: it counts the window at 0, after it": (
            lambda n, k, s, p: (n + 2 * p - k + 1) // s
        ),
        "the padding is counted at one end only": lambda n, k, s, p: (n + p - k) // s + 1,
        "the padding is left out": lambda n, k, s, p: (n - k) // s + 1,
        "the division is rounded up: then a last window would stick out": (
            lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1
        ),
        "the result is not rounded: a number of windows is whole": (
            lambda n, k, s, p: (n + 2 * p - k) / s + 1
        ),
        "the stride is left out": lambda n, k, s, p: n + 2 * p - k + 1,
        "the window is left out: n + 2p is divided by the stride": (
            lambda n, k, s, p: (n + 2 * p) // s
        ),
    },
    hints=(
        "Where can the last window start at most? Mind that there are two ends.",
        "It starts at most at n + 2p − k. The starts are 0, s, 2s, …: how many are there?",
        "// divides and rounds down; then count the window at 0 too.",
    ),
)


# maxpool


def _image(X):
    return X[np.newaxis, np.newaxis]


def _forward(pool):
    return lambda X, k, s: pool(_image(X), size=k, stride=s)[0][0, 0]


def _slid(start, reduce=np.max, extent=lambda k: k):
    """Return max pooling whose window (y, x) starts where ``start`` says."""

    def answer(X, k, s):
        A = np.zeros(((X.shape[0] - k) // s + 1, (X.shape[1] - k) // s + 1))
        for y, x in np.ndindex(A.shape):
            m, n = start(y, x, k, s)
            A[y, x] = reduce(X[m : m + extent(k), n : n + extent(k)], initial=-np.inf)
        return A

    return answer


MAXPOOL = Exercise(
    name="maxpool",
    verifies="the largest number of every window",
    reference=_forward(maxpool2d_forward),
    returns=("A",),
    cases=lambda rng: {
        "4 x 4, window 2, stride 2": (np.arange(16.0).reshape(4, 4) % 7, 2, 2),
        "windows that overlap": (rng.standard_normal((5, 7)), 3, 2),
        "negative numbers only": (-1 - rng.random((6, 6)), 2, 2),
        "a row that no window sees": (rng.standard_normal((7, 5)), 2, 2),
        "gaps between the windows": (rng.standard_normal((8, 8)), 2, 3),
    },
    mistakes={
        "the mean of the window is taken": _forward(avgpool2d_forward),
        "the windows start at (y, x): the stride is missing": _slid(lambda y, x, k, s: (y, x)),
        "the windows start at (y k, x k): they move by the stride, not by their size": _slid(
            lambda y, x, k, s: (y * k, x * k)
        ),
        "the window ends one number too early": _slid(
            lambda y, x, k, s: (y * s, x * s), extent=lambda k: k - 1
        ),
        "the window ends one number too late": _slid(
            lambda y, x, k, s: (y * s, x * s), extent=lambda k: k + 1
        ),
        "rows and columns of the output are exchanged": lambda X, k, s: (
            _forward(maxpool2d_forward)(X, k, s).T
        ),
        "zero is among the numbers: start from -inf, or take the window's own maximum": (
            lambda X, k, s: np.maximum(_forward(maxpool2d_forward)(X, k, s), 0)
        ),
    },
    hints=(
        "How many windows are there in each direction? Make an empty array of that shape first.",
        "Window (y, x) is X[y * s : y * s + k, x * s : x * s + k].",
    ),
)


# maxpool-backward


def _max_backward(dA, X, k, s):
    _, cache = maxpool2d_forward(_image(X), size=k, stride=s)
    return maxpool2d_backward(_image(dA), cache)[0, 0]


def _route(send):
    """Return a backward pass that lets ``send(part, window, d)`` change each window's part."""

    def answer(dA, X, k, s):
        dX = np.zeros_like(X)
        for y, x in np.ndindex(dA.shape):
            rows, columns = slice(y * s, y * s + k), slice(x * s, x * s + k)
            send(dX[rows, columns], X[rows, columns], dA[y, x])
        return dX

    return answer


def _overwrite(part, window, d):
    part[np.unravel_index(window.argmax(), window.shape)] = d


def _to_equals(part, window, d):
    part += d * (window == window.max())


def _split(part, window, d):
    equal = window == window.max()
    part += d * equal / equal.sum()


def _to_last(part, window, d):
    flat = window.ravel()[::-1]
    part[np.unravel_index(flat.size - 1 - flat.argmax(), window.shape)] += d


def _to_all(part, window, d):
    part += d / window.size


def _times_value(part, window, d):
    part[np.unravel_index(window.argmax(), window.shape)] += d * window.max()


MAXPOOL_BACKWARD = Exercise(
    name="maxpool-backward",
    verifies="every gradient at its window's first maximum, added up",
    reference=_max_backward,
    returns=("dX",),
    cases=lambda rng: {
        "4 x 4, window 2, stride 2": (
            np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(16.0).reshape(4, 4) % 7, 2, 2,
        ),
        "windows that overlap": (rng.standard_normal((3, 3)), rng.standard_normal((5, 5)), 3, 1),
        "a window of equal numbers": (np.array([[1.0]]), np.full((2, 2), 5.0), 2, 2),
        "ties and overlap": (
            rng.standard_normal((2, 3)), rng.integers(0, 3, (5, 7)).astype(float), 3, 2,
        ),
    },
    mistakes={
        "a gradient overwrites another where windows overlap: use +=": _route(_overwrite),
        "every number that equals the maximum gets the whole gradient": _route(_to_equals),
        "a tie is split: asked is the first maximum": _route(_split),
        "a tie goes to the last maximum: asked is the first": _route(_to_last),
        "the gradient is shared by all: that is average pooling": _route(_to_all),
        "the gradient is multiplied by the maximum: the derivative of a maximum is 1": _route(
            _times_value
        ),
    },
    hints=(
        "Start from zeros of X's shape. Each window adds one number to one place.",
        "np.unravel_index(window.argmax(), window.shape) is the place inside the window.",
        "The place in X is that plus the window's start, (y * s, x * s).",
    ),
)  # fmt: skip


# pool-limits


def _limits(first, last):
    return lambda m, k, s, out: (first(m, k, s, out), last(m, k, s, out))


def _first(m, k, s, out):
    return max(0, -(-(m - k + 1) // s))


def _last(m, k, s, out):
    return min(out - 1, m // s)


POOL_LIMITS = Exercise(
    name="pool-limits",
    verifies="the first and the last window that hold a row",
    reference=_limits(_first, _last),
    returns=("first", "last"),
    cases=lambda rng: {
        "row 4, window 3, stride 1": (4, 3, 1, 6),
        "row 2, window 2, stride 2": (2, 2, 2, 4),
        "the second row": (1, 3, 1, 5),
        "the last row": (6, 3, 1, 5),
        "row 4 under windows of 3, stride 2": (4, 3, 2, 4),
        "a row that no window sees": (2, 2, 3, 3),
        "a row beyond the last window": (6, 2, 2, 3),
    },
    mistakes={
        "the lower limit is rounded down, as in the notes: round it up": _limits(
            lambda m, k, s, out: max(0, (m - k + 1) // s), _last
        ),
        "the first window comes out negative: there is none before 0": _limits(
            lambda m, k, s, out: -(-(m - k + 1) // s), _last
        ),
        "the last window may be beyond the end: the windows are 0 to out − 1": _limits(
            _first, lambda m, k, s, out: m // s
        ),
        "the windows are counted to out: the last is out − 1": _limits(
            _first, lambda m, k, s, out: min(out, m // s)
        ),
        "the + 1 of the lower limit is missing: window y ends at row y s + k − 1": _limits(
            lambda m, k, s, out: max(0, -(-(m - k) // s)), _last
        ),
        "the stride is left out": _limits(
            lambda m, k, s, out: max(0, m - k + 1), lambda m, k, s, out: min(out - 1, m)
        ),
    },
    hints=(
        "Window y holds the rows y s to y s + k − 1. Solve both inequalities for y.",
        "(m − k + 1)/s ≤ y ≤ m/s. Which side is rounded up, which down?",
        "-(-a // b) rounds a / b up. Then cut at 0 and at out − 1.",
    ),
)


# avgpool-backward


def _avg_backward(dA, H, W, k, s):
    _, cache = avgpool2d_forward(np.zeros((1, 1, H, W)), size=k, stride=s)
    return avgpool2d_backward(_image(dA), cache)[0, 0]


def _hand_out(share, *, add=True):
    """Return a backward pass that gives ``share(d, k, s)`` to each number of a window."""

    def answer(dA, H, W, k, s):
        dX = np.zeros((H, W))
        for y, x in np.ndindex(dA.shape):
            part = dX[y * s : y * s + k, x * s : x * s + k]
            part[...] = part * add + share(dA[y, x], k, s)
        return dX

    return answer


AVGPOOL_BACKWARD = Exercise(
    name="avgpool-backward",
    verifies="equal shares, added up where windows overlap",
    reference=_avg_backward,
    returns=("dX",),
    cases=lambda rng: {
        "4 x 4, window 2, stride 2": (np.array([[2.0, 8.0], [4.0, 6.0]]), 4, 4, 2, 2),
        "windows that overlap": (rng.standard_normal((3, 4)), 5, 6, 3, 1),
        "a row that no window sees": (rng.standard_normal((3, 2)), 7, 5, 2, 2),
        "overlap by one": (rng.standard_normal((2, 3)), 5, 7, 3, 2),
    },
    mistakes={
        "the gradient is not divided: each of the k² numbers gets a share of 1/k²": _hand_out(
            lambda d, k, s: d
        ),
        "it is divided by k: a window has k² numbers": _hand_out(lambda d, k, s: d / k),
        "it is divided by s²: what counts is the window, not the stride": _hand_out(
            lambda d, k, s: d / s**2
        ),
        "a share overwrites another where windows overlap: use +=": _hand_out(
            lambda d, k, s: d / k**2, add=False
        ),
    },
    hints=(
        "Go through the windows: each gives the same amount to every one of its numbers.",
        "dX[y * s : y * s + k, x * s : x * s + k] += …",
    ),
)


EXERCISES = [OUTPUT_SIZE, MAXPOOL, MAXPOOL_BACKWARD, POOL_LIMITS, AVGPOOL_BACKWARD]
