"""Exercises of chapter 11, regularization."""

import numpy as np
from numpy.polynomial.chebyshev import chebvander

from byhand.exercises.checking import Exercise

# early-stopping


def _stop(costs, patience, *, better=lambda cost, best: cost < best, late=0):
    kept = 0
    for epoch, cost in enumerate(costs):
        if better(cost, costs[kept]):
            kept = epoch
        if epoch - kept >= patience + late:
            return epoch, kept
    return len(costs) - 1, kept


def _stop_by_the_one_before(costs, patience):
    better = [0, *(i for i in range(1, len(costs)) if costs[i] < costs[i - 1])]
    for epoch in range(len(costs)):
        kept = max(i for i in better if i <= epoch)
        if epoch - kept >= patience:
            return epoch, kept
    return len(costs) - 1, better[-1]


EARLY_STOPPING = Exercise(
    name="early-stopping",
    verifies="when training stops, and which weights are kept",
    reference=lambda costs, patience: _stop(costs, patience),
    returns=("stopped", "kept"),
    cases=lambda rng: {
        "down and up": ([0.9, 0.5, 0.6, 0.7, 0.8, 0.4], 2),
        "one bad epoch": ([0.9, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7, 0.8], 3),
        "never": ([0.5, 0.4, 0.3], 2),
        "never, and the best is not the last": ([0.5, 0.3, 0.4], 2),
        "the first is the best": ([0.3, 0.5, 0.4, 0.6], 2),
        "better one epoch too late": ([0.9, 0.5, 0.6, 0.7, 0.4], 2),
        "level from the start": ([0.4, 0.4, 0.4, 0.4], 2),
        "level": ([0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4], 3),
        "better than the one before only": ([0.9, 0.5, 0.7, 0.6, 0.8, 0.7, 0.9, 0.8], 2),
    },
    mistakes={
        "it stops one epoch late": lambda costs, patience: _stop(costs, patience, late=1),
        "it looks at all costs first: nobody knows the future": lambda costs, patience: (
            min(int(np.argmin(costs)) + patience, len(costs) - 1),
            int(np.argmin(costs)),
        ),
        "a cost that is only equal counts as better": lambda costs, patience: _stop(
            costs, patience, better=lambda cost, best: cost <= best
        ),
        "each cost is compared with the one before: the best so far counts": (
            _stop_by_the_one_before
        ),
        "the last epoch's weights are kept": lambda costs, patience: (
            (_stop(costs, patience)[0],) * 2
        ),
    },
    hints=(
        "Go through the epochs and remember the best one so far.",
        "Stop as soon as epoch - kept >= patience. After the loop: it never stopped.",
    ),
)


# reg-enough


def _enough(rate_a, rate_b, apart=2.0, *, variance=None, gap=lambda a, b: (a - b) ** 2):
    both = rate_a * (1 - rate_a) + rate_b * (1 - rate_b) if variance is None else variance
    return int(np.ceil(apart**2 * both / gap(rate_a, rate_b) - 1e-9))


REG_ENOUGH = Exercise(
    name="reg-enough",
    verifies="how many test examples it takes to tell two rates apart",
    reference=lambda rate_a, rate_b, apart: _enough(rate_a, rate_b, apart),
    returns=("examples",),
    cases=lambda rng: {
        "two distant rates": (0.9, 0.5, 2.0),
        "81% and 78%": (0.81, 0.78, 2.0),
        "one point apart, the second one better": (0.95, 0.96, 3.0),
        "a perfect model": (1.0, 0.97, 1.0),
    },
    mistakes={
        "one of the two scores is taken to be exact: both test sets are samples": (
            lambda rate_a, rate_b, apart: _enough(
                rate_a, rate_b, apart, variance=rate_a * (1 - rate_a)
            )
        ),
        "the standard deviations are added: variances add up": lambda rate_a, rate_b, apart: (
            _enough(
                rate_a, rate_b, apart,
                variance=(np.sqrt(rate_a * (1 - rate_a)) + np.sqrt(rate_b * (1 - rate_b))) ** 2,
            )
        ),
        "the number of standard deviations is not squared": lambda rate_a, rate_b, apart: _enough(
            rate_a, rate_b, np.sqrt(apart)
        ),
        "the gap is not squared": lambda rate_a, rate_b, apart: _enough(
            rate_a, rate_b, apart, gap=lambda a, b: abs(a - b)
        ),
        "the largest possible variance is taken, that of a rate of one half": (
            lambda rate_a, rate_b, apart: _enough(rate_a, rate_b, apart, variance=0.5)
        ),
        "it is rounded down: the last example is missing": lambda rate_a, rate_b, apart: (
            _enough(rate_a, rate_b, apart) - 1
        ),
    },
    hints=(
        "What is the variance of the difference of two independent scores on N examples each?",
        "The sum of the two variances, divided by N. Its root times apart has to be at most the "
        "gap.",
        "N is apart**2 * (a * (1 - a) + b * (1 - b)) / (a - b)**2, rounded up.",
    ),
)  # fmt: skip


