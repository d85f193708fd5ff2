"""A way through the book, or what can be left out of it, with the minutes that it takes.

``path`` is a list in YAML, an item a row. An item is a chapter, or a mapping of chapters to some of
their sections, or to nothing for all (``05_backpropagation: [sec-05-layer, sec-05-four]``). With
``:rows: Week`` the rows are numbered; with ``:why: Why they can go`` there is a column of the
items' texts ``why``. The minutes are counted as the chapters' own are, without the exercises, by
``book/_tools/reading_time.py``.
"""

import sys
from pathlib import Path

import nbformat
import yaml
from docutils.parsers.rst import directives
from nbformat.v4 import new_notebook
from numbering import chapter_number
from sphinx.util.docutils import SphinxDirective
from tables import markdown, table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "_tools"))

from reading_time import contents, rounded, sections

WIDTHS = 8, 50, 30, 12


class PathDirective(SphinxDirective):
    """Write the rows of a way, and the hours of all of it."""

    has_content = True
    option_spec = {"rows": directives.unchanged, "why": directives.unchanged}  # noqa: RUF012

    def run(self):
        """Return the table."""
        rows, hours = [], 0.0
        for i, item in enumerate(yaml.safe_load("\n".join(self.content)), 1):
            parts = {item: None} if isinstance(item, str) else dict(item)
            why = parts.pop("why", "")
            span = sum(self.minutes(*part) for part in parts.items())
            read = "; ".join(self.words(*part) for part in parts.items())
            rows.append([str(i), read, why, str(rounded(span))])
            hours += span / 60
        rows.append(["", "all of it", "", f"{hours:.1f} hours"])
        head = self.options.get("rows"), "Read", self.options.get("why"), "Minutes"
        shown = [k for k, text in enumerate(head) if text]
        body = [[markdown(self, row[k]) for k in shown] for row in rows]
        return [table([head[k] for k in shown], body, [WIDTHS[k] for k in shown], "path")]

    def minutes(self, name, labels):
        """Return how long a chapter takes, or some of its sections."""
        path = Path(self.env.srcdir, "chapters", f"{name}.ipynb")
        if not path.exists():
            raise self.error(f"path: there is no chapter {name!r}")
        self.env.note_dependency(str(path))
        parts = sections(nbformat.read(path, as_version=4))
        labels = labels or [part for part in parts if part != "Exercises"]
        if unknown := [label for label in labels if label not in parts]:
            raise self.error(f"path: {name} has no section {unknown[0]!r}, only {[*parts][1:]}")
        cells = [cell for label in labels for cell in parts[label]]
        return contents(new_notebook(cells=cells)).exact

    def words(self, name, labels):
        """Return a chapter in Markdown: its link, and those of the sections."""
        chapter = f"{chapter_number(f'chapters/{name}')} {{doc}}`/chapters/{name}`"
        chosen = ", ".join(f"{{ref}}`{label}`" for label in labels or ())
        return f"{chapter}: {chosen}" if chosen else chapter


def setup(app):
    """Connect to Sphinx."""
    app.add_directive("path", PathDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
