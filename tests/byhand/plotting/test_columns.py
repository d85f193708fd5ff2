import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore.errors import ShapeError


def cells():
    """Return (x, y, text) of every text that is a number."""
    texts = [text for text in plt.gca().texts if text.get_text().isdigit()]
    return [(*text.get_position(), int(text.get_text())) for text in texts]


def matrix(rows, columns):
    """Return the numbers of the matrix that is drawn below the image, and how many are above."""
    found = sorted((y, x, number) for x, y, number in cells())
    below = found[-rows * columns :]
    return np.array([number for *_, number in below]).reshape(rows, columns), len(found)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_matrix_holds_the_windows(channels):
    plotting.im2col((4, 5), (2, 3), stride=(1, 2), channels=channels)
    image = np.arange(channels * 20).reshape(channels, 4, 5)
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 3), axis=(1, 2))[:, :, ::2]
    expected = windows.transpose(0, 3, 4, 1, 2).reshape(channels * 6, -1)
    found, total = matrix(channels * 6, 6)
    np.testing.assert_array_equal(found, expected)
    assert total == image.size + expected.size


def test_a_pixel_keeps_its_color_and_others_have_their_own():
    plotting.im2col(3, 2)
    patches = {p.get_xy(): p.get_facecolor() for p in plt.gca().patches if p.get_label() == "plain"}
    colors = {}
    for x, y, number in cells():
        colors.setdefault(number, set()).add(patches[x - 0.5, y - 0.5])
    assert all(len(of_pixel) == 1 for of_pixel in colors.values())
    assert len(set.union(*colors.values())) == 9


def test_padding_and_dilation(count):
    plotting.im2col(3, 2, padding=1, dilation=2)
    found, _ = matrix(4, 9)
    padded = np.pad(np.arange(9).reshape(3, 3), 1)
    taps = [padded[i : i + 3, j : j + 3].ravel() for i in (0, 2) for j in (0, 2)]
    np.testing.assert_array_equal(found, taps)
    inside = np.pad(np.ones((3, 3)), 1)
    zeros = sum(np.sum(inside[i : i + 3, j : j + 3] == 0) for i in (0, 2) for j in (0, 2))
    assert count("framed") == 16 + zeros


def test_the_window_and_its_column_are_framed():
    plotting.im2col(4, 3, channels=2, position=(1, 0))
    frames = [p for p in plt.gca().patches if p.get_label() == "window 0"]
    assert [(p.get_width(), p.get_height()) for p in frames] == [(3, 3), (3, 3), (1, 18)]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plotting.im2col(2, 3), ShapeError, "a kernel that covers (3, 3) does not fit"),
        (lambda: plotting.im2col(3, 2, channels=3), ValueError, "channels is 3, expected a whole"),
        (lambda: plotting.im2col(3, 2, position=(0, 2)), ValueError, "position is (0, 2), expec"),
        (lambda: plotting.im2col(3.5, 2), ValueError, "n is 3.5, expected an int"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=r"^im2col: " + re.escape(message)):
        call()
