"""Generic slips, made on the reference's results: where a mistake is named, it speaks of that slip.

Twice the right result is no lost 1/N, and a lost sum no wrong sign.
"""

import re

import numpy as np
import pytest

from byhand.exercises.checking import examine, exercises_by_chapter

EXERCISES = [
    e for chapter in exercises_by_chapter().values() for e in chapter.values() if not e.goals
]


def size(arguments, axis):
    """Return a length of the first matrix, or of the first array."""
    arrays = sorted((a for a in arguments if np.ndim(a)), key=np.ndim, reverse=True)
    return np.shape(arrays[0])[min(axis, np.ndim(arrays[0]) - 1)] if arrays else 3


SLIPS = {  # name: (the slip, what a text that speaks of it may say)
    "twice": (lambda r, a: 2 * r, r"twice|doubl|two|2|½|half"),
    "half": (lambda r, a: r / 2, r"half|halv|2|½"),
    "times N": (lambda r, a: r * size(a, 0), r"sum|added up|mean|averag|divi|1/N|number"),
    "over N": (lambda r, a: r / size(a, 0), r"sum|mean|averag|divi|1/N|number"),
    "times D": (lambda r, a: r * size(a, 1), r"sum|mean|averag|divi|number"),
    "over D": (lambda r, a: r / size(a, 1), r"sum|mean|averag|divi|number"),
    "a mean of it": (lambda r, a: np.mean(r), r"sum|mean|averag|one"),
    "a sum of it": (lambda r, a: np.sum(r), r"sum|one (answer|number)"),
    "transposed": (lambda r, a: np.transpose(r), r"transpos|turn|swap|exchang|column|revers|order"),
    "keepdims": (lambda r, a: np.asarray(r)[None], r"keepdims|axis|row|column|flat|shape"),
    "a column": (lambda r, a: np.asarray(r)[..., None], r"keepdims|axis|row|column|flat|shape"),
    "negated": (
        lambda r, a: -r,
        r"sign|minus|uphill|added|turned|swapp|subtract|around|negative|upside|- y|revers",
    ),
    "squared": (lambda r, a: np.square(r), r"squar|²|varianc|root|power"),
    "the root": (lambda r, a: np.sqrt(np.abs(r)), r"root|deviation|float"),
    "absolute": (lambda r, a: np.abs(r), r"absolute|sign|size"),
    "plus 1": (lambda r, a: r + 1, r"1|one|late|many|shift"),
    "minus 1": (lambda r, a: r - 1, r"1|one|missing|early"),
    "reversed": (lambda r, a: np.flip(r), r"revers|turn|order|first|flip|exchang|swap|transpos"),
    "broadcast": (
        lambda r, a: r[..., None] + 0 * r if np.ndim(r) else r,
        r"column|broadcast|pair",
    ),
}


def slipped(exercise, slip, only):
    """Return the reference with a slip in all of its results, or in one alone."""

    def answer(*arguments):
        results = exercise.reference(*arguments)
        if not isinstance(results, tuple):
            return slip(np.asarray(results), arguments)
        return tuple(
            slip(np.asarray(r), arguments) if only in (None, i) else r
            for i, r in enumerate(results)
        )

    return answer


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.parameters], ids=lambda e: e.name)
def test_a_slip_is_named_as_what_it_is(exercise, slip):
    function, words = SLIPS[slip]
    count = len(exercise.returns)
    for only in [None, *range(count)] if count > 1 else [None]:
        report = examine(exercise, slipped(exercise, function, only))
        text = " ".join(report.text.split())
        for named in re.findall(r" is what comes out when (.*?)\. (?:This|More|The|Besides)", text):
            for mistake in named.split(", or when "):
                assert re.search(words, mistake), text
