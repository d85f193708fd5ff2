"""Exercises of chapter 03, logistic regression."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import losses
from dlcore.activations import sigmoid


def _naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


# sigmoid


def _sigmoid_cases(rng):
    return {
        "three numbers": (np.array([-1.0, 0.0, 2.0]),),
        "a matrix": (3 * rng.standard_normal((3, 2)),),
        "large z": (np.array([30.0, 710.0, 1000.0]),),
        "very negative z": (np.array([-1000.0, -710.0, -1.0]),),
        "float32": (np.array([-200.0, -1.0, 0.5, 200.0], dtype=np.float32),),
    }


SIGMOID = Exercise(
    name="sigmoid",
    verifies="a sigmoid that neither overflows nor changes the dtype",
    reference=sigmoid,
    returns=("a",),
    cases=_sigmoid_cases,
    entrywise=True,
    mistakes={
        "the scores are cut off at -30: a score of -700 then gets 1e-13, not 1e-304": lambda z: (
            sigmoid(np.maximum(z, z.dtype.type(-30)))
        ),
        "the sign in the exponent is flipped: exp(z) instead of exp(-z)": lambda z: (
            1 / (1 + np.exp(z))
        ),
        "the brackets are missing: 1 / 1 + exp(-z) is 1 + exp(-z)": lambda z: 1 + np.exp(-z),
        "tanh takes the place of the sigmoid; its range is (-1, 1)": np.tanh,
        "the derivative a (1 - a) is returned instead of a": lambda z: (
            sigmoid(z) * (1 - sigmoid(z))
        ),
        "1 / (1 + exp(-z)) is used for very negative z: exp(1000) overflows": _naive_sigmoid,
        "exp(z) / (1 + exp(z)) is used for large z: inf / inf is nan": lambda z: (
            np.exp(z) / (1 + np.exp(z))
        ),
        "np.where chooses between two formulas: it computes both first, so the one that is thrown "
        "away still overflows": lambda z: np.where(
            z >= 0, _naive_sigmoid(z), np.exp(z) / (1 + np.exp(z))
        ),
    },
    hints=(
        "Find the z for which exp overflows in 1 / (1 + exp(-z)). Which sign does it have?",
        "Multiply numerator and denominator by exp(z). For which sign of z is that form safe?",
        "Both forms can share e = exp(-|z|), which lies between 0 and 1. The denominator is "
        "1 + e in both; np.where chooses the numerator, 1 or e.",
    ),
)


# logistic-cost


def _logistic_cost(w, b, X, y):
    return losses.logistic(X @ w + b, y)[0]


def _probabilities(w, b, X):
    return sigmoid(X @ w + b)


def _naive_losses(w, b, X, y):
    a = _probabilities(w, b, X)
    return -(y * np.log(a) + (1 - y) * np.log(1 - a))


def _clipped_cost(w, b, X, y, smallest):
    a = np.clip(_probabilities(w, b, X), smallest, 1 - smallest)
    return -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))


def _four_examples():
    X = np.array([[1.0, 2.0], [0.0, -1.0], [-2.0, 1.0], [3.0, 0.5]])
    return np.array([0.5, -1.0]), 0.25, X, np.array([1, 0, 0, 1])


def _logistic_cases(rng):
    X = rng.standard_normal((50, 3))
    y = (rng.random(50) < 0.5).astype(int)
    w, b, X4, y4 = _four_examples()
    return {
        "one example": (w, b, X4[:1], y4[:1]),
        "four examples": (w, b, X4, y4),
        "fifty seeded examples": (rng.standard_normal(3), -0.5, X, y),
        "the untrained model": (np.zeros(3), 0.0, X, y),
        "scores near ±1000, two of them on the wrong side": (1000 * w, b, X4, y4),
    }


LOGISTIC_COST = Exercise(
    name="logistic-cost",
    verifies="the mean cross-entropy, finite for every finite score",
    reference=_logistic_cost,
    returns=("cost",),
    cases=_logistic_cases,
    mistakes={
        "the minus in front is missing": lambda w, b, X, y: -_logistic_cost(w, b, X, y),
        "the bias b is left out of the score": lambda w, b, X, y: _logistic_cost(w, 0.0, X, y),
        "the losses are summed, not averaged: divide by N": lambda w, b, X, y: (
            len(y) * _logistic_cost(w, b, X, y)
        ),
        "the sum is divided by 2N: the 1/2 belongs to the squared error": lambda w, b, X, y: (
            _logistic_cost(w, b, X, y) / 2
        ),
        "the sum is divided by the number of features, X.shape[1]; N is X.shape[0]": (
            lambda w, b, X, y: len(y) * _logistic_cost(w, b, X, y) / X.shape[1]
        ),
        "the mean is missing: there is one loss an example": _naive_losses,
        "the logarithm has base 10: the cost takes the natural one, np.log": lambda w, b, X, y: (
            _logistic_cost(w, b, X, y) / np.log(10)
        ),
        "the logarithm has base 2: the cost takes the natural one, np.log": lambda w, b, X, y: (
            _logistic_cost(w, b, X, y) / np.log(2)
        ),
        "the sigmoid is taken twice: a cost of scores applies it itself": lambda w, b, X, y: (
            losses.logistic(_probabilities(w, b, X), y)[0]
        ),
        "the labels are swapped: y belongs to log a, 1 - y to log(1 - a)": lambda w, b, X, y: (
            _logistic_cost(w, b, X, 1 - y)
        ),
        "only the term with y is there: 1 - y needs its log(1 - a)": lambda w, b, X, y: (
            -np.mean(y * np.log(_probabilities(w, b, X)))
        ),
        "the squared error takes the place of the cross-entropy": lambda w, b, X, y: np.mean(
            (_probabilities(w, b, X) - y) ** 2
        ),
        "log(1 + exp(z)) - y z is computed as it stands: exp(1000) overflows": (
            lambda w, b, X, y: np.mean(np.log(1 + np.exp(X @ w + b)) - y * (X @ w + b))
        ),
        "the log is taken of a probability that has rounded to 0 or 1: use the scores": (
            lambda w, b, X, y: np.mean(_naive_losses(w, b, X, y))
        ),
        "probabilities are clipped to 1e-15 before the log: a loss of 2000 becomes 35": (
            lambda w, b, X, y: _clipped_cost(w, b, X, y, 1e-15)
        ),
        "probabilities are clipped to 1e-12 before the log: a loss of 2000 becomes 28": (
            lambda w, b, X, y: _clipped_cost(w, b, X, y, 1e-12)
        ),
        "probabilities are clipped to 1e-7 before the log: a loss of 2000 becomes 16": (
            lambda w, b, X, y: _clipped_cost(w, b, X, y, 1e-7)
        ),
    },
    hints=(
        "Do not compute a and then log a. Write the loss of one example with its score z only.",
        "It is log(1 + exp(z)) - y z. Check that for y = 1 and for y = 0. Where does exp overflow?",
        "log(1 + exp(z)) = max(z, 0) + log(1 + exp(-|z|)), and np.log1p(e) is log(1 + e). "
        "np.logaddexp(0, z) computes the same. Then take the mean.",
    ),
)


# logistic-gradient


def _with_delta(delta):
    """Return a gradient whose error of each example is ``delta(z, y)``, before the 1/N."""

    def gradient(w, b, X, y):
        d = delta(X @ w + b, y) / len(y)
        return X.T @ d, d.sum()

    return gradient


def _with_products(dw, db=np.sum):
    """Return a gradient that pulls the right error back as ``dw(X, d)`` and ``db(d)``."""

    def gradient(w, b, X, y):
        d = (sigmoid(X @ w + b) - y) / len(y)
        return dw(X, d), db(d)

    return gradient


def _logistic_gradient(w, b, X, y):
    _, ds = losses.logistic(X @ w + b, y)
    return X.T @ ds, ds.sum()


def _gradient_cases(rng):
    floats = (
        rng.standard_normal(3),
        np.float32(0.5),
        rng.standard_normal((6, 3)),
        rng.random(6) < 0.5,
    )
    return {**_logistic_cases(rng), "float32": tuple(np.float32(a) for a in floats)}


LOGISTIC_GRADIENT = Exercise(
    name="logistic-gradient",
    verifies="dw and db of the mean cost",
    reference=_logistic_gradient,
    returns=("dw", "db"),
    loops=False,
    cases=_gradient_cases,
    mistakes={
        "the sign is flipped: the error is a - y, not y - a": _with_delta(
            lambda z, y: y - sigmoid(z)
        ),
        "the sigmoid is missing: the error is a - y, not z - y": _with_delta(lambda z, y: z - y),
        "the sigmoid is taken twice": _with_delta(lambda z, y: sigmoid(sigmoid(z)) - y),
        "a factor a (1 - a) is there: with the cross-entropy it cancels": _with_delta(
            lambda z, y: (sigmoid(z) - y) * sigmoid(z) * sigmoid(-z)
        ),
        "1 / (1 + exp(-z)) overflows: dlcore.activations.sigmoid does not": _with_delta(
            lambda z, y: _naive_sigmoid(z) - y
        ),
        "the bias b is left out of the score": lambda w, b, X, y: _logistic_gradient(w, 0.0, X, y),
        "the sum over the examples is not divided by N": _with_delta(
            lambda z, y: (sigmoid(z) - y) * len(y)
        ),
        "the mean is taken twice: 1/N is there once": _with_delta(
            lambda z, y: (sigmoid(z) - y) / len(y)
        ),
        "db is not summed over the examples": _with_products(lambda X, d: X.T @ d, lambda d: d),
        "the mean is taken twice in db": _with_products(lambda X, d: X.T @ d, np.mean),
        "the products x (a - y) are not summed over the examples": _with_products(
            lambda X, d: X * d[:, None]
        ),
        "the products x (a - y) are summed over the features, not the examples": _with_products(
            lambda X, d: (X * d[:, None]).sum(axis=1)
        ),
        "the feature x is missing from dw, which then repeats db": _with_products(
            lambda X, d: np.full(X.shape[1], d.sum())
        ),
    },
    hints=(
        "Go backward from the cost. What is the derivative of one example's loss by its score?",
        "It is a - y, with a = sigmoid(z). Shapes say the rest: X is (N, D), a - y is (N,), and "
        "dw must be (D,).",
        "Divide a - y by N once, and call it delta. dw is X transposed times delta, and db is "
        "the sum of delta.",
    ),
)


# gradient-step


def _gradient_step(theta, grad, lr):
    return theta - lr * grad


GRADIENT_STEP = Exercise(
    name="gradient-step",
    verifies="one step of gradient descent that leaves theta as it was",
    reference=_gradient_step,
    returns=("theta",),
    cases=lambda rng: {
        "three parameters": (np.array([1.0, -2.0, 0.5]), np.array([0.5, 0.0, -4.0]), 0.1),
        "a rate above 1": (rng.standard_normal(5), rng.standard_normal(5), 3.0),
        "a gradient of zero": (np.array([1.0, 2.0]), np.zeros(2), 0.5),
        "float32": (np.ones(3, np.float32), np.arange(3, dtype=np.float32), 0.25),
    },
    mistakes={
        "the step goes uphill: + instead of -": lambda theta, grad, lr: theta + lr * grad,
        "the learning rate is left out": lambda theta, grad, lr: theta - grad,
        "only the step -lr * grad is returned, without theta": lambda theta, grad, lr: -lr * grad,
        "the gradient is divided by the rate": lambda theta, grad, lr: theta - grad / lr,
        "the rate multiplies theta too": lambda theta, grad, lr: lr * (theta - grad),
    },
    hints=(
        "The gradient points to where the cost grows fastest. Which way do you want to go?",
        "theta -= ... changes the caller's array. Return a new array instead.",
        "The new parameters are theta minus the rate times the gradient, entry by entry.",
    ),
)


# labels


def _delta_pm1(z, t):
    return -t * sigmoid(-t * z)


LABELS = Exercise(
    name="labels",
    verifies="the error for labels -1 and 1, which is sigmoid(z) - y for labels 0 and 1",
    reference=_delta_pm1,
    returns=("delta",),
    cases=lambda rng: {
        "both labels at two scores": (
            np.array([2.0, 2.0, -0.5, -0.5]),
            np.array([1, -1, 1, -1]),
        ),
        "seeded scores": (3 * rng.standard_normal(40), 2 * rng.integers(2, size=40) - 1),
        "a column": (rng.standard_normal((3, 1)), np.array([[1], [-1], [1]])),
        "scores of ±1000": (np.array([1000.0, 1000.0, -1000.0, -1000.0]), np.array([1, -1, 1, -1])),
    },
    mistakes={
        "the minus in front is missing": lambda z, t: t * sigmoid(-t * z),
        "the sigmoid is taken of t z: the error must vanish where t z is large": lambda z, t: (
            -t * sigmoid(t * z)
        ),
        "the factor t in front is missing": lambda z, t: -sigmoid(-t * z),
        "the formula for labels 0 and 1 meets labels -1 and 1": lambda z, t: sigmoid(z) - t,
        "the t inside the sigmoid is missing": lambda z, t: -t * sigmoid(-z),
        "the mean is taken: asked is each example's own error": lambda z, t: (
            _delta_pm1(z, t) / len(z)
        ),
        "the loss itself is returned instead of its derivative": lambda z, t: np.logaddexp(
            0, -t * z
        ),
        "1 / (1 + exp(t z)) is used where t z is large: exp overflows": lambda z, t: (
            -t / (1 + np.exp(t * z))
        ),
    },
    hints=(
        "The loss of one example is -log sigmoid(t z). Set u = t z and use the chain rule.",
        "The derivative of -log sigmoid(u) by u is -sigmoid(-u), and du/ds is t.",
        "Multiply the two: minus t times sigmoid(-t z). dlcore.activations.sigmoid does not "
        "overflow.",
    ),
)


# predict


def _predict(w, b, X):
    return (X @ w + b > 0).astype(int)


PREDICT = Exercise(
    name="predict",
    verifies="labels 0 and 1 as integers, split at probability one half",
    reference=_predict,
    returns=("labels",),
    cases=lambda rng: {
        "four examples, probabilities 0.22, 0.78, 0.08 and 0.52": (
            *_four_examples()[:2],
            np.array([[1.0, 2.0], [0.0, -1.0], [-2.0, 1.7], [0.5, 0.4]]),
        ),
        "a score of exactly 0 counts as label 0": (
            np.array([1.0, 1.0]),
            0.0,
            np.array([[1.0, -1.0], [1.0, 1.0]]),
        ),
        "fifty seeded examples": (rng.standard_normal(3), 0.3, rng.standard_normal((50, 3))),
        "scores near ±1000": (np.array([1000.0]), 0.0, np.array([[-1.0], [1.0], [0.5]])),
    },
    mistakes={
        "the probabilities are returned, without a threshold": _probabilities,
        "the scores are returned, without a threshold": lambda w, b, X: X @ w + b,
        "the labels are floats, 0.0 and 1.0: .astype(int) makes integers": lambda w, b, X: np.round(
            _probabilities(w, b, X)
        ),
        "the score is compared with 0.5: the probability is 0.5 where the score is 0": (
            lambda w, b, X: (X @ w + b > 0.5).astype(int)
        ),
        "the probability is compared with 0: it is always larger": lambda w, b, X: (
            _probabilities(w, b, X) > 0
        ).astype(int),
        "the bias b is left out of the score": lambda w, b, X: _predict(w, 0.0, X),
        "the two labels are swapped": lambda w, b, X: 1 - _predict(w, b, X),
        "the labels are -1 and 1 instead of 0 and 1": lambda w, b, X: 2 * _predict(w, b, X) - 1,
        ">= takes the place of >: a score of exactly 0 gets label 0 here": lambda w, b, X: (
            X @ w + b >= 0
        ).astype(int),
        "a comparison is returned as it is: .astype(int) makes True and False 1 and 0": (
            lambda w, b, X: X @ w + b > 0
        ),
    },
    hints=(
        "You need no exp: at which score is the probability one half?",
        "Compare the scores with 0. What type has the result of a comparison?",
        "(X @ w + b > 0) holds True and False; .astype(int) turns them into 1 and 0.",
    ),
)


EXERCISES = [SIGMOID, LOGISTIC_COST, LOGISTIC_GRADIENT, GRADIENT_STEP, LABELS, PREDICT]
