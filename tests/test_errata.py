"""The errata page names for each erratum the source, part and section of its table."""

import copy
import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book/_tools"))

from errata_sources import errata_of, known, phrase, problems, read_table  # noqa: E402

PAGE = ROOT / "book/errata.ipynb"


@pytest.fixture
def table():
    return read_table()


@pytest.fixture
def errata():
    return errata_of(PAGE)


def test_every_erratum_says_where_it_stands(errata, table):
    assert [int(number) for number in errata] == list(range(1, 56))
    assert problems(errata, table) == []


@pytest.mark.parametrize(
    ("number", "places", "message"),
    [
        ("12", [["D", "1.3", "(12)"]], "err-12 does not say 'Notes D, 1.3, (12)'"),
        ("12", [["D", "1.3", "(12)"]], "err-12 names 'notes a, part d'"),
        ("10", [["C", "3.1"]], "err-10: a place that the table's sources do not have"),
        ("13", [["A.D", "3.4"], ["A.D", "4.3"]], "err-13 does not say 'Notes A, part D, 4.3'"),
        ("37", [["D", "1.1"]], "err-37 does not say 'Notes D, 1.1'"),
        ("43", [["A.C", "3.4.4"]], "err-43 names 'notes d'"),
        ("48", [["D", "2.9"]], "err-48: a place that the table's sources do not have"),
        ("56", [["D", "1.1"]], "err-56 is in the table only"),
    ],
)
def test_a_wrong_place_is_found(errata, table, number, places, message):
    table = copy.deepcopy(table)
    table["errata"][number] = places
    assert message in problems(errata, table)


@pytest.mark.parametrize("wrong", ["Notes D, part D", "Notes A", "Notes A, part C"])
def test_a_wrong_letter_or_part_on_the_page_is_found(errata, table, wrong):
    errata["12"] = errata["12"].replace("Notes A, part D", wrong)
    assert problems(errata, table)


def test_an_erratum_without_a_place_is_found(errata, table):
    del table["errata"]["7"]
    assert problems(errata, table) == ["err-7 is on the page only"]


def test_the_index_of_the_page_is_the_table(table):
    cells = nbformat.read(PAGE, as_version=4).cells
    (cell,) = [cell for cell in cells if cell.id == "index-code"]
    (output,) = cell.outputs
    rows = output["data"]["text/markdown"].splitlines()[2:]
    for source, row in zip(table["sources"], rows, strict=True):
        found = re.findall(r"\[(\d+)\]\(#err-\1\)", row)
        assert found == [
            number
            for number, places in table["errata"].items()
            if any(place[0] == source for place in places)
        ]
        assert row.startswith(f"| {table['sources'][source]['name']} |")


def test_the_page_of_the_sources_tells_what_the_letters_and_parts_are(table):
    text = " ".join((ROOT / "book/sources.md").read_text("utf8").split())
    for source in table["sources"].values():
        name, _, part = source["name"].partition(", ")
        assert f"**{name}**" in text
        assert not part or f"{part} on " in text, source["name"]


def test_every_section_of_a_source_is_written_as_one(table):
    for places in table["errata"].values():
        for place in places:
            assert known(place, table["sources"])
            assert 2 <= len(place) <= 3
            assert "  " not in phrase(place, table["sources"])
