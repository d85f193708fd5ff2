"""Numbers that say how good a prediction is, and how sure a comparison of several runs."""

import functools
import math
from dataclasses import dataclass

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_int,
    require_examples,
    require_labels,
    require_real,
    require_same_shape,
)


def binary_accuracy(scores, targets):
    """Share of examples on the right side of score 0, which is probability one half.

    A score of exactly 0 predicts class 0. Where a score is nan there is no prediction, and the
    share is nan.

    Equation: eq-threshold

    Parameters
    ----------
    scores : array, shape (N,) or (N, 1)
        Raw scores. Of probabilities give ``p - 0.5``: none of them is on the left side of 0.
    targets : array, the shape of ``scores``
        Labels in {0, 1}, or in {-1, 1}.

    Returns
    -------
    float
        Between 0 and 1, or nan.

    Raises
    ------
    TypeError
        When one of them is not an array of numbers.
    ShapeError
        When the shapes differ, there are several scores an example, or there is no example.
    """
    require_real("binary_accuracy", scores=scores, targets=targets)
    require_same_shape("binary_accuracy", scores=scores, targets=targets)
    if scores.ndim == 0 or scores.shape[1:] not in {(), (1,)}:
        raise ShapeError(
            f"binary_accuracy: scores has shape {scores.shape}, expected (N,) or (N, 1); for "
            "several scores an example there is accuracy"
        )
    require_examples("binary_accuracy", "scores", scores)
    unknown = np.isnan(scores) | np.isnan(targets)
    return _share((scores > 0) == (targets > 0), unknown)


def accuracy(scores, targets):
    """Share of examples whose largest score is that of their class.

    Of equal scores the first counts as the largest. Where a score is nan there is no largest, and
    the share is nan.

    Parameters
    ----------
    scores : array, shape (N, C)
    targets : array of int, shape (N,)
        The class of each example, 0 to C - 1.

    Returns
    -------
    float
        Between 0 and 1, or nan.

    Raises
    ------
    TypeError
        When the scores are not an array of numbers, or the labels not one of integers.
    ShapeError
        When the shapes do not fit, or there is no example.
    ValueError
        When a label is not a class.
    """
    require_real("accuracy", scores=scores, targets=targets)
    if scores.ndim != 2 or targets.shape != scores.shape[:1]:
        raise ShapeError(
            f"accuracy: scores has shape {scores.shape} and targets {targets.shape}, expected "
            "(N, C) and (N,); for a single score an example there is binary_accuracy"
        )
    require_examples("accuracy", "scores", scores)
    require_labels("accuracy", targets, scores.shape[1])
    return _share(scores.argmax(axis=1) == targets, np.isnan(scores).any(axis=1))


def _share(right, unknown):
    """Return the share of examples that are right; nan when one of them is unknown."""
    return float(np.mean(np.where(unknown, np.nan, right)))


@dataclass(frozen=True)
class Paired:
    """What pairs of runs say about two sides: see ``paired``.

    Parameters
    ----------
    mean : float
        Of the differences, first side less second.
    low, high : float
        The ends of the mean's 95% interval.
    wins, losses, ties : int
        Pairs in which the first side is larger, smaller, equal.
    p : float
        Of the exact two-sided sign test.
    n : int
        How many pairs.
    """

    mean: float
    low: float
    high: float
    wins: int
    losses: int
    ties: int
    p: float
    n: int

    @property
    def interval(self):
        """The mean with its interval, as in ``6.2 [4.1, 8.3]``."""
        return _with_interval(self.mean, self.low, self.high)

    def __str__(self):
        counts = [_count(self.wins, "win"), _count(self.losses, "loss", "losses")]
        counts += [_count(self.ties, "tie")] if self.ties else []
        return f"{self.interval} over {self.n} pairs, {', '.join(counts)}, {_p(self.p)}"


@dataclass(frozen=True)
class Proportion:
    """How often something was seen: see ``proportion``.

    Parameters
    ----------
    count, n : int
        Seen in ``count`` of ``n`` draws.
    share : float
    low, high : float
        The ends of the rate's 95% interval.
    p : float
        Of the exact two-sided test against a fair coin.
    """

    count: int
    n: int
    share: float
    low: float
    high: float
    p: float

    @property
    def interval(self):
        """The share with its interval, as in ``90% [70%, 97%]``."""
        return _with_interval(*(100 * x for x in (self.share, self.low, self.high)), "%")

    def __str__(self):
        return f"{self.count} of {self.n}, {self.interval}, {_p(self.p)}"


