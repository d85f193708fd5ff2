"""What running the chapters showed, a line of JSON a chapter; ``--write`` renews book/live.toml.

python -m tests.live.measured FILE prints the table, and what differs. With --write it stores the
seconds, the heap and the long cells; reasons for differences are written by hand.
"""

import argparse
import json
import tomllib
from pathlib import Path

from tests.live.compare import MEASURED

LONG = 5  # seconds
HEAD = "# What running the pages in the browser showed; CONTRIBUTING.md says how it is renewed.\n"


def note(file, name, booted, times, heap, found):
    """Append what one chapter showed."""
    line = {
        "name": name,
        "boot": booted["ms"] / 1000,
        "seconds": round(sum(times.values()), 1),
        "megabytes": round(heap / 1e6),
        "long": {id: round(time) for id, time in times.items() if time >= LONG},
        "differs": found,
    }
    with Path(file).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(line) + "\n")


def written(chapters, reasons):
    """Return the text of book/live.toml.

    Parameters
    ----------
    chapters : list of dict
        What ``note`` wrote.
    reasons : dict
        Chapter to its cells whose outputs differ, with the reasons.
    """
    parts = [HEAD]
    for chapter in sorted(chapters, key=lambda chapter: chapter["name"]):
        name = chapter["name"]
        parts.append(
            f"[{name}]\nseconds = {chapter['seconds']}\nmegabytes = {chapter['megabytes']}\n"
        )
        if chapter["long"]:
            parts.append(_table(f"{name}.long", chapter["long"]))
        if reasons.get(name):
            parts.append(_table(f"{name}.differs", reasons[name]))
    return "\n".join(parts)


def _table(name, values):
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def main():
    """Print what was found, and store it where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    chapters = [json.loads(line) for line in options.file.read_text("utf-8").splitlines()]
    print(f"{'chapter':32}{'boot s':>8}{'page s':>8}{'heap MB':>9}  differs")
    for chapter in chapters:
        print(
            f"{chapter['name']:32}{chapter['boot']:8.1f}{chapter['seconds']:8.1f}"
            f"{chapter['megabytes']:9}  {' '.join(chapter['differs'])}"
        )
    if options.write:
        old = tomllib.loads(MEASURED.read_text("utf-8"))
        reasons = {name: chapter.get("differs", {}) for name, chapter in old.items()}
        MEASURED.write_text(written(chapters, reasons), encoding="utf-8")


if __name__ == "__main__":
    main()
