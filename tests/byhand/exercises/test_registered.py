"""Every exercise that is declared: the reference passes, and each known mistake is named."""

import re

import numpy as np
import pytest

from benchmarks.checks import wrong_verdicts
from byhand.exercises.checking import examine, exercises_by_chapter

EXERCISES = [e for chapter in exercises_by_chapter().values() for e in chapter.values()]
COMPARED = [e for e in EXERCISES if not e.goals]  # the others train a network
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
    text = " ".join(report.text.split())
    assert f" is what comes out when {mistake}." in text, report.text
    assert ", or when " not in text, "two mistakes that cannot be told apart"


# The text follows "This is what comes out when", so it has to say what is wrong, in a clause.
VERB = re.compile(
    r"\b(is|are|has|have|had|does|do|can|cannot|may|must|never)\b|\b(give|go|share|follow|swap|looks?|stops|overwrites)\b"
    r"|\b(gets?|goes|takes?|stands?|stays?|comes?|lacks?|counts?|runs?|belongs?|decides?|passes)\b"
    r"|\b(hands?|multiplies|chooses|rounds|computes?|needs|holds?|starts?|acts?|mixes|sums?)\b"
    r"|\b(meets|lies|ends?|serves|wins?|overflows|underflows|falls?|grows|averages|weighs)\b"
    r"|\b(moves?|reaches|uses|replaces?|keeps|reads?|enters|spreads|sticks|gives|shares|follows)\b"
)


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=by_name)
def test_a_mistake_begins_with_what_is_wrong(exercise, mistake):
    clause = re.split(r"[:;]", mistake)[0]
    assert VERB.search(clause)
    assert "?" not in clause
    assert not re.match(r"(this|these|those) |there are ", mistake)
    assert not mistake.endswith(("?", "."))


@pytest.mark.parametrize("exercise", COMPARED, ids=by_name)
def test_the_verdicts_hold_on_other_draws(exercise):
    # python -m benchmarks checks --draws 500 tries more of them.
    assert wrong_verdicts(exercise, range(1, 21)) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=by_name)
def test_an_exercise_teaches(exercise):
    assert len(exercise.mistakes) >= 3 or exercise.goals
    assert 2 <= len(exercise.hints) <= 4


@pytest.mark.parametrize("exercise", [e for e in COMPARED if e.parameters], ids=by_name)
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
