"""A reader's way through chapter 3, on the real engine."""

import json

import nbformat
import pytest

from tests.book import axe
from tests.book.chromium import NARROW, WIDE, new_tab

pytestmark = pytest.mark.browser

PAGE = "chapters/03_logistic_regression"
MINUTES = 60_000  # milliseconds that a busy machine may take


@pytest.fixture
def open_chapter(browser, live_url):
    """Return ``open_chapter(**options)``: chapter 3 with Python in it, in a tab of its own."""
    pages = []

    def open_chapter(theme="light", **options):
        page = new_tab(browser, **options)
        pages.append(page)
        page.set_default_timeout(MINUTES)
        page.add_init_script(f"localStorage.mode = localStorage.theme = '{theme}'")
        page.goto(f"{live_url}/{PAGE}.html")
        start(page)
        return page

    yield open_chapter
    for page in pages:
        page.context.close()


def start(page):
    page.get_by_role("button", name="Run this page").click()
    page.locator(".live-standing", has_text="ran in").first.wait_for()


def cell(page, text):
    """Return the cell with this text in its code."""
    return page.locator("div.cell", has=page.locator(".cell_input", has_text=text)).first


def press(page, cell, text):
    """Press a button of a cell, and wait until nothing runs."""
    cell.get_by_role("button", name=text).first.click()
    page.get_by_role("button", name="Run all", exact=True).wait_for()


def write(page, cell, text):
    """Replace the code of a cell and run it."""
    if not cell.get_by_role("textbox").count():
        cell.get_by_role("button", name="Edit").click()
    cell.get_by_role("textbox").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
    press(page, cell, "Run")


def here(cell):
    return cell.locator(".live-output").inner_text()


def standing(cell):
    return cell.locator(".live-standing").inner_text()


def test_a_cell_is_run_changed_broken_and_mended(open_chapter):
    page = open_chapter()
    shown = cell(page, "new_theta, _ = optimizer.update")
    press(page, shown, "Run all above")
    press(page, shown, "Run")
    assert standing(shown).endswith("the same output as published")
    source = "theta = np.array([1.0, 2.0])\nprint(theta.sum() / 2)"
    write(page, shown, source)
    assert here(shown).endswith("1.5")
    shown.get_by_role("textbox").focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" + missing / 2")  # a slash, which Sphinx takes for its search elsewhere
    page.keyboard.press("Shift+Enter")
    shown.get_by_text("NameError: name 'missing' is not defined").wait_for()
    press(page, shown, "Reset")
    press(page, shown, "Run")
    assert standing(shown).endswith("the same output as published")
    assert page.errors == []
    assert page.foreign == []


def test_exercises_are_answered_remembered_and_saved(open_chapter):
    page = open_chapter()
    predict = cell(page, 'check("predict"')
    answer = 'def predict(w, b, X):\n    return X @ w + b > 0\n\n\ncheck("predict", predict)'
    write(page, predict, answer)
    assert "Not yet: predict" in here(predict)
    write(page, predict, answer.replace("X @ w + b > 0", "(X @ w + b > 0).astype(int)"))
    assert "Correct: labels 0 and 1 as integers" in here(predict)
    step = cell(page, 'check("gradient-step"')
    press(page, step, "Hint")
    assert "Hint 1 of" in step.locator(".live-hint").inner_text()
    with page.expect_download() as started:
        page.get_by_role("button", name="Save as notebook").click()
    path = started.value.path()
    nbformat.validate(nbformat.read(path, as_version=4))
    sources = ["".join(one["source"]) for one in json.loads(path.read_text("utf8"))["cells"]]
    assert any("(X @ w + b > 0).astype(int)" in source for source in sources)
    page.reload()
    start(page)
    assert "passed before" in standing(predict)
    press(page, step, "Hint")
    assert "Hint 2 of" in step.locator(".live-hint").inner_text()
    assert page.errors == []


def test_an_endless_loop_is_stopped(open_chapter):
    page = open_chapter()
    first = cell(page, "images, digits = datasets.digits")
    first.get_by_role("button", name="Edit").click()
    first.get_by_role("textbox").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("while True:\n    pass")
    page.keyboard.press("Shift+Enter")
    first.get_by_role("button", name="Stop").click()
    page.locator(".live-standing", has_text="ran in").first.wait_for()
    press(page, first, "Reset")
    press(page, first, "Run")
    assert standing(first).endswith("the same output as published")


def test_an_interact_cell_draws_anew_at_each_slider(open_chapter):
    page = open_chapter()
    interact = cell(page, "labs.interact(")
    press(page, interact, "Run all above")
    press(page, interact, "Run")
    figure = interact.locator(".live-output figure img")
    before = figure.get_attribute("src")
    steps = page.get_by_role("slider", name="steps", exact=True)
    assert steps.input_value() == "20"
    steps.press("ArrowRight")
    interact.get_by_text("The weights after 21 steps").wait_for()
    assert figure.get_attribute("src") != before


@pytest.mark.parametrize(("theme", "size"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing_where_the_chapter_runs(open_chapter, theme, size):
    page = open_chapter(theme, viewport=size)
    shown = cell(page, "plotting.images(images[:8]")
    press(page, shown, "Run all above")
    press(page, shown, "Run")
    write(page, cell(page, 'check("predict"'), 'import numpy as np  # "text"\nprint(missing)')
    for part in (".live-panel", ".cell:has(.live-output:not([hidden]))"):
        assert [fault["text"] for fault in axe.faults(page, within=part)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
