"""What axe-core finds on a page."""

from tests.byhand.labs.bundle import ROOT
from tests.require import require

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

OF_COLORS = ["color-contrast", "link-in-text-block"]

# One entry for each element at fault; `inside` lists what it is a part of. Axe preloads the style
# sheets for a rule on the orientation of screens; from a file it cannot. The drawing of a formula
# is hidden from those who listen, so axe looks there only for something to focus. Drawings are two
# thirds of a chapter's elements; without anything to focus they are taken out meanwhile, which
# halves axe's time. Those who listen hear a formula's MathML, and axe hears none: in the heading of
# a table's column its words stand there meanwhile.
RUN = """async ({ within, rules }) => {
  const drawn = [...document.querySelectorAll(".katex-html[aria-hidden=true]")]
    .filter((formula) => !formula.querySelector("a, button, input, [tabindex]"))
    .map((formula) => ({ formula, parts: [...formula.childNodes] }));
  for (const { formula } of drawn) formula.replaceChildren();
  const heard = [...document.querySelectorAll("th .katex-mathml")]
    .map((formula) => ({ formula, parts: [...formula.childNodes] }));
  for (const { formula } of heard) formula.textContent = formula.querySelector("mrow").textContent;
  const { violations, passes } = await axe.run(within ?? document, {
    resultTypes: ["violations"],
    elementRef: true,
    runOnly: rules ? { type: "rule", values: rules } : undefined,
    preload: location.protocol === "http:",
  });
  for (const { formula, parts } of [...drawn, ...heard]) formula.replaceChildren(...parts);
  const parts = ["figure.lab", "form.prediction"];
  const faults = violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ element, html, failureSummary }) => ({
      impact,
      inside: parts.filter((part) => element.closest(part)),
      text: `${id}: ${html.slice(0, 150)} ${failureSummary}`,
    })),
  );
  return { faults, rules: violations.length + passes.length };
}"""


def faults(page, within=None, rules=None):
    """Return the faults of a page, or those in one part of it.

    Parameters
    ----------
    page : Playwright's page
    within : str, optional
        A selector.
    rules : list of str, optional
        Those to look at, by default all of A and AA and the best practices.

    Returns
    -------
    list of dict
        With ``impact``, ``inside`` (``"figure.lab"``, ``"form.prediction"``) and ``text``.
    """
    require("axe-core", AXE.exists(), "npm ci")
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    found = page.evaluate(RUN, {"within": within, "rules": rules})
    assert found["rules"] > (0 if rules else 5), "axe looked at nothing"
    return found["faults"]
