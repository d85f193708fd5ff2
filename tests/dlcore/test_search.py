"""The search for hyperparameters: ranges, searches, any number of workers, the test of rates."""

import itertools
import math
import subprocess
import sys
import threading

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore import losses, models, training
from dlcore.averages import ewa
from dlcore.errors import ShapeError
from dlcore.optimizers import Adam, GradientDescent
from dlcore.search import (
    Integers,
    LogIntegers,
    LogUniform,
    OneMinusLogUniform,
    Trial,
    Uniform,
    best,
    coarse_to_fine,
    folds,
    grid_search,
    random_search,
    rate_range_test,
    successive_halving,
)

SPACE = {
    "lr": LogUniform(1e-4, 1.0),
    "beta": OneMinusLogUniform(0.9, 0.999),
    "units": Integers(2, 9),
}
RANGES = [Uniform(-2.0, 3.0), *SPACE.values(), LogIntegers(3, 200)]


def score(lr, beta, units):
    """Best at lr 0.01, beta 0.99, 5 units."""
    distance = (math.log10(lr) + 2) ** 2 + (math.log10(1 - beta) + 2) ** 2
    return -distance - (units - 5) ** 2 / 10


@pytest.mark.parametrize(
    ("values", "shares", "expected"),
    [
        (Uniform(-2.0, 2.0), [0, 0.25, 1], [-2, -1, 2]),
        (LogUniform(1e-4, 1.0), [0, 0.25, 0.5, 1], [1e-4, 1e-3, 1e-2, 1]),
        (OneMinusLogUniform(0.9, 0.999), [0, 0.5, 1], [0.9, 0.99, 0.999]),
        (Integers(2, 4), [0, 0.3, 0.34, 0.67, 0.999, 1], [2, 2, 3, 4, 4, 4]),
        (LogIntegers(1, 8), [0, 0.3, 0.5, 0.999, 1], [1, 1, 2, 8, 8]),
    ],
)
def test_values_by_hand(values, shares, expected):
    got = [values.at(np.float64(share)) for share in shares]
    assert got == pytest.approx(expected, rel=1e-13)
    kind = int if isinstance(values, Integers) else float
    assert all(type(value) is kind for value in got)


@pytest.mark.parametrize("values", RANGES, ids=repr)
@given(share=st.floats(0, 1), width=st.floats(0.01, 1))
def test_ranges_are_consistent(values, share, width):
    value = values.at(share)
    assert values.low <= value <= values.high
    assert values.at(values.share(value)) == pytest.approx(value, rel=1e-12)
    part = values.around(value, width)
    assert type(part) is type(values)
    tiny = 1e-12 * abs(value)
    assert values.low <= part.low <= value + tiny
    assert value - tiny <= part.high <= values.high
    whole = 0
    if isinstance(values, Integers):  # the part of the way that one number takes, at most
        whole = 1 / (values.high - values.low + 1)
    if isinstance(values, LogIntegers):
        whole = math.log((values.low + 0.5) / (values.low - 0.5)) / math.log(200.5 / 2.5)
    assert values.share(part.high) - values.share(part.low) <= width + whole + 1e-9


def test_nine_in_ten_uniform_rates_are_above_a_tenth():
    shares = np.linspace(0, 1, 10_001)
    uniform = np.array([Uniform(1e-4, 1.0).at(share) for share in shares])
    assert np.mean(uniform > 0.1) == pytest.approx(0.9, abs=1e-3)
    log = np.array([LogUniform(1e-4, 1.0).at(share) for share in shares])
    assert np.mean(log > 0.1) == pytest.approx(0.25, abs=1e-3)


def test_every_integer_is_equally_likely():
    draws = [Integers(2, 4).at(share) for share in np.random.default_rng(0).random(30_000)]
    np.testing.assert_allclose(np.bincount(draws)[2:], 10_000, rtol=0.03)


def test_a_log_integer_is_as_likely_as_the_logarithm_is_long():
    draws = [LogIntegers(8, 128).at(share) for share in np.random.default_rng(0).random(30_000)]
    for first, last in ((8, 8), (8, 15), (64, 127)):
        expected = math.log((last + 0.5) / (first - 0.5)) / math.log(128.5 / 7.5)
        share = np.mean([first <= n <= last for n in draws])
        assert share == pytest.approx(expected, abs=0.01)


