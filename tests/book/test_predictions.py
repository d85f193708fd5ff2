"""Every "predict first" question: in the built book, and on a page of its own."""

import html
import re
from pathlib import Path

import pytest
import sphinx_book_theme

from byhand.labs.predictions import NumberQuestion, questions
from tests.book.conftest import HTML, over_http, serve
from tests.byhand.labs.bundle import ROOT, build
from tests.require import require

pytestmark = pytest.mark.browser

QUESTIONS = questions()
THEME = Path(sphinx_book_theme.__file__).parent / "theme" / "sphinx_book_theme" / "static"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Predictions</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="labs.css">
<script defer src="labs.js"></script></head>
<body><main><h1>Predictions</h1>{body}</main></body></html>"""


# --- pages ---


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return a folder with one page that asks every question, in the book's theme."""
    folder = tmp_path_factory.mktemp("predictions")
    build(folder)
    (theme,) = THEME.rglob("sphinx-book-theme.css")
    pydata = next(Path(sphinx_book_theme.__file__).parents[1].rglob("pydata-sphinx-theme.css"))
    (folder / "theme.css").write_text(pydata.read_text() + theme.read_text(), encoding="utf-8")
    body = "\n".join(question.html() for question in QUESTIONS.values())
    (folder / "index.html").write_text(PAGE.format(body=body), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def site_url(site):
    yield from serve(site)


def pages_with_questions():
    """Return the built pages that ask, relative to the book."""
    return [
        path.relative_to(HTML).as_posix()
        for path in sorted(HTML.glob("c*/*.html"))
        if 'class="prediction"' in path.read_text(encoding="utf-8")
    ]


PLACES = ["alone-http", "alone-file"]
PLACES += [
    f"{kind}:{path}" for path in pages_with_questions() for kind in ("book-http", "book-file")
]


@pytest.fixture(params=PLACES)
def address(request):
    """Return the address of a page with questions, over http or from a file."""
    kind, _, path = request.param.partition(":")
    match kind:
        case "alone-http":
            return f"{request.getfixturevalue('site_url')}/index.html"
        case "alone-file":
            return (request.getfixturevalue("site") / "index.html").as_uri()
        case "book-http":
            return f"{request.getfixturevalue('book_url')}/{path}"
        case _:
            return (HTML / path).as_uri()


def names_on(page):
    return page.eval_on_selector_all(
        "form.prediction", "forms => forms.map(f => f.dataset.predict)"
    )


def form_of(page, name):
    return page.locator(f"form#predict-{name}")


def said(form):
    return " ".join(form.locator("output").inner_text().split())


def plain(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


# --- answers, by keyboard ---


def answers_to(question):
    """Return (answer, what the page must say) for every feedback there is."""
    if not isinstance(question, NumberQuestion):
        return [
            (i, f"{'Right.' if choice.right else 'Not so.'} {plain(choice.feedback)}")
            for i, choice in enumerate(question.choices)
        ]
    values = [question.answer, *(known.value for known in question.known)]
    beyond = question.tolerance + 1
    return [
        (question.answer, f"Right. {plain(question.right)}"),
        *((known.value, f"Not so. {plain(known.feedback)}") for known in question.known),
        (min(values) - beyond, f"Not so. {plain(question.low)}"),
        (max(values) + beyond, f"Not so. {plain(question.high)}"),
    ]


def give(page, form, answer):
    """Answer with the keyboard alone."""
    first = form.locator("input").first
    first.focus()
    if first.get_attribute("type") == "number":
        page.keyboard.press("Control+A")
        page.keyboard.type(f"{answer:.15g}")
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Space")
        for _ in range(answer):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_gets_its_own_feedback(page, site_url, name):
    page.goto(site_url)
    form = form_of(page, name)
    for answer, expected in answers_to(QUESTIONS[name]):
        give(page, form, answer)
        assert said(form) == expected
    assert page.errors == []
    assert page.foreign == []


def test_a_reload_remembers_and_try_again_forgets(page, address):
    page.goto(address)
    names = names_on(page)
    assert names
    for name in names:
        first, second = answers_to(QUESTIONS[name])[:2]
        for answer, expected in (second, first):
            give(page, form_of(page, name), answer)
            assert said(form_of(page, name)) == expected
    page.wait_for_timeout(300)  # Chromium hands what is stored on to its next process when it can
    page.reload()
    for name in names:
        form = form_of(page, name)
        assert said(form) == answers_to(QUESTIONS[name])[0][1]
        form.get_by_role("button", name="Try again").focus()
        page.keyboard.press("Enter")
        assert said(form) == ""
        assert form.locator("input").first.evaluate("input => input === document.activeElement")
        assert form.locator("input:checked").count() == 0
    page.wait_for_timeout(300)
    page.reload()
    assert [said(form_of(page, name)) for name in names] == [""] * len(names)
    assert page.errors == []
    assert page.foreign == []


def test_another_answer_takes_the_feedback_away(page, site_url):
    page.goto(site_url)
    form = form_of(page, "03-duplicate-data")
    give(page, form, 1)
    assert said(form).startswith("Not so.")
    form.locator("input").first.focus()
    page.keyboard.press("Space")
    assert said(form) == ""


def test_no_answer_is_not_wrong(page, site_url):
    page.goto(site_url)
    for name in QUESTIONS:
        form = form_of(page, name)
        form.get_by_role("button", name="Check my prediction").focus()
        page.keyboard.press("Enter")
        assert said(form) == ""


def test_a_browser_that_refuses_storage_still_answers(page, site_url):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )
    page.goto(site_url)
    form = form_of(page, "04-parameters")
    give(page, form, 17)
    assert said(form).startswith("Right.")
    form.get_by_role("button", name="Try again").click()
    assert said(form) == ""
    assert page.errors == []


@pytest.mark.parametrize("odd", ["7", '"text"', "{", "null", "[]"])
def test_something_odd_in_storage_does_no_harm(page, site_url, odd):
    page.goto(site_url)
    for name in QUESTIONS:
        page.evaluate("([k, v]) => localStorage.setItem(k, v)", [f"prediction:{name}", odd])
    page.reload()
    for name in QUESTIONS:
        answer, expected = answers_to(QUESTIONS[name])[0]
        give(page, form_of(page, name), answer)
        assert said(form_of(page, name)) == expected
    assert page.errors == []


# --- without JavaScript ---


def test_without_javascript_each_answer_unfolds(open_page, address):
    page = open_page(java_script_enabled=False)
    page.goto(address)
    forms = page.locator("form.prediction")
    assert forms.count() >= 2
    for i in range(forms.count()):
        form = forms.nth(i)
        question = QUESTIONS[form.get_attribute("data-predict")]
        assert form.locator("input, button").count() == 0, "controls that do nothing"
        assert " ".join(form.locator("legend").inner_text().split()) == plain(question.question)
        answers = form.locator("details")
        expected = answers_to(question)
        if isinstance(question, NumberQuestion):
            expected = [(0, f"{question.answer:g}{question.unit}. {plain(question.right)}")]
        assert answers.count() == len(expected)
        for j, (_, feedback) in enumerate(expected):
            content = answers.nth(j).locator("p")
            assert not content.is_visible()
            answers.nth(j).locator("summary").focus()
            page.keyboard.press("Enter")
            assert " ".join(content.inner_text().split()) == feedback


# --- how it looks ---


@over_http(PLACES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_readable_in_both_themes_and_on_a_narrow_screen(open_page, address, theme):
    require("axe-core", AXE.exists(), "npm ci")
    page = open_page(viewport={"width": 360, "height": 780})
    page.goto(address)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    for name in names_on(page):
        form = form_of(page, name)
        give(page, form, answers_to(QUESTIONS[name])[1][0])
        assert form.locator("output").is_visible()
        box = form.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
        for target in form.locator("label, button").all():
            assert target.bounding_box()["height"] >= 24
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run('form.prediction', {preload: false})")["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
    assert page.errors == []
    assert page.foreign == []
