"""The ELU layer by hand."""

import math

import numpy as np

from dlcore.layers import ELU, elu_backward, elu_forward


def test_by_hand():
    A, cache = elu_forward(np.array([[-math.log(2), 0.0, 3.0]]), 4.0)
    np.testing.assert_allclose(A, [[-2, 0, 3]], rtol=1e-15)  # 4 (1/2 - 1)
    dZ = elu_backward(np.array([[1.0, 2.0, 3.0]]), cache)
    np.testing.assert_allclose(dZ, [[2, 8, 3]], rtol=1e-15)  # the derivative at 0 is alpha
    assert ELU().alpha == 1


def test_small_values_keep_their_digits():
    np.testing.assert_allclose(elu_forward(np.array([-1e-20]))[0], [-1e-20], rtol=1e-15)


def test_it_levels_off_at_minus_alpha():
    A, cache = elu_forward(np.array([-800.0, -1e4, -1e308]), 0.5)
    np.testing.assert_array_equal(A, [-0.5] * 3)
    np.testing.assert_array_equal(elu_backward(np.ones(3), cache), np.zeros(3))
