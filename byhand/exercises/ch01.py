"""Exercises of chapter 01, learning as fitting."""

import numpy as np

from byhand.exercises.checking import NO_SWITCHES, Exercise
from dlcore.activations import log_softmax, relu


def _regression(rng, N, D):
    return rng.standard_normal(D), 0.5, rng.standard_normal((N, D)), rng.standard_normal(N)


# empirical-risk

EMPIRICAL_RISK = Exercise(
    name="empirical-risk",
    verifies="the mean squared error of an affine predictor",
    reference=lambda w, b, X, y: np.mean((y - (X @ w + b)) ** 2),
    returns=("risk",),
    cases=lambda rng: {
        "one example": (
            np.array([2.0, -1.0, 1.0]),
            0.5,
            np.array([[1.0, 1.0, 1.0]]),
            np.array([-1.0]),
        ),
        "three examples on a line": (
            np.array([2.0]),
            0.0,
            np.array([[1.0], [2.0], [3.0]]),
            np.array([3.0, 4.0, 5.0]),
        ),
        "a seeded batch": _regression(rng, 7, 3),
        "as many examples as features": _regression(rng, 4, 4),
    },
    mistakes={
        "the losses are added up, but not divided by N": lambda w, b, X, y: np.sum(
            (y - (X @ w + b)) ** 2
        ),
        "the square is missing: errors of both signs cancel": lambda w, b, X, y: np.mean(
            y - (X @ w + b)
        ),
        "the absolute error takes the place of the square": lambda w, b, X, y: np.mean(
            np.abs(y - (X @ w + b))
        ),
        "the root of the mean is taken: asked is the mean of the squares": lambda w, b, X, y: (
            np.sqrt(np.mean((y - (X @ w + b)) ** 2))
        ),
        "y is made a column: a column (N, 1) minus a flat array (N,) pairs every label with every "
        "score": lambda w, b, X, y: np.mean((y[:, np.newaxis] - (X @ w + b)) ** 2),
        "the mean is squared: square each error first": lambda w, b, X, y: (
            np.mean(y - (X @ w + b)) ** 2
        ),
        "the bias b is left out": lambda w, b, X, y: np.mean((y - X @ w) ** 2),
        "a factor 1/2 is there, which this chapter's squared error lacks": lambda w, b, X, y: (
            0.5 * np.mean((y - (X @ w + b)) ** 2)
        ),
        "the losses are divided by D, the number of features": lambda w, b, X, y: (
            np.sum((y - (X @ w + b)) ** 2) / X.shape[1]
        ),
    },
    hints=(
        "Three steps: scores of all examples, one loss an example, the mean of the losses.",
        "The scores are X @ w + b, of shape (N,). The loss of each is (y - s) ** 2.",
        "np.mean over the N squared differences.",
    ),
)


# softmax-loss


def _scores(rng, N, C):
    return 2 * rng.standard_normal((N, C)), rng.integers(C, size=N)


def _class_cases(rng):
    return {
        "one example": (np.array([[2.0, 0.7, -1.5]]), np.array([1])),
        "the same scores, every label": (
            np.tile([2.0, 1.0, -1.0], (3, 1)),
            np.array([2, 1, 2]),
        ),
        "two classes": (np.array([[0.3, 0.1], [1.0, 1.5]]), np.array([1, 0])),
        "a seeded batch": _scores(rng, 6, 4),
        "as many examples as classes": _scores(rng, 5, 5),
    }


def _right(S, y):
    return S[np.arange(len(S)), y]


def _softmax_loss(S, y):
    return -_right(log_softmax(S), y)


