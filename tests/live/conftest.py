"""A book that runs itself, served, and engines in headless Chromium."""

import pytest

from tests.book.conftest import browser, served  # noqa: F401, a fixture
from tests.book.pages import HTML
from tests.live.engine import Engine
from tests.require import require


def pytest_addoption(parser):
    parser.addoption("--chapters", default="", help="run these, such as '03 11', and no others")
    parser.addoption("--measured", help="write what running the chapters showed into this file")


@pytest.fixture(scope="session")
def live_url():
    """Return the address of the built book, which ``make live`` has let run itself."""
    built = (HTML / "live" / "manifest.json").exists()
    require("the book that runs itself", built, "make live")
    with served(HTML) as url:
        yield url


@pytest.fixture(scope="session")
def new_engine(browser, live_url):  # noqa: F811
    """Return ``new_engine(page)``: an engine that shares nothing with others."""
    engines = []

    def new_engine(page="chapters/03_logistic_regression"):
        engines.append(Engine(browser, live_url, page))
        return engines[-1]

    yield new_engine
    for engine in engines:
        engine.close()


@pytest.fixture(scope="module")
def engine(new_engine):
    """Return an engine of chapter 3 that runs, for all tests of a file."""
    engine = new_engine()
    engine.boot()
    return engine
