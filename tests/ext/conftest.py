"""Small books, built by Sphinx with the extensions under test, in a process of their own."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from tests.ext import sphinx_process

ROOT = Path(__file__).parents[2]
EXTENSIONS = ROOT / "book" / "_ext"
sys.path.insert(0, str(EXTENSIONS))

CHAPTER = "chapters/03_logistic_regression"
CONF = """
import sys
sys.path.insert(0, {path!r})
extensions = {extensions!r}
external_toc_path = "_toc.yml"
myst_enable_extensions = ["dollarmath"]
nb_execution_mode = "off"
exclude_patterns = ["_build"]
numfig = math_numfig = True
numfig_secnum_depth = 1
"""
TOC = """
format: jb-book
root: index
parts:
  - numbered: 2
    chapters:
      - file: {chapter}
  - chapters:
      - glob: book/*
"""


class SmallBook:
    """A book of a few files in a temporary folder.

    Parameters
    ----------
    root : Path
    extensions : names of the extensions under test
    settings : more lines of ``conf.py``
    """

    def __init__(self, root, extensions, settings=""):
        self.root = root
        self.out = root / "_build" / "html"
        names = ["myst_nb", "sphinx_external_toc", *extensions]
        conf = CONF.format(path=str(EXTENSIONS), extensions=names)
        self.write("conf.py", conf + settings)
        self.write("_toc.yml", TOC.format(chapter=CHAPTER))
        self.write("index.md", "# A book\n")
        self.write("book/other.md", "# Another page\n")
        self.write(f"{CHAPTER}.md", "# Logistic regression\n")

    def write(self, name, text):
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")

    def write_notebook(self, name, *cells):
        """Write a notebook of code cells: a string, or (source, metadata, outputs)."""
        language = {"name": "python", "pygments_lexer": "python"}
        kernel = {"name": "python3", "display_name": "Python 3"}
        notebook = v4.new_notebook(metadata={"kernelspec": kernel, "language_info": language})
        notebook.cells.append(v4.new_markdown_cell("# A notebook"))
        for cell in cells:
            source, metadata, outputs = (cell, {}, []) if isinstance(cell, str) else cell
            outputs = [nbformat.from_dict(output) for output in outputs]
            notebook.cells.append(v4.new_code_cell(source, metadata=metadata, outputs=outputs))
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def build(self):
        """Build with warnings as errors; return the messages, or None when all is well."""
        folders = ["-d", self.root / "_build" / "doctrees", self.root, self.out]
        arguments = ["-W", "--keep-going", "-q", "-b", "html", *map(str, folders)]
        log = self.root.parent / "log.txt"
        status = sphinx_process.build(arguments, log)
        return None if status == 0 else log.read_text("utf8")

    def page(self, name=CHAPTER):
        """Return a built page."""
        return (self.out / f"{name}.html").read_text("utf8")


@pytest.fixture
def small_book(tmp_path):
    """Return a function that makes a ``SmallBook`` with the named extensions."""

    def make(*extensions, settings=""):
        return SmallBook(tmp_path / "a book", extensions, settings)

    return make
