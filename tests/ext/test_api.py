import importlib
import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from api import in_files, public_names
from code_names import targets

import byhand
import dlcore
from tests.test_levels import MOVED

ROOT = Path(__file__).parents[2]
LIBRARY = '''
"""A small library."""

from dataclasses import dataclass


def half(x):
    """Half of it.

    Equation: eq-half

    Parameters
    ----------
    x : float

    Returns
    -------
    float
    """
    return x / 2


@dataclass
class Doubler:
    """Calls ``half``, and ``Doubler`` again.

    Parameters
    ----------
    by : int
    """

    by: int = 2

    def run(self):
        """Run."""


def _hidden():
    """Not for readers."""
'''
CHAPTER = """
# Logistic regression

$$ y = x / 2 $$ (eq-half)

## `half` in a title

`half` and `half()`, `tiny.Doubler(by=3)`, `half(x)`, `unknown`; `half` again.
"""
PAGE = "# Small\n\n```{eval-rst}\n.. api:: tiny\n```\n"
HERE = "import os\nsys.path.insert(0, os.path.dirname(__file__))\n"
TOC = """
format: jb-book
root: index
chapters:
  - file: chapters/03_logistic_regression
  - file: book/other
  - file: book/api/small
"""


@pytest.fixture
def book(small_book):
    book = small_book("numbering", "api", "code_names", settings=HERE)
    book.write("chapters/03_logistic_regression.md", CHAPTER)
    book.write("tiny.py", LIBRARY)
    book.write("_toc.yml", TOC)
    book.write("book/api/small.md", PAGE)
    return book


def test_an_entry_leads_to_its_equation_and_chapter_and_back(book):
    assert book.build() is None
    entry = book.page("book/api/small").split('id="tiny.half"')[1]
    chapter = "../../chapters/03_logistic_regression.html"
    assert f'href="{chapter}#equation-eq-half">' in entry
    assert f'href="{chapter}">chapter 3, Logistic regression</a>' in entry
    line = book.page().split('class="ledger-link"')[1].split("</p>")[0]
    assert 'href="../book/api/small.html#tiny.half"' in line


def test_only_what_readers_call_has_an_entry(book):
    assert book.build() is None
    found = re.findall(r'<dt class="sig[^>]* id="([^"]+)"', book.page("book/api/small"))
    assert found == ["tiny.half", "tiny.Doubler", "tiny.Doubler.run"]


def test_an_equation_that_no_chapter_has_fails_the_build(book):
    book.write("tiny.py", LIBRARY.replace("eq-half", "eq-haff"))
    assert "eq-haff" in book.build()


def test_a_name_in_the_text_is_linked_once_and_not_in_a_title(book):
    assert book.build() is None
    text = book.page().split("in a title")[-1]
    assert text.count('#tiny.half"') == 1
    assert text.count('#tiny.Doubler"') == 1
    assert '#tiny.half"' not in re.search(r"<h2>.*?</h2>", book.page(), re.DOTALL)[0]


def test_a_name_that_is_gone_is_gone_from_a_chapter_that_is_unchanged(book):
    assert book.build() is None
    book.write("tiny.py", LIBRARY.replace("def half", "def third"))
    assert book.build() is None
    assert '#tiny.half"' not in book.page()
    assert '#tiny.third"' in book.page()  # under its equation


def test_a_name_that_a_lab_shares_means_the_function():
    names = ["dlcore.activations.softmax", "byhand.labs.softmax", "byhand.labs.untangle"]
    found = targets({name: SimpleNamespace(objtype="function") for name in names})
    assert found["softmax"] == "dlcore.activations.softmax"
    assert found["labs.softmax"] == "byhand.labs.softmax"
    assert found["untangle"] == "byhand.labs.untangle"
    twice = ["dlcore.losses.logistic", "dlcore.perceptron.logistic"]
    assert "logistic" not in targets({name: SimpleNamespace(objtype="function") for name in twice})


# --- the book's own pages ---

SHOWN = [
    (module, options.split())
    for path in sorted((ROOT / "book/api").glob("*.md"))
    for module, options in re.findall(
        r"^\.\. api:: (\S+)\n(?: +:files: (.*)\n)?", path.read_text("utf8"), re.MULTILINE
    )
]


def test_every_public_name_has_one_entry():
    mathematics = [
        importlib.import_module(module.name)
        for module in pkgutil.iter_modules(dlcore.__path__, "dlcore.")
        if module.name.removeprefix("dlcore.") not in MOVED
    ]
    rooms = [importlib.import_module(f"byhand.{name}") for name in ("labs", "plotting", "results")]
    wanted = sorted(
        f"{module.__name__}.{name}"
        for module in (*mathematics, byhand, *rooms)
        for name in public_names(module)
        if callable(getattr(module, name))
    )
    entries = []
    for name, files in SHOWN:
        module = importlib.import_module(name)
        names = public_names(module)
        names = in_files(module, names, files) if files else names
        entries += [f"{name}.{each}" for each in names if callable(getattr(module, each))]
    assert sorted(entries) == wanted


def test_the_pages_need_neither_pytorch_nor_cupy():
    modules = sorted({module for module, _ in SHOWN})
    code = "import importlib, json, sys; [importlib.import_module(m) for m in sys.argv[1:]]; "
    code += "print(json.dumps([m for m in ('torch', 'cupy') if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *modules], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
