"""Every page of the built book, opened in headless Chromium."""

import gzip
from functools import cache

import pytest

from tests.book import axe
from tests.book.chromium import NARROW
from tests.book.pages import HTML, different, file_of, names, others
from tests.book.visits import visits

pytestmark = pytest.mark.browser

# Bytes of a page and all it loads on a first visit, compressed.
HEAVIEST = 1_500_000

OTHERS = [("http", name) for name in others()]

# --- every page ---


@visits(different(), also=OTHERS)
def test_a_page_loads_in_the_theme_that_was_chosen(visit, seen):
    assert seen.locator("article h1").first.is_visible()
    assert seen.locator("html").get_attribute("data-theme") == visit.theme


@cache
def zipped(path):
    return len(gzip.compress((HTML / path).read_bytes()))


@visits(names(), "http")
def test_no_page_is_heavy(visit, seen, book_url, record_property):
    name = visit.address.removeprefix(f"{book_url}/").removesuffix(".html")
    paths = {url.removeprefix(book_url).strip("/").partition("?")[0] for url in seen.got}
    sizes = {path: zipped(path) for path in paths}
    weights = [file_of(name).stat().st_size, sizes[f"{name}.html"], sum(sizes.values())]
    record_property("weights", [name, *weights])  # the run's end shows a table of them
    assert weights[-1] < HEAVIEST


@visits(different(), also=OTHERS)
def test_axe_finds_no_fault(visit):
    assert [fault["text"] for fault in visit.faults] == []


@visits(names(), "http")
def test_a_narrow_screen_needs_no_sideways_scrolling(narrow):
    opened = narrow.evaluate_handle("""() => {
      const closed = [...document.querySelectorAll('details:not([open])')];
      closed.forEach(details => { details.open = true; });
      return closed;
    }""")
    width = narrow.evaluate("document.documentElement.scrollWidth")
    opened.evaluate("all => all.forEach(details => { details.open = false; })")
    assert width <= 360


@visits(names(), "http")
def test_captions_and_their_pictures_fit_a_narrow_screen(narrow):
    parts = narrow.locator(".cell_output figure:not(.lab) :is(img, figcaption)")
    fits = "all => all.map(part => part.getBoundingClientRect().right <= innerWidth"
    fits += " && part.scrollWidth <= part.clientWidth)"
    assert all(parts.evaluate_all(fits))


@visits(different(), "file-bare", also=[("http-bare", "chapters/03_logistic_regression")])
def test_math_is_visible_without_javascript(visit, seen):
    shown = "all => all.filter(m => m.checkVisibility()).map(m => m.getBoundingClientRect().height)"
    heights = seen.locator("main .katex-html").evaluate_all(shown)
    assert seen.locator(".katex-error").count() == 0
    if not heights:
        assert "/chapters/" not in visit.address
        return
    assert min(heights) > 5
    assert any("KaTeX_Main-Regular.woff2" in url for url in seen.got)
    family = "m => getComputedStyle(m).fontFamily"
    assert "KaTeX_Main" in seen.locator("main .katex").first.evaluate(family)


@visits(different(), also=OTHERS)
def test_a_page_logs_no_error_and_asks_no_other_host(visit):
    visit.page.wait_for_function("performance.now() > 2000")  # since it was opened: late ones too
    assert visit.page.errors == []
    assert visit.page.foreign == []


# --- what a reader does ---


@pytest.fixture(params=["http", "file"])
def address(request):
    """Return the address of a page, over http and from a file."""
    url = request.getfixturevalue("book_url")
    return lambda name: f"{url}/{name}.html" if request.param == "http" else file_of(name).as_uri()


def test_the_reader_switches_the_theme(page, address):
    page.goto(address("chapters/03_logistic_regression"))
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    assert page.locator("html").get_attribute("data-theme") == "light"
    switch = page.locator("button.theme-switch-button:visible").first
    for _ in range(3):  # light, dark, and as the system has it
        if page.locator("html").get_attribute("data-theme") == "dark":
            break
        switch.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    dark = page.evaluate(background)
    assert sum(channels(light)) > 600
    assert sum(channels(dark)) < 150
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def channels(color):
    return [int(number) for number in color[color.index("(") + 1 : -1].split(",")[:3]]


