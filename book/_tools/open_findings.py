"""What the scans find in the words of the book, beside what is known to be open.

A scan is a file ``scan_KIND.py`` beside this one with a function ``findings(path)``: it yields a
``Finding`` for whatever a person should look at in a chapter. ``book/open/16_topic.toml`` lists by
kind what nobody has mended yet. A list may only shrink, and a chapter without a list must be clean.

``python book/_tools/open_findings.py`` prints all that is open; a kind and numbers of chapters
limit it (``numbers 16``). ``--shrink`` takes what is mended off the lists. ``--start KIND`` makes
the lists of a new kind, once, in the chapters that have a file.
"""

import argparse
import importlib.util
import json
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = Path(__file__).parent
HEAD = "# Open findings of this chapter. book/_tools/open_findings.py says what they are.\n"


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Parameters
    ----------
    key : str
        Stands on the list: a few words of the page, so that edits elsewhere leave it alone.
    message : str
        What a person reads: the place, the sentence, what to do.
    """

    key: str
    message: str


def scans(folder=TOOLS):
    """Return the scans by kind, each a function from a chapter's path to its findings."""
    found = {}
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    for path in sorted(Path(folder).glob("scan_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[path.stem.removeprefix("scan_")] = module.findings
    return found


class Lists:
    """The lists of open findings in a folder, a file per chapter.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder=ROOT / "book" / "open"):
        self.folder = Path(folder)

    def file(self, chapter):
        """Return where a chapter's list stands, whether or not it has one."""
        return self.folder / f"{Path(chapter).stem}.toml"

    def read(self, chapter):
        """Return a chapter's keys by kind; none without a file."""
        path = self.file(chapter)
        return tomllib.loads(path.read_text("utf8")) if path.exists() else {}

    def write(self, chapter, lists):
        """Write a chapter's keys by kind."""
        parts = [HEAD]
        for kind, keys in sorted(lists.items()):
            lines = [f"  {json.dumps(key, ensure_ascii=False)},\n" for key in keys]
            parts.append(f"\n{kind} = [\n{''.join(lines)}]\n" if keys else f"\n{kind} = []\n")
        self.file(chapter).write_text("".join(parts), "utf8")

    def compare(self, chapter, kind, findings):
        """Return the findings that are not listed, and the listed keys that were not found.

        Parameters
        ----------
        chapter : Path
            Its notebook.
        kind : str
        findings : iterable of Finding

        Returns
        -------
        new : list of Finding
        mended : list of str
        """
        left = Counter(self.read(chapter).get(kind, ()))
        new = []
        for finding in findings:
            if left[finding.key]:
                left[finding.key] -= 1
            else:
                new.append(finding)
        return new, list(left.elements())

    def shrink(self, chapter, kind, findings):
        """Take off a list what is no longer found, and return it; nothing is ever added."""
        _, mended = self.compare(chapter, kind, findings)
        if mended:
            lists, gone, kept = self.read(chapter), Counter(mended), []
            for key in reversed(lists[kind]):
                if gone[key]:
                    gone[key] -= 1
                else:
                    kept.insert(0, key)
            self.write(chapter, lists | {kind: kept})
        return mended

    def start(self, kind, found):
        """Make the lists of a kind that no list knows yet, in the chapters that have a file.

        Parameters
        ----------
        kind : str
        found : dict of Path to list of Finding
            By chapter.

        Raises
        ------
        ValueError
            When a list has the kind already: what is found later is mended, not listed.
        """
        known = [path.name for path in self.folder.glob("*.toml") if kind in self.read(path)]
        if known:
            raise ValueError(
                f"start: {kind!r} is listed already, in {sorted(known)[0]}; lists only shrink, so "
                "mend what was found since"
            )
        for chapter, findings in found.items():
            if self.file(chapter).exists():
                keys = [finding.key for finding in findings]
                self.write(chapter, self.read(chapter) | {kind: keys})


def chapters(numbers=()):
    """Return the chapters' notebooks, all or those with these numbers."""
    wanted = {int(number) for number in numbers}
    paths = sorted(ROOT.glob("chapters/[0-9][0-9]_*.ipynb"))
    return [path for path in paths if not wanted or int(path.stem[:2]) in wanted]


def main(arguments=None):
    """Print what is open, or renew the lists."""
    known = scans()
    parser = argparse.ArgumentParser(description="Open findings in the words of the book.")
    parser.add_argument("what", nargs="*", help=f"kinds ({', '.join(known)}), numbers of chapters")
    parser.add_argument("--shrink", action="store_true", help="take off what is mended")
    parser.add_argument("--start", metavar="KIND", choices=known, help="make a new kind's lists")
    options = parser.parse_args(arguments)
    numbers = [word for word in options.what if word.isdigit()]
    kinds = [word for word in options.what if not word.isdigit()]
    if unknown := set(kinds) - set(known):
        parser.error(f"no scan finds {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    lists = Lists()
    if options.start:
        lists.start(options.start, {path: list(known[options.start](path)) for path in chapters()})
        return
    for kind in kinds or known:
        for path in chapters(numbers):
            findings = list(known[kind](path))
            new, mended = lists.compare(path, kind, findings)
            print(f"{path.stem}, {kind}: {len(findings)} open, {len(new)} not on the list")
            if options.shrink:
                lists.shrink(path, kind, findings)
                print(*(f"  taken off: {key}" for key in mended), sep="\n", end="\n"[: len(mended)])
                continue
            for finding in findings:
                print("  not listed:" if finding in new else "  listed:", finding.message)
            for key in mended:
                print(f"  mended, take it off with --shrink: {key}")


if __name__ == "__main__":
    main()
