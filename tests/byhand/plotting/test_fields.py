import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore import models
from dlcore.layers import Affine, Conv2d, Residual, conv2d_backward, conv2d_forward
from dlcore.network import Sequential


def seen(layers, n=80):
    """Return how many units of each layer one unit of the last layer depends on, by backprop."""
    caches, A = [], np.ones((1, 1, n, 1))
    for k, s, *d in layers:
        options = {"stride": (s, 1), "dilation": (*d, 1) if d else 1}
        A, cache = conv2d_forward(A, np.ones((1, 1, k, 1)), np.zeros(1), **options)
        caches.append(cache)
    dA = np.zeros_like(A)
    dA[0, 0, 0, 0] = 1
    counts = [1]
    for cache in reversed(caches):
        dA, *_ = conv2d_backward(dA, cache)
        counts.append(int(np.count_nonzero(dA)))
    return counts[::-1]


@pytest.mark.parametrize(
    "layers",
    [
        [(3, 1), (3, 1)],
        [(3, 2), (3, 1)],
        [(5, 1), (2, 2), (5, 1), (2, 2)],
        [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
        [(1, 1), (2, 3)],
        [(2, 3), (2, 1)],
    ],
)
def test_units_and_edges_are_those_that_count(layers, count, words):
    plotting.receptive_field(layers)
    units = [count(f"level {level}") for level in range(len(layers) + 1)]
    assert units == seen(layers)
    (edges,) = plt.gca().collections
    assert len(edges.get_segments()) == sum(
        n * k for n, (k, *_) in zip(units[1:], layers, strict=True)
    )


def test_the_numbers_are_the_widths_of_the_fields(words):
    plotting.receptive_field(models.lenet5_modern())
    assert [text for text in words() if text.endswith(" pixels")] == [
        "5 pixels", "6 pixels", "14 pixels", "16 pixels",
    ]  # fmt: skip
    assert ["conv1", "pool1", "conv2", "pool2"] == [
        text for text in words() if re.fullmatch(r"(conv|pool)\d", text)
    ]
    assert words().count("kernel 2, stride 2") == 2


def test_a_unit_stands_above_the_middle_of_its_field():
    plotting.receptive_field([(3, 2), (3, 1)])
    axis = plt.gca()
    pixels = [p.get_x() + p.get_width() / 2 for p in axis.patches if p.get_label() == "level 0"]
    (top,) = (p.center[0] for p in axis.patches if p.get_label() == "level 2")
    assert top == pytest.approx(np.mean(pixels))


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ([], ValueError, "got no layer with a window"),
        (Sequential(fc=Affine(2, 2)), ValueError, "got no layer with a window"),
        ([(3,)], TypeError, "layer 1 is (3,), expected (kernel, stride)"),
        ([(3, 1), 3], TypeError, "layer 2 is 3, expected (kernel, stride)"),
        ([(3, 0)], ValueError, "a kernel or stride is 0, expected"),
    ],
)
def test_errors(layers, error, message):
    with pytest.raises(error, match=r"^receptive_field: " + re.escape(message)):
        plotting.receptive_field(layers)


def test_a_network_inside_a_network_counts_and_a_branch_is_refused(count):
    conv = Conv2d(1, 1, 3)
    plotting.receptive_field(Sequential(a=Sequential(c=conv, d=conv), b=conv))
    assert count("level 0") == 7
    with pytest.raises(TypeError, match=r"^receptive_field: a is a Residual, expected layers one"):
        plotting.receptive_field(Sequential(a=Residual(Sequential(c=conv))))
