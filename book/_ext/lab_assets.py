"""Load the labs' script and style on the pages that hold a lab or a prediction, and on no other."""

import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

NEEDS_SCRIPT = re.compile(r'<figure class="lab"|<form class="prediction"')


def add_to_page(app, pagename, templatename, context, doctree):
    """Add script and style to a page that needs them."""
    if doctree is None or not any(map(needs_script, doctree.findall(nodes.raw))):
        return
    app.add_css_file("labs.css")
    # A classic script with defer: browsers refuse ES modules from file://.
    app.add_js_file("labs.js", defer="defer")


def needs_script(node):
    """Tell whether this raw HTML is a lab or a prediction."""
    return NEEDS_SCRIPT.search(node.astext()) is not None


def check_bundle(app):
    """Refuse to start without the bundle, or without a lab's poster."""
    for path in (*bundle(app), *posters(app)):
        if not path.exists():
            raise ExtensionError(
                f"lab_assets: {path.relative_to(app.srcdir).as_posix()} is missing, and the labs "
                "need it; run `npm ci && npm run build`."
            )


def copy_bundle(app, exception):
    """Copy the bundle into the output."""
    if exception or app.builder.format != "html":
        return
    for path in bundle(app):
        shutil.copy(path, Path(app.outdir, "_static"))


def bundle(app):
    """Return the bundle's files."""
    return [Path(app.srcdir, "byhand/labs/static", name) for name in ("labs.js", "labs.css")]


def posters(app):
    """Return the files of the posters, one for each lab."""
    labs = Path(app.srcdir, "byhand/labs/browser/labs").glob("*.js")
    return [Path(app.srcdir, "byhand/labs/static", f"{lab.stem}.svg") for lab in labs]


def setup(app):
    """Connect to Sphinx."""
    app.connect("builder-inited", check_bundle)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", copy_bundle)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
