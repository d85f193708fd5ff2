"""The files of ``make live`` fit the built pages."""

import json
import re

import pytest

from tests.book.pages import HTML
from tests.live.compare import stored_cells

MANIFEST = HTML / "live" / "manifest.json"
if not MANIFEST.exists():
    pytest.skip("make live comes first", allow_module_level=True)
PAGES = json.loads(MANIFEST.read_text("utf-8"))["pages"]


@pytest.mark.parametrize("page", PAGES)
def test_the_cells_are_those_of_the_page(page):
    cells = json.loads((HTML / "live" / PAGES[page]["cells"]).read_text("utf-8"))["cells"]
    name = page.partition("/")[2]
    assert [cell["id"] for cell in cells] == [cell["id"] for cell in stored_cells(name)]
    markup = (HTML / f"{page}.html").read_text("utf-8")
    shown = re.findall(r'<div class="(cell [^"]*)"', markup)
    assert len(shown) == len(cells)
    hidden = ["tag_remove-input" in classes for classes in shown]
    assert hidden == [not cell["shown"] for cell in cells]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_takes_more_says_so(page):
    """The second pack is loaded where a cell imports what it holds, and nowhere else."""
    text = "".join("".join(cell["source"]) for cell in stored_cells(page.partition("/")[2]))
    science = re.search(r"^\s*(from|import) (scipy|sklearn|joblib)", text, re.MULTILINE)
    assert ("science" in PAGES[page]["packs"]) == bool(science)
