"""Ways through the book: their minutes, their links, and what may be left out."""

import re
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import v4

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
from reading_time import contents, sections  # noqa: E402

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
FENCE = re.compile(r"^```\{path\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)

CHAPTER = "chapters/03_logistic_regression"
WORDS = "word " * 1300  # ten minutes
TEXTS = (
    "# Logistic regression",
    f"(sec-03-model)=\n## One neuron\n\n{WORDS}",
    f"(sec-03-rate)=\n## The rate\n\n{WORDS}\n\n{WORDS}",
    f"## Exercises\n\n{WORDS}",
)


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "paths")
    (book.root / f"{CHAPTER}.md").unlink()
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(text) for text in TEXTS])
    book.write(f"{CHAPTER}.ipynb", nbformat.writes(notebook))
    return book


def ways(book, text):
    """Build a page with a way, and return the cells of its table."""
    book.write("book/other.md", f"# Ways\n\n```{{path}}\n{text}\n```\n")
    assert book.build() is None
    page = book.page("book/other")
    rows = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in page.split("<tr")[1:]]
    return [[re.sub(r"<.*?>", "", cell).strip() for cell in row] for row in rows]


def test_a_whole_chapter_is_counted_without_its_exercises(book):
    cells = ways(book, "- 03_logistic_regression")
    assert cells[0] == ["Read", "Minutes"]
    assert cells[1] == ["3 Logistic regression", "30"]
    assert cells[2] == ["all of it", "0.5 hours"]


def test_sections_are_linked_and_counted_alone(book):
    cells = ways(book, ":rows: Week\n- 03_logistic_regression: [sec-03-rate]")
    assert cells[0] == ["Week", "Read", "Minutes"]
    assert cells[1] == ["1", "3 Logistic regression: The rate", "20"]
    assert '../chapters/03_logistic_regression.html#sec-03-rate"' in book.page("book/other")


def test_a_row_may_say_why(book):
    cells = ways(book, ":why: Why\n- 03_logistic_regression: [sec-03-model]\n  why: It is short.")
    assert cells[1] == ["3 Logistic regression: One neuron", "It is short.", "10"]


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        ("- 03_logistics", "there is no chapter '03_logistics'"),
        ("- 03_logistic_regression: [sec-03-gone]", "has no section 'sec-03-gone'"),
    ],
)
def test_a_name_that_is_none_fails_the_build(book, way, fault):
    book.write("book/other.md", f"# Ways\n\n```{{path}}\n{way}\n```\n")
    assert fault in book.build()


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_sections_of_a_chapter_are_all_of_it(path):
    notebook = nbformat.read(path, as_version=4)
    parts = sections(notebook)
    spans = [contents(v4.new_notebook(cells=cells)).exact for cells in parts.values()]
    assert sum(spans) == pytest.approx(contents(notebook).exact)
    assert "Exercises" in parts


# --- what the book's own pages say ---


def items(page):
    """Return the items of each way of a page."""
    return [yaml.safe_load(re.sub(r"^:.*$", "", body, flags=re.MULTILINE))
            for body in FENCE.findall((ROOT / "book" / page).read_text("utf8"))]  # fmt: skip


def targets(text):
    """Return what a text refers to: sections and equations, by role or by address."""
    roles = re.findall(r"`(?:[^`<]*<)?((?:sec|eq)-[\w-]+)>?`", text)
    return {*roles, *re.findall(r"#((?:sec|eq)-[\w-]+)", text)}


def test_no_other_chapter_refers_to_what_can_be_left_out():
    (skipped,) = items("teach.md")
    skipped = {name: labels for item in skipped for name, labels in item.items() if name != "why"}
    texts, inside = {}, {}
    for path in CHAPTERS:
        cells = nbformat.read(path, as_version=4)
        parts = sections(cells)
        texts[path.stem] = "\n".join(cell.source for cell in cells.cells)
        for label in skipped.get(path.stem, ()):
            source = "\n".join(cell.source for cell in parts[label])
            pairs = re.findall(r"\((sec-[\w-]+)\)=|\$\$ \((eq-[\w-]+)\)", source)
            inside[label] = {name for pair in pairs for name in pair if name}
    used = {
        (label, other)
        for name, labels in skipped.items()
        for label in labels
        for other, text in texts.items()
        if other != name and targets(text) & inside[label]
    }
    assert used == set()


def test_the_term_has_every_chapter_in_order():
    _, term, _ = items("paths.md")
    read = [name for item in term for name in ([item] if isinstance(item, str) else item)]
    assert read == [path.stem for path in CHAPTERS]
    assert len(term) == 14
