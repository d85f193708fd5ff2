"""What the scans find in the words of the book.

A scan is a file ``scan_KIND.py`` beside this one with a function ``findings(path)``: it yields a
``Finding`` for whatever a person should look at in a chapter. Every chapter must be clean.

``python book/_tools/open_findings.py`` prints all that is open; a kind and numbers of chapters
limit it (``numbers 16``).
"""

import argparse
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = Path(__file__).parent


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Parameters
    ----------
    key : str
        A few words of the page, by which it is found again.
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


def chapters(numbers=()):
    """Return the chapters' notebooks, all or those with these numbers."""
    wanted = {int(number) for number in numbers}
    paths = sorted(ROOT.glob("chapters/[0-9][0-9]_*.ipynb"))
    return [path for path in paths if not wanted or int(path.stem[:2]) in wanted]


def main(arguments=None):
    """Print what is open."""
    known = scans()
    parser = argparse.ArgumentParser(description="What the scans find in the words of the book.")
    parser.add_argument("what", nargs="*", help=f"kinds ({', '.join(known)}), numbers of chapters")
    options = parser.parse_args(arguments)
    numbers = [word for word in options.what if word.isdigit()]
    kinds = [word for word in options.what if not word.isdigit()]
    if unknown := set(kinds) - set(known):
        parser.error(f"no scan finds {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    for kind in kinds or known:
        for path in chapters(numbers):
            found = list(known[kind](path))
            print(f"{path.stem}, {kind}: {len(found)} open")
            for finding in found:
                print(f"  {finding.message}")


if __name__ == "__main__":
    main()
