"""Repair the markup of others where a screen reader, or a link, would stumble.

- sphinx-exercise gives the content of every exercise the same id.
- docutils makes a bibliography a list whose entries are no list items.
"""

from docutils import nodes

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


def setup(app):
    """Connect to Sphinx."""
    app.connect("doctree-resolved", remove_repeated_ids)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
