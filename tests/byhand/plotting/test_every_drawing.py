"""What every drawing must be: readable, the same each time, and on the axis that is asked for."""

import io
from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore import models
from dlcore.layers import Affine, Conv2d, GlobalAvgPool, ReLU
from dlcore.network import Sequential

MATRIX = np.array([[1.0, 2], [-1, 3]])
SMALL = Sequential(fc1=Affine(2, 5), relu1=ReLU(), fc2=Affine(5, 1))
SEPARABLE = Sequential(
    depthwise=Conv2d(8, 8, 3, padding=1, groups=8), pointwise=Conv2d(8, 16, 1),
    pool=GlobalAvgPool(), fc=Affine(16, 10),
)  # fmt: skip

JACOBIANS = {
    "outputs by inputs": (["$z_1$", "$z_2$"], ["$x_1$"], [["$w_1$"], [""]], [(0, 0, 1, 1)]),
    "wide": (["$z_1$"], [f"$x_{j}$" for j in range(8)], [["$w_{12}$"] * 8], []),
    "below": (["$a_1$"] * 4, ["$z_1$"] * 4, [["$\\varphi'_1$", "", "", ""]] * 4, []),
}
DRAWINGS = {
    "slopes": lambda **o: plotting.slope_graph(
        [["$x$"], ["$h_1$", "$h_2$"], ["$g_1$", "$g_2$", "$g_3$"], ["$f$"]],
        [[[1], [2]], [[1, 2], [0, 1], [-1, 1]], [[3, 1, 0]]],
        **o,
    ),
    "slopes, one path": lambda **o: plotting.slope_graph(
        [["$x$"], ["$g$"], ["$f$"]], [[[3]], [[-8.5]]], **o
    ),
    "layer jacobians": lambda **o: plotting.layer_jacobians(2, 3, **o),
    "jacobians": lambda **o: plotting.jacobians(JACOBIANS, **o),
    "network": lambda **o: plotting.network([3, 4, 2], names=["in", "hidden", "out"], **o),
    "network, large": lambda **o: plotting.network([784, 128, 64, 10], **o),
    "network, deep": lambda **o: plotting.network([2, 8, 8, 8, 8, 8, 3], most=8, **o),
    "path": lambda **o: plotting.path(
        [np.ones((3, 2)), np.ones((2, 3))], [1, 2, 0], slopes=[np.ones(3), np.ones(2)], **o
    ),
    "network, weights": lambda **o: plotting.network(
        SMALL, weights=SMALL.init(np.random.default_rng(0)), **o
    ),
    "LeNet-5, modern": lambda **o: plotting.volumes(models.lenet5_modern(), (1, 32, 32), **o),
    "LeNet-5": lambda **o: plotting.volumes(models.lenet5(), (1, 32, 32), **o),
    "AlexNet": lambda **o: plotting.volumes(models.alexnet(groups=2), (3, 227, 227), **o),
    "VGG-16": lambda **o: plotting.volumes(models.vgg16(), (3, 224, 224), **o),
    "separable": lambda **o: plotting.volumes(SEPARABLE, (8, 12, 30), **o),
    "kernel": lambda **o: plotting.kernel_on_image(5, 3, **o),
    "kernel, padding": lambda **o: plotting.kernel_on_image(
        6, 3, stride=2, padding=1, position=[(0, 0), (1, 2)], **o
    ),
    "kernel, remainder": lambda **o: plotting.kernel_on_image((5, 6), 3, stride=2, **o),
    "kernel, large": lambda **o: plotting.kernel_on_image(9, 3, dilation=2, padding=1, **o),
    "kernel, point": lambda **o: plotting.kernel_on_image(4, 1, stride=2, **o),
    "kernel, flat": lambda **o: plotting.kernel_on_image((3, 8), (1, 3), stride=(1, 4), **o),
    "kernel, all": lambda **o: plotting.kernel_on_image(2, 2, **o),
    "columns": lambda **o: plotting.im2col(3, 2, position=(0, 1), **o),
    "columns, padding": lambda **o: plotting.im2col(4, 3, padding=1, stride=2, **o),
    "columns, channels": lambda **o: plotting.im2col(3, 2, channels=2, **o),
    "columns, many": lambda **o: plotting.im2col(5, 3, **o),
    "columns, flat": lambda **o: plotting.im2col((3, 4), (1, 2), **o),
    "turned": lambda **o: plotting.turned(np.arange(1, 10).reshape(3, 3), **o),
    "turned, flat": lambda **o: plotting.turned([[1, 2, 3.5]], **o),
    "turned, point": lambda **o: plotting.turned([[7]], **o),
    "steps": lambda **o: plotting.backward_steps([10, 20], [1, 2, 3], stride=2, remainder=1, **o),
    "steps, crop": lambda **o: plotting.backward_steps([1, 2, 3], [1, 2, 3], padding=1, **o),
    "steps, point": lambda **o: plotting.backward_steps([1, 2, 3], [4], stride=2, **o),
    "steps, gaps": lambda **o: plotting.backward_steps(
        [1, 2], [1, 2], stride=3, remainder=2, **o
    ),
    "steps, dilation": lambda **o: plotting.backward_steps([1, 2, 3], [1, 2], dilation=2, **o),
    "plane": lambda **o: plotting.backward_steps(MATRIX, [[1, 2], [3, -1]], **o),
    "plane, everything": lambda **o: plotting.backward_steps(
        MATRIX, np.arange(1, 10).reshape(3, 3), stride=2, padding=1, remainder=1, **o
    ),
    "plane, flat": lambda **o: plotting.backward_steps(MATRIX, [[1, 2, 3]], stride=(1, 2), **o),
    "plane, point": lambda **o: plotting.backward_steps(MATRIX, [[5]], stride=2, **o),
    "field": lambda **o: plotting.receptive_field([(3, 1), (3, 1)], **o),
    "field, LeNet-5": lambda **o: plotting.receptive_field(models.lenet5_modern(), **o),
    "field, AlexNet": lambda **o: plotting.receptive_field(models.alexnet(), **o),
    "field, dilation": lambda **o: plotting.receptive_field(
        [(3, 1, 1), (3, 1, 2), (3, 1, 4)], **o
    ),
    "axis": lambda **o: plotting.one_axis(6, 3, **o),
    "axis, stride": lambda **o: plotting.one_axis(5, 3, stride=2, padding=1, **o),
    "axis, nothing": lambda **o: plotting.one_axis(6, 2, stride=3, pixel=2, **o),
    "axis, dilation": lambda **o: plotting.one_axis(7, 3, dilation=2, padding=2, **o),
    "six": lambda **o: plotting.six_indices(5, 3, stride=2, padding=1, **o),
    "six, one filter": lambda **o: plotting.six_indices(4, 2, filters=1, **o),
    "six, flat": lambda **o: plotting.six_indices((5, 6), (3, 1), stride=(2, 1), **o),
    "six, nothing": lambda **o: plotting.six_indices(6, 3, stride=4, pixel=(3, 3), **o),
    "roles": plotting.index_roles,
    "grid": lambda **o: plotting.filter_grid(2, 3, **o),
    "grid, groups": lambda **o: plotting.filter_grid(4, 4, groups=2, **o),
    "grid, depthwise": lambda **o: plotting.filter_grid(3, 3, n=3, k=3, groups=3, **o),
    "grid, small": lambda **o: plotting.filter_grid(1, 1, n=2, k=1, **o),
}  # fmt: skip

every = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=list(DRAWINGS))


def texts():
    """Return the texts of the current figure that are not empty."""
    return [text for text in plt.gcf().findobj(mpl.text.Text) if text.get_text()]


@every
def test_words_are_large_inside_and_apart(draw):
    assert draw() is None
    figure = plt.gcf()
    figure.draw_without_rendering()
    whole, boxes = figure.bbox, {}
    for text in texts():
        assert text.get_fontsize() >= 8, f"small: {text.get_text()!r}"
        box = text.get_window_extent()
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, f"cut off: {text.get_text()!r}"
        assert whole.y0 <= box.y0 <= box.y1 <= whole.y1, f"cut off: {text.get_text()!r}"
        boxes[text] = box
    for one, other in combinations(boxes, 2):
        a, b = boxes[one], boxes[other]
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one.get_text()!r} lies on {other.get_text()!r}"


@every
def test_pictures_fit_a_page_and_stay_large_on_a_phone(draw):
    draw()
    wide, _ = plt.gcf().get_size_inches()
    assert wide <= 7.01
    phone = 330 / max(330, wide * plt.rcParams["figure.dpi"])
    smallest = min(text.get_fontsize() for text in texts()) * plt.rcParams["figure.dpi"] / 72
    assert smallest * phone >= 6, f"{smallest * phone:.1f} pixels"


@every
def test_nothing_leaves_the_canvas(draw):
    draw()
    axis = plt.gca()
    (left, right), (bottom, top) = axis.get_xlim(), axis.get_ylim()
    for thing in [*axis.patches, *axis.lines]:
        is_patch = isinstance(thing, mpl.patches.Patch)
        path = thing.get_patch_transform().transform_path(thing.get_path()) if is_patch else None
        corners = path.vertices if is_patch else thing.get_xydata()
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        assert left <= x0 <= x1 <= right
        assert top <= y0 <= y1 <= bottom


@pytest.mark.parametrize(
    "name",
    ["network, weights", "LeNet-5", "kernel, padding", "columns", "turned", "steps, crop", "plane",
     "field", "axis", "six", "roles", "slopes", "jacobians"],
)  # fmt: skip
def test_a_picture_is_the_same_each_time(name):
    draw, files = DRAWINGS[name], []
    for _ in range(2):
        draw()
        with plt.rc_context({"svg.hashsalt": "book"}):
            plt.savefig(file := io.StringIO(), format="svg", metadata={"Date": None})
        files.append(file.getvalue())
        plt.close()
    assert files[0] == files[1]


@every
def test_a_given_axis_is_drawn_on(draw):
    figure, axes = plt.subplots(1, 2, figsize=(14, 9))
    assert draw(axis=axes[1]) is None
    assert plt.get_fignums() == [figure.number]
    assert not axes[0].patches
    assert axes[1].patches
