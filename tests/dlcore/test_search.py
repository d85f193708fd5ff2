"""The search for hyperparameters: ranges, the three searches, and any number of workers."""

import math
import subprocess
import sys
import threading

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.search import (
    Integers,
    LogUniform,
    OneMinusLogUniform,
    Trial,
    Uniform,
    best,
    coarse_to_fine,
    folds,
    grid_search,
    random_search,
)

SPACE = {
    "lr": LogUniform(1e-4, 1.0),
    "beta": OneMinusLogUniform(0.9, 0.999),
    "units": Integers(2, 9),
}
RANGES = [Uniform(-2.0, 3.0), *SPACE.values()]


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
    whole = 1 / (values.high - values.low + 1) if isinstance(values, Integers) else 0
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
