"""Headless Chromium, and the built book over http."""

import functools
import importlib.util
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.book.pages import HTML
from tests.require import require

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium that calls nobody by itself."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    require("Chromium", chromium is not None, "install chromium (apt-get install chromium)")
    installed = importlib.util.find_spec("playwright") is not None
    require("Playwright", installed, "pip install -r requirements-dev.txt")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Return ``open_page(**context_options)``: a fresh page with ``errors`` and ``foreign``.

    ``errors`` lists console errors and uncaught exceptions, ``foreign`` the addresses of requests
    to other hosts, which are refused.
    """
    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.errors, page.foreign = [], []

        def check(route):
            address = urlsplit(route.request.url)
            if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
                page.foreign.append(route.request.url)
                route.abort()
            else:
                route.continue_()

        context.route("**/*", check)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page):
    """Return one such page, 1280 pixels wide."""
    return open_page()


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that does not report every request."""

    def log_message(self, *arguments):
        """Say nothing."""


def over_http(places):
    """Return a mark: test at the places over http only.

    How a page looks and how fast it answers does not depend on where it comes from.
    """
    chosen = [place for place in places if place.split(":")[0].endswith("-http")]
    return pytest.mark.parametrize("address", chosen, indirect=True)


def serve(folder):
    """Serve a folder on a free port; yields its address."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def book_url():
    """Return the address of the built book."""
    require("the built book", (HTML / "index.html").exists(), "make book")
    yield from serve(HTML)
