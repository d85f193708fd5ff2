"""Every cell of every chapter runs in the browser and shows what the notebook has stored.

book/live.toml lists the cells whose outputs differ, each with its reason; a cell that is listed and
agrees is a mistake, too.
"""

import json

import pytest

from tests.book.pages import HTML
from tests.live import compare, measured

MANIFEST = HTML / "live" / "manifest.json"
PAGES = json.loads(MANIFEST.read_text("utf-8"))["pages"] if MANIFEST.exists() else {}


@pytest.mark.parametrize("page", PAGES)
def test_each_cell_shows_what_is_stored(new_engine, page, request):
    name = page.partition("/")[2]
    chosen = request.config.getoption("--chapters").split()
    if chosen and name.partition("_")[0] not in chosen:
        pytest.skip("not among --chapters")
    engine = new_engine(page)
    booted = engine.boot()
    known, found, raised, times = compare.known_differences(name), {}, {}, {}
    for cell in compare.stored_cells(name):
        result = engine.run("".join(cell["source"]))
        times[cell["id"]] = result["ms"] / 1000
        if not result["ok"]:
            raised[cell["id"]] = result["outputs"][-1]
        tags = cell["metadata"].get("tags", [])
        pair = compare.texts(result["outputs"]), compare.texts(cell["outputs"])
        if compare.NOT_COMPARED not in tags and pair[0] != pair[1]:
            found[cell["id"]] = pair
    engine.close()
    if file := request.config.getoption("--measured"):
        measured.note(file, name, booted, times, result["heap"], found)
    assert raised == {}
    assert engine.tab.errors == []
    assert {id: pair for id, pair in found.items() if id not in known} == {}
    assert set(known) <= set(found), "these agree now: take them out of book/live.toml"
