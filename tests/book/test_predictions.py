"""Every "predict first" question: in the built book, and on a page of its own."""

import html
import re

import pytest

from byhand.labs.predictions import NumberQuestion
from tests.book import axe
from tests.book.alone import QUESTIONS
from tests.book.pages import holding
from tests.book.visits import visits

pytestmark = pytest.mark.browser

PLACES = ["alone/questions", *holding('class="prediction"')]


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


@visits(["alone/questions"], "http")
def test_every_answer_gets_its_own_feedback(used, subtests):
    for name, question in QUESTIONS.items():
        with subtests.test(question=name):
            form = form_of(used, name)
            for answer, expected in answers_to(question):
                give(used, form, answer)
                assert said(form) == expected
    assert used.errors == []
    assert used.foreign == []


@visits(PLACES)
def test_a_reload_remembers_and_try_again_forgets(visit, used):
    page = used
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
    visit.restored()


def test_another_answer_takes_the_feedback_away(page, alone_url):
    page.goto(alone_url("questions"))
    form = form_of(page, "03-duplicate-data")
    give(page, form, 1)
    assert said(form).startswith("Not so.")
    form.locator("input").first.focus()
    page.keyboard.press("Space")
    assert said(form) == ""


def test_no_answer_is_not_wrong(page, alone_url):
    page.goto(alone_url("questions"))
    for name in QUESTIONS:
        form = form_of(page, name)
        form.get_by_role("button", name="Check my prediction").focus()
        page.keyboard.press("Enter")
        assert said(form) == ""


def test_a_browser_that_refuses_storage_still_answers(open_page, alone_url):
    page = open_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )
    page.goto(alone_url("questions"))
    form = form_of(page, "04-parameters")
    give(page, form, 17)
    assert said(form).startswith("Right.")
    form.get_by_role("button", name="Try again").click()
    assert said(form) == ""
    assert page.errors == []


@pytest.mark.parametrize("odd", ["7", '"text"', "{", "null", "[]"])
def test_something_odd_in_storage_does_no_harm(page, alone_url, odd):
    page.goto(alone_url("questions"))
    stored = {f"prediction:{name}": odd for name in QUESTIONS}
    page.evaluate("stored => Object.assign(localStorage, stored)", stored)
    page.reload()
    for name in QUESTIONS:
        answer, expected = answers_to(QUESTIONS[name])[0]
        give(page, form_of(page, name), answer)
        assert said(form_of(page, name)) == expected
    assert page.errors == []


# --- without JavaScript ---


@visits(PLACES, "http-bare", "file-bare")
def test_without_javascript_each_answer_unfolds(used):
    page = used
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


@visits(PLACES)
def test_questions_are_readable_before_they_are_answered(visit):
    assert [fault["text"] for fault in visit.faults if "form.prediction" in fault["inside"]] == []


@visits(PLACES)
def test_answers_are_readable_in_both_themes_and_on_a_narrow_screen(visit, narrow):
    visit.used = True
    page = narrow
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
    assert [fault["text"] for fault in axe.faults(page, "form.prediction")] == []
    assert page.errors == []
    assert page.foreign == []
