"""The second ledger: every claim of the chapters with the draws that it rests on.

``byhand.claim`` leaves a record in the output of its cell, which the page shows as a paragraph. The
page ``book/claims`` is read last and in every build, and has a row per record, with an anchor to
which the sentences of the chapters link. A hole is a warning, which ``-W`` turns into a failed
build: a claim that its numbers do not bear out, one that no sentence links to, a link to a claim
that no cell makes, an id used twice.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import SphinxNbRenderer
from numbering import chapter_number
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from tables import table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from byhand.claims import Claim

logger = logging.getLogger(__name__)

PAGE = "book/claims"
HEAD = ("Claim", "Measured, 95% interval", "Draws", "Wins–losses–ties", "p", "Computed")
WIDTHS = (30, 22, 7, 11, 9, 21)
SPACE = "\N{NO-BREAK SPACE}"


render_others = SphinxNbRenderer._render_nb_cell_code_outputs


def render_outputs(self, token, outputs):
    """Render the outputs of a cell, a claim as a paragraph of its own."""
    waiting = []
    for output in outputs:
        if "claim" not in output.get("metadata", {}):
            waiting.append(output)
            continue
        render_others(self, token, waiting)
        waiting = []
        shown = nodes.container(classes=["claim"])
        self.add_line_and_source_path(shown, token)
        with self.current_node_context(shown, append=True):
            self.nested_render_text(output["data"]["text/markdown"], token.map[0])
    render_others(self, token, waiting)


@dataclass
class Page:
    """What a page claims, and the claims that its sentences link to, with their lines."""

    claims: list
    links: dict


class ClaimCollector(EnvironmentCollector):
    """Keep what each page claims and links to in ``env.claims``."""

    def clear_doc(self, app, env, docname):
        """Forget a page."""
        pages_of(env).pop(docname, None)

    def merge_other(self, app, env, docnames, other):
        """Take over what a parallel reader found."""
        pages_of(env).update((doc, pages_of(other)[doc]) for doc in docnames)

    def process_doc(self, app, doctree):
        """Note a page's claims, and give their cells anchors; of the page of claims, its rows."""
        env, docname = app.env, app.env.docname
        if docname == PAGE:
            anchors = {f"claim-{claim.id}": claim.sentence for claim in claims_of(env)}
            slugs = env.metadata[PAGE].setdefault("myst_slugs", {})
            slugs.update((anchor, (0, anchor, text)) for anchor, text in anchors.items())
            return
        found = dict(enumerate(cell_claims(env, docname)))
        for cell in doctree.findall(nodes.container):
            for claim in found.get(cell.get("cell_index"), []):
                cell["ids"].append(f"cell-{claim.id}")
        claims = [claim for cell in found.values() for claim in cell]
        pages_of(env)[docname] = Page(claims, links(doctree))


def pages_of(env):
    """Return what was collected, by page, of the environment or a new one."""
    if not hasattr(env, "claims"):
        env.claims = {}
    return env.claims


def claims_of(env):
    """Return all claims in the order of the pages."""
    return [claim for _, page in sorted(pages_of(env).items()) for claim in page.claims]


def cell_claims(env, docname):
    """Return a list per cell of a notebook, as it was executed: the claims that it makes."""
    if not env.doc2path(docname).endswith(".ipynb"):
        return []
    executed = Path(env.mystnb_config.output_folder, f"{docname}.ipynb")
    cells = json.loads(executed.read_text("utf8"))["cells"]
    return [
        [
            Claim.from_record(output["metadata"]["claim"])
            for output in cell.get("outputs", [])
            if "claim" in output.get("metadata", {})
        ]
        for cell in cells
    ]


def links(doctree):
    """Return the ids of the claims that sentences link to, each with a link's line."""
    return {
        node["reftargetid"].removeprefix("claim-"): node.line
        for node in doctree.findall(addnodes.pending_xref)
        if node.get("reftarget") == PAGE and (node.get("reftargetid") or "").startswith("claim-")
    }


