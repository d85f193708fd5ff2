import pytest

LAB = '<figure class="lab" id="lab-rate" data-lab="rate"></figure>'
PREDICTION = '<form class="prediction" id="prediction-rate"></form>'


def html(text):
    return (
        "show()",
        {},
        [{"output_type": "display_data", "data": {"text/html": text}, "metadata": {}}],
    )


@pytest.fixture
def book(small_book):
    book = small_book("lab_assets")
    book.write("byhand/labs/static/labs.js", "// labs")
    book.write("byhand/labs/static/labs.css", "/* labs */")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    return book


@pytest.mark.parametrize("element", [LAB, PREDICTION])
def test_only_a_page_with_a_lab_or_a_prediction_loads_the_script(book, element):
    book.write_notebook("chapters/03_logistic_regression.ipynb", html(element))
    assert book.build() is None
    page, other = book.page(), book.page("book/other")
    assert '<script defer="defer" src="../_static/labs.js' in page
    assert "_static/labs.css" in page
    assert "labs." not in other
    assert (book.out / "_static/labs.js").read_text() == "// labs"


@pytest.mark.parametrize("name", ["labs.js", "rate.svg"])
def test_a_missing_bundle_or_poster_is_an_error_that_says_what_to_run(book, name):
    book.write("byhand/labs/browser/labs/rate.js", "// a lab")
    book.write("byhand/labs/static/rate.svg", "<svg/>")
    book.write_notebook("chapters/03_logistic_regression.ipynb", html(LAB))
    assert book.build() is None
    (book.root / "byhand/labs/static" / name).unlink()
    said = book.build()
    assert f"byhand/labs/static/{name} is missing" in said
    assert "npm ci && npm run build" in said
