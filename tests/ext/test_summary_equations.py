"""The equations that a chapter's summary names have a function of dlcore, or a reason why not."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from ledger_records import find_functions

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
REASONS = tomllib.loads((ROOT / "book" / "summary_equations.toml").read_text(encoding="utf-8"))
SUMMARY = re.compile(r"(?ms)^## Summary$(.*?)(?=^## |\Z)")


def in_summary(text):
    """Return the computed equations that the summary in a chapter's text names."""
    found = SUMMARY.search(text)
    labels = re.findall(r"\{eq\}`(eq-[a-z0-9-]+)`", found[1]) if found else []
    return {label for label in labels if not label.startswith("eq-def-")}


def words_of(path):
    """Return the Markdown cells of a notebook as one text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def faults(central, named, reasons):
    """Return a sentence for each central equation without function and reason, and each stale one.

    Parameters
    ----------
    central : set of labels in the summaries
    named : set of labels that the library's docstrings name
    reasons : {label: why no function stands for it}
    """
    found = [
        f"{label}: a summary names it; write `Equation: {label}` into the docstring of its "
        "function, or a reason into book/summary_equations.toml"
        for label in sorted(central - named - reasons.keys())
    ]
    found += [f"{label}: has a function; take it off" for label in sorted(reasons.keys() & named)]
    gone = sorted(reasons.keys() - central - named)
    found += [f"{label}: no summary names it; take it off" for label in gone]
    found += [f"{label}: the reason is empty" for label, why in reasons.items() if not why.strip()]
    return found


def test_each_central_equation_has_a_function_or_a_reason():
    central = set().union(*(in_summary(words_of(path)) for path in CHAPTERS))
    assert len(central) > 100
    named = {label for thing in find_functions(ROOT, "dlcore", "byhand") for label in thing.labels}
    assert faults(central, named, REASONS) == []


@pytest.mark.parametrize(
    ("central", "named", "reasons", "message"),
    [
        ({"eq-a"}, set(), {}, "eq-a: a summary names it"),
        ({"eq-a"}, {"eq-a"}, {"eq-a": "a bound"}, "eq-a: has a function"),
        (set(), set(), {"eq-a": "a bound"}, "eq-a: no summary names it"),
        ({"eq-a"}, set(), {"eq-a": " "}, "eq-a: the reason is empty"),
    ],
)
def test_each_fault_is_told(central, named, reasons, message):
    (fault,) = faults(central, named, reasons)
    assert message in fault


def test_only_the_summary_is_read():
    text = "{eq}`eq-a`\n\n## Summary\n\n- {eq}`eq-b`, {eq}`eq-def-c`\n\n## Sources\n\n{eq}`eq-d`"
    assert in_summary(text) == {"eq-b"}
