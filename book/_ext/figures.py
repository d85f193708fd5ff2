"""Turn what ``plotting.show`` displays into a numbered figure that other places can cite.

A cell shows a picture, with the name of a figure in its output's metadata, and then the caption,
in Markdown. The page gets ``<figure id="fig-…">`` with both; the picture's alternative text is what
the cell gives as its plain text. A picture without a caption fails the build.
"""

from docutils import nodes
from myst_nb.core.render import create_figure_context
from myst_nb.sphinx_ import SphinxNbRenderer
from sphinx.util import logging

logger = logging.getLogger(__name__)
PICTURES = {"image/png", "image/svg+xml"}
render_as_usual = SphinxNbRenderer._render_nb_cell_code_outputs


def render_outputs(self, token, outputs):
    """Render the outputs of a cell, a picture and its caption as one figure."""
    line = token.map[0] if token.map else 0
    waiting = list(outputs)
    while waiting:
        output = waiting.pop(0)
        name = named(output, "figure")
        caption = waiting.pop(0) if name and waiting and named(waiting[0], "caption") else None
        if not caption:  # a picture that has lost its caption is found like any other
            render_as_usual(self, token, [output])
            continue
        options = {"name": name, "caption": caption["data"]["text/markdown"]}
        with create_figure_context(self, options, line):
            render_as_usual(self, token, [output])
        for image in self.current_node[-1].findall(nodes.image):
            image["alt"] = output["data"]["text/plain"]


def named(output, kind):
    """Return the name under which ``plotting.show`` gave out a picture or a caption, or None."""
    return output.get("metadata", {}).get("byhand", {}).get(kind)


def check(app, doctree):
    """Warn about each picture of a cell that is in no figure."""
    for bundle in doctree.findall(nodes.container):
        if bundle.get("nb_element") != "mime_bundle" or isinstance(bundle.parent, nodes.figure):
            continue
        kinds = {output["mime_type"] for output in bundle}
        if kinds & PICTURES and "text/html" not in kinds:  # behind a lab's HTML it is not seen
            logger.warning(
                "a picture has no caption; end the cell that draws it with "
                'plotting.show("fig-...", "What to see.", alt="What is seen.")',
                location=bundle,
                type="figures",
            )


def setup(app):
    """Connect to Sphinx."""
    SphinxNbRenderer._render_nb_cell_code_outputs = render_outputs
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
