"""Exercises of chapter 07, losses and their gradients.

Scores ``S`` and probabilities ``P`` have shape (N, C), labels ``y`` (N,).
"""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import losses
from dlcore.activations import sigmoid, softmax
from dlcore.optimizers import Adam

# tanh-loss


def _tanh_loss(a, y):
    return -(1 + y) / 2 * np.log((1 + a) / 2) - (1 - y) / 2 * np.log((1 - a) / 2)


TANH_LOSS = Exercise(
    name="tanh-loss",
    verifies="the loss whose error behind a tanh is a - y",
    reference=_tanh_loss,
    returns=("loss",),
    cases=lambda rng: {
        "no opinion, target 1": (np.array([0.0]), np.array([1.0])),
        "right and wrong": (np.array([0.9, 0.9, -0.5]), np.array([1.0, -1.0, -1.0])),
        "soft targets": (np.array([0.2, -0.7]), np.array([0.0, -0.4])),
        "a seeded batch": (np.tanh(rng.standard_normal((4, 2))), 2 * rng.random((4, 2)) - 1),
    },
    mistakes={
        "the constant is missing: at a = y = 1 the loss has to be 0, not -log 2": lambda a, y: (
            -(1 + y) / 2 * np.log(1 + a) - (1 - y) / 2 * np.log(1 - a)
        ),
        "the sign is flipped: a loss is large where the output is wrong": lambda a, y: (
            -_tanh_loss(a, y)
        ),
        "the halves are missing: A is -(1 + y)/2, and B is (1 - y)/2": lambda a, y: (
            2 * _tanh_loss(a, y)
        ),
        "the targets have changed sides: (1 + y) belongs to 1 + a": lambda a, y: _tanh_loss(a, -y),
        "the quadratic loss is used: its error behind a tanh is (a - y)(1 - a²)": lambda a, y: (
            (a - y) ** 2 / 2
        ),
        "the derivative is returned, and not yet integrated": lambda a, y: (a - y) / (1 - a**2),
        "the mean is taken: asked is the loss of each entry": lambda a, y: np.mean(
            _tanh_loss(a, y)
        ),
    },
    hints=(
        "The slope of tanh is 1 - a², so the demand is dL/da = (a - y)/(1 - a²). Split that "
        "fraction: 1 - a² = (1 + a)(1 - a).",
        "dL/da = -(1 + y)/2 · 1/(1 + a) + (1 - y)/2 · 1/(1 - a). Integrate term by term.",
        "Two logarithms, of 1 + a and of 1 - a, with the factors (1 + y)/2 and (1 - y)/2, a minus "
        "in front. Add log 2, or divide both arguments by 2.",
    ),
)


# softmax-backward


def _softmax_backward(dP, P):
    return P * (dP - np.sum(P * dP, axis=1, keepdims=True))


SOFTMAX_BACKWARD = Exercise(
    name="softmax-backward",
    verifies="the gradient pulled back through softmax, without its Jacobian",
    reference=_softmax_backward,
    returns=("dS",),
    without=frozenset({"diag", "diagflat", "outer"}),
    loops=False,
    cases=lambda rng: {
        "two rows of two classes": (
            np.array([[1.0, 2.0], [-3.0, 0.0]]),
            np.array([[0.5, 0.5], [0.1, 0.9]]),
        ),
        "one row of three": (np.array([[1.0, 0.0, 0.0]]), np.array([[0.5, 0.25, 0.25]])),
        "a sure network": (np.array([[2.0, -1.0, 3.0]]), np.array([[0.98, 0.01, 0.01]])),
        "a seeded batch": (
            rng.standard_normal((5, 4)),
            softmax(rng.standard_normal((5, 4))),
        ),
    },
    mistakes={
        "only the diagonal p(1 - p) is used: each probability depends on every score": (
            lambda dP, P: dP * P * (1 - P)
        ),
        "the second term is missing: pp' has to be subtracted from diag(p)": lambda dP, P: P * dP,
        "the mean over the classes takes the place of the mean weighed by p": lambda dP, P: (
            P * (dP - dP.mean(axis=1, keepdims=True))
        ),
        "the sum runs over the whole batch: each example has its own": lambda dP, P: (
            P * (dP - np.sum(P * dP))
        ),
        "the sum runs over the examples: classes are columns, axis 1": lambda dP, P: (
            P * (dP - np.sum(P * dP, axis=0, keepdims=True))
        ),
        "the factor P in front is missing": lambda dP, P: (
            dP - np.sum(P * dP, axis=1, keepdims=True)
        ),
        "the softmax is taken once more: P holds probabilities already": lambda dP, P: (
            _softmax_backward(dP, softmax(P))
        ),
        "p - y of the cross-entropy is used: here any gradient dP comes in": lambda dP, P: P - dP,
    },
    hints=(
        "For one example: multiply diag(p) - p p' by the gradient g. What is diag(p) g? And "
        "p p' g, if you begin with p' g?",
        "p' g is a single number per example: the mean of dP, weighed by P. Keep its axis, so that "
        "it broadcasts: keepdims=True.",
        "dS = P times (dP minus that number), entry by entry.",
    ),
)


