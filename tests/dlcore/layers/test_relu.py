"""The ReLU layer by hand."""

import numpy as np

from dlcore.layers import relu_backward, relu_forward


def test_by_hand():
    A, cache = relu_forward(np.array([[-2.0, -0.0, 0.0, 1e-300, 3.0]]))
    np.testing.assert_array_equal(A, [[0, 0, 0, 1e-300, 3]])
    dZ = relu_backward(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]]), cache)
    np.testing.assert_array_equal(dZ, [[0, 0, 0, 4, 5]])  # the derivative at 0 is 0
