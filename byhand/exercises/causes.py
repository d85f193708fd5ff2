"""Which known mistake explains what came out: in every case that fails, or it is not named."""

import functools

import numpy as np

from byhand.exercises.diagnosis import same_values
from byhand.exercises.trial import trials


def known_causes(exercise, mine):
    """Find the known mistakes that do in every case what the learner's function does.

    Parameters
    ----------
    exercise : Exercise
    mine : list of Trial
        The learner's, one at least that fails.

    Returns
    -------
    whole : list of str
        Mistakes that give all of the learner's results.
    part : dict of str to list of str
        By the name of a result: mistakes that give this result of the learner's, where no mistake
        gives all.
    """
    if exercise.goals:
        return [], {}
    theirs = _wrong_runs(exercise)
    whole = [m for m, other in theirs.items() if _all_alike(exercise, mine, other)]
    if whole or len(exercise.returns) == 1:
        return whole, {}
    part = {}
    for i, name in enumerate(exercise.returns):
        if _is_wrong_somewhere(exercise, mine, i):
            alike = [m for m, other in theirs.items() if _part_alike(exercise, mine, other, i)]
            if alike:
                part[name] = alike
    return [], part


def behaves_like(exercise, mine, function):
    """Whether the learner's function does in every case what another one does.

    Parameters
    ----------
    exercise : Exercise
    mine : list of Trial
    function : callable

    Returns
    -------
    bool
    """
    return _all_alike(exercise, mine, trials(exercise, function, exercise.seeded_cases()))


@functools.lru_cache(maxsize=4)
def _wrong_runs(exercise):
    """Run every known mistake on every case; an answer is often checked again and again."""
    cases = exercise.seeded_cases()
    return {mistake: trials(exercise, wrong, cases) for mistake, wrong in exercise.mistakes.items()}


def _all_alike(exercise, mine, theirs):
    """Whether two functions do the same in every case, and a value shows it."""
    if len(mine) != len(theirs) or _failing(mine) != _failing(theirs):
        return False
    pairs = [(a, b.got) for a, b in zip(mine, theirs, strict=True) if a.fault is not None]
    shown = [a.got.error is None and b.error is None for a, b in pairs]
    return any(shown) and all(_alike(exercise, a, b) for a, b in pairs)


def _failing(run):
    return [trial.number for trial in run if trial.fault is not None]


def _alike(exercise, trial, theirs):
    """Whether a wrong function does in a case what the learner's did there."""
    mine = trial.got
    if mine.error is not None or theirs.error is not None:
        return type(mine.error) is type(theirs.error)
    return (
        len(mine.parts) == len(theirs.parts)
        and all(
            same_values(their, my, exercise.tolerance)
            for their, my in zip(theirs.parts, mine.parts, strict=True)
        )
        and (not _only_its_dtype_is_wrong(exercise, trial) or _kinds(mine) == _kinds(theirs))
        and bool(mine.warned) == bool(theirs.warned)
        and mine.changed == theirs.changed
    )


def _only_its_dtype_is_wrong(exercise, trial):
    i = trial.part
    return i is not None and same_values(
        trial.expected.parts[i], trial.got.parts[i], exercise.tolerance
    )


def _kinds(outcome):
    return [np.asarray(part).dtype.kind for part in outcome.parts]


def _part_alike(exercise, mine, theirs, i):
    """Whether two functions give the same result number ``i`` in every case, and it is wrong."""
    if len(mine) != len(theirs) or not _is_wrong_somewhere(exercise, theirs, i):
        return False
    pairs = [(a.got.parts, b.got.parts) for a, b in zip(mine, theirs, strict=True)]
    return all(
        len(a) == len(b) == len(exercise.returns) and same_values(b[i], a[i], exercise.tolerance)
        for a, b in pairs
    )


def _is_wrong_somewhere(exercise, run, i):
    return any(
        len(trial.got.parts) == len(exercise.returns)
        and not same_values(trial.expected.parts[i], trial.got.parts[i], exercise.tolerance)
        for trial in run
    )
