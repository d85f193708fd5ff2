"""byhand with NumPy and tqdm alone: exercises answer, and figures say what they need."""

import subprocess
import sys

import pytest

EXTRAS = ("IPython", "anywidget", "ipywidgets", "matplotlib", "scipy", "sklearn", "traitlets")


def run(code):
    """Run code in a fresh Python without the extras, return what it prints."""
    code = f"import sys\nsys.modules.update(dict.fromkeys({EXTRAS}))\n{code}"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_exercises_and_results_need_none_of_the_extras():
    printed = run("""
import numpy as np
from byhand import check, hint, results
check("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
hint("sigmoid")
results.load("lenet")
""")
    assert "sigmoid" in printed
    assert "Hint 1 of" in printed


def test_a_lab_speaks_without_the_extras_and_a_question_asks():
    printed = run("""
from byhand import labs
print(labs.learning_rate().text())
print(labs.predict("03-first-cost")._repr_mimebundle_()["text/plain"])
""")
    assert "rate" in printed
    assert printed.endswith("(a number)\n")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("from byhand import plotting", "byhand.plotting: matplotlib"),
        ("from byhand import labs; labs.interact(print, x=1)", "interact: ipywidgets"),
        (
            "import os; os.environ['DLCORE_LABS'] = 'static'; "
            "from byhand import labs; labs.interact(print, x=1)",
            "interact: IPython",
        ),
        ("import byhand.labs.widget", "labs: anywidget"),
    ],
)
def test_what_needs_an_extra_says_how_to_install_it(code, error, monkeypatch):
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    attempt = f"try:\n    {code}\nexcept ImportError as error:\n    print(error)"
    assert run(attempt) == f"{error} is not installed; pip install dlcore[book]\n"
