"""Visits: a page is opened once in each way, and many tests ask it something.

A test says by ``visits`` which pages it asks, and how they are opened, and by a fixture what it
needs: ``seen`` and ``narrow`` are pages to look at, ``used`` is one to change. What an earlier test
has changed is opened anew, and only that.
"""

from dataclasses import dataclass
from functools import cached_property

import pytest

from tests.book import axe
from tests.book.chromium import WIDE, new_tab

SETTLED = "!document.querySelector('figure.lab[data-busy]')"
FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Way:
    """How a page is opened.

    Parameters
    ----------
    origin : str
        ``"http"`` or ``"file"``.
    theme : str, optional
        The one that the reader has chosen before. A new reader finds the light one.
    script : bool
        Whether the page's scripts run.
    """

    origin: str
    theme: str | None = None
    script: bool = True


# Each theme is looked at in one way: how a page looks does not depend on where it comes from.
WAYS = {
    "http": Way("http"),
    "file": Way("file", theme="dark"),
    "http-bare": Way("http", script=False),
    "file-bare": Way("file", script=False),
}


def visits(places, *ways, also=()):
    """Return a mark: the test asks these pages, opened in these ways.

    Parameters
    ----------
    places : sequence of str
        Pages of the book, such as ``"book/intro"``, or on their own, such as ``"alone/race"``.
    *ways : str
        Names in ``WAYS``; by default those in which scripts run.
    also : sequence of pairs of str, optional
        A way and a page that is opened in that way, too.
    """
    ways = ways or [name for name, way in WAYS.items() if way.script]
    chosen = [(way, place) for place in places for way in ways] + list(also)
    ids = [f"{way}:{place}" for way, place in chosen]
    return pytest.mark.parametrize("visit", chosen, ids=ids, indirect=True)


class Visit:
    """A page in a tab of its own.

    ``used`` says that a test has changed the page, and ``before`` is how that test found it.

    Parameters
    ----------
    browser : Playwright's browser
    address : str
    way : Way
    """

    def __init__(self, browser, address, way):
        self.browser, self.address, self.way = browser, address, way
        self.theme = way.theme or "light"
        self.page = None
        self.open()

    def close(self):
        """Close the tab, and with it whatever it has stored."""
        if self.page:
            self.page.context.close()

    def open(self):
        """Open the page as one who was never there, in a new tab."""
        self.close()
        self.page = new_tab(self.browser, java_script_enabled=self.way.script)
        if self.way.theme:
            self.page.add_init_script(
                "if (location.protocol !== 'about:')"
                f" localStorage.mode = localStorage.theme = '{self.way.theme}';"
            )
        self.page.goto(self.address)
        if self.way.script:
            self.page.wait_for_function(SETTLED, timeout=60_000)
        self.restored()

    def restored(self):
        """Note that the page is as it was opened, so that nobody need open it anew."""
        self.used, self.before = False, None

    def to_use(self):
        """Return the page for a test that changes it."""
        page = self.shown(WIDE)
        self.used = True
        return page

    def shown(self, size):
        """Return the page as it was opened, in a window of this size."""
        if self.used:
            self.open()
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
            self.page.evaluate(FRAMES)  # labs are drawn anew
        return self.page

    @cached_property
    def faults(self):
        """What axe finds on the page as it was opened; it looks once.

        In the dark theme only colors are other ones, so there it looks at them alone.
        """
        rules = None if self.theme == "light" else axe.OF_COLORS
        return axe.faults(self.shown(WIDE), rules=rules)
