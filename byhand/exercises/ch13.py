"""Exercises of chapter 13, hyperparameters."""

import numpy as np

from byhand.exercises.checking import Exercise

# log-mean: derive


LOG_MEAN = Exercise(
    name="log-mean",
    verifies="the mean of a draw on the logarithmic scale",
    reference=lambda low, high: (high - low) / np.log(high / low),
    returns=("mean",),
    entrywise=True,
    cases=lambda rng: {
        "from 2 to 8": (2.0, 8.0),
        "four decades": (1e-4, 1.0),
        "from 0.05 to 3": (0.05, 3.0),
    },
    mistakes={
        "the geometric middle is taken: it is the median, with as many draws below it as above": (
            lambda low, high: np.sqrt(low * high)
        ),
        "the middle of the plain scale is taken: that is the mean of a uniform draw": (
            lambda low, high: (low + high) / 2
        ),
        "the logarithm is to base ten: the density has the natural one": lambda low, high: (
            (high - low) / np.log10(high / low)
        ),
        "the density is not divided by its integral": lambda low, high: high - low,
        "the density is integrated without the factor α": lambda low, high: 1 / np.log(high / low),
        "the mean of the square is taken": lambda low, high: (
            (high**2 - low**2) / (2 * np.log(high / low))
        ),
        "low is left out of the difference": lambda low, high: high / np.log(high / low),
        "the fraction is upside down": lambda low, high: np.log(high / low) / (high - low),
    },
    hints=(
        "A mean is the integral of α times its density. What does the density leave of α?",
        "α p(α) is the constant 1 / log(high / low), so the integral is a length times it.",
        "(high - low) / log(high / low), with the natural logarithm.",
    ),
)


# enough-trials: two good ones


def _missed_twice(q, n):
    """Return the probability that fewer than two of n trials are good."""
    return (1 - q) ** n + n * q * (1 - q) ** (n - 1)


def _enough(q, p, missed=_missed_twice, first=2):
    n = np.arange(first, 100_000)
    return int(n[np.argmax(missed(q, n) <= 1 - p)])


ENOUGH_TRIALS = Exercise(
    name="enough-trials",
    verifies="how many random trials are enough for two good ones",
    reference=lambda q, p: _enough(q, p),
    returns=("n",),
    cases=lambda rng: {
        "nine tenths with 50%": (0.9, 0.5),
        "the best half with 50%": (0.5, 0.5),
        "the best 5% with 95%": (0.05, 0.95),
        "the best fifth with 90%": (0.2, 0.9),
        "the best 1% with 99%": (0.01, 0.99),
    },
    mistakes={
        "one good trial is enough: asked are two": lambda q, p: _enough(
            q, p, lambda q, n: (1 - q) ** n, first=1
        ),
        "the number for one good trial is doubled: both may lie among the first of the trials": (
            lambda q, p: 2 * _enough(q, p, lambda q, n: (1 - q) ** n, first=1)
        ),
        "the last trial is missing": lambda q, p: _enough(q, p) - 1,
        "the probability must be exceeded: at least p is enough": lambda q, p: _enough(
            q, p, lambda q, n: _missed_twice(q, n) + 1e-12
        ),
        "one trial is added": lambda q, p: _enough(q, p) + 1,
        "exactly one good trial has one place only: it may be any of the n": lambda q, p: _enough(
            q, p, lambda q, n: (1 - q) ** n + q * (1 - q) ** (n - 1)
        ),
        "with exactly one good trial all n are taken to miss: n - 1 do": lambda q, p: _enough(
            q, p, lambda q, n: (1 + n * q) * (1 - q) ** n
        ),
        "three good trials are asked for": lambda q, p: _enough(
            q, p, lambda q, n: _missed_twice(q, n) + n * (n - 1) / 2 * q**2 * (1 - q) ** (n - 2)
        ),
        "n good ones on average are counted, n q >= 2: that says nothing of p": lambda q, p: int(
            np.ceil(2 / q)
        ),
    },
    hints=(
        "In which two ways can n trials fail to hold two good ones?",
        "None is good, or exactly one is, and that may be any of the n. Add both probabilities.",
        "The first n with (1 - q)**n + n * q * (1 - q)**(n - 1) <= 1 - p; try one after the other.",
    ),
)


# steepest-rate


def _steepest(
    rates, costs, *, scale=np.log, pick=np.argmin, place=lambda a, b: np.sqrt(a * b), divide=True
):
    slopes = np.diff(costs) / (np.diff(scale(rates)) if divide else 1.0)
    k = int(pick(slopes))
    return float(place(rates[k], rates[k + 1]))


