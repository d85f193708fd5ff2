"""The ledger: every equation is executed, and the pages of the ledger show how exactly.

``book/ledger`` is the index, and each chapter has its page of rows, ``book/ledger/NN_topic``. They
are read last and in every build, because they join what all chapters say with the library and with
``_build/ledger.json``. A hole (an equation that no test measures, a label that no chapter has, an
error above its tolerance) is a warning, which ``-W`` turns into a failed build. Each labeled
equation of a chapter links to its row; each row links back, and to the API and the nearest lab.
The index has an anchor for each equation, too: links to it led there before the rows moved.
"""

import hashlib
import re
from pathlib import Path

import ledger_rows
from docutils import nodes
from ledger_helpers import TestCode
from ledger_records import COMMAND, Entry, find_functions, holes, join, read_checks
from numbering import chapter_number
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

logger = logging.getLogger(__name__)

INDEX = "book/ledger"
LAB = re.compile(r"""<figure[^>]* id=["'](lab-[\w-]+)["']""")


class EquationCollector(EnvironmentCollector):
    """Keep the labeled equations of each chapter, in their order, in ``env.equations``.

    Each is ``(label, latex, lab)``: the lab is the next one on the page, or the last.
    """

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        equations_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over what a parallel reader found."""
        equations_of(env).update((doc, equations_of(other)[doc]) for doc in docnames)

    def process_doc(self, app, doctree):
        """Note the equations of a chapter."""
        if chapter_number(app.env.docname) is None:
            return
        found, last = [], ""
        for node in reversed(list(doctree.findall())):
            if isinstance(node, nodes.raw) and (lab := LAB.search(node.astext())):
                last = lab[1]
            elif isinstance(node, nodes.math_block) and node.get("label"):
                found.insert(0, (node["label"], node.astext(), last))
        labs = [lab for *_, lab in found if lab]
        equations_of(app.env)[app.env.docname] = [
            (label, latex, lab or (labs[-1] if labs else "")) for label, latex, lab in found
        ]


def equations_of(env):
    """Return the collected equations by page, of the environment or a new one."""
    if not hasattr(env, "equations"):
        env.equations = {}
    return env.equations


def page_of(docname):
    """Return the page with a chapter's rows: ``book/ledger/03_logistic_regression``."""
    return f"{INDEX}/{Path(docname).name}"


def is_ledger(docname):
    """Say whether a page is the index or a chapter's page of rows."""
    return docname == INDEX or docname.startswith(f"{INDEX}/")


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
    """Write the index on ``book/ledger``, a chapter's rows on its page; ``legend``: the words."""

    optional_arguments = 1

    def run(self):
        """Return the nodes."""
        if self.arguments == ["legend"]:
            return [ledger_rows.legend()]
        app = self.env.app
        versions, checks = load_checks(app)
        functions, tests = (
            find_functions(app.srcdir, *folders) for folders in (("dlcore", "byhand"), ("tests",))
        )
        helpers_of = TestCode(app.srcdir).helpers

        def entries_of(docname):
            equations = [equation[:2] for equation in equations_of(self.env)[docname]]
            return join(equations, functions, tests, checks, helpers_of)

        if self.env.docname != INDEX:
            return self.chapter(entries_of)
        chapters = {docname: entries_of(docname) for docname in sorted(equations_of(self.env))}
        entries = [entry for chapter in chapters.values() for entry in chapter]
        self.report(chapters, holes(entries, functions, checks))
        self.env.ledger_counts = ledger_rows.counts(entries)
        return [
            ledger_rows.headline(entries),
            ledger_rows.code_line(entries),
            ledger_rows.kinds_table(entries),
            ledger_rows.origin(versions, entries),
            *(self.lines(docname, entries) for docname, entries in chapters.items()),
        ]

    def report(self, chapters, found):
        """Warn of every hole, at the directive's place."""
        path = records_path(self.env.app)
        if not path.exists():
            found = [f"{path.name} is missing; run `{COMMAND}`", *found]
        found += [
            f"{docname} has no page of rows; write {page_of(docname)}.md and put it into _toc.yml"
            for docname in chapters
            if page_of(docname) not in self.env.found_docs
        ]
        for hole in found:
            logger.warning("ledger: %s", hole, location=self.get_location(), type="ledger")

    def uri(self, docname, anchor=""):
        """Return the address of a page, seen from this one."""
        return self.env.app.builder.get_relative_uri(self.env.docname, docname) + anchor

    def lines(self, docname, entries):
        """Return a chapter's section of the index: how many, and a line an equation."""
        number = chapter_number(docname)
        section = nodes.section(ids=[f"ledger-{number:02}"])
        title = f"Chapter {number}: {self.env.titles[docname].astext()}"
        page = nodes.reference("", "The rows", internal=True, refuri=self.uri(page_of(docname)))
        about = ledger_rows.headline(entries)
        about += [nodes.Text(" "), page, nodes.Text(".")]
        lines = nodes.bullet_list(classes=["ledger-index"])
        for entry in entries:
            uri = self.uri(page_of(docname), f"#row-{entry.label}")
            lines += ledger_rows.line(entry, self.env.docname, uri)
        section += [nodes.title("", title), about, lines]
        return section

    def chapter(self, entries_of):
        """Return all rows of the chapter that this page belongs to, and its definitions."""
        own = self.env.docname
        docname = f"chapters/{Path(own).name}"
        if docname not in equations_of(self.env):
            logger.warning(
                "ledger: %s.md is a page of rows, and there is no chapter %s", own, docname,
                location=self.get_location(), type="ledger",
            )  # fmt: skip
            return []
        entries = entries_of(docname)
        labs = {label: lab for label, _, lab in equations_of(self.env)[docname]}
        up = nodes.paragraph("", "", classes=["ledger-up"])
        up += nodes.reference(
            "", self.env.titles[docname].astext(), internal=True, refuri=self.uri(docname)
        )
        up += nodes.Text(". ")
        up += nodes.reference("", "The whole ledger", internal=True, refuri=self.uri(INDEX))
        up += nodes.Text(" says how to read a row.")
        computed = [entry for entry in entries if not entry.is_definition]
        lab_uris = {label: lab and self.uri(docname, f"#{lab}") for label, lab in labs.items()}
        rows = ledger_rows.rows(computed, own, lab_uris)
        defined = [entry for entry in entries if entry.is_definition]
        last = [ledger_rows.definition_list(defined, own)] if defined else []
        about = [ledger_rows.headline(entries), ledger_rows.kinds_table(entries)]
        return [up, *about, *rows, *last]