# hinge-gradient


def _hinge_gradient(s, y):
    return losses.svm_hinge(s[np.newaxis], np.array([y]))[1][0]


def _close(s, y, margin=1.0):
    close = s - s[y] + margin > 0
    close[y] = False
    return close


def _minus_their_number(close, y, number=None):
    gradient = close.astype(float)
    gradient[y] = -(close.sum() if number is None else number)
    return gradient


HINGE_GRADIENT = Exercise(
    name="hinge-gradient",
    verifies="who is too close gets 1, and the right class minus their number",
    reference=_hinge_gradient,
    returns=("ds",),
    cases=lambda rng: {
        "four classes, two too close": (np.array([1.0, 1.5, 3.0, -1.0]), 0),
        "one of two is too close": (np.array([0.0, 4.0, 3.5]), 1),
        "one class exactly at the margin": (np.array([2.0, 1.0, 1.5]), 0),
        "the right class comes last": (np.array([1.0, 1.2, 0.0]), 2),
        "ten seeded scores": (rng.standard_normal(10), 4),
    },
    mistakes={
        "the right class counts itself: s_y - s_y + 1 is above zero too": lambda s, y: (
            _minus_their_number(_close(s, y), y, number=_close(s, y).sum() + 1)
        ),
        "the right class gets nothing: it is pulled up by the number of the others": (
            lambda s, y: _minus_their_number(_close(s, y), y, number=0)
        ),
        "the right class gets -1, whatever the number of those too close": lambda s, y: (
            _minus_their_number(_close(s, y), y, number=1)
        ),
        "the sign is flipped: the loss grows with the wrong scores": lambda s, y: (
            -_hinge_gradient(s, y)
        ),
        "the margin is forgotten: only classes ahead of the right one are counted": (
            lambda s, y: _minus_their_number(_close(s, y, margin=0.0), y)
        ),
        "a class exactly at the margin counts: its share of the loss is 0": lambda s, y: (
            _minus_their_number((s - s[y] + 1 >= 0) & (np.arange(len(s)) != y), y)
        ),
        "the missing margins themselves are returned, and not their derivative": lambda s, y: (
            np.where(_close(s, y), s - s[y] + 1, 0.0)
        ),
        "only the worst class is pushed down: this hinge counts every one": lambda s, y: (
            _minus_their_number(_close(s, y) & (s == np.delete(s, y).max()), y)
        ),
    },
    hints=(
        "First who is too close: s - s[y] + 1 > 0 is an array of True and False. Which entry of it "
        "is wrong?",
        "The entry of the right class itself has to be False. The others are their own gradient, "
        "1 or 0.",
        "Set the entry y to 0, and then to minus the sum of all the others.",
    ),
)


# log-sum-exp


def _log_sum_exp(S):
    c = S.max(axis=1, keepdims=True)
    return c[:, 0] + np.log(np.sum(np.exp(S - c), axis=1))


