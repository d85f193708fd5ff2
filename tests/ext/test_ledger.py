import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

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


TOC = """
format: jb-book
root: index
parts:
  - numbered: 2
    chapters:
      - file: chapters/03_logistic_regression
  - chapters:
      - file: book/ledger
        sections:
          - glob: book/ledger/*
"""
ROWS = "book/ledger/03_logistic_regression"
TEST = """
def printed(x):
    return x + x


def test_double(ledger):
    ledger("loops", printed(2) - 4, 0)
"""


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "ledger", settings="nitpicky = True\n")
    book.write("_toc.yml", TOC)
    (book.root / "book/other.md").unlink()
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/ledger.md", "# The ledger\n\n```{ledger} legend\n```\n\n```{ledger}\n```\n")
    book.write(f"{ROWS}.md", "# Ledger of chapter 3\n\n```{ledger}\n```\n")
    book.write("dlcore/double.py", LIBRARY)
    (book.root / "tests").mkdir()
    record(book, ROW)
    return book


def record(book, *rows):
    versions = {"python": "3.11", "numpy": "2.4", "torch": None}
    book.write("_build/ledger.json", json.dumps({"versions": versions, "rows": rows}))


def row_of(book, label="eq-double"):
    return book.page(ROWS).split(f'id="row-{label}"')[1]


def test_equation_and_row_link_to_each_other(book):
    assert book.build() is None
    chapter, row = book.page(), row_of(book)
    assert 'href="../book/ledger/03_logistic_regression.html#row-eq-double"' in chapter
    assert ">checked by central differences to 1e-11</a>" in chapter
    assert 'href="../book/ledger/03_logistic_regression.html#row-eq-def-y"' in chapter
    assert 'href="../../chapters/03_logistic_regression.html#equation-eq-double">(3.2)</a>' in row
    assert "dlcore/double.py:2–7" in row
    assert "<details" in row
    for text in ("central differences", "≤ 1e-11", "1e-9", "tests/test_double.py::test_double"):
        assert text in row
    assert "1 equation computed, 1 definition." in book.page(ROWS)
    assert 'id="row-eq-def-y"' in book.page(ROWS)


def test_the_index_keeps_every_old_address_and_leads_on(book):
    assert book.build() is None
    index = book.page("book/ledger")
    assert 'id="ledger-03"' in index
    for label, number in (("eq-double", "(3.2)"), ("eq-def-y", "(3.1)")):
        line = index.split(f'<li id="row-{label}">')[1].split("</li>")[0]
        assert f'href="../chapters/03_logistic_regression.html#equation-{label}">{number}<' in line
        assert f'href="ledger/03_logistic_regression.html#row-{label}"' in line
    assert "by central differences to 1e-11" in index
    assert "<summary>" not in index
    assert 'src="../_static/ledger.js' in index
    assert "ledger.js" not in book.page(ROWS)


def test_a_chapter_without_a_page_of_rows_fails_the_build(book):
    (book.root / f"{ROWS}.md").unlink()
    assert f"chapters/03_logistic_regression has no page of rows; write {ROWS}.md" in book.build()


def test_a_page_of_rows_without_a_chapter_fails_the_build(book):
    book.write("book/ledger/04_gone.md", "# Ledger of chapter 4\n\n```{ledger}\n```\n")
    assert "there is no chapter chapters/04_gone" in book.build()


def test_the_formula_is_shown_although_it_sits_in_a_helper(book):
    book.write("dlcore/double.py", "")
    book.write("tests/test_double.py", TEST)
    assert book.build() is None
    row = row_of(book)
    assert "<code>printed</code>" in row
    code = re.sub("<[^>]+>", "", row)
    assert "def test_double(ledger):" in code
    assert "return x + x" in code
    assert "stands for 0 of these 1 equations" in book.page("book/ledger")


def test_a_source_stands_once_on_a_page(book):
    twice = CHAPTER + "\n$$ z = 2x $$ (eq-again)\n"
    book.write("chapters/03_logistic_regression.md", twice)
    book.write("dlcore/double.py", "")
    book.write("tests/test_double.py", TEST)
    record(book, ROW, ROW | {"label": "eq-again"})
    assert book.build() is None
    assert re.sub("<[^>]+>", "", book.page(ROWS)).count("return x + x") == 1
    again = row_of(book, "eq-again")
    assert again.count('href="#row-eq-double"') == 1


