r"""The book's symbols, ``book/notation.toml``, and what is wrong in a chapter's formulas.

1. A symbol is a letter with its font, accent, primes and name (:math:`\hat x`, E_in), an upright
   name or an operator; a form of the table stands for it with any index, power or parenthesis
   behind it, and a form that shows one (σ(z), σ², σ_i) only for those that have it.
2. Each symbol in a chapter's formulas must fit a form that the table lists for the chapter, and
   the form that shows most decides.
3. It is wrong when a symbol fits none, when two entries list one form for the same chapter, and
   when a form is listed for a chapter whose formulas do not have it.

In a form a small letter in an index stands for any index in its place: σ_i fits σ_1. Several
symbols in a row, such as dX, are a form too, and come first.
"""

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from symbols import Symbol, rows

PLACEHOLDER = re.compile(r"[a-z]|\\ell|\\cdot")
KEYS = {"means", "forms", "term"}


class NotationError(ValueError):
    """The table says something that it can not mean."""


@dataclass(frozen=True)
class Form:
    """A way to write a symbol, read from its LaTeX."""

    latex: str
    symbols: tuple[Symbol, ...]

    @classmethod
    def read(cls, latex):
        """Read a form; its symbols up to a parenthesis."""
        row = next((row for row in rows(latex) if any(isinstance(s, Symbol) for s in row)), [])
        found = []
        for item in row:
            if not isinstance(item, Symbol):
                break
            found.append(item)
            if item.behind:
                break
        if not found:
            raise NotationError(f"notation.toml: no symbol in the form {latex!r}")
        return cls(latex, tuple(found))

    @property
    def shown(self):
        """How much the form shows: the more, the earlier it decides."""
        parts = sum(len(s.below) + len(s.above) + bool(s.behind) for s in self.symbols)
        return len(self.symbols), parts

    @property
    def key(self):
        """The form without the choice of its letters: σ_i and σ_k are one."""
        return tuple(
            (s.letter, blank(s.below), blank(s.above), bool(s.behind)) for s in self.symbols
        )

    def covers(self, pairs):
        """Tell whether one of the forms is a case of this one, as f_δ is of f_i."""
        others = (form for form, _ in pairs if form.key != self.key)
        return any(self.fits(other.symbols, 0) for other in others)

    def fits(self, row, at):
        """Tell whether the symbols in a row at a place are of this form."""
        found = row[at : at + len(self.symbols)]
        return len(found) == len(self.symbols) and all(
            isinstance(symbol, Symbol) and alike(form, symbol)
            for form, symbol in zip(self.symbols, found, strict=True)
        )


def blank(parts):
    """Put one mark for every letter that stands for any index."""
    return tuple("·" if PLACEHOLDER.fullmatch(part) else part for part in parts)


def alike(form, symbol):
    """Tell whether a symbol is of a form: the same letter, and all that the form shows."""
    return (
        form.letter == symbol.letter
        and index_fits(form.below, symbol.below)
        and index_fits(form.above, symbol.above)
        and (not form.behind or form.behind == symbol.behind)
    )


def index_fits(form, parts):
    """Tell whether an index fits that of a form: any fits none shown and a single letter."""
    if not form:
        return True
    if len(form) == 1 and PLACEHOLDER.fullmatch(form[0]):
        return bool(parts)
    return len(form) == len(parts) and all(
        a == b or (PLACEHOLDER.fullmatch(a) and (PLACEHOLDER.fullmatch(b) or b.isdigit()))
        for a, b in zip(form, parts, strict=True)
    )


@dataclass(frozen=True)
class Entry:
    """A row of the table: what its forms mean, where, and the notes' Chinese term.

    Attributes
    ----------
    means, term : str
    forms : dict of Form to list of int
        The chapters in which a form has this meaning.
    """

    means: str
    forms: dict = field(hash=False)
    term: str = ""

    @property
    def chapters(self):
        """All chapters of its forms."""
        return sorted({number for numbers in self.forms.values() for number in numbers})


