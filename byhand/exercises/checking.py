"""Run a learner's answer beside the reference, and say what is wrong with it.

An exercise knows the mistakes that people make in it, as wrong implementations. Where the learner's
function does in every case what a wrong implementation does, the mistake has a name. Else ``check``
says what it knows: which cases pass, which fail, and how the first of them differs.
"""

import copy
import difflib
import dis
import functools
import importlib
import inspect
import pkgutil
import re
import textwrap
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from byhand.exercises.causes import behaves_like, known_causes
from byhand.exercises.diagnosis import is_numeric, is_whole, other_numbers, show, show_both
from byhand.exercises.memory import next_hint, note_passed, passed
from byhand.exercises.trial import trials

SEED = 0
WIDTH = 68  # letters: a line of output in the published page

# What a network of affine maps and ReLUs has to do without.
NO_SWITCHES = frozenset(
    {
        *(
            "absolute",
            "fabs",
            "sign",
            "remainder",
            "mod",
            "fmod",
            "floor_divide",
            "minimum",
            "fmin",
        ),
        *("floor", "ceil", "rint", "trunc", "round", "sin", "cos", "power", "clip"),
        *("equal", "not_equal", "greater", "greater_equal", "less", "less_equal"),
        *("where", "select", "piecewise", "choose"),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
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
    entrywise : bool
        Whether each entry's error is relative to itself.
    without : frozenset of str
        Functions of NumPy that the text leaves out, by their names.
    loops : bool
        Whether the text allows a loop in Python.
    seconds : float
        After which a case is ended.
    planted : callable, optional
        Code that runs and has a bug, as the learner finds it and is to mend it.
    goals : dict of str to (str, float)
        What a design has to reach: ``{"parameters": ("at most", 500)}``. ``view`` measures it, one
        number for each goal, and there is no comparison with the reference.
    predicts : str
        What the learner writes down before measuring it in the last case.
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
    entrywise: bool = False
    without: frozenset = frozenset()
    loops: bool = True
    seconds: float = 10.0
    planted: Callable | None = None
    goals: dict = field(default_factory=dict)
    predicts: str = ""
    numbers: dict = field(default_factory=dict)

    @property
    def parameters(self):
        """Names of the arguments."""
        return tuple(inspect.signature(self.reference).parameters)

    def seeded_cases(self):
        """Return the cases that an answer is checked on, the same every time."""
        return self.cases(np.random.default_rng(SEED))


@dataclass(frozen=True)
class Report:
    """What ``check`` has to say: ``status`` is "pass", "turn" or "fail"."""

    status: str
    text: str


def check(name, answer, *, predicted=None):
    """Check an answer to an exercise, and print what was found.

    Parameters
    ----------
    name : str
        The exercise.
    answer : callable or value
        The function itself, not its result; or the value, where the exercise asks for one.
        Unfinished answers (``...``) print "Your turn" and raise nothing.
    predicted : float, optional
        What you expect to measure, where the exercise asks for it.

    Raises
    ------
    ValueError
        When there is no exercise of this name; near matches are listed.
    """
    exercise = _find("check", name)
    if exercise.predicts and not is_numeric(predicted):
        print(_wrap(f"Your turn: {name} asks for {exercise.predicts}. Write it down before you "
                    f"measure: check(\"{name}\", …, predicted=0.5), say."))  # fmt: skip
        return
    try:
        report = examine(exercise, answer)
    except KeyboardInterrupt:
        print(_wrap(f"Interrupted: {name} was not checked to the end."))
        return
    if report.status == "pass":
        note_passed(name)
    print(report.text)
    if exercise.predicts and report.status == "pass":
        print(_wrap(_how_far(exercise, float(predicted))))


def _how_far(exercise, predicted):
    """Compare a prediction with what was measured in the last case."""
    measured = float(exercise.reference(*list(exercise.seeded_cases().values())[-1]))
    text = f"You predicted {predicted:.3g}; measured is {measured:.3g}"
    if predicted * measured <= 0:
        return f"{text}. Which step of your reasoning gave the sign, or the zero?"
    factor = max(predicted / measured, measured / predicted)
    if factor < 2:
        return f"{text}: well predicted."
    much = "much" if predicted > measured else "little"
    return f"{text}, so you expected {factor:.2g} times too {much}. What did you leave out?"


def hint(name):
    """Print the next hint to an exercise; each call goes one further, also on another day.

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
    number = next_hint(name, len(hints))
    end = " (This was the last one.)" if number == len(hints) else ""
    print(_wrap(f"Hint {number} of {len(hints)}: {hints[number - 1]}{end}"))


def failing(name):
    """Return the arguments of the case that failed in the last ``check`` of an exercise.

    Parameters
    ----------
    name : str
        The exercise.

    Returns
    -------
    dict
        The arguments by name, for ``my_function(**failing(name))``. They are copies.

    Raises
    ------
    ValueError
        When there is no exercise of this name, or no case of it has failed.
    """
    _find("failing", name)
    if name not in _failed:
        raise ValueError(
            f"failing: no case of {name!r} has failed since Python was started; check it first"
        )
    return copy.deepcopy(_failed[name])


def progress():
    """Print, for each chapter, which exercises are passed and which open, and where to go on.

    What was passed is kept in a small file on this machine; ``forget_progress()`` deletes it.
    """
    done = set(passed())
    for number, chapter in exercises_by_chapter().items():
        left = [name for name in chapter if name not in done]
        count = f"{len(chapter) - len(left)} of {len(chapter)} passed"
        end = "." if not left else f"; open: {', '.join(left)}."
        print(textwrap.fill(f"Chapter {number}: {count}{end}", WIDTH, subsequent_indent="  "))
    if after := _next_open(done):
        print(f"Go on with {after[1]}, in chapter {after[0]}.")
    else:
        print("All exercises are passed.")


def _next_open(done):
    """Return (chapter, name) of the first open exercise behind the last one passed, or of all."""
    every = [(number, name) for number, c in exercises_by_chapter().items() for name in c]
    last = max((i for i, (_, name) in enumerate(every) if name in done), default=-1)
    return next((e for e in every[last + 1 :] + every[: last + 1] if e[1] not in done), None)


_failed = {}  # by exercise: the arguments of the first case that failed


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
        Of what fails, or of success.
    """
    name, parameters = exercise.name, exercise.parameters
    _failed.pop(name, None)
    if _is_empty(answer):
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
        return Report("fail", _wrap(f"Not yet: {name}. {unfit}"))

    cases = exercise.seeded_cases()
    done = trials(exercise, answer, cases)
    failed = [trial for trial in done if trial.fault is not None]
    if not failed and not exercise.loops and _has_loop(answer):
        return Report("fail", _wrap(
            f"Not yet: {name}. The numbers are right, but your function has a loop, and the text "
            "asks for none: operations on whole arrays do the same, and much faster."
        ))  # fmt: skip
    if not failed:
        text = f"Correct: {exercise.verifies}."
        if exercise.goals:
            text += f" Reached: {_and(_measured(exercise, done[0]))}."
        elif parameters:
            worst = max(trial.error for trial in done)
            error = f"largest error {worst:.0e}" if worst else "no rounding error at all"
            text += f" Checked in {len(cases)} cases ({'; '.join(cases)}); {error}."
        return Report("pass", _wrap(text))
    if failed[0].got.is_unfinished:
        return _your_turn(name)
    if exercise.planted and behaves_like(exercise, done, exercise.planted):
        return Report("turn", _wrap(
            f"Your turn: {name} is still the code with its bug, and fails in {len(failed)} of "
            f"{len(cases)} cases. For a nudge: hint(\"{name}\")"
        ))  # fmt: skip
    wrong = next((trial for trial in failed if trial.fault), None)
    if wrong is None:
        return _your_turn(name) if exercise.goals else _right_so_far(exercise, failed[0])
    _failed[name] = wrong.arguments
    return Report("fail", _explain(exercise, cases, done, wrong, answer))


def _is_empty(answer):
    """Whether an answer is the ``...`` of a starter cell, or a function whose body is one."""
    if isinstance(answer, tuple | list):
        return all(part is None or part is ... for part in answer)
    body = getattr(getattr(answer, "__code__", None), "co_code", None)
    return answer is None or answer is ... or body == _not_begun.__code__.co_code


def _not_begun(): ...


def _has_loop(answer):
    """Whether a function written in Python jumps back, in it or in a function inside it."""
    code = getattr(answer, "__code__", answer)
    if not isinstance(code, types.CodeType):
        return False
    jumps = any(
        "FOR_ITER" in i.opname or "JUMP_BACKWARD" in i.opname for i in dis.get_instructions(code)
    )
    return jumps or any(map(_has_loop, code.co_consts))


def _right_so_far(exercise, trial):
    """Say which results are right and which are still ``...``."""
    done = [n for n, part in zip(exercise.returns, trial.got.parts, strict=True) if part is not ...]
    left = [n for n in exercise.returns if n not in done]
    verb = "is" if len(done) == 1 else "are"
    return Report("turn", _wrap(
        f"Your turn: {exercise.name}. {_and(done)} {verb} right so far; {_and(left)} "
        f"{'is' if len(left) == 1 else 'are'} to come. For a nudge: hint(\"{exercise.name}\")"
    ))  # fmt: skip


# Explaining what fails


def _explain(exercise, cases, done, wrong, answer):
    i, got = wrong.part, wrong.got
    lines = [show(name, value) for name, value in wrong.arguments.items()]
    if exercise.goals and i is not None:
        lines = _measured(exercise, wrong)
    elif i is not None:
        lines += show_both(exercise.returns[i], wrong.expected.parts[i], got.parts[i])
    whole, part = known_causes(exercise, done)
    if i is None or not (whole or (part and exercise.returns[i] in part)):
        lines.append(_wrap(_said_of_all(exercise, done, wrong)))
    if got.error is not None:
        lines += _line_of(got.error, answer)
    if whole:
        lines.append(_wrap(f"This is what comes out when {', or when '.join(whole)}."))
    for name, mistakes in part.items():
        lines.append(
            _wrap(f"For {name}, this is what comes out when {', or when '.join(mistakes)}.")
        )
    if not whole and not part and (others := _other_cases(cases, done)):
        lines.append(_wrap(others))
    if i is not None and got.changed:
        lines.append(f"Besides, your function changes its argument {got.changed[0]} in place.")
    if not exercise.goals and not all(map(is_whole, wrong.arguments.values())):
        lines.append(f'The whole arguments: failing("{exercise.name}")')
    case = f", case {wrong.number} of {len(cases)}: {wrong.title}"
    head = f"Not yet: {exercise.name}{case if exercise.parameters else ''}."
    return "\n".join([head, *lines, f'More help: hint("{exercise.name}")'])


def _said_of_all(exercise, done, wrong):
    """Say what is wrong in the first case that fails; a factor only if it is there in all."""
    i = wrong.part
    if i is None or not GUESS.match(wrong.fault):
        return wrong.fault
    faults = [t.fault for t in done if t.fault and t.part == i and " holds " not in t.fault]
    guesses = [GUESS.match(fault) for fault in faults]
    if all(guesses):
        if len({guess["what"] for guess in guesses}) == 1:
            same_cause = len({guess["cause"] for guess in guesses}) == 1
            return wrong.fault if same_cause else guesses[0]["what"]
        if len({guess["cause"] for guess in guesses}) == 1 and guesses[0]["cause"]:
            return wrong.fault
    return other_numbers(exercise.returns[i], wrong.expected.parts[i])


# What ``diagnosis`` guesses of a result as a whole: a sign, or a factor, and where it comes from.
GUESS = re.compile(
    r"(?P<what>.* (wrong sign|transposed|\d+ times too (large|small)[^.]*)\.)"
    r"( \d+ (?P<cause>stands in the shape of \w+: is (a|there a)) 1/)?"
)


def _measured(exercise, trial):
    """Write what a design reached, goal by goal."""
    return [show(name, value) for name, value in zip(exercise.goals, trial.got.parts, strict=True)]


def _other_cases(cases, done):
    """Say which cases pass and which fail, where there are several."""
    if len(done) < 2:
        return ""
    passed = [trial.title for trial in done if trial.fault is None]
    failed = [trial.title for trial in done if trial.fault is not None]
    if not passed:
        return "All cases fail." if len(done) == len(cases) else ""
    return f"Passed: {'; '.join(passed)}. Failed: {'; '.join(failed)}."


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
        own = getattr(answer, "__name__", "<lambda>")
        own = "your function" if own == "<lambda>" else own
        return f"check calls {own} with ({', '.join(parameters)}), but it takes {signature}."
    return None


def _your_turn(name):
    return Report("turn", f'Your turn: {name} returns nothing yet.\nFor a nudge: hint("{name}")')


def _and(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _wrap(text):
    return textwrap.fill(text, width=WIDTH, break_long_words=False, break_on_hyphens=False)
