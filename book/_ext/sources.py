"""The page ``book/sources``: each item of ``sources.yml`` with the section that teaches it.

An item of a chapter that exists must name a section of that chapter that exists; otherwise the
build fails. Items of chapters to come are listed as planned.
"""

from pathlib import Path

import yaml
from docutils import nodes
from numbering import chapter_number
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from tables import table

logger = logging.getLogger(__name__)

PAGE = "book/sources"


def read_items(srcdir):
    """Return the list in ``book/sources.yml``: id, teaches, sections (a list, may be missing).

    Raises
    ------
    ExtensionError
        When an id appears twice.
    """
    items = yaml.safe_load(Path(srcdir, f"{PAGE}.yml").read_text("utf8"))
    ids = [item["id"] for item in items]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise ExtensionError(f"sources.yml: listed twice: {', '.join(twice)}")
    return items


def chapter_of(item, env):
    """Return the page of an item's chapter, None while it is not written."""
    number = int(item["id"].partition(".")[0])
    return next((doc for doc in sorted(env.found_docs) if chapter_number(doc) == number), None)


class SourcesDirective(SphinxDirective):
    """Write the table, one row an item: id, sections, what it teaches."""

    def run(self):
        """Return the table."""
        self.env.note_dependency(str(Path(self.env.srcdir, f"{PAGE}.yml")))
        rows = [
            [
                nodes.paragraph("", item["id"]),
                self.sections(item),
                nodes.paragraph("", item["teaches"]),
            ]
            for item in read_items(self.env.srcdir)
        ]
        return [table(("Item", "Section", "What it teaches"), rows, (8, 30, 62), "sources")]

    def sections(self, item):
        """Return the links to an item's sections."""
        paragraph = nodes.paragraph()
        if chapter_of(item, self.env) is None:
            paragraph += nodes.Text("chapter planned")
        for i, label in enumerate(item.get("sections", [])):
            xref = addnodes.pending_xref(
                "",
                nodes.inline("", label),
                refdomain="std",
                reftype="ref",
                reftarget=label,
                refdoc=self.env.docname,
                refexplicit=False,
                refwarn=True,
            )
            paragraph += [nodes.Text(", " if i else ""), xref]
        return paragraph


def text(words):
    """Return a paragraph."""
    return nodes.paragraph("", words)


def check(app, env):
    """Warn about every item of a written chapter that no section of it teaches."""
    if PAGE not in env.found_docs:
        return
    labels = env.get_domain("std").labels
    for item in read_items(env.srcdir):
        chapter = chapter_of(item, env)
        sections = item.get("sections", [])
        where = {label: labels.get(label, (None,))[0] for label in sections}
        if chapter and not sections:
            warn(f"{item['id']} has no section, but its chapter exists")
        for label, docname in where.items():
            if docname is None:
                warn(f"{item['id']} names {label}, a section that does not exist")
            elif docname != chapter:
                warn(f"{item['id']} names {label}, which is in {docname}, not in its chapter")


def warn(message):
    """Report at the list."""
    logger.warning("sources.yml: %s", message, location=(PAGE, None), type="sources")


def always_outdated(app, env, added, changed, removed):
    """Read the page in every build: it shows which chapters exist."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app):
    """Connect to Sphinx."""
    app.add_directive("sources", SourcesDirective)
    app.connect("env-get-outdated", always_outdated)
    app.connect("env-check-consistency", check)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
