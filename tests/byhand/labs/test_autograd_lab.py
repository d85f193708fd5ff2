"""The lab ``autograd``: graphs of formulas, their gradients, and what is said of each step."""

import json
import re
import string

import numpy as np
import pytest

import byhand.labs
from byhand.labs.computation import FUNCTIONS, GATES, VARIABLES, graph_of
from dlcore import autograd
from dlcore.gradcheck import numerical_gradient
from tests.byhand.labs.bundle import BROWSER, browser_states, run_node, with_mistake
from tests.byhand.labs.test_random_settings import apart, drawn

LAB = byhand.labs.autograd()
END = {"step": LAB.controls[-1].values[-1]}
FAULTS = {
    "": "the formula ends, expected a number, w, x, y, z, b, exp, log",
    "x +": "the formula ends behind “x +”, expected a number, w",
    "max(x)": "“)” came behind “max(x”, expected +, -, *, / or ,",
    "max(x, y": "the formula ends behind “max(x, y”, expected +, -, *, / or )",
    "exp(x, y)": "“,” came behind “exp(x”, expected +, -, *, / or )",
    "ln(x)": "“ln” came, expected a number, w",
    "x^": "the formula ends behind “x^”, expected a number, w",
    "x = 3": "“=” came behind “x”, expected a number, w",
    "X": "“X” came, expected a number, w",
    "7": "no variable stands in it, expected one of w, x, y, z, b",
    "x + 1/0": "1 / 0 has no value, expected numbers that have one",
    "log(-1) x": "log(−1) has no value, expected numbers that have one",
    "(-8)^.5 + x": "(−8)^0.5 has no value, expected numbers that have one",
    "w+2x+3y+4z+5b+6w x+7x y+8y z+9z b": "its graph has 20 gates, expected at most 16",
    "cos(" * 10 + "x" + ")" * 10: "10 gates stand in a row, expected at most 9",
    "x^(" * 21: "brackets or signs are 21 deep, expected 20 at most",
    "x+" * 41: "the formula has 82 letters, expected at most 80",
}
# Signs and words as a reader may hit them, most of them out of place.
PIECES = [*string.punctuation, *"wxyzbe0123456789 −×÷·²π", *FUNCTIONS, "sin", "__proto__", "\n"]


def formula(rng, depth=4):
    """Return a random formula."""
    while True:
        text = tree(rng, depth)
        try:
            graph_of(text)
        except ValueError:
            continue
        return text


def tree(rng, depth):
    """Return random text that can be read, though its graph may be too large."""
    kind = rng.integers(5) if depth else 0
    if kind == 0:
        return str(rng.choice([*VARIABLES, "2", "0.5"]))
    if kind == 1:
        name = str(rng.choice(list(FUNCTIONS)))
        parts = (tree(rng, depth - 1) for _ in range(FUNCTIONS[name]))
        return f"{name}({', '.join(parts)})"
    if kind == 2:
        return f"({tree(rng, depth - 1)})^{rng.choice(['2', '-1', 'x', '0.5'])}"
    sign = str(rng.choice(["+", "-", "*", "/"]))
    return f"({tree(rng, depth - 1)}) {sign} ({tree(rng, depth - 1)})"


@pytest.fixture(scope="module")
def settings():
    """Return 60 settings: random formulas, and inputs at random stops."""
    rng = np.random.default_rng(5)
    return [drawn(LAB, rng) | {"formula": formula(rng)} | END for _ in range(60)]


def gradients_of(state):
    """Return the gradients of a state's inputs, and their central differences."""
    inputs = [node for node in state["nodes"] if node["op"] in VARIABLES]
    return {node["name"]: (node["gradient"], node["difference"]) for node in inputs}


def test_random_formulas_have_the_gradients_of_dlcores_autograd(settings):
    compared, used = 0, set()
    for some in settings:
        state = LAB.compute(some)
        used |= {node.op for node in graph_of(some["formula"])}
        found = {name: gradient for name, (gradient, _) in gradients_of(state).items()}
        if None in found.values():
            continue
        space = {"autograd": autograd, "np": np}
        with np.errstate(all="ignore"):
            exec(state["code"], space)  # the lines that the lab shows
        theirs = [float(space[f"d{name}"]) for name in found]
        if not np.isfinite(theirs).all():
            continue  # a power as exp(v log u), whose base is not above 0
        np.testing.assert_allclose(list(found.values()), theirs, rtol=1e-9, atol=1e-12)
        value = float(space[graph_of(some["formula"])[-1].name.translate(UNLOWERED)].value)
        assert state["nodes"][-1]["value"] == pytest.approx(value, rel=1e-12)
        compared += 1
    assert compared >= 25
    assert set(GATES) <= used | {"neg"}


UNLOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@pytest.mark.parametrize("example", LAB.controls[0].examples)
def test_the_examples_agree_with_dlcores_differences(example):
    """At inputs away from kinks, of the whole run of values through ``numerical_gradient``."""
    inputs = {"w": 0.5, "x": 3.0, "y": 1.75, "z": 1.5, "b": -1.0}
    state = LAB.compute(LAB.settings(formula=example, **inputs))
    names = list(gradients_of(state))

    def f(places):
        moved = inputs | dict(zip(names, map(float, places), strict=True))
        return LAB.state(formula=example, **moved)["nodes"][-1]["value"]

    wanted = numerical_gradient(f, np.array([inputs[name] for name in names]))
    found = [gradient for gradient, _ in gradients_of(state).values()]
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
    differences = [difference for _, difference in gradients_of(state).values()]
    np.testing.assert_allclose(differences, wanted, rtol=1e-6)


def test_the_browser_walks_through_random_formulas_alike(settings):
    for some, theirs in zip(settings, browser_states(LAB, settings), strict=True):
        assert list(apart(LAB.compute(some), theirs)) == [], some


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(_, u, v) => [v, u]", "(_, u, v) => [u, v]"),
        ("before + local * upstream", "local * upstream"),
        ("Number(u >= v)", "Number(u > v)"),
        ("at < 0 ? nodes.push(node) - 1 : at", "nodes.push(node) - 1"),
    ],
)
def test_a_mistake_in_the_browser_is_found(settings, tmp_path, right, wrong):
    mistaken = with_mistake(tmp_path, "computation.js", right, wrong)
    tie = LAB.settings(formula="max(x, y)", x=1.0, y=1.0)
    some = [*settings, tie]
    found = browser_states(LAB, some, mistaken)
    assert any(list(apart(LAB.compute(s), f)) for s, f in zip(some, found, strict=True))


# --- what is read, and what is not ---


def browser_faults(texts):
    """Return what the browser has against formulas, None where it reads them."""
    source = (BROWSER / "formulas.js").as_uri()
    script = f"""
import {{ readFileSync }} from "node:fs";
import {{ faultOf }} from {json.dumps(source)};
const texts = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => faultOf(text, "graph"))));
"""
    return run_node("--input-type=module", "--eval", script, text=json.dumps(texts))


def fault(text):
    """Return what Python has against a formula."""
    try:
        graph_of(text)
    except ValueError as error:
        return str(error)
    return None


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_no_formula_is_named(text):
    assert fault(text).startswith(FAULTS[text])
    with pytest.raises(ValueError, match="Lab 'autograd': formula is "):
        LAB.settings(formula=text)


def test_whatever_is_typed_is_read_or_refused_alike():
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(PIECES, rng.integers(1, 9))) for _ in range(2000)]
    texts += [tree(rng, 4) for _ in range(200)]
    texts += [*FAULTS, *(formula(rng)[:-1] for _ in range(200))]
    ours = [fault(text) for text in texts]
    assert ours == browser_faults(texts)
    for start in ("“", "the formula ends", "its graph has", "no variable", "brackets"):
        assert any(text.startswith(start) for text in ours if text), start
    assert ours.count(None) > 100
    assert all(re.search(r", expected \S", text) for text in ours if text)


# --- what is said ---


def test_the_chapters_example_has_the_chapters_numbers():
    said = LAB.text(formula="x y + x", x=3.0, y=2.0, **END)
    assert "x gets 2 × 1 = 2, which makes 3 with the 1 that it had; y gets 3 × 1 = 3." in said
    assert said.endswith("f is 9. ∂f/∂x is 3. ∂f/∂y is 3.")


def test_the_question_and_its_replies_have_the_labs_numbers():
    state = LAB.compute(LAB.settings())
    decay, loss = (share["share"] for share in state["shares"] if share["to"] == "w")
    told = f"{LAB.question} {' '.join(LAB.answers.values())} {' '.join(LAB.answers)}"
    numbers = {f"{decay:.3f}", f"{loss:.3f}", f"{decay + loss:.3f}", f"{decay * loss:.4f}"}
    assert set(re.findall(r"−?\d\.\d+", told)) == {n.replace("-", "−") for n in numbers} | {"0.547"}
    assert LAB.values()["doing"].endswith("w gets 1 × 0.125 = 0.125.")
    assert LAB.values(**LAB.reveal)["d_w"] == "−0.422"


