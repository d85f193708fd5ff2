"""What the matrices of a singular value decomposition do to a square."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore.errors import ShapeError

W = np.array([[1.6, -0.9], [0.9, 0.5]])


def labels(axes):
    return [axis.get_xlabel() for axis in axes]


def test_a_square_along_the_axes_becomes_a_parallelogram():
    _, axes = plt.subplots(1, 4)
    assert plotting.svd_squares(axes, W) is None
    assert labels(axes) == ["1.000 and 1.000\n90.0°"] * 2 + ["1.836 and 1.030\n121.6°"] * 2


def test_a_square_along_v_becomes_a_rectangle_with_the_singular_values():
    _, axes = plt.subplots(1, 4)
    plotting.svd_squares(axes, W, aligned=True)
    assert labels(axes) == ["1.000 and 1.000\n90.0°"] * 2 + ["1.933 and 0.833\n90.0°"] * 2


def test_the_last_panel_is_the_image_under_w():
    _, axes = plt.subplots(1, 4)
    plotting.svd_squares(axes, W)
    (drawn,) = axes[3].patches
    np.testing.assert_allclose(drawn.get_xy()[1], W[:, 0])
    np.testing.assert_allclose(drawn.get_xy()[3], W[:, 1])


def test_errors_say_what_is_wrong():
    _, axes = plt.subplots(1, 3)
    with pytest.raises(ValueError, match="got 3 axes"):
        plotting.svd_squares(axes, W)
    with pytest.raises(ShapeError, match=r"expected \(2, 2\)"):
        plotting.svd_squares(axes, W[:1])