def read(path):
    """Return the entries of a table.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of Entry

    Raises
    ------
    NotationError
        When an entry has an unknown key, no meaning, no form, or a chapter that is no number.
    """
    data = tomllib.loads(Path(path).read_text("utf8"))
    return [entry(number, table) for number, table in enumerate(data.get("symbol", []), start=1)]


def entry(number, table):
    """Read one entry, the ``number``-th."""
    unknown = table.keys() - KEYS
    if unknown or not table.get("means") or not table.get("forms"):
        raise NotationError(
            f"notation.toml: symbol {number} has the keys {sorted(table)}; "
            'expected means = "…", forms = { \'\\sigma\' = "3-5 7" } and perhaps term = "…"'
        )
    forms = {Form.read(latex): chapters(text) for latex, text in table["forms"].items()}
    return Entry(table["means"], forms, table.get("term", ""))


def chapters(text):
    """Return the numbers in ``"3-5 7"``: 3, 4, 5 and 7."""
    found = []
    for part in text.split():
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if not match:
            raise NotationError(
                f'notation.toml: {part!r} in {text!r} is no chapter; expected such as "3-5 7"'
            )
        found += range(int(match[1]), int(match[2] or match[1]) + 1)
    return found


def problems(entries, chapter, formulas):
    r"""Return what is wrong in a chapter's formulas, and in what the table lists for it.

    Parameters
    ----------
    entries : list of Entry
    chapter : int
    formulas : iterable of str

    Returns
    -------
    dict of str to str
        By a short key, such as ``unlisted \hat{x}``, the sentence for a person.
    """
    listed = [
        (form, entry)
        for entry in entries
        for form, numbers in entry.forms.items()
        if chapter in numbers
    ]
    listed.sort(key=lambda pair: pair[0].shown, reverse=True)
    found = double(listed)
    used = set()
    for latex in formulas:
        for row in rows(latex):
            for symbol, best in decided(row, listed):
                used.update(form for form, _ in best)
                shown = f"{symbol} in ${' '.join(latex.split())}$"
                if not best:
                    found.setdefault(
                        f"unlisted {symbol.letter}",
                        f"{shown} is not listed for chapter {chapter} in book/notation.toml; list "
                        "its meaning, or write the book's symbol",
                    )
                elif min(len(set(part)) for part in keys_and_meanings(best)) > 1:
                    forms = " and ".join(sorted(form.latex for form, _ in best))
                    found.setdefault(
                        f"two forms {forms}",
                        f"{shown} fits {forms} alike; list a form that shows both",
                    )
    for form, entry in listed:
        if form not in used:
            found[f"absent {form.latex}"] = (
                f"{form.latex} ({entry.means}) is listed for chapter {chapter} in "
                "book/notation.toml, but no formula of the chapter has it; take the chapter off"
            )
    return found


def double(listed):
    """Return the forms that two entries list."""
    meanings = defaultdict(list)
    for form, entry in listed:
        meanings[form.key].append((form, entry))
    return {
        f"two meanings {pairs[0][0].latex}": (
            f"{pairs[0][0].latex} has {len(pairs)} meanings here: "
            + "; ".join(entry.means for _, entry in pairs)
            + ". Write one of them with another letter, index or accent"
        )
        for pairs in meanings.values()
        if len(pairs) > 1
    }


def keys_and_meanings(pairs):
    """Return the keys of the forms, and the meanings of the entries."""
    return [form.key for form, _ in pairs], [entry.means for _, entry in pairs]


def decided(row, listed):
    """Yield each symbol of a row with the forms and entries that decide: none when none fits.

    Parameters
    ----------
    row : list of Symbol and other tokens
    listed : list of (Form, Entry)
        Those that show most come first.
    """
    at = 0
    while at < len(row):
        fitting = [pair for pair in listed if pair[0].fits(row, at)]
        best = [pair for pair in fitting if pair[0].shown == fitting[0][0].shown]
        best = [(form, entry) for form, entry in best if not form.covers(best)]
        if isinstance(row[at], Symbol):
            yield row[at], best
        at += len(best[0][0].symbols) if best else 1
