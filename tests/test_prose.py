"""What is left of the book's pages when math, code and directives are taken out."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
import prose  # noqa: E402

MARKDOWN = r"""
(sec-16-x)=
## How *fast* is $k$?

In **7 of** 20 runs the loss is $2 \cdot 10^{-10}$,
see {eq}`eq-x` and `code` {cite}`lecun1998`. [Its row](../book/claims.md#claim-x) says more.

$$
a = 3
$$ (eq-x)

| size | share |
|---|---|
| $3 \times 3$ | 98.7% |

- An item
  that goes on.

![A picture.](picture.png)

```{admonition} A title
:class: tip
Inside.
```

````{solution} ex-name
:class: dropdown

Told.

```python
x = 5
```
````

```{code-block} python
x = 5
```
"""
CODE = """
plotting.show("fig-x", f"The loss falls to {loss:.2f} in 30 steps, $a$.", alt="A " + "curve.")
"""


def texts(found):
    return [(passage.kind, passage.text) for passage in found]


@pytest.fixture
def notebook(tmp_path):
    metadata = {"mystnb": {"image": {"alt": "Old."}, "figure": {"caption": "See $b$."}}}
    cells = [
        v4.new_markdown_cell(MARKDOWN, id="words"),
        v4.new_code_cell("x = 5", id="drawn", metadata=metadata),
        v4.new_code_cell(CODE, id="shown"),
        v4.new_code_cell("%matplotlib inline", id="magic"),
    ]
    path = tmp_path / "16_tried.ipynb"
    nbformat.write(v4.new_notebook(cells=cells), path)
    return path


def test_words_of_a_notebook(notebook):
    found = list(prose.passages(notebook))
    assert texts(found) == [
        ("text", "How fast is …?"),
        ("text", "In 7 of 20 runs the loss is …, see … and … . Its row says more."),
        ("text", "size | share"),
        ("text", "… | 98.7%"),
        ("text", "An item that goes on."),
        ("alt", "A picture."),
        ("text", "A title"),
        ("text", "Inside."),
        ("text", "Told."),
        ("caption", "See …."),
        ("alt", "Old."),
        ("caption", "The loss falls to … in 30 steps, …."),
        ("alt", "A curve."),
    ]
    assert found[1].page == "16_tried"
    assert [passage.cell for passage in found[-3:]] == ["drawn", "shown", "shown"]


def test_math_and_links_are_at_hand(notebook):
    found = list(prose.passages(notebook))
    assert r"the loss is $2 \cdot 10^{-10}$, see" in found[1].source
    assert found[1].links == (("Its row", "../book/claims.md#claim-x"),)


def test_words_of_a_question(tmp_path):
    path = tmp_path / "16.toml"
    path.write_text(
        '[16-x]\nquestion = "How many?"\nanswer = 4\nright = "Four <i>of</i> 5 &minus; 1."\n'
        'low = "Low."\nhigh = "High."\nknown = [{ value = 9, feedback = "Nine." }]\n'
        '[16-y]\nquestion = "Which?"\n[[16-y.choices]]\ntext = "This."\nfeedback = "No."\n'
    )
    found = list(prose.passages(path))
    assert {passage.page for passage in found} == {"questions/16"}
    assert texts(found) == [
        ("question", "How many?"),
        ("feedback", "Four of 5 − 1."),
        ("feedback", "Low."),
        ("feedback", "High."),
        ("feedback", "Nine."),
        ("question", "Which?"),
        ("question", "This."),
        ("feedback", "No."),
    ]


def test_a_chapter_brings_its_questions_and_exercises():
    found = list(prose.chapter(ROOT / "chapters/16_convolution_backprop.ipynb"))
    pages = ["16_convolution_backprop", "questions/16", "exercises/ch16"]
    assert list(dict.fromkeys(passage.page for passage in found)) == pages
    assert any(p.kind == "hint" and p.text.startswith("Take one weight") for p in found)


def test_sentences():
    text = "It is 0.5, e.g. at the end: so. (Is it?) Yes, W. Then … | A cell"
    assert prose.sentences(text) == [
        "It is 0.5, e.g. at the end: so.",
        "(Is it?)",
        "Yes, W. Then …",
        "A cell",
    ]


def test_a_file_without_words_is_an_error():
    with pytest.raises(ValueError, match=r"passages: .*Makefile is none of \.ipynb"):
        list(prose.passages(ROOT / "Makefile"))
