"""The formulas of a page as LaTeX: ``formulas("chapters/05_backpropagation.ipynb")``.

They stand between dollars in Markdown cells (in the bodies of directives too, not in code), and in
the strings of a ``show`` call in a code cell, which become a figure's caption.
"""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|:{3,})\s*(.*)")
INLINE_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """A formula, and the cell (from 0) that it stands in."""

    cell: int
    latex: str


def formulas(path):
    """Return the formulas of a notebook or of a Markdown file, in their order.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    list of Formula
    """
    path = Path(path)
    text = path.read_text("utf8")
    if path.suffix != ".ipynb":
        return [Formula(0, text[a:b]) for a, b in spans(text)]
    found = []
    for i, cell in enumerate(json.loads(text)["cells"]):
        source = "".join(cell["source"])
        texts = [source] if cell["cell_type"] == "markdown" else captions(source)
        found += [Formula(i, text[a:b]) for text in texts for a, b in spans(text)]
    return found


def spans(text):
    """Return where the formulas of a Markdown text begin and end, without their dollars."""
    text, found = without_code(text), []

    def take(match):
        found.append(match.span(1))
        return " " * len(match[0])

    text = DISPLAYED.sub(take, text)
    text = INLINE_CODE.sub(lambda match: " " * len(match[0]), text)
    INLINE.sub(take, text)
    return sorted(found)


def without_code(text):
    """Return the text with blanks in the place of code blocks; a directive's body is no code."""
    lines, open_fences = [], []  # of those, the mark, and whether code is inside
    for line in text.splitlines(keepends=True):
        match = FENCE.match(line)
        closes = match and open_fences and not match[2] and match[1].startswith(open_fences[-1][0])
        if closes:
            open_fences.pop()
        elif match and not any(code for _, code in open_fences):
            directive = match[2].startswith("{") and not match[2].startswith("{code")
            open_fences.append((match[1], not directive))
        blank = match or any(code for _, code in open_fences)
        lines.append(re.sub(r"[^\n]", " ", line) if blank else line)
    return "".join(lines)


def captions(source):
    """Return the strings in the calls of ``show`` in a cell; none when it is no plain Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    shown = [call for call in calls if getattr(call.func, "attr", "") == "show"]
    return [
        "".join(part.value for part in ast.walk(argument) if is_string(part))
        for call in shown
        for argument in (*call.args, *(keyword.value for keyword in call.keywords))
    ]


def is_string(node):
    """Tell whether a node of the syntax tree is a string that is written out."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
