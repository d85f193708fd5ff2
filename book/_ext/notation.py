"""The page ``book/notation``: the book's symbols and forms, and a check that chapters keep to them.

The tables come from ``book/notation.toml`` and ``book/_tools/scan_forms.py``. A chapter with a
symbol that is not listed for it, with two meanings of one symbol, or with a form that is not the
book's, is a warning.
"""

import re
import sys
from pathlib import Path

from docutils import nodes
from numbering import chapter_number
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from tables import table

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "_tools"))

from latex import formulas
from notation_table import NotationError, problems, read
from scan_forms import BOOK, findings

logger = logging.getLogger(__name__)

PAGE = "book/notation"
MARKED = re.compile(r"\$(.+?)\$|`(.+?)`")


def read_table(srcdir):
    """Return the entries of ``book/notation.toml``."""
    try:
        return read(Path(srcdir, f"{PAGE}.toml"))
    except NotationError as error:
        raise ExtensionError(str(error)) from None


class SymbolsDirective(SphinxDirective):
    """Write the table of symbols: ``shared`` by chapters, or those of a ``single`` one."""

    required_arguments = 1

    def run(self):
        """Return the table, a row an entry."""
        self.env.note_dependency(str(Path(self.env.srcdir, f"{PAGE}.toml")))
        single = {"shared": False, "single": True}[self.arguments[0]]
        entries = [e for e in read_table(self.env.srcdir) if (len(e.chapters) == 1) == single]
        if single:
            entries.sort(key=lambda entry: entry.chapters)
        rows = [
            [
                marked(", ".join(f"${form.latex}$" for form in entry.forms)),
                marked(entry.means),
                nodes.paragraph("", entry.term),
                self.links(entry.chapters),
            ]
            for entry in entries
        ]
        head = ("Symbol", "Meaning", "Chinese term in the notes", "Chapters")
        return [table(head, rows, (18, 44, 14, 24), "symbols")]

    def links(self, chapters):
        """Return the numbers of chapters, each a link to its page."""
        pages = {chapter_number(name): name for name in self.env.found_docs}
        paragraph = nodes.paragraph()
        for i, number in enumerate(chapters):
            text = nodes.Text(str(number))
            if number in pages:
                text = addnodes.pending_xref(
                    "",
                    nodes.inline("", str(number)),
                    refdomain="std",
                    reftype="doc",
                    reftarget=f"/{pages[number]}",
                    refdoc=self.env.docname,
                    refexplicit=True,
                    refwarn=True,
                )
            paragraph += [nodes.Text(" " if i else ""), text]
        return paragraph


class FormsDirective(SphinxDirective):
    """Write the table of the book's forms."""

    def run(self):
        """Return the table, a row for each thing that may be written in several ways."""
        rows = [[marked(text) for text in row] for row in BOOK]
        return [table(("What", "The book writes", "and not"), rows, (22, 48, 30), "forms")]


def marked(text):
    """Return a paragraph of a text with math between dollars and code between backticks."""
    paragraph, end = nodes.paragraph(), 0
    for match in MARKED.finditer(text):
        math, code = match.groups()
        node = nodes.math(math, math) if math else nodes.literal(code, code)
        paragraph += [nodes.Text(text[end : match.start()]), node]
        end = match.end()
    paragraph += nodes.Text(text[end:])
    return paragraph


def check(app, env):
    """Warn about each symbol and each form of a chapter that is not the book's."""
    if PAGE not in env.found_docs:
        return
    entries = read_table(env.srcdir)
    for docname in sorted(env.found_docs):
        number, path = chapter_number(docname), Path(env.doc2path(docname))
        if number is None:
            continue
        symbols = problems(entries, number, [formula.latex for formula in formulas(path)])
        forms = [finding.message for finding in findings(path)]
        for kind, messages in (("symbols", symbols.values()), ("forms", forms)):
            for message in messages:
                logger.warning("%s: %s", kind, message, location=(docname, None), type="notation")


def setup(app):
    """Connect to Sphinx."""
    app.add_directive("symbols", SymbolsDirective)
    app.add_directive("forms", FormsDirective)
    app.connect("env-check-consistency", check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
