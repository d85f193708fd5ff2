"""Wherever a lab's controls stand, its sentences write numbers as a person does."""

import re

import numpy as np
import pytest

import byhand.labs
from byhand.labs.text import fill
from tests.byhand.labs.names import LABS
from tests.byhand.labs.test_random_settings import drawn

# Labs whose state takes long are asked at fewer settings.
SLOW = {"bumps", "hidden_units", "init", "race", "regularization", "untangle"}
NOUN = "batch|bias|cell|column|day|entr|epoch|iteration|layer|pixel|place|product|row|step|weight"
# What a person would not write, and where: an equation has signs of its own.
FAULTS = {
    "a positive number in brackets": ("both", r"[−+·×] \(\d[\d.,]*\)"),
    "a sign behind an operator": ("both", r"[·×] ?−\d|[+−] −\d"),
    "the sign of a term at its number": ("equation", r"[₀-₉)] [+−]\d"),
    "one of several": ("both", rf"(?<![\d.,·⁻])\b1 ({NOUN})(ie|e)?s\b"),
    "zero with a sign": ("both", r"−0(\.0+)?(?![\d.])"),
    "a power of ten in letters": ("both", r"\d[eE][+−-]?\d"),
    "one times a power of ten": ("both", r"(?<![\d.])1·10"),
    "a small number in full": ("both", r"(?<!\d)0\.0000[0-9]*[1-9]"),
    "a large number without its unit": ("both", r"\d,\d{3}\.\d+ [kMG]B"),
    "no number": ("both", r"nan|\binf\b|None|undefined"),
}


def plain(line):
    """Return a line without its markup."""
    return re.sub(r"</?\w+>", "", line)


def faults(sentence, where):
    """Yield what a person would not write."""
    for name, (place, pattern) in FAULTS.items():
        if place in ("both", where) and (found := re.search(pattern, sentence)):
            yield f"{name}: {found[0]!r} in {sentence!r}"


def told(lab, settings):
    """Yield what a lab says at some settings, and where."""
    values = lab.values(**settings)
    for where, templates in (("summary", [*lab.summary, lab.alt]), ("equation", lab.equation)):
        for template in templates:
            sentence = fill(template, values)
            if sentence is not None:
                yield plain(sentence), where


@pytest.mark.parametrize("name", LABS)
def test_numbers_are_written_as_a_person_writes_them(name):
    lab, rng = getattr(byhand.labs, name)(), np.random.default_rng(0)
    found = set()
    for _ in range(3 if name in SLOW else 40):
        settings = drawn(lab, rng)
        found |= {fault for said in told(lab, settings) for fault in faults(*said)}
    assert sorted(found)[:5] == []


@pytest.mark.parametrize(
    ("sentence", "where", "count"),
    [
        ("x̂ = (7.00 − (3.39)) / 1.03 = 3.51", "equation", 1),
        ("z = 2.75 · −4.80 + (0.5)", "equation", 2),
        ("0.02 x₁ +0.07 x₂ −0.00 = 0", "equation", 2),
        ("about 1 days", "summary", 1),
        ("after 1 batches", "summary", 1),
        ("larger by 1·10⁻¹² of themselves", "summary", 1),
        ("the error is 0.0000437", "summary", 1),
        ("takes 78,886.25 MB", "summary", 1),
        ("x̂ = (7.00 − 3.39) / (−1.03)", "equation", 0),
        ("− 0.70 x₁ + 0.38 x₂ = −0.004", "equation", 0),
        ("from mean −3.5 to 21 days, 1 day, 4.37·10⁻⁵ and 0.000437", "summary", 0),
    ],
)
def test_what_no_person_writes_is_found(sentence, where, count):
    assert len(list(faults(sentence, where))) == count
