"""The glossary: in order, nothing twice, and each entry names a chapter that uses its term."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book/_ext"))

from glossary import CHINESE, PLAIN, Entry, pattern  # noqa: E402

BODY = re.search(
    r"```{glossary}\n(.*?)\n```", (ROOT / "book/glossary.md").read_text("utf8"), re.DOTALL
)[1]


def read(block):
    """Return an entry of the page as it is written."""
    lines = block.split("\n")
    names = [line for line in lines if not line.startswith("  ")]
    sections = re.findall(r"\{numref\}`(sec-[a-z0-9-]+)`", block)
    assert len(sections) == 1, f"{names[0]}: one section explains it, found {sections}"
    return Entry(tuple(names), "", sections[0])


ENTRIES = [read(block) for block in BODY.split("\n\n")]


def words(number):
    """Return the Markdown of a chapter."""
    path = next(ROOT.glob(f"chapters/{number}_*.ipynb"))
    cells = json.loads(path.read_text("utf8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_the_glossary_covers_the_field():
    assert len(ENTRIES) > 120
    assert sum(any(map(CHINESE.search, entry.names)) for entry in ENTRIES) > 80


def test_the_terms_are_in_order_and_no_name_appears_twice():
    terms = [entry.names[0].lower() for entry in ENTRIES]
    assert terms == sorted(terms)
    names = [name.lower() for entry in ENTRIES for name in entry.names]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.names[0])
def test_its_chapter_uses_the_term_and_has_the_section(entry):
    text = words(entry.section[4:6])
    assert f"({entry.section})=\n" in text
    plain = [re.escape(name) for name in entry.names if name in PLAIN]
    assert pattern([entry]).search(text) or any(re.search(rf"\b{name}", text) for name in plain)
