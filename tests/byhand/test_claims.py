"""What a claim needs, what it prints, and what it leaves in a notebook's output."""

import json
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from byhand import ClaimError, claim, results
from byhand.claims import Claim
from dlcore import metrics
from dlcore.metrics import paired, proportion

NOISE = np.tile([-1.0, 1.0], 10)
LARGER = paired(3 + NOISE, np.zeros(20))
UNCLEAR = paired(NOISE, np.zeros(20))
SENTENCE = "The first is larger"


@pytest.mark.parametrize(
    ("evidence", "options", "line"),
    [
        (LARGER, {}, ": 3.00 [2.52, 3.48] over 20 pairs, 20 wins, 0 losses, p < 0.0001"),
        (proportion(18, 20), {}, ": 18 of 20, 90% [70%, 97%], p = 0.0004"),
        (np.ones(20, bool), {}, ", in every draw: 20 of 20, 100.0% [83.9%, 100.0%], p < 0.0001"),
        (
            UNCLEAR,
            {"undecided": True},
            ", undecided: 0.00 [-0.48, 0.48] over 20 pairs, 10 wins, 10 losses, p = 1",
        ),
        (
            proportion(11, 20),
            {"undecided": True},
            ", undecided: 11 of 20, 55% [34%, 74%], p = 0.82",
        ),
        (
            UNCLEAR,
            {"within": 0.5},
            ", within ±0.5: 0.00 [-0.48, 0.48] over 20 pairs, 10 wins, 10 losses, p = 1",
        ),
    ],
)
def test_a_claim_that_holds_is_printed_with_its_numbers(evidence, options, line, capsys):
    claim("an-id", evidence, SENTENCE, **options)
    assert capsys.readouterr().out == f"{SENTENCE}{line}\n"


@pytest.mark.parametrize(
    ("evidence", "options", "message"),
    [
        (paired(3 + NOISE[:19], np.zeros(19)), {}, "only 19 draws, expected at least 20; draw"),
        (proportion(19, 19), {}, "only 19 draws"),
        (np.ones(19, bool), {}, "only 19 draws"),
        (paired(NOISE[:4], np.zeros(4)), {"undecided": True}, "only 4 draws"),
        (UNCLEAR, {}, r"0\.00 \[-0\.48, 0\.48\] .*includes 0.*say less.*undecided=True"),
        (paired(NOISE, NOISE), {}, "includes 0"),
        (paired(np.zeros(20), 3 + NOISE), {}, r"-3\.00 .*other way round.*swap the sides"),
        (proportion(13, 20), {}, "13 of 20.*includes one half"),
        (proportion(2, 20), {}, "other way round"),
        (np.arange(20) < 19, {}, r"19 of 20.*not in every draw.*metrics\.proportion\(19, 20\)"),
        (LARGER, {"undecided": True}, "excludes 0: it is decided"),
        (proportion(18, 20), {"undecided": True}, "excludes one half"),
        (UNCLEAR, {"within": 0.2}, "not inside ±0.2; draw more, allow more"),
        (LARGER, {"within": 3}, "not inside ±3"),
    ],
)
def test_what_the_draws_do_not_bear_out_is_refused(evidence, options, message):
    with pytest.raises(ClaimError, match=f"^claim: an-id.*: .*{message}"):
        claim("an-id", evidence, SENTENCE, **options)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "An id"}, "id is 'An id', expected lowercase words"),
        ({"sentence": ""}, "an-id: sentence is '', expected a sentence"),
        ({"undecided": True, "within": 1}, "undecided and within exclude each other"),
        ({"within": 0}, "within is 0, expected a positive"),
        ({"evidence": proportion(18, 20), "within": 1}, "within is 1, .* and pairs"),
        ({"evidence": np.ones(20, bool), "undecided": True}, "undecided needs pairs"),
        ({"recipe": "a/b"}, "leave out the folder"),
    ],
)
def test_options_that_say_nothing_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        claim(**{"id": "an-id", "evidence": LARGER, "sentence": SENTENCE} | change)


@pytest.mark.parametrize("evidence", [True, np.True_, NOISE, [], None, np.ones((20, 2), bool)])
def test_what_is_no_evidence_is_refused(evidence):
    with pytest.raises(TypeError, match=r"^claim: an-id: evidence has shape .*, one per draw"):
        claim("an-id", evidence, SENTENCE)


def test_a_recipe_is_a_stored_result():
    with pytest.raises(FileNotFoundError, match="there is no result 'initialisation'"):
        claim("an-id", LARGER, SENTENCE, recipe="initialisation")


@pytest.fixture
def shell():
    """Return IPython's shell, as in a notebook's kernel."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("evidence", "options"),
    [(LARGER, {}), (proportion(18, 20), {}), (UNCLEAR, {"within": 0.5})],
)
def test_a_notebook_keeps_the_line_and_the_record(shell, evidence, options):
    with capture_output() as captured:
        claim("an-id", evidence, SENTENCE, **options, recipe="lenet")
    (output,) = captured.outputs
    record = json.loads(json.dumps(output.metadata["claim"]))
    assert captured.stdout == ""
    made = Claim.from_record(record)
    assert output.data == {"text/plain": made.text, "text/markdown": made.text}
    assert (made.id, made.sentence, made.recipe) == ("an-id", SENTENCE, "lenet")
    assert made.problem == ""
    assert made.record == record
    assert str(made.evidence) == str(evidence)


def test_a_stored_recipe_with_twenty_draws_makes_a_claim_in_two_lines(capsys):
    """As CONTRIBUTING shows it, with what it prints."""
    runs = results.load("initialization")["values"]["B"]
    he, small = (np.array(runs[scheme]["test"]["runs"]) for scheme in ("he", "small"))
    sentence = "He's weights end more accurate than small ones"
    claim("he-beats-small", metrics.paired(he, small), sentence, recipe="initialization")
    line = capsys.readouterr().out.strip()
    assert "over 20 pairs, 20 wins, 0 losses, p < 0.0001" in line
    assert line in Path(__file__).parents[2].joinpath("CONTRIBUTING.md").read_text("utf8")


def test_chapter_11s_table_comes_from_pairs(capsys):
    """The same intervals that the chapter computed by itself, and its honest negative."""
    rows = results.load("regularization")["values"]["fixed"]
    points = {row: 100 * np.array(rows[row]["large_test"]["runs"]) for row in rows}
    got = metrics.paired(points["L2"], points["none"])
    assert (round(got.low, 2), round(got.high, 2)) == (2.19, 3.77)
    assert (got.wins, got.losses) == (20, 0)
    got = metrics.paired(points["dropout"], points["L2"])
    assert (round(got.low, 2), round(got.high, 2)) == (-0.25, 0.32)
    assert (got.wins, got.losses) == (9, 11)
    claim("dropout-or-l2", got, "Nobody can tell dropout from L2", undecided=True)
    claim("dropout-as-l2", got, "They differ by less than a point", within=1)