def _ramp(rng, T):
    rates = 10 ** np.cumsum(rng.uniform(0.1, 0.9, T) - 0.5 / T) * 1e-6
    return rates, 2.0 + np.cumsum(rng.uniform(-1, 0.4, T))


STEEPEST_RATE = Exercise(
    name="steepest-rate",
    verifies="the rate at which the cost falls most steeply on a logarithmic axis",
    reference=lambda rates, costs: _steepest(rates, costs),
    returns=("rate",),
    entrywise=True,
    cases=lambda rng: {
        "five rates, not evenly spaced": (
            np.array([1e-5, 1e-4, 1e-3, 1e-1, 1.0]), np.array([2.0, 1.9, 1.4, 0.7, 3.0])
        ),
        "three rates": (np.array([0.01, 0.02, 0.08]), np.array([1.0, 0.9, 0.75])),
        "twelve random costs": _ramp(rng, 12),
        "thirty": _ramp(rng, 30),
    },
    mistakes={
        "the slope is taken against the rate: the axis is logarithmic": lambda rates, costs: (
            _steepest(rates, costs, scale=lambda a: a)
        ),
        "the steepest rise is taken: asked is the fall": lambda rates, costs: _steepest(
            rates, costs, pick=np.argmax
        ),
        "the largest slope is taken whatever its sign": lambda rates, costs: _steepest(
            rates, costs, pick=lambda s: np.argmax(np.abs(s))
        ),
        "the differences are not divided by the steps of the axis": lambda rates, costs: _steepest(
            rates, costs, divide=False
        ),
        "the smaller of the two rates is returned: the middle lies between both": (
            lambda rates, costs: _steepest(rates, costs, place=lambda a, b: a)
        ),
        "the larger of the two rates is returned: the middle lies between both": (
            lambda rates, costs: _steepest(rates, costs, place=lambda a, b: b)
        ),
        "the middle is that of the plain scale": lambda rates, costs: _steepest(
            rates, costs, place=lambda a, b: (a + b) / 2
        ),
        "the middle of the logarithms is returned: go back to a rate": lambda rates, costs: (
            np.log(_steepest(rates, costs))
        ),
        "the rate of the lowest cost is returned": lambda rates, costs: rates[np.argmin(costs)],
        "the largest slope that is not negative is looked for: a fall is the smallest": (
            lambda rates, costs: _steepest(
                rates, costs, pick=lambda s: np.argmin(np.where(s < 0, np.inf, s))
            )
        ),
    },
    hints=(
        "A slope is a difference of costs over a difference of positions on the axis. Which "
        "positions has a logarithmic axis?",
        "np.diff(costs) / np.diff(np.log(rates)); the most negative entry belongs to the rates k "
        "and k + 1.",
        "Their middle on that axis is np.sqrt(rates[k] * rates[k + 1]).",
    ),
)  # fmt: skip


# halving-bug: find the bug


