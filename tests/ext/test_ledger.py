import json

import pytest

LIBRARY = '''
def double(x):
    """Twice.

    Equation: eq-double
    """
    return 2 * x
'''
CHAPTER = """
# Logistic regression

$$ y $$ (eq-def-y)

$$ y = 2x $$ (eq-double)
"""
ROW = {
    "label": "eq-double",
    "test": "tests/test_double.py::test_double",
    "against": "central differences",
    "error": 3e-12,
    "tolerance": 1e-9,
    "recorded": False,
}


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "ledger")
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/ledger.md", "# The ledger\n\n```{ledger}\n```\n")
    book.write("dlcore/double.py", LIBRARY)
    (book.root / "tests").mkdir()
    record(book, ROW)
    return book


def record(book, *rows):
    versions = {"python": "3.11", "numpy": "2.4", "torch": None}
    book.write("_build/ledger.json", json.dumps({"versions": versions, "rows": rows}))


def test_equation_and_row_link_to_each_other(book):
    assert book.build() is None
    chapter, ledger = book.page(), book.page("book/ledger")
    assert 'href="../book/ledger.html#row-eq-double"' in chapter
    assert ">checked to 1e-11</a>" in chapter
    assert 'href="../book/ledger.html#row-eq-def-y"' in chapter
    row = ledger.split('id="row-eq-double"')[1]
    assert 'href="../chapters/03_logistic_regression.html#equation-eq-double">(3.2)</a>' in row
    assert "dlcore/double.py:2–7" in row
    assert "<details" in row
    for text in ("central differences", "≤ 1e-11", "1e-9", "tests/test_double.py::test_double"):
        assert text in row
    assert "1 equation computed, 1 definition. Largest error: ≤ 1e-11." in ledger
    assert 'id="row-eq-def-y"' in ledger


def test_pytorch_rows_say_where_they_come_from(book):
    torch = ROW | {"against": "PyTorch 2.13.0", "test": "tests/test_oracle.py::test_double"}
    record(book, ROW, torch | {"recorded": True})
    assert book.build() is None
    assert "stored run in results/oracle.json" in book.page("book/ledger")
    record(book, ROW, torch)
    assert book.build() is None
    assert "The PyTorch rows come from this run." in book.page("book/ledger")


def test_new_errors_reach_every_page(book):
    assert book.build() is None
    record(book, ROW | {"error": 0.0})
    assert book.build() is None
    assert ">checked, exact</a>" in book.page()
    assert "Largest error: 0." in book.page("book/ledger")


def test_all_holes_are_listed_and_fail_the_build(book):
    new = "\n$$ z $$ (eq-new)\n\n$$ t $$ (eq-torch-only)\n\n$$ b $$ (eq-bad)\n"
    book.write("chapters/03_logistic_regression.md", CHAPTER + new)
    book.write("dlcore/more.py", LIBRARY.replace("eq-double", "eq-torch-only, eq-bad, eq-gone"))
    torch = ROW | {"label": "eq-torch-only", "against": "PyTorch 2.13.0"}
    record(book, ROW, torch, ROW | {"label": "eq-bad", "error": 1.0})
    message = book.build()
    assert "eq-new: no test measures it" in message
    assert "eq-torch-only: every check needs PyTorch" in message
    assert "eq-bad: tests/test_double.py::test_double measures 1.0e+00" in message
    assert "eq-gone: named by double (dlcore/more.py:2–7), but no chapter has it" in message
    assert "eq-double" not in message


def test_a_hole_made_later_fails_although_the_chapter_is_unchanged(book):
    assert book.build() is None
    book.write("dlcore/double.py", LIBRARY.replace("eq-double", "eq-dubble"))
    assert "eq-dubble: named by double" in book.build()


def test_without_measured_errors_the_build_says_what_to_run(book):
    (book.root / "_build/ledger.json").unlink()
    assert "python -m pytest -m ledger" in book.build()
