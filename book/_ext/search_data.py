"""What the search knows besides Sphinx's index: the glossary's names, and the equations' numbers.

It is written at the end of a build to ``_static/search_data.js``, a script that the search page
loads, because browsers refuse to read other files from file://. ``book/scorer.js`` uses it.
"""

import json
from pathlib import Path

from glossary import PAGE, entries_of

NAME = "search_data.js"


def terms(env):
    """Return each entry's names, page, id and title of its section, and its own page and id."""
    labels = env.get_domain("std").labels
    return [
        [entry.names, *labels[entry.section], PAGE, entry.anchor]
        for entry in entries_of(env)
        if entry.section in labels
    ]


def equations(env):
    """Return ``{number: [page, anchor]}`` of the labeled equations, such as ``5.12``."""
    found = {}
    for page, kinds in sorted(env.toc_fignumbers.items()):
        for anchor, number in kinds.get("displaymath", {}).items():
            found[".".join(map(str, number))] = [page, anchor]
    return found


def write(app, exception):
    """Write the script."""
    if exception or app.builder.format != "html":
        return
    data = {"terms": terms(app.env), "equations": equations(app.env)}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    Path(app.outdir, "_static", NAME).write_text(f"const SEARCH_DATA = {text};\n", "utf8")


def add_to_page(app, pagename, templatename, context, doctree):
    """Load the script on the search page."""
    if pagename == "search":
        app.add_js_file(NAME)


def setup(app):
    """Connect to Sphinx."""
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
