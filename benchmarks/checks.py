"""Whether the checks of the exercises hold on other draws than the seeded one that readers meet."""

import time

import numpy as np

from byhand.exercises.checking import exercises_by_chapter
from byhand.exercises.trial import passes


def wrong_verdicts(exercise, seeds):
    """Run the reference and every known mistake on the cases of many draws.

    Parameters
    ----------
    exercise : Exercise
    seeds : iterable of int

    Returns
    -------
    list of (int, str)
        The seed, and the mistake that passes there, or "the reference fails".
    """
    wrong = []
    for seed in seeds:
        cases = exercise.cases(np.random.default_rng(seed))
        if not passes(exercise, exercise.reference, cases):
            wrong.append((seed, "the reference fails"))
        wrong += [
            (seed, mistake)
            for mistake, function in exercise.mistakes.items()
            if passes(exercise, function, cases)
        ]
    return wrong


def main(draws):
    """Print every wrong verdict, and how many there were."""
    start, found, count = time.perf_counter(), 0, 0
    for number, chapter in exercises_by_chapter().items():
        for exercise in chapter.values():
            if exercise.goals:  # nothing is drawn, and a network is trained
                continue
            wrong = wrong_verdicts(exercise, range(draws))
            found += len(wrong)
            count += draws * (1 + len(exercise.mistakes))
            for seed, what in wrong:
                print(f"chapter {number}, {exercise.name}, draw {seed}: {what}")
    seconds = time.perf_counter() - start
    print(f"{found} wrong of {count:,} verdicts on {draws} draws, in {seconds:.0f} s")
