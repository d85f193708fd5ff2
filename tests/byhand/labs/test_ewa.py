"""The lab ``ewa`` of chapter 12: what its sentences claim."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs.ewa import BETAS, COLDEST, DAYS, DRAWING, recorded
from byhand.labs.text import fill


@pytest.fixture
def lab():
    return byhand.labs.ewa()


def test_the_temperatures_are_the_formula_of_the_note():
    season = 15 + 9 * np.cos(2 * np.pi * DAYS / 365)
    weather = recorded("temperature") - season
    assert DAYS.size == 365
    assert weather.std() == pytest.approx(2.5, rel=0.1)
    assert abs(weather.mean()) < 3 * 2.5 / np.sqrt(365)
    assert season[COLDEST - 1] == pytest.approx(season.min(), rel=1e-12)
    assert recorded("temperature").min() > 0  # the picture begins at 0
    assert recorded("temperature").max() < 30


def test_the_scale_is_fine_near_one():
    assert {0.5, 0.9, 0.98, 0.99} < set(BETAS)
    assert sum(beta >= 0.9 for beta in BETAS) > len(BETAS) / 2


def test_the_first_two_averages_are_written_out(lab):
    found = lab.values()
    one, two = recorded("temperature")[:2]
    assert (found["rest"], found["second"]) == (0.02, 0.0196)
    assert found["v1"] == pytest.approx(0.02 * one, rel=1e-12)
    assert found["v2"] == pytest.approx(0.0196 * one + 0.02 * two, rel=1e-12)
    assert (found["share1"], found["share2"]) == pytest.approx((0.495, 0.505), abs=1e-4)
    expected = found["share1"] * one + found["share2"] * two
    assert found["fair2"] is None
    assert lab.values(correction="on")["fair2"] == pytest.approx(expected, rel=1e-12)


def test_only_a_correction_that_is_on_is_written_out(lab):
    off, on = (
        [line for line in (fill(part, lab.values(correction=c)) for part in lab.equation) if line]
        for c in ("off", "on")
    )
    assert off[0].endswith("= 0.98 · 16.16 + 0.02 · 10.1 = 16.04")
    assert "18.50" not in "".join(off)
    assert on[0].endswith("16.04 / 0.867 = 18.50")
    assert on[-1].startswith("corrected: ")


def test_the_answers_tell_the_sums_of_the_weights(lab):
    weight = {day: lab.values(day=day)["weight"] for day in (10, 50, 148, 149, 150)}
    assert weight[148] < 0.95 < weight[149]
    assert weight[10] == pytest.approx(0.18, abs=5e-3)
    assert weight[50] == pytest.approx(0.64, abs=5e-3)
    plain, corrected = (lab.values(day=148, correction=c)["average"] for c in ("off", "on"))
    assert plain == pytest.approx(weight[148] * corrected, rel=1e-12)


def test_the_window_holds_two_thirds(lab):
    found = lab.values(beta=0.9, day=300)
    assert found["window"] == 10
    assert found["inside"] == pytest.approx(1 - 0.349, abs=5e-4)
    windows = {beta: lab.values(beta=beta)["window"] for beta in BETAS}
    assert [windows[b] for b in (0.0, 0.5, 0.98, 0.99)] == [1, 2, 50, 100]


def test_a_spike_leaves_the_kernel_behind(lab):
    after = [lab.values(series="spikes", beta=0.8, day=60 + k)["average"] - 10 for k in range(9)]
    np.testing.assert_allclose(after, 18 * 0.2 * 0.8 ** np.arange(9), atol=1e-4)


def test_the_longer_the_memory_the_later(lab):
    coldest = [lab.values(beta=beta)["coldest"] for beta in (0.9, 0.95, 0.98)]
    assert coldest == sorted(set(coldest))
    assert coldest[0] > COLDEST


def test_own_points_end_the_run_on_the_last_of_them(lab):
    word = "u" * (len(DRAWING.value) - 1) + "0"
    found = lab.values(series="drawn", drawing=word, beta=0.5, day=365)
    assert found["day"] == 31
    assert found["value"] == 0
    assert found["average"] == pytest.approx(15, abs=1e-6)
    assert found["coldest"] is None
