"""The numbers in the words of every chapter are what its cells computed."""

import sys
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
import numbers_in_words as stated  # noqa: E402
import open_findings  # noqa: E402
import scan_numbers  # noqa: E402

NOTEBOOKS = [*open_findings.chapters(), *sorted(ROOT.glob("book/*.ipynb"))]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_words_state_the_stored_values(path):
    assert stated.problems(path) == []


# Which numbers a text holds


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("loss 5.53, 98.7% and 7,200 of 1,000,000.", ["5.53", "98.7", "7200", "1000000"]),
        ("from 2e-10 to −3, a range of 3–5, or -0.5", ["2e-10", "-3", "3", "5", "-0.5"]),
        ("2.5 ± 0.3, 62.4 million", ["2.5", "0.3", "62400000"]),
        ("VGG-16, x2, 3D, LeNet-5, dlcore 0.2.0", []),
        (r"$0.087$, $2 \cdot 10^{-10}$, $10^{-8}$", ["0.087", "2e-10", "1e-8"]),
        (r"$98.7\,\%$, $7{,}200$, $-3$, $5\times10^3$", ["98.7", "7200", "-3", "5000"]),
        (r"$\kappa = 591$, $\approx 0.3$, $x < 10^{-8}$", ["591", "0.3", "1e-8"]),
        (r"$3 \times 3$, $k - 1$, $x_2$, $2^{10}$", []),
        ("seven of twenty-one, twice, two thirds", ["7", "21", "2", "2/3"]),
        ("a third, the third, half, tenfold", ["1/3", "1/2", "10"]),
        ("two thousand, a million, a thing", ["2000", "1000000"]),
    ],
)
def test_numbers_of_a_text(text, values):
    assert [number.value for number in stated.numbers(text)] == list(map(Fraction, values))


@pytest.mark.parametrize(
    ("text", "value", "agree"),
    [
        ("98.7", "98.71", True),
        ("98.7", "98.65", True),
        ("98.7", "98.76", False),
        ("98.70", "98.71", False),
        ("7", "7", True),
        ("7", "8", False),
        ("2e-10", "2.4e-10", True),
        ("2e-10", "2.6e-10", False),
        (r"$2 \cdot 10^{-10}$", "1.6e-10", True),
        (r"$10^{-8}$", "3e-8", False),
        ("7,200", "7201", False),
        ("2,000", "1997", False),
        ("about 2,000", "1997", True),
        ("about 2,000", "2600", False),
        ("two thousand", "1997", True),
        ("twice", "1.6", True),
        ("half", "0.52", True),
        ("half", "0.57", False),
        ("more than 80", "83", True),
        ("more than 80", "79", False),
        (r"$< 10^{-8}$", "3e-12", True),
        ("below 0.1", "0.2", False),
    ],
)
def test_a_value_agrees_as_rounded_in_the_text(text, value, agree):
    (number,) = stated.numbers(text)
    assert stated.agrees(number, Fraction(value), text[: number.start]) == agree


# A chapter of two cells, and everything that can be wrong with it

WORDS = "In 7 of 20 runs the share\nis 98.7%, and $L = 5.53$. A loss of 17 at the end."
NUMBERS = {"In 7 of": "wins", "98.7%": "share:%", "= 5.53": "loss"}
VALUES = {"wins": "7", "share": "0.98712", "loss": "5.5312"}


@pytest.fixture
def chapter(tmp_path):
    """Return a function that writes a chapter, and gives the problems found in it."""

    def write(
        words=WORDS, numbers=NUMBERS, values=VALUES, source=None, tags=(), questions="", **options
    ):
        outputs = [
            v4.new_output(
                "display_data",
                data={stated.MIME: text},
                metadata={"scrapbook": {"name": name, "mime_prefix": "application/x/"}},
            )
            for name, text in values.items()
        ]
        if source is None:
            source = f"bind({', '.join(f'{name}={text}' for name, text in values.items())})"
        cells = [
            v4.new_markdown_cell(words, id="words", metadata={"numbers": numbers}),
            v4.new_code_cell(source, id="code", outputs=outputs, metadata={"tags": list(tags)}),
        ]
        path = tmp_path / "chapters" / "16_tried.ipynb"
        for folder in ("chapters", "byhand/questions", "tests"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "byhand/questions/16.toml").write_text(questions)
        (tmp_path / "tests/test_x.py").write_text("def test_x():\n    assert f() == 36\n")
        nbformat.write(v4.new_notebook(cells=cells), path)
        return stated.problems(path, root=tmp_path, **options)

    stated.tests.cache_clear()
    yield write
    stated.tests.cache_clear()