class Count(nodes.Inline, nodes.TextElement):
    """Stands for a number of equations until all pages are read."""


class CountRole(SphinxRole):
    """``{ledger-count}`computed```: how many equations are computed; ``named``: with a function."""

    def run(self):
        """Return the placeholder, and note the page: the number changes when others do."""
        pages_that_count(self.env).add(self.env.docname)
        return [Count(what=self.text)], []


def pages_that_count(env):
    """Return the pages that say how many equations there are."""
    if not hasattr(env, "ledger_pages"):
        env.ledger_pages = set()
    return env.ledger_pages


def fill_counts(app, doctree, docname):
    """Write the numbers that the index has counted."""
    counts = getattr(app.env, "ledger_counts", {})
    for node in list(doctree.findall(Count)):
        if node["what"] not in counts:
            logger.warning("ledger: nothing is counted as %s", node["what"], type="ledger")
        node.replace_self(nodes.Text(str(counts.get(node["what"], "?"))))


def link_equations(app, doctree, docname):
    """Put under each labeled equation of a chapter the link to its row."""
    if docname not in equations_of(app.env):
        return
    _, checks = load_checks(app)
    page = page_of(docname) if page_of(docname) in app.env.found_docs else INDEX
    for equation in list(doctree.findall(nodes.math_block)):
        label = equation.get("label")
        if not label:
            continue
        verdict = Entry(label, "", checks=checks.get(label, [])).verdict
        uri = f"{app.builder.get_relative_uri(docname, page)}#row-{label}"
        link = nodes.reference("", verdict, internal=True, refuri=uri)
        link["reftitle"] = "Code, tests and errors of this equation"
        after = equation.parent.index(equation) + 1
        equation.parent.insert(after, nodes.paragraph("", "", link, classes=["ledger-link"]))


def leave_without_page(app, env, node, contnode):
    """Leave a name of the library as it is where the book has no page for it."""
    return contnode if node.get("in_ledger") else None


def add_filter(app, pagename, templatename, context, doctree):
    """Give the index the script that filters it."""
    if pagename == INDEX:
        app.add_js_file("ledger.js", loading_method="defer")


def always_outdated(app, env, added, changed, removed):
    """Read the pages in every build, and those that say how many equations there are."""
    counting = pages_that_count(env) & env.found_docs
    return [*filter(is_ledger, env.found_docs), *counting]


def read_last(app, env, docnames):
    """Read the pages after the chapters that they join."""
    docnames.sort(key=is_ledger)


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
    app.connect("missing-reference", leave_without_page)
    app.add_role("ledger-count", CountRole())
    app.connect("doctree-resolved", link_equations)
    app.connect("doctree-resolved", fill_counts)
    app.connect("html-page-context", add_filter)
    return {"version": "1", "env_version": 2, "parallel_read_safe": False}
