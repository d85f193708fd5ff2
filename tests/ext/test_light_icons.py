"""The icons of the pages are there, and no others."""

import pytest
from fontTools.ttLib import TTFont
from light_icons import FONT, glyphs

BARS, COW, DOWN = 0xF0C9, 0xF6C8, 0xF107


@pytest.fixture
def book(small_book):
    book = small_book("light_icons", settings='html_theme = "sphinx_book_theme"\n')
    book.write("book/other.md", "# A page\n\nWords.\n")
    return book


def points(book):
    return set(TTFont(book.out / "_static" / FONT).getBestCmap())


def test_no_page_loads_the_script_and_the_font_has_what_is_used(book):
    assert book.build() is None
    assert "fontawesome.js" not in book.page("book/other")
    assert not list(book.out.rglob("fontawesome.js"))
    assert {BARS, DOWN} <= points(book)
    assert COW not in points(book)
    assert (book.out / "_static" / FONT).stat().st_size < 20_000
    sheet = (book.out / "_static/styles/pydata-sphinx-theme.css").read_text("utf8")
    assert 'fa-solid-900.ttf) format("truetype")}' in sheet
    assert "fa-solid-900.woff2" not in sheet


def test_an_icon_that_a_page_names_later_comes_in(book):
    assert book.build() is None
    book.write("book/other.md", '# A page\n\n<i class="fa-solid fa-cow"></i>\n')
    assert book.build() is None
    assert {BARS, COW, DOWN} <= points(book)


def test_a_glyph_has_several_names_and_some_have_none():
    sheet = '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.toc:after{content:"\\f107"}'
    assert glyphs('<i class="fa-navicon">', sheet) == [BARS, DOWN]
    assert glyphs('<i class="fa-nav">', sheet) == [DOWN]
