"""``predict``: a question that the reader answers before reading on.

The questions stand in ``byhand/questions/NN.toml``, so the cell that asks does not show the answer.
Texts may hold HTML. The answer stays in the reader's browser.
"""

import difflib
import functools
import html
import json
import re
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path

from byhand.labs.lab import bundle_is_built, is_live

QUESTIONS = Path(__file__).parent.parent / "questions"


@dataclass(frozen=True)
class Choice:
    """One answer of several.

    Parameters
    ----------
    text : str
    feedback : str
        Why it is right, or which idea leads to it and what is wrong with that idea.
    right : bool
    """

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class KnownValue:
    """A wrong number with a known cause.

    Parameters
    ----------
    value : float
    feedback : str
    """

    value: float
    feedback: str


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """A question in a page: a form with a script, a list to unfold without one.

    Parameters
    ----------
    name : str
        ``"03-first-cost"``; the form's id is ``predict-03-first-cost``.
    question : str
    """

    name: str
    question: str

    def __repr__(self):  # the kinds below keep it: a dataclass's own would show the answer
        return self.text()

    def text(self):
        """Return the question and what can be answered, without the answer."""
        return "\n".join([_plain(self.question), *self._plain_answers()])

    def html(self):
        """Return a form that ``labs.js`` fills, and that can be read without it."""
        # "<" could end the script element early.
        data = json.dumps(self.spec(), ensure_ascii=False).replace("<", "\\u003c")
        answers = "\n".join(
            f"<details><summary>{summary}</summary><p>{content}</p></details>"
            for summary, content in self._unfolding_answers()
        )
        return (
            f'<form class="prediction" id="predict-{self.name}" data-predict="{self.name}">\n'
            f"<fieldset><legend>{self.question}</legend>\n{answers}\n</fieldset>\n"
            f'<script type="application/json">{data}</script>\n</form>'
        )

    def spec(self):
        """Return what the browser needs, ready for JSON."""
        return asdict(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        if not (is_live() and bundle_is_built()):
            return {"text/html": self.html(), "text/plain": self.text()}
        from byhand.labs.widget import BookWidget

        view, metadata = BookWidget(self.spec(), "renderPrediction")._repr_mimebundle_()
        return view | {"text/plain": self.text()}, metadata


@dataclass(frozen=True, kw_only=True, repr=False)
class ChoiceQuestion(Prediction):
    """Several answers, one of them right.

    Parameters
    ----------
    choices : sequence of Choice
    """

    choices: tuple

    def _plain_answers(self):
        return [f"- {_plain(choice.text)}" for choice in self.choices]

    def _unfolding_answers(self):
        for choice in self.choices:
            verdict = "Right." if choice.right else "Not so."
            yield choice.text, f"<strong>{verdict}</strong> {choice.feedback}"


@dataclass(frozen=True, kw_only=True, repr=False)
class NumberQuestion(Prediction):
    """A number to guess.

    Parameters
    ----------
    answer, tolerance : float
    unit : str
        Shown after the number, such as ``"%"``.
    right, low, high : str
        Feedback for an answer that is right, too low, too high.
    known : sequence of KnownValue
        Wrong numbers with a known cause.
    """

    answer: float
    tolerance: float = 0.0
    unit: str = ""
    right: str
    low: str
    high: str
    known: tuple = ()

    def _plain_answers(self):
        return [f"(a number{self.unit and f' in {self.unit}'})"]

    def _unfolding_answers(self):
        number = f"{self.answer:,.10g}".replace("-", "−")
        space = "" if self.unit in ("", "%") else " "
        yield "Show the answer", f"<strong>{number}{space}{self.unit}.</strong> {self.right}"


def predict(name):
    """Ask a question that the reader answers before reading on.

    Parameters
    ----------
    name : str
        ``"03-first-cost"``: the chapter's number, and the question's name; the number is 00 for
        what is asked before the first chapter.

    Returns
    -------
    Prediction
        Shows itself as the last value of a cell.

    Raises
    ------
    ValueError
        When there is no question of this name; near matches are listed.
    """
    known = questions()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(str(name), known, cutoff=0.5)
    meant = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known are {list(known)}"
    raise ValueError(f"predict: there is no question {name!r}; {meant}")


class Answered:
    """How many predictions of each chapter a reader has answered, on the book's landing page.

    The browser counts them in its own storage. It shows nothing where there are none, no storage or
    no script, and nothing in a notebook, whose answers are kept elsewhere.
    """

    def __repr__(self):
        return "(In the published book: how many predictions you have answered.)"

    def html(self):
        """Return an empty element, hidden, with the names of the questions of each chapter."""
        by_chapter = {}
        for name in questions():
            by_chapter.setdefault(name[:2], []).append(name)
        del by_chapter["00"]  # what is asked before the first chapter
        return (
            '<div class="predictions-answered" hidden>'
            f'<script type="application/json">{json.dumps(by_chapter)}</script></div>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": repr(self)}


def answered():
    """Return what shows, on the landing page, how many predictions a reader has answered."""
    return Answered()


@functools.cache
def questions():
    """Return every question by name, in the order of the files."""
    tables = {}
    for path in sorted(QUESTIONS.glob("*.toml")):
        tables |= tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _question(name, table) for name, table in tables.items()}


def _question(name, table):
    # What its numbers are tied to is read by the build: book/_tools/numbers_in_words.py.
    table = {key: value for key, value in table.items() if key != "numbers"}
    if "choices" in table:
        choices = tuple(Choice(**choice) for choice in table["choices"])
        if sum(choice.right for choice in choices) != 1:
            raise ValueError(f"predict: {name} needs exactly one right choice")
        return ChoiceQuestion(name=name, **table | {"choices": choices})
    known = tuple(KnownValue(**value) for value in table.get("known", ()))
    return NumberQuestion(name=name, **table | {"known": known})


def _plain(text):
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()
