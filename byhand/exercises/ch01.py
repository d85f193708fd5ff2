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
        "Three steps: scores of all examples, one loss per example, the mean of the losses.",
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
    verifies="softmax cross-entropy, one loss per example",
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
        "the mean is taken: one loss per example is asked": lambda S, y: np.mean(
            _softmax_loss(S, y)
        ),
        "the losses are summed over the batch: one per example is asked": lambda S, y: np.sum(
            _softmax_loss(S, y)
        ),
        "the probability of the right class comes back, without its logarithm": lambda S, y: np.exp(
            -_softmax_loss(S, y)
        ),
    },
    hints=(
        "Two terms: the score of the right class, and the logarithm of a sum over classes.",
        "S[np.arange(N), y] picks one score per row. np.exp(S).sum(axis=1) adds along a row.",
        "Minus the first, plus the logarithm of the second.",
    ),
)


# multiclass-hinge


def _hinge(S, y, margin=1.0):
    return np.maximum(S - _right(S, y)[:, np.newaxis] + margin, 0).sum(axis=1) - margin


HINGE = Exercise(
    name="multiclass-hinge",
    verifies="the multiclass hinge, one loss per example",
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
        "the mean over the batch is taken: one loss per example is asked": lambda S, y: np.mean(
            _hinge(S, y)
        ),
        "the losses are summed over the batch: one per example is asked": lambda S, y: np.sum(
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
    numbers={"0 times": "given", "log 0": "given", "q > 0 before": "given", "q > 0, then": "given"},
)


# fold: threes, by folding


def _fold(x, centers=(12.0, 6.0, 3.0, 1.5)):
    for c in centers:
        x = relu(x - c) + relu(c - x)
    return x


FOLD = Exercise(
    name="fold",
    verifies="four folds tell the multiples of three from the rest",
    reference=lambda x: _fold(x) - 0.5,
    returns=("threeness",),
    without=NO_SWITCHES,
    cases=lambda rng: {
        "0 to 3": (np.arange(4.0),),
        "0 to 12": (np.arange(13.0),),
        "0 to 24": (np.arange(25.0),),
        "shuffled": (rng.permutation(25).astype(float),),
    },
    mistakes={
        "multiples of three get 0 and the others 1: asked is the reverse": lambda x: 1.5 - _fold(x),
        "the last shift is missing: the last fold leaves 1.5 and 0.5": lambda x: _fold(x),
        "the last fold, at 1.5, is missing: 0 and 3 still differ": lambda x: (
            _fold(x, (12.0, 6.0, 3.0)) - 0.5
        ),
        "the fold at 12 is missing: numbers above 12 are left too large": lambda x: (
            _fold(x, (6.0, 3.0, 1.5)) - 0.5
        ),
        "the folds are those for odd and even, at 16, 8, 4, 2 and 1": lambda x: _fold(
            x, (16.0, 8.0, 4.0, 2.0, 1.0)
        ),
        "only relu(x - c) is there: the left half is flattened instead of folded": lambda x: (
            relu(relu(relu(relu(x - 12.0) - 6.0) - 3.0) - 1.5) - 0.5
        ),
        "only one fold is made, at 12": lambda x: _fold(x, (12.0,)),
    },
    hints=(
        "A fold at c lays c + k onto c - k. For which c do both or neither divide by three?",
        "c has to be a multiple of three, and the first fold should halve the range 0 to 24. "
        "After folds at 12, 6 and 3 the numbers 0 to 3 are left; what has to fall together now?",
        "0 and 3 lie on both sides of 1.5, and so do 1 and 2. A fold there leaves 1.5 and 0.5; "
        "shift that.",
    ),
    numbers={
        "range 0": "given", "to 24": "given", "at 12": "given", ", 6 and": "given",
        "and 3 the": "given", "numbers 0": "given", "to 3 are": "given", "and 3 lie": "given",
        "of 1.5": "given", "do 1": "given", "and 2.": "given",
        "leaves 1.5": "given", "and 0.5": "given", "0 and": "given", "fold, at 1.5": "given",
        "fold at 12": "given", "above 12": "given", "at 16": "given",
    },
)  # fmt: skip


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
    numbers={
        "between 0": "given", "and 0.1": "given", "0.05": "given", "[[-1]": "given",
        "at ±0.5": "given", "on 0.1": "given", "at 0 its": "given",
    },
)  # fmt: skip


