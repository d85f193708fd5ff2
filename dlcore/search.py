"""Searching for hyperparameters: ranges, ways to try settings, and a test of the learning rate.

A space names the ranges, and a score says how good a setting is (higher is better)::

    space = {"lr": LogUniform(1e-4, 1.0), "units": Integers(50, 100)}

    def score(lr, units):
        ...                                   # train, with generators made in here
        return accuracy(scores, y_validation)

    trials = random_search(score, space, 40, rng, n_jobs=2)
    best(trials).settings

All settings are drawn before the first is tried, so the result does not depend on the number of
workers. More than one need joblib (``pip install dlcore[search]``), which can hand the same call to
a cluster. With Dask::

    client = dask.distributed.Client("scheduler:8786")
    with joblib.parallel_config("dask"):
        trials = random_search(score, space, 40, rng)

and with Ray::

    ray.util.joblib.register_ray()
    with joblib.parallel_config("ray"):
        trials = random_search(score, space, 40, rng)
"""

import itertools
import math
import sys
from dataclasses import dataclass, replace

import numpy as np

from dlcore.errors import ShapeError, as_float, as_int, needs_extra, require_array, require_rng
from dlcore.wrappers import at_rate


@dataclass(frozen=True)
class Uniform:
    """Numbers between ``low`` and ``high``, each equally likely.

    Parameters
    ----------
    low, high : float

    Raises
    ------
    TypeError
        When ``low`` or ``high`` is not a number.
    ValueError
        When ``low`` is not below ``high``, or the range does not suit the scale.
    """

    low: float
    high: float

    def __post_init__(self):
        name = type(self).__name__
        object.__setattr__(self, "low", as_float(name, "low", self.low))
        object.__setattr__(self, "high", as_float(name, "high", self.high))
        if not self.low < self.high:
            raise ValueError(f"{self}: expected low < high")

    def _scale(self, value):
        """Map a value to the axis on which the draws are uniform."""
        return value

    def _unscale(self, x):
        return x

    def at(self, share):
        """Return the value at a share of the way from ``low`` to ``high``.

        Parameters
        ----------
        share : float
            From 0 to 1; a uniform random number draws from the range.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            When ``share`` is not a number from 0 to 1.
        """
        share = as_float(f"{self}.at", "share", share, ge=0, le=1)
        start, end = self._scale(self.low), self._scale(self.high)
        value = self._unscale(start + share * (end - start))
        return min(max(value, self.low), self.high)  # against rounding

    def share(self, value):
        """Return the share of the way from ``low`` to ``high`` at which ``value`` lies.

        Parameters
        ----------
        value : float

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            When ``value`` is not a number of the range.
        """
        value = as_float(f"{self}.share", "value", value, ge=self.low, le=self.high)
        start, end = self._scale(self.low), self._scale(self.high)
        return (self._scale(value) - start) / (end - start)

    def around(self, value, width):
        """Return the part of the range around ``value``, cut off where the range ends.

        Parameters
        ----------
        value : float
        width : float
            As a share of the whole range, > 0.

        Returns
        -------
        range of the same kind

        Raises
        ------
        TypeError, ValueError
            When ``value`` is not a number of the range, or ``width`` not positive.
        """
        width = as_float(f"{self}.around", "width", width, gt=0)
        share = self.share(value)
        low, high = max(share - width / 2, 0.0), min(share + width / 2, 1.0)
        return replace(self, low=self.at(low), high=self.at(high))


@dataclass(frozen=True)
class LogUniform(Uniform):
    """Numbers between ``low`` and ``high``, each power of ten equally likely: 10^r, r uniform.

    For a learning rate: of uniform draws from 0.0001 to 1, nine in ten are above 0.1.

    Equation: eq-search-log-uniform

    Parameters
    ----------
    low, high : float
        Above 0.

    Raises
    ------
    ValueError
        When not 0 < ``low`` < ``high``.
    """

    def __post_init__(self):
        super().__post_init__()
        if not self.low > 0:
            raise ValueError(f"{self}: expected low > 0, since 0 has no logarithm")

    def _scale(self, value):
        return math.log10(value)

    def _unscale(self, x):
        return 10.0**x


