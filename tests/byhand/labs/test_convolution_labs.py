"""What the convolution labs compute in the browser by themselves is what Python computes."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs.convolution import CELLS, PIXELS, arrays, edited, kernels, pictures, summed
from tests.byhand.labs.bundle import browser_states

RUNS = 30


def random_edits(rng):
    """Return the word of a few edits, some of them where nothing is shown."""
    return "".join(
        np.base_repr(int(at), 36).lower().zfill(2) + np.base_repr(rng.integers(19), 36).lower()
        for at in sorted(rng.choice(CELLS + 9, 200, replace=False))
    )


def random_settings(lab, rng):
    """Return one setting of every control that the state depends on."""
    stops = {
        control.name: list(
            getattr(control, "options", None) or getattr(control, "values", [random_edits(rng)])
        )
        for control in lab.controls
    }
    return {name: stops[name][rng.integers(len(stops[name]))] for name in lab.depends}


@pytest.mark.parametrize("name", ["conv_arithmetic", "conv_backward", "conv_matrix"])
def test_browser_and_python_give_the_same_states(name):
    lab = getattr(byhand.labs, name)()
    rng = np.random.default_rng(0)
    settings = [random_settings(lab, rng) for _ in range(RUNS)]
    for some, state in zip(settings, browser_states(lab, settings), strict=True):
        expected = lab.compute(some)
        near = {k: pytest.approx(v, rel=1e-12) for k, v in expected.items() if type(v) is float}
        assert state == expected | near, some


def test_an_edit_changes_one_number():
    X, weights = pictures("random"), kernels("random", 2, 3)
    pixel, weight = np.base_repr(14 * 14 + 15, 36).lower(), np.base_repr(PIXELS + 6, 36).lower()
    changed, met = edited(f"{pixel}0{weight}i", X, weights)
    assert changed[1, 1, 1] == -9
    assert met[0, 0, 1, 1] == 9
    assert np.sum(changed != X) == np.sum(met != weights) == 1
    outside = np.base_repr(PIXELS + 3, 36).lower()  # beyond a kernel that is three wide
    assert np.all(edited(f"{outside}i", X, weights)[1] == weights)


def test_tensorflows_padding_is_not_the_same_on_both_sides():
    _, _, around = arrays(6, 5, "3", "3", "2", "same", "1", "1", "random")
    assert around == [(0, 1), (1, 1)]


def test_a_sum_is_written_as_a_person_does():
    values = byhand.labs.conv_arithmetic().values
    assert values(numbers="edges", H=9, W=9, out=1)["sum0"].startswith("−1·0 + 0·0 + 1·0 − 1·0")
    assert summed(["2·(−1)", "−3·4", "1·0"]) == "2·(−1) − 3·4 + 1·0"


def test_what_the_question_says():
    lab = byhand.labs.conv_arithmetic()
    before, after = lab.values(stride="2"), lab.values(**lab.reveal)
    assert (before["oH"], before["oW"]) == (after["oH"], after["oW"]) == (2, 2)
    assert (before["dropped"], after["dropped"]) == (None, "1 column")
