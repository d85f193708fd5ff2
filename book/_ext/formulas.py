"""Formula sheets: ``{formulas} 1-8`` lists what the summaries of chapters 1 to 8 name.

A summary names what a reader should keep, so nothing is chosen twice: ``{eq}`eq-bce``` in a
chapter's last list puts the equation on the sheet of its part, with its number and the section it
stands in. A sheet is read after the chapters, and in every build.
"""

from dataclasses import dataclass

from docutils import nodes
from numbering import chapter_number
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

SHEETS = "book/formulas"
SUMMARY = "Summary"


@dataclass(frozen=True)
class Formula:
    """An equation of a chapter, and the title and id of the section where it stands."""

    label: str
    latex: str
    title: nodes.title
    section: str


class FormulaCollector(EnvironmentCollector):
    """Keep what each chapter's summary names, in its order, in ``env.formulas``."""

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        formulas_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over what a parallel reader found."""
        formulas_of(env).update((doc, formulas_of(other)[doc]) for doc in docnames)

    def process_doc(self, app, doctree):
        """Note the formulas of a chapter."""
        if chapter_number(app.env.docname) is not None:
            formulas_of(app.env)[app.env.docname] = find_formulas(doctree)


def formulas_of(env):
    """Return the collected formulas by page, of the environment or a new one."""
    if not hasattr(env, "formulas"):
        env.formulas = {}
    return env.formulas


def find_formulas(doctree):
    """Return the equations of a chapter that its summary names, each once."""
    equations = {node.get("label"): node for node in doctree.findall(nodes.math_block)}
    named = [
        xref["reftarget"]
        for section in doctree.findall(nodes.section)
        if section[0].astext() == SUMMARY
        for xref in section.findall(addnodes.pending_xref)
        if xref["reftype"] == "eq"
    ]
    return [formula(equations[name]) for name in dict.fromkeys(named) if name in equations]


def formula(equation):
    """Return an equation with the section of the chapter around it."""
    section = equation
    while not (isinstance(section, nodes.section) and is_chapter(section.parent)):
        section = section.parent
    return Formula(equation["label"], equation.astext(), section[0], section["ids"][0])


def is_chapter(node):
    """Tell whether a node is the page's own section, or the page."""
    return isinstance(node, nodes.document) or isinstance(node.parent, nodes.document)


class FormulasDirective(SphinxDirective):
    """Write the formulas of some chapters, a section a chapter."""

    required_arguments = 1

    def run(self):
        """Return the sections."""
        first, _, last = self.arguments[0].partition("-")
        chapters = range(int(first), int(last or first) + 1)
        found = {chapter_number(docname): docname for docname in formulas_of(self.env)}
        return [self.chapter(n, found[n]) for n in chapters if n in found]

    def chapter(self, number, docname):
        """Return a chapter's section, and warn where its summary names nothing."""
        formulas = formulas_of(self.env)[docname]
        section = nodes.section(ids=[f"formulas-{number:02}"])
        uri = self.env.app.builder.get_relative_uri(self.env.docname, docname)
        link = nodes.reference("", self.env.titles[docname].astext(), internal=True, refuri=uri)
        section += nodes.title("", "", nodes.Text(f"Chapter {number}: "), link)
        section += [self.row(docname, formula) for formula in formulas]
        if not formulas:
            section += self.nothing(docname)
        return section

    def nothing(self, docname):
        """Return the sentence of a chapter whose summary names no equation."""
        link = self.xref("doc", f"/{docname}", "std", nodes.inline("", "the chapter's summary"))
        text = "has its formulas in words, or in the middle of a sentence."
        return nodes.paragraph("", "", nodes.Text("So far "), link, nodes.Text(f" {text}"))

    def row(self, docname, formula):
        """Return one equation under its number and its section."""
        head = nodes.paragraph(classes=["formula-head"])
        label = nodes.literal("", formula.label)
        uri = f"{self.env.app.builder.get_relative_uri(self.env.docname, docname)}"
        place = nodes.reference("", "", internal=True, refuri=f"{uri}#{formula.section}")
        place += [child.deepcopy() for child in formula.title.children]
        head += [self.xref("eq", formula.label, "math", label), nodes.Text(" "), place]
        equation = nodes.math_block(formula.latex, formula.latex, nowrap=False, number=None)
        return nodes.container("", head, equation, classes=["formula"])

    def xref(self, kind, target, domain, content):
        """Return a reference for Sphinx to resolve."""
        return addnodes.pending_xref(
            "",
            content,
            refdomain=domain,
            reftype=kind,
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=kind == "doc",
            refwarn=True,
        )


def sheets(env):
    """Return the pages that hold the directive."""
    return [docname for docname in sorted(env.found_docs) if docname.startswith(SHEETS)]


def always_outdated(app, env, added, changed, removed):
    """Read the sheets in every build: they join what the chapters say."""
    return sheets(env)


def read_last(app, env, docnames):
    """Read the sheets after the chapters."""
    docnames.sort(key=lambda docname: docname.startswith(SHEETS))


def setup(app):
    """Connect to Sphinx."""
    app.add_env_collector(FormulaCollector)
    app.add_directive("formulas", FormulasDirective)
    app.connect("env-get-outdated", always_outdated)
    app.connect("env-before-read-docs", read_last, priority=400)  # the ledger goes to the very end
    return {"version": "1", "env_version": 1, "parallel_read_safe": False}