LOG_SUM_EXP = Exercise(
    name="log-sum-exp",
    verifies="log-sum-exp of every row, for any finite score",
    reference=_log_sum_exp,
    returns=("values",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 0.0]]),),
        "three rows": (rng.standard_normal((3, 4)),),
        "scores of a thousand": (np.array([[1000.0, 998.0]]),),
        "scores of minus a thousand": (np.array([[-1000.0, -1001.0]]),),
        "high and low scores in a row": (np.array([[1000.0, -1000.0, 999.0]]),),
        "high and low rows together": (np.array([[1000.0, 998.0], [-1000.0, -1001.0]]),),
    },
    mistakes={
        "the exponential overflows: take out the largest score first": lambda S: np.log(
            np.exp(S).sum(axis=1)
        ),
        "one maximum serves the whole batch: the row of low scores underflows": lambda S: (
            S.max() + np.log(np.exp(S - S.max()).sum(axis=1))
        ),
        "the maximum is not added again": lambda S: _log_sum_exp(S) - S.max(axis=1),
        "the maximum alone is returned": lambda S: S.max(axis=1),
        "the axis is kept: expected is one number per row, (N,)": lambda S: _log_sum_exp(S)[
            :, np.newaxis
        ],
        "the sum runs over the examples: classes are columns, axis 1": lambda S: (
            S.max(axis=0) + np.log(np.exp(S - S.max(axis=0)).sum(axis=0))
        ),
        "the mean takes the place of the sum": lambda S: _log_sum_exp(S) - np.log(S.shape[1]),
        "the log is missing": lambda S: np.exp(S).sum(axis=1),
        "log softmax is returned: asked is only the logarithm of the sum": lambda S: (
            S - _log_sum_exp(S)[:, np.newaxis]
        ),
    },
    hints=(
        "exp overflows above 709. Which number can you take out of the sum of each row?",
        "The largest of the row: c = S.max(axis=1, keepdims=True). Then no exponent is above 0.",
        "c plus the log of the sum of exp(S - c). Mind the shapes: c is (N, 1), the sum (N,).",
    ),
    numbers={"above 709": "exp_ends_64"},
)


# temperature-slope


def _weighed(S, y, beta, p=lambda S, beta: softmax(beta * S)):
    """Return the mean, the variance and the right score of each row."""
    P = p(S, beta)
    mean = np.sum(P * S, axis=1)  # (N,)
    variance = np.sum(P * (S - mean[:, np.newaxis]) ** 2, axis=1)
    return mean, variance, S[np.arange(len(y)), y]


def _beta_slopes(S, y, beta):
    mean, variance, right = _weighed(S, y, beta)
    return np.mean(mean - right), np.mean(variance)


def _wrong_slopes(first=lambda m, v, s, beta: m - s, second=lambda m, v, s, beta: v, **p):
    """Return the two derivatives with one of them wrong, or with other probabilities."""

    def slopes(S, y, beta):
        known = *_weighed(S, y, beta, **p), beta
        return np.mean(first(*known)), np.mean(second(*known))

    return slopes


