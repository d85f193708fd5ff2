"""The pages of the built book, as files."""

from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"


def names():
    """Return every page of the table of contents, such as ``book/intro``."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    return [toc["root"], *(name for part in toc["parts"] for name in files(part["chapters"]))]


def files(entries):
    """Yield the pages of some entries, and of the sections below them."""
    for entry in entries:
        yield entry["file"]
        yield from files(entry.get("sections", []))


def file_of(name):
    """Return the file that a page is built into."""
    return HTML / f"{name}.html"


def holding(text):
    """Return the pages whose file contains a text; none before the book is built."""
    built = [name for name in names() if file_of(name).exists()]
    return [name for name in built if text in file_of(name).read_text("utf8")]


def parse(path, only=None):
    """Return a file's tree, or what ``only``, a SoupStrainer, lets through."""
    return BeautifulSoup(Path(path).read_text("utf8"), "html.parser", parse_only=only)
