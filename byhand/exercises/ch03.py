"""Exercises of chapter 03, logistic regression."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import datasets, losses
from dlcore.activations import sigmoid, softmax


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
    numbers={
        "at -30": "given",
        "score of -700": "given",
        "gets 1e-13": "given",
        "not 1e-304": "given",
    },
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
        "the mean is missing: there is one loss per example": _naive_losses,
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
    numbers={
        "base 10": "given",
        "clipped to 1e-15": "given",
        "clipped to 1e-12": "given",
        "clipped to 1e-7": "given",
        "becomes 35": "given",
        "of 2000": "given",
        "becomes 28": "given",
        "becomes 16": "given",
    },
)


# logistic-gradient: of a weighted mean


def _weighted(delta=lambda z, y: sigmoid(z) - y, share=lambda c, X: c / c.sum(), end=None):
    """Return the gradient of a weighted mean cost, or a wrong one."""

    def gradient(w, b, X, y, c):
        d = share(c, X) * delta(X @ w + b, y)
        return (X.T @ d, d.sum()) if end is None else end(X, d, c)

    return gradient


def _gradient_cases(rng):
    w, b, X, y = _four_examples()
    many = rng.standard_normal((50, 3))
    floats = (rng.standard_normal(3), 0.5, rng.standard_normal((6, 3)), rng.random(6) < 0.5)
    return {
        "one example": (w, b, X[:1], y[:1], np.array([3.0])),
        "two examples, one of them counted three times": (
            w, b, X[[0, 2]], np.array([0, 1]), np.array([3.0, 1.0]),
        ),
        "four examples, one of them not counted": (w, b, X, y, np.array([2.0, 0.0, 1.0, 0.5])),
        "fifty seeded examples": (
            rng.standard_normal(3), -0.5, many, rng.integers(2, size=50), rng.random(50),
        ),
        "scores near ±1000, two of them on the wrong side": (
            1000 * w, b, X, y, np.array([1.0, 2.0, 3.0, 4.0]),
        ),
        "float32": tuple(np.float32(a) for a in (*floats, 1 + rng.random(6))),
    }  # fmt: skip


LOGISTIC_GRADIENT = Exercise(
    name="logistic-gradient",
    verifies="dw and db of the weighted mean cost",
    reference=lambda w, b, X, y, c: _weighted()(w, b, X, y, c),
    returns=("dw", "db"),
    loops=False,
    cases=_gradient_cases,
    mistakes={
        "the sign is flipped: the error is a - y, not y - a": _weighted(
            lambda z, y: y - sigmoid(z)
        ),
        "the sigmoid is missing: the error is a - y, not z - y": _weighted(lambda z, y: z - y),
        "the sigmoid is taken twice": _weighted(lambda z, y: sigmoid(sigmoid(z)) - y),
        "a factor a (1 - a) is there: with the cross-entropy it cancels": _weighted(
            lambda z, y: (sigmoid(z) - y) * sigmoid(z) * sigmoid(-z)
        ),
        "1 / (1 + exp(-z)) overflows: dlcore.activations.sigmoid does not": _weighted(
            lambda z, y: _naive_sigmoid(z) - y
        ),
        "the bias b is left out of the score": lambda w, b, X, y, c: _weighted()(w, 0.0, X, y, c),
        "the sum is divided by N: a weighted mean divides by the sum of the weights": _weighted(
            share=lambda c, X: c / X.dtype.type(len(X))
        ),
        "the sum is divided by nothing: the mean divides by the sum of the weights": _weighted(
            share=lambda c, X: c
        ),
        "the weights c are left out: every example counts once": _weighted(
            share=lambda c, X: np.ones_like(c) / X.dtype.type(len(X))
        ),
        "the weights are squared: each stands there twice": _weighted(
            share=lambda c, X: c**2 / c.sum()
        ),
        "the weights are missing from db": _weighted(
            end=lambda X, d, c: (X.T @ d, np.sum(d[c > 0] / c[c > 0]) * c.sum() / len(c))
        ),
        "db is not summed over the examples": _weighted(end=lambda X, d, c: (X.T @ d, d)),
        "the products x (a - y) are not summed over the examples": _weighted(
            end=lambda X, d, c: (X * d[:, None], d.sum())
        ),
        "the products x (a - y) are summed over the features, not the examples": _weighted(
            end=lambda X, d, c: ((X * d[:, None]).sum(axis=1), d.sum())
        ),
        "the feature x is missing from dw, which then repeats db": _weighted(
            end=lambda X, d, c: (np.full(X.shape[1], d.sum()), d.sum())
        ),
    },
    hints=(
        "Differentiate the printed fraction: its denominator does not depend on w and b.",
        "Each example's error a - y gets the factor c / sum(c), which takes the place of 1 / N.",
        "delta is c * (a - y) / c.sum(), of shape (N,). dw is X transposed times delta, and db is "
        "the sum of delta.",
    ),
)


# gradient-step: no longer than 1


def _gradient_step(theta, grad, lr):
    length = lr * np.linalg.norm(grad)
    return theta - lr * grad / np.maximum(length, 1)


def _step(shorten):
    """Return a step that is lr * grad, shortened by ``shorten(step, grad, lr)``."""
    return lambda theta, grad, lr: theta - shorten(lr * grad, grad, lr)


GRADIENT_STEP = Exercise(
    name="gradient-step",
    verifies="a step of gradient descent that is never longer than 1",
    reference=_gradient_step,
    returns=("theta",),
    cases=lambda rng: {
        "a short step": (np.array([1.0, -2.0]), np.array([0.3, -0.4]), 0.5),
        "a gradient of length 5 at rate 1": (np.array([1.0, -2.0]), np.array([3.0, -4.0]), 1.0),
        "a gradient of length 5 at rate 0.1: the step is short": (
            np.array([0.5, 2.0, 0.0]),
            np.array([0.0, 3.0, -4.0]),
            0.1,
        ),
        "a gradient of length ½ at rate 8: the step is too long": (
            np.array([1.0, 0.0]),
            np.array([0.3, -0.4]),
            8.0,
        ),
        "a gradient of zero": (np.array([1.0, 2.0]), np.zeros(2), 0.5),
        "five seeded parameters": (rng.standard_normal(5), 4 * rng.standard_normal(5), 3.0),
    },
    mistakes={
        "the step goes uphill: + instead of -": lambda theta, grad, lr: (
            2 * theta - _gradient_step(theta, grad, lr)
        ),
        "the step is not shortened": lambda theta, grad, lr: theta - lr * grad,
        "every step gets the length 1, the short ones too": _step(
            lambda step, grad, lr: step / (np.linalg.norm(step) or 1.0)
        ),
        "a gradient of zero is divided by its length 0": _step(
            lambda step, grad, lr: step * np.minimum(1, 1 / np.linalg.norm(step))
        ),
        "the length of the gradient is looked at: the step is lr times as long": _step(
            lambda step, grad, lr: step / max(np.linalg.norm(grad), 1.0)
        ),
        "every entry is cut off at 1, which bends the step to another direction": _step(
            lambda step, grad, lr: np.clip(step, -1, 1)
        ),
        "the largest entry takes the place of the length": _step(
            lambda step, grad, lr: step / max(np.abs(step).max(), 1.0)
        ),
        "the square of the length is divided by: its root is missing": _step(
            lambda step, grad, lr: step / max(step @ step, 1.0)
        ),
        "only the step is returned, without theta": lambda theta, grad, lr: _gradient_step(
            0 * theta, grad, lr
        ),
    },
    hints=(
        "How long is the step lr * grad? np.linalg.norm gives the length of a vector.",
        "A step longer than 1 is divided by its length; any other is left as it is.",
        "Divide lr * grad by the larger of its length and 1, which needs no case for a zero "
        "gradient, and subtract the result from theta.",
    ),
    numbers={"longer than 1 is": "given", "length and 1,": "given", "the length 1,": "given"},
)


# labels: the curvature


def _curvature(z, t):
    return sigmoid(z) * sigmoid(-z)


LABELS = Exercise(
    name="labels",
    verifies="the curvature of one example's loss, the same for both labels",
    reference=lambda z, t: _curvature(z, t),
    returns=("curvature",),
    entrywise=True,
    cases=lambda rng: {
        "both labels at two scores": (
            np.array([2.0, 2.0, -0.5, -0.5]),
            np.array([1, -1, 1, -1]),
        ),
        "seeded scores": (3 * rng.standard_normal(40), 2 * rng.integers(2, size=40) - 1),
        "a column": (rng.standard_normal((3, 1)), np.array([[1], [-1], [1]])),
        "scores of ±50 and ±1000": (
            np.array([50.0, -50.0, 1000.0, 1000.0, -1000.0, -1000.0]),
            np.array([1, 1, 1, -1, 1, -1]),
        ),
    },
    mistakes={
        "the slope is returned, the first derivative": lambda z, t: -t * sigmoid(-t * z),
        "the sign is flipped: the loss is bent upward, its curvature is not negative": (
            lambda z, t: -_curvature(z, t)
        ),
        "a factor t is left over: t is there twice, and its square is 1": lambda z, t: (
            t * _curvature(z, t)
        ),
        "the sigmoid is squared: its derivative is a (1 - a)": lambda z, t: sigmoid(-t * z) ** 2,
        "the sigmoid's own second derivative is taken": lambda z, t: (
            _curvature(z, t) * (1 - 2 * sigmoid(z))
        ),
        "1 - a is computed from an a that has rounded to 1: use sigmoid(-z)": lambda z, t: (
            sigmoid(z) * (1 - sigmoid(z))
        ),
        "the mean is taken: asked is each example's own curvature": lambda z, t: (
            _curvature(z, t) / len(z)
        ),
        "exp(z) is computed where z is large: it overflows": lambda z, t: (
            np.exp(z) / (1 + np.exp(z)) ** 2
        ),
    },
    hints=(
        "Differentiate the slope -t sigmoid(-t z) once more. The chain rule brings another -t.",
        "The derivative of sigmoid(u) by u is sigmoid(u) sigmoid(-u), and t squared is 1.",
        "It is sigmoid(t z) sigmoid(-t z). What changes when t changes its sign?",
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
    numbers={
        "floats, 0.0": "given",
        "and 1.0:": "given",
        "compared with 0.5": "given",
        "probability is 0.5": "given",
    },
)


# softmax-rate: prove


def _with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


def _softmax_rate(X, share=lambda N: 2 * N, ones=_with_ones, pick=-1, over=2.0):
    X1 = ones(X)
    return over / float(np.linalg.eigvalsh(X1.T @ X1 / share(len(X)))[pick])


SOFTMAX_RATE = Exercise(
    name="softmax-rate",
    verifies="a rate below which the cost of softmax regression falls at every step",
    reference=lambda X: _softmax_rate(X),
    returns=("rate",),
    cases=lambda rng: {
        "one example of one pixel": (np.array([[2.0]]),),
        "three examples of two pixels": (np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 2.0]]),),
        "two examples of four pixels": (rng.random((2, 4)),),
        "thirty examples of five pixels": (rng.random((30, 5)),),
    },
    mistakes={
        "the bound ¼ of a single neuron is taken: softmax has ½": lambda X: _softmax_rate(
            X, share=lambda N: 4 * N
        ),
        "the column of ones is missing: the bias is a parameter, too": lambda X: _softmax_rate(
            X, ones=lambda X: X
        ),
        "the 1/N of the cost is missing": lambda X: _softmax_rate(X, share=lambda N: 2),
        "the curvature itself is returned: the rate is two divided by it": lambda X: (
            2 / _softmax_rate(X)
        ),
        "half the limit is returned: it is two divided by the curvature, and the bound has its ½": (
            lambda X: _softmax_rate(X, over=1.0)
        ),
        "the sum of the eigenvalues takes the place of the largest": lambda X: (
            4 * len(X) / np.sum(_with_ones(X) ** 2)
        ),
        "a singular value is taken without its square": lambda X: (
            4 * len(X) / np.linalg.norm(_with_ones(X), 2)
        ),
    },
    hints=(
        "For the proof: a variance does not grow when its mean is replaced by another number c. "
        "Choose c halfway between the largest and the smallest entry of v.",
        "The variance is at most the square of half the spread, and the squared spread is at "
        "most twice the squared length of v.",
        "The curvature is at most the largest eigenvalue of X1.T @ X1 / (2 * N), where X1 is X "
        "with a column of ones; np.linalg.eigvalsh lists the eigenvalues.",
    ),
    numbers={"half the spread": "given", "twice the squared": "given", "half the limit": "given"},
)


# softmax-bug: find the bug


def _softmax_gradient(Z, y, remove=None, share=len, axis=1):
    P = np.exp(Z - Z.max(axis=axis, keepdims=True))
    P = P / P.sum(axis=axis, keepdims=True)
    if remove is None:
        P[np.arange(len(y)), y] -= 1
    else:
        remove(P, y)
    return P / share(Z)


def _remove_everywhere(P, y):
    P[:, y] -= 1


def _remove_all_of_each(P, y):
    for label in y:
        P[:, label] -= 1


def _remove_from_transposed(P, y):
    for n, label in enumerate(y):
        if label < len(P) and n < P.shape[1]:
            P[label, n] -= 1


SOFTMAX_BUG = Exercise(
    name="softmax-bug",
    verifies="the bug is gone: one probability per example loses its 1",
    reference=lambda Z, y: _softmax_gradient(Z, y),
    returns=("dZ",),
    planted=lambda Z, y: _softmax_gradient(Z, y, _remove_everywhere),
    cases=lambda rng: {
        "one example": (np.array([[0.5, 1.0, -0.5]]), np.array([0])),
        "two examples of three classes": (
            np.array([[0.5, 1.0, -0.5], [2.0, 0.0, 1.0]]),
            np.array([0, 2]),
        ),
        "three examples, two of one class": (rng.standard_normal((3, 3)), np.array([1, 1, 2])),
        "eight examples of five classes": (
            3 * rng.standard_normal((8, 5)),
            rng.integers(5, size=8),
        ),
        "scores of ±1000": (
            np.array([[1000.0, 0.0, -1000.0], [0.0, -1000.0, 5.0]]),
            np.array([2, 0]),
        ),
    },
    mistakes={
        "the 1 is subtracted once for each example of a class, and in every row": lambda Z, y: (
            _softmax_gradient(Z, y, _remove_all_of_each)
        ),
        "nothing is subtracted: these are the probabilities": lambda Z, y: _softmax_gradient(
            Z, y, lambda P, y: None
        ),
        "rows and columns are swapped where the 1 is subtracted": lambda Z, y: _softmax_gradient(
            Z, y, _remove_from_transposed
        ),
        "the 1/N is left out, which was right": lambda Z, y: _softmax_gradient(
            Z, y, share=lambda Z: 1
        ),
        "each class is divided by its sum over the examples, not each example by its sum": (
            lambda Z, y: _softmax_gradient(Z, y, axis=0)
        ),
        "the sign is flipped: it is P - Y, not Y - P": lambda Z, y: -_softmax_gradient(Z, y),
    },
    hints=(
        "Every row of dZ should add up to 0: the probabilities add up to 1, and so does a row "
        "of Y. Print dZ.sum(axis=1) for a batch of two.",
        "Print what P[:, y] selects. How many numbers should lose a 1 in each row?",
        "Row n loses it in column y[n] only: pair each row number with its label, with "
        "P[np.arange(len(y)), y].",
    ),
)


# one-step: predict, then measure


def _one_step(X, y, X_test, y_test, signs=1.0, bias=True):
    D = (0.1 - np.eye(10)[y]) / len(X)
    Z = -signs * (X_test @ (D.T @ X).T + bias * D.sum(axis=0))
    return float(np.mean(np.argmax(Z, axis=1) == y_test))


def _digit_rows():
    images, labels = datasets.digits()
    return images.reshape(len(images), 64) / 16, labels


def _one_step_cases(rng):
    X, y = _digit_rows()
    order = rng.permutation(len(X))
    X, y = X[order] + 1e-3 * rng.random(X.shape), y[order]  # without it two scores may be equal
    return {
        "forty training images": (X[:40], y[:40], X[1200:1300], y[1200:1300]),
        "three hundred training images": (X[:300], y[:300], X[1000:], y[1000:]),
        "1,200 training images, 597 test images": (X[:1200], y[:1200], X[1200:], y[1200:]),
    }


ONE_STEP = Exercise(
    name="one-step",
    verifies="how much is read after a single step from zero",
    reference=lambda X, y, X_test, y_test: _one_step(X, y, X_test, y_test),
    returns=("share",),
    predicts="your prediction of the share of test images that are right after one step",
    cases=_one_step_cases,
    mistakes={
        "the step goes uphill: + instead of -": lambda *a: _one_step(*a, signs=-1.0),
        "the bias is left out": lambda *a: _one_step(*a, bias=False),
        "the step is measured on the training images": lambda X, y, X_test, y_test: _one_step(
            X, y, X, y
        ),
        "the percentage is returned: asked is the share, from 0 to 1": lambda *a: (
            100 * _one_step(*a)
        ),
        "the share of wrong answers is returned": lambda *a: 1 - _one_step(*a),
        "no step is taken: with all scores 0, argmax says 0 for each image": (
            lambda X, y, X_test, y_test: float(np.mean(y_test == 0))
        ),
    },
    hints=(
        "At zero all scores are equal, so every probability is one tenth, for every image.",
        "dW is (P - Y).T @ X / N and db the sum of (P - Y) / N over the examples. W is -lr * dW, "
        "and any lr > 0 gives the same answers. Why?",
        "Score the test images with W and b, take the argmax of each row, and compare it with "
        "y_test; the share is the mean of that.",
    ),
    numbers={"one tenth": "given"},
)


# shifted-reader: design


def _shifted(X, dy, dx):
    pictures = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return pictures[:, 1 - dy : 9 - dy, 1 - dx : 9 - dx].reshape(-1, 64)


MOVES = [(-1, 0), (1, 0), (0, -1), (0, 1)]


def _train_with_shifts(X, y, rate=0.3, steps=300):
    X = np.concatenate([X, *[_shifted(X, *move) for move in MOVES]])
    Y = np.eye(10)[np.tile(y, 5)]
    W, b = np.zeros((10, 64)), np.zeros(10)
    for _ in range(steps):
        D = (softmax(X @ W.T + b) - Y) / len(X)
        W, b = W - rate * D.T @ X, b - rate * D.sum(axis=0)
    return W, b


def _both_shares(answer):
    """Measure a design: the percentage read of centered test images, and of shifted ones."""
    W, b = answer
    X, y = _digit_rows()
    shown = [X[1200:], np.concatenate([_shifted(X[1200:], *move) for move in MOVES])]
    right = [np.argmax(Z @ W.T + b, axis=1) == np.resize(y[1200:], len(Z)) for Z in shown]
    return tuple(100 * float(np.mean(hits)) for hits in right)


SHIFTED_READER = Exercise(
    name="shifted-reader",
    verifies="ten rows of weights that also read what lies one pixel off",
    reference=lambda X, y: _train_with_shifts(X, y),
    returns=("W", "b"),
    view=_both_shares,
    goals={"percent in place": ("at least", 75), "percent one pixel off": ("at least", 55)},
    seconds=60.0,
    cases=lambda rng: {"the digits": tuple(array[:1200] for array in _digit_rows())},
    mistakes={},
    hints=(
        "The weights cannot know of shifts that no training image shows.",
        "Make the shifted images: pad with a frame of zeros, and cut out 8 by 8 pixels one row "
        "or one column further. Their labels are those of the originals.",
        "np.concatenate the originals and their four shifted copies, np.tile the labels, and "
        "train as in the chapter.",
    ),
    numbers={"cut out 8 by": "given", "by 8 pixels": "given"},
)


EXERCISES = [
    SIGMOID,
    LOGISTIC_COST,
    LOGISTIC_GRADIENT,
    GRADIENT_STEP,
    LABELS,
    PREDICT,
    SOFTMAX_RATE,
    SOFTMAX_BUG,
    ONE_STEP,
    SHIFTED_READER,
]
