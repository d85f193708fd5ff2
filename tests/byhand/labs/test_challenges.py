"""Challenges: a try that counts can be reached, and par can be beaten."""

import pytest

import byhand.labs
from byhand.labs.text import show
from tests.byhand.labs.names import LABS

# For each lab with a challenge a setting that beats par.
BEATS = {
    "hidden_units": {"data": "xor", "units": 2, "activation": "relu", "iteration": 2000},
    "bumps": {"way": "trained", "bumps": 9},
    "decay": {"schedule": "drawn", "rate": 0.2, "drawing": "kkkkkkkk5000000000000", "step": 400},
    "search": {"method": "own", "across": "1469acegj", "up": "1gajf5d6a", "importance": 0.2},
}


def challenges():
    """Return the labs that have a challenge, by name."""
    labs = {name: getattr(byhand.labs, name)() for name in LABS}
    return {name: lab for name, lab in labs.items() if lab.challenge}


def score(lab, settings):
    """Return the score of a setting, None where it does not count."""
    task, chosen, values = lab.challenge, lab.settings(**settings), lab.values(**settings)
    counts = all(chosen[name] in allowed for name, allowed in task.where.items())
    counts = counts and all(values[name] <= most for name, most in task.within.items())
    return values[task.score] if counts else None


def test_each_has_a_setting_that_beats_it():
    assert set(challenges()) == set(BEATS)


@pytest.mark.parametrize("name", BEATS)
def test_par_is_what_dlcore_computes_and_can_be_beaten(name):
    lab = challenges()[name]
    task, spec = lab.challenge, lab.spec()["challenge"]
    par = lab.values(**task.par)[task.par_score or task.score]
    assert spec["par"] == pytest.approx(par, rel=1e-12)
    reached = score(lab, BEATS[name])
    assert reached is not None
    assert (reached < par) if task.lowest else (reached > par)
    assert show(reached, task.format) != show(par, task.format)


@pytest.mark.parametrize("name", BEATS)
def test_it_names_controls_stops_and_numbers(name):
    lab = challenges()[name]
    controls = {control.name: control for control in lab.controls}
    for setting, allowed in lab.challenge.where.items():
        assert all(controls[setting].check(value) == value for value in allowed)
        assert len(allowed) < len(controls[setting].values)
    values = lab.values(**BEATS[name])
    for value in [lab.challenge.score, *lab.challenge.within]:
        assert isinstance(values[value], float | int)


def test_what_does_not_count_has_no_score():
    lab = byhand.labs.bumps()
    assert score(lab, {"unit": "relu", "bumps": 13}) == 13
    assert score(lab, {"unit": "relu", "bumps": 12}) is None  # too far from the curve
    assert score(lab, {"target": "waves", "unit": "relu", "bumps": 50}) is None
