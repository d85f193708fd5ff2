"""The lines and shares of hidden units."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore import datasets
from dlcore.errors import ShapeError

X, Y = datasets.planar_flower(np.random.default_rng(0), 60)
W1 = np.array([[2.0, 0.0], [0.0, -1.0], [1.0, 1.0]])
B1, W2, B2 = np.array([1.0, 0.0, -3.0]), np.array([[1.0, -2.0, 0.5]]), np.array([0.25])


def test_each_line_is_where_its_unit_is_zero():
    _, axis = plt.subplots()
    axis.set(xlim=(-3, 3), ylim=(-2, 2))
    plotting.unit_lines(axis, W1, B1)
    assert axis.get_xlim() == (-3, 3)
    assert axis.get_ylim() == (-2, 2)
    assert [line.get_label() for line in axis.lines] == ["unit 1", "unit 2", "unit 3"]
    for line, w, b in zip(axis.lines, W1, B1, strict=True):
        for point in (line.get_xy1(), line.get_xy2()):
            assert w @ point + b == pytest.approx(0)


def test_a_unit_without_weights_has_no_line():
    _, axis = plt.subplots()
    plotting.unit_lines(axis, np.zeros((1, 2)), np.ones(1))
    assert len(axis.lines) == 0


def test_a_panel_for_each_unit_and_one_for_the_sum():
    assert plotting.unit_shares(W1, B1, W2, B2, X, Y) is None
    titles = [axis.get_title() for axis in plt.gcf().axes]
    assert titles == ["unit 1, times 1", "unit 2, times -2", "unit 3, times 0.5", "the sum of all"]


def test_the_colors_are_the_shares():
    plotting.unit_shares(W1, B1, W2, B2, X, Y)
    for unit, axis in enumerate(plt.gcf().axes[:3]):
        (picture,) = axis.images
        left, right, foot, head = picture.get_extent()
        values = picture.get_array()
        for row, column in ((0, 0), (119, 0), (40, 119)):
            place = np.array(
                [left + (right - left) * column / 119, foot + (head - foot) * row / 119]
            )
            share = W2[0, unit] * np.tanh(W1[unit] @ place + B1[unit])
            assert values[row, column] == pytest.approx(share)
        assert picture.get_clim() == (-2, 2)


def test_relu_units_and_many_of_them():
    net = np.resize(W1, (4, 2)), np.zeros(4), np.ones((1, 4)), B2
    plotting.unit_shares(*net, X, Y, activation=lambda z: np.maximum(z, 0))
    axes = plt.gcf().axes
    assert len(axes) == 6
    assert not axes[5].axison
    assert axes[0].images[0].get_array().min() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: plotting.unit_lines(plt.gca(), np.ones((2, 3)), np.ones(2)),
            "unit_lines: W is (2, 3) and b (2,), expected (H, 2) and (H,): a line needs two inputs",
        ),
        (
            lambda: plotting.unit_lines(plt.gca(), np.ones((2, 2)), np.ones(3)),
            "unit_lines: W is (2, 2) and b (3,)",
        ),
        (
            lambda: plotting.unit_shares(W1, B1, W2.T, B2, X, Y),
            "unit_shares: W1 is (3, 2) and W2 (3, 1), expected (3, 2) and (1, 3)",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(ShapeError, match="^" + re.escape(message)):
        call()