def test_search_finds_a_word(page, address):
    page.goto(address("book/intro"))
    page.locator("button.search-button__button:visible, .search-button-field:visible").first.click()
    field = page.locator("dialog input[type=search], .search-button__search-container input")
    field.first.fill("sigmoid")
    field.first.press("Enter")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    titles = " ".join(found.all_inner_texts())
    assert "Logistic regression" in titles
    assert page.errors == []
    assert page.foreign == []


def test_from_an_equation_to_its_row_and_back(page, address):
    page.goto(address("chapters/03_logistic_regression"))
    link = page.locator(".ledger-link a", has_text="checked").first
    label = link.get_attribute("href").partition("#row-")[2]
    link.click()
    row = page.locator(f"#row-{label}")
    row.wait_for()
    assert in_view(row)
    row.locator("details").first.locator("summary").click()
    assert row.locator("details pre").first.is_visible()
    row.locator(".ledger-head a").first.click()
    equation = page.locator(f"#equation-{label}")
    equation.wait_for()
    assert in_view(equation)


def test_an_old_address_of_a_row_leads_on_to_it(page, address):
    page.goto(f"{address('book/ledger')}#row-eq-sigmoid")
    line = page.locator("#row-eq-sigmoid")
    assert in_view(line)
    line.get_by_role("link", name="eq-sigmoid").click()
    page.wait_for_url("**/book/ledger/03_logistic_regression.html#row-eq-sigmoid")
    assert in_view(page.locator(".ledger-row#row-eq-sigmoid .ledger-head"))


def test_the_ledger_can_be_filtered(page, address):
    page.goto(address("book/ledger"))
    lines = page.locator("ul.ledger-index > li")
    everything = lines.count()
    field = page.get_by_role("searchbox", name="Filter")
    field.fill("PyTorch pooling")
    shown = page.locator("ul.ledger-index > li:visible")
    assert 0 < shown.count() < everything / 10
    assert page.locator(".ledger-filter output").inner_text() == f"{shown.count()} equations"
    assert page.locator("section[id^=ledger-]:visible").count() == 1
    page.evaluate("location.hash = 'row-eq-sigmoid'")  # a hidden line is asked for
    page.locator("#row-eq-sigmoid").wait_for()
    assert field.input_value() == ""
    assert shown.count() == everything


def test_without_script_the_ledger_is_all_there(open_page, address):
    page = open_page(java_script_enabled=False)
    page.goto(address("book/ledger"))
    assert page.locator(".ledger-filter").count() == 0
    lines = page.locator("ul.ledger-index > li")
    assert lines.count() > 400
    assert lines.count() == page.locator("ul.ledger-index > li:visible").count()


def in_view(locator):
    box = locator.bounding_box()
    return 0 <= box["y"] < 900


@visits(["chapters/15_convolution"], "http-bare", "file-bare")
def test_a_fold_opens_by_the_keyboard_and_without_javascript(used):
    fold = used.locator("details.fold", has_text="Show the code that draws").first
    code = fold.locator("pre")
    assert not code.is_visible()
    assert fold.locator("xpath=..").locator(".cell_output img").is_visible()
    fold.locator("summary").focus()
    used.keyboard.press("Enter")
    assert code.is_visible()
    used.keyboard.press("Space")
    assert not code.is_visible()


@visits(["chapters/15_convolution"])
def test_axe_finds_nothing_in_open_folds_and_figures(used):
    opened = used.locator("details.fold").evaluate_all("all => all.map(fold => fold.open = true)")
    assert len(opened) > 2
    for part in ("details.fold", ".cell_output figure:not(.lab)"):
        assert [fault["text"] for fault in axe.faults(used, within=part)] == []


def test_from_a_citation_to_its_figure(page, address):
    page.goto(address("chapters/15_convolution"))
    page.locator("a[href='#fig-conv-worked']").first.click()
    figure = page.locator("figure#fig-conv-worked")
    assert in_view(figure.locator("figcaption"))
    assert figure.locator("figcaption").inner_text().startswith("Fig. 15.2")
    assert figure.locator("img").get_attribute("alt").startswith("Three grids of numbers")


def test_a_wide_equation_scrolls_from_the_keyboard(open_page, book_url):
    page = open_page(viewport=NARROW)
    page.goto(f"{book_url}/chapters/04_shallow_network.html")
    wide = page.locator(".katex-display[tabindex='0']:visible").first
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())
