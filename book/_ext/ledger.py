"""The ledger: every equation is executed, and the page ``book/ledger`` shows how exactly.

The page is read last and in every build, because it joins what all chapters say with the library
and with ``_build/ledger.json``. A hole (an equation that no test measures, a label that no
chapter has, an error above its tolerance) is a warning, which ``-W`` turns into a failed build.
Each labeled equation of a chapter links to its row; each row links back.
"""

import hashlib
import math
from pathlib import Path

from docutils import nodes
from ledger_records import (
    COMMAND,
    Entry,
    bound,
    find_functions,
    holes,
    join,
    power_of_ten,
    read_checks,
)
from numbering import chapter_number
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from tables import table

logger = logging.getLogger(__name__)

PAGE = "book/ledger"


class EquationCollector(EnvironmentCollector):
    """Keep the labeled equations of each chapter, in their order, in ``env.equations``."""

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        equations_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over what a parallel reader found."""
        equations_of(env).update((doc, equations_of(other)[doc]) for doc in docnames)

    def process_doc(self, app, doctree):
        """Note the equations of a chapter."""
        if chapter_number(app.env.docname) is not None:
            equations_of(app.env)[app.env.docname] = [
                (node["label"], node.astext())
                for node in doctree.findall(nodes.math_block)
                if node.get("label")
            ]


def equations_of(env):
    """Return the collected equations by page, of the environment or a new one."""
    if not hasattr(env, "equations"):
        env.equations = {}
    return env.equations


def records_path(app):
    """Return where the measured errors are: beside the built pages."""
    return Path(app.outdir).parent / "ledger.json"


def load_checks(app):
    """Return versions and checks; none when the tests were not run, which the page reports."""
    try:
        return read_checks(records_path(app))
    except FileNotFoundError:
        return {}, {}


class LedgerDirective(SphinxDirective):
    """Write all rows, a section a chapter."""

    def run(self):
        """Return the nodes, and warn about every hole."""
        app = self.env.app
        if not records_path(app).exists():
            self.warn(f"{records_path(app).name} is missing; run `{COMMAND}`")
        versions, checks = load_checks(app)
        functions, tests = (
            find_functions(app.srcdir, *folders) for folders in (("dlcore", "byhand"), ("tests",))
        )
        chapters = {
            docname: join(equations, functions, tests, checks)
            for docname, equations in sorted(equations_of(self.env).items())
        }
        entries = [entry for chapter in chapters.values() for entry in chapter]
        for hole in holes(entries, functions, checks):
            self.warn(hole)
        return [
            headline(entries),
            origin(versions, entries),
            *(self.chapter(docname, entries) for docname, entries in chapters.items()),
        ]

    def warn(self, message):
        """Report at the directive's place."""
        logger.warning("ledger: %s", message, location=self.get_location(), type="ledger")

    def chapter(self, docname, entries):
        """Return a chapter's section: counts, rows, definitions."""
        number = chapter_number(docname)
        section = nodes.section(ids=[f"ledger-{number:02}"])
        title = nodes.title("", f"Chapter {number}: {self.env.titles[docname].astext()}")
        section += [title, headline(entries)]
        section += [self.row(entry) for entry in entries if not entry.is_definition]
        defined = [entry for entry in entries if entry.is_definition]
        if defined:
            section += self.definition_list(defined)
        return section

    def definition_list(self, entries):
        """Return the paragraph with the equations that only introduce a symbol."""
        paragraph = nodes.paragraph("", "Definitions, with nothing to compute: ")
        for i, entry in enumerate(entries):
            link = nodes.inline(ids=[f"row-{entry.label}"])
            link += self.number(entry)
            paragraph += [nodes.Text(", " if i else ""), link]
        paragraph += nodes.Text(".")
        return paragraph

    def row(self, entry):
        """Return one equation: number, formula, functions, checks."""
        row = nodes.container(ids=[f"row-{entry.label}"], classes=["ledger-row"])
        head = nodes.paragraph(classes=["ledger-head"])
        head += [self.number(entry), nodes.literal("", entry.label)]
        row += [head, nodes.math_block(entry.latex, entry.latex, nowrap=False, number=None)]
        row += [part for function in entry.code for part in source(function)]
        if entry.checks:
            row += checks_table(entry.checks)
        return row

    def number(self, entry):
        """Return the equation's number as a link to it."""
        xref = addnodes.pending_xref(
            "",
            nodes.literal("", entry.label),
            refdomain="math",
            reftype="eq",
            reftarget=entry.label,
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )
        return xref


