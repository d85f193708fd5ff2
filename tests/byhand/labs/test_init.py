"""The lab ``init`` shows what the chapter says."""

import numpy as np
import pytest

import byhand.labs
from tests.byhand.labs.bundle import browser_states, with_mistake
from tests.byhand.labs.chaos import chaotic


@pytest.fixture(scope="module")
def lab():
    return byhand.labs.init()


def test_a_signal_dies_beside_one_that_lives_and_only_that_one_learns(lab):
    start, end = lab.values(), lab.values(step=100)
    assert start["spread"] < 1e-5 < 0.3 < start["other_spread"]
    assert (start["verdict"], start["other_verdict"]) == ("they vanish", "they get through")
    assert (end["accuracy"], end["other_accuracy"]) == (0.5, 1.0)
    assert end["cost"] == pytest.approx(np.log(2), abs=5e-4)
    assert end["other_cost"] < 0.2


def test_three_times_the_weights_are_59049_times_the_signal(lab):
    start, larger = lab.values(), lab.values(**lab.reveal)
    assert larger["spread"] / start["spread"] == pytest.approx(3**10)
    assert lab.values(**lab.reveal, step=100)["accuracy"] > 0.95  # as an answer says


def test_init_shows_what_vanishes_and_explodes(lab):
    sigmoid = {"scheme": "xavier", "gain": 1.0, "activation": "sigmoid"}
    assert lab.values(**sigmoid)["verdict"] == "they vanish"
    tanh = sigmoid | {"activation": "tanh"}
    assert lab.values(**tanh)["verdict"] == "they get through"
    assert lab.values(**tanh | {"gain": 3.0, "depth": 30})["verdict"] == "they explode"
    zeros = lab.values(scheme="zeros", step=100)
    assert zeros["verdict"] == "there are none"
    assert zeros["cost"] == pytest.approx(np.log(2))


def test_the_theory_holds_where_layers_are_wide(lab):
    wide = lab.values(width=32)
    for measured, should in (("other_spreads", "other_should_spread"), ("sizes", "should_size")):
        ratios = np.array(wide[measured]) / wide[should]
        assert np.all(np.abs(np.log10(ratios)) < 0.4)


def test_both_networks_start_from_the_same_numbers(lab):
    same = lab.values(scheme="he", gain=1.0, step=100)
    for name in ("cost", "spreads", "sizes", "dead"):
        assert same[name] == same[f"other_{name}"]
    assert lab.values(seed=2)["other_cost"] != lab.values(seed=3)["other_cost"]


def test_chaos_is_said_where_it_is(lab):
    chaos = {"activation": "tanh", "scheme": "xavier", "gain": 5.0, "depth": 12, "width": 32}
    words = "The training of A is chaotic: weights that are larger by 10⁻¹² of themselves change"
    assert words not in lab.text()
    assert words in lab.text(**chaos)
    assert chaotic(lab.compute(lab.settings(**chaos)))


def test_a_histogram_counts_every_activation(lab):
    tanh = lab.settings(activation="tanh", gain=1.0)
    (state,) = browser_states(lab, [tanh])
    for view in state["series"]["views"][0]:
        for counts in (*view["signals"], *view["errors"]):
            assert sum(counts.values()) == 60 * tanh["width"]


def test_a_wrong_draw_of_the_browser_is_found(lab, tmp_path):
    mistaken = with_mistake(tmp_path, "random.js", "kept = stretch * x;", "kept = stretch * y;")
    (right,) = browser_states(lab, [lab.settings()])
    (wrong,) = browser_states(lab, [lab.settings()], mistaken)
    assert right["series"]["spreads"][0] == pytest.approx(lab.values()["spreads"], rel=1e-9)
    assert wrong["series"]["spreads"][0] != pytest.approx(lab.values()["spreads"], rel=0.01)