def test_the_grid_by_hand():
    seen = []

    def record(lr, units):
        seen.append((lr, units))
        return 10 * lr + units

    space = {"lr": LogUniform(0.01, 1.0), "units": Integers(1, 2)}
    trials = grid_search(record, space, {"lr": 3, "units": 5})  # no integer twice
    assert [trial.settings for trial in trials] == [
        {"lr": pytest.approx(lr), "units": units} for lr in (0.01, 0.1, 1.0) for units in (1, 2)
    ]
    assert seen == [tuple(trial.settings.values()) for trial in trials]
    assert best(trials) == Trial({"lr": 1.0, "units": 2}, 12.0)
    (middle,) = grid_search(record, space, 1)
    assert middle.settings == {"lr": pytest.approx(0.1), "units": 2}


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_random_search_follows_the_generator(generator):
    trials = random_search(score, SPACE, 20, generator(0))
    assert trials == random_search(score, SPACE, 20, generator(0))
    assert trials != random_search(score, SPACE, 20, generator(1))
    assert len({trial.settings["lr"] for trial in trials}) == 20
    assert all(trial.score == score(**trial.settings) for trial in trials)


def test_coarse_to_fine_closes_in():
    trials = coarse_to_fine(score, SPACE, 15, np.random.default_rng(0), rounds=4)
    assert len(trials) == 60
    rounds = [trials[i : i + 15] for i in range(0, 60, 15)]
    spread = [np.ptp([math.log10(trial.settings["lr"]) for trial in part]) for part in rounds]
    assert spread == sorted(spread, reverse=True)
    plain = random_search(score, SPACE, 60, np.random.default_rng(0))
    assert best(trials).score > best(plain).score
    assert best(trials).score > -0.05


def test_successive_halving_by_hand():
    """Eight settings of one epoch, four of two, two of four, one of eight; 32 epochs in all."""
    seen = []

    def record(x, budget):
        seen.append((x, budget))
        return x if budget < 4 else -x  # a long run turns the order round

    space = {"x": Uniform(0.0, 1.0)}
    rungs = successive_halving(record, space, 8, np.random.default_rng(3), budgets=(1, 2, 4, 8))
    assert [len(rung) for rung in rungs] == [8, 4, 2, 1]
    assert sum(budget for _, budget in seen) == 32
    drawn = [trial.settings["x"] for trial in rungs[0]]
    assert drawn == list(np.random.default_rng(3).random((8, 1)).ravel())
    for before, after in itertools.pairwise(rungs):
        stay = sorted(before, key=lambda trial: -trial.score)[: len(after)]
        expected = [
            trial.settings for trial in before if trial in stay
        ]  # in the order of the draws
        assert [trial.settings for trial in after] == expected
    assert rungs[-1][0].settings["x"] == sorted(drawn)[-2]  # the lower of the two largest
    assert rungs[-1][0].score == -sorted(drawn)[-2]


def test_a_run_that_diverged_is_not_kept():
    def diverges(x, budget):
        return math.nan if x > 0.5 else math.inf if x > 0.4 else x

    space = {"x": Uniform(0.0, 1.0)}
    rungs = successive_halving(diverges, space, 20, np.random.default_rng(0), budgets=(1, 4))
    assert [len(rung) for rung in rungs] == [20, 5]
    assert all(trial.settings["x"] <= 0.4 for trial in rungs[1])


def test_budgets_need_not_double():
    space = {"x": Uniform(0.0, 1.0)}
    rungs = successive_halving(
        lambda x, budget: x, space, 26, np.random.default_rng(0), budgets=(2, 4, 8), n_jobs=2
    )
    assert [len(rung) for rung in rungs] == [26, 13, 6]


def quadratic_net():
    rng = np.random.default_rng(0)
    net = models.logistic(3)
    X = rng.standard_normal((40, 3))
    return net, net.init(rng), X, (X[:, :1] > 0).astype(float)


def test_the_range_test_is_training_with_a_growing_rate():
    net, params, X, y = quadratic_net()
    before = params.theta.copy()
    options = {"loss": losses.logistic, "optimizer": GradientDescent(1.0)}
    found = rate_range_test(
        net, params, X, y, rng=np.random.default_rng(1), low=1e-3, high=1.0, steps=7,
        batch_size=8, beta=0.5, **options,
    )  # fmt: skip
    np.testing.assert_allclose(found.rates, 10.0 ** np.linspace(-3, 0, 7))
    rng, theta, costs = np.random.default_rng(1), params, []
    for rate in found.rates:
        rows = rng.permutation(40)[:8]
        one = {"optimizer": GradientDescent(rate), "loss": losses.logistic, "progress": False}
        theta, history = training.fit(net, theta, X[rows], y[rows], epochs=1, **one)
        costs += history.cost
    np.testing.assert_allclose(found.costs, costs, rtol=1e-12)
    np.testing.assert_allclose(
        found.smoothed, ewa(np.array(costs), 0.5, bias_correction=True), rtol=1e-12
    )
    assert found.lowest == found.rates[found.smoothed.argmin()]
    np.testing.assert_array_equal(params.theta, before)


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_the_range_test_ends_where_the_cost_has_risen(generator):
    net, params, X, y = quadratic_net()
    options = {"loss": losses.squared_error, "steps": 200, "batch_size": 40}
    found = rate_range_test(
        net, params, X, y, optimizer=GradientDescent(1.0), rng=generator(0), **options
    )
    assert len(found.rates) < 200
    assert found.smoothed[-1] > 4 * found.smoothed.min()
    assert (found.smoothed[:-1] <= 4 * np.minimum.accumulate(found.smoothed)[:-1]).all()
    # A rate above 2 over the largest curvature makes a bowl's steps grow: chapter 12.
    design = np.column_stack([X, np.ones(len(X))])
    limit = 2 / np.linalg.eigvalsh(2 * design.T @ design / len(X)).max()
    assert limit < found.lowest < 10 * limit  # the average is late
    twice = rate_range_test(net, params, X, y, optimizer=Adam(0.5), rng=generator(0), **options)
    again = rate_range_test(net, params, X, y, optimizer=Adam(0.1), rng=generator(0), **options)
    np.testing.assert_array_equal(twice.costs, again.costs)  # the optimizer's rate does not count


