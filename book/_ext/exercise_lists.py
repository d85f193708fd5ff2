"""The exercises of all chapters, listed by how hard they are: ``{exercise-list} ●○○``.

The lists are made of the notebooks, where the title of an exercise ends in its dots and minutes.
"""

import re
import sys
from pathlib import Path

import nbformat
from numbering import chapter_number
from sphinx.util.docutils import SphinxDirective
from tables import markdown, table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from byhand.exercises.checking import exercises_by_chapter

HEAD = re.compile(
    r"\{exercise\} (?P<title>.+) · (?P<dots>[●○]{3}) (?P<minutes>\d+) min\n:label: (?P<label>\S+)"
)


def exercises_of(notebook):
    r"""Return the exercises of a chapter in their order, each a dict of what ``HEAD`` names.

    >>> text = "````{exercise} A sum · ●○○ 5 min\n:label: ex-sum\n\nAdd.\n````"
    >>> exercises_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]))
    [{'title': 'A sum', 'dots': '●○○', 'minutes': '5', 'label': 'ex-sum'}]
    """
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [head.groupdict() for text in texts for head in HEAD.finditer(text)]


def kind(label):
    """Return of which kind an exercise is: how ``check`` looks at it says it."""
    every = [one for chapter in exercises_by_chapter().values() for one in chapter.items()]
    exercise = dict(every).get(label.removeprefix("ex-"))
    if exercise is None:
        return "open, without a check"
    if exercise.planted:
        return "find the bug"
    if exercise.goals:
        return "design"
    return "predict, then measure" if exercise.predicts else "compute"


class ExerciseList(SphinxDirective):
    """Write a table of the exercises of one difficulty."""

    required_arguments = 1

    def run(self):
        """Return the table."""
        (dots,) = self.arguments
        rows = []
        for path in sorted(Path(self.env.srcdir, "chapters").glob("*.ipynb")):
            self.env.note_dependency(str(path))
            number = chapter_number(f"chapters/{path.stem}")
            for found in exercises_of(nbformat.read(path, as_version=4)):
                if found["dots"] == dots:
                    link = f"{{ref}}`{found['title']} <{found['label']}>`"
                    texts = str(number), link, kind(found["label"]), found["minutes"]
                    rows.append([markdown(self, text) for text in texts])
        if not rows:
            raise self.error(f"exercise-list: no exercise has {dots!r}; expected ●○○, ●●○ or ●●●")
        return [
            table(("Chapter", "Exercise", "Kind", "Minutes"), rows, (10, 52, 26, 12), "exercises")
        ]


def setup(app):
    """Connect to Sphinx."""
    app.add_directive("exercise-list", ExerciseList)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
