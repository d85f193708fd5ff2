"""The page that runs, on an engine of the tests: what a reader does with it."""

import gzip
import json

import pytest

from tests.book import axe, live_page
from tests.book.chromium import NARROW, NO_STORAGE
from tests.book.conftest import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder with the page."""
    folder = tmp_path_factory.mktemp("live")
    live_page.write(folder)
    return folder


@pytest.fixture(scope="module")
def url(folder):
    """Return the page's address."""
    with served(folder) as root:
        yield f"{root}/small.html"


@pytest.fixture
def offered(page, url):
    """Return the page before it runs."""
    page.goto(url)
    page.locator(".live-panel").wait_for()
    yield page
    assert page.errors == []
    assert page.foreign == []


@pytest.fixture
def running(offered):
    """Return the page with Python in it."""
    start(offered)
    return offered


def start(page):
    page.get_by_role("button", name="Run this page").click()
    page.locator(".live-standing", has_text="ran in 0.2 s").first.wait_for()


# Bytes, compressed. The page's own script comes with every page that can run.
LIGHT = {"page.js": 20_000, "page.css": 4_000, "editor.js": 125_000, "math.js": 85_000}

SAME = "ran in 0.2 s: the same output as published"


def button(page, text):
    return page.get_by_role("button", name=text, exact=True)


def cell(page, name):
    return page.locator("div.cell").nth(list(live_page.CELLS).index(name))


def standing(page, name):
    return cell(page, name).locator(".live-standing").inner_text()


def here(page, name):
    return cell(page, name).locator(".live-output").inner_text()


def run(page, number):
    """Press a cell's button, and wait until nothing runs."""
    button(page, f"Run cell {number}").click()
    settle(page)


def settle(page):
    button(page, "Run all").wait_for()


def write(page, number, text):
    """Replace the code of a cell."""
    editor = page.get_by_role("textbox", name=f"Code of cell {number}.")
    if not editor.count():
        button(page, f"Edit cell {number}").click()
    editor.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)


def voice(page, text):
    page.locator(".live-voice", has_text=text).wait_for(state="attached")


# --- before it runs ---


def test_the_button_says_what_it_costs_and_nothing_large_is_loaded(offered):
    words = offered.locator(".live-panel").inner_text()
    assert button(offered, "Run this page (33 MB, once)").is_visible()
    assert "150 MB of memory" in words
    assert "phone" not in words
    loaded = {url.rpartition("/")[2] for url in offered.got}
    assert {"page.js", "manifest.json"} <= loaded
    assert not {"editor.js", "math.js", "worker.js", "cells.json"} & loaded
    assert offered.locator(".live-tools button").count() == 1


def test_what_is_loaded_is_light(folder):
    sizes = {file: len(gzip.compress((folder / "live" / file).read_bytes())) for file in LIGHT}
    assert {file: size for file, size in sizes.items() if size > LIGHT[file]} == {}


def test_a_phone_is_warned(open_page, url):
    phone = open_page(viewport=NARROW, has_touch=True, is_mobile=True)
    phone.goto(url)
    assert "looks like a phone" in phone.locator(".live-panel").inner_text()


def test_there_is_no_button_where_the_manifest_is_gone(page, url):
    page.goto(f"{url}?fails=manifest")
    page.wait_for_function("document.readyState === 'complete'")
    page.evaluate("() => new Promise(done => setTimeout(done, 200))")
    assert page.locator(".live-panel").count() == 0


def test_there_is_no_button_where_the_browser_is_too_old(page, url):
    page.add_init_script("WebAssembly.validate = () => false")
    page.goto(url)
    page.evaluate("() => new Promise(done => setTimeout(done, 200))")
    assert page.locator(".live-panel").count() == 0


def test_from_a_file_the_button_says_how_to_serve(page, folder):
    page.goto((folder / "small.html").as_uri())
    page.get_by_role("button", name="Run this page").click()
    words = page.locator(".live-panel").inner_text()
    assert "make serve" in words
    assert "http://localhost:8000/small.html" in words
    assert page.errors == []


# --- starting ---


def test_loading_shows_how_far_it_is_and_can_be_cancelled(page, url):
    page.goto(f"{url}?fails=slowly")
    page.get_by_role("button", name="Run this page").focus()
    page.keyboard.press("Enter")
    page.get_by_text("11 MB of 33 MB").wait_for()
    bar = page.get_by_role("progressbar", name="Loading Python")
    assert bar.evaluate("bar => bar.value / bar.max") == pytest.approx(1 / 3)
    voice(page, "Python is being loaded")
    assert button(page, "Cancel").evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.get_by_text("Loading was cancelled.").first.wait_for()
    assert button(page, "Try again").is_visible()


