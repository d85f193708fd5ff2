import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting._canvas import FRAMES
from dlcore.errors import ShapeError
from dlcore.layers import conv2d_backward, conv2d_forward


def shaded(k):
    """Count the cells with the k-th frame's color, its output cell among them."""
    color = plt.matplotlib.colors.to_rgba(FRAMES[k][2])
    return sum(p.get_facecolor() == color for p in plt.gca().patches)


@pytest.mark.parametrize(
    ("n", "k", "options"),
    [
        ((5, 5), (3, 3), {}),
        ((6, 6), (3, 3), {"stride": 2, "padding": 1}),
        ((5, 6), (3, 3), {"stride": 2}),
        ((4, 4), (1, 1), {"stride": 2}),
        ((3, 8), (1, 3), {"stride": (1, 4)}),
        ((9, 7), (3, 2), {"dilation": (2, 3), "padding": (0, 1)}),
    ],
)
def test_cells_are_those_of_the_convolution(n, k, options, count, words):
    """Padded, unread and read cells are counted as conv2d and its gradient see them."""
    X, W = np.ones((1, 1, *n)), np.ones((1, 1, *k))
    Z, cache = conv2d_forward(X, W, np.zeros(1), **options)
    dX, *_ = conv2d_backward(np.ones_like(Z), cache)
    plotting.kernel_on_image(n, k, **options)
    p = np.broadcast_to(options.get("padding", 0), 2)
    padding = (n[0] + 2 * p[0]) * (n[1] + 2 * p[1]) - n[0] * n[1]
    unread = np.sum(dX == 0)
    assert count("framed") == padding + (padding > 0)  # and a sample of each in the legend
    assert count("cropped") == unread + (unread > 0)
    assert count("plain") == np.sum(dX > 0) + Z.size
    assert words().count("0") == padding
    assert f"output {Z.shape[2]} × {Z.shape[3]}" in words()
    assert shaded(0) == k[0] * k[1] + 1


def test_every_position_has_a_frame_on_the_image_and_one_on_the_output(count):
    plotting.kernel_on_image(7, 3, stride=2, position=[(0, 0), (1, 1), (2, 2)])
    for k in range(3):
        assert count(f"window {k}") == 2 + (k == 0)  # the image's own border
    frames = [p for p in plt.gca().patches if p.get_label() == "window 1"]
    assert [(p.get_width(), p.get_height()) for p in frames] == [(3, 3), (1, 1)]


def test_a_dilated_window_is_framed_whole_and_read_in_part():
    plotting.kernel_on_image(7, 3, dilation=2)
    frame = next(p for p in plt.gca().patches if p.get_label() == "window 0" and not p.get_fill()
                 and p.get_width() == 5)  # fmt: skip
    assert frame.get_height() == 5
    assert shaded(0) == 9 + 1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plotting.kernel_on_image(3, 5), ShapeError, "a kernel that covers (5, 5) does no"),
        (lambda: plotting.kernel_on_image(5, 3, stride=0), ValueError, "stride is 0, expected an "),
        (
            lambda: plotting.kernel_on_image(5, 3, position=(3, 0)), ValueError,
            "position is (3, 0), expected a row and a column of the output of (3, 3)",
        ),
        (
            lambda: plotting.kernel_on_image(5, 3, position=[(0, 0)] * 4), ValueError,
            "got 4 positions, expected 1 to 3",
        ),
    ],
)  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=r"^kernel_on_image: " + re.escape(message)):
        call()