# reg-elastic: derive it


def _elastic(w_hat, lam1, lam2, *, cut=0.5, divide=lambda lam2: 1 + lam2):
    soft = np.sign(w_hat) * np.maximum(np.abs(w_hat) - cut * lam1, 0)
    return soft / divide(lam2)


REG_ELASTIC = Exercise(
    name="reg-elastic",
    verifies="the minimum you derived for both penalties at once",
    reference=lambda w_hat, lam1, lam2: _elastic(w_hat, lam1, lam2),
    returns=("w",),
    cases=lambda rng: {
        "four weights": (np.array([2.0, 0.5, -0.3, -1.0]), 0.8, 0.6),
        "at and around the threshold": (np.array([0.6, -0.6, 0.59, -0.61, 0.0]), 1.2, 2.0),
        "L1 alone": (rng.standard_normal(5), 0.7, 0.0),
        "L2 alone": (rng.standard_normal(5), 0.0, 1.5),
        "a matrix": (rng.standard_normal((3, 4)), 0.9, 0.4),
    },
    mistakes={
        "the threshold is λ1: the square has the derivative 2(w − ŵ), so it is half of it": (
            lambda w_hat, lam1, lam2: _elastic(w_hat, lam1, lam2, cut=1.0)
        ),
        "it is divided first and cut then": lambda w_hat, lam1, lam2: _elastic(
            w_hat / (1 + lam2), lam1, 0.0
        ),
        "the weight is divided by 1 + λ2/2: both squares have the same factor 2": (
            lambda w_hat, lam1, lam2: _elastic(w_hat, lam1, lam2, divide=lambda lam2: 1 + lam2 / 2)
        ),
        "the L2 part is left out": lambda w_hat, lam1, lam2: _elastic(w_hat, lam1, 0.0),
        "the L1 part is left out": lambda w_hat, lam1, lam2: _elastic(w_hat, 0.0, lam2),
        "the maximum with 0 is missing: weights cross zero": lambda w_hat, lam1, lam2: (
            np.sign(w_hat) * (np.abs(w_hat) - lam1 / 2) / (1 + lam2)
        ),
        "the sign is lost": lambda w_hat, lam1, lam2: np.abs(_elastic(w_hat, lam1, lam2)),
        "two minima are added, one for each penalty": lambda w_hat, lam1, lam2: (
            _elastic(w_hat, lam1, 0.0) + w_hat / (1 + lam2)
        ),
        "the result is multiplied by 1 + λ2 to undo the shrinking": lambda w_hat, lam1, lam2: (
            _elastic(w_hat, lam1, lam2, divide=lambda lam2: 1 / (1 + lam2))
        ),
    },
    hints=(
        "The sum is convex. In which of the three cases, w > 0, w < 0 and w = 0, does λ2 matter?",
        "For w > 0 the derivative is 2(w − ŵ) + λ1 + 2 λ2 w. Solve for w, and ask when the "
        "solution is positive.",
        "The soft threshold with λ1/2, divided by 1 + λ2.",
    ),
    numbers={
        "is half of it": "given", "2(w − ŵ), so": "given",
        "factor 2": "given", "by 1 + λ2 to": "given", "In which of the three": "given",
        "2(w − ŵ) + λ1": "given", "+ 2 λ2 w": "given", "by 1 + λ2.": "given",
    },
)  # fmt: skip


# reg-jitter: derive it

REG_JITTER = Exercise(
    name="reg-jitter",
    verifies="the penalty that noise on the inputs is",
    reference=lambda spread, n: 2 * n * spread**2,
    returns=("lam",),
    entrywise=True,
    cases=lambda rng: {
        "noise of size 1, ten examples": (1.0, 10),
        "little noise, many examples": (0.05, 5000),
        "one example": (0.7, 1),
    },
    mistakes={
        "the 2 below the line of the penalty is left out": lambda spread, n: n * spread**2,
        "the number of examples is left out: the penalty is divided by it": lambda spread, n: (
            2 * spread**2
        ),
        "the spread is not squared: what is added is a variance": lambda spread, n: 2 * n * spread,
        "it is divided by the number of examples": lambda spread, n: 2 * spread**2 / n,
        "the 2 is on the wrong side": lambda spread, n: n * spread**2 / 2,
        "the noise is taken twice, for both signs": lambda spread, n: 4 * n * spread**2,
    },
    hints=(
        "For one example: what are the mean and the variance of the prediction w·(x + noise)?",
        "The squared error grows by the variance, spread² times the sum of w². Compare with the "
        "penalty of the cost, λ/(2N) times the same sum.",
        "lam / (2 * n) = spread**2.",
    ),
    numbers={
        "For one example": "given",
    },
)


