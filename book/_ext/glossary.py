"""The page ``book/glossary`` is read here, and a chapter links to it where it first uses a term.

The page is Sphinx's glossary: an entry's first line is the term, the lines below are its other
names, and its text names the section that explains it (``{numref}`sec-06-dead```). The entries are
kept in ``env.glossary``; the search gets its synonyms from there. The links are made when a chapter
is written, so that its notebook stays plain prose.
"""

import re
from dataclasses import dataclass
from itertools import takewhile

from docutils import nodes
from numbering import chapter_number
from sphinx import addnodes

PAGE = "book/glossary"
CHINESE = re.compile("[一-鿿]")
A_TAG = re.compile(r"</?a\b")

# These names are also plain words ("what it costs"), and are not linked.
PLAIN = {"cost", "flatten", "margin", "unit", "warm-up"}

# What a term is not linked in, besides the numbers of a claim, with its "wins" and "losses": boxes
# of goals and exercises, titles, code, math, other links, a word that is being defined.
NO_PROSE = (
    nodes.Admonition,
    nodes.Titular,
    nodes.literal,
    nodes.FixedTextElement,
    nodes.math,
    nodes.reference,
    nodes.raw,
    nodes.strong,
    nodes.term,
    nodes.citation,
)


@dataclass(frozen=True)
class Entry:
    """A term with its other names, where it stands on the page, and the section it names."""

    names: tuple[str, ...]
    anchor: str
    section: str


def read_entries(doctree):
    """Return the entries of the page, in their order."""
    return [
        Entry(
            tuple(term.astext() for term in item.findall(nodes.term)),
            next(item.findall(nodes.term))["ids"][0],
            next((x["reftarget"] for x in item.findall(addnodes.pending_xref)), ""),
        )
        for glossary in doctree.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
    ]


def collect(app, doctree):
    """Keep the entries, when the page was read."""
    if app.env.docname == PAGE:
        app.env.glossary = read_entries(doctree)


def entries_of(env):
    """Return the entries; none in a book without a glossary."""
    return getattr(env, "glossary", [])


def pattern(entries):
    """Return the expression that finds every name in prose; group ``e7`` is a name of entry 7.

    A name in small letters may begin a sentence; one with capitals stands as it is. Any may have
    an s, and a space may be a hyphen.

    >>> found = pattern([Entry(("mini-batch",), "", ""), Entry(("ReLU",), "", "")])
    >>> [match[0] for match in found.finditer("Mini batches feed ReLUs, not reluctantly")]
    ['Mini batches', 'ReLUs']
    """
    names = [
        (name, i)
        for i, entry in enumerate(entries)
        for name in entry.names
        if not CHINESE.search(name) and name not in PLAIN
    ]
    names.sort(key=lambda pair: -len(pair[0]))  # of two that begin alike the longer one
    either = "|".join(f"(?P<e{i}_{k}>{one(name)})" for k, (name, i) in enumerate(names))
    return re.compile(rf"(?<![\w-])(?:{either})(?:e?s)?(?![\w-])")


def one(name):
    """Return the expression of one name."""
    text = "[ -]".join(map(re.escape, re.split("[ -]", name)))
    return text if name != name.lower() else f"[{name[0].upper()}{name[0]}]{text[1:]}"


def link_terms(app, doctree, docname):
    """Link the first use of every term in a chapter."""
    entries = entries_of(app.env)
    if chapter_number(docname) is None or not entries:
        return
    find, base, seen = pattern(entries), app.builder.get_relative_uri(docname, PAGE), set()
    for text in list(doctree.findall(nodes.Text)):
        if not is_prose(text) or in_html_link(text):
            continue
        parts, end = [], 0
        for match in find.finditer(text):
            number = int(match.lastgroup[1:].partition("_")[0])
            if number in seen:
                continue
            seen.add(number)
            link = nodes.reference("", match[0], internal=True, classes=["glossary-term"])
            link["refuri"] = f"{base}#{entries[number].anchor}"
            parts += [nodes.Text(text[end : match.start()]), link]
            end = match.end()
        if parts:
            parts.append(nodes.Text(text[end:]))
            text.parent.replace(text, parts)


def is_prose(node):
    """Tell whether a node stands in running text."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, NO_PROSE) or "claim" in node.get("classes", []):
            return False
    return True


def in_html_link(node):
    """Tell whether a node stands between an ``<a>`` and a ``</a>`` written as HTML."""
    while node.parent is not None:
        before = takewhile(lambda other, node=node: other is not node, node.parent.children)
        html = "".join(part.astext() for part in before if isinstance(part, nodes.raw))
        if A_TAG.findall(html)[-1:] == ["<a"]:
            return True
        node = node.parent
    return False


def rewrite_chapters(app, env):
    """Write all chapters again when the glossary changed."""
    before, env.glossary_linked = getattr(env, "glossary_linked", None), entries_of(env)
    if before == env.glossary_linked:
        return []
    return [docname for docname in env.found_docs if chapter_number(docname) is not None]


def setup(app):
    """Connect to Sphinx."""
    app.connect("doctree-read", collect)
    app.connect("env-updated", rewrite_chapters)
    app.connect("doctree-resolved", link_terms)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False}
