"""The tabs note what they must, and a visit opens its page no more often than it must."""

import pytest

from tests.book.chromium import NARROW, WIDE
from tests.book.visits import visits

pytestmark = pytest.mark.browser


def test_a_tab_notes_errors_and_which_other_hosts_were_asked(page, alone_url):
    page.goto(alone_url("learning_rate"))
    with (
        page.expect_event("pageerror"),
        page.expect_event("requestfailed"),
        page.expect_event("websocket"),
    ):
        page.evaluate("""() => {
          console.error('logged');
          setTimeout(() => { throw new Error('thrown'); });
          new Image().src = 'http://example.org/picture.png';
          new WebSocket('ws://example.com/');
        }""")
    assert {"logged ()", "thrown"} <= set(page.errors)  # they come in any order
    assert set(page.foreign) == {"http://example.org/picture.png", "ws://example.com/"}
    assert any(url.endswith("/labs.js") for url in page.got)


@visits(["alone/learning_rate"])
def test_a_page_is_opened_anew_after_it_was_used(visit):
    visit.shown(WIDE).evaluate("window.mine = true")
    assert visit.shown(NARROW).evaluate("[window.mine, innerWidth]") == [True, 360]
    visit.to_use()
    visit.restored()
    assert visit.shown(WIDE).evaluate("[window.mine, innerWidth]") == [True, 1280]
    visit.to_use().evaluate("localStorage.mine = 'stored'; console.error('logged')")
    page = visit.shown(WIDE)
    assert not page.evaluate("window.mine || localStorage.mine")
    assert page.errors == []


@visits(["alone/learning_rate"])
def test_a_page_is_opened_in_its_theme(seen, visit):
    assert seen.locator("html").get_attribute("data-theme") == visit.theme
