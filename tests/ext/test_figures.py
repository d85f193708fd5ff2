import re

import pytest

from tests.ext.pictures import tiny_png

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
CAPTION = "It falls as $2^{-n}$, by {eq}`eq-halved`."
PAGE = "# Another page\n\nSee {numref}`fig-costs`.\n\n$$\na = b\n$$ (eq-halved)\n"


def figure(name="fig-costs", caption=CAPTION, alt="A falling curve.", **data):
    """Return the two outputs of ``plotting.show``."""
    picture = data or {"image/png": tiny_png()}
    return [
        output(picture | {"text/plain": alt}, figure=name),
        output({"text/markdown": caption}, caption=name),
    ]


def output(data, **names):
    return {"output_type": "display_data", "data": data, "metadata": {"byhand": names}}


def shows(*outputs, **metadata):
    return ("plotting.show(...)", metadata, outputs)


@pytest.fixture
def book(small_book):
    """Return a book of a notebook, which a test writes, and a page that cites a figure of it."""
    book = small_book("alt_text", "figures")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    book.write("book/other.md", PAGE)
    return book


def write(book, *cells):
    book.write_notebook("chapters/03_logistic_regression.ipynb", *cells)


def figures_of(page):
    return re.findall(r'<figure [^>]*id="([^"]*)">\s*(.*?)</figure>', page, re.DOTALL)


def test_a_picture_and_its_caption_are_one_numbered_figure(book):
    write(book, shows({"output_type": "stream", "name": "stdout", "text": "words\n"}, *figure()))
    assert book.build() is None
    [(name, content)] = figures_of(book.page())
    assert name == "fig-costs"
    assert 'alt="A falling curve."' in content
    assert "<figcaption>" in content
    assert "Fig. 1.1" in content
    assert "It falls as" in content
    assert "2^{-n}" in content
    assert 'href="../book/other.html#equation-eq-halved"' in content
    assert book.page().count("It falls as") == 1
    assert "words" in book.page()


def test_it_is_cited_from_its_own_page_and_from_others(book):
    write(book, shows(*figure(caption="As in {numref}`fig-costs`.")))
    assert book.build() is None
    link = r'href="([^"]*#fig-costs)"><span class="std std-numref">Fig. 1.1</span>'
    assert re.findall(link, book.page()) == ["#fig-costs"]
    assert re.findall(link, book.page("book/other")) == [
        "../chapters/03_logistic_regression.html#fig-costs"
    ]


def test_a_cell_may_show_several_figures_and_an_svg(book):
    drawing = {"image/svg+xml": SVG}
    write(book, shows(*figure(), *figure("fig-net", "Two layers.", "A graph.", **drawing)))
    assert book.build() is None
    first, second = figures_of(book.page())
    assert ".png" in first[1]
    assert second[0] == "fig-net"
    assert 'alt="A graph."' in second[1]
    assert ".svg" in second[1]
    assert "Fig. 1.2" in second[1]


def test_a_picture_without_caption_fails_the_build(book):
    picture, _ = figure()
    write(book, shows(picture, *figure(), mystnb={"image": {"alt": "A falling curve."}}))
    assert book.build().count("a picture has no caption; end the cell") == 1


def test_a_picture_without_name_and_alternative_text_fails_it_twice(book):
    write(book, shows(output({"image/png": tiny_png()}), *figure()))
    messages = book.build()
    assert "a picture has no caption" in messages
    assert "a picture has no alt text" in messages


def test_a_name_that_a_page_has_twice_fails_the_build(book):
    write(book, shows(*figure()), shows(*figure()))
    assert 'Duplicate explicit target name: "fig-costs"' in book.build()


def test_a_name_that_two_pages_have_fails_the_build(book):
    write(book, shows(*figure()))
    (book.root / "book/other.md").unlink()
    book.write("book/equation.md", PAGE)
    book.write_notebook("book/other.ipynb", shows(*figure()))
    assert "duplicate label fig-costs" in book.build()


def test_a_citation_of_no_figure_fails_the_build(book):
    write(book, shows(*figure("fig-other")))
    assert "undefined label: 'fig-costs'" in book.build()