@dataclass(frozen=True)
class OneMinusLogUniform(Uniform):
    """Numbers whose distance from 1 is log-uniform: 1 - 10^r, r uniform.

    For the beta of an average, which reaches back about 1 / (1 - beta) steps: from 0.9 to 0.999
    the window goes from 10 to 1,000, and every order of magnitude is equally likely.

    Equation: eq-search-one-minus

    Parameters
    ----------
    low, high : float
        Below 1.

    Raises
    ------
    ValueError
        When not ``low`` < ``high`` < 1.
    """

    def __post_init__(self):
        super().__post_init__()
        if not self.high < 1:
            raise ValueError(f"{self}: expected high < 1, since 1 - high has a logarithm")

    def _scale(self, value):
        return math.log10(1.0 - value)

    def _unscale(self, x):
        return 1.0 - 10.0**x


@dataclass(frozen=True)
class Integers(Uniform):
    """Whole numbers from ``low`` to ``high``, both included, each equally likely.

    Parameters
    ----------
    low, high : int

    Raises
    ------
    TypeError
        When ``low`` or ``high`` is not a whole number.
    ValueError
        When ``low`` is above ``high``.
    """

    low: int
    high: int

    def __post_init__(self):
        name = type(self).__name__
        object.__setattr__(self, "low", as_int(name, "low", self.low))
        object.__setattr__(self, "high", as_int(name, "high", self.high))
        if not self.low <= self.high:
            raise ValueError(f"{self}: expected low <= high")

    def at(self, share):
        """Return the value at a share of the way; see ``Uniform.at``."""
        share = as_float(f"{self}.at", "share", share, ge=0, le=1)
        return min(self.low + int(share * (self.high - self.low + 1)), self.high)

    def share(self, value):
        """Return the middle of the value's part of the way; see ``Uniform.share``."""
        value = as_int(f"{self}.share", "value", value, ge=self.low, le=self.high)
        return (value - self.low + 0.5) / (self.high - self.low + 1)


@dataclass(frozen=True)
class LogIntegers(Integers):
    """Whole numbers from ``low`` to ``high``, each in proportion to the length of its logarithm.

    For counts that run over orders of magnitude, such as the size of a batch: a number n stands for
    all between n - 1/2 and n + 1/2, so 8 to 16 is about as likely as 64 to 128.

    Parameters
    ----------
    low, high : int
        Above 0.

    Raises
    ------
    TypeError
        When ``low`` or ``high`` is not a whole number.
    ValueError
        When not 0 < ``low`` <= ``high``.
    """

    def __post_init__(self):
        super().__post_init__()
        if not self.low > 0:
            raise ValueError(f"{self}: expected low > 0, since 0 has no logarithm")

    def at(self, share):
        """Return the value at a share of the way; see ``Uniform.at``."""
        share = as_float(f"{self}.at", "share", share, ge=0, le=1)
        start, end = self.low - 0.5, self.high + 0.5
        return min(max(math.floor(start * (end / start) ** share + 0.5), self.low), self.high)

    def share(self, value):
        """Return the value's own place on the way; see ``Uniform.share``."""
        value = as_int(f"{self}.share", "value", value, ge=self.low, le=self.high)
        start, end = self.low - 0.5, self.high + 0.5
        return math.log(value / start) / math.log(end / start)


@dataclass(frozen=True)
class Trial:
    """One setting and how good it was.

    Parameters
    ----------
    settings : dict
        The value of each hyperparameter.
    score : float
        Higher is better.
    """

    settings: dict
    score: float


def best(trials):
    """Return the trial with the highest score; the first of equal ones.

    A score that is nan or infinite is that of a run that diverged, and never the best.

    Parameters
    ----------
    trials : list of Trial

    Returns
    -------
    Trial

    Raises
    ------
    ValueError
        When there is no trial, or no score is finite.
    """
    if not trials:
        raise ValueError("best: there are no trials")
    finite = [trial for trial in trials if math.isfinite(trial.score)]
    if not finite:
        raise ValueError(
            f"best: none of {len(trials)} trials has a finite score; did all of them diverge, and "
            "does the space hold learning rates that are small enough?"
        )
    return max(finite, key=lambda trial: trial.score)


