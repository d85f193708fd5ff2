"""The nodes of the ledger's pages: a chapter's rows with their code, and the lines of the index."""

import html

from docutils import nodes
from ledger_records import KINDS, ORACLES, bound, tally
from sphinx import addnodes
from tables import table

# --- a row on the page of its chapter ---

LONG = 160  # letters of LaTeX; a longer formula weighs more than its code, and is not shown again


def rows(entries, docname, lab_uris):
    """Return the rows of a page. A source that several rows share is in the first of them.

    Parameters
    ----------
    entries : list of Entry
    docname : the page
    lab_uris : {label: the address of a lab, or ""}
    """
    shown = {}  # the id of each source: the label of the row that shows it
    return [row(entry, docname, lab_uris[entry.label], shown) for entry in entries]


def row(entry, docname, lab_uri, shown):
    """Return one equation: number, formula, code, checks, and where it leads."""
    result = nodes.container(ids=[f"row-{entry.label}"], classes=["ledger-row"])
    result += head(entry, docname, lab_uri)
    if len(entry.latex) <= LONG:
        result += nodes.math_block(entry.latex, entry.latex, nowrap=False, number=None)
    else:
        result += nodes.paragraph("", "The formula is long. Its number leads to it.")
    again = [part for part in [*entry.code, *entry.helpers] if part.test_id in shown]
    result += [part for new in entry.code if new not in again for part in source(new)]
    if helpers := [helper for helper in entry.helpers if helper not in again]:
        result += used(helpers)
    result += seen_above(again, shown)
    shown |= {part.test_id: entry.label for part in [*entry.code, *helpers] if part not in again}
    if entry.checks:
        result += checks_table(entry.checks)
    return result


def seen_above(functions, shown):
    """Return a line for each row above that shows some of these sources."""
    names = {}
    for function in functions:
        names.setdefault(shown[function.test_id], []).append(function.name)
    lines = []
    for label, those in names.items():
        link = nodes.reference("", label, internal=True, refuri=f"#row-{label}")
        parts = [nodes.literal("", name) for name in those]
        spaced = [part for name in parts for part in (name, nodes.Text(", "))][:-1]
        lines.append(nodes.paragraph("", "", *spaced, nodes.Text(": see "), link,
                                     classes=["ledger-above"]))  # fmt: skip
    return lines


def head(entry, docname, lab_uri):
    """Return the line with the equation's number and label, and the ways to API and lab."""
    line = nodes.paragraph(classes=["ledger-head"])
    line += [number(entry, docname), nodes.literal("", entry.label)]
    for function in entry.code:
        if function.public_name:
            line += api(function.public_name, docname)
    if lab_uri:
        line += nodes.reference("", "lab", internal=True, refuri=lab_uri)
    return line


def number(entry, docname):
    """Return the equation's number as a link to it."""
    return addnodes.pending_xref(
        "",
        nodes.literal("", entry.label),
        refdomain="math",
        reftype="eq",
        reftarget=entry.label,
        refdoc=docname,
        refexplicit=False,
        refwarn=True,
    )


def api(name, docname):
    """Return a name of the library, which becomes a link where the book documents it."""
    return addnodes.pending_xref(
        "",
        nodes.literal("", name),
        refdomain="py",
        reftype="obj",
        reftarget=name,
        refdoc=docname,
        refexplicit=True,
        refwarn=False,
        in_ledger=True,
    )


def source(function):
    """Return a function's place and, folded, its source with the file's line numbers."""
    summary = f"<code>{html.escape(function.name)}</code> <span>{function.place}</span>"
    return folded(summary, [listing(function)])


def used(helpers):
    """Return what a test uses, folded: the formula may stand there."""
    names = ", ".join(f"<code>{html.escape(helper.name)}</code>" for helper in helpers)
    return folded(f"{names} <span>what the test uses</span>", map(listing, helpers))


def folded(summary, parts):
    """Return nodes that open under a summary."""
    opening = f"<details class='ledger-source'><summary>{summary}</summary>"
    return [
        nodes.raw("", opening, format="html"),
        *parts,
        nodes.raw("", "</details>", format="html"),
    ]


def listing(function):
    """Return the source of a function."""
    return nodes.literal_block(
        function.source,
        function.source,
        language="python",
        linenos=True,
        highlight_args={"linenostart": function.first},
    )


