import base64

import pytest

from tests.ext.pictures import tiny_png


def shows(metadata=None, **data):
    output = {"output_type": "display_data", "data": {"image/png": tiny_png(), **data}}
    return ("show()", metadata or {}, [output | {"metadata": {}}])


@pytest.fixture
def book(small_book):
    book = small_book("alt_text")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    return book


def test_a_picture_without_alt_text_fails_the_build(book):
    book.write_notebook("chapters/03_logistic_regression.ipynb", shows())
    assert "a picture has no alt text" in book.build()


def test_a_picture_with_alt_text_passes(book):
    metadata = {"mystnb": {"image": {"alt": "A falling curve."}}}
    book.write_notebook("chapters/03_logistic_regression.ipynb", shows(metadata))
    assert book.build() is None
    assert 'alt="A falling curve."' in book.page()


def test_the_picture_behind_a_lab_needs_none(book):
    figure = {"text/html": '<figure class="lab">alive</figure>'}
    settings = 'nb_mime_priority_overrides = [("html", "text/html", 5)]\n'
    book.write("conf.py", (book.root / "conf.py").read_text() + settings)
    book.write_notebook("chapters/03_logistic_regression.ipynb", shows(**figure))
    assert book.build() is None
    assert "alive" in book.page()


def test_markdown_pictures_count_too(book):
    book.write("chapters/03_logistic_regression.md", "# A page\n\n![](picture.png)\n")
    (book.root / "chapters/picture.png").write_bytes(base64.b64decode(tiny_png()))
    assert "a picture has no alt text" in book.build()
