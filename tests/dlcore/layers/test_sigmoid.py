"""The Sigmoid layer by hand."""

import math

import numpy as np

from dlcore.layers import sigmoid_backward, sigmoid_forward


def test_by_hand():
    A, cache = sigmoid_forward(np.array([[0.0, math.log(3)]]))
    np.testing.assert_allclose(A, [[0.5, 0.75]], rtol=1e-15)
    dZ = sigmoid_backward(np.array([[2.0, 16.0]]), cache)
    np.testing.assert_allclose(dZ, [[0.5, 3.0]], rtol=1e-15)  # 2/4, and 16 * 3/16


def test_the_derivative_is_one_quarter_at_most():
    _, cache = sigmoid_forward(np.linspace(-10, 10, 201))
    slope = sigmoid_backward(np.ones(201), cache)
    assert np.argmax(slope) == 100
    assert slope[100] == 0.25


def test_it_saturates():
    _, cache = sigmoid_forward(np.array([40.0, -800.0]))
    np.testing.assert_array_equal(sigmoid_backward(np.ones(2), cache), [0, 0])
