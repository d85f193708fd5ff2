"""The lab of chapter 08, and the control that draws."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs import Drawing


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


def test_a_score_that_looks_the_same_is_not_beaten():
    lab = byhand.labs.bumps()
    for target in ("curve", "waves", "corner", "root", "jump"):
        for bumps in (2, 3, 5, 8, 20, 50):
            for steepness in (7, 50, 1000):
                found = lab.values(target=target, bumps=bumps, steepness=steepness)
                error, ideal = (f"{found[name]:.3f}" for name in ("error", "ideal"))
                expected = "beaten" if float(error) < float(ideal) else "not beaten"
                assert found["verdict"] == expected
