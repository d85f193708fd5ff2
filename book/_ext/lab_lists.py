"""The labs with what their addresses take, for teachers: ``{lab-list}``.

The table is made of the labs themselves and of the notebooks that show them.
"""

import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import nbformat
from docutils import nodes
from numbering import chapter_number
from sphinx.util.docutils import SphinxDirective
from tables import table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from byhand import labs

SHOWN = re.compile(r"^labs\.(\w+)\(\)", re.MULTILINE)


def labs_of(notebook):
    """Return the labs that a chapter shows, in their order."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    found = [getattr(labs, name)() for name in SHOWN.findall(code)]
    return [lab for lab in found if isinstance(lab, labs.Lab)]


def alone(lab, left):
    """Return the query that shows a lab alone, with the controls ``left`` and no other.

    Parameters
    ----------
    lab : Lab
    left : sequence of str
    """
    hidden = [control.name for control in lab.controls if control.name not in left]
    query = {"embed": lab.name} | ({f"{lab.name}.hide": ",".join(hidden)} if hidden else {})
    return "?" + urlencode(query, safe=",")


class LabList(SphinxDirective):
    """Write a table of the labs."""

    def run(self):
        """Return the table."""
        rows = []
        for path in sorted(Path(self.env.srcdir, "chapters").glob("*.ipynb")):
            self.env.note_dependency(str(path))
            for lab in labs_of(nbformat.read(path, as_version=4)):
                rows.append(
                    self.row(
                        f"../chapters/{path.stem}.html",
                        chapter_number(f"chapters/{path.stem}"),
                        lab,
                    )
                )
        head = "Chapter", "Lab", "Alone", "With one control", "Controls"
        return [table(head, rows, (8, 16, 16, 20, 40), "lab-list")]

    def row(self, page, number, lab):
        """Return the cells of a lab."""
        every = [control.name for control in lab.controls]
        links = [
            (f"{page}#lab-{lab.name}", lab.name),
            (page + alone(lab, every), f"{lab.name}, alone"),
            (page + alone(lab, every[:1]), f"only {every[0]}"),
        ]
        cells = [
            nodes.paragraph("", "", nodes.reference("", text, refuri=uri)) for uri, text in links
        ]
        names = nodes.paragraph()
        names += [part for name in every for part in (nodes.literal("", name), nodes.Text(" "))][
            :-1
        ]
        return [nodes.paragraph("", str(number)), *cells, names]


def setup(app):
    """Connect to Sphinx."""
    app.add_directive("lab-list", LabList)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
