"""LeNet-5's output by hand, and its errors."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.initializers import zeros
from dlcore.layers import RBF, rbf_backward, rbf_forward


def test_by_hand():
    X, W = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [-1.0, 1.0], [1.0, 2.0]])
    Z, cache = rbf_forward(X, W)
    np.testing.assert_array_equal(Z, [[4, 5, 0]])
    dX, dW = rbf_backward(np.array([[1.0, 10.0, 100.0]]), cache)
    np.testing.assert_array_equal(dX, [[40, 24]])
    np.testing.assert_array_equal(dW, [[0, -4], [-40, -20], [0, 0]])


def test_close_codes_are_told_apart_far_from_zero():
    X = np.array([[1e8, 1e8]])
    np.testing.assert_array_equal(rbf_forward(X, X + 0.5)[0], [[0.5]])


@pytest.mark.parametrize(
    ("X", "W", "message"),
    [
        ((5, 3), (3, 10), r"X has 3 columns but W expects 10 .*; did you pass W transposed\?"),
        ((5, 1, 3), (10, 3), r"X has shape \(5, 1, 3\), expected 2 axes"),
        ((5, 3), (3,), r"W has shape \(3,\), expected 2 axes \(D_out, D_in\); a single code"),
    ],
)
def test_shapes_that_do_not_fit(X, W, message):
    with pytest.raises(ShapeError, match=f"^rbf_forward: {message}"):
        rbf_forward(np.ones(X), np.ones(W))


def test_start_values():
    assert RBF(3, 2).init(np.random.default_rng(0))["W"].std() > 0
    assert not RBF(3, 2, zeros).init(np.random.default_rng(0))["W"].any()