def test_a_cost_that_is_not_finite_ends_the_range_test():
    net, params, X, y = quadratic_net()
    calls = []

    def breaks(scores, targets):
        calls.append(0)
        value, dscores = losses.squared_error(scores, targets)
        return (value if len(calls) < 4 else np.inf), dscores

    options = {"optimizer": GradientDescent(1.0), "loss": breaks}
    found = rate_range_test(net, params, X, y, rng=np.random.default_rng(0), **options)
    assert len(found.rates) == len(found.costs) == len(found.smoothed) == 3
    with pytest.raises(ValueError, match=r"^rate_range_test: the first cost is not finite"):
        rate_range_test(net, params, X, y, rng=np.random.default_rng(0), **options)


@pytest.mark.parametrize("search", [random_search, coarse_to_fine])
def test_the_number_of_workers_changes_nothing(search):
    results = [
        search(score, SPACE, 6, np.random.default_rng(0), n_jobs=n_jobs) for n_jobs in (1, 2, 3)
    ]
    assert results[0] == results[1] == results[2]
    assert grid_search(score, SPACE, 2, n_jobs=2) == grid_search(score, SPACE, 2)


def test_the_workers_are_those_that_joblib_is_told_to_use():
    """A cluster is one more backend of joblib; here threads stand in for it."""
    names = set()

    def where(x):
        names.add(threading.current_thread().name)
        return x

    space = {"x": Uniform(0.0, 1.0)}
    with joblib.parallel_config("threading", n_jobs=2):
        inside = random_search(where, space, 8, np.random.default_rng(0))
    assert threading.current_thread().name not in names
    assert inside == random_search(where, space, 8, np.random.default_rng(0))


def test_one_worker_needs_no_joblib_and_several_say_how_to_install_it():
    code = """
import sys
sys.modules["joblib"] = None
import numpy as np
from dlcore.search import LogUniform, coarse_to_fine, grid_search, random_search

space = {"lr": LogUniform(1e-4, 1.0)}
for n_jobs in (None, 1):
    print([trial.score for trial in grid_search(lambda lr: lr, space, 3, n_jobs=n_jobs)])
rng = np.random.default_rng(0)
print(len(coarse_to_fine(lambda lr: lr, space, 4, rng, rounds=2)))
for n_jobs in (2, -1):
    try:
        random_search(lambda lr: lr, space, 4, rng, n_jobs=n_jobs)
    except ModuleNotFoundError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    error = (
        "random_search: joblib is not installed; pip install dlcore[search], or leave out n_jobs"
    )
    assert run.stdout.splitlines() == [*["[0.0001, 0.01, 1.0]"] * 2, "8", error, error]


def test_a_search_with_one_worker_does_not_import_joblib():
    code = """