def _try(function, score, all_settings, n_jobs):
    if n_jobs in (None, 1) and not sys.modules.get("joblib"):  # so nobody has configured it
        scores = [score(**settings) for settings in all_settings]
    else:
        with needs_extra(function, "search", "or leave out n_jobs"):
            from joblib import Parallel, delayed
        scores = Parallel(n_jobs=n_jobs)(delayed(score)(**settings) for settings in all_settings)
    return [
        Trial(settings, _number(function, settings, value))
        for settings, value in zip(all_settings, scores, strict=True)
    ]


def _number(function, settings, value):
    try:
        return float(value)  # nan too: a run that diverged
    except (TypeError, ValueError):
        raise TypeError(
            f"{function}: score is {value!r} for {settings}, expected a number; is a return "
            "missing?"
        ) from None


def grid_search(score, space, points, *, n_jobs=None):
    """Try every combination of evenly spaced values.

    Parameters
    ----------
    score : callable
        Takes the hyperparameters by name, returns a number; higher is better.
    space : dict of str to range
    points : int or dict of str to int
        How many values of each hyperparameter, evenly spaced on its own scale, ends included.
    n_jobs : int, optional
        Workers: -1 for one a core. Without it, what ``joblib.parallel_config`` says, or one.

    Returns
    -------
    list of Trial
        In the order of the grid, the last hyperparameter fastest.

    Raises
    ------
    ModuleNotFoundError
        When there are to be several workers, and joblib is not installed.
    TypeError
        When a number of points is missing or not whole, or a score not a number.
    ValueError
        When a number of points is not positive.
    """
    axes = {}
    for name, values in space.items():
        count = points.get(name) if isinstance(points, dict) else points
        count = as_int("grid_search", f"points of {name}", count, ge=1)
        shares = [0.5] if count == 1 else [i / (count - 1) for i in range(count)]
        axes[name] = list(dict.fromkeys(values.at(share) for share in shares))  # no integer twice
    combinations = itertools.product(*axes.values())
    settings = [dict(zip(axes, values, strict=True)) for values in combinations]
    return _try("grid_search", score, settings, n_jobs)


def random_search(score, space, n, rng, *, n_jobs=None):
    """Try ``n`` settings drawn at random.

    With n trials every hyperparameter takes n different values, and a grid far fewer: where only
    one of them matters, that one is searched n times as finely.

    Source: Bergstra and Bengio (2012).

    Parameters
    ----------
    score : callable
        Takes the hyperparameters by name, returns a number; higher is better.
    space : dict of str to range
    n : int
    rng : Generator or RandomState
    n_jobs : int, optional
        As in ``grid_search``.

    Returns
    -------
    list of Trial
        In the order of the draws.

    Raises
    ------
    ModuleNotFoundError
        When there are to be several workers, and joblib is not installed.
    TypeError
        When ``rng`` is not a generator, ``n`` not a whole number, or a score not a number.
    ValueError
        When ``n`` is not positive.
    """
    require_rng("random_search", rng)
    n = as_int("random_search", "n", n, ge=1)
    return _try("random_search", score, _drawn(space, n, rng), n_jobs)


def coarse_to_fine(score, space, n, rng, *, rounds=3, zoom=0.3, n_jobs=None):
    """Search at random, then again and again in a smaller space around the best so far.

    Parameters
    ----------
    score : callable
        Takes the hyperparameters by name, returns a number; higher is better.
    space : dict of str to range
    n : int
        Trials a round.
    rng : Generator or RandomState
    rounds : int
        Searches in all.
    zoom : float
        The part of each range that the next round keeps, between 0 and 1.
    n_jobs : int, optional
        As in ``grid_search``.

    Returns
    -------
    list of Trial
        ``rounds`` times ``n``, in the order in which they were tried.

    Raises
    ------
    ModuleNotFoundError
        When there are to be several workers, and joblib is not installed.
    TypeError
        When ``rng`` is not a generator, ``n`` or ``rounds`` not a whole number, or ``zoom`` or a
        score not a number.
    ValueError
        When ``n`` or ``rounds`` is not positive, or ``zoom`` not between 0 and 1; or when all runs
        so far diverged, so that there is no place to look closer at.
    """
    n = as_int("coarse_to_fine", "n", n, ge=1)
    rounds = as_int("coarse_to_fine", "rounds", rounds, ge=1)
    zoom = as_float("coarse_to_fine", "zoom", zoom, gt=0, lt=1)
    trials = random_search(score, space, n, rng, n_jobs=n_jobs)
    for _ in range(rounds - 1):
        center = best(trials).settings
        space = {name: values.around(center[name], zoom) for name, values in space.items()}
        trials += random_search(score, space, n, rng, n_jobs=n_jobs)
    return trials


