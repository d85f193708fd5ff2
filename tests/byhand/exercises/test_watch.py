"""The watch says what the processor's flags say, so verdicts are equal where there are none."""

import warnings

import numpy as np
import pytest

from byhand.exercises import trial
from byhand.exercises.checking import examine, exercises_by_chapter
from byhand.exercises.watch import Watched, has_flags, unwatched, watched

EXERCISES = [e for chapter in exercises_by_chapter().values() for e in chapter.values()]

X = np.array([-1000.0, 0.0, 2.0, 1e200])
COMPUTED = {
    "overflow in exp": lambda x: np.exp(x),
    "in exp of a negative number": lambda x: 1 / (1 + np.exp(-x)),
    "log of zero": lambda x: np.log(np.abs(x)),
    "log of a negative number": np.log,
    "division by zero": lambda x: 1 / x,
    "zero by zero": lambda x: x[1:2] / x[1:2],
    "a quotient that is too large": lambda x: x / 1e-300,
    "a square that is too large": lambda x: x**2,
    "a power with a pole": lambda x: x**-1.0,
    "inf minus inf": lambda x: np.exp(-x[:1]) - np.exp(-x[:1]),
    "in place": lambda x: np.multiply(x, x, out=np.zeros_like(x)),
    "after np.where": lambda x: np.exp(np.where(x > 1, x, 0)),
    "after a sum": lambda x: np.exp(x.sum()),
    "in a product": lambda x: x @ x,
    "an operator in place": lambda x: x.__imul__(x),
    "nothing": lambda x: np.tanh(x),
    "nan from outside": lambda x: np.array([np.nan]) + x[1:2],
    "inf from outside": lambda x: np.array([np.inf]) + x[1:2],
}


@pytest.mark.parametrize("name", COMPUTED)
def test_the_watch_notes_what_numpy_warns_of(name):
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        expected = COMPUTED[name](X.copy())
    notes = set()
    result = unwatched(COMPUTED[name](watched(X.copy(), notes)))
    np.testing.assert_array_equal(result, expected)
    assert notes == {str(warning.message) for warning in caught}
    assert type(result) is type(expected)


def test_nested_results_are_watched_and_given_back():
    notes = set()
    arrays = watched((np.ones(2), [np.float32(1), 3], "text"), notes)
    assert isinstance(arrays[0], Watched)
    assert isinstance(arrays[1][0], Watched)
    back = unwatched(arrays)
    assert type(back[0]) is np.ndarray
    assert type(back[1][0]) is np.float32
    assert back[1:] == ([1, 3], "text")


def test_this_python_has_flags():
    assert has_flags()


def answers():
    for exercise in EXERCISES:
        yield pytest.param(exercise, exercise.reference, id=f"{exercise.name}: reference")
        for mistake, function in exercise.mistakes.items():
            yield pytest.param(exercise, function, id=f"{exercise.name}: {mistake}")


@pytest.mark.parametrize(("exercise", "answer"), list(answers()))
def test_verdicts_are_the_same_without_flags(exercise, answer, monkeypatch):
    with_flags = examine(exercise, answer)
    monkeypatch.setattr(trial, "has_flags", lambda: False)
    real = np.errstate
    monkeypatch.setattr(np, "errstate", lambda **_: real(all="ignore"))
    without = examine(exercise, answer)
    assert (without.status, without.text) == (with_flags.status, with_flags.text)
