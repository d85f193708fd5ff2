import pytest

CHAPTER = """
# Logistic regression

## The model

$$ y = 2x $$ (eq-double)

$$ z = 3x $$ (eq-triple)

## Of a slope

$$ s = 4x $$ (eq-slope)

### Deeper

$$ t = 5x $$ (eq-deep)

## Summary

- Deep, {eq}`eq-deep`, and double, {eq}`eq-double`; again {eq}`eq-deep`.
"""
SHEET = "# Formulas\n\n```{formulas} 1-8\n```\n"


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "formulas")
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/formulas_1.md", SHEET)
    return book


def test_a_sheet_has_what_the_summary_names_in_its_order(book):
    assert book.build() is None
    sheet = book.page("book/formulas_1")
    deep, double = sheet.index("t = 5x"), sheet.index("y = 2x")
    assert deep < double
    assert sheet.count("t = 5x") == 1
    assert "z = 3x" not in sheet
    assert "s = 4x" not in sheet
    assert 'href="../chapters/03_logistic_regression.html#equation-eq-deep">(3.4)</a>' in sheet
    assert 'href="../chapters/03_logistic_regression.html#of-a-slope">Of a slope</a>' in sheet


def test_a_changed_summary_reaches_the_sheet(book):
    assert book.build() is None
    book.write("chapters/03_logistic_regression.md", CHAPTER.replace("{eq}`eq-double`", "gone"))
    assert book.build() is None
    assert "y = 2x" not in book.page("book/formulas_1")


def test_chapters_of_another_part_stay_out(book):
    book.write("book/formulas_1.md", SHEET.replace("1-8", "9-14"))
    assert book.build() is None
    assert "t = 5x" not in book.page("book/formulas_1")


def test_a_summary_without_equations_says_so(book):
    book.write("chapters/03_logistic_regression.md", CHAPTER.partition("## Summary")[0])
    assert book.build() is None
    assert "has its formulas in words" in book.page("book/formulas_1")
