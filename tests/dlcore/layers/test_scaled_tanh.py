"""The scaled tanh layer by hand."""

import math

import numpy as np

from dlcore.layers import ScaledTanh, scaled_tanh_backward, scaled_tanh_forward


def test_by_hand():
    Y, cache = scaled_tanh_forward(np.array([[0.0, math.log(2) / 0.5]]), A=5.0, S=0.5)
    np.testing.assert_allclose(Y, [[0, 3]], rtol=1e-15)  # 5 tanh(log 2) = 5 * 0.6
    dZ = scaled_tanh_backward(np.array([[1.0, 1.0]]), cache)
    np.testing.assert_allclose(dZ, [[2.5, 2.5 * 0.64]], rtol=1e-15)


def test_the_constants_of_lenet_map_one_to_one():
    Y, cache = scaled_tanh_forward(np.array([-1.0, 1.0, 1e4]))
    np.testing.assert_allclose(Y, [-1, 1, 1.7159], atol=1e-4)
    assert (ScaledTanh().A, ScaledTanh().S) == (1.7159, 2 / 3)
    assert 0.42 < scaled_tanh_backward(np.ones(3), cache)[1] < 1  # still steep at the targets