TEMPERATURE_SLOPE = Exercise(
    name="temperature-slope",
    verifies="both derivatives of the mean cross-entropy by beta",
    reference=_beta_slopes,
    returns=("slope", "curvature"),
    cases=lambda rng: {
        "one example at beta = 1": (np.array([[2.0, 1.0, 0.0]]), np.array([0]), 1.0),
        "one example at beta = 0.5": (np.array([[2.0, 1.0, 0.0]]), np.array([1]), 0.5),
        "a seeded batch": (3 * rng.standard_normal((5, 4)), rng.integers(4, size=5), 0.7),
        "scores of a thousand": (np.array([[1000.0, -1000.0]]), np.array([1]), 2.0),
    },
    mistakes={
        "the sign of the first is flipped: the loss falls where the right score is above": (
            _wrong_slopes(first=lambda m, v, s, beta: s - m)
        ),
        "the first is the derivative by T: by beta there is no T² below it": _wrong_slopes(
            first=lambda m, v, s, beta: (s - m) * beta**2
        ),
        "the second is the mean square of the scores, and the square of their mean is missing": (
            _wrong_slopes(second=lambda m, v, s, beta: v + m**2)
        ),
        "the square root is taken: the second is the variance, not the standard deviation": (
            _wrong_slopes(second=lambda m, v, s, beta: np.sqrt(v))
        ),
        "the second is the variance of beta s: asked is that of s": _wrong_slopes(
            second=lambda m, v, s, beta: beta**2 * v
        ),
        "the second is the mean squared distance from the right score, not from the mean": (
            _wrong_slopes(second=lambda m, v, s, beta: v + (m - s) ** 2)
        ),
        "the probabilities are those at beta = 1": _wrong_slopes(p=lambda S, beta: softmax(S)),
        "the plain mean and variance take the place of those weighed by p": _wrong_slopes(
            p=lambda S, beta: np.ones_like(S) / S.shape[1]
        ),
        "the scores are divided by beta": _wrong_slopes(p=lambda S, beta: softmax(S / beta)),
        "the sums over the examples are not divided by N": lambda S, y, beta: tuple(
            len(y) * part for part in _beta_slopes(S, y, beta)
        ),
        "the largest score takes the place of the right one": lambda S, y, beta: _beta_slopes(
            S, S.argmax(axis=1), beta
        ),
    },
    hints=(
        "The loss of one example is -beta s_y + log Σ exp(beta s_k). What are the two derivatives "
        "of the log-sum-exp, by the theorem of the exponential family?",
        "The mean of the scores, weighed by the probabilities at beta, and their variance. The "
        "term with s_y is a straight line in beta.",
        "mean = np.sum(softmax(beta * S) * S, axis=1) per row; the variance sums the same weights "
        "times the squared distances from that mean.",
    ),
)


# waiting-loss: derive


def _waiting_loss(s, y):
    rate = np.exp(s)
    return np.mean(rate * y - s), (rate * y - 1) / len(s)


def _waiting(value, error, share=len):
    """Return a wrong loss of waiting times."""
    return lambda s, y: (np.mean(value(s, y)), error(s, y) / share(s))


def _times(s, y):
    return np.exp(s) * y - s


WAITING_LOSS = Exercise(
    name="waiting-loss",
    verifies="the loss of an exponential distribution with the link exp, and its gradient",
    reference=_waiting_loss,
    returns=("value", "ds"),
    cases=lambda rng: {
        "one time, a rate of 1": (np.array([0.0]), np.array([3.0])),
        "the mean is met, and missed": (np.log([2.0, 2.0, 0.5]), np.array([0.5, 4.0, 0.1])),
        "long and short": (np.array([-3.0, 2.0]), np.array([40.0, 0.001])),
        "seeded times": (rng.standard_normal(7), rng.exponential(size=7)),
    },
    mistakes={
        "the mean takes the place of the rate: the mean is exp(-s)": _waiting(
            lambda s, y: np.exp(-s) * y + s, lambda s, y: 1 - np.exp(-s) * y
        ),
        "the score is taken for the rate: the link is exp": _waiting(
            lambda s, y: s * y - np.log(np.abs(s) + 1e-300), lambda s, y: y - 1 / (s + 1e-300)
        ),
        "the term -s is missing: it is minus the log of the factor in front": _waiting(
            lambda s, y: np.exp(s) * y, lambda s, y: np.exp(s) * y
        ),
        "the sign is flipped: a loss is minus the log of the density": _waiting(
            lambda s, y: -_times(s, y), lambda s, y: 1 - np.exp(s) * y
        ),
        "the gradient is not divided by N: the loss is a mean": _waiting(
            _times, lambda s, y: np.exp(s) * y - 1, share=lambda s: 1
        ),
        "the gradient is the mean minus the target: this link is not canonical": _waiting(
            _times, lambda s, y: np.exp(-s) - y
        ),
        "the gradient is the rate minus the target, as for counts": _waiting(
            _times, lambda s, y: np.exp(s) - y
        ),
        "it is the loss of counts: the density here is that of a time": _waiting(
            lambda s, y: np.exp(s) - y * s, lambda s, y: np.exp(s) - y
        ),
        "the derivative is taken by the rate, and not by the score": _waiting(
            _times, lambda s, y: y - np.exp(-s)
        ),
    },
    hints=(
        "Minus the logarithm of the density, with exp(s) for the rate: which two terms are there?",
        "The loss of one time is exp(s) y - s. Differentiate by s; the exponential stays.",
        "value = np.mean(np.exp(s) * y - s), and ds = (np.exp(s) * y - 1) / len(s).",
    ),
)


