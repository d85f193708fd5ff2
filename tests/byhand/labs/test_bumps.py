"""The lab of chapter 08, and the control that draws."""

import importlib

import numpy as np
import pytest

import byhand.labs
from byhand.labs import Drawing
from tests.byhand.labs.bundle import browser_states
from tests.byhand.labs.test_random_settings import apart


@pytest.fixture
def drawing():
    return Drawing(name="curve", label="Curve", value="0a5", levels=10)


def test_a_drawing_is_a_word_of_heights(drawing):
    assert drawing.pattern == "[0123456789a]{3}"
    assert drawing.check("a00") == "a00"
    assert drawing.heights("0a5") == [0, 1, 0.5]
    for wrong in ("0a", "0a5a", "0b5", "0A5", 5, None, "0a5\n"):
        with pytest.raises(ValueError, match=r"curve is .*, expected a word like '0a5'"):
            drawing.check(wrong)


def test_bumps_shows_the_proof_and_its_limits():
    lab = byhand.labs.bumps()

    def error(**changes):
        return lab.values(**changes)["error"]

    slope = np.log(error(bumps=40, steepness=1000) / error(bumps=10, steepness=1000)) / np.log(4)
    assert slope == pytest.approx(-1, abs=0.1)
    hats = np.log2(error(bumps=41, unit="relu") / error(bumps=21, unit="relu"))
    assert hats == pytest.approx(-2, abs=0.1)
    roots = [error(bumps=n, unit="relu", target="root") for n in (11, 41)]
    assert np.log(roots[1] / roots[0]) / np.log(4) == pytest.approx(-0.5, abs=0.05)
    for changes in ({}, {"unit": "relu"}, {"way": "trained"}, {"bumps": 50, "steepness": 1000}):
        assert error(target="jump", **changes) >= 0.2499  # as the summary says
    # The score, and what the chapter and the answers say of it.
    assert error() == pytest.approx(0.184, abs=5e-4)
    assert error(bumps=17) == pytest.approx(0.134, abs=5e-4)
    assert error(bumps=24) < 0.55 * error()
    assert lab.values()["verdict"] == "not beaten"
    assert lab.values(bumps=5, steepness=10)["verdict"] == "beaten"
    assert lab.values(unit="relu")["verdict"] == "beaten"
    assert lab.values(way="trained")["verdict"] == "beaten"
    assert error(steepness=10, bumps=40) > 3 * error(steepness=200, bumps=40)
    assert error(way="trained", bumps=40) < error(bumps=40) / 5
    assert error(way="trained", bumps=40, unit="relu") > 5 * error(bumps=40, unit="relu")


def test_heights_of_ones_own_can_beat_those_of_the_target():
    lab = byhand.labs.bumps()
    # Between the highest and the lowest point of the curve on each bump, in levels of 1/35.
    x = np.linspace(0, 1, 12 * 100 + 1)
    f = importlib.import_module("byhand.labs.bumps").TARGETS["curve"](x)
    parts = [f[100 * k : 100 * k + 101] for k in range(12)]
    levels = [round(35 * (part.min() + part.max()) / 2) for part in parts]
    heights = "".join(np.base_repr(level, 36).lower() for level in levels) + "0" * 38
    found = lab.values(way="own", heights=heights)
    assert found["verdict"] == "beaten"
    assert found["error"] < 0.9 * lab.values()["error"]


@pytest.mark.parametrize("unit", ["sigmoid", "relu"])
@pytest.mark.parametrize("bumps", [1, 2, 7, 12, 33, 50])
def test_the_browser_builds_the_same_of_heights_of_ones_own(unit, bumps):
    lab, rng = byhand.labs.bumps(), np.random.default_rng(bumps)
    heights = "".join(np.base_repr(level, 36).lower() for level in rng.integers(36, size=50))
    settings = lab.settings(way="own", unit=unit, bumps=bumps, heights=heights)
    (theirs,) = browser_states(lab, [settings])
    assert list(apart(lab.compute(settings), theirs)) == []


def test_a_score_that_looks_the_same_is_not_beaten():
    lab = byhand.labs.bumps()
    for target in ("curve", "waves", "corner", "root", "jump"):
        for bumps in (2, 3, 5, 8, 20, 50):
            for steepness in (7, 50, 1000):
                found = lab.values(target=target, bumps=bumps, steepness=steepness)
                error, ideal = (f"{found[name]:.3f}" for name in ("error", "ideal"))
                expected = "beaten" if float(error) < float(ideal) else "not beaten"
                assert found["verdict"] == expected
