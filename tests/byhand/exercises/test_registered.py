"""Every exercise that is declared: the reference passes, and each known mistake is named."""

import numpy as np
import pytest

from byhand.exercises.checking import examine, exercises_by_chapter

EXERCISES = [e for chapter in exercises_by_chapter().values() for e in chapter.values()]
MISTAKES = [(e, text) for e in EXERCISES for text in e.mistakes]


def by_name(value):
    return getattr(value, "name", value)


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_the_reference_passes(exercise):
    report = examine(exercise, exercise.reference)
    assert report.status == "pass", report.text
    assert exercise.verifies in " ".join(report.text.split())


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=by_name)
def test_a_known_mistake_is_named(exercise, mistake):
    report = examine(exercise, exercise.mistakes[mistake])
    assert report.status == "fail"
    assert f" when {mistake}." in " ".join(report.text.split()), report.text


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_an_exercise_teaches(exercise):
    assert len(exercise.mistakes) >= 3
    assert 2 <= len(exercise.hints) <= 4


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.parameters], ids=by_name)
def test_every_case_can_fail(exercise):
    # A case that is passed by zeros would check next to nothing; where 0 is right, ones must fail.
    def zeros(*arguments):
        results = exercise.view(exercise.reference(*arguments))
        results = results if len(exercise.returns) > 1 else (results,)
        fill = np.zeros_like if any(map(np.any, results)) else np.ones_like
        filled = tuple(fill(result) for result in results)
        return filled if len(filled) > 1 else filled[0]

    for title, arguments in exercise.cases(np.random.default_rng(0)).items():
        one = {title: arguments}
        alone = type(exercise)(**vars(exercise) | {"cases": lambda rng, one=one: one})
        assert examine(alone, zeros).status == "fail", title


def test_names_are_unique_over_all_chapters():
    assert len({e.name for e in EXERCISES}) == len(EXERCISES)


def test_the_cases_are_the_same_every_time():
    for exercise in EXERCISES:
        first, second = (exercise.cases(np.random.default_rng(0)) for _ in range(2))
        np.testing.assert_equal(first, second)