def test_what_was_damaged_can_be_tried_again(page, url):
    page.goto(f"{url}?fails=boot")
    page.get_by_role("button", name="Run this page").click()
    page.locator(".live-panel", has_text="A file arrived damaged.").wait_for()
    button(page, "Try again").click()
    page.locator(".live-standing", has_text="ran in 0.2 s").first.wait_for()
    assert page.evaluate("engine.boots") == 2


def test_a_page_of_another_edition_runs_nothing(offered):
    offered.route(
        "**/cells.json", lambda route: route.fulfill(body='{"cells": [], "notebook": {}}')
    )
    offered.get_by_role("button", name="Run this page").click()
    button(offered, "Reload the page").click()
    offered.get_by_role("button", name="Run this page").wait_for()
    assert offered.locator("div.cell button").count() == 0


def test_a_page_that_runs_has_run_its_imports_and_has_its_buttons(running):
    words = running.locator(".live-panel").inner_text()
    assert "Python 3.15.0 and NumPy 2.5.2" in words
    assert "To run all takes about 20 s." in words
    assert standing(running, "imports") == "ran in 0.2 s"
    assert running.evaluate("engine.ran") == ["import numpy as np"]
    for name in ("predict", "lab"):  # they are alive without Python
        assert cell(running, name).locator("button").count() == 0
    numbered = running.locator("div.cell [role=group][aria-label^='Cell ']")
    labels = numbered.evaluate_all("all => all.map(group => group.ariaLabel)")
    assert labels == [f"Cell {i + 1}" for i in range(8)]
    assert standing(running, "slow") == "takes about 12 s"
    assert standing(running, "interact") == "run it, and it gets sliders"


# --- running ---


def test_a_cell_runs_and_its_output_stands_below_the_published_one(running):
    run(running, 2)
    assert standing(running, "one") == "ran in 0.2 s: the same output as published"
    assert not cell(running, "one").locator(".live-output").is_visible()
    voice(running, "cell 2 ran in 0.2 s")
    write(running, 2, 'x = 2\nprint("two")\nbind(x=x)\nprint("and more")')
    run(running, 2)
    assert here(running, "one") == "two\nand more"
    assert "one" in cell(running, "one").locator(".cell_output").inner_text()
    assert standing(running, "one") == "ran in 0.2 s, with your change"


def test_run_all_above_runs_what_has_not_run_yet(running):
    button(running, "Run all above cell 4").click()
    settle(running)
    assert running.evaluate("engine.ran.slice(1)") == [
        live_page.CELLS[name][0] for name in ("one", "show")
    ]
    above = button(running, "Run all above cell 4")
    assert above.get_attribute("aria-disabled") == "true"
    assert button(running, "Run all above cell 1").count() == 0


def test_an_error_says_its_line_and_offers_to_run_what_is_missing(running):
    run(running, 3)
    assert standing(running, "show") == "stopped in line 1: NameError"
    assert "name 'x' is not defined" in here(running, "show")
    voice(running, "cell 3 stopped: NameError")
    button(running, "Run all above, then this").click()
    settle(running)
    assert standing(running, "show") == SAME


def test_an_error_stops_what_waits(running):
    write(running, 2, 'raise_ = 1\nprint(y)\nprint("never")')
    button(running, "Run all").click()
    settle(running)
    assert standing(running, "one") == "stopped in line 2: NameError"
    assert standing(running, "show") == ""
    assert "never" not in here(running, "one")


def test_a_cell_that_hangs_is_stopped_and_python_starts_anew(running):
    run(running, 2)
    button(running, "Run cell 6").click()
    running.get_by_text("step 1").wait_for()
    assert standing(running, "slow").startswith("running")
    stop = button(running, "Stop cell 6")
    assert stop.evaluate("button => button === document.activeElement")
    stop.press("Enter")
    running.get_by_text("It was stopped here.").wait_for()
    settle(running)
    assert running.evaluate("engine.boots") == 2
    assert standing(running, "one") == "ran before Python was started anew"
    assert standing(running, "imports") == "ran in 0.2 s"
    run(running, 2)
    assert standing(running, "one") == SAME


def test_python_can_be_started_anew_while_something_runs(running):
    button(running, "Run cell 6").click()
    running.get_by_text("step 1").wait_for()
    button(running, "Start anew").click()
    settle(running)
    assert running.evaluate("engine.boots") == 2
    button(running, "Start anew").click()
    settle(running)
    assert running.evaluate("engine.boots") == 3
    assert standing(running, "imports") == "ran in 0.2 s"