def paired(a, b):
    """Compare two sides run in pairs: one pair per draw of all that is random.

    The runs of a pair share what is random (data, start, order), so most of the luck cancels in
    their difference ``d = a - b``. The interval is that of the mean of the differences,
    ``mean(d) ± t sd(d) / sqrt(n)`` with Student's t for n - 1 degrees of freedom, which holds the
    true mean in 95 of 100 repetitions. The sign test asks only who won: if both sides were alike,
    every pair without a tie would be a fair coin.

    Parameters
    ----------
    a, b : array, shape (N,)
        A number per pair, in the same order. Compare with a constant c as ``np.full(N, c)``.
        All is computed in float64, and a tie is equality: numbers that rounding moves should be
        rounded before.

    Returns
    -------
    Paired
        If all differences are equal, the interval is their one value; if all are 0, p is 1.

    Raises
    ------
    TypeError
        When one of them is not an array of real numbers.
    ShapeError
        When they are not of one shape (N,), or there are fewer than two pairs.
    ValueError
        When a number is nan or infinite: a run that diverged has no difference.
    """
    require_real("paired", a=a, b=b)
    require_same_shape("paired", a=a, b=b, likely="is a run of one of them missing?")
    if a.ndim != 1 or len(a) < 2:
        raise ShapeError(
            f"paired: a has shape {a.shape}, expected (N,), a number per pair and at least 2 "
            "pairs; one pair tells nothing of how much pairs differ"
        )
    for name, side in (("a", a), ("b", b)):
        if not np.isfinite(side).all():
            k = int((~np.isfinite(side)).argmax())
            raise ValueError(
                f"paired: {name}[{k}] is {float(side[k])}, expected finite numbers; did a run "
                "diverge? Count how many did, with proportion"
            )
    d, n = a.astype(np.float64) - b.astype(np.float64), len(a)
    mean = float(d.mean())
    half = _student(n - 1) * float(d.std(ddof=1)) / math.sqrt(n)
    wins, losses = int((d > 0).sum()), int((d < 0).sum())
    p = _sign_test(wins, losses)
    return Paired(mean, mean - half, mean + half, wins, losses, n - wins - losses, p, n)


def proportion(count, n):
    """Say how sure a rate is of which ``count`` of ``n`` draws were seen.

    The interval is Wilson's: it holds all rates whose deviation from the share seen is at most
    1.96 standard deviations, never leaves 0 to 1, and is not empty when all draws agree.

    Equation: eq-reg-wilson

    Parameters
    ----------
    count : int
        In how many draws it was seen, 0 to n.
    n : int
        The number of draws, at least 1.

    Returns
    -------
    Proportion
        With the share, its 95% interval, and p of the exact two-sided test against a fair coin.

    Raises
    ------
    TypeError
        When one of them is not an integer.
    ValueError
        When n is not positive, or the count is not in 0 to n.
    """
    n = as_int("proportion", "n", n, ge=1)
    count = as_int("proportion", "count", count, ge=0, le=n)
    share, q = count / n, 1.959963984540054**2 / n
    middle, half = share + q / 2, math.sqrt(q * (share * (1 - share) + q / 4))
    low, high = max(0.0, (middle - half) / (1 + q)), min(1.0, (middle + half) / (1 + q))
    return Proportion(count, n, share, low, high, _sign_test(count, n - count))


@functools.cache
def _student(nu):
    """Return t with ``P(|T| <= t) = 0.95`` for Student's T with ``nu`` degrees of freedom.

    With ``t = sqrt(nu) tan(angle)`` the probability is a finite sum of powers of the cosine, each
    term the one before times a fraction (Abramowitz and Stegun, 26.7.3 and 26.7.4). It grows with
    the angle, so halving the interval of angles finds the one where it is 0.95.
    """
    odd = nu % 2
    k = np.arange(1, nu // 2)
    fractions = (2 * k - 1 + odd) / (2 * k + odd)

    def probability(angle):
        terms = 1 + np.cumprod(fractions * math.cos(angle) ** 2).sum()
        if not odd:
            return math.sin(angle) * terms
        return 2 / math.pi * (angle + (nu > 1) * math.sin(angle) * math.cos(angle) * terms)

    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(middle) < 0.95 else (low, middle)
    return math.sqrt(nu) * math.tan(low)


def _sign_test(wins, losses):
    """Return how likely a fair coin falls at least as unevenly, to either side."""
    n, ways, total = wins + losses, 1, 0
    for k in range(min(wins, losses) + 1):
        total += ways  # n over k: the sequences with k of the rarer side
        ways = ways * (n - k) // (k + 1)
    return min(1.0, 2 * total / 2**n)


def _with_interval(value, low, high, unit=""):
    """Write ``6.2 [4.1, 8.3]``: the half width to two digits, and no end as 0 that is not."""
    half = (high - low) / 2
    digits = max(0, 1 - math.floor(math.log10(half))) if half > 0 else 6
    while digits < 6 and any(end and not round(end, digits) for end in (low, high)):
        digits += 1
    value, low, high = (f"{round(x, digits) + 0.0:.{digits}f}{unit}" for x in (value, low, high))
    return f"{value} [{low}, {high}]"


def _p(p):
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


def _count(n, one, many=""):
    return f"{n} {one if n == 1 else many or one + 's'}"
