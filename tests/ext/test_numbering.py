PAGE = """
# Logistic regression

$$ a = 1 $$ (eq-one)

## The model

$$ b = 2 $$ (eq-two)

By {eq}`eq-two`, and by {ref}`ex-first`.

```{exercise}
:label: ex-first

Think.
```
"""


def test_numbers_begin_with_the_number_in_the_file_name(small_book):
    book = small_book("sphinx_exercise", "numbering")
    book.write("chapters/03_logistic_regression.md", PAGE)
    book.write("book/other.md", "# Another page\n\nSee {eq}`eq-one`.\n")
    assert book.build() is None
    page = book.page()
    assert '<span class="section-number">3. </span>Logistic regression' in page
    assert '<span class="section-number">3.1. </span>The model' in page
    assert 'class="eqno">(3.1)' in page
    assert 'class="eqno">(3.2)' in page
    assert ">(3.2)</a>" in page
    assert ">Exercise 3.1" in page
    assert ">Exercise 3.1</span>" in page.split("and by")[1].split("</p>")[0]
    other = book.page("book/other")
    assert ">(3.1)</a>" in other
    assert "3. Logistic regression</a>" in other


def test_a_new_earlier_chapter_changes_no_number(small_book):
    book = small_book("numbering")
    book.write("chapters/03_logistic_regression.md", PAGE.split("```")[0].split("By")[0])
    assert book.build() is None
    book.write("chapters/01_learning_as_fitting.md", "# Learning as fitting\n\n$$ c $$ (eq-c)\n")
    toc = (book.root / "_toc.yml").read_text()
    book.write("_toc.yml", toc.replace("      - file", "      - glob: chapters/01*\n      - file"))
    assert book.build() is None
    assert 'class="eqno">(3.1)' in book.page()
    assert 'class="eqno">(1.1)' in book.page("chapters/01_learning_as_fitting")
