"""How long a chapter takes, counted from what it holds: ``python book/_tools/reading_time.py``.

The line **Time** in a chapter's first cells is compared with the count by a test. The command
prints the counts; with ``--write`` it puts them into the notebooks.

The rates are those of a reader who follows every step: prose of mathematics at half the speed of
a novel, a formula looked at for half a minute, code read at a dozen lines a minute.
"""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]

WORDS = 130  # per minute
CODE_LINES = 15  # per minute
FORMULA, EXERCISE, LAB, PREDICTION = 0.4, 6.0, 5.0, 1.0  # minutes each
STEP = 5  # minutes: what is finer would be pretended

STATED = re.compile(r"(\*\*Time\*\*: )(\d+)( minutes)")
DISPLAYED = re.compile(r"\$\$.*?\$\$", re.DOTALL)
SECTION = re.compile(r"^(?:\((?P<label>[\w-]+)\)=\n)?## (?P<title>.+)$", re.MULTILINE)
FENCED = re.compile(r"^```(?:python|sh)$.*?^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Contents:
    """What a chapter holds, each counted."""

    words: int = 0
    formulas: int = 0
    code_lines: int = 0
    exercises: int = 0
    labs: int = 0
    predictions: int = 0

    @property
    def exact(self):
        """The time for all of it, in minutes."""
        return (
            self.words / WORDS
            + self.code_lines / CODE_LINES
            + self.formulas * FORMULA
            + self.exercises * EXERCISE
            + self.labs * LAB
            + self.predictions * PREDICTION
        )

    @property
    def minutes(self):
        """The time for all of it, rounded to five minutes."""
        return rounded(self.exact)


def rounded(minutes):
    """Return minutes in steps of five, at least one step."""
    return max(STEP, STEP * round(minutes / STEP))


def sections(notebook):
    """Return the cells of each section of a chapter.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    dict
        By the section's label, or its title where it has none; those before the first by ``None``.
    """
    found, here = {None: []}, None
    for cell in notebook.cells:
        head = SECTION.search(cell.source) if cell.cell_type == "markdown" else None
        if head:
            here = head["label"] or head["title"]
        found.setdefault(here, []).append(cell)
    return found


def contents(notebook):
    """Count what a chapter holds; code that the page does not show is not read.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    Contents
    """
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    hidden = {"remove-input", "hide-input", "remove-cell"}
    shown = [cell.source for cell in code if not hidden & set(cell.metadata.get("tags", []))]
    lines = [line for source in shown for line in source.splitlines() if line.strip()]
    every = "\n".join(cell.source for cell in code)
    return Contents(
        words=len(FENCED.sub("", DISPLAYED.sub("", prose)).split()),
        formulas=len(DISPLAYED.findall(prose)),
        code_lines=len(lines),
        exercises=prose.count("{exercise}"),
        labs=len(re.findall(r"^labs\.(?!predict|interact)\w+\(", every, flags=re.MULTILINE)),
        predictions=len(re.findall(r"^labs\.predict\(", every, flags=re.MULTILINE)),
    )


def stated(notebook):
    """Return the minutes that a chapter states, None where it states none.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    int or None
    """
    found = STATED.search("\n".join(cell.source for cell in notebook.cells[:3]))
    return int(found[2]) if found else None


def write(path, minutes):
    """Put the minutes where the chapter states them; nothing else in the file changes."""
    text = path.read_text(encoding="utf-8")
    path.write_text(STATED.sub(rf"\g<1>{minutes}\g<3>", text, count=1), encoding="utf-8")


def main():
    """Print each chapter's counts, and write its minutes where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--write", action="store_true", help="put the minutes into the chapters")
    options = parser.parse_args()
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        held, said = contents(notebook), stated(notebook)
        print(f"{path.stem:28} {held.minutes:4} minutes, {said} stated: {held}")
        if options.write and held.minutes != said:
            write(path, held.minutes)


if __name__ == "__main__":
    main()
