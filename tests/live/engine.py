"""The engine of a page that runs itself, in headless Chromium, without the page's own interface."""

import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.book.chromium import new_tab
from tests.byhand.labs.bundle import node

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "byhand" / "live" / "browser" / "engine.js"
EMPTY = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Engine</title></head>'
MINUTES = 20


@cache
def script():
    """Return engine.js as one classic script, whose exports are ``Live``."""
    code = (
        "require('esbuild').build({entryPoints: [process.argv[1]], bundle: true, write: false, "
        "format: 'iife', globalName: 'Live'}).then((b) => console.log(b.outputFiles[0].text))"
    )
    done = subprocess.run(
        [node(), "-e", code, SOURCE], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout


class Engine:
    """An engine for one page of a served book.

    Parameters
    ----------
    browser : Playwright's browser
    url : str
        Where the book is served.
    page : str
        Such as ``"chapters/03_logistic_regression"``.
    folder : Path, optional
        Where the book's files are, if no server answers at the address.
    """

    def __init__(self, browser, url, page, folder=None):
        self.tab = new_tab(browser)
        self.tab.set_default_timeout(MINUTES * 60_000)
        if folder:
            self.tab.route(f"{url}/**", lambda route: _answer(route, folder))
        self.tab.route(
            "**/engine.html", lambda route: route.fulfill(body=EMPTY, content_type="text/html")
        )
        self.url, self.page = url, page
        self.open()

    def open(self):
        """Open an empty page and make an engine in it."""
        self.tab.goto(f"{self.url}/engine.html")
        self.tab.add_script_tag(content=script())
        self.tab.evaluate(
            "page => { window.engine = Live.createEngine('live/', page); }", self.page
        )

    def boot(self, memory=""):
        """Start Python; return the time, the heap, and the steps that were reported."""
        return self.tab.evaluate(
            """async (memory) => {
              const steps = [];
              const booted = await engine.boot((step) => steps.push(step), { memory });
              return { ...booted, steps };
            }""",
            memory,
        )

    def refusal(self):
        """Return code and message of the error that booting ends in, or None."""
        return self.tab.evaluate(
            "() => engine.boot().then(() => null, ({code, message}) => ({code, message}))"
        )

    def run(self, source, cell=None):
        """Run a source and return its result, with what was told while it ran in ``written``."""
        return self.tab.evaluate(
            """async ([source, cell]) => {
              const written = [];
              const write = (name, text) => written.push([name, text]);
              return { ...(await engine.run(source, { cell, write })), written };
            }""",
            [source, cell],
        )

    def cells(self):
        """Return the page's cells, as the page reads them."""
        return self.tab.evaluate("async () => (await engine.cells()).cells")

    def evaluate(self, expression, argument=None):
        """Evaluate JavaScript in the page, where ``engine`` and ``Live`` are."""
        return self.tab.evaluate(expression, argument)

    def close(self):
        """End it all."""
        self.tab.context.close()


def _answer(route, folder):
    """Answer a request as a server of this folder would."""
    path = folder / urlsplit(route.request.url).path.lstrip("/")
    if path.is_file():
        route.fulfill(path=path)
    else:
        route.fulfill(status=404)
