import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting.turning import _Steps
from dlcore.errors import ShapeError
from dlcore.layers import conv2d_backward, conv2d_forward


def test_half_a_turn_reverses_the_order_and_keeps_the_colors():
    plotting.turned([[1, 2, 3], [4, 5, -6]])
    axis = plt.gca()
    cells = [p for p in axis.patches if p.get_label() == "plain"]
    numbers = [text.get_text() for text in axis.texts][:12]
    assert numbers[:6] == ["1", "2", "3", "4", "5", "−6"]
    assert numbers[6:] == numbers[:6][::-1]
    colors = [cell.get_facecolor() for cell in cells]
    assert colors[6:] == colors[:6][::-1]
    assert len(set(colors)) == 6


def test_turned_wants_one_kernel():
    with pytest.raises(ShapeError, match=r"^turned: kernel has shape \(1, 2, 2\), expected \(kH"):
        plotting.turned(np.ones((1, 2, 2)))


GEOMETRIES = {  # n, k, stride, padding, dilation
    "plain": ((5, 4), (3, 2), 1, 0, 1),
    "point": ((4, 4), (1, 1), 2, 0, 1),
    "stride and remainder": ((6, 8), (3, 2), (2, 3), 0, 1),
    "stride beyond the kernel": ((9, 9), (2, 2), 4, 0, 1),
    "padding": ((5, 5), (3, 3), 2, 1, 1),
    "remainder beyond the padding": ((6, 7), (3, 3), 4, (1, 0), 1),
    "dilation": ((7, 8), (2, 3), (2, 1), 1, (3, 2)),
}


def steps_of(n, k, stride, padding, dilation):
    """Return a random upstream gradient and kernel, the options, and the gradient of the input."""
    rng = np.random.default_rng(0)
    X, W = np.ones((1, 1, *n)), rng.integers(-9, 9, (1, 1, *k)).astype(float)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    Z, cache = conv2d_forward(X, W, np.zeros(1), **options)
    dZ = rng.integers(-9, 9, Z.shape).astype(float)
    s, p, d = (np.broadcast_to(options[name], 2) for name in options)
    options["remainder"] = tuple(map(int, (n + 2 * p - (d * (np.array(k) - 1) + 1)) % s))
    return dZ[0, 0], W[0, 0], options, conv2d_backward(dZ, cache)[0][0, 0]


@pytest.mark.parametrize("name", GEOMETRIES)
def test_the_last_step_is_the_gradient(name):
    delta, kernel, options, dX = steps_of(*GEOMETRIES[name])
    plotting.backward_steps(delta, kernel, **options)
    numbers = [text.get_text() for text in plt.gca().texts if is_number(text)]
    assert numbers[-dX.size :] == [f"{value:g}".replace("-", "−") for value in dX.flat]


def is_number(text):
    return re.fullmatch(r"−?\d+", text.get_text()) is not None


@pytest.mark.parametrize("name", GEOMETRIES)
def test_zeros_are_counted(name, count):
    (oH, oW), (kH, kW) = (array.shape for array in steps_of(*GEOMETRIES[name])[:2])
    delta, kernel, options, dX = steps_of(*GEOMETRIES[name])
    plotting.backward_steps(delta, kernel, **options)
    (sH, sW), (pH, pW), (dH, dW) = (
        np.broadcast_to(options[key], 2) for key in ("stride", "padding", "dilation")
    )
    rH, rW = options["remainder"]
    tall, wide = (oH - 1) * sH + 1, (oW - 1) * sW + 1
    fH, fW = dH * (kH - 1), dW * (kW - 1)
    between = tall * wide - oH * oW
    around = (tall + 2 * fH + rH) * (wide + 2 * fW + rW) - tall * wide
    panels = 1 + (around > 0)  # those that show what is between: with the frame, and without
    gaps = panels * between + (fH + 1) * (fW + 1) - kH * kW
    assert count("inserted") == gaps + (gaps > 0)  # one more in the legend
    assert count("framed") == around + (around > 0)
    cut = (dX.shape[0] + 2 * pH) * (dX.shape[1] + 2 * pW) - dX.size
    assert count("cropped") == cut + (cut > 0)


def test_one_axis_by_hand(words):
    """The example of chapter 16: n = 6, k = 3, s = 2, r = 1."""
    plotting.backward_steps([10, 20], [1, 2, 3], stride=2, remainder=1)
    numbers = [text for text in words() if text.isdigit()]
    expected = "10 20  10 0 20  0 0 10 0 20 0 0 0  3 2 1  10 20 50 40 60 0"
    assert numbers == expected.split()
    assert "3. frame: 2 in front, 3 behind" in words()
    assert "in the dashed frame: 3·10 + 1·20 = 50" in words()


def test_one_axis_is_a_plane_of_one_row():
    line = _Steps(np.array([10.0, 20]), np.array([1.0, 2, 3]), 2, 1, 1, 1, None)
    plane = _Steps(np.array([[10.0, 20]]), np.array([[1.0, 2, 3]]), (1, 2), (0, 1), 1, (0, 1), None)
    np.testing.assert_array_equal(line.dX, plane.dX[0])
    assert line.sum() == plane.sum()


def test_what_stands_above_belongs_to_what_stands_below():
    """The sum at a place stands below the last number of its window, and below its own delta."""
    plotting.backward_steps([10, 20, 30], [1, 2, 3], position=1)
    windows = [p for p in plt.gca().patches if p.get_label() == "window 0"]
    result = next(p for p in plt.gca().patches if p.get_label() == "window 1")
    assert {(p.get_x(), p.get_width()) for p in windows} == {(windows[0].get_x(), 3)}
    assert result.get_x() == windows[0].get_x() + 2


def test_steps_in_which_nothing_happens_are_left_out(words):
    plotting.backward_steps([1, 2, 3], [4])
    assert [text for text in words() if re.match(r"\d\. ", text)] == [
        "1. $\\delta$", "2. turned kernel, laid on", "3. sum at every place",
    ]  # fmt: skip


def test_where_no_weight_meets_a_gradient_the_zeros_are_written_out(words):
    plotting.backward_steps([10, 20, 30], [1, 3], stride=2, dilation=3, position=6)
    assert "in the dashed frame: 3·0 + 0·30 + 0·0 + 1·0 = 0" in words()


def test_the_sum_is_that_of_the_position(words):
    plotting.backward_steps([[1, 2], [-1, 3]], [[1, 2], [3, -1]], position=(1, 1))
    assert "in the dashed frame: (−1)·1 + 3·2 + 2·(−1) + 1·3 = 6" in words()


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([1, 2], [[1]]), {}, ShapeError, "delta has shape (2,) and kernel (1, 1), expected two"),
        (([1, 2], [1]), {"remainder": 1}, ValueError, "remainder is 1, expected less than the s"),
        (([1, 2], [1]), {"padding": 1}, ValueError, "padding (1,) leaves nothing of the (2,) num"),
        (([1, 2], [1]), {"position": 2}, ValueError, "position is (2,), expected a place in the"),
        (([1, 2], [1]), {"stride": (1, 1)}, TypeError, "stride is (1, 1), expected a whole numb"),
    ],
)
def test_errors(arguments, options, error, message):
    with pytest.raises(error, match=r"^backward_steps: " + re.escape(message)):
        plotting.backward_steps(*arguments, **options)
