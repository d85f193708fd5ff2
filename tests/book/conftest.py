"""Headless Chromium, the pages over http, and the tabs that the tests look at."""

import functools
import importlib.util
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain

import pytest

from tests.book import alone
from tests.book.chromium import NARROW, WIDE, find_chromium, launched, new_tab
from tests.book.pages import HTML, file_of
from tests.book.visits import WAYS, Visit
from tests.byhand.labs.bundle import build
from tests.require import require

# --- the browser ---


@pytest.fixture(scope="session")
def browser():
    """Return a headless Chromium that calls nobody by itself."""
    chromium = find_chromium()
    require("Chromium", chromium is not None, "apt-get install chromium-headless-shell")
    installed = importlib.util.find_spec("playwright") is not None
    require("Playwright", installed, "pip install -r requirements-dev.txt")
    with launched(chromium) as browser:
        yield browser


@pytest.fixture
def open_page(browser):
    """Return ``open_page(**context_options)``: a tab that shares nothing with others."""
    pages = []

    def open_page(**options):
        pages.append(new_tab(browser, **options))
        return pages[-1]

    yield open_page
    for page in pages:
        page.context.close()


@pytest.fixture
def page(open_page):
    """Return an empty tab, 1280 pixels wide."""
    return open_page()


# --- pages, as files and over http ---


class QuietHandler(SimpleHTTPRequestHandler):
    """A file server that reports no request, and does not miss the icon that Chromium asks for."""

    def do_GET(self):
        """Send a file."""
        if self.path == "/favicon.ico":
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *arguments):
        """Say nothing."""


@contextmanager
def served(folder):
    """Serve a folder on a free port, and return its address."""
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
    with served(HTML) as url:
        yield url


@pytest.fixture(scope="session")
def alone_folder(tmp_path_factory):
    """Return a folder with the bundle, for labs and questions on pages of their own."""
    folder = tmp_path_factory.mktemp("alone")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def alone_url(alone_folder):
    """Return ``alone_url(name)``: the address of a lab's own page, or of another in ``alone``."""
    with served(alone_folder) as url:
        yield lambda name: f"{url}/{alone.page(alone_folder, name).name}"


# --- visits ---


@pytest.fixture(scope="session")
def visit(request, browser):
    """Return the ``Visit`` that a test's mark ``visits`` asks for; all tests of it share it."""
    name, place = request.param
    way, (site, _, rest) = WAYS[name], place.partition("/")
    over_http = way.origin == "http"
    if site == "alone":
        fixture = request.getfixturevalue("alone_url" if over_http else "alone_folder")
        address = fixture(rest) if over_http else alone.page(fixture, rest).as_uri()
    else:
        url = request.getfixturevalue("book_url")
        address = f"{url}/{place}.html" if over_http else file_of(place).as_uri()
    visit = Visit(browser, address, way)
    yield visit
    visit.close()


@pytest.fixture
def seen(visit):
    """Return a page to look at: 1280 pixels wide, as it was opened."""
    return visit.shown(WIDE)


@pytest.fixture
def narrow(visit):
    """Return a page to look at in a window of 360 pixels."""
    return visit.shown(NARROW)


@pytest.fixture
def used(visit):
    """Return a page to change, 1280 pixels wide; whoever comes next gets it anew."""
    return visit.to_use()


# --- what the run's end shows ---


def pytest_terminal_summary(terminalreporter):
    """Print what each page weighs."""
    weights = sorted(
        value
        for report in chain.from_iterable(terminalreporter.stats.values())
        for key, value in getattr(report, "user_properties", ())
        if key == "weights" and report.when == "call"
    )
    if weights:
        terminalreporter.write_line(f"{'weight in kB':36}     page   zipped  with all it loads")
    for name, *bytes_ in weights:
        columns = "".join(f"{weight / 1e3:9.0f}" for weight in bytes_)
        terminalreporter.write_line(f"{name:36}{columns}")