def test_what_crashed_can_be_started_anew(running):
    write(running, 2, "x = 1  # crashes")
    button(running, "Run cell 2").click()
    running.locator(".live-panel", has_text="ended without an answer").wait_for()
    button(running, "Start anew").click()
    settle(running)
    assert running.evaluate("engine.boots") == 2


def test_a_figure_has_its_description_and_its_caption(running):
    run(running, 4)
    figure = cell(running, "figure").locator(".live-output figure")
    assert figure.locator("img").get_attribute("alt") == "A gray dot."
    figure.locator(".katex").wait_for()
    link = figure.get_by_role("link")
    assert (link.inner_text(), link.get_attribute("href")) == ("(3.1)", "#equation-eq-dot")


def test_numbers_that_depend_on_the_machine_say_so(running):
    run(running, 7)
    words = here(running, "timing")
    assert "NumPy 2.5.2 here, 2.4.6 when the page was built" in words
    assert "Here is one thread." in words
    run(running, 2)
    assert "NumPy" not in here(running, "one")


def test_an_interact_cell_gets_sliders_that_run_it(running):
    run(running, 5)
    rate = running.get_by_role("slider", name="rate")
    assert rate.input_value() == "0.5"
    rate.focus()
    for _ in range(4):
        running.keyboard.press("ArrowRight")
    running.locator(".live-output", has_text="rate 0.9").wait_for()
    assert running.locator(".live-slider output").first.inner_text() == "0.9"
    assert rate.evaluate("input => input === document.activeElement")
    voice(running, "rate 0.9")
    running.get_by_role("combobox", name="kind").select_option("deep")
    running.get_by_role("checkbox", name="on").uncheck()
    running.wait_for_function("engine.ran.at(-1).includes('false')")
    last = running.evaluate("engine.ran.at(-1)")
    assert 'again("0", ' in last
    assert json.loads(json.loads(last.partition('"0", ')[2][:-1])) == {
        "rate": 0.9,
        "kind": 1,
        "on": False,
    }
    settle(running)
    assert standing(running, "interact") == "ran in 0.2 s"


# --- changing ---


def test_a_click_into_the_code_opens_an_editor_and_tab_leaves_it(running):
    cell(running, "one").locator("pre").first.click(position={"x": 30, "y": 12})
    editor = running.get_by_role("textbox", name="Code of cell 2.")
    editor.wait_for()
    assert editor.evaluate("editor => editor === document.activeElement")
    assert editor.inner_text() == live_page.CELLS["one"][0]
    running.keyboard.press("ControlOrMeta+End")
    takes_slash = "document.addEventListener('keydown', e => e.key === '/' && e.preventDefault())"
    running.evaluate(takes_slash)  # as Sphinx does, for its search
    running.keyboard.type("\nz = 5 / 2")
    running.keyboard.press("Shift+Enter")
    settle(running)
    assert running.evaluate("engine.ran.at(-1)") == f"{live_page.CELLS['one'][0]}\nz = 5 / 2"
    running.keyboard.press("Tab")
    assert button(running, "Run cell 2").evaluate("button => button === document.activeElement")


def test_an_editor_that_cannot_be_loaded_says_so_and_can_be_tried_again(running):
    running.route("**/editor.js", lambda route: route.abort())
    button(running, "Edit cell 2").click()
    cell(running, "one").get_by_text("The editor could not be loaded.").wait_for()
    running.unroute("**/editor.js")
    write(running, 2, "x = 3")
    assert cell(running, "one").get_by_text("could not be loaded").count() == 0
    running.errors.clear()  # Chromium's, of the script that did not come


def test_a_change_makes_what_ran_below_it_stale_and_they_run_together(running):
    for number in (2, 3):
        run(running, number)
    write(running, 2, 'x = 7\nprint("seven")')
    assert standing(running, "one") == "changed since it ran"
    assert standing(running, "show") == "stale: cell 2 has changed since it ran"
    assert standing(running, "imports") == "ran in 0.2 s"
    button(running, "Run what is stale (2)").click()
    settle(running)
    assert here(running, "show") == "7"
    assert standing(running, "show") == "ran in 0.2 s"
    write(running, 2, live_page.CELLS["one"][0])
    assert standing(running, "show").startswith("stale")
    write(running, 2, 'x = 7\nprint("seven")')
    assert standing(running, "show") == "ran in 0.2 s"  # as it was when this ran


