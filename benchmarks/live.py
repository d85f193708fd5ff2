"""What a page that runs itself takes, in headless Chromium and without a browser.

For each chapter: the seconds until Python has started (from the browser's cache, as on a second
visit), those of the cell that imports, those of all cells, the heap after them, and how many times
as long it takes as the same cells in this Python. ``make live`` comes first.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.book.chromium import find_chromium, launched
from tests.book.conftest import served
from tests.book.pages import HTML
from tests.live.compare import stored_cells
from tests.live.engine import Engine

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "byhand" / "live" / "stubs"
NATIVE = """
import json, sys
import IPython
from byhand.live import session
running = session.start(echo=False)
results = [running.run(cell) for cell in json.load(sys.stdin)]
assert all(result["ok"] for result in results), results
json.dump([result["seconds"] for result in results], sys.__stdout__)
"""
HEAD = f"{'chapter':32}{'boot':>7}{'imports':>9}{'page':>8}{'heap':>7}{'native':>8}{'ratio':>7}"


def in_browser(browser, url, page, sources):
    """Return seconds and bytes of a page whose packs the browser has stored.

    Parameters
    ----------
    browser : Playwright's browser
    url : str
        Where the book is served.
    page : str
    sources : list of str
        Of its cells.

    Returns
    -------
    dict
        ``boot`` and ``cells``, in seconds, and ``heap``, in bytes.
    """
    engine = Engine(browser, url, page)
    engine.boot()
    engine.open()
    boot = engine.boot()["ms"] / 1000
    results = [engine.run(source) for source in sources]
    engine.close()
    failed = [result["outputs"][-1] for result in results if not result["ok"]]
    if failed:
        raise RuntimeError(f"live: a cell of {page} raised: {failed[0]}")
    cells = [result["ms"] / 1000 for result in results]
    return {"boot": boot, "cells": cells, "heap": results[-1]["heap"]}


def natively(sources):
    """Return the seconds of each cell in a Python of its own, with the session of the page."""
    environment = os.environ | {
        "PYTHONPATH": f"{STUBS}{os.pathsep}{ROOT}",
        "MPLBACKEND": "module://byhand.live.figures",
        "DLCORE_LABS": "static",
        "OPENBLAS_NUM_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", NATIVE],
        input=json.dumps(sources),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return json.loads(done.stdout)


def row(name, measured, native):
    """Return the line of a chapter."""
    page = sum(measured["cells"])
    return (
        f"{name:32}{measured['boot']:7.1f}{measured['cells'][0]:9.1f}{page:8.1f}"
        f"{measured['heap'] / 1e6:7.0f}{sum(native):8.1f}{page / sum(native):7.1f}"
    )


def main(chapters):
    """Print the table.

    Parameters
    ----------
    chapters : list of str
        Their numbers, such as ``["03", "11"]``; all where there are none.
    """
    manifest = HTML / "live" / "manifest.json"
    if not manifest.exists():
        raise SystemExit("live: no page runs itself yet; make live comes first")
    pages = json.loads(manifest.read_text("utf-8"))["pages"]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
        end="",
    )
    print(f"NumPy {np.__version__}; seconds, and the heap in MB")
    print(HEAD)
    with served(HTML) as url, launched(find_chromium()) as browser:
        for page in pages:
            name = page.partition("/")[2]
            if chapters and name.partition("_")[0] not in chapters:
                continue
            sources = ["".join(cell["source"]) for cell in stored_cells(name)]
            measured = in_browser(browser, url, page, sources)
            print(row(name, measured, natively(sources)), flush=True)
