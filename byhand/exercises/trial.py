"""Run a learner's function and the reference on a case, and put both outcomes side by side."""

import contextlib
import copy
import signal
import sys
import threading
import warnings
from dataclasses import dataclass

import numpy as np

from byhand.exercises.diagnosis import differs, is_numeric, largest_error
from byhand.exercises.watch import NotAllowed, has_flags, unwatched, watched


class TookTooLong(Exception):
    """A run was ended after a time."""


@dataclass(frozen=True)
class Outcome:
    """What a function did with one case.

    Parameters
    ----------
    parts : tuple
        Its results.
    error : BaseException, optional
        What it raised instead.
    warned : frozenset of str
        NumPy's warnings.
    changed : tuple of str
        The arguments that it changed.
    printed : bool
        Whether it printed something.
    """

    parts: tuple = ()
    error: BaseException | None = None
    warned: frozenset = frozenset()
    changed: tuple = ()
    printed: bool = False

    @property
    def is_unfinished(self):
        """Whether it met the ``...`` of a starter cell, or returned nothing else."""
        if self.error is not None:
            is_of_it = "ellipsis" in str(self.error) and not isinstance(self.error, IndexError)
            return is_of_it or isinstance(self.error, NotImplementedError)
        return all(part is ... for part in self.parts)


@dataclass(frozen=True)
class Trial:
    """One case, with what was expected and what came.

    ``fault`` says what is wrong, None where nothing is; ``part`` is the index of the wrong result,
    None where it is not a result that is wrong.
    """

    number: int  # from 1
    title: str
    arguments: dict
    expected: Outcome
    got: Outcome
    fault: str | None
    part: int | None

    @property
    def error(self):
        """The largest error of a trial that passed."""
        return max(map(largest_error, self.expected.parts, self.got.parts), default=0.0)


def trials(exercise, function, cases):
    """Run a function on every case, beside the reference.

    Parameters
    ----------
    exercise : Exercise
    function : callable
    cases : dict of str to tuple

    Returns
    -------
    list of Trial
        It ends with a case that took too long: the next ones would, too.
    """
    found = []
    for number, (title, arguments) in enumerate(cases.items(), start=1):
        expected = Outcome() if exercise.goals else run(exercise, exercise.reference, arguments)
        got = run(exercise, function, arguments, seconds=exercise.seconds)
        named = dict(zip(exercise.parameters, arguments, strict=True))
        fault, part = _fault(exercise, named, expected, got)
        found.append(Trial(number, title, named, expected, got, fault, part))
        if isinstance(got.error, TookTooLong):
            break
    return found


def passes(exercise, function, cases):
    """Whether a function is right in every case; it is not run on after the first that fails.

    Parameters
    ----------
    exercise : Exercise
    function : callable
    cases : dict of str to tuple

    Returns
    -------
    bool
    """
    return all(
        trials(exercise, function, {title: arguments})[0].fault is None
        for title, arguments in cases.items()
    )


def run(exercise, function, arguments, seconds=None):
    """Call a function with copies of a case's arguments.

    Parameters
    ----------
    exercise : Exercise
    function : callable
    arguments : tuple
    seconds : float, optional
        When it is ended; by default never.

    Returns
    -------
    Outcome

    Raises
    ------
    KeyboardInterrupt
        When the learner interrupts.
    """
    given = copy.deepcopy(arguments)
    notes = set()
    if exercise.without or not has_flags():
        given = watched(given, notes, exercise.without)
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(all="warn", under="ignore"),
        _listening() as printed,
    ):
        warnings.simplefilter("always")
        try:
            with time_limit(seconds):
                value = unwatched(function(*given))
            if not _holds_nothing(value):
                value = exercise.view(value)
        except (Exception, SystemExit) as error:
            return Outcome(error=error, printed=bool(printed))
    numeric = (w for w in caught if issubclass(w.category, RuntimeWarning))
    return Outcome(
        parts=_parts(value, len(exercise.goals or exercise.returns)),
        warned=frozenset(notes | {str(w.message).replace("in scalar ", "in ") for w in numeric}),
        changed=tuple(
            name
            for name, before, after in zip(exercise.parameters, arguments, given, strict=True)
            if not _equal(before, after)
        ),
        printed=bool(printed),
    )