def test_what_is_written_twice_is_one_node():
    names = [node.name for node in graph_of("exp(x)/(exp(x) + exp(y) + exp(z))")]
    assert names == ["x", "q₁", "y", "q₂", "q₃", "z", "q₄", "q₅", "f"]
    assert [node.of for node in graph_of("(x + y)(x + y)")][-1] == (2, 2)
    assert [node.op for node in graph_of("2*3 x + (1 - 1)")] == ["number", "x", "*", "number", "+"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"formula": "log(x - y)", "y": 4.0}, "log(−1) has no value: the logarithm needs"),
        ({"formula": "1/(x - 3)"}, "1 / 0 has no value: nothing can be divided by 0."),
        ({"formula": "(x - 4)^0.5"}, "(−1)^0.5 has no value: a number below 0 has powers with"),
        ({"formula": "(x - 3)^-1"}, "0^(−1) has no value: 0 has no power with an exponent below"),
        ({"formula": "sqrt(-x)"}, "sqrt(−3) has no value: a square root needs"),
        ({"formula": "exp(exp(x x))"}, "has no value: it is larger than a float can be."),
        ({"formula": "sqrt(x - 3)"}, "at q₁ = 0 the local derivative by q₁ does not exist, and"),
        ({"formula": "exp(44 x x + 5)", "x": 4.0}, "the gradient of q₁ is larger than a float"),
        ({"formula": "x^x", "x": -2.0}, "at x = −2 the local derivative by x does not exist"),
    ],
)
def test_where_there_is_no_value_or_no_slope_the_walk_ends_and_says_why(settings, words):
    said = LAB.text(**settings, **END)
    assert words in said
    assert "∂f/∂" not in said.replace("∂f/∂f", "")
    (node, *_) = [n for n in LAB.compute(LAB.settings(**settings))["nodes"] if n["op"] == "x"]
    assert node["gradient"] is None


def test_the_browser_ends_a_walk_in_the_same_words():
    some = [
        LAB.settings(formula="exp(44 x x + 5)", x=4.0, **END),
        LAB.settings(formula="x^x", x=-2.0, **END),
        LAB.settings(formula="log(x - y)", y=4.0, **END),
    ]
    for settings, theirs in zip(some, browser_states(LAB, some), strict=True):
        assert list(apart(LAB.compute(settings), theirs)) == []
        assert settings["step"] > len(theirs["series"]["doing"])


def test_python_computes_inputs_between_the_stops():
    state = LAB.compute(LAB.settings(formula="x y + x", x=2.123, y=-7.5))
    assert state["given"] == "x = 2.123 and y = −7.5"
    assert gradients_of(state)["x"][0] == pytest.approx(-6.5)


@pytest.mark.parametrize(
    ("formula", "x", "kink"),
    [
        ("relu(x - 3)", 3.0, "f = relu(q₁) stands at a kink: its slope is 0 on the left of 0"),
        ("abs(x)", 0.0, "f = abs(x) stands at a kink: its slope is −1 on the left"),
        ("max(x, y)", 2.0, "f = max(x, y) stands at a kink: its arguments are equal"),
        ("relu(x - 3)", 2.0, None),
        ("max(x, x)", 2.0, None),
        ("max(x, y)", 3.0, None),
    ],
)
def test_a_kink_is_said(formula, x, kink):
    found = LAB.values(formula=formula, x=x)["kink"]
    assert (found or "").startswith(kink or "")
    assert (found is None) == (kink is None)


# --- where it is drawn ---


def test_boxes_have_room_and_arrows_lead_on():
    rng = np.random.default_rng(2)
    texts = [*LAB.controls[0].examples, *(formula(rng) for _ in range(60))]
    graphs = []
    for text in texts:
        nodes = graph_of(text)
        kept = [k for k, node in enumerate(nodes) if node.op != "number"]
        graphs.append([[kept.index(i) for i in nodes[k].of if i in kept] for k in kept])
    script = f"""
import {{ readFileSync }} from "node:fs";
import {{ layOut }} from {json.dumps((BROWSER / "graph-layout.js").as_uri())};
const graphs = JSON.parse(readFileSync(0, "utf8"));
const deep = (reads) => reads.reduce(
  (all, of) => [...all, of.length ? 1 + Math.max(...of.map((i) => all[i])) : 0], []);
console.log(JSON.stringify(graphs.map((reads) => layOut(reads, deep(reads)))));
"""
    for reads, plan in zip(
        graphs, run_node("--input-type=module", "--eval", script, text=json.dumps(graphs)),
        strict=True,
    ):  # fmt: skip
        places = np.array(plan["places"])
        assert len(plan["edges"]) == sum(map(len, reads))
        for edge in plan["edges"]:
            layers = [layer for layer, _ in edge["places"]]
            assert layers == list(range(layers[0], layers[-1] + 1))
            assert edge["places"][0] == plan["places"][edge["from"]]
            assert edge["places"][-1] == plan["places"][edge["to"]]
        for layer in range(plan["layers"]):
            across = np.sort(places[places[:, 0] == layer, 1])
            assert (np.diff(across) > 1 - 1e-9).all()
            assert ((across > 0.5 - 1e-9) & (across < plan["across"] - 0.5 + 1e-9)).all()
