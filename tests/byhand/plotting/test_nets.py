import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting._canvas import BLUE, ORANGE
from dlcore.errors import ShapeError
from dlcore.layers import Affine, Conv2d, ReLU
from dlcore.network import Sequential

NET = Sequential(fc1=Affine(3, 4), relu1=ReLU(), fc2=Affine(4, 2))


def units(layer):
    """Count the circles of a layer."""
    return sum(p.get_label().startswith(f"unit {layer}.") for p in plt.gca().patches)


def edges():
    """Return the lines from unit to unit, by their labels."""
    return {line.get_label(): line for line in plt.gca().lines}


@pytest.mark.parametrize("layers", [[3, 4, 2], NET])
def test_a_circle_per_unit_and_a_line_per_weight(layers, count, words):
    plotting.network(layers)
    assert [units(layer) for layer in range(3)] == [3, 4, 2]
    assert len(edges()) == 3 * 4 + 4 * 2
    assert count("dots") == 0
    assert {"3", "4", "2"} <= set(words())


def test_large_layers_are_abbreviated_and_counted(count, words):
    plotting.network([784, 6, 1000], most=6)
    assert [units(layer) for layer in range(3)] == [5, 6, 5]
    assert count("dots") == 2 * 3
    assert set(words()) == {"784", "6", "1,000"}
    assert "0: 783 to 5" in edges()
    assert "0: 782 to 5" not in edges()


def test_the_sign_of_a_weight_shows_in_color_and_dashes_its_size_in_width():
    plotting.network([2, 1], weights=[np.array([[2.0, -1.0]])])
    positive, negative = edges()["0: 0 to 0"], edges()["0: 1 to 0"]
    assert (positive.get_color(), positive.get_linestyle()) == (ORANGE, "-")
    assert negative.get_color() == BLUE
    assert negative.is_dashed()
    assert positive.get_linewidth() > negative.get_linewidth()


def test_a_network_brings_names_and_weights(words):
    params = NET.init(np.random.default_rng(0))
    plotting.network(NET, weights=params)
    assert words()[1::2] == ["input", "fc1", "fc2"]
    for (i, j), w in np.ndenumerate(params["fc2.W"]):
        assert edges()[f"1: {j} to {i}"].get_color() == (ORANGE if w > 0 else BLUE)


def test_labels_of_units_stand_in_them(words):
    plotting.network([2, 1], units=[["$x_1$", "$x_2$"], None])
    assert words()[:2] == ["$x_1$", "$x_2$"]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plotting.network([3]), ValueError, "layers is [3], expected the inputs and"),
        (lambda: plotting.network([3, 0]), ValueError, "layers is 0, expected numbers of units"),
        (lambda: plotting.network([3, 2], names=["a"]), ValueError, "names has 1 entries, expec"),
        (lambda: plotting.network([3, 2], weights=[]), ValueError, "weights has 0 entries, exp"),
        (
            lambda: plotting.network([3, 2], weights=[np.ones((3, 2))]), ShapeError,
            "weights[0] has shape (3, 2), expected (2, 3), (D_out, D_in); transposed?",
        ),
        (
            lambda: plotting.network([9, 2], units=[["a"] * 9, ["b"]]), ValueError,
            "units[1] has 1 entries, expected 2",
        ),
        (
            lambda: plotting.network(Sequential(c=Conv2d(1, 2, 3))), TypeError,
            "no affine layers, expected some; volumes draws convolutions",
        ),
    ],
)  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=r"^network: .*" + re.escape(message)):
        call()


def test_a_network_inside_a_network_counts(words):
    net = Sequential(body=NET, last=Affine(2, 1))
    plotting.network(net, weights=net.init(np.random.default_rng(0)))
    assert words()[1::2] == ["input", "body.fc1", "body.fc2", "last"]