def test_kinds_of_checks_are_never_mixed(book):
    sample = ROW | {"against": "a sample: 300 draws", "error": 0.04, "tolerance": 0.1}
    record(book, ROW | {"against": "loops", "error": 3e-15}, ROW, sample)
    assert book.build() is None
    assert ">checked to rounding</a>" in book.page()
    kinds = book.page("book/ledger").split("ledger-kinds")[1].split("</table>")[0]
    cells = re.findall(r"<td><p>(.*?)</p></td>", kinds)
    assert cells == [
        *("Exact", "1", "1", "≤ 1e-14"),
        *("Numerical", "1", "1", "≤ 1e-11"),
        *("Statistical", "1", "1", "each within its tolerance"),
    ]
    record(book, sample)
    assert book.build() is None
    assert ">checked within sampling error (300 draws)</a>" in book.page()


def test_a_row_leads_to_the_api_and_to_the_lab(book):
    lab = "\n```{raw} html\n<figure class='lab' id='lab-slope'></figure>\n```\n"
    book.write("chapters/03_logistic_regression.md", CHAPTER + lab)
    assert book.build() is None  # nothing documents the function yet
    assert "dlcore.double.double" in row_of(book)
    assert "#dlcore.double.double" not in row_of(book)
    assert 'href="../../chapters/03_logistic_regression.html#lab-slope">lab</a>' in row_of(book)
    api = "# API\n\n```{py:function} dlcore.double.double(x)\n```\n"
    book.write("index.md", api)
    assert book.build() is None
    assert 'href="../../index.html#dlcore.double.double"' in row_of(book)


def test_pytorch_rows_say_where_they_come_from(book):
    torch = ROW | {"against": "PyTorch: 2.13.0", "test": "tests/test_oracle.py::test_double"}
    record(book, ROW, torch | {"recorded": True})
    assert book.build() is None
    assert "stored run in results/oracle.json" in book.page("book/ledger")
    record(book, ROW, torch)
    assert book.build() is None
    assert "The PyTorch rows come from this run." in book.page("book/ledger")


def test_new_errors_reach_every_page(book):
    assert book.build() is None
    record(book, ROW | {"error": 0.0, "against": "by hand"})
    assert book.build() is None
    assert ">checked, exact</a>" in book.page()
    assert "checked, exact" in book.page("book/ledger")


def test_a_page_counts_the_equations_anew_when_others_change(book):
    counts = "{ledger-count}`computed`, of them {ledger-count}`named`."
    book.write("index.md", f"# A book\n\n{counts}\n")
    assert book.build() is None
    assert "<p>1, of them 1.</p>" in book.page("index")
    book.write("dlcore/double.py", "")
    book.write("tests/test_double.py", TEST)
    assert book.build() is None
    assert "<p>1, of them 0.</p>" in book.page("index")
    book.write("index.md", "# A book\n\n{ledger-count}`proved`\n")
    assert "nothing is counted as proved" in book.build()


@pytest.mark.parametrize("name", ["README.md", "book/intro.md"])
def test_what_is_promised_is_what_the_build_checks(name):
    words = " ".join((ROOT / name).read_text("utf8").split())
    promise = words.split("**Every equation is executed.**")[1].split("stops the build")[0]
    assert "a function of `dlcore` or the test that writes it out" in promise
    assert "has a function" not in promise
    assert not re.search(r"\d", promise.replace("{ledger-count}", ""))  # counted, or left out


def test_a_word_that_the_table_does_not_have_fails_the_build(book):
    record(book, ROW | {"against": "a loop over pixels"})
    message = book.build()
    assert "compares with 'a loop over pixels', which does not begin with a word" in message


def test_all_holes_are_listed_and_fail_the_build(book):
    new = "\n$$ z $$ (eq-new)\n\n$$ t $$ (eq-torch-only)\n\n$$ b $$ (eq-bad)\n"
    book.write("chapters/03_logistic_regression.md", CHAPTER + new)
    book.write("dlcore/more.py", LIBRARY.replace("eq-double", "eq-torch-only, eq-bad, eq-gone"))
    torch = ROW | {"label": "eq-torch-only", "against": "PyTorch: 2.13.0"}
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
