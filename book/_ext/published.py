"""Where the book is published, when the environment says so.

``BOOK_URL`` is the address of the published book: with it the pages name their canonical address, a
sitemap is written, and a link to a page that is pasted elsewhere shows a picture and a sentence.
``BOOK_REPOSITORY`` is the address of the repository, ``BOOK_BRANCH`` its branch (main): with it the
pages link to the repository, to its issues, and to a machine that runs the notebook. A build
without them, as on a reader's own machine, links nowhere.
"""

import importlib.util
import os
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from sphinx.errors import ExtensionError

CARD = "_static/lab-hidden-units.png"
SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}
</urlset>
"""


def address(name):
    """Return the address that a variable of the environment holds, or an empty string."""
    text = os.environ.get(name, "").strip()
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ExtensionError(
            f"published: {name} is {text!r}, expected an address such as https://example.org/book/"
        )
    return text.rstrip("/")


def name_addresses(app, config):
    """Let the pages name their own address, and a card for links to them."""
    config.html_baseurl = config.ogp_site_url = address("BOOK_URL") + "/"
    config.ogp_image = CARD
    config.ogp_image_alt = "The decision regions of a network with four hidden units on a flower"
    config.ogp_social_cards = {"enable": False}


def write_sitemap(app, exception):
    """List every page for search engines."""
    if exception or app.builder.format != "html":
        return
    pages = [
        app.config.html_baseurl + app.builder.get_target_uri(name) for name in app.env.found_docs
    ]
    lines = [f"<url><loc>{escape(page)}</loc></url>" for page in sorted(pages)]
    Path(app.outdir, "sitemap.xml").write_text(SITEMAP.format("\n".join(lines)), "utf-8")


def link_repository(app, config):
    """Link the pages to the repository."""
    config.html_theme_options |= {
        "repository_url": address("BOOK_REPOSITORY"),
        "repository_branch": os.environ.get("BOOK_BRANCH") or "main",
        "use_repository_button": True,
        "use_issues_button": True,
        "launch_buttons": {
            "binderhub_url": "https://mybinder.org",
            "notebook_interface": "jupyterlab",
        },
    }


def setup(app):
    """Connect to Sphinx."""
    if address("BOOK_URL"):
        if importlib.util.find_spec("sphinxext") is None:
            raise ExtensionError(
                "published: BOOK_URL is set, and sphinxext-opengraph is missing; "
                "pip install -e .[site]"
            )
        app.setup_extension("sphinxext.opengraph")
        app.connect("config-inited", name_addresses)
        app.connect("build-finished", write_sitemap)
    if address("BOOK_REPOSITORY"):
        app.connect("config-inited", link_repository)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