# reg-gap: derive it


def _gap(share, classes, *, right=lambda e, c: 1 - e + e / c, wrong=lambda e, c: e / c):
    return float(np.log(right(share, classes) / wrong(share, classes)))


REG_GAP = Exercise(
    name="reg-gap",
    verifies="how far smoothed labels let the scores go apart",
    reference=lambda share, classes: _gap(share, classes),
    returns=("gap",),
    entrywise=True,
    cases=lambda rng: {
        "two classes": (0.2, 2),
        "ten classes, a tenth": (0.1, 10),
        "three classes, most of it": (0.9, 3),
        "a thousand classes": (0.1, 1000),
    },
    mistakes={
        "the label's own part of what is spread is left out": lambda share, classes: _gap(
            share, classes, right=lambda e, c: 1 - e
        ),
        "the share is spread over the other classes only": lambda share, classes: _gap(
            share, classes, right=lambda e, c: 1 - e, wrong=lambda e, c: e / (c - 1)
        ),
        "each class gets the whole share": lambda share, classes: _gap(
            share, classes, right=lambda e, c: 1 - e, wrong=lambda e, c: e
        ),
        "the number of classes is left out: that is the answer for two": lambda share, classes: (
            _gap(share, 2)
        ),
        "the logarithm of the label's probability is taken alone": lambda share, classes: float(
            -np.log(1 - share + share / classes)
        ),
        "the ratio is upside down": lambda share, classes: -_gap(share, classes),
        "the logarithm is missing": lambda share, classes: float(np.exp(_gap(share, classes))),
    },
    hints=(
        "The gradient of the loss with respect to the scores is softmax minus target. Where is it "
        "0?",
        "The softmax has to equal the target, and the ratio of two probabilities of a softmax is "
        "the exponential of the difference of their scores.",
        "The label's target is 1 - share + share / classes, that of another class share / classes.",
    ),
    numbers={"answer for two": "given", "1 - share + share": "given", "two probabilities": "given"},
)


# reg-dropout-bug: find the bug


def _dropout_layer(
    X, W, U, keep_prob, dZ, *,
    inverse=lambda p: 1 / p, seen=lambda X, A: A, back=lambda dA, mask, p: dA * mask, kept=np.less,
):  # fmt: skip
    mask = kept(U, keep_prob) * inverse(keep_prob)
    A = X * mask
    return A @ W.T, dZ.T @ seen(X, A), back(dZ @ W, mask, keep_prob)


def _dropout_arguments(rng, N, D_out, D_in, keep_prob):
    shapes = ((N, D_in), (D_out, D_in))
    X, W = (rng.standard_normal(shape) for shape in shapes)
    return X, W, rng.random((N, D_in)), keep_prob, rng.standard_normal((N, D_out))


REG_DROPOUT_BUG = Exercise(
    name="reg-dropout-bug",
    verifies="the bug is gone: forward and backward belong to the same network",
    reference=lambda X, W, U, keep_prob, dZ: _dropout_layer(X, W, U, keep_prob, dZ),
    returns=("Z", "dW", "dX"),
    planted=lambda X, W, U, keep_prob, dZ: _dropout_layer(
        X, W, U, keep_prob, dZ, seen=lambda X, A: X
    ),
    cases=lambda rng: {
        "one example, two inputs": (
            np.array([[1.0, -2.0]]), np.array([[3.0, 0.5]]), np.array([[0.3, 0.9]]), 0.5,
            np.array([[1.0]]),
        ),
        "five examples": _dropout_arguments(rng, 5, 2, 7, 0.6),
        "hardly any dropout": _dropout_arguments(rng, 3, 4, 2, 0.95),
    },
    mistakes={
        "dX is not multiplied by the mask, which was right": lambda X, W, U, keep_prob, dZ: (
            _dropout_layer(X, W, U, keep_prob, dZ, back=lambda dA, mask, p: dA)
        ),
        "dX has lost its 1/keep_prob, which was right": lambda X, W, U, keep_prob, dZ: (
            _dropout_layer(X, W, U, keep_prob, dZ, back=lambda dA, mask, p: dA * (mask > 0))
        ),
        "dW has the zeros of the mask and not its 1/keep_prob": lambda X, W, U, keep_prob, dZ: (
            _dropout_layer(X, W, U, keep_prob, dZ, seen=lambda X, A: X * (A != 0))
        ),
        "the mask is not divided by keep_prob any more, which was right": (
            lambda X, W, U, keep_prob, dZ: _dropout_layer(
                X, W, U, keep_prob, dZ, inverse=lambda p: 1.0
            )
        ),
        "what was kept is dropped": lambda X, W, U, keep_prob, dZ: _dropout_layer(
            X, W, U, keep_prob, dZ, kept=np.greater_equal
        ),
        "dW is multiplied by the mask twice": lambda X, W, U, keep_prob, dZ: _dropout_layer(
            X, W, U, keep_prob, dZ, seen=lambda X, A: A * (U < keep_prob) / keep_prob
        ),
    },
    hints=(
        "Check the three results against differences, with U held fixed. Which one is wrong?",
        "The weights of a layer are multiplied by what the layer read. What did it read?",
        "dW is dZ.T @ A, with the A of the forward pass.",
    ),
    numbers={"1/keep_prob, which": "given", "three results": "given",
             "Which one is": "given"},
)  # fmt: skip


