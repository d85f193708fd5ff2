"""A book whose address is in the environment says it; one without says nothing."""

import re
import xml.etree.ElementTree as ET

import pytest

URL, REPOSITORY = "https://example.org/book", "https://github.com/someone/gradients"
THEME = """
import os
html_theme = "sphinx_book_theme"
html_static_path = ["static"]
os.environ |= {names!r}
"""


@pytest.fixture
def built(small_book):
    """Return ``built(**names)``: a book that was built with these names in the environment."""

    def built(**names):
        pytest.importorskip("sphinxext.opengraph")
        book = small_book("numbering", "published", settings=THEME.format(names=names))
        (book.root / "chapters/03_logistic_regression.md").unlink()
        book.write_notebook("chapters/03_logistic_regression.ipynb", "1 + 1")
        book.write("static/lab-hidden-units.png", "a picture")
        book.fault = book.build()
        return book

    return built


def test_without_an_address_no_page_names_one(built):
    book = built()
    assert book.fault is None
    page = book.page()
    assert 'rel="canonical"' not in page
    assert "og:" not in page
    assert "mybinder" not in page
    assert not (book.out / "sitemap.xml").exists()


def test_pages_name_their_canonical_address_and_a_card(built):
    book = built(BOOK_URL=URL)
    assert book.fault is None
    page = book.page()
    here = f"{URL}/chapters/03_logistic_regression.html"
    assert re.search(f'<link rel="canonical" href="{here}"', page)
    said = dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)"', page))
    assert said["og:url"] == here
    assert said["og:title"].endswith("A notebook")
    assert said["og:image"] == f"{URL}/_static/lab-hidden-units.png"
    assert (book.out / "_static" / "lab-hidden-units.png").exists()


def test_the_sitemap_has_every_page_once(built):
    book = built(BOOK_URL=URL + "/")
    tree = ET.parse(book.out / "sitemap.xml")
    places = [place.text for place in tree.findall(".//{*}loc")]
    names = ["book/other", "chapters/03_logistic_regression", "index"]
    assert sorted(places) == [f"{URL}/{name}.html" for name in names]


def test_pages_link_to_the_repository_its_issues_and_a_machine(built):
    book = built(BOOK_REPOSITORY=REPOSITORY, BOOK_BRANCH="v2")
    assert book.fault is None
    page = book.page()
    assert f'href="{REPOSITORY}"' in page
    assert f"{REPOSITORY}/issues/new" in page
    assert "mybinder.org" in page
    assert 'rel="canonical"' not in page


@pytest.mark.parametrize("name", ["BOOK_URL", "BOOK_REPOSITORY"])
def test_what_is_no_address_stops_the_build(built, name):
    assert f"published: {name} is 'example.org'" in built(**{name: "example.org"}).fault
