PAGE = """
# Logistic regression

```{exercise}
:label: ex-one
One.
```

```{exercise}
:label: ex-two
Two.
```

By {cite}`cox`.

```{bibliography}
```
"""
SUBPAGES = """
format: jb-book
root: index
chapters:
  - file: chapters/03_logistic_regression
    sections:
      - file: book/other
"""
BIB = "@book{cox, author={Cox, D. R.}, title={Binary sequences}, year={1958}, publisher={RSS}}\n"


def test_ids_are_unique_and_a_bibliography_is_a_list_of_items(small_book):
    settings = 'bibtex_bibfiles = ["a.bib"]\n'
    book = small_book("sphinx_exercise", "sphinxcontrib.bibtex", "accessible", settings=settings)
    book.write("a.bib", BIB)
    book.write("chapters/03_logistic_regression.md", PAGE)
    assert book.build() is None
    page = book.page()
    assert page.count("exercise-content") == 0
    assert 'id="ex-one"' in page
    assert 'role="list"' in page
    assert 'role="listitem"' in page
    assert "doc-biblioentry" not in page


def test_a_switch_of_the_sidebar_is_named_after_its_page(small_book):
    book = small_book("accessible", settings='html_theme = "sphinx_book_theme"\n')
    book.write("_toc.yml", SUBPAGES)
    assert book.build() is None
    assert '<summary aria-label="Pages below Logistic regression">' in book.page()
