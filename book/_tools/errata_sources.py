"""Where each erratum stands in the sources: the table, its words, and what a page says otherwise.

The table is ``book/errata_sources.toml``. Each erratum of ``book/errata`` begins with its places,
in the words of ``phrase``, and names no other source; ``problems`` says where that is not so.
"""

import re
import tomllib
from pathlib import Path

import nbformat

TABLE = Path(__file__).parents[1] / "errata_sources.toml"
ANCHOR = re.compile(r"^\(err-(\d+)\)=$", re.MULTILINE)
NAMED = re.compile(r"\bnotes ([A-E])\b(?:, part ([A-D])\b)?", re.IGNORECASE)


def read_table(path=TABLE):
    """Return the table: ``sources`` by key, ``errata`` by number, each a list of places."""
    return tomllib.loads(Path(path).read_text("utf8"))


def phrase(place, sources):
    """Return a place in words: ``Notes A, part D, 1.3, (12)``.

    Parameters
    ----------
    place : list of str
        Source, section and maybe an item.
    sources : dict
        The table's sources.
    """
    source, *rest = place
    return ", ".join([sources[source]["name"], *rest])


def errata_of(notebook):
    """Return the text of each erratum of a page by its number, from anchor to anchor.

    Parameters
    ----------
    notebook : str or Path
    """
    cells = nbformat.read(notebook, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    _, *parts = ANCHOR.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def problems(errata, table):
    """Return a sentence for everything in which a page and the table differ.

    Parameters
    ----------
    errata : dict of str to str
        The page's errata, as ``errata_of`` returns them.
    table : dict
        As ``read_table`` returns it.
    """
    sources, listed, found = table["sources"], table["errata"], []
    for number in sorted(errata.keys() ^ listed.keys(), key=int):
        where = "on the page" if number in errata else "in the table"
        found.append(f"err-{number} is {where} only")
    for number in sorted(errata.keys() & listed.keys(), key=int):
        text = " ".join(errata[number].replace("**", "").split()).lower()
        names = {"Notes " + ", part ".join(filter(None, m.groups())) for m in NAMED.finditer(text)}
        names = {name.lower() for name in names}
        places = [place for place in listed[number] if known(place, sources)]
        if len(places) < len(listed[number]):
            found.append(f"err-{number}: a place that the table's sources do not have")
        for place in places:
            if not re.search(re.escape(phrase(place, sources).lower()) + r"(?![\d.]*\d)", text):
                found.append(f"err-{number} does not say {phrase(place, sources)!r}")
        allowed = {sources[place[0]]["name"].lower() for place in places}
        found += [f"err-{number} names {name!r}" for name in sorted(names - allowed)]
    return found


def known(place, sources):
    """Say whether the table's sources have a place: its source, and there its section."""
    return place[0] in sources and place[1] in sources[place[0]]["sections"]
