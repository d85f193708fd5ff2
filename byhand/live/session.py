"""A session: cells that run one after the other in one namespace, as in a notebook.

The worker writes what it asks for into a file, calls ``turn``, and reads the answer from another
one, because the engine takes source and gives back no value.
"""

import ast
import builtins
import contextlib
import io
import json
import linecache
import re
import sys
import time
import tokenize
import traceback
import types
from pathlib import Path

from byhand.live import controls
from byhand.live.outputs import Outputs, Stream, formatted

TURN = Path("/tmp/turn")  # in the engine's own files
HERE = str(Path(__file__).parent)
# Where libraries lie in the engine; a reader sees numpy/linalg/_linalg.py.
PLACES = re.compile(r'File "(/usr/local/lib/python\d+\.zip|/book/lib|/book)/')
NOT_HERE = "Either its name is misspelled, or this page, which loads little, has not loaded it."
ADVICE = (  # on environments of a computer's own Python
    " Site initialization is disabled, did you forget to add the site-packages directory to "
    "sys.path or to enable your virtual environment?"
)
SHELL = "A line that begins with {!r} is a command of Jupyter's, and there is none in the page."

_session = None


def current():
    """Return the session that runs in this Python, or None."""
    return _session


def start(echo=True):
    """Begin a session and make it the current one.

    Parameters
    ----------
    echo : bool
        Whether what is printed goes to the process's own streams at once, too.

    Returns
    -------
    Session
    """
    global _session
    _session = Session(echo)
    return _session


def turn():
    """Do what the worker's file asks for, and write the answer beside it."""
    ask = json.loads((TURN / "ask.json").read_text(encoding="utf-8"))
    answer = (current() or start()).run(ask["source"], ask["label"])
    (TURN / "answer.json").write_text(json.dumps(answer), encoding="utf-8")


class Session:
    """Runs cells and keeps what they define.

    Parameters
    ----------
    echo : bool
    """

    def __init__(self, echo=True):
        self.outputs = Outputs(echo)
        self.count = 0
        self.drawn_again = {}  # the functions that interact was given
        self.module = types.ModuleType("__main__")  # where dataclasses look their names up
        self.module.__dict__["__builtins__"] = builtins

    def run(self, source, label=None):
        """Run a cell.

        Parameters
        ----------
        source : str
        label : str, optional
            What the cell is called in a traceback, such as ``"Cell 12"``.

        Returns
        -------
        dict
            ``ok``, ``outputs`` as a notebook stores them, ``error`` (None, or ``name``, ``message``
            and ``line``), ``seconds``.
        """
        self.count += 1
        label = label or f"Cell {self.count}"
        self.outputs.take()
        begun, error = time.perf_counter(), None
        with self._in_place():
            try:
                self._execute(source, label)
            except BaseException as caught:  # SystemExit, too, ends a cell and not the session
                error = self._note(caught, label)
            try:
                self._show_figures()
            except Exception as caught:
                error = error or self._note(caught, label)
        return {
            "ok": error is None,
            "outputs": self.outputs.take(),
            "error": error,
            "seconds": time.perf_counter() - begun,
        }

    def display(self, data, metadata=None):
        """Add data by MIME type to the outputs."""
        self.outputs.display(data, metadata)

    def show(self, value):
        """Add a value to the outputs, as ``display(value)`` does."""
        self.outputs.display(*formatted(value))

    def interact(self, function, abbreviations):
        """Show controls, and run the function with their start values.

        Parameters
        ----------
        function : callable
        abbreviations : dict
            What ``byhand.labs.interact`` was given.
        """
        name = f"interact-{self.count}-{len(self.drawn_again) + 1}"
        drawn = controls.controls(function, abbreviations)
        self.drawn_again[name] = function, drawn
        shown = {"id": name, "controls": [control.spec() for control in drawn]}
        text = f"Controls: {', '.join(control.name for control in drawn)}"
        self.display({controls.MIME: json.dumps(shown), "text/plain": text})
        self.again(name, json.dumps({control.name: control.value for control in drawn}))

    def again(self, name, values):
        """Run an ``interact`` function with values of its controls.

        Parameters
        ----------
        name : str
            The controls' ``id``.
        values : str
            JSON: name to value; where the control is a choice, the number of the option.

        Raises
        ------
        ValueError
            When there are no such controls.
        """
        if name not in self.drawn_again:
            raise ValueError("These controls belong to an earlier run: run their cell again.")
        function, drawn = self.drawn_again[name]
        values = json.loads(values)
        result = function(**{control.name: control.read(values) for control in drawn})
        if result is not None:
            self.show(result)

    @contextlib.contextmanager
    def _in_place(self):
        """Let the cell find its own streams, its own main module, and nobody to ask."""
        before = sys.stdout, sys.stderr, sys.modules["__main__"], builtins.input
        sys.stdout, sys.stderr = (Stream(self.outputs, name) for name in ("stdout", "stderr"))
        sys.modules["__main__"], builtins.input = self.module, _nobody_to_ask
        try:
            yield
        finally:
            sys.stdout, sys.stderr, sys.modules["__main__"], builtins.input = before

    def _execute(self, source, label):
        lines = source.splitlines(keepends=True)
        linecache.cache[label] = len(source), None, lines, label  # for tracebacks and inspect
        tree = _parsed(source, label)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _ends_quietly(source):
            last = ast.Expression(tree.body.pop().value)
        names = self.module.__dict__
        exec(compile(tree, label, "exec", dont_inherit=True), names)
        if last is not None:
            value = eval(compile(last, label, "eval", dont_inherit=True), names)
            if value is not None:
                names["_"] = value
                self.outputs.result(*formatted(value), self.count)

    def _show_figures(self):
        if "matplotlib.pyplot" in sys.modules:
            from byhand.live import figures

            figures.show_all(self.display)

    def _note(self, error, label):
        """Add an error to the outputs, without the frames of this file, and return it as data."""
        if isinstance(error, ModuleNotFoundError):
            error.add_note(NOT_HERE)
        told = traceback.TracebackException.from_exception(error)
        told.stack[:] = [frame for frame in told.stack if not frame.filename.startswith(HERE)]
        numbers = [frame.lineno for frame in told.stack if frame.filename == label]
        message = str(error)
        if isinstance(error, SyntaxError) and error.filename == label:
            told.stack.clear()  # of the parser
            numbers, message = [error.lineno], error.msg
        lines = PLACES.sub('File "', "".join(told.format())).replace(ADVICE, "").splitlines()
        self.outputs.error(type(error).__name__, message, lines)
        line = numbers[-1] if numbers else None
        return {"name": type(error).__name__, "message": message, "line": line}


def _parsed(source, label):
    """Return the syntax tree of a cell; a command of Jupyter's gets an error that says so."""
    try:
        return ast.parse(source, label)
    except SyntaxError as error:
        lines = source.splitlines()
        at = (error.lineno or 1) - 1
        line = lines[at].strip() if at < len(lines) else ""
        if line.startswith(("%", "!")):
            error.add_note(SHELL.format(line[0]))
        raise


def _ends_quietly(source):
    """Tell whether the last line ends in a semicolon, which keeps its value from being shown."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.DEDENT}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type not in skipped][-1:] == [";"]


def _nobody_to_ask(prompt=""):
    raise EOFError("input() cannot ask anybody in the page: write the value into the cell instead")
