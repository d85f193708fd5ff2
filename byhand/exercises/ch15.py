"""Exercises of chapter 15, convolution."""

import numpy as np

from byhand.exercises.checking import Exercise

# conv-size


CONV_SIZE = Exercise(
    name="conv-size",
    verifies="the number of positions of a kernel",
    reference=lambda n, f, s, p: (n + 2 * p - f) // s + 1,
    returns=("size",),
    cases=lambda rng: {
        "5 pixels, kernel 3": (5, 3, 1, 0),
        "5 pixels, kernel 3, stride 2, padding 1": (5, 3, 2, 1),
        "a stride that leaves a remainder": (6, 3, 2, 0),
        "AlexNet's first layer": (227, 11, 4, 0),
        "an even kernel, much padding": (10, 4, 3, 3),
    },
    mistakes={
        "the first position is not counted: + 1 is missing": (
            lambda n, f, s, p: (n + 2 * p - f) // s
        ),
        "1 is added before the division: it counts the first position, after it": (
            lambda n, f, s, p: (n + 2 * p - f + 1) // s
        ),
        "the padding is on one side only": lambda n, f, s, p: (n + p - f) // s + 1,
        "the quotient is not rounded down": lambda n, f, s, p: (n + 2 * p - f) / s + 1,
        "the quotient is rounded up: the last window sticks out": (
            lambda n, f, s, p: -((f - n - 2 * p) // s) + 1
        ),
        "the kernel is not subtracted": lambda n, f, s, p: (n + 2 * p) // s + 1,
    },
    hints=(
        "Where may the last window start? Count the multiples of s up to there, zero included.",
        "The last start is at most n + 2p - f. The operator // rounds down.",
    ),
)


# conv-parameters


CONV_PARAMETERS = Exercise(
    name="conv-parameters",
    verifies="the parameters of a convolution layer",
    reference=lambda c_in, c_out, kH, kW: c_out * (c_in * kH * kW + 1),
    returns=("count",),
    cases=lambda rng: {
        "two channels, five filters": (2, 5, 3, 3),
        "the example of the chapter": (3, 3, 5, 5),
        "a rectangular kernel": (4, 7, 3, 2),
        "1 x 1": (64, 16, 1, 1),
    },
    mistakes={
        "the biases are not counted": lambda c_in, c_out, kH, kW: c_out * c_in * kH * kW,
        "all filters share one bias": lambda c_in, c_out, kH, kW: c_out * c_in * kH * kW + 1,
        "a kernel has one layer instead of one for each input channel": (
            lambda c_in, c_out, kH, kW: c_out * (kH * kW + 1)
        ),
        "there is a bias for every pair of channels": (
            lambda c_in, c_out, kH, kW: c_out * c_in * (kH * kW + 1)
        ),
        "there is a bias for each input channel": (
            lambda c_in, c_out, kH, kW: c_in * (c_out * kH * kW + 1)
        ),
        "the kernel is taken as square": lambda c_in, c_out, kH, kW: c_out * (c_in * kH**2 + 1),
    },
    hints=(
        "First one filter: how many weights has it, with all input channels?",
        "One filter has c_in kH kW weights and one bias. There are c_out of them.",
    ),
)


# conv-slide


def _slide(X, K, s):
    kH, kW = K.shape
    Z = np.zeros(((X.shape[0] - kH) // s + 1, (X.shape[1] - kW) // s + 1))
    for u, v in np.ndindex(Z.shape):
        Z[u, v] = np.sum(K * X[u * s : u * s + kH, v * s : v * s + kW])
    return Z


def _stride_down_only(X, K, s):
    kH, kW = K.shape
    Z = np.zeros(((X.shape[0] - kH) // s + 1, (X.shape[1] - kW) // s + 1))
    for u, v in np.ndindex(Z.shape):
        Z[u, v] = np.sum(K * X[u * s : u * s + kH, v : v + kW])
    return Z


CONV_SLIDE = Exercise(
    name="conv-slide",
    verifies="a kernel that slides over a picture",
    reference=_slide,
    returns=("Z",),
    cases=lambda rng: {
        "2 x 2 on 3 x 3": (np.arange(9.0).reshape(3, 3), np.array([[1.0, 2.0], [3.0, 4.0]]), 1),
        "a wide kernel on a tall picture": (
            rng.standard_normal((7, 5)), rng.standard_normal((2, 3)), 1,
        ),
        "stride 2, with a remainder": (rng.standard_normal((8, 7)), rng.standard_normal((3, 2)), 2),
        "stride 3": (rng.standard_normal((10, 12)), rng.standard_normal((2, 3)), 3),
    },
    mistakes={
        "the kernel is turned by 180 degrees: that is the true convolution": (
            lambda X, K, s: _slide(X, K[::-1, ::-1], s)
        ),
        "the kernel is flipped left to right only": lambda X, K, s: _slide(X, K[:, ::-1], s),
        "the kernel is flipped up to down only": lambda X, K, s: _slide(X, K[::-1], s),
        "rows and columns are exchanged": lambda X, K, s: _slide(X.T, K.T, s).T[::-1],
        "the stride is not used": lambda X, K, s: _slide(X, K, 1),
        "the stride is used for the rows only": _stride_down_only,
        "the last row and column are missing: the size lacks its + 1": (
            lambda X, K, s: _slide(X, K, s)[:-1, :-1]
        ),
        "the products are not added up with the weights: K is left out": (
            lambda X, K, s: _slide(X, np.ones_like(K), s)
        ),
    },
    hints=(
        "First the size of the output, along both axes. Then one number at a time, in two loops.",
        "Output (u, v) reads the window that starts at row u s and column v s of X.",
        "np.sum(K * X[u * s : u * s + kH, v * s : v * s + kW])",
    ),
)  # fmt: skip


# conv-toeplitz


def _matrix(k, n, s, p):
    M = np.zeros(((n + 2 * p - len(k)) // s + 1, n))
    for u in range(len(M)):
        for i, weight in enumerate(k):
            if 0 <= u * s + i - p < n:
                M[u, u * s + i - p] = weight
    return M


def _wraps(k, n, s, p):
    M = np.zeros(((n + 2 * p - len(k)) // s + 1, n))
    for u in range(len(M)):
        for i, weight in enumerate(k):
            M[u, (u * s + i - p) % n] = weight
    return M


def _padding_kept(k, n, s, p):
    return _matrix(k, n + 2 * p, s, 0)


def _shifted(k, n, s, p):
    return _matrix(k, n + 2 * p, s, 0)[:, :n]


CONV_TOEPLITZ = Exercise(
    name="conv-toeplitz",
    verifies="a convolution as a matrix",
    reference=_matrix,
    returns=("M",),
    cases=lambda rng: {
        "no padding": (np.array([1.0, 2.0]), 5, 1, 0),
        "4 numbers, padding 1": (np.array([1.0, 2.0, 3.0]), 4, 1, 1),
        "stride 2, padding 2": (rng.standard_normal(4), 9, 2, 2),
        "stride 3": (rng.standard_normal(3), 8, 3, 0),
    },
    mistakes={
        "the kernel is reversed in every row": lambda k, n, s, p: _matrix(k[::-1], n, s, p),
        "the stride is not used: every row moves by one": (
            lambda k, n, s, p: _matrix(k, n, 1, p)[: (n + 2 * p - len(k)) // s + 1]
        ),
        "what the padding cuts off comes back in on the other side: a negative index": _wraps,
        "the columns of the padding are still there; they meet only zeros": _padding_kept,
        "the padding moves nothing: the columns count from the first zero, not the first pixel": (
            _shifted
        ),
        "the matrix is transposed": lambda k, n, s, p: _matrix(k, n, s, p).T,
    },
    hints=(
        "Make a matrix of zeros. In row u, which input does the weight k[i] meet?",
        "It meets input u s + i - p, if that lies between 0 and n - 1.",
    ),
)


# conv-field


def _field(kernels, strides):
    r, jump = 1, 1
    for f, s in zip(kernels, strides, strict=True):
        r, jump = r + (f - 1) * jump, jump * s
    return r


def _own_stride(kernels, strides):
    r, jump = 1, 1
    for f, s in zip(kernels, strides, strict=True):
        jump *= s
        r += (f - 1) * jump
    return r


CONV_FIELD = Exercise(
    name="conv-field",
    verifies="how far a unit of a deep network sees",
    reference=_field,
    returns=("pixels",),
    cases=lambda rng: {
        "one layer of 3": ([3], [1]),
        "three layers of 3": ([3, 3, 3], [1, 1, 1]),
        "stride 2 in the middle": ([3, 3, 5], [1, 2, 1]),
        "LeNet's convolutions and pools": ([5, 2, 5, 2], [1, 2, 1, 2]),
        "1 x 1 and strides": ([7, 1, 3, 3], [2, 1, 2, 2]),
    },
    mistakes={
        "the strides are not used": lambda kernels, strides: _field(kernels, [1] * len(strides)),
        "a layer's own stride already spreads its own kernel: the jump is updated too early": (
            _own_stride
        ),
        "the widths are multiplied; but the windows overlap": (
            lambda kernels, strides: int(np.prod(kernels))
        ),
        "the widths are added; but a layer adds only f - 1": (
            lambda kernels, strides: sum(kernels)
        ),
        "the input's own pixel is missing: r starts at 1": (
            lambda kernels, strides: _field(kernels, strides) - 1
        ),
        "the layers are taken from the last to the first": (
            lambda kernels, strides: _field(kernels[::-1], strides[::-1])
        ),
    },
    hints=(
        "Keep two numbers: the width r, and the distance of two neighbors in pixels.",
        "Both start at 1. Each layer adds (f - 1) times the distance to r, then multiplies the "
        "distance by s.",
    ),
)


EXERCISES = [CONV_SIZE, CONV_PARAMETERS, CONV_SLIDE, CONV_TOEPLITZ, CONV_FIELD]
