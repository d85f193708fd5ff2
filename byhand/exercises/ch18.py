"""Exercises of chapter 18, LeNet-5."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.layers import rbf_backward, subsample_backward
from dlcore.models import C3_CONNECTIONS, lenet5_loss

# lenet-counts


def _counted(parameters, places=lambda side: side**2):
    def answer(reads, k, side):
        P = parameters(reads, k)
        return P, P * places(side)

    return answer


COUNTS = Exercise(
    name="lenet-counts",
    verifies="a kernel for each mark, a bias for each filter, and their uses",
    reference=_counted(lambda reads, k: int(reads.sum()) * k**2 + len(reads)),
    returns=("parameters", "connections"),
    cases=lambda rng: {
        "C1": (np.ones((6, 1), dtype=bool), 5, 28),
        "C3": (np.array(C3_CONNECTIONS), 5, 10),
        "C5": (np.ones((120, 16), dtype=bool), 5, 1),
        "two filters on three channels": (np.array([[1, 0, 1], [0, 1, 0]], dtype=bool), 3, 7),
    },
    mistakes={
        "the biases are missing: each filter has one": _counted(
            lambda reads, k: int(reads.sum()) * k**2
        ),
        "there is a bias for every kernel: a filter has one, whatever it reads": _counted(
            lambda reads, k: int(reads.sum()) * (k**2 + 1)
        ),
        "every filter is counted with all channels: only those that it reads": _counted(
            lambda reads, k: reads.size * k**2 + len(reads)
        ),
        "a filter is counted with one kernel: it has one for each channel that it reads": _counted(
            lambda reads, k: len(reads) * (k**2 + 1)
        ),
        "a kernel is counted with k weights: it has k²": _counted(
            lambda reads, k: int(reads.sum()) * k + len(reads)
        ),
        "the output is counted with side places: it has side²": _counted(
            lambda reads, k: int(reads.sum()) * k**2 + len(reads), places=lambda side: side
        ),
    },
    hints=(
        "How many kernels are there? reads.sum() counts the marks of the table.",
        "How many biases? One a filter, and a filter is a row.",
        "Every parameter is used once at each of the side² places.",
    ),
)  # fmt: skip


# lenet-subsample


def _windows(X):
    H, W = X.shape
    return X.reshape(H // 2, 2, W // 2, 2).sum(axis=(1, 3))


def _spread(dZ):
    return dZ.repeat(2, axis=0).repeat(2, axis=1)


def _subsample(dZ, X, w):
    T = _windows(X)[np.newaxis, np.newaxis]
    cache = ((1, 1, *X.shape), T, np.array([w]), (2, 2))
    dX, dw, db = subsample_backward(dZ[np.newaxis, np.newaxis], cache)
    return dX[0, 0], dw[0], db[0]


SUBSAMPLE = Exercise(
    name="lenet-subsample",
    verifies="copies for the pixels, sums for the weight and the bias",
    reference=_subsample,
    returns=("dX", "dw", "db"),
    cases=lambda rng: {
        "the numbers by hand": (
            np.array([[2.0, -1.0]]), np.array([[1.0, 2, 0, 3], [4, 1, 1, 2]]), 0.5,
        ),
        "random numbers": (rng.standard_normal((3, 4)), rng.standard_normal((6, 8)), -1.3),
        "one window": (np.array([[2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), 2.0),
    },
    mistakes={
        "dX lacks the factor w": lambda dZ, X, w: (_spread(dZ), *_subsample(dZ, X, w)[1:]),
        "dX is divided by 4: the layer adds, it does not average": lambda dZ, X, w: (
            w * _spread(dZ) / 4, *_subsample(dZ, X, w)[1:],
        ),
        "dw uses the mean of each window: w multiplies the sum": lambda dZ, X, w: (
            w * _spread(dZ), np.sum(dZ * _windows(X)) / 4, dZ.sum(),
        ),
        "dw has the factor w: the derivative of w T by w is T": lambda dZ, X, w: (
            w * _spread(dZ), w * np.sum(dZ * _windows(X)), dZ.sum(),
        ),
        "db counts every pixel: b is added once a window": lambda dZ, X, w: (
            w * _spread(dZ), np.sum(dZ * _windows(X)), 4 * dZ.sum(),
        ),
        "db has the factor w: b is added after the product": lambda dZ, X, w: (
            w * _spread(dZ), np.sum(dZ * _windows(X)), w * dZ.sum(),
        ),
    },
    hints=(
        "Z = w T + b, one number a window. What are its derivatives by w and by b?",
        "T, the sums of the windows: X.reshape(H // 2, 2, W // 2, 2).sum(axis=(1, 3)).",
        "Every pixel of a window gets w times the window's gradient: repeat along both axes.",
    ),
)  # fmt: skip


# lenet-rbf


def _rbf(dY, X, W):
    return rbf_backward(dY, (X, W))


def _rbf_with(of_x, of_w):
    return lambda dY, X, W: (of_x(_rbf(dY, X, W)[0], dY, X, W), of_w(_rbf(dY, X, W)[1], dY, X, W))


def _same(gradient, *_):
    return gradient


RBF = Exercise(
    name="lenet-rbf",
    verifies="the gradients of squared distances",
    reference=_rbf,
    returns=("dX", "dW"),
    cases=lambda rng: {
        "the numbers by hand": (
            np.array([[1.0, -0.5]]), np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [-1.0, 1.0]]),
        ),
        "random numbers": (
            rng.standard_normal((5, 3)), rng.standard_normal((5, 4)), rng.standard_normal((3, 4)),
        ),
    },
    mistakes={
        "the factor 2 of the square is missing": _rbf_with(
            lambda d, *_: d / 2, lambda d, *_: d / 2
        ),
        "dW has the sign of dX: w enters with a minus": _rbf_with(_same, lambda d, *_: -d),
        "both signs are wrong: x − w, not w − x": _rbf_with(lambda d, *_: -d, lambda d, *_: -d),
        "the codes are left out of dX": _rbf_with(
            lambda d, dY, X, W: 2 * dY.sum(axis=1, keepdims=True) * X, _same
        ),
        "the features are left out of dW": _rbf_with(
            _same, lambda d, dY, X, W: 2 * dY.sum(axis=0)[:, np.newaxis] * W
        ),
    },
    hints=(
        "The derivative of (x − w)² by x is 2 (x − w), by w the same with a minus.",
        "Split 2 g (x − w) into 2 g x and 2 g w, and sum each by itself.",
        "dX: dY.sum(axis=1) times X, minus dY @ W. Which sums belong to dW?",
    ),
)  # fmt: skip


# lenet-loss


def _criterion(y, t, j):
    value, dscores = lenet5_loss(-y[np.newaxis], np.array([t]), j=j)
    return float(value), -dscores[0]


def _plain(y, t, j, none=True, sign=1.0):
    powers = np.exp(-y)
    total = powers.sum() + none * np.exp(-j)
    return y[t] + np.log(total), sign * ((np.arange(len(y)) == t) - powers / total)


def _shifted_by_the_smallest(y, t, j):
    low = y.min()
    powers = np.exp(low - y)
    total = powers.sum() + np.exp(low - j)
    return y[t] - low + np.log(total), (np.arange(len(y)) == t) - powers / total


LOSS = Exercise(
    name="lenet-loss",
    verifies="the loss and its gradient, also at large distances",
    reference=_criterion,
    returns=("value", "dy"),
    cases=lambda rng: {
        "the numbers by hand": (np.array([1.0, 5.0]), 0, 1.0),
        "ten classes": (5 * rng.random(10), 3, 1.0),
        "another j": (5 * rng.random(4), 2, 4.0),
        "all distances 2,000": (np.full(3, 2000.0), 1, 1500.0),
        "one near and one far": (np.array([1.0, 2000.0]), 1, 1500.0),
        "all distances 2,000, and a small j": (np.full(3, 2000.0), 1, 1.0),
    },
    mistakes={
        "e^-j is missing: the class of none of these": lambda y, t, j: _plain(y, t, j, none=False),
        "exp(-y) underflows to 0: subtract the largest score first": _plain,
        "only the smallest distance is subtracted: -j may be the largest score, and e^(y - j) "
        "overflows": _shifted_by_the_smallest,
        "the gradient has the wrong sign: it is that of the distances, not of the scores": (
            lambda y, t, j: (_criterion(y, t, j)[0], -_criterion(y, t, j)[1])
        ),
        "the gradient lacks the 1 for the right class": lambda y, t, j: (
            _criterion(y, t, j)[0], _criterion(y, t, j)[1] - (np.arange(len(y)) == t),
        ),
        "the value lacks the distance from the right code": lambda y, t, j: (
            _criterion(y, t, j)[0] - y[t], _criterion(y, t, j)[1],
        ),
        "the value is only the distance from the right code": lambda y, t, j: (
            y[t], _criterion(y, t, j)[1],
        ),
    },
    hints=(
        "It is a softmax with cross-entropy over C + 1 scores: −y, and −j behind them.",
        "The gradient by y is 1 for the right class, minus the probabilities.",
        "Subtract the largest score before exp, and add it again after log.",
    ),
)  # fmt: skip


# lenet-affine


def _affine(weights, bias):
    return lambda codes: (weights(codes), bias(codes))


def _minus_squares(codes):
    return -np.sum(codes**2, axis=1)


AFFINE = Exercise(
    name="lenet-affine",
    verifies="the affine layer behind the distances",
    reference=_affine(lambda w: 2 * w, _minus_squares),
    returns=("W", "b"),
    cases=lambda rng: {
        "two codes": (np.array([[1.0, 1.0], [-1.0, 3.0]]),),
        "random codes": (rng.standard_normal((4, 6)),),
    },
    mistakes={
        "the factor 2 of the mixed term is missing": _affine(lambda w: w, _minus_squares),
        "the weights have the sign of the distance: the scores are minus the distances": _affine(
            lambda w: -2 * w, _minus_squares
        ),
        "the bias has the sign of the distance: long codes are further away": _affine(
            lambda w: 2 * w, lambda w: -_minus_squares(w)
        ),
        "the bias is missing: it differs where the codes differ in length": _affine(
            lambda w: 2 * w, lambda w: np.zeros(len(w))
        ),
        "the bias is the length of the code, not its square": _affine(
            lambda w: 2 * w, lambda w: -np.linalg.norm(w, axis=1)
        ),
        "the bias is half as large: that belongs to weights without the 2": _affine(
            lambda w: 2 * w, lambda w: _minus_squares(w) / 2
        ),
        "both are half of what they should be: then the softmax is flatter": _affine(
            lambda w: w, lambda w: _minus_squares(w) / 2
        ),
    },
    hints=(
        "Multiply out −(x − w)². Which of the three terms is the same for all classes?",
        "2 w x is a product with weights; −w² summed over the code is a bias.",
    ),
)


EXERCISES = [COUNTS, SUBSAMPLE, RBF, LOSS, AFFINE]