SOFTMAX_LOSS = Exercise(
    name="softmax-loss",
    verifies="softmax cross-entropy, one loss an example",
    reference=_softmax_loss,
    returns=("loss",),
    loops=False,
    cases=_class_cases,
    mistakes={
        "the sign is flipped: the log-probability is not yet the loss": lambda S, y: (
            _right(S, y) - np.log(np.exp(S).sum(axis=1))
        ),
        "the score of the right class is not subtracted": lambda S, y: np.log(
            np.exp(S).sum(axis=1)
        ),
        "the logarithm is missing: the sum of exponentials is taken as it is": lambda S, y: (
            -_right(S, y) + np.exp(S).sum(axis=1)
        ),
        "the sum goes over the examples; it goes over the classes, axis=1": lambda S, y: (
            -_right(S, y) + np.resize(np.log(np.exp(S).sum(axis=0)), len(S))
        ),
        "the sum goes over the whole batch; each example has its own": lambda S, y: (
            -_right(S, y) + np.log(np.exp(S).sum())
        ),
        "the mean is taken: one loss an example is asked": lambda S, y: np.mean(
            _softmax_loss(S, y)
        ),
        "the losses are summed over the batch: one an example is asked": lambda S, y: np.sum(
            _softmax_loss(S, y)
        ),
        "the probability of the right class comes back, without its logarithm": lambda S, y: np.exp(
            -_softmax_loss(S, y)
        ),
    },
    hints=(
        "Two terms: the score of the right class, and the logarithm of a sum over classes.",
        "S[np.arange(N), y] picks one score a row. np.exp(S).sum(axis=1) adds along a row.",
        "Minus the first, plus the logarithm of the second.",
    ),
)


# multiclass-hinge


def _hinge(S, y, margin=1.0):
    return np.maximum(S - _right(S, y)[:, np.newaxis] + margin, 0).sum(axis=1) - margin


HINGE = Exercise(
    name="multiclass-hinge",
    verifies="the multiclass hinge, one loss an example",
    reference=lambda S, y: _hinge(S, y),
    returns=("loss",),
    cases=_class_cases,
    mistakes={
        "the right class is counted too: i = y adds 1 to each loss": lambda S, y: _hinge(S, y) + 1,
        "the margin of 1 is missing": lambda S, y: _hinge(S, y, margin=0.0),
        "negative terms are kept: max(0, ...) is taken of each term": lambda S, y: (
            (S - _right(S, y)[:, np.newaxis] + 1).sum(axis=1) - 1
        ),
        "the difference is turned around: it is s_i - s_y": lambda S, y: (
            np.maximum(_right(S, y)[:, np.newaxis] - S + 1, 0).sum(axis=1) - 1
        ),
        "only the strongest rival is charged: the sum goes over all of them": lambda S, y: (
            np.maximum(
                np.where(np.arange(S.shape[1]) == y[:, np.newaxis], -np.inf, S).max(axis=1)
                - _right(S, y)
                + 1,
                0,
            )
        ),
        "the mean over the batch is taken: one loss an example is asked": lambda S, y: np.mean(
            _hinge(S, y)
        ),
        "the losses are summed over the batch: one an example is asked": lambda S, y: np.sum(
            _hinge(S, y)
        ),
        "the terms are squared": lambda S, y: (
            (np.maximum(S - _right(S, y)[:, np.newaxis] + 1, 0) ** 2).sum(axis=1) - 1
        ),
    },
    hints=(
        "Make an array (N, C) of all s_i - s_y + 1 first; broadcasting needs s_y as a column.",
        "Then np.maximum(..., 0) and a sum along each row. What did i = y contribute?",
        "The right class contributes max(0, 1) = 1 in every row: take 1 off.",
    ),
)


# kl


def _kl(q, p):
    some = q > 0
    return np.sum(q[some] * np.log(q[some] / p[some]))


KL = Exercise(
    name="kl-divergence",
    verifies="the KL divergence, also where a probability is zero",
    reference=_kl,
    returns=("divergence",),
    cases=lambda rng: {
        "two classes": (np.array([0.5, 0.5]), np.array([0.75, 0.25])),
        "four classes": (np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.3, 0.2, 0.1])),
        "a class that never comes": (np.array([0.5, 0.0, 0.5]), np.array([0.25, 0.25, 0.5])),
        "only one class comes": (np.array([0.0, 1.0]), np.array([0.2, 0.8])),
    },
    mistakes={
        "q and p are swapped: the mean goes over q": lambda q, p: np.sum(p * np.log(p / q)),
        "the sign is flipped: the logarithm is of q / p": lambda q, p: np.sum(q * np.log(p / q)),
        "the entropy of q is not taken off: what is left is the cross-entropy": lambda q, p: (
            -np.sum(q * np.log(p))
        ),
        "the weights q are missing": lambda q, p: np.sum(np.log(q / p)),
        "a mean over the classes is taken: q holds the weights already": lambda q, p: np.mean(
            q * np.log(q / p)
        ),
        "the logarithm has base 2": lambda q, p: _kl(q, p) / np.log(2),
        "log(0) is taken where q is zero: leave such terms out": lambda q, p: np.sum(
            q * np.log(q / p)
        ),
    },
    hints=(
        "It is a weighted sum: the weights are q, and what is weighed is log(q / p).",
        "0 times log 0 is nan in NumPy. Choose the entries with q > 0 before the logarithm.",
        "some = q > 0, then q[some] and p[some] everywhere.",
    ),
)