def successive_halving(score, space, n, rng, *, budgets, n_jobs=None):
    """Try many settings on a small budget, and give the best of them more, again and again.

    Each rung costs about as much as the first: where the budget of a trial doubles, half of the
    settings stay. Each trial begins anew; nothing is kept of the shorter one.

    Equation: eq-search-halving

    Source: Jamieson and Talwalkar (2016).

    Parameters
    ----------
    score : callable
        Takes the hyperparameters by name and ``budget``, returns a number; higher is better.
    space : dict of str to range
    n : int
        Settings of the first rung, drawn at random.
    rng : Generator or RandomState
    budgets : sequence of int
        Of one trial on each rung, such as epochs: ``(1, 2, 4, 8)``. They grow.
    n_jobs : int, optional
        As in ``grid_search``.

    Returns
    -------
    list of list of Trial
        A list for each rung, in the order of the draws; ``best`` of the last one is the winner.

    Raises
    ------
    ModuleNotFoundError
        When there are to be several workers, and joblib is not installed.
    TypeError
        When ``rng`` is not a generator, ``n`` or a budget not a whole number, or a score not a
        number.
    ValueError
        When ``n`` or a budget is not positive, the budgets do not grow, or ``n`` settings are too
        few for one to be left on the last rung.
    """
    name = "successive_halving"
    require_rng(name, rng)
    n = as_int(name, "n", n, ge=1)
    budgets = [as_int(name, "a budget", budget, ge=1) for budget in budgets]
    if not budgets or any(b >= c for b, c in itertools.pairwise(budgets)):
        raise ValueError(f"{name}: budgets is {budgets}, expected numbers that grow")
    if n * budgets[0] < budgets[-1]:
        raise ValueError(
            f"{name}: n is {n}, so that none is left for a budget of {budgets[-1]}; expected at "
            f"least {-(-budgets[-1] // budgets[0])}"
        )
    settings = _drawn(space, n, rng)
    rungs = []
    for budget in budgets:
        if rungs:
            order = sorted(range(len(settings)), key=lambda i: -_finite(rungs[-1][i].score))
            kept = sorted(order[: n * budgets[0] // budget])
            settings = [settings[i] for i in kept]
        given = [{**setting, "budget": budget} for setting in settings]
        trials = _try(name, score, given, n_jobs)
        rungs.append([Trial(s, t.score) for s, t in zip(settings, trials, strict=True)])
    return rungs


def _drawn(space, n, rng):
    """Draw n settings at random."""
    return [
        {name: values.at(share) for (name, values), share in zip(space.items(), row, strict=True)}
        for row in rng.random((n, len(space)))  # a row a trial
    ]


def _finite(score):
    """Return the score, or minus infinity for that of a run that diverged."""
    return score if math.isfinite(score) else -math.inf


@dataclass(frozen=True, eq=False)
class RateRange:
    """What a rate range test saw: see ``rate_range_test``.

    Parameters
    ----------
    rates : array, shape (T,)
        Of the steps that were taken.
    costs : array, shape (T,)
        Of each batch before its step.
    smoothed : array, shape (T,)
        Their average, weighted exponentially.
    """

    rates: np.ndarray
    costs: np.ndarray
    smoothed: np.ndarray

    @property
    def lowest(self):
        """The rate at which the smoothed cost is lowest: from there on, steps do harm."""
        return float(self.rates[np.argmin(self.smoothed)])


def rate_range_test(
    net, params, X, y, *, loss, optimizer, rng, low=1e-6, high=10.0, steps=100, batch_size=32,
    beta=0.9, limit=4.0,
):  # fmt: skip
    """Train once while the learning rate grows from step to step, and watch the cost.

    Equation: eq-search-range

    At small rates the cost stays where it is, then it falls, and where the rate is too large it
    rises. The test ends there.

    Source: Smith (2017), section 3.3.

    Parameters
    ----------
    net : Sequential
    params : Parameters
        Start values; not changed.
    X : array, shape (N, ...)
    y : array, shape (N, ...)
    loss : callable
        ``(scores, targets) -> value, dscores``.
    optimizer : Optimizer
        Its rate does not count.
    rng : Generator or RandomState
        Draws the batches, and serves layers that draw random numbers.
    low, high : float
        The first and the last rate.
    steps : int
        From ``low`` to ``high``, at least 2.
    batch_size : int
        Examples a step, all different.
    beta : float
        Of the average that smooths the cost.
    limit : float
        The test ends when the smoothed cost is so many times its lowest value.

    Returns
    -------
    RateRange

    Raises
    ------
    ShapeError
        When ``X`` and ``y`` differ in length.
    TypeError
        When an argument is of the wrong kind.
    ValueError
        When not 0 < ``low`` < ``high``, or another number is out of its range.
    """
    name = "rate_range_test"
    require_rng(name, rng)
    require_array(name, X=X, y=y)
    if len(X) != len(y):
        raise ShapeError(
            f"{name}: X has {len(X)} examples and y {len(y)}, expected the same number"
        )
    low = as_float(name, "low", low, gt=0, kind="a rate")
    rates = LogUniform(low, as_float(name, "high", high, gt=low, kind="a rate"))
    steps = as_int(name, "steps", steps, ge=2)
    batch_size = as_int(name, "batch_size", batch_size, ge=1)
    beta = as_float(name, "beta", beta, ge=0, lt=1, kind="a share")
    limit = as_float(name, "limit", limit, gt=1)
    theta, state = params.theta, optimizer.init(params.theta)
    tried, costs, smoothed, average = [], [], [], 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            rate = rates.at(step / (steps - 1))
            batch = rng.permutation(len(X))[:batch_size]
            scores, cache = net.forward(params, X[batch], train=True, rng=rng)
            cost, dscores = loss(scores, y[batch])
            if not np.isfinite(cost):
                break
            tried.append(rate)
            costs.append(float(cost))
            average = beta * average + (1 - beta) * costs[-1]
            smoothed.append(average / (1 - beta ** (step + 1)))
            if smoothed[-1] > limit * min(smoothed):
                break
            _, grads = net.backward(dscores, cache, input_gradient=False)
            theta, state = at_rate(optimizer, rate).update(theta, grads.theta, state)
            params = net.update_buffers(params.like(theta), cache)
    if not tried:
        raise ValueError(f"{name}: the first cost is not finite, before any step")
    return RateRange(np.array(tried), np.array(costs), np.array(smoothed))


def folds(n, k, rng):
    """Deal n examples into k folds, for cross-validation.

    Each example is held out once: the sizes of the folds differ by at most one.

    Equation: eq-reg-cross-validation

    Source: Stone (1974).

    Parameters
    ----------
    n : int
        Examples.
    k : int
        Folds, from 2 to n.
    rng : Generator or RandomState

    Returns
    -------
    list of pair of array of int
        For each fold the indices to train on, and those that are held out.

    Raises
    ------
    TypeError
        When ``n`` or ``k`` is not a whole number, or ``rng`` no generator.
    ValueError
        When there are more folds than examples, or fewer than two.
    """
    n = as_int("folds", "n", n, ge=2)
    k = as_int("folds", "k", k, ge=2, le=n)
    require_rng("folds", rng)
    order = rng.permutation(n)
    starts = [fold * n // k for fold in range(k + 1)]
    held = [order[start:stop] for start, stop in itertools.pairwise(starts)]
    return [
        (np.concatenate([other for other in held if other is not out]), np.sort(out))
        for out in held
    ]
