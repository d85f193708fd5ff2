import json

import pytest

CHAPTER = "# Logistic regression\n\n(sec-03-rate)=\n## The rate\n\n$$ y = 2x $$ (eq-double)\n"
GLOSSARY = "# Glossary\n\n```{glossary}\nlearning rate\nLR\n  A step. {numref}`sec-03-rate`\n```\n"


@pytest.fixture
def data(small_book):
    book = small_book("numbering", "glossary", "search_data")
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/glossary.md", GLOSSARY)
    assert book.build() is None
    script = (book.out / "_static/search_data.js").read_text("utf8")
    assert "search_data.js" in book.page("search")
    assert "search_data.js" not in book.page()
    return json.loads(script.removeprefix("const SEARCH_DATA = ").rstrip(";\n"))


def test_every_name_of_a_term_leads_to_its_section(data):
    section = ["chapters/03_logistic_regression", "sec-03-rate", "The rate"]
    entry = ["book/glossary", "term-learning-rate"]
    assert data["terms"] == [[["learning rate", "LR"], *section, *entry]]


def test_every_number_leads_to_its_equation(data):
    chapter = "chapters/03_logistic_regression"
    assert data["equations"] == {"3.1": [chapter, "equation-eq-double"]}