def headline(entries):
    """Return the sentence that counts the equations and names the largest error."""
    computed = [entry for entry in entries if not entry.is_definition]
    definitions = len(entries) - len(computed)
    errors = [entry.error for entry in computed if not math.isnan(entry.error)]
    text = (
        f"{count(len(computed), 'equation')} computed, {count(definitions, 'definition')}."
        f" Largest error: {bound(max(errors)) if errors else 'not measured'}."
    )
    return nodes.paragraph("", text, classes=["ledger-headline"])


def count(n, thing):
    """Write ``1 equation``, ``2 equations``."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


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


def source(function):
    """Return a function's place and, folded, its source with the file's line numbers."""
    summary = (
        f"<details class='ledger-source'><summary><code>{function.name}</code> "
        f"<span>{function.place}</span></summary>"
    )
    code = nodes.literal_block(
        function.source,
        function.source,
        language="python",
        linenos=True,
        highlight_args={"linenostart": function.first},
    )
    return [
        nodes.raw("", summary, format="html"),
        code,
        nodes.raw("", "</details>", format="html"),
    ]


def checks_table(checks):
    """Return the table of an equation's checks, those without PyTorch first."""
    rows = []
    for check in sorted(checks, key=lambda check: (check.with_torch, check.against, check.test)):
        against = f"{check.against}, recorded" if check.recorded else check.against
        cases = f" ({check.cases} cases)" if check.cases > 1 else ""
        tolerance = f"{check.tolerance:g}".replace("e-0", "e-")
        cells = (against, bound(check.error), tolerance, check.test + cases)
        rows.append([nodes.paragraph("", cell) for cell in cells])
    head = ("Compared with", "Largest error", "Tolerance", "Test")
    return table(head, rows, (25, 15, 12, 48), "ledger-checks")


def link_equations(app, doctree, docname):
    """Put under each labeled equation of a chapter the link to its row."""
    if docname not in equations_of(app.env):
        return
    _, checks = load_checks(app)
    for equation in list(doctree.findall(nodes.math_block)):
        label = equation.get("label")
        if not label:
            continue
        entry = Entry(label, "", checks=checks.get(label, []))
        if entry.is_definition:
            text = "definition"
        elif not entry.checks:
            text = "not checked"
        else:
            text = f"checked to {power_of_ten(entry.error)}" if entry.error else "checked, exact"
        uri = f"{app.builder.get_relative_uri(docname, PAGE)}#row-{label}"
        link = nodes.reference("", text, internal=True, refuri=uri)
        link["reftitle"] = "Function, test and error of this equation"
        after = equation.parent.index(equation) + 1
        equation.parent.insert(after, nodes.paragraph("", "", link, classes=["ledger-link"]))


def always_outdated(app, env, added, changed, removed):
    """Read the page in every build."""
    return [PAGE] if PAGE in env.found_docs else []


def read_last(app, env, docnames):
    """Read the page after the chapters that it joins."""
    if PAGE in docnames:
        docnames.remove(PAGE)
        docnames.append(PAGE)


def note_records(app, config):
    """Write all pages again when the measured errors change: each shows its own."""
    path = records_path(app)
    config.ledger_digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def setup(app):
    """Connect to Sphinx."""
    app.add_config_value("ledger_digest", "", "html", [str])
    app.connect("config-inited", note_records)
    app.add_env_collector(EquationCollector)
    app.add_directive("ledger", LedgerDirective)
    app.connect("env-get-outdated", always_outdated)
    app.connect("env-before-read-docs", read_last)
    app.connect("doctree-resolved", link_equations)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False}
