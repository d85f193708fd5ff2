"""The files of the slow results, and of the draws that they are collected from.

``results/NAME.json`` holds what the pages read. ``results/draws/NAME.jsonl`` holds a line for each
draw: its key, the hash of what decides it, the seconds that it took, with what, and its value.
Nothing is half-written for a reader: a result is replaced as a whole, and of the draws a line that
cannot be read, such as one that was cut off when a run was killed, is no line.

The standard library is enough: the build imports this module.
"""

import functools
import json
import os
import platform
from importlib import metadata

PACKAGES = ("numpy", "scikit-learn", "torch")


def result_path(root, name):
    """Return the file of a result."""
    return root / "results" / f"{name}.json"


def draws_path(root, name):
    """Return the file of a result's draws."""
    return root / "results" / "draws" / f"{name}.jsonl"


@functools.cache
def versions():
    """Return what computes here: ``{"python": "3.11.7", "numpy": "2.4.6", ...}``."""
    return {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES}


def _version(package):
    try:
        return metadata.version(package).split("+")[0]  # PyTorch adds "+cpu"
    except metadata.PackageNotFoundError:
        return None


def line(key, hash_, seconds, value):
    """Write a draw as a line of JSON.

    Parameters
    ----------
    key : str
        What readers call it.
    hash_ : str
        Of its arguments and its code.
    seconds : float
    value
        What JSON can hold.

    Returns
    -------
    str
        Without the line's end.
    """
    record = {
        "key": key, "hash": hash_, "seconds": round(seconds, 3), "versions": versions(),
        "value": value,
    }  # fmt: skip
    return json.dumps(record, separators=(",", ":"))


def read_draws(path):
    """Return the draws of a file by their hashes, in its order; of two with one hash the later.

    Parameters
    ----------
    path : Path
        There may be none yet.

    Returns
    -------
    dict of str to dict
    """
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    records = filter(None, map(_record, lines))
    return {record["hash"]: record for record in records}


def _record(text):
    """Return a line's record, or None when it is none: torn, or left by a merge."""
    try:
        record = json.loads(text)
        return record if {"key", "hash", "seconds", "versions", "value"} <= record.keys() else None
    except (ValueError, AttributeError):
        return None


def append_draw(path, text):
    """Add a line to a file that ends with a whole one."""
    with path.open("ab") as file:
        file.write(text.encode() + b"\n")


def write_draws(path, records):
    """Replace a file of draws by these records, as a whole."""
    lines = [json.dumps(record, separators=(",", ":")) + "\n" for record in records]
    _replace(path, "".join(lines))


def write_result(path, record):
    """Replace a result, as a whole."""
    _replace(path, json.dumps(record, indent=1, sort_keys=True) + "\n")


def _replace(path, text):
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())  # the name must not come before the content
    unfinished.replace(path)
