"""The lab ``search`` searches many tasks at once; here one at a time, by ``dlcore.search``."""

import numpy as np
import pytest

from byhand.labs import search as lab_of_chapter_13
from byhand.labs.search import (
    GRIDS,
    METHODS,
    RATES,
    ROUNDS,
    STOPS,
    ZOOM,
    found,
    places,
    score,
    tasks,
    trials,
)
from dlcore.search import LogUniform, Uniform, coarse_to_fine, grid_search, random_search


class Replay(np.random.RandomState):
    """Hand out given draws, as many at a time as are asked for."""

    def __init__(self, draws):
        super().__init__(0)
        self.draws = list(draws)

    def random(self, shape):
        n, _ = shape
        taken, self.draws = self.draws[:n], self.draws[n:]
        return np.array(taken)


@pytest.mark.parametrize("importance", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("axis", ["log", "linear"])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("task", [0, 7])
def test_the_trials_are_those_of_dlcore(task, method, axis, importance):
    budget = 24
    optima, draws = tasks()
    rates = LogUniform(*RATES)
    space = {"rate": rates if axis == "log" else Uniform(*RATES), "other": Uniform(0.0, 1.0)}

    def one_score(rate, other):
        return score(np.array([rates.share(rate), other]), optima[task], importance)

    if method == "grid":
        points = dict(zip(space, GRIDS[budget], strict=True))
        searched = grid_search(one_score, space, points)
    elif method == "random":
        searched = random_search(one_score, space, budget, Replay(draws[task]))
    else:
        rng = Replay(draws[task])
        searched = coarse_to_fine(one_score, space, budget // 3, rng, rounds=ROUNDS, zoom=ZOOM)
    expected = [
        (rates.share(trial.settings["rate"]), trial.settings["other"]) for trial in searched
    ]
    got = trials(method, budget, axis, importance)[task]
    np.testing.assert_allclose(got, expected, atol=1e-9)
    scores = score(got, optima[task], importance)
    np.testing.assert_allclose(scores, [trial.score for trial in searched], atol=1e-7)


def test_a_linear_axis_crowds_the_last_decade():
    shares = np.random.default_rng(0).random((1000, 2))
    decades = places(shares, "linear")[:, 0]
    assert 0.85 < np.mean(decades > 0.75) < 0.95
    assert lab_of_chapter_13().text(axis="linear") != lab_of_chapter_13().text()


def test_nine_points_of_ones_own_can_beat_each_search_and_begin_as_the_grid():
    lab = lab_of_chapter_13()
    start = lab.values(method="own")
    assert start["own"] == start["grid"]
    assert start["different"] == start["rates"] == 3
    assert lab.values()["own"] is None  # before one has placed them
    columns = lab.values(method="own", across="13579bdfh", up="aaaaaaaaa")
    assert columns["different"] == 9
    assert columns["own"] > max(columns[method] for method in METHODS) + 0.05
    assert lab.values(across="13579bdfh", up="aaaaaaaaa")["own"] == columns["own"]
    assert lab.values(method="own", budget=90)["budget"] == 9  # all have as many


def test_after_each_task_the_lab_says_the_mean_of_those_so_far():
    lab = lab_of_chapter_13()
    scores = found("random", 9, "log", 0.0)
    for tasks_so_far in (1, 7, 1000):
        said = lab.values(tasks=tasks_so_far)["random"]
        np.testing.assert_allclose(said, scores[:tasks_so_far].mean(), rtol=1e-12)
    state = lab.compute(lab.settings())
    rows = list(zip(*state["trials"].values(), strict=True))
    assert len(rows) == len(STOPS) * 4 * 9
    assert {(task, method) for task, method, *_ in rows} == {
        (stop, method) for stop in STOPS for method in (*METHODS, "own")
    }
