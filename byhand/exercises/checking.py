"""Run a learner's answer beside the reference, and say what is wrong with it.

An exercise knows the mistakes that people make in it, as wrong implementations. When the learner's
result equals that of a wrong implementation, the mistake has a name.
"""

import copy
import difflib
import functools
import importlib
import inspect
import pkgutil
import textwrap
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from byhand.exercises.diagnosis import differs, largest_error, show, show_both

SEED = 0
WIDTH = 68  # letters: a line of output in the published page


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What a learner is to compute, on which inputs, and how it goes wrong.

    Parameters
    ----------
    name : str
        As in ``check("name", answer)``; the label in the chapter is ``ex-name``.
    verifies : str
        Names what was solved, in the sentence that follows "Correct: ".
    reference : callable
        The right answer. Its parameters are those of the learner's function; one without
        parameters asks for a value rather than a function.
    returns : tuple of str
        Names of the results: ``("dw", "db")``.
    mistakes : dict of str to callable
        Known wrong implementations. The text ends the sentence "This is what comes out when ...".
    hints : tuple of str
        From a nudge to nearly the answer.
    cases : callable, optional
        ``rng -> {description: arguments}``, the smallest first. A value needs none.
    view : callable, optional
        Maps an answer to what is compared, where many answers are right.
    tolerance : float
        Largest accepted error, relative to the largest expected entry.
    numbers : dict of str to str
        What the numbers in its texts are tied to: ``{"in 7 of": "wins", "2,000": "given"}``.
    """

    name: str
    verifies: str
    reference: Callable
    returns: tuple
    mistakes: dict
    hints: tuple
    cases: Callable = lambda rng: {"your answer": ()}
    view: Callable = lambda answer: answer
    tolerance: float = 1e-9
    numbers: dict = field(default_factory=dict)

    @property
    def parameters(self):
        """Names of the arguments."""
        return tuple(inspect.signature(self.reference).parameters)


@dataclass(frozen=True)
class Report:
    """What ``check`` has to say: ``status`` is "pass", "turn" or "fail"."""

    status: str
    text: str


def check(name, answer):
    """Check an answer to an exercise, and print what was found.

    Parameters
    ----------
    name : str
        The exercise.
    answer : callable or value
        The function itself, not its result; or the value, where the exercise asks for one.
        Unfinished answers (``...``) print "Your turn" and raise nothing.

    Raises
    ------
    ValueError
        When there is no exercise of this name; near matches are listed.
    """
    print(examine(_find("check", name), answer).text)


def hint(name):
    """Print the next hint to an exercise; each call in a session goes one further.

    Parameters
    ----------
    name : str
        The exercise.

    Raises
    ------
    ValueError
        When there is no exercise of this name; near matches are listed.
    """
    hints = _find("hint", name).hints
    _hints_shown[name] = number = min(_hints_shown[name] + 1, len(hints))
    end = " (This was the last one.)" if number == len(hints) else ""
    print(_wrap(f"Hint {number} of {len(hints)}: {hints[number - 1]}{end}"))


_hints_shown = Counter()


@functools.cache
def exercises_by_chapter():
    """Return the exercises of every chapter: ``{"03": {"sigmoid": Exercise, ...}, ...}``."""
    package = importlib.import_module("byhand.exercises")
    files = [m.name for m in pkgutil.iter_modules(package.__path__) if m.name[2:].isdigit()]
    chapters = {f[2:]: importlib.import_module(f"byhand.exercises.{f}") for f in sorted(files)}
    return {
        number: {exercise.name: exercise for exercise in chapter.EXERCISES}
        for number, chapter in chapters.items()
    }


def _find(function, name):
    known = {k: e for chapter in exercises_by_chapter().values() for k, e in chapter.items()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, cutoff=0.5)
    meant = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {list(known)}"
    raise ValueError(f"{function}: there is no exercise {name!r}; {meant}")


def examine(exercise, answer):
    """Check an answer and report; ``check`` prints the report.

    Parameters
    ----------
    exercise : Exercise
    answer : callable or value

    Returns
    -------
    Report
        Of the first case that fails, or of success.
    """
    name, parameters = exercise.name, exercise.parameters
    if _unfinished(answer):
        return _your_turn(name)
    if not callable(answer):
        if parameters:
            signature = f"a function of ({', '.join(parameters)})"
            return Report("fail", _wrap(
                f"Not yet: {name} asks for {signature}, but got a value of type "
                f"{type(answer).__name__}. Pass the function itself, without calling it."
            ))  # fmt: skip
        value, answer = answer, lambda: value
    if unfit := _wrong_parameters(answer, parameters):
        return Report("fail", _wrap(f"Not yet: {name} {unfit}"))

    cases = exercise.cases(np.random.default_rng(SEED))
    worst, failure = _compare(exercise, answer, cases)
    if failure is None:
        text = f"Correct: {exercise.verifies}."
        if parameters:
            error = f"largest error {worst:.0e}" if worst else "no rounding error at all"
            text += f" Checked in {len(cases)} cases ({'; '.join(cases)}); {error}."
        return Report("pass", _wrap(text))
    if failure.got.is_unfinished:
        return _your_turn(name)
    return Report("fail", _explain(exercise, cases, failure, answer))


# One run of one function


@dataclass(frozen=True)
class _Outcome:
    """What a function did with one case."""

    parts: tuple = ()
    error: Exception | None = None
    warned: frozenset = frozenset()  # messages of NumPy's warnings
    changed: tuple = ()  # names of arguments that it changed

    @property
    def is_unfinished(self):
        if self.error is not None:
            return isinstance(self.error, NotImplementedError) or "ellipsis" in str(self.error)
        return _unfinished(self.parts)


def _unfinished(value):
    """Whether a value is, or holds, the ``...`` of a starter cell."""
    parts = value if isinstance(value, tuple | list) else (value,)
    return any(part is None or part is ... for part in parts)


def _run(exercise, function, arguments):
    given = copy.deepcopy(arguments)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = function(*given)
            if not _unfinished(value):
                value = exercise.view(value)
        except Exception as error:
            return _Outcome(error=error)
    several = len(exercise.returns) > 1 and isinstance(value, tuple | list)
    return _Outcome(
        parts=tuple(value) if several else (value,),
        warned=frozenset(str(w.message) for w in caught if issubclass(w.category, RuntimeWarning)),
        changed=tuple(
            name
            for name, before, after in zip(exercise.parameters, arguments, given, strict=True)
            if not np.array_equal(before, after)
        ),
    )


# Finding the first case that fails


@dataclass(frozen=True)
class _Failure:
    """The first case in which a function does not do what the reference does."""

    number: int  # from 1
    title: str
    arguments: dict
    expected: _Outcome
    got: _Outcome
    fault: str
    part: int | None  # index of the wrong result, if it is a result that is wrong


def _compare(exercise, function, cases):
    """Return the largest error of the cases that pass, and the first failure or None."""
    worst = 0.0
    for number, (title, arguments) in enumerate(cases.items(), start=1):
        expected = _run(exercise, exercise.reference, arguments)
        got = _run(exercise, function, arguments)
        named = dict(zip(exercise.parameters, arguments, strict=True))
        fault, part = _fault(exercise, named, expected, got)
        if fault:
            return worst, _Failure(number, title, named, expected, got, fault, part)
        worst = max(worst, *map(largest_error, expected.parts, got.parts))
    return worst, None


def _fault(exercise, named, expected, got):
    """Say what is wrong with an outcome, and with which of its results."""
    if got.error is not None:
        return f"{type(got.error).__name__}: {got.error}", None
    names = exercise.returns
    if len(got.parts) != len(names):
        return (
            f"{len(got.parts)} results came back, expected {len(names)}: {', '.join(names)}.",
            None,
        )
    for i, name in enumerate(names):
        if fault := differs(name, expected.parts[i], got.parts[i], exercise.tolerance, named):
            return fault, i
    if got.warned:
        return f"The numbers are right, but NumPy warns: {min(got.warned)}.", None
    if got.changed:
        return (
            f"The result is right, but your function changed its argument {got.changed[0]}, which "
            "the caller still needs. x -= d changes x in place; x = x - d makes a new array.",
            None,
        )
    return None, None


# Explaining it


def _explain(exercise, cases, failure, answer):
    i, got = failure.part, failure.got
    lines = [show(name, value) for name, value in failure.arguments.items()]
    if i is not None:
        lines += show_both(exercise.returns[i], failure.expected.parts[i], got.parts[i])
    mistake = _known_mistake(exercise, cases, failure)
    if i is None or not mistake:
        lines.append(_wrap(failure.fault))
    if got.error is not None:
        lines += _line_of(got.error, answer)
    if mistake and got.error is not None:
        lines.append(_wrap(f"The same error comes up when {mistake}."))
    elif mistake:
        lines.append(_wrap(f"This is what comes out when {mistake}."))
    elif _only_a_single_example_passes(cases, failure):
        lines.append("A batch of one example passes: over which axis do you sum or average?")
    if i is not None and got.changed:
        lines.append(f"Besides, your function changes its argument {got.changed[0]} in place.")
    case = f", case {failure.number} of {len(cases)}: {failure.title}"
    head = f"Not yet: {exercise.name}{case if exercise.parameters else ''}."
    return "\n".join([head, *lines, f'More help: hint("{exercise.name}")'])


def _known_mistake(exercise, cases, failure):
    """Name the wrong implementation that first fails in this case, and fails in the same way."""
    same_result = None
    for mistake, wrong in exercise.mistakes.items():
        _, other = _compare(exercise, wrong, cases)
        if other is None or other.number != failure.number:
            continue
        mine, theirs = failure.got, other.got
        if mine.error is not None or theirs.error is not None:
            if repr(mine.error) == repr(theirs.error):
                return mistake
            continue
        if len(mine.parts) != len(theirs.parts):
            continue
        same = [
            differs("", their, my, exercise.tolerance, {}) is None
            for their, my in zip(theirs.parts, mine.parts, strict=True)
        ]
        if all(same) and mine.warned == theirs.warned:
            return mistake
        if failure.part is not None and same[failure.part]:
            same_result = same_result or mistake
    return same_result


def _only_a_single_example_passes(cases, failure):
    if "X" not in failure.arguments or failure.number == 1:
        return False
    x = list(failure.arguments).index("X")
    passed = list(cases.values())[: failure.number - 1]
    return all(len(arguments[x]) == 1 for arguments in passed)


def _line_of(error, answer):
    """Quote the learner's line in which an error arose."""
    code = getattr(answer, "__code__", None)
    if code is None or code.co_filename == __file__:  # a value, which has no lines
        return []
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f.line for f in frames if f.filename == code.co_filename and f.line]
    return [f"in the line:  {lines[-1]}"] if lines else []


def _wrong_parameters(answer, parameters):
    try:
        signature = inspect.signature(answer)
    except ValueError:  # some built-in functions have none
        return None
    try:
        signature.bind(*parameters)
    except TypeError:
        return f"is called with ({', '.join(parameters)}), but your function takes {signature}."
    return None


def _your_turn(name):
    return Report("turn", f'Your turn: {name} returns nothing yet.\nFor a nudge: hint("{name}")')


def _wrap(text):
    return textwrap.fill(text, width=WIDTH, break_long_words=False, break_on_hyphens=False)