# best-constant: derive it


def _entropy(q):
    return -q * np.log(q) - (1 - q) * np.log(1 - q)


def _best_constant(y):
    q = np.mean(y)
    return np.log(q / (1 - q)), _entropy(q)


BEST_CONSTANT = Exercise(
    name="best-constant",
    verifies="what you derived: the best score for everybody, and what it costs",
    reference=lambda y: _best_constant(y),
    returns=("score", "loss"),
    cases=lambda rng: {
        "one of four": (np.array([0, 1, 0, 0]),),
        "four of five": (np.array([1, 1, 0, 1, 1]),),
        "one of fifty": (rng.permutation(np.eye(50, dtype=int)[0]),),
        "a seeded draw": (rng.permutation(np.repeat([0, 1], [int(rng.integers(4, 9)), 13])),),
    },
    mistakes={
        "the share of ones itself is returned: the score has to have it as its sigmoid": lambda y: (
            np.mean(y),
            _entropy(np.mean(y)),
        ),
        "the sign of the score is flipped: more ones need a larger score": lambda y: (
            -_best_constant(y)[0],
            _entropy(np.mean(y)),
        ),
        "log q alone is taken: the odds are q / (1 - q)": lambda y: (
            np.log(np.mean(y)),
            _entropy(np.mean(y)),
        ),
        "the loss is that of the score 0, which is log 2 for any labels": lambda y: (
            _best_constant(y)[0],
            np.log(2),
        ),
        "the loss of the zeros is left out": lambda y: (
            _best_constant(y)[0],
            -np.mean(y) * np.log(np.mean(y)),
        ),
        "the loss is summed: the empirical risk is a mean": lambda y: (
            _best_constant(y)[0],
            len(y) * _entropy(np.mean(y)),
        ),
        "the loss has logarithms of base 2": lambda y: (
            _best_constant(y)[0],
            _entropy(np.mean(y)) / np.log(2),
        ),
        "the sign of the loss is flipped": lambda y: (
            _best_constant(y)[0],
            -_entropy(np.mean(y)),
        ),
    },
    hints=(
        "With the share q of ones, the risk is log(1 + e^s) - q s. What is its derivative by s?",
        "The derivative is sigmoid(s) - q. It is zero where sigmoid(s) = q; solve that for s.",
        "s = log(q / (1 - q)). Put sigmoid(s) = q into the loss: it is the entropy of (q, 1 - q).",
    ),
    numbers={
        "score 0": "given", "log 2": "given", "base 2": "given", "(1 + e": "given",
        "/ (1 - q)). Put": "given", "(q, 1 - q": "given", "/ (1 - q)": "given",
    },
)  # fmt: skip


# perceptron-bug: find the bug


def _perceptron(X, t, *, wrong=lambda m: m <= 0, step=lambda x, label: label * x, passes=1000,
                counted=True, last_only=False):  # fmt: skip
    w, mistakes, rounds = np.zeros(X.shape[1]), 0, 0
    for _ in range(passes):
        rounds += 1
        before, bad = mistakes, False
        for x, label in zip(X, t, strict=True):
            bad = wrong(label * (w @ x))
            if bad:
                w = w + step(x, label)
                mistakes += 1
        if (not bad) if last_only else mistakes == before:
            break
    return w, mistakes if counted else rounds


def _separable(rng, N, D):
    """Draw examples that a line through the origin separates, the last one far from it."""
    u = rng.standard_normal(D)
    u /= np.linalg.norm(u)
    X = rng.standard_normal((6 * N, D))
    X = X[np.abs(X @ u) > 0.15][:N]
    X = X[np.argsort(np.abs(X @ u))]
    return X, np.where(X @ u > 0, 1, -1)