def checks_table(checks):
    """Return the table of an equation's checks, the most exact kind first, PyTorch last in it."""
    kinds = list(KINDS)
    rows = []
    for check in sorted(
        (check for check in checks if check.kind),
        key=lambda c: (kinds.index(c.kind), c.with_torch, c.oracle, c.details, c.test),
    ):
        details = f"{check.details}, recorded" if check.recorded else check.details
        cases = f" ({check.cases} cases)" if check.cases > 1 else ""
        tolerance = f"{check.tolerance:g}".replace("e-0", "e-")
        cells = (check.oracle, details, bound(check.error), tolerance, check.test + cases)
        rows.append([nodes.paragraph("", cell) for cell in cells])
    head = ("Compared with", "Details", "Largest error", "Tolerance", "Test")
    return table(head, rows, (15, 20, 12, 10, 43), "ledger-checks")


def definition_list(entries, docname):
    """Return the paragraph with the equations that only introduce a symbol."""
    paragraph = nodes.paragraph("", "Definitions, with nothing to compute: ")
    for i, entry in enumerate(entries):
        link = nodes.inline(ids=[f"row-{entry.label}"])
        link += number(entry, docname)
        paragraph += [nodes.Text(", " if i else ""), link]
    paragraph += nodes.Text(".")
    return paragraph


# --- the index ---


def line(entry, docname, uri):
    """Return an equation's line of the index: number, label with the way to its row, verdict."""
    words = list(dict.fromkeys(check.oracle for check in entry.checks))
    item = nodes.list_item(ids=[f"row-{entry.label}"])
    label = nodes.reference("", "", nodes.literal("", entry.label), internal=True, refuri=uri)
    verdict = nodes.inline("", entry.verdict, classes=["ledger-verdict"])
    with_words = nodes.inline("", ", ".join(words), classes=["ledger-words"])
    parts = [number(entry, docname), label, verdict, with_words]
    spaced = [part for pair in zip(parts, [nodes.Text(" ")] * 4, strict=True) for part in pair]
    item += nodes.paragraph("", "", *spaced[:-1])
    return item


def counts(entries):
    """Return how many equations are ``computed``, and for how many a function is ``named``."""
    computed = [entry for entry in entries if not entry.is_definition]
    return {"computed": len(computed), "named": sum(entry.has_function for entry in computed)}


def headline(entries):
    """Return the sentence that counts the equations, as a paragraph."""
    definitions = sum(entry.is_definition for entry in entries)
    computed = count(len(entries) - definitions, "equation")
    text = f"{computed} computed, {count(definitions, 'definition')}."
    return nodes.paragraph("", text, classes=["ledger-headline"])


def code_line(entries):
    """Return the sentence that says for how many of the equations a function stands."""
    found = counts(entries)
    text = (
        f"A function of the library stands for {found['named']} of these {found['computed']} "
        "equations; for the others the code is the test that writes them out."
    )
    return nodes.paragraph("", text)


def kinds_table(entries):
    """Return the table of the kinds of checks: how many, and the largest error of those alone."""
    rows = []
    for kind, (checks, equations, error) in tally(entries).items():
        if kind in ("statistical", "printed"):
            largest = "each within its tolerance"
        else:
            largest = bound(error)
        cells = (KINDS[kind]["title"], str(checks), str(equations), largest)
        rows.append([nodes.paragraph("", cell) for cell in cells])
    return table(("Kind", "Checks", "Equations", "Largest error"), rows, (25, 15, 15, 45),
                 "ledger-kinds")  # fmt: skip


def count(n, thing):
    """Write ``1 equation``, ``2 equations``."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def legend():
    """Return the words of ``oracles.toml``, a list a kind."""
    result = nodes.definition_list()
    for name, kind in KINDS.items():
        item = nodes.definition_list_item("", nodes.term("", kind["title"]))
        words = nodes.bullet_list()
        for word, oracle in ORACLES.items():
            if oracle["kind"] == name:
                meaning = nodes.Text(f": {oracle['text']}.")
                words += nodes.list_item(
                    "", nodes.paragraph("", "", nodes.strong("", word), meaning)
                )
        item += nodes.definition("", nodes.paragraph("", kind["text"]), words)
        result += item
    return result


def origin(versions, entries):
    """Return the sentence that says what measured the errors, and when PyTorch did."""
    names = {"python": "Python", "numpy": "NumPy", "torch": "PyTorch"}
    used = ", ".join(f"{names.get(k, k)} {v}" for k, v in versions.items() if v)
    oracle = [check for entry in entries for check in entry.checks if check.with_torch]
    if not oracle:
        torch = "No row was compared with PyTorch."
    elif any(check.recorded for check in oracle):
        torch = "The PyTorch rows come from the stored run in results/oracle.json."
    else:
        torch = "The PyTorch rows come from this run."
    return nodes.paragraph("", f"Measured with {used}. {torch}")