# fold


def _fold(x, centers=(8.0, 4.0, 2.0, 1.0)):
    for c in centers:
        x = relu(x - c) + relu(c - x)
    return x


FOLD = Exercise(
    name="fold",
    verifies="four folds tell even from odd",
    reference=lambda x: _fold(x),
    returns=("evenness",),
    without=NO_SWITCHES,
    cases=lambda rng: {
        "0, 1, 2": (np.array([0.0, 1.0, 2.0]),),
        "0 to 8": (np.arange(9.0),),
        "0 to 16": (np.arange(17.0),),
        "shuffled": (rng.permutation(17).astype(float),),
    },
    mistakes={
        "odd numbers get 1 and even ones 0: asked is the reverse": lambda x: 1 - _fold(x),
        "the last fold, at 1, is missing: 0 and 2 still differ": lambda x: _fold(x, (8, 4, 2)),
        "the fold at 8 is missing: numbers above 8 are left too large": lambda x: _fold(
            x, (4.0, 2.0, 1.0)
        ),
        "the folds come in the order 1, 2, 4, 8: the largest comes first": lambda x: _fold(
            x, (1.0, 2.0, 4.0, 8.0)
        ),
        "only relu(x - c) is there: the left half is flattened instead of folded": lambda x: relu(
            relu(relu(relu(x - 8.0) - 4.0) - 2.0) - 1.0
        ),
        "only one fold is made, at 8": lambda x: _fold(x, (8.0,)),
    },
    hints=(
        "One fold at c is relu(x - c) + relu(c - x). It lays c + k onto c - k.",
        "The first fold should halve the range 0 to 16. Where is its middle?",
        "Folds at 8, 4, 2 and 1, each on the result of the one before.",
    ),
)


# three-classes

TENTHS = np.arange(-30, 31) / 10


def _classes_of_the_tenths(answer):
    """Sort the multiples of 0.1 by the largest score: any weights that do it are right."""
    W, b = (np.asarray(array, dtype=float) for array in answer)
    if W.shape != (3, 1) or b.shape != (3,):
        raise ValueError(f"W and b have shapes {W.shape} and {b.shape}, expected (3, 1) and (3,)")
    return (TENTHS[:, np.newaxis] @ W.T + b).argmax(axis=1)


def _three(b, w=(-1.0, 0.0, 1.0)):
    return np.array(w)[:, np.newaxis], np.array(b, dtype=float)


THREE_CLASSES = Exercise(
    name="three-classes",
    verifies="three affine scores sort the tenths into negative, zero, positive",
    reference=lambda: _three((0, 0.05, 0)),
    returns=("classes of -3, -2.9, ..., 3",),
    view=_classes_of_the_tenths,
    mistakes={
        "the borders are at ±0.5, as for whole numbers": lambda: _three((0, 0.5, 0)),
        "zero never wins: at 0 its score ties with the others or is below them": lambda: _three(
            (0, 0, 0)
        ),
        "negative and positive are swapped": lambda: _three((0, 0.05, 0), w=(1.0, 0.0, -1.0)),
        "zero always wins: its constant is too large": lambda: _three((0, 10, 0)),
        "the border itself falls on 0.1: ties go to the first class": lambda: _three((0, 0.1, 0)),
    },
    hints=(
        "The scores -x, c and x cross where x = -c and x = c. Which c lies between 0 and 0.1?",
        "W is a column, [[-1], [0], [1]]; only b has to change.",
        "b = [0, 0.05, 0].",
    ),
)

EXERCISES = (EMPIRICAL_RISK, SOFTMAX_LOSS, HINGE, KL, FOLD, THREE_CLASSES)