def test_a_reset_brings_back_the_published_code_and_can_be_undone(running):
    assert button(running, "Reset cell 2").count() == 0
    write(running, 2, "x = 3")
    run(running, 2)
    button(running, "Reset cell 2").click()
    assert cell(running, "one").locator("pre").first.is_visible()
    assert here(running, "one") == ""
    assert button(running, "Edit cell 2").evaluate("button => button === document.activeElement")
    button(running, "Undo reset cell 2").click()
    editor = running.get_by_role("textbox", name="Code of cell 2.")
    editor.wait_for()
    assert editor.inner_text() == "x = 3"
    button(running, "Reset all").click()
    assert editor.count() == 0


def test_changes_come_back_after_a_reload(running):
    write(running, 2, "x = 3")
    running.reload()
    running.get_by_text("Your change to one cell is kept").wait_for()
    start(running)
    assert running.get_by_role("textbox", name="Code of cell 2.").inner_text() == "x = 3"
    assert standing(running, "one") == "your change, not run yet"
    button(running, "Reset cell 2").click()
    running.reload()
    running.locator(".live-panel").wait_for()
    assert running.get_by_text("is kept").count() == 0


def test_where_storage_is_refused_everything_works_and_says_so(page, url):
    page.add_init_script(NO_STORAGE)
    page.goto(url)
    start(page)
    write(page, 2, "x = 3")
    assert page.get_by_text("This browser keeps no changes").is_visible()
    run(page, 2)
    assert standing(page, "one") == "ran in 0.2 s, with your change"
    assert page.errors == []


def test_the_notebook_is_saved_with_the_changes(running):
    write(running, 2, 'x = 4\nprint("four")')
    run(running, 2)
    run(running, 4)
    with running.expect_download() as started:
        button(running, "Save as notebook").click()
    assert started.value.suggested_filename == "small.ipynb"
    notebook = json.loads(started.value.path().read_text("utf8"))
    cells = {one["id"]: one for one in notebook["cells"]}
    assert list(cells) == ["title", *live_page.CELLS]
    assert cells["one"]["source"] == ["x = 4\n", 'print("four")']
    assert cells["one"]["outputs"][0]["text"] == "four\n"
    assert "image/png" in cells["figure"]["outputs"][0]["data"]
    assert cells["show"]["outputs"] == []
    source = live_page.CELLS["exercise"][0]
    assert "".join(cells["exercise"]["source"]) == source
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)


# --- exercises ---


def test_an_exercise_is_hinted_at_checked_and_remembered(running):
    run(running, 8)
    assert standing(running, "exercise") == SAME
    button(running, "Hint cell 8").click()
    cell(running, "exercise").get_by_text("Hint 1 of 2: add them.").wait_for()
    voice(running, "Hint 1 of 2: add them.")
    answer = live_page.EXERCISE.replace("...", "a + b")
    write(running, 8, answer)
    running.keyboard.press("Shift+Enter")
    voice(running, "cell 8 ran in 0.2 s: Correct: it adds.")
    assert here(running, "exercise") == "Correct: it adds."
    running.reload()
    start(running)
    assert json.loads(running.evaluate("engine.memory"))["passed"] == ["sum"]
    assert "passed before" in standing(running, "exercise")


def test_an_exercise_makes_nothing_stale(running):
    run(running, 8)
    write(running, 8, live_page.EXERCISE.replace("...", "a - b"))
    button(running, "Run all above cell 8").click()
    running.get_by_text("step 1").wait_for()  # the one that hangs
    ran = running.evaluate("engine.ran")
    assert not any("labs.decay" in source or "labs.predict" in source for source in ran)
    button(running, "Stop").click()
    settle(running)


# --- for everyone ---


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, NARROW])
def test_axe_finds_nothing_and_a_narrow_screen_is_wide_enough(open_page, url, theme, size):
    page = open_page(viewport=size)
    page.add_init_script(f"localStorage.theme = '{theme}'")
    page.goto(url)
    page.locator(".live-panel").wait_for()
    parts = ".live-panel"
    assert [fault["text"] for fault in axe.faults(page, within=parts)] == []
    start(page)
    write(page, 2, "def f(x):  # a comment\n    return 'text' + str(x) * 200 if x else None")
    button(page, "Run all above cell 6").click()
    settle(page)
    for number in (3, 7, 8):
        run(page, number)
    button(page, "Hint cell 8").click()
    page.locator("pre", has_text="Hint 1 of 2").wait_for()
    assert [fault["text"] for fault in axe.faults(page, within="article")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    if size == NARROW:
        heights = page.locator(".live-tools button:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24  # room for a finger
