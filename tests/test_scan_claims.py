"""The scan finds sentences that say more than was seen, and takes what answers them."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_tools"))
import scan_claims


@pytest.mark.parametrize(
    "sentence",
    [
        "Ten units are the best on average, and fifty are no better than four.",
        "The modern form wins, and every one of its runs beats every run of the other.",
        "Different starts make the same errors: these images are hard.",
        "More training does not help.",
        "Training on shifted images helps more.",
        "On the training set λ = 0 always wins.",
        "The learning rate comes first, always.",
        "It gets as many test images right as the undisturbed one.",
        "At its own best rate every optimizer reaches the same cost on the moons.",
        "Adam needs less tuning.",
        "Whatever the rate, the network guesses.",
        'The notes say "ReLU networks converge several times faster."',
    ],
)
def test_a_sentence_that_says_more_than_was_seen_is_found(sentence):
    assert scan_claims.sweeping(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "In these runs Adam wins.",
        "Adam wins here.",
        "Of our five seeds three end with a better accuracy.",
        "The best cost is the smallest, as proved above.",
        "The largest error is smaller than the tolerance.",
        "Every row of the matrix is the same.",
        "Does Adam always win?",
        "Adam always wins",  # a heading
        "Train the best network again.",
        "The set on which the best network is chosen is called the validation set.",
        "All networks are trained from the same start at the same rate.",
        "The gradient of the cost is the mean of the examples' gradients.",
    ],
)
def test_what_is_shown_proved_asked_or_set_up_is_not(sentence):
    assert not scan_claims.sweeping(sentence)


def found(tmp_path, source, code=False, **metadata):
    """Return the keys and messages that the scan finds in a chapter of one cell."""
    make = v4.new_code_cell if code else v4.new_markdown_cell
    cell = make(source, id="a-cell", metadata=metadata)
    path = tmp_path / "05_topic.ipynb"
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    return [(finding.key, finding.message) for finding in scan_claims.findings(path)]


WINS = "Adam always wins on the moons, whatever the seed"


def test_a_finding_says_where_what_and_what_to_do(tmp_path):
    ((key, message),) = found(tmp_path, f"Look at the picture. {WINS}.")
    assert key == f"{WINS}."
    assert message.startswith(f"05_topic [a-cell]: '{WINS}.': link it to a claim, prove it, or say")


@pytest.mark.parametrize(
    "source",
    [
        f"[{WINS}](../book/claims.md#claim-adam-wins).",
        f"By {{eq}}`eq-x` it holds: {WINS}.",
        f"{WINS} {{cite}}`kingma2015`.",
        f"```{{exercise}} A task\n:label: ex-x\n\n{WINS}.\n```",
        f"# {WINS}",
        f"![{WINS}.](picture.png)",
    ],
)
def test_what_answers_a_sentence(tmp_path, source):
    assert found(tmp_path, source) == []


def test_an_answer_is_good_for_its_own_sentence_only(tmp_path):
    source = f"[Adam always wins](../book/claims.md#claim-x). {WINS}. See {{eq}}`eq-x`."
    assert [key for key, _ in found(tmp_path, source)] == [f"{WINS}."]


def test_a_link_to_another_page_is_no_answer(tmp_path):
    assert len(found(tmp_path, f"[{WINS}](../book/claims.md).")) == 1


def test_captions_are_read_and_alternative_texts_are_not(tmp_path):
    source = f'plotting.show("fig-x", "{WINS}.", alt="{WINS}, as it seems.")'
    assert [key for key, _ in found(tmp_path, source, code=True)] == [f"{WINS}."]


def test_a_reason_in_the_metadata_answers(tmp_path):
    assert found(tmp_path, f"{WINS}.", claims={"always wins": "quoted"}) == []


@pytest.mark.parametrize(
    ("reasons", "message"),
    [
        ({"always wins": "sure"}, "the reason is 'sure', expected one of defined, derived, given,"),
        ({"always wins": "quoted", "loses": "quoted"}, "'loses': no sentence here needs"),
    ],
)
def test_a_reason_that_answers_nothing_is_found(tmp_path, reasons, message):
    ((_, found_message),) = found(tmp_path, f"{WINS}.", claims=reasons)
    assert message in found_message