class ClaimsDirective(SphinxDirective):
    """Write all claims, a table per chapter."""

    def run(self):
        """Return the nodes."""
        pages = {docname: page for docname, page in sorted(pages_of(self.env).items())}
        pages = {docname: page.claims for docname, page in pages.items() if page.claims}
        claims = [claim for page in pages.values() for claim in page]
        undecided = sum(claim.kind == "undecided" for claim in claims)
        text = f"Claims: {len(claims)}; undecided: {undecided}."
        return [nodes.paragraph("", text), *(self.page(*item) for item in pages.items())]

    def page(self, docname, claims):
        """Return a chapter's section."""
        number = chapter_number(docname)
        section = nodes.section(ids=[f"claims-{Path(docname).name.partition('_')[0]}"])
        chapter = "" if number is None else f"Chapter {number}: "
        section += nodes.title("", chapter + self.env.titles[docname].astext())
        body = table(HEAD, [self.row(docname, claim) for claim in claims], WIDTHS, "claims")
        for row, claim in zip(body.findall(nodes.row), [None, *claims], strict=True):
            row["ids"] = [f"claim-{claim.id}"] if claim else []
        section += body
        return section

    def row(self, docname, claim):
        """Return the cells of a claim that a page makes."""
        found = vars(claim.evidence)
        counts = [found.get("wins", found.get("count"))]
        counts += [found.get("losses", claim.evidence.n - counts[0]), found.get("ties", 0)]
        interval = claim.evidence.interval.replace(", ", f",{SPACE}")
        texts = [
            ", ".join(filter(None, (interval, claim.said))),
            str(claim.evidence.n),
            "–".join(map(str, counts)),
            f"<{SPACE}0.0001" if claim.evidence.p < 1e-4 else f"{claim.evidence.p:.2g}",
        ]
        rest = [*(nodes.paragraph("", text) for text in texts), origin(claim)]
        return [self.sentence(docname, claim), *rest]

    def sentence(self, docname, claim):
        """Return what is claimed, as a link to the cell."""
        uri = self.env.app.builder.get_relative_uri(PAGE, docname)
        link = nodes.reference("", "", internal=True, refuri=f"{uri}#cell-{claim.id}")
        link += self.state.inline_text(claim.sentence, self.lineno)[0]
        paragraph = nodes.paragraph()
        paragraph += link
        return paragraph


def origin(claim):
    """Return where the numbers come from: the page, or a stored result."""
    if claim.recipe is None:
        return nodes.paragraph("", "on the page")
    return nodes.paragraph("", f"stored: {claim.recipe}")


def check(app, env):
    """Warn about every hole."""
    pages, first = pages_of(env), {}
    linked = {claim for page in pages.values() for claim in page.links}
    for docname, page in sorted(pages.items()):
        for claim in page.claims:
            if claim.id in first:
                warn(docname, f"{claim.id} is made twice, first in {first[claim.id]}")
            first.setdefault(claim.id, docname)
            if claim.problem:
                warn(docname, f"{claim}: {claim.problem}")
            if claim.id not in linked:
                warn(docname, f"no sentence links to {PAGE}.md#claim-{claim.id}")
            for place in missing(app, claim):
                warn(docname, f"{claim.id} rests on {place}, which does not exist")
    for docname, page in sorted(pages.items()):
        for claim, line in page.links.items():
            if claim not in first:
                warn(docname, f"a sentence links to {claim}, which no cell claims", line)


def missing(app, claim):
    """Return the files of a stored result that are not there."""
    if claim.recipe is None:
        return []
    places = [f"results/{claim.recipe}.json", f"benchmarks/recipes/{claim.recipe}.py"]
    return [place for place in places if not Path(app.srcdir, place).exists()]


def warn(docname, message, line=None):
    """Report at a page."""
    logger.warning("claims: %s", message, location=(docname, line), type="claims")


def always_outdated(app, env, added, changed, removed):
    """Read the page in every build."""
    return [PAGE] if PAGE in env.found_docs else []


def read_last(app, env, docnames):
    """Read the page after the chapters whose claims it lists."""
    if PAGE in docnames:
        docnames.remove(PAGE)
        docnames.append(PAGE)


def setup(app):
    """Connect to Sphinx."""
    SphinxNbRenderer._render_nb_cell_code_outputs = render_outputs
    app.add_env_collector(ClaimCollector)
    app.add_directive("claims", ClaimsDirective)
    app.connect("env-get-outdated", always_outdated)
    app.connect("env-before-read-docs", read_last)
    app.connect("env-check-consistency", check)
    return {"version": "1", "env_version": 1, "parallel_read_safe": False}
