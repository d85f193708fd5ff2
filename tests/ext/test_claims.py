import dataclasses
import json

import nbformat
import numpy as np
import pytest

from byhand.claims import Claim
from dlcore.metrics import paired, proportion

NOISE = np.tile([-1.0, 1.0], 10)
LARGER = paired(3 + NOISE, np.zeros(20))
HE = Claim("he-beats-small", "He's weights end at a $J$ that is lower", LARGER, "larger")
ALWAYS = Claim("it-falls", "The cost falls", proportion(20, 20), "every", recipe="slow")
UNCLEAR = Claim("he-or-xavier", "Nobody can tell", paired(NOISE, np.zeros(20)), "undecided")
SAME = dataclasses.replace(UNCLEAR, id="as-he", kind="within", margin=0.5)
NOTEBOOK = "chapters/03_logistic_regression.ipynb"
OTHER = "book/other.md"


def link(*ids):
    return " ".join(f"[So it is](../book/claims.md#claim-{name})." for name in ids) + "\n"


def write_claims(book, *claims, name=NOTEBOOK):
    """Write a notebook with a cell that makes claims, as ``byhand.claim`` leaves them."""
    outputs = [
        {"output_type": "display_data",
         "data": {"text/plain": claim.text, "text/markdown": claim.text},
         "metadata": {"claim": json.loads(json.dumps(claim.record))}}
        for claim in claims
    ]  # fmt: skip
    book.write_notebook(name, "1 + 1", ("2 + 2", {}, outputs))


@pytest.fixture
def book(small_book):
    """Return a book of one claim, to which a sentence of another page links."""
    book = small_book("numbering", "claims")
    (book.root / "chapters/03_logistic_regression.md").unlink()
    book.write("book/claims.md", "# The claims\n\n```{claims}\n```\n")
    book.write("benchmarks/recipes/slow.py", "")
    book.write("results/slow.json", "")
    write_claims(book, HE)
    book.write(OTHER, "# Other\n\n" + link(HE.id))
    return book


def test_sentence_row_and_cell_lead_to_each_other(book):
    write_claims(book, HE, ALWAYS, UNCLEAR, SAME)
    book.write(OTHER, "# Other\n\n" + link(HE.id, ALWAYS.id, UNCLEAR.id, SAME.id))
    assert book.build() is None
    assert 'href="claims.html#claim-he-beats-small"' in book.page("book/other")
    rows = book.page("book/claims").split("<tr")
    row, always, unclear, same = rows[2:]
    assert "Chapter 3: A notebook" in rows[0]
    assert 'id="claim-he-beats-small"' in row
    assert 'href="../chapters/03_logistic_regression.html#cell-he-beats-small"' in row
    assert "math" in row
    for text in ("3.00 [2.52,\xa03.48]", "20", "20–0–0", "&lt;\xa00.0001", "on the page"):
        assert f"<td><p>{text}</p></td>" in row
    assert "100.0% [83.9%,\xa0100.0%], in every draw" in always
    assert "stored: slow" in always
    assert "[-0.48,\xa00.48], undecided" in unclear
    assert "10–10–0" in unclear
    assert "[-0.48,\xa00.48], within ±0.5" in same
    chapter = book.page()
    assert 'id="cell-he-beats-small"' in chapter
    (shown, *others) = chapter.split('<div class="claim')[1:]
    assert "lower: 3.00 [2.52, 3.48] over 20 pairs" in shown
    assert 'class="math' in shown.split("</div>")[0]
    assert len(others) == 3
    assert "Claims: 4; undecided: 1." in book.page("book/claims")


def test_all_holes_are_listed_and_fail_the_build(book):
    zero = np.zeros(20)
    bad = [
        Claim("unclear", "So it seems", paired(NOISE, zero), "larger"),
        Claim("few", "So it seems", paired(3 + NOISE[:4], zero[:4]), "larger"),
        Claim("turned", "So it seems", paired(zero, 3 + NOISE), "larger"),
        Claim("decided", "So it seems", LARGER, "undecided"),
        Claim("no-result", "So it seems", LARGER, "larger", recipe="gone"),
    ]
    write_claims(book, HE, *bad, Claim("silent", "So it is", LARGER, "larger"))
    write_claims(book, HE, name="book/again.ipynb")
    book.write(OTHER, "# Other\n\n" + link(HE.id, "gone", *(claim.id for claim in bad)))
    message = book.build()
    for hole in [
        "unclear: 0.00 [-0.48, 0.48] over 20 pairs, 10 wins, 10 losses, p = 1: the interval incl",
        "only 4 draws, expected at least 20",
        "turned: -3.00 [-3.48, -2.52]",
        "the effect is the other way round",
        "the interval excludes 0: it is decided",
        "no-result rests on results/gone.json, which does not exist",
        "no-result rests on benchmarks/recipes/gone.py, which does not exist",
        "no sentence links to book/claims.md#claim-silent",
        "he-beats-small is made twice, first in book/again",
        "a sentence links to gone, which no cell claims",
    ]:
        assert hole in message
    assert message.count("claims: ") == 9


def test_a_claim_that_goes_away_fails_although_the_sentence_is_unchanged(book):
    assert book.build() is None
    write_claims(book)
    assert "a sentence links to he-beats-small, which no cell claims" in book.build()


def test_a_new_claim_reaches_the_page(book):
    assert book.build() is None
    write_claims(book, HE, UNCLEAR)
    book.write(OTHER, "# Other\n\n" + link(HE.id, UNCLEAR.id))
    assert book.build() is None
    assert 'id="claim-he-or-xavier"' in book.page("book/claims")


def test_the_executed_notebook_counts_not_the_stored_outputs(book):
    """A build that runs the cells reads what they say then."""
    write_claims(book, dataclasses.replace(HE, evidence=paired(NOISE, np.zeros(20))))
    notebook = nbformat.read(book.root / NOTEBOOK, as_version=4)
    line = f"display({{'text/markdown': ''}}, raw=True, metadata={{'claim': {HE.record!r}}})"
    notebook.cells[-1].source = line
    nbformat.write(notebook, book.root / NOTEBOOK)
    assert "includes 0" in book.build()
    book.write("conf.py", (book.root / "conf.py").read_text().replace('"off"', '"force"'))
    assert book.build() is None
