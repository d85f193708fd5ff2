"""A picture that a cell shows needs alt text, or the build fails.

The text stands in the cell's metadata: ``{"mystnb": {"image": {"alt": "What is seen."}}}``.
"""

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)


def check(app, doctree):
    """Warn about each picture without alt text, in the order of the page."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip() and not shown_as_html(image):
            logger.warning(
                "a picture has no alt text; say what is seen, in the cell's metadata "
                '{"mystnb": {"image": {"alt": "..."}}} or in the image\'s square brackets',
                location=image,
                type="alt_text",
            )


def shown_as_html(image):
    """Tell whether the picture is only the fallback of an output that the page shows as HTML."""
    bundle = image.parent.parent
    return bundle.get("nb_element") == "mime_bundle" and any(
        output.get("mime_type") == "text/html" for output in bundle
    )


def setup(app):
    """Connect to Sphinx."""
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
