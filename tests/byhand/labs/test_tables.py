"""The numbers behind a lab's drawings, as tables."""

import csv
import io
import json

import pytest

import byhand.labs
from tests.byhand.labs.bundle import BROWSER, run_node
from tests.byhand.labs.names import LABS

SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import {{ cellText, csvOf, tablesOf }} from {json.dumps((BROWSER / "tables.js").as_uri())};
const tables = tablesOf(JSON.parse(readFileSync(0, "utf8")));
const cells = ({{ columns, rows }}) => columns.map(({{ name, values }}) =>
  [name, Array.from({{ length: Math.min(rows, 20) }}, (_, i) => cellText(values[i]))]);
console.log(JSON.stringify(tables.map((table) =>
  ({{ name: table.name, rows: table.rows, cells: cells(table), csv: csvOf(table) }}))));
"""


def tables_of(scene):
    """Return the tables that the browser makes of a scene."""
    return run_node("--input-type=module", "--eval", SCRIPT, text=json.dumps(scene))


def scene(**changes):
    """Return a small scene: two controls, a run of two stops, a list of pairs."""
    controls = [
        {"kind": "select", "name": "way", "label": "Way"},
        {"kind": "scrubber", "name": "step", "label": "Step"},
    ]
    state = {"best_cost": 0.123456789, "points": [[1, 2], [3, 4], [5, 6]], "label": ["a", "b,", 1]}
    return {
        "spec": {"controls": controls},
        "settings": {"way": "up", "step": 1},
        "state": state | {"series": {"w1": [1, -2e-7], "q": [None, 1]}},
        "shared": {"start": {"x": [7, 8]}, "name": "no list"},
        "stops": [0, 1, 2],
    } | changes


def test_single_numbers_the_run_and_lists_of_one_length_are_tables():
    single, run, lists, shared = tables_of(scene())
    assert single["cells"] == [
        ["name", ["Way", "Step", "best cost"]],
        ["value", ["up", "1", "0.123457"]],
    ]
    assert run["name"] == "Run: 2 rows"
    assert run["cells"] == [["Step", ["0", "1"]], ["w1", ["1", "−2·10⁻⁷"]], ["q", ["", "1"]]]
    assert lists["name"] == "points 1, and 2 more: 3 rows"
    assert [name for name, _ in lists["cells"]] == ["points 1", "points 2", "label"]
    assert lists["cells"][1] == ["points 2", ["2", "4", "6"]]
    assert shared["cells"] == [["start x", ["7", "8"]]]


def test_a_file_has_all_digits_and_quotes_what_it_must():
    single, run, lists, _ = tables_of(scene())
    assert list(csv.reader(io.StringIO(run["csv"]))) == [
        ["Step", "w1", "q"],
        ["0", "1", ""],
        ["1", "-2e-7", "1"],
    ]
    assert "best cost,0.123456789" in single["csv"]
    assert list(csv.reader(io.StringIO(lists["csv"])))[2] == ["3", "4", "b,"]


def test_without_a_run_there_is_no_table_of_it():
    names = [table["name"] for table in tables_of(scene(state={"cost": 1.5}))]
    assert names == ["Settings and single numbers", "start x: 2 rows"]


@pytest.mark.parametrize("name", LABS)
def test_every_lab_has_tables_of_numbers_and_words(name):
    lab = getattr(byhand.labs, name)()
    controls, settings = [control.spec() for control in lab.controls], lab.settings()
    # The states of a precomputed lab take long, and its spec has all of them.
    spec = {"controls": controls, "shared": {}} if lab.precomputed else lab.spec()
    stops = next((c["values"] for c in spec["controls"] if c["kind"] == "scrubber"), [])
    state = lab.compute(settings)
    found = tables_of(
        {"spec": spec, "settings": settings, "state": state, "shared": spec["shared"]}
        | {"stops": list(stops)}
    )
    assert len(found) >= 1 + bool(state.get("series"))
    for table in found:
        texts = [text for _, column in table["cells"] for text in column]
        assert table["rows"] > 0
        assert any(texts), table["name"]
        assert not any("object" in text or "undefined" in text for text in texts), table["name"]
