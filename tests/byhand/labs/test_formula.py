"""Formulas of x and y: what they are read as, their slopes, and what is said of what is none."""

import json
import re

import numpy as np
import pytest

from byhand.labs.controls import Formula
from byhand.labs.formula import parse, written
from byhand.labs.surfaces import EXAMPLES
from dlcore.gradcheck import numerical_gradient
from tests.byhand.labs.bundle import BROWSER, ROOT, run_node, with_mistake

VALUES = {  # at x = 0.7 and y = 0.3
    "2": 2.0,
    "x - y - 1": -0.6,
    "-x^2": -0.49,
    "2x y": 0.42,
    "2xy": 0.42,
    "1/2x": 0.35,
    "x/y/2": 0.7 / 0.6,
    "2(x + y)(x - y)": 0.8,
    "-+-x": 0.7,
    "x − 2·y × 3 ÷ 4": 0.7 - 0.45,
    "x^-1 + y^0 + x^1": 1 / 0.7 + 1.7,
    ".5 y^2.": 0.045,
    "sqrt(x) exp(y) sin(2x)/cos(y)": 0.7**0.5 * np.exp(0.3) * np.sin(1.4) / np.cos(0.3),
}
FAULTS = {
    "": "the formula ends, expected a number, x, y, sin, cos, exp, sqrt or (",
    "x +": "the formula ends behind “x +”, expected a number, x, y",
    "x 2": "“2” came behind “x”, expected +, -, *, / or the end",
    "(x + 1": "the formula ends behind “(x + 1”, expected +, -, *, / or )",
    "x)": "“)” came behind “x”, expected +, -, *, / or the end",
    "x^y": "“y” came behind “x^”, expected a number",
    "2^3^4": "“^” came behind “2^3”, expected +, -, *, / or the end",
    "sin x": "“x” came behind “sin”, expected (",
    "log(x)": "“log” came, expected a number, x, y",
    "toString": "“S” came behind “to”, expected a number",
    "constructor(x)": "“constructor” came, expected a number",
    "x; y": "“;” came behind “x”, expected a number",
    "x, y": "“,” came behind “x”, expected +, -, *, / or the end",
    "(" * 21 + "x": "brackets or signs are 21 deep, expected 20 at most",
    "-" * 21 + "x": "brackets or signs are 21 deep, expected 20 at most",
    "x+" * 41: "the formula has 82 letters, expected at most 80",
}


@pytest.mark.parametrize("text", VALUES)
def test_a_formula_has_the_value_that_a_person_reads(text):
    assert parse(text)(0.7, 0.3)[0] == pytest.approx(VALUES[text])


@pytest.mark.parametrize("text", [*VALUES, *EXAMPLES])
def test_a_formula_knows_its_slopes_and_curvatures(text):
    jet = parse(text)
    place = np.array([0.7, 0.3])
    _, fx, fy, fxx, fxy, fyy = jet(*place)
    slopes = numerical_gradient(lambda p: jet(*p)[0], place)
    np.testing.assert_allclose([fx, fy], slopes, rtol=1e-6, atol=1e-8)
    for i, row in enumerate([(fxx, fxy), (fxy, fyy)], start=1):
        curvatures = numerical_gradient(lambda p, i=i: jet(*p)[i], place)
        np.testing.assert_allclose(row, curvatures, rtol=1e-6, atol=1e-7)


def test_an_array_of_places_has_an_array_of_values():
    x, y = np.meshgrid([0.7, 0.1], [0.3, 0.2, 0.5])
    assert parse(EXAMPLES[0])(x, y)[0].shape == (3, 2)


@pytest.mark.parametrize("text", ["1/0", "sqrt(-1)", "(x - 0.7)^-1", "exp(9999)", "(0 - 1)^0.5"])
def test_what_has_no_value_is_survived(text):
    assert not np.isfinite(parse(text)(0.7, 0.3)[0])


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_no_formula_is_named(text):
    with pytest.raises(ValueError, match=f"^{re.escape(FAULTS[text])}"):
        parse(text)


def test_a_control_names_the_formula():
    control = Formula(name="own", label="f", value="x", examples=["x", "y"])
    assert control.check("x y") == "x y"
    with pytest.raises(ValueError, match=r"own is 'x\+': the formula ends behind “x\+”, expected"):
        control.check("x+")
    with pytest.raises(ValueError, match="own is 3, expected a formula such as 'x'"):
        control.check(3)


def test_a_formula_is_written_as_a_person_does():
    found = written("2*x^2 - exp(-x y^-1.5)")
    assert found == "2·<i>x</i><sup>2</sup> − exp(−<i>x</i> <i>y</i><sup>−1.5</sup>)"


PLACES = [(0.7, 0.3), (-1.9, 1.45), (0.0, 0.0)]


def in_the_browser(texts, browser=BROWSER):
    """Return what the browser makes of formulas: its fault, or its jets, and how it is written."""
    script = ROOT / "tests/byhand/labs/formulas.mjs"
    return run_node(script, browser, text=json.dumps([texts, PLACES]))


def test_the_browser_reads_formulas_alike():
    texts = [*VALUES, *EXAMPLES, *FAULTS]
    for text, found in zip(texts, in_the_browser(texts), strict=True):
        if text in FAULTS:
            with pytest.raises(ValueError, match=f"^{re.escape(found['fault'])}$"):
                parse(text)
        else:
            jets = np.array([parse(text)(*place) for place in PLACES], dtype=float)
            finite = np.isfinite(jets)
            theirs = np.array(found["jets"], dtype=float)  # JSON has no infinity: it is None, nan
            np.testing.assert_allclose(theirs[finite], jets[finite], rtol=1e-12, atol=1e-13)
            assert np.isnan(theirs[~finite]).all()
            assert found["written"] == written(text)


def test_a_wrong_rule_in_the_browser_is_found(tmp_path):
    mistaken = with_mistake(tmp_path, "formula.js", "curvature * fx * fy +", "curvature * fx +")
    (found,) = in_the_browser(["sin(x y)"], mistaken)
    assert found["jets"][0][4] != pytest.approx(parse("sin(x y)")(*PLACES[0])[4])
