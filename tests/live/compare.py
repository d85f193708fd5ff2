"""Outputs of the engine beside the stored ones of a notebook."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MEASURED = ROOT / "book" / "live.toml"
ROUNDING = re.compile(r"\d(\.\d+)?e-(0[89]|[1-9]\d)")  # as conftest.py has it: below 1e-8
SHOWN = ("text/plain", "text/markdown", "application/papermill.record/text/plain")
NOT_COMPARED = "nbval-ignore-output"


def stored_cells(name):
    """Return the code cells of a chapter, as they are in the notebook."""
    notebook = json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text("utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def known_differences(name):
    """Return what book/live.toml says of a chapter's cells: id to the reason for a difference."""
    return tomllib.loads(MEASURED.read_text("utf-8")).get(name, {}).get("differs", {})


def texts(outputs):
    """Return what can be compared of outputs: each stream as one text, then the other texts.

    Where a stream is cut depends on the notebook's kernel, and pictures are not stored.
    """
    streams, others = {}, []
    for output in outputs:
        if output["output_type"] == "stream":
            streams.setdefault(output["name"], []).append("".join(output["text"]))
        elif output["output_type"] == "error":
            others.append(("error", output["ename"]))
        else:
            data = output["data"]
            others.append({mime: rounded("".join(data[mime])) for mime in SHOWN if mime in data})
    return {name: rounded("".join(parts)) for name, parts in streams.items()}, others


def rounded(text):
    """Return a text in which each number below 1e-8 is the word rounding."""
    return ROUNDING.sub("rounding", text)
