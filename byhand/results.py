"""Slow results: computed once, kept as JSON in ``results/``, read by the pages.

``benchmarks/recipes/NAME.py`` says how ``results/NAME.json`` is computed, and
``python -m benchmarks results`` computes what is missing or stale. Tests and the build check that
nothing is. Reading needs nothing but the file.
"""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "stored"  # in a wheel; in the repository they are kept beside the packages
FOLDER = SHIPPED if SHIPPED.is_dir() else HERE.parent / "results"
KEYS = {"settings", "values", "versions"}


def load(name):
    """Read a stored result.

    Parameters
    ----------
    name : str
        Of ``results/NAME.json``.

    Returns
    -------
    dict
        ``"values"`` is what the recipe computed, ``"settings"`` and ``"versions"`` with what.

    Raises
    ------
    TypeError
        When the name is no string.
    FileNotFoundError
        When there is no such result, or no folder of them.
    ValueError
        When the name is a path, or the file is damaged.
    """
    if not isinstance(name, str):
        raise TypeError(f'results.load: name is {name!r}, expected a string such as "lenet"')
    if "/" in name or "\\" in name:
        raise ValueError(
            f'results.load: name is {name!r}, expected one such as "lenet"; leave out the folder?'
        )
    if not FOLDER.is_dir():
        raise FileNotFoundError(
            f"results.load: there is no folder {FOLDER}; stored results belong to the repository, "
            "so install dlcore from a clone of it: pip install -e ."
        )
    path = FOLDER / f"{name}.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        names = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json"))) or "none"
        raise FileNotFoundError(
            f"results.load: there is no result {name!r} in {FOLDER}, there are: {names}; "
            f"misspelled, or not computed yet? {_command(name)}"
        ) from None
    except ValueError as error:
        raise ValueError(
            f"results.load: {path} is no JSON ({error}); a merge left half done? {_command(name)}"
        ) from error
    missing = KEYS - (record.keys() if isinstance(record, dict) else set())
    if missing:
        raise ValueError(
            f"results.load: {path} lacks {', '.join(sorted(missing))}; was it written by something "
            f"else? {_command(name)}"
        )
    return record


def _command(name):
    return f"Run: python -m benchmarks results {name}"