PERCEPTRON_BUG = Exercise(
    name="perceptron-bug",
    verifies="the bug is gone: it stops when a whole pass is right",
    reference=lambda X, t: _perceptron(X, t),
    returns=("w", "mistakes"),
    planted=lambda X, t: _perceptron(X, t, last_only=True),
    cases=lambda rng: {
        "four examples": (
            np.array([[1.0, 1.0], [-1.0, 3.0], [-1.0, -3.0], [3.0, 0.0]]),
            np.array([1, -1, -1, 1]),
        ),
        "twelve in the plane": _separable(rng, 12, 2),
        "thirty with three features": _separable(rng, 30, 3),
        "as many as features": _separable(rng, 4, 4),
    },
    mistakes={
        "a margin of exactly 0 counts as right, and from w = 0 nothing is ever learned": (
            lambda X, t: _perceptron(X, t, wrong=lambda m: m < 0)
        ),
        "the label is left out of the step": lambda X, t: _perceptron(
            X, t, step=lambda x, label: x, passes=50
        ),
        "the step goes the wrong way": lambda X, t: _perceptron(
            X, t, step=lambda x, label: -label * x, passes=50
        ),
        "the passes are counted, and not the mistakes": lambda X, t: _perceptron(
            X, t, counted=False
        ),
        "the step is made where the margin is below 1, as with the hinge": lambda X, t: _perceptron(
            X, t, wrong=lambda m: m < 1
        ),
    },
    hints=(
        "Which examples does the returned w still get wrong? Print t * (X @ w).",
        "Follow the name that decides when to stop. Which example does it speak of?",
        "It speaks of the last one only. Compare the count of mistakes before and after a pass.",
    ),
    numbers={
        "exactly 0": "given", "w = 0": "given", "below 1": "given", "last one only": "given",
    },
)  # fmt: skip


# choose-degree: design

WAVES = np.array([0.25, 1.0, 2.5])  # half periods per unit
SETS, POINTS, NOISE, HIGHEST = 60, 40, 0.3, 12


def _powers(x, degree):
    return np.vander(x, degree + 1, increasing=True)


def _polynomial(x, y, degree):
    return np.linalg.lstsq(_powers(x, degree), y, rcond=None)[0]


