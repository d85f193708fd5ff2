"""The lists of exercises hold each of them once, with its kind."""

import re
from pathlib import Path

import nbformat
import pytest
from exercise_lists import exercises_of, kind
from nbformat import v4

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
TEXT = """# Logistic regression

````{exercise} A sigmoid for every score · ●●○ 8 min
:label: ex-sigmoid

Write it.
````

````{exercise} Two slopes · ●○○ 5 min
:label: ex-tanh-bug

Mend it.
````
"""


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "sphinx_exercise", "exercise_lists")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(TEXT)])
    book.write("chapters/03_logistic_regression.ipynb", nbformat.writes(notebook))
    return book


def test_a_list_holds_the_exercises_of_its_difficulty(book):
    book.write("book/other.md", "# Exercises\n\n```{exercise-list} ●○○\n```\n")
    assert book.build() is None
    page = book.page("book/other")
    cells = [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td>(.*?)</td>", page, re.DOTALL)]
    assert [cell.strip() for cell in cells] == ["3", "Two slopes", "find the bug", "5"]
    assert "logistic_regression.html#ex-tanh-bug" in page


def test_dots_that_no_exercise_has_fail_the_build(book):
    book.write("book/other.md", "# Exercises\n\n```{exercise-list} ●●●●\n```\n")
    assert "no exercise has '●●●●'" in book.build()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_exercise_of_a_chapter_is_listed_with_its_kind(path):
    notebook = nbformat.read(path, as_version=4)
    texts = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = exercises_of(notebook)
    assert len(found) == len(re.findall(r"^`+\{exercise\}", texts, re.MULTILINE))
    assert {exercise["dots"] for exercise in found} <= {"●○○", "●●○", "●●●"}
    open_ones = [e["label"] for e in found if kind(e["label"]).startswith("open")]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert not any(f'check("{label.removeprefix("ex-")}"' in code for label in open_ones)


def test_the_kind_is_that_of_its_check():
    kinds = {kind(f"ex-{name}") for name in ("softmax-layer", "tanh-bug", "small-reader")}
    assert kinds == {"compute", "find the bug", "design"}
    assert kind("ex-pool-blur") == "open, without a check"
    assert kind("ex-fading-signal") == "predict, then measure"
