import enum
import re
from collections.abc import Mapping
from fractions import Fraction
from numbers import Integral, Real

import ipywidgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from byhand.labs import interact
from byhand.labs.interaction import start_values


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Word(str, enum.Enum):  # noqa: UP042, its str() is "Word.ONE"
    ONE = "one"


class Table(Mapping):
    """A mapping that is no dict."""

    def __getitem__(self, key):
        return {"one": 1, "two": 2}[key]

    def __iter__(self):
        return iter(["one", "two"])

    def __len__(self):
        return 2


ABBREVIATIONS = [
    3,
    0,
    -2,
    2.5,
    True,
    "text",
    "",
    np.int64(3),
    np.float32(2.5),
    Fraction(1, 3),
    float("inf"),
    -float("inf"),
    Level.HIGH,
    Word.ONE,
    (0, 10),
    (1, 10),
    (-3, 4),
    (2, 2),
    (0.0, 1.0),
    (0, 1.0),
    (False, True),
    (np.int64(0), np.int64(5)),
    (np.float32(0), np.float32(5)),
    (Fraction(1, 3), 1),
    (0, 10, 3),
    (1, 10, 4),
    (1, 4, 0.5),
    (0, 10, 2.5),
    (0, 4, 100),
    (0.1, 2.0, 0.25),
    ["a", "b"],
    ["ab", "cd"],
    [("one", 1), ("two", 2)],
    [["one", 1], ["two", 2]],
    [("one", 1), 2],
    [],
    {"one": 1, "two": 2},
    {},
    Table(),
    range(5, 9),
    np.array([1.5, 2.5]),
    str,
    bool,
    int,
    float,
    Integral,
    Real,
    Color,
    Level,
    ipywidgets.fixed(7),
    ipywidgets.fixed((0, 10)),
]
REFUSED = [
    None,
    float("nan"),
    1j,
    np.bool_(True),
    Color.RED,
    object(),
    list,
    ipywidgets.IntSlider,
    (),
    (1,),
    (1, 2, 3, 4),
    ("a", "b"),
    (1, "b"),
    (5, 1),
    (0, 10, 0),
    (0, 10, -1),
    (0.0, float("nan")),
    (-float("inf"), float("inf")),
]
RANGES = [
    (0, 10),
    (5, 10),
    (0.0, 1.0),
    (0.1, 5),
    (0, 5.5),
    (0, 10, 4),
    (0, 10, 2.5),
    [1, 3, 5],
    [2, 4],
    [1.0, 3.0],
    [("one", 1), ("three", 3)],
    {"one": 1, "three": 3},
    [],
    [None, 3],
    [[1, 2], [3, 4]],
    [np.zeros(1), np.ones(1)],
    int,
    3,
    "text",
]
DEFAULTS = [
    3, 2.5, 0.05, 7.9, -1, 1e9, -1e9, True, "3", "2.5", "three", None, 1j, np.float32(2.5),
    np.int64(3), float("nan"), float("inf"), [1, 2], (0, 10), Fraction(7, 2), np.ones(1),
]  # fmt: skip


def named(value):
    """Return a value's repr as it is in every process."""
    return re.sub(" at 0x[0-9a-f]+", "", repr(value))


def theirs(function, **abbreviations):
    """Return what ipywidgets starts with."""
    widget = ipywidgets.interactive(function, **abbreviations)
    values = dict(widget.kwargs)
    widget.close_all()
    return values


def assert_same(ours, theirs):
    assert repr(ours) == repr(theirs)  # also of the same types; nan is nan
    assert {name: type(value) for name, value in ours.items()} == {
        name: type(value) for name, value in theirs.items()
    }


@pytest.mark.parametrize("abbreviation", ABBREVIATIONS, ids=named)
def test_start_values_are_those_of_ipywidgets(abbreviation):
    def function(x):
        return None

    assert_same(start_values(function, {"x": abbreviation}), theirs(function, x=abbreviation))


