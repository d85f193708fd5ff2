"""Repair the markup of others where a screen reader, or a link, would stumble.

- sphinx-exercise gives the content of every exercise the same id.
- docutils makes a bibliography a list whose entries are no list items.
- The theme's switch that unfolds the pages below a page in the sidebar has no name.
"""

from docutils import nodes
from pydata_sphinx_theme import toctree

add_switches = toctree.add_collapse_checkboxes

REPEATED = {"exercise-content", "solution-content"}


def remove_repeated_ids(app, doctree, docname):
    """Remove the ids that stand on a page more than once."""
    for section in doctree.findall(nodes.section):
        section["ids"] = [name for name in section["ids"] if name not in REPEATED]


def visit_citation(self, node):
    """Open an entry of the bibliography."""
    type(self).visit_citation(self, node)
    self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def depart_citation(self, node):
    """Close it."""
    type(self).depart_citation(self, node)


def add_named_switches(soup):
    """Add the switches of the sidebar, and name each after the page above."""
    add_switches(soup)
    for link in soup.select("li > a:has(+ details)"):
        link.find_next_sibling("details").summary["aria-label"] = f"Pages below {link.get_text()}"


def setup(app):
    """Connect to Sphinx."""
    toctree.add_collapse_checkboxes = add_named_switches
    app.connect("doctree-resolved", remove_repeated_ids)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