# gaussian-bug: find the bug


def _gaussian(dr=lambda squared: 0.5 - squared / 2, share=len, value=lambda r, u: (r + u) / 2):
    """Return the loss of a normal distribution with its gradients, or a wrong one."""

    def gaussian(mu, r, y):
        squared = (y - mu) ** 2 * np.exp(-r)
        N = share(y)
        return np.mean(value(r, squared)), (mu - y) * np.exp(-r) / N, dr(squared) / N

    return gaussian


GAUSSIAN_BUG = Exercise(
    name="gaussian-bug",
    verifies="the bug is gone: the loss and both gradients are right",
    reference=lambda mu, r, y: _gaussian()(mu, r, y),
    returns=("value", "dmu", "dr"),
    planted=_gaussian(dr=lambda squared: 0.5 - squared),
    cases=lambda rng: {
        "one target, two deviations off": (np.zeros(1), np.zeros(1), np.array([2.0])),
        "a hit and a miss": (np.array([1.0, 1.0]), np.array([-1.0, 2.0]), np.array([1.0, 4.0])),
        "seeded targets": tuple(rng.standard_normal((3, 6))),
    },
    mistakes={
        "the sign of dr is flipped": _gaussian(dr=lambda squared: squared / 2 - 0.5),
        "dr is twice too large: each of its two terms has a half": _gaussian(
            dr=lambda squared: 1 - squared
        ),
        "the first term of dr has lost its factor, which was right": _gaussian(
            dr=lambda squared: 1 - squared / 2
        ),
        "the gradients are sums over the examples: their division by N was right": _gaussian(
            share=lambda y: 1
        ),
        "the loss is changed to fit dr: its second term has a half": _gaussian(
            dr=lambda squared: 0.5 - squared, value=lambda r, u: r / 2 + u
        ),
        "only the second term of dr is left": _gaussian(dr=lambda squared: -squared / 2),
    },
    hints=(
        "Two results are right. numerical_gradient of dlcore.gradcheck tells which is not.",
        "Where does dr vanish, and where should it?",
        "The loss has a half in front of each of its two terms, and differentiation keeps both.",
    ),
)


# plateau-input: predict, then measure


def _first_below(w, b, x, rate, slope=lambda a: 1 - a, move=lambda x: x, count=0, bias=1):
    while w * x + b >= 0:
        a = sigmoid(np.array(w * x + b))
        delta = float(a * a * slope(a))
        w, b, count = w - rate * delta * move(x), b - bias * rate * delta, count + 1
    return count


