"""Names of dlcore in the text become links to their API entries: ```conv2d_backward```.

A name is linked where it first stands on a chapter or an API page, outside of headings, if the
API pages have one function or class of that name. What the loops of ``dlcore.reference`` share with
the fast functions means the fast ones, and what a lab shares with the function that it shows means
the function. A dotted name, such as ``losses.logistic``, may be any end of a full one.
"""

import re

from docutils import nodes
from numbering import chapter_number

API = "book/api/"
LOOPS = "dlcore.reference."
LABS = "byhand.labs."
KINDS = {"function", "class", "exception", "method"}
# A dotted name may come with arguments; one word with arguments is the reader's own function.
NAME = re.compile(r"(\w+)(?:\(\))?|(\w+(?:\.\w+)+)(?:\(.*\))?", re.DOTALL)
# Words that stand in the text for something else more often than for the function.
COMMON = {"best", "images", "init", "load", "matrix", "numbers", "points", "save", "zeros"}


def targets(objects):
    """Return ``{name: full name}`` for every end of a full name that means one object.

    Parameters
    ----------
    objects : mapping from full name to something with ``objtype``
    """
    ends = {}
    for full, thing in objects.items():
        if thing.objtype not in KINDS:
            continue
        parts = full.split(".")
        for i in range(len(parts)):
            short = ".".join(parts[i:])
            unclear = thing.objtype == "method" or short in COMMON or full.startswith(LOOPS)
            if short == parts[-1] and unclear:
                continue
            ends.setdefault(short, set()).add(full)
    meant = {short: without_labs(full) for short, full in ends.items()}
    return {short: full.pop() for short, full in meant.items() if len(full) == 1}


def without_labs(names):
    """Return the full names that are no lab's, if there are any."""
    return {name for name in names if not name.startswith(LABS)} or names


def link_names(app, doctree, docname):
    """Link the first use of every name on a page."""
    if chapter_number(docname) is None and not docname.startswith(API):
        return
    objects = app.env.get_domain("py").objects
    names, seen = targets(objects), set()
    for literal in list(doctree.findall(nodes.literal)):
        found = NAME.fullmatch(literal.astext())
        full = names.get(found[1] or found[2]) if found else None
        if full is None or full in seen or not may_link(literal):
            continue
        seen.add(full)
        entry = objects[full]
        base = app.builder.get_relative_uri(docname, entry.docname)
        link = nodes.reference("", "", internal=True, refuri=f"{base}#{entry.node_id}")
        link["reftitle"] = full
        link["classes"] = ["code-name"]
        literal.replace_self(link)
        link += literal


def may_link(node):
    """Tell whether a node stands neither in a heading nor in a link."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.Titular | nodes.reference):
            return False
    return True


def rewrite_chapters(app, env):
    """Write all chapters again when names came, went, or moved."""
    places = {full: thing[:2] for full, thing in env.get_domain("py").objects.items()}
    before, env.code_names_linked = getattr(env, "code_names_linked", None), places
    if before == places:
        return []
    return [docname for docname in env.found_docs if chapter_number(docname) is not None]


def setup(app):
    """Connect to Sphinx."""
    app.connect("env-updated", rewrite_chapters)
    app.connect("doctree-resolved", link_names)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True}
