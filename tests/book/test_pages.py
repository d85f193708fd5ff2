"""Every page of the built book, opened in headless Chromium."""

import gzip

import pytest

from tests.book.pages import HTML, ROOT, names
from tests.require import require

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Bytes of a page and all it loads on a first visit, compressed.
HEAVIEST = 2_000_000

every_page = pytest.mark.parametrize("name", names())
both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


@pytest.fixture(params=["http", "file"])
def address(request):
    """Return the address of a page, over http and from a file."""
    url = request.getfixturevalue("book_url")
    return lambda name: f"{url}/{name}.html" if request.param == "http" else file_address(name)


def file_address(name):
    return (HTML / f"{name}.html").as_uri()


def choose_theme(page, theme):
    """Open pages in this theme, as if the reader had chosen it before."""
    page.add_init_script(f"localStorage.mode = localStorage.theme = '{theme}'")


@every_page
def test_a_page_loads_without_error_and_asks_no_other_host(page, address, name):
    page.goto(address(name), wait_until="networkidle")
    assert page.locator("article h1").first.is_visible()
    assert page.errors == []
    assert page.foreign == []


@every_page
def test_math_is_visible_without_javascript(open_page, address, name):
    page = open_page(java_script_enabled=False)
    fonts = []
    page.on("requestfinished", lambda request: fonts.append(request.url))
    page.goto(address(name), wait_until="load")
    shown = "all => all.filter(m => m.checkVisibility()).map(m => m.getBoundingClientRect().height)"
    heights = page.locator("main .katex-html").evaluate_all(shown)
    assert page.locator(".katex-error").count() == 0
    if not heights:
        assert not name.startswith("chapters/")
        return
    assert min(heights) > 5
    assert any("KaTeX_Main-Regular.woff2" in url for url in fonts)
    family = "m => getComputedStyle(m).fontFamily"
    assert "KaTeX_Main" in page.locator("main .katex").first.evaluate(family)


@every_page
@both_themes
def test_axe_finds_no_serious_fault(page, book_url, name, theme):
    require("axe-core", AXE.exists(), "npm ci")
    choose_theme(page, theme)
    page.goto(f"{book_url}/{name}.html", wait_until="networkidle")
    assert page.locator("html").get_attribute("data-theme") == theme
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    faults = [
        f"{fault['id']}: {node['html'][:150]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    assert faults == [], "\n".join(faults)


@every_page
def test_a_narrow_screen_needs_no_sideways_scrolling(open_page, book_url, name):
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(f"{book_url}/{name}.html", wait_until="networkidle")
    page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


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


def in_view(locator):
    box = locator.bounding_box()
    return 0 <= box["y"] < 900


def test_a_wide_equation_scrolls_from_the_keyboard(open_page, book_url):
    page = open_page(viewport={"width": 360, "height": 740})
    page.goto(f"{book_url}/chapters/04_shallow_network.html", wait_until="networkidle")
    wide = page.locator(".katex-display[tabindex='0']:visible").first
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())


def test_no_page_is_heavy(open_page, book_url, capsys):
    lines = []
    for name in names():
        page, loaded = open_page(), set()
        page.on("requestfinished", lambda request, loaded=loaded: loaded.add(request.url))
        page.goto(f"{book_url}/{name}.html", wait_until="networkidle")
        paths = {url.removeprefix(book_url).strip("/").partition("?")[0] for url in loaded}
        sizes = {path: len(gzip.compress((HTML / path).read_bytes())) for path in paths}
        plain, total = (HTML / f"{name}.html").stat().st_size, sum(sizes.values())
        weights = (plain, sizes[f"{name}.html"], total)
        lines.append(f"{name:36}" + "".join(f"{weight / 1e3:9.0f}" for weight in weights))
        assert total < HEAVIEST, lines[-1]
    with capsys.disabled():
        print(f"\n\n{'weight in kB':36}     page   zipped  with all it loads")
        print("\n".join(lines))
