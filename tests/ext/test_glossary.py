import re

import pytest
from glossary import Entry, pattern

GLOSSARY = """
# Glossary

```{glossary}
learning rate
步长
  The factor of a step. {numref}`sec-03-rate`

ReLU
rectifier
  A bend. {numref}`sec-03-rate`
```
"""
CHAPTER = """
# Logistic regression

A first `learning rate`, and **learning rates** to come.

(sec-03-rate)=
## The learning rate

Learning-rates are tried; another learning rate, and the Rectifiers. No relu.
"""


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "glossary")
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("book/glossary.md", GLOSSARY)
    return book


def test_the_first_use_in_prose_is_linked_and_no_other(book):
    assert book.build() is None
    page = book.page()
    link = 'href="../book/glossary.html#term-learning-rate">Learning-rates</a>'
    assert link in page
    assert 'href="../book/glossary.html#term-ReLU">Rectifiers</a>' in page
    assert page.count("../book/glossary.html#term-") == 2


def test_no_term_is_linked_inside_a_link_written_as_html(book):
    link = '<a href="?race.rate=1">a *small learning rate* of <em>a rectifier</em></a>'
    book.write("chapters/03_logistic_regression.md", CHAPTER.replace("A first", link + ", A first"))
    assert book.build() is None
    (inside,) = re.findall(r'<a href="\?race.*?</a>', book.page())
    assert inside.count("<a") == 1
    assert book.page().count("../book/glossary.html#term-") == 2


def test_a_changed_glossary_reaches_a_chapter_that_is_unchanged(book):
    assert book.build() is None
    book.write("book/glossary.md", GLOSSARY.replace("rectifier\n", "another\n"))
    assert book.build() is None
    assert '#term-ReLU">another</a>' in book.page()
    assert "Rectifiers</a>" not in book.page()


def test_an_entry_that_names_no_section_fails_the_build(book):
    book.write("book/glossary.md", GLOSSARY.replace("sec-03-rate", "sec-03-gone"))
    assert "sec-03-gone" in book.build()


def test_the_longer_of_two_names_is_found():
    found = pattern([Entry(("rate",), "", ""), Entry(("learning rate", "学习率"), "", "")])
    text = "learning rates, rates, narrate, rate-free, 学习率"
    assert [match[0] for match in found.finditer(text)] == ["learning rates", "rates"]


def test_capitals_stand_as_they_are():
    found = pattern([Entry(("Adam",), "", ""), Entry(("kernel",), "", "")])
    assert [m[0] for m in found.finditer("adam Adam ADAM Kernels kernel KERNEL")] == [
        "Adam",
        "Kernels",
        "kernel",
    ]
