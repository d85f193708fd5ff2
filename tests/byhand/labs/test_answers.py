"""What a reader enters in a question is read as meant, and gets the feedback that is about it."""

import json
from pathlib import Path

import pytest

from byhand.labs.predictions import NumberQuestion, predict, questions
from tests.byhand.labs.bundle import BROWSER, run_node, with_mistake

NUMBERS = [q for q in questions().values() if isinstance(q, NumberQuestion)]


def read(asked, browser=BROWSER):
    """Return (number, verdict) for each pair of a question and a text."""
    cases = [{"spec": question.spec(), "text": text} for question, text in asked]
    script = Path(__file__).parent / "answers.mjs"
    return run_node(script, browser / "answers.js", text=json.dumps(cases))


TEXTS = [
    ("03-first-cost", "0,69", 0.69),
    ("03-first-cost", "0.693", 0.693),
    ("03-first-cost", "0,693", 0.693),
    ("03-first-cost", "−0.693", -0.693),
    ("03-first-cost", " .7 ", 0.7),
    ("01-no-idea", "2,302", 2.302),
    ("01-no-idea", "2.302,5", None),
    ("08-depth", "1023", 1023),
    ("08-depth", "1,023", 1023),
    ("08-depth", "1 024", 1024),
    ("13-twice-as-sure", "1,048,576", 1048576),
    ("06-dead-units", "96 %", 96),
    ("06-dead-units", "104%", 104),
    ("05-jacobian-bytes", "68,7 GB", 68.7),
    ("03-first-cost", "log 2", None),
    ("03-first-cost", "", None),
    ("03-first-cost", "1e-1", 0.1),
    ("03-first-cost", "Infinity", None),
]


def test_numbers_are_read_as_they_are_meant():
    found = read([(predict(name), text) for name, text, _ in TEXTS])
    assert [number for number, _ in found] == [number for *_, number in TEXTS]


def test_kinks_are_no_pieces_and_no_more_than_all_die():
    (_, pieces), (_, kinks), (_, more) = read(
        [(predict("08-depth"), "1024"), (predict("08-depth"), "1023"),
         (predict("06-dead-units"), "104%")]
    )  # fmt: skip
    assert not pieces["right"]
    assert "pieces" in pieces["feedback"]
    assert kinks["right"]
    assert not more["right"]


@pytest.mark.parametrize("question", NUMBERS, ids=lambda q: q.name)
def test_every_number_gets_the_feedback_that_is_about_it(question):
    edge = 1.01 * question.tolerance + 1e-6
    asked = {
        question.answer: question.right,
        question.answer + question.tolerance: question.right,
        question.answer - question.tolerance: question.right,
        **{known.value: known.feedback for known in question.known},
    }
    values = [known.value for known in question.known]
    for value, feedback in (
        (question.answer - edge, question.low), (question.answer + edge, question.high),
    ):  # fmt: skip
        if all(abs(value - known) > question.tolerance for known in values):
            asked[value] = feedback
    found = read([(question, repr(value)) for value in asked])
    assert [verdict["feedback"] for _, verdict in found] == list(asked.values())


def test_a_comma_that_is_dropped_would_be_seen(tmp_path):
    mistaken = with_mistake(tmp_path, "answers.js", 'plain.replace(",", ".")', "plain")
    found = read([(predict(name), text) for name, text, _ in TEXTS], mistaken)
    assert [number for number, _ in found] != [number for *_, number in TEXTS]
