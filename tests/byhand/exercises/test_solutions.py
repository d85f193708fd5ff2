"""The exercises of the notebooks: each has a solution that passes ``check``, and an empty start.

In a chapter an exercise is three cells: text in ``{exercise}`` with ``:label: ex-name``, a code
cell that ends with ``check("name", answer)``, and ``{solution} ex-name``, which holds Python.
"""

import ast
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin

from byhand import check, hint
from byhand.exercises.checking import examine, exercises_by_chapter

ROOT = Path(__file__).parents[3]
MARKDOWN = MarkdownIt().use(colon_fence_plugin)
REGISTERED = exercises_by_chapter()


def blocks(markdown, info):
    """Return (rest of the info line, content) of the fences that start with ``info``."""
    fences = [t for t in MARKDOWN.parse(markdown) if t.type in ("fence", "colon_fence")]
    found = [(t.info.strip().removeprefix(info).strip(), t.content) for t in fences
             if t.info.strip().startswith(info)]  # fmt: skip
    nested = [block for t in fences for block in blocks(t.content, info)]
    return found + nested


def python_in(solution):
    code = [*blocks(solution, "python"), *blocks(solution, "{code-block} python")]
    return "\n".join(content for _, content in code)


class Chapter:
    """What a notebook holds of its exercises."""

    def __init__(self, path):
        self.number = path.name[:2]
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        self.titles = [title for title, _ in blocks(text, "{exercise}")]
        options = [content for _, content in blocks(text, "{exercise}")]
        labels = [re.search(r"^:label: *(\S+)", content, re.MULTILINE) for content in options]
        self.exercises = [label[1] if label else "an exercise without label" for label in labels]
        self.solutions = dict(blocks(text, "{solution}"))
        self.starters = {}  # name -> (source, the expression that is checked)
        for cell in cells:
            if cell.cell_type == "code":
                for name, answer in checks_in(cell.source):
                    self.starters[name] = (cell.source, answer)

    def __repr__(self):
        return self.number


def checks_in(source):
    """Return (name, source of the answer) of each call ``check("name", answer)``."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    calls = [node for node in ast.walk(ast.parse("\n".join(lines))) if isinstance(node, ast.Call)]
    return [
        (call.args[0].value, ast.unparse(call.args[1]))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "check"
    ]


CHAPTERS = [Chapter(path) for path in sorted((ROOT / "chapters").glob("[0-9][0-9]_*.ipynb"))]
EXERCISES = [(c, name) for c in CHAPTERS for name in REGISTERED.get(c.number, {})]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=repr)
def test_a_chapter_holds_its_exercises_each_with_a_solution(chapter):
    registered = [f"ex-{name}" for name in REGISTERED.get(chapter.number, {})]
    assert len(chapter.exercises) >= 4
    assert not set(registered) - set(chapter.exercises), "declared, but not in the chapter"
    assert sorted(chapter.solutions) == sorted(chapter.exercises), "one solution an exercise"
    for label, solution in chapter.solutions.items():
        assert re.search(r"^:class:.*\bdropdown\b", solution, re.MULTILINE), f"{label} is open"


@pytest.mark.parametrize(("chapter", "name"), EXERCISES, ids=str)
def test_the_solution_passes_the_check(chapter, name):
    _, answer = chapter.starters[name]
    namespace = {"np": np}
    exec(python_in(chapter.solutions[f"ex-{name}"]), namespace)
    report = examine(REGISTERED[chapter.number][name], eval(answer, namespace))
    assert report.status == "pass", report.text


@pytest.mark.parametrize(("chapter", "name"), EXERCISES, ids=str)
def test_an_untouched_exercise_says_your_turn(chapter, name, capsys):
    source, _ = chapter.starters[name]
    exec(source, {"np": np, "check": check, "hint": hint})
    assert f"Your turn: {name} " in capsys.readouterr().out


@pytest.mark.parametrize("chapter", CHAPTERS, ids=repr)
def test_a_title_says_how_hard_and_how_long(chapter):
    assert len(chapter.titles) == len(chapter.exercises)
    for title in chapter.titles:
        assert re.search(r" · (●○○|●●○|●●●) \d+ min$", title), title


def test_blocks_are_found_in_both_fences():
    text = (
        "::::{solution} ex-a\n:class: dropdown\n```python\nx = 1\n```\n::::\n\n"
        "````{exercise}\nb\n````"
    )
    assert blocks(text, "{exercise}") == [("", "b\n")]
    ((label, solution),) = blocks(text, "{solution}")
    assert (label, python_in(solution)) == ("ex-a", "x = 1\n")
    assert checks_in('%time\ncheck("a", np.eye(2))') == [("a", "np.eye(2)")]
