"""The time that a chapter states is the one that is counted."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
from reading_time import Contents, contents, stated, write  # noqa: E402

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_states_the_time_that_is_counted(path):
    notebook = nbformat.read(path, as_version=4)
    minutes = contents(notebook).minutes
    message = "python book/_tools/reading_time.py --write puts it there"
    assert stated(notebook) == minutes, message


def chapter(*cells):
    head = "# A chapter\n\n**Time**: 40 minutes with the exercises. **Builds on**: nothing."
    return v4.new_notebook(cells=[v4.new_markdown_cell(head), *cells])


def test_everything_is_counted_once():
    notebook = chapter(
        v4.new_markdown_cell("Four words and this.\n\n$$\na = b\n$$ (eq-a)\n"),
        v4.new_markdown_cell(
            "````{exercise} One\n:label: ex-one\nDo it.\n```python\ncode\n```\n````"
        ),
        v4.new_code_cell("labs.predict('one')", metadata={"tags": ["remove-input"]}),
        v4.new_code_cell("plt.plot(x)\nplt.show()", metadata={"tags": ["hide-input"]}),
        v4.new_code_cell("labs.init()"),
        v4.new_code_cell("a = 1\n\nb = 2"),
    )
    assert contents(notebook) == Contents(
        words=24, formulas=1, code_lines=3, exercises=1, labs=1, predictions=1
    )


def test_minutes_are_rounded_to_five():
    assert Contents(words=1300).minutes == 10
    assert Contents(words=1300, exercises=1, labs=1, predictions=1).minutes == 20
    assert Contents(words=1300, code_lines=30).minutes == 10
    assert Contents(words=1300, formulas=10).minutes == 15


def test_only_the_minutes_are_written(tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(chapter(v4.new_code_cell("x = 1")), path)
    before = path.read_text("utf8")
    write(path, 95)
    assert path.read_text("utf8") == before.replace("40 minutes", "95 minutes")
    assert stated(nbformat.read(path, as_version=4)) == 95


def test_a_chapter_without_a_time_has_none():
    assert stated(v4.new_notebook(cells=[v4.new_markdown_cell("# A chapter")])) is None
