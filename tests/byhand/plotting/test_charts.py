"""Every helper draws something and returns None, so that a cell that ends in one shows no text."""

import inspect

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand.plotting import charts, look

PLANE = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
CLASSES = np.array([0, 1, 1, 0])
GRID = np.arange(6.0).reshape(2, 3) - 2


def score(points):
    return points.sum(axis=1, keepdims=True) - 1


# What follows the axis, for those that take one.
ARGUMENTS = {
    "points": ((PLANE, CLASSES), {}),
    "boundary": ((score, PLANE, CLASSES), {}),
    "bent_plane": ((np.tanh, PLANE, CLASSES), {"score": score}),
    "curves": (({"a": [3, 2], "b": [2, 1]},), {"xlabel": "step", "ylabel": "cost"}),
    "step_errors": ((np.logspace(-3, 0, 4), {"law": (np.ones(4), np.ones(4))}), {}),
    "graph": (({"a": (0, 0), "b": (1, 1)}, [("a", "b")], {"a": "x", "b": "y"}), {}),
    "half_plane": (((2.0, -1.0), 0.5), {}),
    "matrix": ((GRID, "W"), {"scale": True}),
    "arrow": (((0, 0), (1, 1), "v"), {}),
    "chain": ((["affine"],), {"forward": "XZ", "backward": "xz", "gradients": {0: "dW"}}),
    "band": ((np.ones(3), np.ones(3)), {}),
    "descent": (
        (lambda p: (p**2).sum(axis=1), {"a": PLANE, "b": PLANE}),
        {"xlim": (-1, 2), "ylim": (-1, 2)},
    ),
    "strips": (({"a": [1.0, 2.0]}, {"a": 1.5}), {"xlabel": "cost"}),
    "numbers": ((GRID,), {"windows": [(0, 0, 1, 1)], "dropped": GRID < 0, "marked": GRID > 2}),
    "images": ((np.zeros((3, 1, 2, 2)), ["a", "b", "c"]), {}),
    "segments": (({"W": (2, 2), "b": (2,)},), {}),
    "difference_table": (({"A": {"W": 0.5, "b": 1e-9}},), {"columns": ["W", "b"]}),
    "shared_cells": (
        ({"batch": lambda i, j: i == 0}, (2, 3)),
        {"xlabel": "channel", "ylabel": "example"},
    ),
}


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    plt.close("all")
    yield
    plt.close("all")


def helpers():
    """Return the public functions of the module by name."""
    functions = inspect.getmembers(charts, inspect.isfunction)
    return {
        name: function
        for name, function in functions
        if function.__module__ == charts.__name__ and not name.startswith("_")
    }


def test_every_helper_is_drawn_here():
    assert set(helpers()) == set(ARGUMENTS)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_helper_draws_and_returns_none(name):
    function = helpers()[name]
    arguments, options = ARGUMENTS[name]
    if "axis" in inspect.signature(function).parameters:
        arguments = (plt.subplots()[1], *arguments)
    assert function(*arguments, **options) is None
    [number] = plt.get_fignums()
    drawn = [axis for axis in plt.figure(number).axes if axis.get_children()]
    assert any(a.lines or a.images or a.patches or a.texts or a.collections for a in drawn)
    plt.figure(number).canvas.draw()


def test_the_style_colors_lines_with_the_books_colors():
    with plt.rc_context():
        look.style()
        _, axis = plt.subplots()
        lines = [axis.plot([1, 2])[0].get_color() for _ in look.COLORS]
    assert lines == list(look.COLORS)


def test_the_sequential_map_gets_darker_all_the_way():
    light = look.SEQUENTIAL(np.linspace(0, 1, 50))[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert np.all(np.diff(light) < 0)
    assert light[0] < 0.95  # a line at the lowest level is seen on white


def test_the_diverging_map_is_white_in_the_middle():
    low, middle, high = look.DIVERGING([0.0, 0.5, 1.0])[:, :3]
    assert np.all(middle > 0.99)
    assert low[2] > low[0]  # blue below
    assert high[0] > high[2]  # orange above


def test_half_plane_has_its_arrow_on_the_border_and_pointing_to_the_orange_side():
    _, axis = plt.subplots()
    w, b = np.array([2.0, -1.0]), 0.5
    charts.half_plane(axis, w, b)
    head = axis.texts[-2] if axis.texts[-1].get_text() == "w" else axis.texts[-1]
    foot = np.array(head.xyann)
    assert abs(w @ foot + b) < 1e-12
    np.testing.assert_allclose(np.array(head.xy) - foot, w)
    assert {text.get_text() for text in axis.texts} >= {"z = -2", "z = 1", "w"}


@pytest.mark.parametrize(("w", "error"), [((1.0,), "shape"), ((0.0, 0.0), "no border")])
def test_half_plane_refuses_what_has_no_border(w, error):
    _, axis = plt.subplots()
    with pytest.raises(ValueError, match=error):
        charts.half_plane(axis, w, 0.0)
