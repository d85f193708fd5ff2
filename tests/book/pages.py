"""The pages of the built book, as files."""

from pathlib import Path

import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"


def names():
    """Return every page of the table of contents, such as ``book/intro``."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *chapters]


def parse(path):
    """Return a page's tree."""
    return BeautifulSoup(Path(path).read_text("utf8"), "html.parser")
