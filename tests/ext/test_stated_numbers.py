"""A built page's words state what its cells computed in the same build."""

import nbformat
import pytest
from nbformat import v4

from tests.ext.conftest import ROOT

PAGE = "chapters/03_logistic_regression"
BOUND = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from byhand import bind
wins = WINS
print("shown")
bind(wins=wins, share=0.98712)
"""


def stored(name, text):
    return {
        "output_type": "display_data",
        "data": {"application/papermill.record/text/plain": text},
        "metadata": {"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
    }


@pytest.fixture
def write(small_book):
    """Return a function that writes a book of one chapter, and returns it."""

    def make(words, numbers, computed=7, kept="7", execute="off"):
        book = small_book("stated_numbers", settings=f"nb_execution_mode = {execute!r}\n")
        (book.root / f"{PAGE}.md").unlink()
        outputs = [v4.new_output("stream", text="shown\n"), stored("wins", kept)]
        outputs.append(stored("share", "0.98712"))
        outputs = [nbformat.from_dict(output) for output in outputs]
        cells = [
            v4.new_markdown_cell("# Logistic regression"),
            v4.new_markdown_cell(words, id="words", metadata={"numbers": numbers}),
            v4.new_code_cell(
                BOUND.replace("WINS", str(computed)), outputs=outputs, execution_count=1
            ),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(
            v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}),
            book.root / f"{PAGE}.ipynb",
        )
        return book

    return make


NUMBERS = {"In 7 of": "wins", "98.7%": "share:%", "20 runs": "given"}
WORDS = "In 7 of 20 runs the share\nis 98.7%."


def test_words_that_state_the_values_pass_and_the_values_show_nothing(write):
    book = write(WORDS, NUMBERS)
    assert book.build() is None
    page = book.page()
    assert "In 7 of 20 runs" in page
    assert page.count("98.7") == 1
    assert page.count('class="output') == page.count('class="output stream') == 1


def test_another_number_in_the_words_fails_the_build(write):
    errors = write(WORDS.replace("7 of", "8 of"), NUMBERS | {"In 8 of": "wins"}).build()
    assert "stated_numbers: 03_logistic_regression, cell words (text)" in errors
    assert "'In 8 of' says 8, but wins is 7; write what the cell computes" in errors
    assert "the snippet 'In 7 of' does not occur in the words of its cell" in errors


def test_the_values_of_this_build_count_not_the_stored_ones(write):
    errors = write(WORDS, NUMBERS, computed=6, kept="7", execute="force").build()
    assert "'In 7 of' says 7, but wins is 6" in errors


def test_the_values_of_this_build_pass_where_stored_ones_are_old(write):
    assert write(WORDS, NUMBERS, computed=7, kept="6", execute="force").build() is None
