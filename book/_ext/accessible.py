"""Repair the markup of others where a screen reader, or a link, would stumble.

- sphinx-exercise gives the content of every exercise the same id.
- docutils makes a bibliography a list whose entries are no list items.
- The theme's switch that unfolds the pages below a page in the sidebar has no name.
- docutils makes the empty corner of a table with row names a heading that says nothing.
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


def visit_entry(self, node):
    """Open a cell of a table; an empty one is no heading."""
    type(self).visit_entry(self, node)
    if not node.astext().strip() and not any(node.findall(nodes.image)):
        self.body[-1] = self.body[-1].replace("<th", "<td", 1)
        self.context[-1] = self.context[-1].replace("</th>", "</td>")


def depart_entry(self, node):
    """Close it."""
    type(self).depart_entry(self, node)


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
    app.add_node(nodes.entry, override=True, html=(visit_entry, depart_entry))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
