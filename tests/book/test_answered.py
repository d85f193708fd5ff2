"""How many predictions are answered: on the landing page, from the browser's own storage."""

import pytest

from tests.book import axe
from tests.book.alone import QUESTIONS
from tests.book.chromium import NO_STORAGE
from tests.book.visits import visits

pytestmark = pytest.mark.browser

# What is asked before the first chapter predicts nothing.
PREDICTIONS = [name for name in QUESTIONS if not name.startswith("00-")]
OF_3 = sum(name.startswith("03-") for name in QUESTIONS)


def place(page):
    return page.locator("div.predictions-answered")


def answer(page, stored):
    page.evaluate("stored => Object.assign(localStorage, stored)", stored)
    page.reload()


def test_nothing_is_shown_before_the_first_answer(page, alone_url):
    page.goto(alone_url("answered"))
    assert not place(page).is_visible()
    assert page.errors == []


def test_chapters_are_counted_and_can_be_forgotten(page, alone_url):
    page.goto(alone_url("answered"))
    stored = {"03-first-cost": "0.69", "05-noise": "2", "lab-graph": "1"}
    answer(page, {f"prediction:{name}": value for name, value in stored.items()} | {"else": "1"})
    text = " ".join(place(page).inner_text().split())
    assert f"You have answered 2 of the book's {len(PREDICTIONS)} predictions:" in text
    assert f"3 Logistic regression: 1 of {OF_3}" in text
    assert "chapter 5: 1 of" in text
    assert place(page).locator("a").get_attribute("href") == (
        "../chapters/03_logistic_regression.html"
    )
    assert [fault["text"] for fault in axe.faults(page, ".predictions-answered")] == []
    page.get_by_role("button", name="Forget all answers").click()
    assert not place(page).is_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["else"]
    assert page.errors == []
    assert page.foreign == []


@pytest.mark.parametrize("odd", ['"text"', "{", "null", "[]"])
def test_something_odd_in_storage_counts_for_nothing(page, alone_url, odd):
    page.goto(alone_url("answered"))
    answer(page, {"prediction:03-first-cost": odd})
    assert not place(page).is_visible()
    assert page.errors == []


def test_a_browser_that_refuses_storage_shows_nothing(open_page, alone_url):
    page = open_page()
    page.add_init_script(NO_STORAGE)
    page.goto(alone_url("answered"))
    assert not place(page).is_visible()
    assert page.errors == []


@visits(["book/intro"], "http")
def test_the_landing_page_knows_the_chapters(used):
    answer(used, {f"prediction:{name}": "1" for name in QUESTIONS})
    entries = place(used).locator("li")
    assert entries.count() == len({name[:2] for name in PREDICTIONS})
    assert place(used).locator("li a").count() == entries.count()
    used.evaluate("localStorage.clear()")


@visits(["book/intro"], "http-bare")
def test_without_javascript_nothing_is_missed(used):
    assert not place(used).is_visible()
