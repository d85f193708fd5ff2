"""A small page that runs, on an engine that does at once what a line of code looks like."""

import html
import json
import shutil
import subprocess
from pathlib import Path

from tests.book.alone import _theme
from tests.byhand.labs.bundle import ROOT, node
from tests.require import require

HERE = Path(__file__).parent
BROWSER = ROOT / "byhand" / "live" / "browser"

EXERCISE = 'def sum(a, b):\n    return ...\n\n\ncheck("sum", sum)'

# What the page shows: source, published output, and what make live says of the cell.
CELLS = {
    "imports": ("import numpy as np", "", {"tags": ["hide-input"]}),
    "one": ('x = 1\nprint("one")\nbind(x=x)\nprint("more")', "one\nmore", {}),
    "show": ("print(x)", "1", {}),
    "predict": ('labs.predict("q")', "", {"shown": False}),
    "figure": ('plt.show("A dot, $x^2$, see {eq}`eq-dot`.")', "", {"varies": True}),
    "interact": ("labs.interact(train, rate=(0.0, 1.0))", "", {"varies": True}),
    "slow": ('print("x")\nwork()  # hangs', "done", {"long": 12.4}),
    "lab": ("labs.decay()", "", {"tags": ["nbval-ignore-output"]}),
    "timing": ('print("0.3 s")', "0.1 s", {"varies": True, "reason": "Here is one thread."}),
    "exercise": (EXERCISE, "Your turn: sum returns nothing yet.", {}),
}
FACTS = {"tags": [], "shown": True, "long": None, "varies": False, "reason": None}

MANIFEST = {
    "format": 1,
    "engine": "fake",
    "versions": {
        "here": {"python": "3.15.0", "numpy": "2.5.2"},
        "page": {"python": "3.11.7", "numpy": "2.4.6"},
    },
    "packs": {},
    "pages": {
        "small": {"packs": [], "size": 33e6, "memory": 15e7, "seconds": 20, "cells": "cells.json"}
    },
}

PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Small</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>
let theme;
try {{ theme = localStorage.theme; }} catch {{ /* a browser that refuses storage */ }}
document.documentElement.dataset.theme = theme ?? "light";
</script>
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="book.css">
<link rel="stylesheet" href="live/page.css"><script src="fake_engine.js"></script>
<script defer src="live/page.js" id="live-script" data-live="live/"></script></head>
<body><main class="bd-main"><div class="bd-content"><div class="bd-article-container">
<article class="bd-article"><h1>Small</h1>
<div class="math" id="equation-eq-dot"><span class="eqno">(3.1)</span></div>
{cells}</article></div></div></main></body></html>"""


def write(folder):
    """Write the page, and all that it loads, into a folder; return its file."""
    require("CodeMirror", (ROOT / "node_modules" / "@codemirror").exists(), "npm ci")
    (folder / "live").mkdir()
    command = [node(), BROWSER / "build.mjs", folder / "live"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    _theme(folder)
    shutil.copy(ROOT / "book" / "static" / "book.css", folder)
    shutil.copy(HERE / "fake_engine.js", folder)
    cells = [
        FACTS | facts | {"id": name, "source": source} for name, (source, _, facts) in CELLS.items()
    ]
    notebook = {
        "cells": [
            {"id": "title", "cell_type": "markdown", "metadata": {}, "source": ["# Small"]},
            *(
                {
                    "id": name,
                    "cell_type": "code",
                    "metadata": {},
                    "source": source.splitlines(keepends=True),
                    "outputs": [],
                    "execution_count": None,
                }
                for name, (source, _, _) in CELLS.items()
            ),
        ],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    answer = {"cells": cells, "notebook": notebook}
    (folder / "live" / "cells.json").write_text(json.dumps(answer), encoding="utf-8")
    (folder / "live" / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    page = folder / "small.html"
    body = "\n".join(_cell(*CELLS[name]) for name in CELLS)
    page.write_text(PAGE.format(cells=body), encoding="utf-8")
    return page


def _cell(source, output, facts):
    """Write a cell as the book's pages have it."""
    code = (
        '<div class="cell_input"><div class="highlight-ipython3"><div class="highlight">'
        f'<pre tabindex="0">{html.escape(source)}\n</pre></div></div></div>'
    )
    if not facts.get("shown", True):
        code = ""
    if "hide-input" in facts.get("tags", []):
        code = f'<details class="fold"><summary>Show the imports</summary>{code}</details>'
    shown = (
        '<div class="cell_output"><div class="output stream"><div class="highlight">'
        f"<pre>{html.escape(output)}\n</pre></div></div></div>"
    )
    return f'<div class="cell">{code}{shown if output else ""}</div>'
