"""The pages of the built book, as files."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"


def names():
    """Return every page of the table of contents, such as ``book/intro``."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    chapters = [name for part in toc["parts"] for name in named(part["chapters"])]
    return [toc["root"], *chapters]


# Of each kind of page that the build writes, one stands for all where the way does not matter.
ALIKE = {"book/ledger/": "book/ledger/05_backpropagation", "book/api/": "book/api/layers_images"}


def others():
    """Return the pages that another one of their kind stands for."""
    alike = {name for name in names() if name.startswith(tuple(ALIKE))}
    return sorted(alike - set(ALIKE.values()))


def different():
    """Return every page for which no other one stands."""
    return [name for name in names() if name not in others()]


def named(entries):
    """Yield the pages of entries of the table of contents, and those of their sections."""
    for entry in entries:
        if "glob" in entry:
            for path in sorted(ROOT.glob(f"{entry['glob']}.md")):
                yield path.relative_to(ROOT).with_suffix("").as_posix()
        else:
            yield entry["file"]
        yield from named(entry.get("sections", ()))


def file_of(name):
    """Return the file that a page is built into."""
    return HTML / f"{name}.html"


def holding(text):
    """Return the pages whose file contains a text; none before the book is built."""
    built = [name for name in names() if file_of(name).exists()]
    return [name for name in built if text in file_of(name).read_text("utf8")]
