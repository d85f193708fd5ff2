"""The reading of LaTeX, the rule of the table of symbols, and the book's forms."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
from latex import formulas, spans  # noqa: E402
from notation_table import Entry, Form, NotationError, chapters, problems, read  # noqa: E402
from scan_forms import BOOK, FORBIDDEN, variants  # noqa: E402
from symbols import symbols  # noqa: E402


@pytest.mark.parametrize(
    ("latex", "letters"),
    [
        (r"\hat x_i^2", [r"\hat{x}", "i"]),
        (r"\hat{x}'", [r"\hat{x}'"]),
        (r"E_{\text{in}} + E_\text{in}", [r"E_{\text{in}}"] * 2),
        (r"s_{\max} \max_k s_k", [r"s_{\max}", "s", "k", "k"]),
        (r"\mathcal L^{(n)}", [r"\mathcal{L}", "n"]),
        (r"\operatorname*{arg\,max}_i", [r"\operatorname{argmax}", "i"]),
        (r"k_H \times n'_W", ["k_{H}", "n'_{W}"]),
        (r"x^{(n)\top} \theta^* K \ast X", ["x", r"\theta", "K", "*", "X", "n"]),
        (r"\frac{\dfrac12 a}{\sqrt b}", ["a", "b"]),
        (r"\begin{array}{cc} a & b \\[4pt] \text{if } c \end{array}", ["a", "b", "c"]),
        (r"\underbrace{W_\ell x}_{\text{a score}}", ["W", "x", r"\ell"]),
        (r"\overline{xy}", [r"\overline", "x", "y"]),
        (r"\Bigl\lVert \nabla J \Bigr\rVert_2 \le 10^{-3}", [r"\nabla", "J"]),
    ],
)
def test_a_formula_is_read_as_its_symbols(latex, letters):
    assert sorted(symbol.letter for symbol in symbols(latex)) == sorted(letters)


def test_a_symbol_keeps_its_index_and_what_opens_behind_it():
    (w, *_) = symbols(r"W_{\ell,kj}^2")
    assert (w.below, w.above, w.behind) == ((r"\ell", "k", "j"), ("2",), "")
    assert [s.behind for s in symbols(r"\sigma\bigl(z\bigr) \mathbf 1[i]")] == ["(", "", "[", ""]


@pytest.mark.parametrize(
    ("form", "fits", "does_not"),
    [
        (r"\sigma", [r"\sigma", r"\sigma(z)", r"\sigma_i^2"], [r"\sigma'", r"\hat\sigma"]),
        (r"\sigma(z)", [r"\sigma(x)", r"\sigma\bigl(x)"], [r"\sigma", r"\sigma_i"]),
        (r"\sigma^2", [r"\sigma^2", r"\sigma_i^2"], [r"\sigma", r"\sigma^3"]),
        (r"W_\ell", [r"W_\ell", r"W_1", r"W_{\ell-1}"], ["W", "W^2"]),
        (r"\delta_{ij}", [r"\delta_{nm}", r"\delta_{i,j}"], [r"\delta_i", r"\delta_{ijk}"]),
        ("dX", ["dX", "dX_c"], ["d", "X", "Xd"]),
        (r"E_{\text{in}}", [r"E_\text{in}"], ["E_i", r"E_{\text{out}}"]),
    ],
)
def test_a_form_fits_what_it_shows(form, fits, does_not):
    form = {Form.read(form): [3]}
    for latex, expected in [(text, True) for text in fits] + [(text, False) for text in does_not]:
        found = problems([Entry("a meaning", form)], 3, [latex])
        assert (f"absent {next(iter(form)).latex}" not in found) == expected, latex


def test_the_form_that_shows_most_decides():
    entries = [
        Entry("sigmoid", {Form.read(r"\sigma(z)"): [1, 2]}),
        Entry("deviation", {Form.read(r"\sigma"): [1]}),
        Entry("argument", {Form.read("z"): [1, 2]}),
    ]
    assert list(problems(entries, 1, [r"\sigma(z)"])) == [r"absent \sigma"]
    assert problems(entries, 1, [r"\sigma(z) + \sigma"]) == {}
    assert list(problems(entries, 2, [r"\sigma(z) + \sigma^2"])) == [r"unlisted \sigma"]


def test_two_meanings_of_one_form_are_found_in_their_chapter_only():
    entries = [
        Entry("score", {Form.read("z_i"): [1, 2]}),
        Entry("quantile", {Form.read("z_k"): [2]}),
        Entry("index", {Form.read("j"): [1, 2]}),
    ]
    assert problems(entries, 1, ["z_j"]) == {}
    ((key, message),) = problems(entries, 2, ["z_j"]).items()
    assert key == "two meanings z_i"
    assert "score; quantile" in message


def test_two_forms_that_fit_alike_are_found():
    forms = {r"\sigma_i": "singular value", r"\sigma^2": "variance"}
    entries = [Entry(means, {Form.read(latex): [1]}) for latex, means in forms.items()]
    entries.append(Entry("indices", {Form.read("i"): [1], Form.read(r"\ell"): [1]}))
    assert list(problems(entries, 1, [r"\sigma_\ell + \sigma^2 + i"])) == []
    assert list(problems(entries, 1, [r"\sigma_i^2 + \ell"])) == [
        r"two forms \sigma^2 and \sigma_i"
    ]


def test_chapters_are_ranges():
    assert chapters("3-5 7") == [3, 4, 5, 7]
    with pytest.raises(NotationError, match=r"'3,5' in '3,5' is no chapter"):
        chapters("3,5")


def test_formulas_are_found_in_text_and_captions_but_not_in_code(tmp_path):
    text = "$a$ and `$b$`\n\n```python\n$c$\n```\n\n"
    text += "````{exercise}\n$d$\n\n```python\n$e$\n```\n````\n\n"
    text += "$$\nf = 1 - 2\n$$ (eq-f)\n\nAt $1 - g$, \\$3.\n"
    assert [text[a:b].strip() for a, b in spans(text)] == ["a", "d", "f = 1 - 2", "1 - g"]
    path = tmp_path / "03_topic.ipynb"
    code = 'plotting.show("fig-x", f"With $h$ and {n} $k$.", alt="no math")\nx = "$l$"'
    cells = [
        {"cell_type": "markdown", "source": ["$a$\n", "$b$"]},
        {"cell_type": "code", "source": [code]},
    ]
    path.write_text(json.dumps({"cells": cells}), "utf8")
    assert [(f.cell, f.latex) for f in formulas(path)] == [(0, "a"), (0, "b"), (1, "h"), (1, "k")]


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        (r"W^{[l]}", "layer in brackets above"),
        (r"z^{(l-1)}_j", "layer in parentheses above"),
        (r"\delta^l", "layer above"),
        (r"\sum_{l} W_\ell", "layer l"),
        (r"x^{(i)}", "example in parentheses (i)"),
        (r"\sum_n y_n", "example below"),
        (r"\frac1m \sum_n", "m examples"),
        (r"F\,(C k^2 + 1)", "F filters"),
        (r"\frac{n + 2p - f}{s}", "kernel size f"),
        ("o_H - 1", "output size o"),
        (r"H_{\text{out}}", "output size H_out"),
        ("H' W'", "output size H'"),
        (r"\frac{\partial L}{\partial X}", "loss L"),
        (r"E\bigl[x\bigr]", "expectation E"),
        (r"\epsilon", r"\epsilon"),
        (r"\phi", r"\phi"),
        (r"\sqrt{s'} + 1", "corrected average with a prime"),
        (r"\theta - \eta \nabla J", r"rate \eta"),
        (r"\|x\|", r"norm with \|"),
        (r"\ln 2", r"\ln"),
        (r"\operatorname{rot}_{180}(K)", "rot_180"),
        (r"[i = j]", "bracket for 1 or 0"),
        (r"N(0, 1)", "normal distribution N"),
    ],
)
def test_other_forms_are_found(latex, name):
    assert [found for found, _ in variants(latex)] == [name]


def test_every_other_form_has_its_example_above():
    examples = test_other_forms_are_found.pytestmark[0].args[1]
    assert {name for _, name in examples} == set(FORBIDDEN)


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathrm{KL}(q \,\|\, p)",
        r"\mathbb E[x] \mathbb{E}\bigl[x\bigr]",
        r"E(\varepsilon)",
        r"\mathbf 1[i = j] [0, 1] [a, b]",
        r"\mathcal N(0, 1) N(i)",
        r"\partial \mathcal L / \partial x \partial J",
        r"x^{(n)} W_\ell a^2 f(x) f - g \frac{\lambda}{m}"[:37],
        r"\eta_1 \phantom{x} W' D'",
    ],
)
def test_the_books_forms_are_left_alone(latex):
    assert variants(latex) == []
    for _, book, _ in BOOK:
        assert variants(book) == []


def test_the_books_table_can_be_read_and_has_terms_for_the_glossary():
    entries = read(ROOT / "book" / "notation.toml")
    assert {number for entry in entries for number in entry.chapters} == set(range(1, 20))
