"""The list of labs has each of them, with addresses that they understand."""

import re
from pathlib import Path
from urllib.parse import parse_qs

import nbformat
import pytest
from lab_lists import alone, labs_of

from byhand import labs
from tests.byhand.labs.names import LABS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "lab_lists")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    book.write_notebook("chapters/03_logistic_regression.ipynb", "labs.epsilon()")
    return book


def test_a_row_has_the_labs_links_and_the_names_of_its_controls(book):
    book.write("book/other.md", "# Labs\n\n```{lab-list}\n```\n")
    assert book.build() is None
    page, lab = book.page("book/other"), labs.epsilon()
    assert 'href="../chapters/03_logistic_regression.html#lab-epsilon"' in page
    assert 'href="../chapters/03_logistic_regression.html?embed=epsilon"' in page
    for control in lab.controls:
        assert f">{control.name}</span>" in page


def test_every_lab_of_the_book_is_found():
    notebooks = [
        nbformat.read(path, as_version=4) for path in sorted(ROOT.glob("chapters/*.ipynb"))
    ]
    found = [lab.name for notebook in notebooks for lab in labs_of(notebook)]
    assert sorted(found) == sorted(getattr(labs, name)().name for name in LABS)


def test_what_is_not_left_is_hidden():
    race = labs.race()
    query = parse_qs(alone(race, ["rate"]).removeprefix("?"))
    assert query["embed"] == ["race"]
    hidden = query["race.hide"][0].split(",")
    assert sorted([*hidden, "rate"]) == sorted(control.name for control in race.controls)
    assert re.fullmatch(r"\?embed=race", alone(race, [control.name for control in race.controls]))