import sys
from dlcore.search import Uniform, grid_search
print(grid_search(lambda x: x, {"x": Uniform(0.0, 1.0)}, 2)[1].score, "joblib" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "1.0 False\n"


def test_a_run_that_diverged_is_never_the_best():
    trials = [Trial({}, math.nan), Trial({}, -5.0), Trial({"first": 1}, -2.0), Trial({}, -2.0)]
    assert best(trials) is trials[2]
    for diverged in (math.inf, -math.inf):  # a loss that overflowed, as it is or negated
        assert best([Trial({}, diverged), *trials]) is trials[2]
    with pytest.raises(ValueError, match=r"^best: none of 2 trials has a finite score; did all of"):
        best([trials[0], Trial({}, math.inf)])
    with pytest.raises(ValueError, match=r"^best: there are no trials"):
        best([])


def ranged(**changed):
    net, params, X, y = quadratic_net()
    given = {"net": net, "params": params, "X": X, "y": y, "loss": losses.squared_error}
    given |= {"optimizer": GradientDescent(1.0), "rng": np.random.default_rng(0)}
    return rate_range_test(**given | changed)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Uniform(1.0, 1.0), ValueError, r"Uniform\(low=1.0, high=1.0\): expected low < "),
        (lambda: LogUniform(0.0, 1.0), ValueError, r"LogUniform\(.*0 has no logarithm"),
        (lambda: OneMinusLogUniform(0.9, 1.0), ValueError, r"OneMinus.*expected high < 1"),
        (lambda: Integers(3, 2), ValueError, r"Integers\(low=3, high=2\): expected low <= high"),
        (lambda: grid_search(score, SPACE, 0), ValueError, "grid_search: points of lr is 0"),
        (lambda: random_search(score, SPACE, 0, np.random.default_rng(0)), ValueError,
         "random_search: n is 0, expected a whole number >= 1"),
        (lambda: random_search(score, SPACE, 3, 0), TypeError, "random_search: rng is 0, expec"),
        (lambda: coarse_to_fine(score, SPACE, 3, np.random.default_rng(0), rounds=0), ValueError,
         "coarse_to_fine: rounds is 0, expected a whole number >= 1"),
        (lambda: coarse_to_fine(score, SPACE, 3, np.random.default_rng(0), zoom=1), ValueError,
         "coarse_to_fine: zoom is 1, expected a number > 0 and < 1"),
        (lambda: grid_search(score, SPACE, {"lr": 2, "beta": 2}), TypeError,
         "grid_search: points of units is None, expected a whole number >= 1"),
        (lambda: grid_search(lambda x: None, {"x": Uniform(0, 1)}, 2), TypeError,
         r"grid_search: score is None for \{'x': 0.0\}, expected a number; is a return missing"),
        (lambda: LogIntegers(0, 5), ValueError, r"LogIntegers\(low=0, high=5\): expected low > 0"),
        (lambda: successive_halving(score, SPACE, 8, 0, budgets=(1, 2)), TypeError,
         "successive_halving: rng is 0, expected a gen"),
        (lambda: successive_halving(score, SPACE, 8, np.random.default_rng(0), budgets=(2, 2)),
         ValueError, r"successive_halving: budgets is \[2, 2\], expected numbers that grow"),
        (lambda: successive_halving(score, SPACE, 8, np.random.default_rng(0), budgets=()),
         ValueError, r"successive_halving: budgets is \[\], expected numbers that grow"),
        (lambda: successive_halving(score, SPACE, 8, np.random.default_rng(0), budgets=(0, 2)),
         ValueError, "successive_halving: a budget is 0, expected a whole number >= 1"),
        (lambda: successive_halving(score, SPACE, 3, np.random.default_rng(0), budgets=(3, 10)),
         ValueError, "successive_halving: n is 3, so that none is left for a budget of 10; .* 4$"),
        (lambda: ranged(high=1e-7), ValueError, "rate_range_test: high is 1e-07, expected a rate"),
        (lambda: ranged(steps=1), ValueError, "rate_range_test: steps is 1, expected a whole"),
        (lambda: ranged(y=np.zeros((3, 1))), ShapeError,
         "rate_range_test: X has 40 examples and y 3, expected the same number"),
        (lambda: ranged(X=[[1.0]]), TypeError, "rate_range_test: X is a list, expected an array"),
        (lambda: Uniform(0, math.inf), ValueError, "Uniform: high is inf, expected a number"),
        (lambda: Integers(1, 2.5), TypeError, "Integers: high is 2.5, expected a whole number"),
        (lambda: Uniform(0, 1).at(1.5), ValueError,
         r"Uniform\(low=0.0, high=1.0\).at: share is 1.5, expected a number >= 0 and <= 1"),
        (lambda: LogUniform(0.1, 1).share(-1), ValueError, r"LogUniform\(.*share: value is -1"),
        (lambda: Uniform(0, 1).around(0.5, 0), ValueError, r"Uniform\(.*around: width is 0"),
    ],
)  # fmt: skip
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


@given(st.integers(2, 40), st.data())
def test_each_example_is_held_out_once(n, data):
    k = data.draw(st.integers(2, n))
    dealt = folds(n, k, np.random.default_rng(0))
    assert len(dealt) == k
    held = np.concatenate([out for _, out in dealt])
    assert sorted(held) == list(range(n))
    for seen, out in dealt:
        assert sorted([*seen, *out]) == list(range(n))
    sizes = [len(out) for _, out in dealt]
    assert max(sizes) - min(sizes) <= 1


def test_more_folds_than_examples_are_refused():
    with pytest.raises(ValueError, match=r"^folds: k is 6, expected"):
        folds(5, 6, np.random.default_rng(0))
