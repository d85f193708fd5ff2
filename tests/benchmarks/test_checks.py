"""The checks of the exercises on many draws."""

import numpy as np

from benchmarks import checks
from byhand.exercises.checking import Exercise

MEAN = Exercise(
    name="mean",
    verifies="a mean",
    reference=lambda x: x.sum() / len(x),
    returns=("m",),
    cases=lambda rng: {"a sign": (np.array([rng.choice([-1.0, 1.0])]),)},
    mistakes={
        "the size is taken": lambda x: np.abs(x).mean(),
        "the sum is doubled": lambda x: 2 * x.sum() / len(x),
    },
    hints=("Sum.", "Divide."),
)


def test_a_mistake_that_passes_on_some_draws_is_found():
    wrong = checks.wrong_verdicts(MEAN, range(20))
    assert {what for _, what in wrong} == {"the size is taken"}
    assert 0 < len(wrong) < 20


def test_a_reference_that_fails_is_found():
    lazy = Exercise(**vars(MEAN) | {"reference": lambda x: print(end="")})
    assert (3, "the reference fails") in checks.wrong_verdicts(lazy, [3])


def test_all_are_counted(monkeypatch, capsys):
    monkeypatch.setattr(checks, "exercises_by_chapter", lambda: {"99": {"mean": MEAN}})
    checks.main(10)
    out = capsys.readouterr().out
    assert "chapter 99, mean, draw 0: the size is taken" in out or "draw 1: the size" in out
    assert "wrong of 30 verdicts on 10 draws" in out
