"""The published addresses: pages, anchors, settings of labs. None of them may die.

``book/addresses.txt`` lists them, relative to the book, one on a line:
``chapters/10_initialization.html?init.gain=10.0#lab-init``. A test opens the built book and looks
each of them up. ``python book/_tools/addresses.py`` adds those of the built book that are new; it
never takes one off.
"""

import argparse
import gc
import json
import re
import sys
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
from byhand.labs.controls import READERS  # noqa: E402

HTML = ROOT / "_build" / "html"
LIST = ROOT / "book" / "addresses.txt"
NUMBERED = re.compile(r"id\d+|.*/.*")  # by the order on the page, or by sphinx-exercise for itself
MEND = (
    'keep it: put <span id="OLD-ID"></span> before the text that now says it, '
    "or leave a page with a link to the new place (CONTRIBUTING.md, Links last)"
)


def collect(html):
    """Return the addresses of a built book.

    Parameters
    ----------
    html : Path
        The folder of its pages.

    Returns
    -------
    list of str
        Sorted: each page, its anchors, and each lab at every option and at both ends of every
        range.
    """
    html, found = Path(html), set()
    for path in html.rglob("*.html"):
        page = path.relative_to(html).as_posix()
        if page.startswith("_"):
            continue
        ids, labs = read_page(path)
        found.add(page)
        found |= {f"{page}#{name}" for name in ids if not NUMBERED.fullmatch(name)}
        found |= {
            f"{page}?{lab}.{control}={quote(str(value))}#lab-{lab}"
            for lab, controls in labs.items()
            for control, spec in controls.items()
            for value in settings(spec)
        }
    return sorted(found)


@cache
def tree(path):
    """Return the tree of a page, which is read once."""
    gc.disable()  # it would look for rubbish again and again where all is new: a third of the time
    try:
        return BeautifulSoup(path.read_text("utf8"), "html.parser")
    finally:
        gc.enable()


@cache
def read_page(path):
    """Return the ids in a page's article, and its labs' controls by lab and name."""
    article = tree(path).find("article")
    if article is None:
        return set(), {}
    ids = {node["id"] for node in article.find_all(id=True)}
    labs = {}
    for figure in article.select("figure.lab"):
        spec = json.loads(figure.find("script", type="application/json").string)
        labs[spec["name"]] = {control["name"]: control for control in spec["controls"]}
    return ids, labs


def settings(control):
    """Return the values of a control that are published."""
    if "values" not in control:
        return [control["value"]]
    values = control["values"]
    return values if control["kind"] in ("select", "several") else [values[0], values[-1]]


def dead(html, addresses):
    """Return the addresses that lead nowhere, each with what is wrong.

    Parameters
    ----------
    html : Path
    addresses : iterable of str

    Returns
    -------
    list of str
    """
    problems = ((address, problem(Path(html), address)) for address in addresses)
    return [f"{address}: {what}; {MEND}" for address, what in problems if what]


def problem(html, address):
    """Return what is wrong with one address, or None."""
    url = urlsplit(address)
    path = html / unquote(url.path)
    if not path.is_file():
        return "there is no such page"
    ids, labs = read_page(path)
    if url.fragment and unquote(url.fragment) not in ids:
        return f"nothing on the page has the id {unquote(url.fragment)}"
    for name, text in parse_qsl(url.query, keep_blank_values=True):
        lab, _, control = name.partition(".")
        if control not in labs.get(lab, {}):
            return f"the page has no lab {lab} with a control {control}"
        if not allowed(labs[lab][control], text):
            return f"the control {control} of lab {lab} can not be {text!r}"
    return None


def allowed(control, text):
    """Tell whether a control takes the value that an address names."""
    if "pattern" in control:
        return re.fullmatch(control["pattern"], text) is not None
    if control["kind"] in ("select", "several"):
        return text in control["values"]
    if control["kind"] == "formula":
        return is_formula(text, control["reads"])
    try:
        number = float(text)
    except ValueError:
        return False
    ends = control.get("bounds") or (control["values"][0], control["values"][-1])
    return ends[0] <= number <= ends[1]


def is_formula(text, reads):
    """Tell whether a lab can read a formula."""
    try:
        READERS[reads](text)
    except ValueError:
        return False
    return True


def read_list(path=LIST):
    """Return the committed addresses."""
    lines = Path(path).read_text("utf8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def main(arguments=None):
    """Add what is new, and say what is dead."""
    parser = argparse.ArgumentParser(description="Add the built book's addresses to the list.")
    parser.add_argument("--html", type=Path, default=HTML, help="the built book")
    parser.add_argument("--list", type=Path, default=LIST, help="the list")
    options = parser.parse_args(arguments)
    if not (options.html / "index.html").exists():
        parser.error(f"{options.html} holds no book; run `make book` first")
    known = read_list(options.list) if options.list.exists() else []
    new = sorted(set(collect(options.html)) - set(known))
    head = "# The published addresses. book/_tools/addresses.py adds new ones; none is taken off.\n"
    options.list.write_text(head + "".join(f"{a}\n" for a in sorted([*known, *new])), "utf8")
    print(f"{len(new)} addresses added")
    print(*dead(options.html, known), sep="\n")


if __name__ == "__main__":
    main()
