"""Sentences read alike in Python and in the browser."""

import json

import numpy as np
import pytest

from byhand.labs.text import fill, join, show
from tests.byhand.labs.bundle import BROWSER, run_node

SPECS = [None, ".0f", ".1f", ".3f", "+.2f", ",.1f", ".3g", "+.2g", ".1%", ".0%"]
SPECS += ["factor .2f", "factor", "term .3g", "term", ".1f batch", "entry"]


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (0.3, None, "0.3"),
        (5.0, None, "5"),
        (1e-05, None, "0.00001"),
        (-2, None, "−2"),
        ("tanh", None, "tanh"),
        (0.125, ".2f", "0.13"),  # a tie rounds away from zero
        (-0.125, ".2f", "−0.13"),
        (0.8125, ".1%", "81.3%"),
        (-0.0001, ".2f", "0.00"),
        (1234.5, ",.1f", "1,234.5"),
        (2000, ",d", "2,000"),
        (0.00853, ".3g", "0.00853"),
        (1e-9, ".3g", "1.00·10⁻⁹"),
        (-4.472e57, ".3g", "−4.47·10⁵⁷"),
        (3e-7, None, "3·10⁻⁷"),
        (1e-12, None, "10⁻¹²"),
        (-1e-12, None, "−10⁻¹²"),
        (0.0000437, ".3g", "4.37·10⁻⁵"),
        (-0.70, "factor .2f", "(−0.70)"),
        (0.70, "factor .2f", "0.70"),
        (-0.001, "factor .2f", "0.00"),
        (-2, "factor", "(−2)"),
        (-0.38, "term .2f", "− 0.38"),
        (-0.001, "term .2f", "+ 0.00"),
        (0, "term", "+ 0"),
        (1, "d day", "1 day"),
        (2000, ",d day", "2,000 days"),
        (3, "batch", "3 batches"),
        (2, "d entry", "2 entries"),
        (0, "bias", "0 biases"),
        ("1", "layer", "1 layer"),
        (0.5, "+.2f", "+0.50"),
    ],
)
def test_show(value, spec, text):
    assert show(value, spec) == text


def test_show_refuses_what_the_browser_would_write_otherwise():
    with pytest.raises(ValueError, match=r"the format is '08.3f', expected one such as"):
        show(1.0, "08.3f")
    with pytest.raises(ValueError, match="the value is inf, expected a finite number"):
        show(float("inf"), ".3f")


def test_fill():
    assert fill("J = {cost:.2f} at {name}", {"cost": 0.5, "name": "start"}) == "J = 0.50 at start"
    assert fill("J = {cost:.2f}", {"cost": None}) is None
    with pytest.raises(ValueError, match="names kost, expected only cost"):
        fill("J = {kost}", {"cost": 1})


def test_join_leaves_out_what_does_not_apply():
    assert join(["A {a}.", "B {b}.", "C."], {"a": 1, "b": None}) == "A 1. C."


def test_browser_writes_every_number_as_python_does():
    rng = np.random.default_rng(0)
    values = [0.0, 0.5, 1.5, 2.5, 0.125, 0.8125, 1.0, 100.0, 999.5, 0.9995, -0.004, 1e6, 3e-7]
    values += [
        float(f"{x:.6g}") for x in rng.standard_normal(300) * 10 ** rng.uniform(-15, 15, 300)
    ]
    cases = [(value, spec) for value in values for spec in SPECS]
    cases += [
        (int(value), spec)
        for value in values
        for spec in (None, "d", ",d", "+,d", "d layer", "factor d")
    ]
    script = f"""
        import {{ show }} from {json.dumps((BROWSER / "text.js").as_uri())};
        const cases = {json.dumps(cases)};
        console.log(JSON.stringify(cases.map(([value, spec]) => show(value, spec ?? undefined))));
    """
    shown = run_node("--input-type=module", text=script)
    wrong = [
        (value, spec, show(value, spec), theirs)
        for (value, spec), theirs in zip(cases, shown, strict=True)
        if show(value, spec) != theirs
    ]
    assert wrong == []
