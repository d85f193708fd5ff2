"""Every "predict first" question: in the built book, and on a page of its own."""

import html
import re

import pytest

from byhand.labs.predictions import NumberQuestion
from tests.book import axe
from tests.book.alone import QUESTIONS
from tests.book.chromium import NO_STORAGE
from tests.book.pages import holding
from tests.book.visits import visits

pytestmark = pytest.mark.browser

PLACES = ["alone/questions", *holding('class="prediction"')]


def names_on(page):
    return page.eval_on_selector_all(
        "form.prediction", "forms => forms.map(f => f.dataset.predict)"
    )


def form_of(page, name):
    """Return a question's form: a locator would look through the whole page for each question."""
    return page.query_selector(f"form#predict-{name}")


def said(form):
    return " ".join(form.query_selector("output").inner_text().split())


def try_again(form):
    """Return the button that takes an answer back."""
    return form.query_selector("button:has-text('Try again')")


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
    first = form.query_selector("input")
    first.focus()
    if first.get_attribute("type") == "text":
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


@visits(PLACES, "http", also=[("file", "alone/questions")])
def test_a_reload_remembers_what_try_again_has_not_forgotten(visit, used):
    """Every second question is forgotten before the reload: over http the others than from a file.

    Chromium, when it is busy, sometimes gives a page from a file a storage that it does not keep.
    So where nothing at all was kept, the page is opened anew and everything done once more.
    """
    for _ in range(4):
        page = visit.to_use()
        kept = {name: "" for name in names_on(page)}
        assert kept
        for i, name in enumerate(kept):
            form, answers = form_of(page, name), answers_to(QUESTIONS[name])
            for answer, expected in answers[1::-1] if i == 0 else answers[:1]:  # a change of mind
                give(page, form, answer)
                assert said(form) == expected
            if i % 2 == (visit.way.origin == "file"):
                forget(page, form)
            else:
                kept[name] = answers[0][1]
        page.reload()
        if page.evaluate("Object.keys(localStorage).some(key => key.startsWith('prediction:'))"):
            break
    assert {name: said(form_of(page, name)) for name in kept} == kept
    for name in filter(kept.get, kept):
        forget(page, form_of(page, name))
    assert page.errors == []
    assert page.foreign == []
    visit.restored()


def forget(page, form):
    """Press "Try again"."""
    try_again(form).focus()
    page.keyboard.press("Enter")
    assert said(form) == ""
    assert form.query_selector("input").evaluate("input => input === document.activeElement")
    assert not form.query_selector("input:checked")


@pytest.mark.parametrize("typed", ["0,69", "0.69", " ,69", "6,9e-1"])
def test_a_decimal_comma_is_a_point(page, alone_url, typed):
    page.goto(alone_url("questions"))
    form = form_of(page, "03-first-cost")
    enter(page, form, typed)
    assert said(form).startswith("Right.")


def enter(page, form, text):
    """Type an answer and press Enter."""
    form.query_selector("input").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_what_is_no_number_is_told_so_and_not_remembered(page, alone_url):
    page.goto(alone_url("questions"))
    form = form_of(page, "03-first-cost")
    enter(page, form, "log 2")
    assert said(form) == ""
    assert (
        form.query_selector("input")
        .evaluate("input => input.validationMessage")
        .startswith("Enter a number")
    )
    assert page.evaluate("localStorage.length") == 0
    enter(page, form, "0.69")
    assert said(form).startswith("Right.")


def test_another_answer_takes_the_feedback_away(page, alone_url):
    page.goto(alone_url("questions"))
    form = form_of(page, "03-duplicate-data")
    give(page, form, 1)
    assert said(form).startswith("Not so.")
    form.query_selector("input").focus()
    page.keyboard.press("Space")
    assert said(form) == ""


def test_no_answer_is_not_wrong(page, alone_url):
    page.goto(alone_url("questions"))
    for name in QUESTIONS:
        form = form_of(page, name)
        form.query_selector("button:has-text('Check my prediction')").focus()
        page.keyboard.press("Enter")
        assert said(form) == ""


def test_a_browser_that_refuses_storage_still_answers(open_page, alone_url):
    page = open_page()
    page.add_init_script(NO_STORAGE)
    page.goto(alone_url("questions"))
    form = form_of(page, "04-parameters")
    give(page, form, 17)
    assert said(form).startswith("Right.")
    try_again(form).click()
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


@visits(PLACES, "file-bare", also=[("http-bare", "alone/questions")])
def test_without_javascript_each_answer_unfolds(used):
    page = used
    forms = page.query_selector_all("form.prediction")
    assert len(forms) >= 2
    for form in forms:
        question = QUESTIONS[form.get_attribute("data-predict")]
        assert not form.query_selector("input, button"), "controls that do nothing"
        legend = form.query_selector("legend").inner_text()
        assert " ".join(legend.split()) == plain(question.question)
        answers = form.query_selector_all("details")
        expected = answers_to(question)
        if isinstance(question, NumberQuestion):
            unit = question.unit if question.unit in ("", "%") else f" {question.unit}"
            number = f"{question.answer:,.10g}".replace("-", "−")
            expected = [(0, f"{number}{unit}. {plain(question.right)}")]
        for answer, (_, feedback) in zip(answers, expected, strict=True):
            content = answer.query_selector("p")
            assert not content.is_visible()
            answer.query_selector("summary").focus()
            page.keyboard.press("Enter")
            assert " ".join(content.inner_text().split()) == feedback


# --- how it looks ---


@visits(PLACES)
def test_questions_are_readable_before_they_are_answered(visit):
    assert [fault["text"] for fault in visit.faults if "form.prediction" in fault["inside"]] == []


@visits(["alone/questions"])
def test_answers_are_readable_in_both_themes(used):
    for name, question in QUESTIONS.items():
        give(used, form_of(used, name), answers_to(question)[1][0])
    assert [fault["text"] for fault in axe.faults(used, "form.prediction")] == []


@visits(PLACES, "http", also=[("file", "alone/questions")])
def test_answers_fit_on_a_narrow_screen(visit, narrow):
    visit.used = True
    page = narrow
    for name in names_on(page):
        form = form_of(page, name)
        give(page, form, answers_to(QUESTIONS[name])[1][0])
        assert form.query_selector("output").is_visible()
        box = form.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
        heights = "all => all.map(target => target.getBoundingClientRect().height)"
        assert min(form.eval_on_selector_all("label, button", heights)) >= 24
    assert page.errors == []
    assert page.foreign == []
