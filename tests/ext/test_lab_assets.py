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


def test_a_missing_bundle_is_an_error_that_says_what_to_run(book):
    (book.root / "byhand/labs/static/labs.js").unlink()
    book.write_notebook("chapters/03_logistic_regression.ipynb", html(LAB))
    assert "npm ci && npm run build" in book.build()
