"""Exercises of chapter 16, back-propagation through convolution."""

import numpy as np

from byhand.exercises.checking import Exercise

# convback-weights


def _weights(X, dZ, s):
    (oH, oW), (H, W) = dZ.shape, X.shape
    dW = np.zeros((H - (oH - 1) * s, W - (oW - 1) * s))
    for i, j in np.ndindex(dW.shape):
        dW[i, j] = np.sum(dZ * X[i : i + s * oH : s, j : j + s * oW : s])
    return dW


CONVBACK_WEIGHTS = Exercise(
    name="convback-weights",
    verifies="the gradient of one kernel, for any stride",
    reference=lambda X, dZ, s: _weights(X, dZ, s),
    returns=("dW",),
    cases=lambda rng: {
        "the example of the chapter": (
            np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]]),
            np.array([[1.0, 2.0], [-1.0, 3.0]]),
            1,
        ),
        "a rectangular kernel": (rng.standard_normal((6, 5)), rng.standard_normal((3, 4)), 1),
        "stride 2": (rng.standard_normal((7, 9)), rng.standard_normal((3, 4)), 2),
        "stride 3, kernel 2 by 4": (rng.standard_normal((5, 7)), rng.standard_normal((2, 2)), 3),
    },
    mistakes={
        "the kernel's gradient is turned: here the forward pass does not turn the kernel": (
            lambda X, dZ, s: _weights(X, dZ, s)[::-1, ::-1]
        ),
        "the image is turned: that belongs to true convolution": lambda X, dZ, s: _weights(
            X[::-1, ::-1], dZ, s
        ),
        "the upstream gradient is turned": lambda X, dZ, s: _weights(X, dZ[::-1, ::-1], s),
        "it is a mean over the outputs: the shares are summed": lambda X, dZ, s: (
            _weights(X, dZ, s) / dZ.size
        ),
        "the upstream gradient is left out: each pixel counts dZ times": lambda X, dZ, s: _weights(
            X, np.ones_like(dZ), s
        ),
        "the result is transposed": lambda X, dZ, s: _weights(X, dZ, s).T,
    },
    hints=(
        "Take one weight, say the upper left. Which pixels does it meet while the kernel moves?",
        "Weight (i, j) meets the pixels X[i::s, j::s], as many as dZ has rows and columns.",
        "dW[i, j] is the sum of dZ times X[i : i + s * oH : s, j : j + s * oW : s].",
    ),
)


# convback-input


def _input(dZ, W):
    (oH, oW), (kH, kW) = dZ.shape, W.shape
    dX = np.zeros((oH + kH - 1, oW + kW - 1))
    for u, v in np.ndindex(dZ.shape):
        dX[u : u + kH, v : v + kW] += dZ[u, v] * W
    return dX


def _last_wins(dZ, W):
    dX = np.zeros_like(_input(dZ, W))
    for u, v in np.ndindex(dZ.shape):
        dX[u : u + W.shape[0], v : v + W.shape[1]] = dZ[u, v] * W
    return dX


