"""The equations of chapter 13, measured."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats

from dlcore import losses, models
from dlcore.optimizers import GradientDescent
from dlcore.search import (
    LogUniform,
    OneMinusLogUniform,
    Uniform,
    rate_range_test,
    successive_halving,
)
from tests.measure import worst_error, worst_relative_error

RATES = LogUniform(1e-4, 1.0)


@pytest.mark.ledger("eq-search-uniform-share")
def test_nine_tenths_of_uniform_draws_are_above_a_tenth(ledger):
    share = 1 - Uniform(1e-4, 1.0).share(0.1)
    ledger("dlcore: search.Uniform", abs(share - (1 - 0.1) / (1 - 0.0001)), tolerance=1e-15)
    ledger("printed digits: 0.9001", abs(share - 0.9001), tolerance=5e-5)


@pytest.mark.ledger("eq-search-log-uniform")
def test_only_the_ratio_counts(ledger):
    shares = np.linspace(0, 1, 100_001)
    values = np.array([RATES.at(share) for share in shares])
    counted, printed = [], []
    for c, d in [(1e-4, 1e-3), (0.003, 0.03), (0.02, 0.9)]:
        counted.append(np.mean((values >= c) & (values <= d)))
        printed.append(math.log(d / c) / math.log(1.0 / 1e-4))
    ledger("a limit: 100,001 even shares, counted", worst_error(counted, printed), tolerance=1e-4)
    exact = RATES.share(0.03) - RATES.share(0.003)
    ledger("dlcore: search.LogUniform", abs(exact - printed[1]), tolerance=1e-15)


@pytest.mark.ledger("eq-search-density")
def test_the_density_is_the_derivative_of_the_share(ledger):
    alpha = np.array([2e-4, 3e-3, 0.05, 0.7])
    step = 1e-5 * alpha
    measured = [
        (RATES.share(a + h) - RATES.share(a - h)) / (2 * h)
        for a, h in zip(alpha, step, strict=True)
    ]
    printed = 1 / (alpha * math.log(1e4))
    ledger("central differences", worst_relative_error(measured, printed), tolerance=1e-9)


def window(beta):
    return 1 / (1 - beta)


@pytest.mark.ledger("eq-search-window", "eq-search-sensitivity")
def test_the_window_and_its_derivative(ledger):
    windows = [window(beta) for beta in (0.9, 0.99, 0.999, 0.9995)]
    error = worst_relative_error(windows, [10, 100, 1000, 2000])
    ledger("by hand: 10, 100, 1,000 and 2,000", error, 1e-12, label="eq-search-window")
    beta = np.array([0.5, 0.9, 0.99])
    step = 1e-5 * (1 - beta)
    measured = (window(beta + step) - window(beta - step)) / (2 * step)
    error = worst_relative_error(measured, window(beta) ** 2)
    ledger("central differences", error, 1e-9, label="eq-search-sensitivity")


@pytest.mark.ledger("eq-search-one-minus")
def test_the_distance_from_one_is_log_uniform(ledger):
    shares = np.linspace(0, 1, 11)
    drawn = [1 - OneMinusLogUniform(0.9, 0.999).at(share) for share in shares]
    printed = 10.0 ** (-1 - 2 * shares)
    ledger(
        "dlcore: search.OneMinusLogUniform", worst_relative_error(drawn, printed), tolerance=1e-12
    )


@pytest.mark.ledger("eq-search-grid-gap")
def test_the_mean_distance_to_a_grid(ledger):
    measured, counts = [], [2, 3, 5, 10]
    for k in counts:
        grid = np.linspace(0, 1, k)
        kinks = np.unique(np.concatenate([grid, (grid[1:] + grid[:-1]) / 2]))

        def gap(c, grid=grid):
            return np.abs(c - grid).min()

        parts = [integrate.quad(gap, *ends)[0] for ends in itertools.pairwise(kinks)]
        measured.append(sum(parts))
    printed = [1 / (4 * (k - 1)) for k in counts]
    ledger("SciPy: integration", worst_relative_error(measured, printed), tolerance=1e-12)


def missed(n, c, t):
    """Probability that n uniform draws all lie farther than t from c."""
    return (1 - (min(c + t, 1) - max(c - t, 0))) ** n


@pytest.mark.ledger("eq-search-random-gap")
def test_the_mean_distance_to_random_draws(ledger):
    counts = [1, 2, 9, 25]

    def mean_gap(n, c):
        near, far = min(c, 1 - c), max(c, 1 - c)
        return sum(
            integrate.quad(lambda t: missed(n, c, t), *ends)[0] for ends in [(0, near), (near, far)]
        )

    measured = [2 * integrate.quad(lambda c, n=n: mean_gap(n, c), 0, 0.5)[0] for n in counts]
    printed = [(n + 3) / (2 * (n + 1) * (n + 2)) for n in counts]
    ledger("SciPy: integration", worst_relative_error(measured, printed), tolerance=1e-9)
    rng = np.random.default_rng(0)
    gaps = np.abs(rng.random((200_000, 1)) - rng.random((200_000, 9))).min(axis=1)
    ledger("a sample: 200,000 simulations", abs(gaps.mean() - printed[2]), tolerance=1e-3)


@pytest.mark.ledger("eq-search-top", "eq-search-enough")
def test_how_many_trials_are_enough(ledger):
    cases = [(0.05, 0.95, 59), (0.01, 0.95, 299), (0.5, 0.9, 4)]
    errors = []
    for q, p, n in cases:
        at_least_one = stats.binom.sf(0, n, q)  # sums the probabilities of 1, 2, ... n
        errors.append(abs(at_least_one - (1 - (1 - q) ** n)))
        assert at_least_one >= p > stats.binom.sf(0, n - 1, q)
    ledger("SciPy: the binomial distribution", max(errors), 1e-12, label="eq-search-top")
    printed = [math.ceil(math.log(1 - p) / math.log(1 - q)) for q, p, _ in cases]
    error = worst_error(printed, [n for *_, n in cases])
    ledger("counting: the first n that is enough", error, 0, label="eq-search-enough")


def expected_maximum(n):
    def integrand(z):
        return z * n * stats.norm.pdf(z) * stats.norm.cdf(z) ** (n - 1)

    return integrate.quad(integrand, -12, 12, epsabs=1e-12)[0]


@pytest.mark.ledger("eq-search-winner", "eq-search-winner-bound")
def test_the_luck_of_the_winner(ledger):
    # Closed forms exist for small n: 1 / sqrt(pi) for two, 3 / (2 sqrt(pi)) for three.
    known = [1 / math.sqrt(math.pi), 1.5 / math.sqrt(math.pi)]
    error = worst_error([expected_maximum(2), expected_maximum(3)], known)
    ledger("by hand: closed forms for two and three", error, 1e-10, label="eq-search-winner")
    simulated = np.random.default_rng(0).standard_normal((50_000, 60)).max(axis=1).mean()
    error = abs(simulated - expected_maximum(60))
    ledger("a sample: 50,000 simulations", error, 0.01, label="eq-search-winner")
    above = max(expected_maximum(n) - math.sqrt(2 * math.log(n)) for n in (2, 10, 100, 10**4))
    ledger("a bound: four integrals", max(above, 0), 0, label="eq-search-winner-bound")


@pytest.mark.ledger("eq-search-halving")
def test_every_rung_costs_at_most_as_much_as_the_first(ledger):
    errors, over = [], []
    for n, budgets in [(8, (1, 2, 4, 8)), (40, (1, 2, 4, 8)), (26, (2, 4, 8)), (50, (3, 7, 20))]:
        spent = []

        def score(x, budget, spent=spent):
            spent.append(budget)
            return x

        space = {"x": Uniform(0.0, 1.0)}
        rungs = successive_halving(score, space, n, np.random.default_rng(0), budgets=budgets)
        counts = [len(rung) for rung in rungs]
        errors.append(worst_error(counts, [n * budgets[0] // b for b in budgets]))
        assert sum(spent) == sum(c * b for c, b in zip(counts, budgets, strict=True))
        over.append(sum(spent) - len(budgets) * n * budgets[0])
    ledger("counting: the trials of each rung, four searches", max(errors), 0)
    ledger("a bound: what they cost", max(*over, 0), 0)
    assert over[:2] == [0, 0]  # no division leaves a remainder


@pytest.mark.ledger("eq-search-range")
def test_the_rates_of_a_range_test(ledger):
    net, rng = models.logistic(2), np.random.default_rng(0)
    X, seen = rng.standard_normal((8, 2)), []

    class Noted(GradientDescent):
        def update(self, theta, grad, state):
            seen.append(self.lr)
            return super().update(theta, grad, state)

    rate_range_test(
        net, net.init(rng), X, (X[:, :1] > 0).astype(float), loss=losses.logistic,
        optimizer=Noted(1.0), rng=rng, low=1e-5, high=0.1, steps=9,
    )  # fmt: skip
    printed = [1e-5 * (0.1 / 1e-5) ** (i / 8) for i in range(9)]
    ledger("dlcore: the rates that the steps had", worst_relative_error(seen, printed), 1e-12)


def finished(trials, seconds, handing, start, workers):
    """Return when the last trial is done: one hands out, the next free worker takes it."""
    free, now = [start] * workers, start
    for _ in range(trials):
        now += handing
        worker = free.index(min(free))
        free[worker] = max(free[worker], now) + seconds
    return max(free)


@pytest.mark.ledger("eq-search-workers")
def test_when_workers_pay(ledger):
    """A schedule, trial by trial, is as long as the printed sum up to one trial per worker."""
    misses = []
    for n, handing, start, workers in [(400, 1e-3, 2.0, 2), (1000, 1e-4, 5.0, 8)]:
        border = (handing + start / n) / (1 - 1 / workers)
        for seconds in (0.5 * border, border, 2 * border):
            printed = start + n * (handing + seconds / workers)
            scheduled = finished(n, seconds + workers * handing, 0.0, start, workers)
            misses.append(abs(scheduled - printed) / printed)
        at_border = start + n * (handing + border / workers)
        assert at_border == pytest.approx(n * border, rel=1e-12)
        assert start + n * (handing + 2 * border / workers) < 2 * n * border
        assert start + n * (handing + border / 2 / workers) > n * border / 2
    ledger("counting: a schedule, trial by trial", max(misses), 1e-9)