PLATEAU_INPUT = Exercise(
    name="plateau-input",
    verifies="the first epoch in which the output is below one half",
    reference=lambda w, b, x, rate: _first_below(w, b, x, rate),
    returns=("epoch",),
    predicts="your prediction of the epoch for an input of 3",
    numbers={
        "input of 1": "given",
        "had 2": "given",
        "below 0": "given",
    },
    cases=lambda rng: {
        "input 1": (2.0, 2.0, 1.0, 0.15),
        "a mild start, input 2": (0.5, 0.5, 2.0, 0.3),
        "a negative input": (-1.0, 0.5, -2.0, 0.5),
        "input 3": (1.0, 1.0, 3.0, 0.15),
    },
    mistakes={
        "the slope is left out: this is the cross-entropy": lambda w, b, x, rate: _first_below(
            w, b, x, rate, slope=lambda a: 1.0
        ),
        "the input is left out of the step of w": lambda w, b, x, rate: _first_below(
            w, b, x, rate, move=np.sign
        ),
        "the bias stays as it is: it moves too": lambda w, b, x, rate: _first_below(
            w, b, x, rate, bias=0
        ),
        "the count is one too high: it is the number of steps taken": (
            lambda w, b, x, rate: _first_below(w, b, x, rate, count=1)
        ),
        "the count is one too low: it is the number of steps taken": (
            lambda w, b, x, rate: _first_below(w, b, x, rate, count=-1)
        ),
        "the factor a is missing: the error is a - y times the slope a (1 - a)": (
            lambda w, b, x, rate: _first_below(w, b, x, rate, slope=lambda a: (1 - a) / a)
        ),
        "the error is twice too large: the factor of the cost cancels": lambda w, b, x, rate: (
            _first_below(w, b, x, 2 * rate)
        ),
    },
    hints=(
        "By how much does the score move in one step, if w moves by -rate · delta · x and b by "
        "-rate · delta?",
        "By x² + 1 times rate · delta, where an input of 1 had 2. The wait shrinks in proportion.",
        "Count the steps of: a = sigmoid(w x + b), delta = a · a (1 - a), w and b moved. Stop "
        "where the score is below 0.",
    ),
)


# robust-pull: design


MARGINS = np.linspace(-30, 30, 6001)


def _start_and_stand(pull):
    """Measure a pull: its largest value, epochs of the slow neuron, percent beside far points."""
    pull = np.asarray(pull, dtype=float)

    def pulled(m):
        return np.interp(m, MARGINS, pull)

    z, epochs = 4.0, 0
    while z >= 0 and epochs < 1000:
        z, epochs = z - 2 * 0.15 * float(pulled(-z)), epochs + 1
    rng = np.random.default_rng(12)
    y = np.arange(210) % 2
    X = 0.8 * rng.standard_normal((210, 2)) + np.outer(2 * y - 1, [1.2, 0.0])
    X[200:], y[200:] = [8.0, 4.0] + 0.5 * rng.standard_normal((10, 2)), 0
    X1, t, theta = np.column_stack([X, np.ones(210)]), 2 * y - 1, np.zeros(3)
    optimizer = Adam(lr=0.05)
    state = optimizer.init(theta)
    for _ in range(800):
        gradient = -X1.T @ (t * pulled(t * (X1 @ theta))) / 210
        theta, state = optimizer.update(theta, gradient, state)
    clean = np.arange(2000) % 2
    fresh = 0.8 * rng.standard_normal((2000, 2)) + np.outer(2 * clean - 1, [1.2, 0.0])
    largest = float(np.abs(pull).max())
    return largest, epochs, 100 * float(np.mean((fresh @ theta[:2] + theta[2] > 0) == clean))


ROBUST_PULL = Exercise(
    name="robust-pull",
    verifies="a loss that starts from a bad start and lets go of far wrong points",
    reference=lambda m: sigmoid(-m) * sigmoid(m) ** 0.2,
    returns=("largest pull", "epochs", "percent"),
    view=_start_and_stand,
    goals={
        "largest pull": ("at most", 1),
        "epochs": ("at most", 30),
        "percent": ("at least", 92),
    },
    seconds=30.0,
    cases=lambda rng: {"margins from -30 to 30": (MARGINS,)},
    mistakes={},
    hints=(
        "Write the two known pulls as products of sigmoid(-m) and sigmoid(m). Which factor lets "
        "go, and how fast?",
        "A lower power of that factor fades more slowly. How does the wait grow then, by "
        "the integral of one over the pull?",
        "sigmoid(-m) times a power of sigmoid(m) between 0 and 1.",
    ),
    numbers={"between 0": "given", "and 1": "given"},
)


EXERCISES = [
    TANH_LOSS,
    SOFTMAX_BACKWARD,
    HINGE_GRADIENT,
    LOG_SUM_EXP,
    TEMPERATURE_SLOPE,
    WAITING_LOSS,
    GAUSSIAN_BUG,
    PLATEAU_INPUT,
    ROBUST_PULL,
]