# reg-luck: predict, then measure


def _luck(X, t, *, most=lambda share: np.max(share), both=True):
    agree = np.mean(X == t[:, np.newaxis], axis=0)
    return float(most(np.maximum(agree, 1 - agree) if both else agree))


def _tosses(rng, examples, features):
    return rng.choice([-1, 1], (examples, features)), rng.permutation(
        np.repeat([-1, 1], examples // 2)
    )


REG_LUCK = Exercise(
    name="reg-luck",
    verifies="how well the luckiest of many features seems to do",
    reference=lambda X, t: _luck(X, t),
    returns=("share",),
    predicts="your prediction for the best of 1,000 features on 50 examples",
    cases=lambda rng: {
        "two features, four examples": (
            np.array([[1, 1], [-1, 1], [1, 1], [-1, -1]]), np.array([1, -1, 1, 1])
        ),
        "a feature that is always wrong": (
            np.array([[-1, 1], [1, 1], [-1, 1], [1, -1], [-1, 1], [1, 1]]),
            np.array([1, -1, 1, -1, 1, -1]),
        ),
        "ten features, thirty examples": _tosses(rng, 30, 10),
        "1,000 features, 50 examples": _tosses(np.random.default_rng(5), 50, 1000),
    },
    mistakes={
        "a feature that disagrees is not turned around": lambda X, t: _luck(X, t, both=False),
        "the mean over the features is taken: asked is the best": lambda X, t: _luck(
            X, t, most=np.mean
        ),
        "the worst feature is taken": lambda X, t: _luck(X, t, most=np.min),
        "the correlation is returned, from 0 to 1: the share of agreement goes from one half": (
            lambda X, t: 2 * _luck(X, t) - 1
        ),
        "the examples are counted, and not divided by their number: asked is a share": (
            lambda X, t: len(t) * _luck(X, t)
        ),
    },
    hints=(
        "One feature agrees with the labels on a share of the examples whose standard deviation "
        "follows from the formula of a score. How many standard deviations from one half is the "
        "most extreme of 1,000?",
        "np.mean(X == t[:, np.newaxis], axis=0) is the share of each feature. One that is always "
        "wrong is as good as one that is always right.",
        "The largest of max(share, 1 - share).",
    ),
    numbers={
        "to 1: the share": "given", "One feature": "given", "of 1,000?": "given",
        "One that is": "given", "as one that": "given", "1 - share": "given",
            },
)  # fmt: skip


# reg-design: design


def _ridge_error(strengths):
    """Return the mean squared error on new values of the curve, over 400 training sets."""
    strengths = np.asarray(strengths, dtype=float)
    if strengths.shape != (13,) or not np.all(strengths >= 0):
        return np.inf
    x = np.linspace(-1, 1, 15)
    V, curve = chebvander(x, 12), np.sin(4 * x)
    noise = np.random.default_rng(3).standard_normal((400, 15))
    labels = curve + 0.4 * noise
    w = np.linalg.lstsq(V.T @ V + np.diag(strengths) / 2, V.T @ labels.T)[0]
    return float(np.mean((V @ w - curve[:, np.newaxis]) ** 2))


REG_DESIGN = Exercise(
    name="reg-design",
    verifies="a penalty that knows something about the curve",
    reference=lambda degrees: np.where(degrees % 2 == 1, 0.003 * degrees**4.0, 1e6),
    returns=("strengths",),
    view=_ridge_error,
    goals={"mean squared error": ("at most", 0.045)},
    cases=lambda rng: {"degrees 0 to 12": (np.arange(13),)},
    mistakes={},
    hints=(
        "Which of the polynomials can an odd curve not contain? What should their weights cost?",
        "All even degrees can be made as expensive as you like. Of the odd ones a smooth curve "
        "needs the low degrees most.",
        "A large constant for even degrees, and for the odd ones a small number times a power of "
        "the degree, such as the third or the fourth.",
    ),
)


EXERCISES = [
    EARLY_STOPPING,
    REG_ENOUGH,
    REG_ELASTIC,
    REG_JITTER,
    REG_GAP,
    REG_DROPOUT_BUG,
    REG_LUCK,
    REG_DESIGN,
]
