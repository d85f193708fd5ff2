"""Find symbols that ``book/notation.toml`` does not list for a chapter, lists twice, or in vain."""

from functools import cache
from pathlib import Path

from latex import formulas
from notation_table import problems, read
from open_findings import ROOT, Finding


def findings(path):
    """Return what is wrong with the symbols of a chapter."""
    found = problems(table(), int(Path(path).stem[:2]), [f.latex for f in formulas(path)])
    return [Finding(key, message) for key, message in found.items()]


@cache
def table():
    """Return the book's table."""
    return read(ROOT / "book" / "notation.toml")