def test_a_widget_starts_with_its_value():
    def function(x, y):
        return None

    slider = ipywidgets.IntSlider(4)
    several = ipywidgets.SelectMultiple(options=[1, 2, 3], value=[1, 3])
    assert start_values(function, {"x": slider, "y": several}) == {"x": 4, "y": (1, 3)}
    assert theirs(function, x=slider, y=several) == {"x": 4, "y": (1, 3)}


@pytest.mark.parametrize("abbreviation", REFUSED, ids=named)
def test_what_ipywidgets_refuses_is_refused(abbreviation):
    def function(x):
        return None

    with pytest.raises(ValueError, match=r"^interact: .*x.*expected"):
        start_values(function, {"x": abbreviation})
    with pytest.raises(ValueError, match=r"cannot be transformed|must be|cannot convert"):
        theirs(function, x=abbreviation)


@pytest.mark.parametrize("abbreviation", RANGES, ids=named)
@pytest.mark.parametrize("default", DEFAULTS, ids=named)
def test_defaults_are_used_as_by_ipywidgets(abbreviation, default):
    def function(x=default):
        return None

    assert_same(start_values(function, {"x": abbreviation}), theirs(function, x=abbreviation))


NUMBERS = st.integers(-1000, 1000) | st.floats(-1000, 1000)


@given(ends=st.tuples(NUMBERS, NUMBERS).map(sorted), step=NUMBERS.map(abs), default=NUMBERS)
def test_any_slider_starts_as_in_ipywidgets(ends, step, default):
    def function(x, y=default):
        return None

    for abbreviation in [tuple(ends), (*ends, step + 1)]:
        given = {"x": abbreviation, "y": abbreviation}
        assert_same(start_values(function, given), theirs(function, **given))


def test_defaults_annotations_and_keywords_without_abbreviation():
    def function(a, b=2, *ignored, c: Color, **rest):
        return None

    given = {"a": (0, 4), "d": 5}
    assert_same(start_values(function, dict(given)), theirs(function, **given))


def test_a_default_can_be_the_abbreviation():
    def function(a=(0, 10), b=["x", "y"], c=(0.5, 1)):  # noqa: B006, nobody changes it
        return None

    assert_same(start_values(function, {}), theirs(function))


def test_options_of_ipywidgets_and_unknown_names_are_left_out():
    def function(a):
        return None

    given = {"a": 1, "typo": 2, "clear_output": False}
    assert_same(start_values(function, dict(given)), theirs(function, **given))


def test_a_function_without_a_signature_takes_every_abbreviation():
    given = {"a": (0, 10), "b": [1, 2]}
    assert_same(start_values(dict, dict(given)), theirs(dict, **given))


def test_a_parameter_without_a_control_is_an_error():
    with pytest.raises(ValueError, match="interact: no control fits x, which got"):
        start_values(lambda x: x, {"x": object()})
    with pytest.raises(ValueError, match="interact: no control fits x, which got"):
        start_values(lambda x: x, {})


def test_static_runs_once_with_the_start_values(monkeypatch, capsys):
    monkeypatch.setenv("DLCORE_LABS", "static")
    seen = []

    def function(x, y="a"):
        seen.append((x, y))
        return x

    assert interact(function, x=(0, 10)) is None  # a cell may end in it
    assert seen == [(5, "a")]
    assert capsys.readouterr().out == "5\n"
    decorated = interact(x=(0, 4))(function)
    assert decorated is function
    assert seen[1:] == [(2, "a")]


def test_live_is_ipywidgets(monkeypatch):
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    calls = []
    monkeypatch.setattr(ipywidgets, "interact", lambda *a, **k: calls.append((a, k)) or "theirs")
    assert interact(len, x=1) is None
    assert interact(x=2)(len) is len
    assert calls == [((len,), {"x": 1}), ((len,), {"x": 2})]
