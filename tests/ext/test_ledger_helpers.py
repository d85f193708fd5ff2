import pytest
from ledger_helpers import TestCode
from ledger_records import find_functions

MODULE = """
import numpy as np
import pytest
from tests.other import far as near
from tests.measure import worst_error

SLOPES = [lambda z: 1 - z**2, np.sign]
UNUSED = 1


@pytest.fixture
def batch():
    return shared()


def shared():
    return 1


def formula(x):
    return SLOPES[0](x) + near(x)


def forward(x):
    return x


class Drawn:
    pass


@pytest.mark.parametrize("n", [Drawn])
def test_all(ledger, batch, n):
    for forward in (1, 2):  # a name of its own, not the function
        ledger("loops", worst_error(formula(batch), np.abs(forward)), 0)


def test_none(ledger):
    ledger("loops", np.sum([formula for formula in (1, 2)]), 0)
"""
OTHER = """
def far(x):
    return deep(x)


def deep(x):
    return far(x)
"""


@pytest.fixture
def helpers(tmp_path):
    """Return a function that names what a test uses."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_it.py").write_text(MODULE)
    (tmp_path / "tests/other.py").write_text(OTHER)
    (tmp_path / "tests/measure.py").write_text("def worst_error(a, b):\n    return 0\n")
    tests = {function.name: function for function in find_functions(tmp_path, "tests")}
    return lambda name: TestCode(tmp_path).helpers(tests[name])


def test_all_that_is_reached_is_found_and_nothing_else(helpers):
    names = [helper.name for helper in helpers("test_all")]
    assert names == ["SLOPES", "batch", "shared", "formula", "Drawn", "far", "deep"]
    assert helpers("test_none") == []


def test_a_helper_comes_with_its_source_and_place(helpers):
    slopes, batch, *_, deep = helpers("test_all")
    assert slopes.source == "SLOPES = [lambda z: 1 - z**2, np.sign]"
    assert batch.source == "@pytest.fixture\ndef batch():\n    return shared()"
    assert batch.place == "tests/test_it.py:11–13"
    assert deep.place == "tests/other.py:6–7"