CONVBACK_INPUT = Exercise(
    name="convback-input",
    verifies="the gradient of one image, stride 1",
    reference=lambda dZ, W: _input(dZ, W),
    returns=("dX",),
    cases=lambda rng: {
        "the example of the chapter": (
            np.array([[1.0, 2.0], [-1.0, 3.0]]),
            np.array([[1.0, 2.0], [3.0, -1.0]]),
        ),
        "one output": (np.array([[2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
        "a rectangular kernel": (rng.standard_normal((4, 3)), rng.standard_normal((2, 3))),
        "a kernel of one row": (rng.standard_normal((3, 5)), rng.standard_normal((1, 4))),
    },
    mistakes={
        "the kernel is not turned by 180 degrees": lambda dZ, W: _input(dZ, W[::-1, ::-1]),
        "the kernel is flipped along one axis only": lambda dZ, W: _input(dZ, W[::-1]),
        "the kernel is flipped along the other axis only": lambda dZ, W: _input(dZ, W[:, ::-1]),
        "the kernel is transposed; half a turn is something else": lambda dZ, W: _input(dZ, W.T),
        "overlapping copies replace each other; they must add up": _last_wins,
        "the upstream gradient is turned, not the kernel": lambda dZ, W: _input(dZ[::-1, ::-1], W),
        "the frame of zeros is missing: dX has the shape of the image": lambda dZ, W: _input(dZ, W)[
            W.shape[0] - 1 : dZ.shape[0], W.shape[1] - 1 : dZ.shape[1]
        ],
    },
    hints=(
        "How large was the image? One less than the sizes of dZ and W together, along each axis.",
        "Either frame dZ by k - 1 zeros and slide the turned kernel, or lay dZ[u, v] * W on "
        "each window.",
        "dX[u : u + kH, v : v + kW] += dZ[u, v] * W for every (u, v).",
    ),
)


# convback-frame


def _framed(d, n, k, s):
    out = np.zeros(n + k - 1)
    out[k - 1 : k - 1 + s * len(d) : s] = d
    return out


def _other_front(d, n, k, s, front):
    out = np.zeros(max(n + k - 1, front + s * len(d)))
    out[front : front + s * len(d) : s] = d
    return out[: n + k - 1]


CONVBACK_FRAME = Exercise(
    name="convback-frame",
    verifies="zeros between, in front and behind",
    reference=lambda d, n, k, s: _framed(d, n, k, s),
    returns=("framed",),
    cases=lambda rng: {
        "the example of the chapter": (np.array([10.0, 20.0]), 6, 3, 2),
        "stride 1": (np.array([1.0, 2.0, 3.0]), 5, 3, 1),
        "no remainder": (np.array([1.0, 2.0, 3.0]), 7, 3, 2),
        "a remainder of 2": (np.array([1.0, -1.0]), 7, 2, 3),
        "a stride above the kernel": (rng.standard_normal(3), 12, 2, 4),
    },
    mistakes={
        "the remainder is forgotten: r zeros more behind": lambda d, n, k, s: _framed(d, n, k, s)[
            : len(_framed(d, n, k, s)) - (n - k) % s
        ],
        "the extra zeros stand in front; nobody reads the pixels at the end": lambda d, n, k, s: (
            np.roll(_framed(d, n, k, s), (n - k) % s)
        ),
        "s zeros stand between, not s - 1": lambda d, n, k, s: np.pad(
            np.insert(d, np.repeat(np.arange(1, len(d)), s), 0), (k - 1, k - 1 + (n - k) % s)
        ),
        "no zeros stand between": lambda d, n, k, s: np.pad(d, (k - 1, k - 1 + (n - k) % s)),
        "each number is repeated s times in the place of the zeros": lambda d, n, k, s: np.pad(
            np.repeat(d, s)[: (len(d) - 1) * s + 1], (k - 1, k - 1 + (n - k) % s)
        ),
        "the s - 1 zeros behind the last number are kept, as np.kron leaves them: cut them off": (
            lambda d, n, k, s: np.pad(np.kron(d, np.eye(1, s)[0]), (k - 1, k - 1 + (n - k) % s))
        ),
        "the zeros behind the last number are kept, and the remainder is left out": (
            lambda d, n, k, s: np.pad(np.kron(d, np.eye(1, s)[0]), k - 1)
        ),
        "the frame is k wide, one too many on each side": lambda d, n, k, s: np.pad(
            _framed(d, n, k, s), 1
        ),
        "the frame is missing": lambda d, n, k, s: _framed(d, n, k, s)[
            k - 1 : k - 1 + (len(d) - 1) * s + 1
        ],
    },
    hints=(
        "A kernel of k on n + k - 1 numbers has n positions, one for each pixel.",
        "Start from n + k - 1 zeros. Where does the first number go, and how far are the next?",
        "The first at k - 1, then every s: out[k - 1 : k - 1 + s * len(d) : s] = d.",
    ),
)


# convback-count


def _windows(y, n, k, s, p):
    starts = range(-p, n + p - k + 1, s)
    return sum(start <= y < start + k for start in starts)


CONVBACK_COUNT = Exercise(
    name="convback-count",
    verifies="how many windows hold a pixel",
    reference=lambda y, n, k, s, p: _windows(y, n, k, s, p),
    returns=("count",),
    cases=lambda rng: {
        "the middle of 5": (2, 5, 3, 2, 0),
        "the first pixel": (0, 5, 3, 1, 0),
        "the first pixel, padded": (0, 5, 3, 1, 1),
        "the last pixel, padded": (4, 5, 3, 1, 1),
        "the last pixel that is read": (4, 6, 3, 2, 0),
        "a stride above the kernel": (3, 8, 2, 3, 0),
        "much padding": (3, 7, 5, 2, 4),
        "between two windows": (2, 8, 2, 3, 0),
        "a pixel in the middle": (2, 7, 3, 1, 0),
        "the last pixel, which nobody reads": (5, 6, 3, 2, 0),
    },
    mistakes={
        "the borders are forgotten: not every window exists": lambda y, n, k, s, p: sum(
            start <= y < start + k for start in range(-p - s * n, n + p + s * n, s)
        ),
        "the stride is not used": lambda y, n, k, s, p: _windows(y, n, k, 1, p),
        "the padding is not used": lambda y, n, k, s, p: _windows(y, n, k, s, 0),
        "the padding is on one side only": lambda y, n, k, s, p: sum(
            start <= y < start + k for start in range(-p, n - k + 1, s)
        ),
        "the last window sticks out: rounded up where the floor belongs": (
            lambda y, n, k, s, p: sum(
                start <= y < start + k for start in range(-p, n + p - k + s, s)
            )
        ),
        "there is a window too few: the last one starts at (n + 2p - k) // s, counted from 0": (
            lambda y, n, k, s, p: sum(
                start <= y < start + k for start in range(-p, n + p - k + 1, s)[:-1]
            )
        ),
        "the last pixel of each window is not counted": lambda y, n, k, s, p: sum(
            start <= y < start + k - 1 for start in range(-p, n + p - k + 1, s)
        ),
    },
    hints=(
        "List where the windows start, then count those that hold y.",
        "Starts are -p, -p + s, …, up to n + p - k. A window holds start to start + k - 1.",
    ),
)


# convback-transposed


def _enlarge(x, w, s, p, r):
    z = np.zeros(s * (len(x) - 1) + len(w) + r)
    for u, value in enumerate(x):
        z[u * s : u * s + len(w)] += value * w
    return z[p : len(z) - p]


def _last_copy_wins(x, w, s, p, r):
    z = np.zeros(s * (len(x) - 1) + len(w) + r)
    for u, value in enumerate(x):
        z[u * s : u * s + len(w)] = value * w
    return z[p : len(z) - p]


def _cropped(whole, p, r):
    z = np.append(whole, np.zeros(r))
    return z[p : len(z) - p]


CONVBACK_TRANSPOSED = Exercise(
    name="convback-transposed",
    verifies="the transposed convolution along one axis, with output_padding",
    reference=lambda x, w, s, p, r: _enlarge(x, w, s, p, r),
    returns=("z",),
    cases=lambda rng: {
        "the example of the chapter": (np.array([10.0, 20.0]), np.array([1.0, 2.0, 3.0]), 2, 0, 1),
        "padding": (np.array([1.0, 2.0, -1.0]), np.array([1.0, 3.0, 2.0, 5.0]), 2, 1, 1),
        "no remainder": (np.array([2.0, -3.0, 1.0]), np.array([1.0, 4.0, 2.0]), 2, 1, 0),
        "stride 3, a remainder of 2": (rng.standard_normal(4), rng.standard_normal(5), 3, 2, 2),
        "a stride above the kernel": (rng.standard_normal(3), rng.standard_normal(2), 4, 0, 3),
    },
    mistakes={
        "the kernel is turned: run forward, each number lays the kernel down as it is": (
            lambda x, w, s, p, r: _enlarge(x, w[::-1], s, p, r)
        ),
        "output_padding is left out: r numbers more belong at the end": (
            lambda x, w, s, p, r: _enlarge(x, w, s, p, 0)
        ),
        "output_padding stands in front: the pixels that no window reads lie at the end": (
            lambda x, w, s, p, r: np.concatenate([np.zeros(r), _enlarge(x, w, s, 0, 0)])[p:][
                : s * (len(x) - 1) + len(w) + r - 2 * p
            ]
        ),
        "output_padding is added after the crop: it belongs in front of it": (
            lambda x, w, s, p, r: np.pad(_enlarge(x, w, s, p, 0), (0, r))
        ),
        "the padding is added: the transpose of padding is a crop": (
            lambda x, w, s, p, r: np.pad(_enlarge(x, w, s, 0, r), p)
        ),
        "the padding is not cropped": lambda x, w, s, p, r: _enlarge(x, w, s, 0, r),
        "overlapping copies replace each other: they must add up": _last_copy_wins,
        "the copies start one place apart: the stride is not used": (
            lambda x, w, s, p, r: _enlarge(x, w, 1, p, r)
        ),
        "each number is repeated s times in the place of the zeros": lambda x, w, s, p, r: _cropped(
            np.convolve(np.repeat(x, s)[: s * (len(x) - 1) + 1], w), p, r
        ),
        "the copies start s + 1 places apart": lambda x, w, s, p, r: _enlarge(x, w, s + 1, p, r),
    },
    hints=(
        "Each number of x lays a copy of the kernel, times itself. Where does copy u start?",
        "Start from zeros of s (len(x) - 1) + len(w) + r numbers; crop p at both ends last.",
        "z[u * s : u * s + len(w)] += x[u] * w for every u, then z[p : len(z) - p].",
    ),
)


EXERCISES = [
    CONVBACK_WEIGHTS,
    CONVBACK_INPUT,
    CONVBACK_FRAME,
    CONVBACK_COUNT,
    CONVBACK_TRANSPOSED,
]