def _equal(before, after):
    """Whether an argument is as it was; a list may hold arrays of several shapes."""
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(_equal, before, after))
    return np.array_equal(before, after)


def _parts(value, count):
    """Return the results one by one; an array whose first axis counts them will do."""
    if count > 1 and isinstance(value, tuple | list):
        return tuple(map(_as_array, value))
    if count > 1 and isinstance(value, np.ndarray) and value.shape[:1] == (count,):
        return tuple(value)
    return (_as_array(value),)


def _as_array(part):
    """Return a list of numbers as the array that it stands for, and anything else as it is."""
    if not isinstance(part, list):
        return part
    try:
        array = np.array(part)
    except ValueError:  # rows of several lengths
        return part
    return array if array.size and is_numeric(array) else part


def _holds_nothing(value):
    parts = value if isinstance(value, tuple | list) else (value,)
    return any(part is None or part is ... for part in parts)


@contextlib.contextmanager
def _listening():
    """Let through what is printed, and yield a list that is empty until something is."""
    heard, stream = [], sys.stdout

    class Ear:
        def write(self, text):
            heard.append(text)
            return stream.write(text)

        def __getattr__(self, name):
            return getattr(stream, name)

    with contextlib.redirect_stdout(Ear()):
        yield heard


@contextlib.contextmanager
def time_limit(seconds):
    """Raise ``TookTooLong`` in the block after so many seconds.

    A timer of the operating system interrupts it. Where there is none, as on Windows and in a web
    page, and outside the main thread, the block runs on until the reader stops it.

    Parameters
    ----------
    seconds : float or None
    """
    here = threading.current_thread() is threading.main_thread()
    if seconds is None or not here or not hasattr(signal, "setitimer"):
        yield
        return

    def end(number, frame):
        raise TookTooLong(f"still running after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _fault(exercise, named, expected, got):
    """Say what is wrong with an outcome, and with which of its results."""
    if isinstance(got.error, TookTooLong):
        return f"Your function is {got.error}: does a loop never end?", None
    if isinstance(got.error, SystemExit):
        return "Your function ends Python (SystemExit): use return, not exit().", None
    if isinstance(got.error, NotAllowed):
        return f"Your function uses {got.error}, which the text rules out.", None
    if got.error is not None:
        return _raised(got.error), None
    if all(part is None for part in got.parts):
        return _returned_nothing(got), None
    if exercise.goals:
        return _missed(exercise.goals, got.parts)
    names = exercise.returns
    if len(got.parts) != len(names):
        came = "1 result" if len(got.parts) == 1 else f"{len(got.parts)} results"
        return f"{came} came back, expected {len(names)}: return {', '.join(names)}.", None
    done = [i for i, part in enumerate(got.parts) if part is not ...]  # the others are not begun
    for i in done:
        if fault := differs(
            names[i], expected.parts[i], got.parts[i], exercise.tolerance, named, exercise.entrywise
        ):
            return fault, i
    if len(done) < len(names):
        return "", None  # right so far
    if got.warned:
        return f"The numbers are right, but NumPy warns: {min(got.warned)}.", None
    if got.changed:
        return (
            f"The result is right, but your function changed its argument {got.changed[0]}, which "
            "the caller still needs. x -= d changes x in place; x = x - d makes a new array.",
            None,
        )
    return None, None


def _missed(goals, measured):
    """Say which goal a design misses first, or (None, None)."""
    if len(measured) != len(goals) or not all(map(is_numeric, measured)):
        return "", None  # not finished
    for i, ((name, (way, limit)), value) in enumerate(zip(goals.items(), measured, strict=True)):
        reached = value <= limit if way == "at most" else value >= limit
        if not reached:  # nan reaches nothing
            return f"{name} is {value:.4g}, and {way} {limit:g} is asked.", i
    return None, None


def _raised(error):
    """Say what was raised; where shapes do not fit, what to look at."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, ValueError) and ("matmul" in str(error) or "not aligned" in str(error)):
        text += ". Write the shapes beside this product: is a factor to be transposed?"
    return text


def _returned_nothing(got):
    if got.printed:
        return "Your function prints, but returns nothing: end it with return."
    if got.changed:
        return (
            f"Your function changes its argument {got.changed[0]} in place and returns nothing: "
            "make a new array, and return it."
        )
    return "Your function returns None: is a return missing?"
