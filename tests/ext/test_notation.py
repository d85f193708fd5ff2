"""The notation page is made from its table, and chapters that leave it fail the build."""

import re

import pytest

TABLE = r"""
[[symbol]]
means = "the sigmoid $1/(1 + e^{-z})$"
term = "sigmoid 函数"
[symbol.forms]
'\sigma' = "3"

[[symbol]]
means = "score"
[symbol.forms]
'z' = "3 4"

[[symbol]]
means = "base of the exponential"
[symbol.forms]
'e' = "3"
"""
CHAPTER = "# Logistic regression\n\nWith $\\sigma(z) = 1/(1 + e^{-z})$ it is easy.\n"
PAGE = "# Notation\n\n```{forms}\n```\n\n```{symbols} shared\n```\n\n```{symbols} single\n```\n"


@pytest.fixture
def book(small_book):
    book = small_book("notation")
    book.write("book/notation.toml", TABLE)
    book.write("book/notation.md", PAGE)
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    return book


def rows(book, name):
    table = re.search(
        rf'<table class="[^"]*\b{name}\b.*?</table>', book.page("book/notation"), re.S
    )
    found = re.findall(r"<tr.*?</tr>", table[0], re.S)[1:]
    return [
        [re.sub("<.*?>", "", cell) for cell in re.findall(r"<td>.*?</td>", r, re.S)] for r in found
    ]


def test_the_page_shows_meaning_term_and_chapters_of_each_symbol(book):
    assert book.build() is None
    assert [[cell.strip() for cell in row] for row in rows(book, "symbols")] == [
        [r"\(z\)", "score", "", "3 4"]
    ]
    page = book.page("book/notation")
    assert "sigmoid 函数" in page
    assert r"the sigmoid <span" in page
    assert 'href="../chapters/03_logistic_regression.html"' in page
    assert [r"\(\mathbb E[x]\)" in row[1] for row in rows(book, "forms")].count(True) == 1


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\hat y = \sigma(z)", r"\hat{y} in $\hat y = \sigma(z)$ is not listed for chapter 3"),
        (r"x_z", "x_{z} in $x_z$ is not listed"),
        (r"\sigma(z) = \text{E} + \mathbf E", r"\mathbf{E} in"),
    ],
)
def test_an_unlisted_symbol_fails_the_build(book, formula, message):
    book.write("chapters/03_logistic_regression.md", CHAPTER + f"\nAnd ${formula}$ too.\n")
    assert message in book.build()


def test_two_meanings_in_one_chapter_fail_the_build(book):
    spread = '\n[[symbol]]\nmeans = "spread"\n[symbol.forms]\n'
    book.write("book/notation.toml", TABLE + spread + r"'\sigma' = '3'")
    assert r"\sigma has 2 meanings here: the sigmoid" in book.build()
    book.write("book/notation.toml", TABLE + spread + r"'\sigma^2' = '3'")
    assert "no formula of the chapter has it" in book.build()
    book.write("chapters/03_logistic_regression.md", CHAPTER + "\nAnd $\\sigma^2$ too.\n")
    assert book.build() is None


def test_a_symbol_that_a_chapter_has_not_fails_the_build(book):
    book.write("book/notation.toml", TABLE.replace('"3 4"', '"4"'))
    assert "z in $" in book.build()
    book.write("chapters/03_logistic_regression.md", CHAPTER.replace("z", "2"))
    assert book.build() is None
    book.write("book/notation.toml", TABLE)
    assert "z (score) is listed for chapter 3" in book.build()


def test_another_form_than_the_books_fails_the_build(book):
    book.write("chapters/03_logistic_regression.md", CHAPTER + "\nSo $\\ln e = 1$.\n")
    assert r"\ln in $\ln e = 1$; the book writes \log" in book.build()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("means = 'score'\nforms = { 'z' = '3-' }", "'3-' in '3-' is no chapter"),
        ("means = 'score'\nforms = { '+' = '3' }", "no symbol in the form '+'"),
        ("meaning = 'score'\nforms = { 'z' = '3' }", "has the keys ['forms', 'meaning']"),
    ],
)
def test_a_table_that_can_not_be_read_stops_the_build(book, entry, message):
    book.write("book/notation.toml", f"[[symbol]]\n{entry}\n")
    assert message in book.build()
