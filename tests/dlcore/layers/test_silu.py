"""The SiLU layer by hand."""

import math

import numpy as np

from dlcore.layers import SiLU, silu_backward, silu_forward


def test_by_hand():
    Z = math.log(3) * np.array([[-1.0, 0.0, 1.0]])
    A, cache = SiLU().forward({}, Z, train=True, rng=None)
    np.testing.assert_allclose(A, math.log(3) * np.array([[-0.25, 0, 0.75]]), rtol=1e-14)
    slope = [0.25 * (1 - 0.75 * math.log(3)), 0.5, 0.75 * (1 + 0.25 * math.log(3))]
    np.testing.assert_allclose(silu_backward(np.ones((1, 3)), cache), [slope], rtol=1e-14)


def test_far_out_it_is_zero_or_the_identity():
    large = np.finfo(float).max
    Z = np.array([-large, -800.0, 800.0, large])
    A, cache = silu_forward(Z)
    np.testing.assert_array_equal(A, [0, 0, 800, large])
    np.testing.assert_array_equal(silu_backward(np.ones(4), cache), [0, 0, 1, 1])