def test_a_chapter_whose_words_are_right_has_no_problem(chapter):
    assert chapter() == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"values": VALUES | {"wins": "8"}}, "'In 7 of' says 7, but wins is 8; write what"),
        ({"words": WORDS.replace("98.7", "98.9")}, "'98.7%' does not occur in the words"),
        (
            {"words": WORDS.replace("98.7", "98.9"), "numbers": {**NUMBERS, "98.9%": "share:%"}},
            "'98.9%' says 98.9, but share:% is 98.712",
        ),
        ({"values": {"wins": "7", "loss": "5.53"}}, "'share', which no cell of the page binds"),
        ({"source": ""}, "cell code: bind names [], and stored are ['loss', 'share', 'wins']; run"),
        ({"tags": ["nbval-ignore-output"]}, "bind in a cell that nbval does not compare"),
        ({"numbers": {**NUMBERS, "7 of 20": "wins"}}, "holds 2 numbers, '7' and '20'; shorten it"),
        ({"numbers": {**NUMBERS, "7 at": "wins"}}, "'7 at' holds no whole number; lengthen it"),
        ({"numbers": {**NUMBERS, "the share": "given"}}, "holds no whole number"),
        ({"numbers": {**NUMBERS, "of 20": "losses"}}, "'losses', which no cell of the page binds"),
        ({"numbers": {**NUMBERS, "7 of": "given"}}, "'7 of' and 'In 7 of'; lengthen one"),
        ({"words": f"{WORDS} In 7 of 9."}, "'In 7 of' occurs 2 times; lengthen it"),
        ({"numbers": {**NUMBERS, "of 20": "wins:k"}}, "'wins:k' is no name, name:% or given"),
        ({"numbers": {"In 7 of": "wins", "98.7%": "share:%"}}, "loss is bound, but no words state"),
        ({"numbers": {**NUMBERS, "of 20": "test_x"}}, "'test_x', which states no 20; name the"),
        ({"numbers": {**NUMBERS, "of 20": "test_y"}}, "'test_y', which is no test; name the"),
    ],
)
def test_what_is_wrong_is_found_and_named(chapter, changed, said):
    problems = chapter(**changed)
    assert any(said in problem for problem in problems), problems
    assert all(problem.startswith("16_tried") for problem in problems)


def test_given_numbers_may_occur_twice_and_a_test_may_compute_one(chapter):
    words = f"{WORDS} Again 20 runs. And 36."
    assert chapter(words, {**NUMBERS, "20 runs": "given", "And 36": "test_x"}) == []


def test_a_name_is_bound_once(chapter, tmp_path):
    chapter()
    path = tmp_path / "chapters/16_tried.ipynb"
    notebook = nbformat.read(path, as_version=4)
    again = v4.new_code_cell("bind(wins=7)", id="again", outputs=notebook.cells[1].outputs[:1])
    notebook.cells.append(again)
    nbformat.write(notebook, path)
    (problem,) = stated.problems(path, root=tmp_path)
    assert problem == (
        "16_tried, cell again: 'wins' is bound twice on this page; choose another name"
    )


QUESTION = """
[16-x]
question = "How many?"
answer = 7
right = "It wins in seven runs."
low = "Low."
high = "High."
"""


def test_feedback_and_answers_state_values_of_the_chapter(chapter):
    tied = '[16-x.numbers]\n"in seven" = "wins"\n"answer = 7" = "wins"\n'
    assert chapter(questions=QUESTION + tied) == []
    (problem,) = chapter(questions=(QUESTION + tied).replace("seven", "eight"))
    assert problem.startswith("questions/16, cell 16-x (feedback): 'in eight' says eight, but wins")
    (problem,) = chapter(questions=(QUESTION + tied).replace("= 7", "= 9"))
    assert problem.startswith("questions/16, cell 16-x (answer): 'answer = 9' says 9, but wins is")


EXERCISE = """
from byhand.exercises.checking import Exercise

A = Exercise(
    name="x",
    verifies="the wins",
    reference=lambda: 7,
    returns=("wins",),
    mistakes={},
    hints=("It wins in 7 of 20.",),
    numbers={"in 7 of": "wins"},
)
"""


def test_hints_state_values_of_the_chapter(chapter, tmp_path):
    path = tmp_path / "byhand/exercises/ch16.py"
    path.parent.mkdir(parents=True)
    path.write_text(EXERCISE)
    assert chapter() == []
    path.write_text(EXERCISE.replace("7 of", "8 of"))
    (problem,) = chapter()
    assert problem.startswith("exercises/ch16, cell x (hint): 'in 8 of' says 8, but wins is 7")


# What the scan asks a person


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("It reaches 98.7% of the test.", ["It reaches 98.7% of the test."]),
        ("He wins 7 of 20.", ["He wins 7 of 20.", "wins 7 of 20."]),
        ("It wins in seven of ten runs.", ["It wins in seven of ten runs."]),
        ("They are twice as fast.", ["They are twice as fast."]),
        ("It takes three times the work.", ["It takes three times the work."]),
        (r"The $X$ ends at $0.087$, lower.", ["… ends at 0.087, lower."]),
        (r"Here $\kappa = 2.31$.", ["Here …2.31."]),
        ("It holds 7,200 outputs.", ["It holds 7,200 outputs."]),
        ("The map has 7 × 7 pixels.", []),
        ("See chapters 11 to 13, section 12 and 8 by 8 pixels, in 2014.", []),
        ("Two inputs, one of them with the factor 1 and $3 \\times 3$ by VGG-16.", []),
        ("Turned by 180 degrees with $b = 0$, $x_{12}$ and `12`.", []),
    ],
)
def test_unbound_numbers_are_listed(tmp_path, words, found):
    path = tmp_path / "99_tried.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell(words)]), path)
    assert [finding.key for finding in scan_numbers.findings(path)] == found


def test_what_is_tied_is_listed_no_more(tmp_path):
    path = tmp_path / "99_tried.ipynb"
    cell = v4.new_markdown_cell("He wins 7 of 20.", metadata={"numbers": {"wins 7": "wins"}})
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    assert [finding.key for finding in scan_numbers.findings(path)] == ["wins 7 of 20."]