def _halve(
    scores,
    *,
    keep=lambda alive, order, half: alive[order[:half]],
    sign=-1,
    column=None,
    rungs=None,
):
    alive = np.arange(len(scores))
    for j in range(scores.shape[1] - 1 if rungs is None else rungs):
        order = np.argsort(sign * scores[alive, j if column is None else column], kind="stable")
        alive = keep(alive, order, len(alive) // 2)
    return alive


def _winner(scores, **options):
    alive = _halve(scores, **options)
    return int(alive[np.argmax(scores[alive, -1])])


def _planted(scores):
    return _winner(scores, keep=lambda alive, order, half: order[:half])


def _rungs(rng, n, R):
    """Draw scores whose order changes from rung to rung, until each rung and the bug show."""
    while True:
        scores = np.arange(R) + rng.random((n, R))  # higher with each budget, in another order
        others = {_planted(scores), int(np.argmax(scores[:, 0]))}
        others |= {_winner(scores, rungs=rungs) for rungs in range(R - 1)}
        large = min(_winner(scores), _planted(scores)) > 1  # so that neither zeros nor ones pass
        if large and _winner(scores) not in others:
            return (scores.round(4),)


HALVING_BUG = Exercise(
    name="halving-bug",
    verifies="the bug is gone: the better half stays on every rung",
    reference=lambda scores: _winner(scores),
    returns=("winner",),
    planted=_planted,
    cases=lambda rng: {
        "eight settings, three budgets": _rungs(rng, 8, 3),
        "sixteen settings, four budgets": _rungs(rng, 16, 4),
        "forty settings, four budgets": _rungs(rng, 40, 4),
        "two settings, one budget": (np.array([[0.3], [0.7]]),),
    },
    mistakes={
        "the worse half stays": lambda scores: _winner(scores, sign=1),
        "nothing is dropped: a setting that fell out cannot win": lambda scores: int(
            np.argmax(scores[:, -1])
        ),
        "the first budget decides on all rungs": lambda scores: _winner(scores, column=0),
        "the place among those that are left is returned: it is not the number of a setting": (
            lambda scores: int(np.argmax(scores[_halve(scores), -1]))
        ),
        "the best of the first budget is returned": lambda scores: int(np.argmax(scores[:, 0])),
        "the first of those that are left wins: the last budget decides": lambda scores: int(
            _halve(scores)[0]
        ),
    },
    hints=(
        "Print alive after each rung. Are these the settings with the best scores?",
        "argsort counts within scores[alive, j]. After the first rung its numbers are places among "
        "those that are left.",
        "alive = alive[order[: len(alive) // 2]].",
    ),
)


# lucky-exponential: prove


def _harmonic(n, s, first=1, last=0):
    return float(s * np.sum(1 / np.arange(first, n + 1 + last)))


LUCKY_EXPONENTIAL = Exercise(
    name="lucky-exponential",
    verifies="the luck of the best of n scores with exponential noise",
    reference=lambda n, s: _harmonic(n, s),
    returns=("mean",),
    entrywise=True,
    cases=lambda rng: {
        "the larger of two": (2, 3.0),
        "the best of five": (5, 0.5),
        "the best of sixty": (60, 2.0),
    },
    mistakes={
        "the logarithm of n is taken: it lacks about 0.58 s": lambda n, s: s * np.log(n),
        "the bound for normal noise is taken": lambda n, s: s * np.sqrt(2 * np.log(n)),
        "the sum begins with 1/2: the mean of a single score is s": lambda n, s: _harmonic(
            n, s, first=2
        ),
        "the sum ends with 1/(n - 1)": lambda n, s: _harmonic(n, s, last=-1),
        "the sum is divided by n": lambda n, s: _harmonic(n, s) / n,
        "the scores are added: asked is the largest": lambda n, s: n * s,
        "the smallest score is taken: asked is the largest": lambda n, s: s / n,
        "s is squared: it is a mean, and has the unit of a score": lambda n, s: _harmonic(n, s**2),
        "s is left out": lambda n, s: _harmonic(n, 1.0),
    },
    hints=(
        "The mean of a positive number is the integral of P(max > x). What is P(max <= x)?",
        "1 - (1 - exp(-x/s))**n. Substitute u = 1 - exp(-x/s), so that dx = s du / (1 - u).",
        "(1 - u**n) / (1 - u) = 1 + u + ... + u**(n - 1). Integrate each term from 0 to 1.",
    ),
    numbers={"lacks about 0.58": "given"},
)


# lost-share: predict, then measure


def _lost(quality, early, *, keep=2, best=np.argmax):
    n = quality.shape[1]
    kept = np.argsort(-early, axis=1)[:, : n // keep]
    return float(np.mean(~np.any(kept == best(quality, axis=1)[:, np.newaxis], axis=1)))


def _searches(rng, tasks, n):
    quality = rng.standard_normal((tasks, n))
    return quality, quality + rng.standard_normal((tasks, n))


LOST_SHARE = Exercise(
    name="lost-share",
    verifies="how often a short training loses the best setting",
    reference=lambda quality, early: _lost(quality, early),
    returns=("share",),
    predicts="your prediction for 40 settings, a share between 0 and 1",
    cases=lambda rng: {
        "three searches of four settings": (
            np.array([[1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [2.0, 5.0, 1.0, 0.0]]),
            np.array([[4.0, 1.0, 3.0, 2.0], [0.5, 3.5, 0.0, 4.0], [4.0, 3.0, 2.0, 1.0]]),
        ),
        "five searches of six": (
            np.array([[5.0, 1.0, 2.0, 3.0, 4.0, 0.0]] * 5),
            np.array([
                [9.0, 1.0, 2.0, 3.0, 4.0, 0.0], [2.5, 1.0, 2.0, 3.0, 4.0, 0.0],
                [3.5, 1.0, 2.0, 3.0, 4.0, 0.0], [-1.0, 1.0, 2.0, 3.0, 4.0, 0.0],
                [1.5, 1.0, 2.0, 3.0, 4.0, 0.0],
            ]),
        ),
        "40 settings, 4,000 searches": _searches(rng, 4000, 40),
    },
    mistakes={
        "the searches that keep the best are counted: asked are those that lose it": (
            lambda quality, early: 1 - _lost(quality, early)
        ),
        "a quarter stays, not half": lambda quality, early: _lost(quality, early, keep=4),
        "the best is looked for among the early scores": lambda quality, early: _lost(early, early),
        "the worst setting is followed": lambda quality, early: _lost(
            quality, early, best=np.argmin
        ),
        "only the best early score stays": lambda quality, early: float(
            np.mean(quality.argmax(axis=1) != early.argmax(axis=1))
        ),
        "the number of searches is returned: asked is their share": lambda quality, early: (
            len(quality) * _lost(quality, early)
        ),
    },
    hints=(
        "Which column holds the best setting of each search, and which columns stay?",
        "np.argsort(-early, axis=1) ranks each row; its first half stays.",
        "Compare these columns with quality.argmax(axis=1)[:, np.newaxis], and take the mean of "
        "the rows without a match.",
    ),
)  # fmt: skip


# search-spread: design


def _spread(points):
    """Return the largest gap on an axis, the largest hole in the square, the number of points."""
    points = np.asarray(points, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or points.min() < 0 or points.max() > 1:
        raise ValueError("the trials are no array of shape (n, 2) with numbers from 0 to 1")
    axes = np.sort(points, axis=0)
    gap = max(np.diff(axes, axis=0).max() / 2, axes[0].max(), 1 - axes[-1].min())
    line = np.linspace(0, 1, 101)
    places = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 1, 2)
    hole = np.sqrt(np.sum((places - points) ** 2, axis=-1)).min(axis=1).max()
    return float(gap), float(hole), float(len(points))


SEARCH_SPREAD = Exercise(
    name="search-spread",
    verifies="trials that cover each axis like random ones and the square like a grid",
    reference=lambda: np.stack([(np.arange(20) + 0.5) / 20, np.arange(20) * 0.618034 % 1], axis=1),
    returns=("trials",),
    view=_spread,
    goals={"gap": ("at most", 0.06), "hole": ("at most", 0.25), "trials": ("at most", 20)},
    mistakes={},
    hints=(
        "Give each trial a value of its own on the first axis, evenly spaced. What is left to "
        "choose is the order of the values on the second one.",
        "Neighbors on the first axis should lie far apart on the second. Shuffle the second axis, "
        "measure, and keep the best of many shuffles; or add the same step again and again.",
        "The multiples of 0.618034 less their whole part, against (i + 1/2)/20.",
    ),
    numbers={"multiples of 0.618034": "given"},
)


# zoom


def _zoom(low, high, best, keep):
    factor = (high / low) ** (keep / 2)
    return max(low, best / factor), min(high, best * factor)


def _unclipped(low, high, best, keep):
    factor = (high / low) ** (keep / 2)
    return best / factor, best * factor


def _shifted(low, high, best, keep):
    new_low, new_high = _unclipped(low, high, best, keep)
    over, under = max(new_high / high, 1.0), max(low / new_low, 1.0)
    return new_low / over * under, new_high / over * under


ZOOM = Exercise(
    name="zoom",
    verifies="the next range of a search from coarse to fine, on a logarithmic scale",
    reference=_zoom,
    returns=("low", "high"),
    cases=lambda rng: {
        "in the middle": (1e-4, 1.0, 1e-2, 0.5),
        "not in the middle": (1e-4, 1.0, 3e-3, 0.3),
        "near the upper end": (1e-4, 1.0, 0.7, 0.4),
        "near the lower end": (0.01, 100.0, 0.02, 0.6),
    },
    mistakes={
        "the new range is not cut off where the old one ends": _unclipped,
        "the new range is centered on a linear scale": lambda low, high, best, keep: (
            max(low, best - keep * (high - low) / 2),
            min(high, best + keep * (high - low) / 2),
        ),
        "keep is added on each side: it is the whole length, to be shared by both": (
            lambda low, high, best, keep: _zoom(low, high, best, 2 * keep)
        ),
        "the new range is moved to fit, not cut off": _shifted,
        "best is left out: the range is centered on the old middle": (
            lambda low, high, best, keep: _zoom(low, high, np.sqrt(low * high), keep)
        ),
        "the logarithms are returned; go back to values": lambda low, high, best, keep: tuple(
            np.log10(_zoom(low, high, best, keep))
        ),
    },
    hints=(
        "How long is the old range in the logarithm? log(high / low). The new one is keep of that.",
        "One part goes to each side of log(best), and both parts are equally long. Back from the "
        "logarithm: best times and divided by (high / low) ** (keep / 2).",
        "Cut off with max(low, ...) and min(high, ...).",
    ),
)


EXERCISES = [
    LOG_MEAN,
    ZOOM,
    ENOUGH_TRIALS,
    STEEPEST_RATE,
    HALVING_BUG,
    LUCKY_EXPONENTIAL,
    LOST_SHARE,
    SEARCH_SPREAD,
]