def _waves():
    """Return 60 data sets, X and Y (60, 40), and what lies behind them, as a function of X."""
    rng = np.random.default_rng(2)
    X = rng.uniform(-1, 1, (SETS, POINTS))
    k, phase = np.tile(WAVES, SETS // 3), rng.uniform(0, 2 * np.pi, SETS)

    def truth(X):
        return np.sin(np.pi * k[:, np.newaxis] * X + phase[:, np.newaxis])

    return X, truth(X) + NOISE * rng.standard_normal(X.shape), truth


def _times_the_best(degrees):
    """Measure a choice: E_out over that of the best degree, as a geometric mean over the sets."""
    degrees = np.asarray(degrees)
    if degrees.shape != (SETS,):
        raise ValueError(f"degrees has shape {degrees.shape}, expected {(SETS,)}, one per data set")
    if not ((degrees >= 0) & (degrees <= HIGHEST) & (degrees == degrees.astype(int))).all():
        raise ValueError(f"degrees are whole numbers from 0 to {HIGHEST}")
    X, Y, truth = _waves()
    fine = np.linspace(-1, 1, 201)
    errors = (
        np.array(
            [
                [
                    np.mean((_powers(fine, degree) @ _polynomial(x, y, degree) - wave) ** 2)
                    for degree in range(HIGHEST + 1)
                ]
                for x, y, wave in zip(X, Y, truth(np.tile(fine, (SETS, 1))), strict=True)
            ]
        )
        + NOISE**2
    )  # the noise of a new point is there for every degree
    chosen = errors[np.arange(SETS), degrees.astype(int)]
    return float(np.exp(np.mean(np.log(chosen / errors.min(axis=1)))))


def _by_parts(x, y, parts=5):
    """Cross-validate: each part is judged by a polynomial that was fitted to the others."""
    part = np.arange(len(x)) % parts
    costs = [
        sum(
            np.sum(
                (
                    _powers(x[part == k], d) @ _polynomial(x[part != k], y[part != k], d)
                    - y[part == k]
                )
                ** 2
            )
            for k in range(parts)
        )
        for d in range(HIGHEST + 1)
    ]
    return int(np.argmin(costs))


CHOOSE_DEGREE = Exercise(
    name="choose-degree",
    verifies="a way to choose without seeing the new points",
    reference=lambda X, Y: np.array([_by_parts(x, y) for x, y in zip(X, Y, strict=True)]),
    returns=("degrees",),
    view=_times_the_best,
    goals={"times": ("at most", 1.5)},
    seconds=60.0,
    cases=lambda rng: {"sixty data sets": _waves()[:2]},
    mistakes={},
    hints=(
        "No degree suits all of them: some waves are nearly a line, others turn several times. "
        "What plays the part of the new points?",
        "Fit every degree to two thirds of the points of a set, and let the other third judge.",
        "Better: let each fifth judge once, a polynomial that was fitted to the other four; add up "
        "its squared errors and take the degree with the smallest sum.",
    ),
    numbers={"two thirds": "given", "other four": "given"},
)  # fmt: skip


# noise-fit: predict, then measure


def _noise_fit(X, y):
    return float(np.mean((X @ np.linalg.lstsq(X, y, rcond=None)[0] - y) ** 2))


def _coins(rng, N, D):
    return rng.standard_normal((N, D)), rng.choice([-1.0, 1.0], N)


def _twin(rng, N):
    X, y = _coins(rng, N, 2)
    return np.column_stack([X, X[:, 0]]), y


NOISE_FIT = Exercise(
    name="noise-fit",
    verifies="how small the error inside the sample gets on labels that mean nothing",
    reference=lambda X, y: _noise_fit(X, y),
    returns=("E_in",),
    predicts="your prediction of E_in for 60 features and 80 coin flips",
    cases=lambda rng: {
        "three examples, one feature": (
            np.array([[1.0], [2.0], [2.0]]),
            np.array([1.0, -1.0, 1.0]),
        ),
        "seven examples, three features": _coins(rng, 7, 3),
        "a feature that is there twice": _twin(rng, 8),
        "80 examples, 60 features": _coins(rng, 80, 60),
    },
    mistakes={
        "the squares are summed and not averaged": lambda X, y: len(y) * _noise_fit(X, y),
        "the sum of squares is divided by N - D: a mean over the examples is asked": lambda X, y: (
            len(y) * _noise_fit(X, y) / (len(y) - X.shape[1])
        ),
        "a constant is fitted too: the features come without a column of ones": lambda X, y: (
            _noise_fit(np.column_stack([X, np.ones(len(y))]), y)
        ),
        "the root of the mean is taken": lambda X, y: np.sqrt(_noise_fit(X, y)),
        "nothing is fitted: this is the error of the score 0": lambda X, y: np.mean(y**2),
        "the share of wrong signs is returned, and not the squared error": lambda X, y: np.mean(
            np.sign(X @ np.linalg.lstsq(X, y, rcond=None)[0]) != y
        ),
        "the weights are X^T y / N, which is least squares only for uncorrelated features": (
            lambda X, y: np.mean((X @ (X.T @ y) / len(y) - y) ** 2)
        ),
    },
    hints=(
        "np.linalg.lstsq(X, y, rcond=None)[0] are the weights; then a mean of squares.",
        "For the prediction: with as many features as examples every label can be hit. What is "
        "left with none, and how much does each feature take away?",
        "The errors that no weights can remove fill N - D of N directions.",
    ),
    numbers={
        "None)[0]": "given", "score 0": "given",
    },
)  # fmt: skip


EXERCISES = (
    EMPIRICAL_RISK,
    SOFTMAX_LOSS,
    HINGE,
    KL,
    BEST_CONSTANT,
    PERCEPTRON_BUG,
    NOISE_FIT,
    FOLD,
    THREE_CLASSES,
    CHOOSE_DEGREE,
)
