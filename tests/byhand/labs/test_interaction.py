import enum

import ipywidgets
import pytest

from byhand.labs import interact
from byhand.labs.interaction import start_values


class Color(enum.Enum):
    RED = 1
    BLUE = 2


ABBREVIATIONS = [
    3,
    0,
    -2,
    2.5,
    True,
    "text",
    (0, 10),
    (1, 10),
    (-3, 4),
    (0.0, 1.0),
    (0, 1.0),
    (0, 10, 3),
    (1, 10, 4),
    (0.1, 2.0, 0.25),
    ["a", "b"],
    [("one", 1), ("two", 2)],
    {"one": 1, "two": 2},
    range(5, 9),
    ipywidgets.fixed(7),
]


def theirs(function, **abbreviations):
    """Return what ipywidgets starts with."""
    widget = ipywidgets.interactive(function, **abbreviations)
    values = dict(widget.kwargs)
    widget.close_all()
    return values


@pytest.mark.parametrize("abbreviation", ABBREVIATIONS, ids=lambda value: type(value).__name__)
def test_start_values_are_those_of_ipywidgets(abbreviation):
    def function(x):
        return None

    assert start_values(function, {"x": abbreviation}) == theirs(function, x=abbreviation)


@pytest.mark.parametrize(
    "abbreviation", [(0, 10), (5, 10), (0.0, 1.0), [1, 3, 5], [2, 4]], ids=repr
)
def test_defaults_are_used_as_by_ipywidgets(abbreviation):
    def function(x=3):
        return None

    assert start_values(function, {"x": abbreviation}) == theirs(function, x=abbreviation)


def test_defaults_annotations_and_keywords_without_abbreviation():
    def function(a, b=2, *, c: Color, **rest):
        return None

    given = {"a": (0, 4), "d": 5}
    assert start_values(function, dict(given)) == theirs(function, **given)


def test_a_parameter_without_a_control_is_an_error():
    with pytest.raises(ValueError, match="interact: no control fits x, which got"):
        start_values(lambda x: x, {"x": object()})


def test_static_runs_once_with_the_start_values(monkeypatch, capsys):
    monkeypatch.setenv("DLCORE_LABS", "static")
    seen = []

    def function(x, y="a"):
        seen.append((x, y))
        return x

    assert interact(function, x=(0, 10)) is function
    assert seen == [(5, "a")]
    assert capsys.readouterr().out == "5\n"
    decorated = interact(x=(0, 4))(function)
    assert decorated is function
    assert seen[1:] == [(2, "a")]


def test_live_is_ipywidgets(monkeypatch):
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    calls = []
    monkeypatch.setattr(ipywidgets, "interact", lambda *a, **k: calls.append((a, k)) or "theirs")
    assert interact(len, x=1) == "theirs"
    assert calls == [((len,), {"x": 1})]
