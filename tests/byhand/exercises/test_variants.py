"""Right answers in other styles pass; so do the references', in other forms."""

import importlib
from collections import namedtuple

import numpy as np
import pytest

from byhand.exercises.checking import examine, exercises_by_chapter
from byhand.exercises.diagnosis import is_numeric

CHAPTERS = exercises_by_chapter()
EXERCISES = [exercise for chapter in CHAPTERS.values() for exercise in chapter.values()]
COMPARED = [e for e in EXERCISES if not e.goals]  # the others train a network
WRITTEN = {
    number: importlib.import_module(f"tests.byhand.exercises.variants.ch{number}").VARIANTS
    for number in CHAPTERS
}
VARIANTS = [
    pytest.param(CHAPTERS[number][name], variant, id=f"{name}-{k}")
    for number, table in WRITTEN.items()
    for name, variants in table.items()
    for k, variant in enumerate(variants)
]


@pytest.mark.parametrize("number", CHAPTERS)
def test_each_exercise_has_two(number):
    assert list(WRITTEN[number]) == list(CHAPTERS[number])
    assert all(len(variants) >= 2 for variants in WRITTEN[number].values())


@pytest.mark.parametrize(("exercise", "variant"), VARIANTS)
def test_a_right_answer_passes(exercise, variant):
    report = examine(exercise, variant)
    assert report.status == "pass", report.text


def changed(change):
    def of_a_value(value):
        if isinstance(value, tuple):
            return tuple(of_a_value(part) for part in value)
        return change(value) if is_numeric(value) else value

    return of_a_value


def strided(value):
    return np.repeat(value, 2, 0)[::2] if np.ndim(value) else value


def of_python(value):
    return value if np.ndim(value) else np.asarray(value).item()


def whole(value):
    if np.asarray(value).dtype == bool:
        return value
    integers = np.asarray(value).astype(int)
    return integers if np.array_equal(integers, value) else value


Results = {count: namedtuple("Results", [f"r{i}" for i in range(count)]) for count in range(1, 7)}
FORMS = {
    "Fortran order": changed(lambda value: np.asfortranarray(value) if np.ndim(value) else value),
    "not contiguous": changed(strided),
    "arrays without an axis": changed(np.asarray),
    "numbers of Python": changed(of_python),
    "integers where they are whole": changed(whole),
    "read-only": changed(lambda value: np.broadcast_to(value, np.shape(value))),
    "a list of results": lambda value: list(value) if isinstance(value, tuple) else value,
    "a named tuple": lambda value: (
        Results[len(value)](*value) if isinstance(value, tuple) else value
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("exercise", COMPARED, ids=lambda e: e.name)
def test_the_form_of_a_result_is_left_open(exercise, form):
    def answer(*arguments):
        return FORMS[form](exercise.reference(*arguments))

    report = examine(exercise, answer if exercise.parameters else answer())
    assert report.status == "pass", report.text


@pytest.mark.parametrize("exercise", [e for e in COMPARED if e.parameters], ids=lambda e: e.name)
def test_the_memory_order_of_an_argument_is_left_open(exercise):
    def cases(rng):
        return {
            title: tuple(
                np.asfortranarray(a) if isinstance(a, np.ndarray) and a.ndim > 1 else a
                for a in arguments
            )
            for title, arguments in exercise.cases(rng).items()
        }

    other = type(exercise)(**vars(exercise) | {"cases": cases})
    assert examine(other, exercise.reference).status == "pass"
