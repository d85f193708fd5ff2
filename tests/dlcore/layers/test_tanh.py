"""The Tanh layer by hand."""

import math

import numpy as np

from dlcore.layers import tanh_backward, tanh_forward


def test_by_hand():
    A, cache = tanh_forward(np.array([[0.0, math.log(2)]]))
    np.testing.assert_allclose(A, [[0.0, 0.6]], rtol=1e-15)
    dZ = tanh_backward(np.array([[3.0, 100.0]]), cache)
    np.testing.assert_allclose(dZ, [[3.0, 64.0]], rtol=1e-14)  # 100 (1 - 0.36)
