"""The leaky ReLU layer by hand."""

import numpy as np

from dlcore.layers import LeakyReLU, leaky_relu_backward, leaky_relu_forward


def test_by_hand():
    A, cache = leaky_relu_forward(np.array([[-2.0, 0.0, 1e-300, 3.0]]), 0.25)
    np.testing.assert_array_equal(A, [[-0.5, 0, 1e-300, 3]])
    dZ = leaky_relu_backward(np.array([[1.0, 2.0, 3.0, 4.0]]), cache)
    np.testing.assert_array_equal(dZ, [[0.25, 0.5, 3, 4]])  # the derivative at 0 is alpha


def test_a_hundredth_by_default():
    np.testing.assert_array_equal(leaky_relu_forward(np.array([-2.0]))[0], [-0.02])
    assert LeakyReLU().alpha == 0.01


def test_a_slope_above_one_is_no_maximum():
    np.testing.assert_array_equal(leaky_relu_forward(np.array([-1.0, 1.0]), 2.0)[0], [-2, 1])
