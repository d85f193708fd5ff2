import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
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


def test_the_empty_corner_of_a_table_is_no_heading(small_book):
    book = small_book("accessible")
    book.write(
        "book/other.md", "# A page\n\n| | cost |\n|---|---|\n| before | $J$ |\n| after | |\n"
    )
    assert book.build() is None
    page = book.page("book/other")
    assert page.count("<th ") == page.count("</th>") == 1
    assert page.count("<td") == page.count("</td>") == 5


def test_the_link_to_the_first_page_stands_in_a_landmark(small_book):
    templates = str(ROOT / "book" / "_templates")
    settings = f'html_theme = "sphinx_book_theme"\ntemplates_path = [{templates!r}]\n'
    book = small_book("accessible", settings=settings)
    assert book.build() is None
    (landmark,) = re.findall(r'<nav aria-label="Start">.*?</nav>', book.page(), re.DOTALL)
    assert 'class="navbar-brand logo"' in landmark
