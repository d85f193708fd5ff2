"""``bind`` names values for the words of a page, and shows nothing."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import nbformat
import numpy as np
import pytest

from byhand import bind, words

ROOT = Path(__file__).parents[2]
CELL = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from byhand import bind
bind(loss=np.float32(5.53127), count=np.int64(62_378_344), tiny=2.04e-10, zero=-0.0)
"""
MIME = "application/papermill.record/text/plain"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (np.int64(62_378_344), "62378344"),
        (np.array(3), "3"),
        (0.123456789, "0.123457"),
        (np.float32(0.25), "0.25"),
        (12345678.0, "1.23457e+07"),
        (-0.0, "0"),
        (Fraction(1, 8), "0.125"),
    ],
)
def test_whole_numbers_are_stored_whole_and_others_to_six_digits(value, text):
    assert words._written("x", value) == text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.ones((2, 3)), r"bind: losses is ndarray of shape \(2, 3\), expected one real number"),
        (True, "bind: losses is bool, expected one real number"),
        (np.bool_(True), "expected one real number"),
        ("7", "bind: losses is str"),
        (1j, "bind: losses is complex"),
        (None, "bind: losses is NoneType"),
    ],
)
def test_what_is_no_number_is_refused(value, said):
    with pytest.raises(TypeError, match=said):
        bind(losses=value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match="expected a finite number; did the training diverge"):
        bind(loss=value)


def test_given_is_no_name():
    with pytest.raises(ValueError, match="'given' marks numbers without a value"):
        bind(given=7)


def test_a_script_prints_nothing(capsys):
    bind(wins=7)
    assert capsys.readouterr() == ("", "")


def test_the_stored_output_has_no_form_that_anything_shows(tmp_path):
    path = tmp_path / "tried.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_code_cell(CELL)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    program = [sys.executable, ROOT / "book" / "_tools" / "run_notebooks.py", path]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    outputs = nbformat.read(path, as_version=4).cells[0].outputs
    assert [list(output.data) for output in outputs] == [[MIME]] * 4
    assert {output.metadata.scrapbook.name: output.data[MIME] for output in outputs} == {
        "loss": "5.53127",
        "count": "62378344",
        "tiny": "2.04e-10",
        "zero": "0",
    }
