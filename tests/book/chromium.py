"""Headless Chromium that calls nobody, and tabs that note what their pages do."""

import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}

# For Playwright's add_init_script: a page that may remember nothing.
NO_STORAGE = (
    "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
)

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def find_chromium():
    """Return the path of Chromium, or None.

    Debian's chromium-headless-shell is the same engine without a browser's own windows, and opens a
    page in half the time.
    """
    names = "chromium-headless-shell", "chromium", "chromium-browser"
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def launched(chromium):
    """Start Chromium at this path; it ends with the context."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


def new_tab(browser, **options):
    """Open a tab that shares nothing with others; the options are those of a Playwright context.

    It notes in ``errors`` the console's errors and uncaught exceptions, in ``got`` the addresses of
    what was loaded, and in ``foreign`` the addresses that other hosts were asked for. They do not
    answer: Chromium resolves no name.
    """
    context = browser.new_context(**{"viewport": WIDE} | options)
    page = context.new_page()
    page.errors, page.got, page.foreign = [], [], []

    def look_at(request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            page.foreign.append(request.url)

    def note_error(message):
        if message.type == "error":
            page.errors.append(f"{message.text} ({message.location['url']})")

    context.on("request", look_at)
    context.on("requestfinished", lambda request: page.got.append(request.url))
    page.on("websocket", look_at)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", note_error)
    return page
