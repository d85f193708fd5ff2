"""The loops, by hand: what everything else is compared with must be right itself."""

import math

import numpy as np
import pytest

from dlcore import reference


def test_affine():
    X, W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0]]), np.array([7.0])
    Z, cache = reference.affine_forward(X, W, b)
    np.testing.assert_array_equal(Z, [[24], [46]])
    dX, dW, db = reference.affine_backward(np.array([[1.0], [10.0]]), cache)
    np.testing.assert_array_equal(dX, [[5, 6], [50, 60]])
    np.testing.assert_array_equal(dW, [[31, 42]])
    np.testing.assert_array_equal(db, [11])


@pytest.mark.parametrize(
    ("name", "z", "a", "slope"),
    [
        ("sigmoid", math.log(3), 0.75, 3 / 16),
        ("sigmoid", -math.log(3), 0.25, 3 / 16),
        ("tanh", math.log(2), 0.6, 0.64),
        ("relu", 2.0, 2.0, 1.0),
        ("relu", -2.0, 0.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
    ],
)
def test_activations(name, z, a, slope):
    A, cache = getattr(reference, f"{name}_forward")(np.array([[z]]))
    np.testing.assert_allclose(A, [[a]], rtol=1e-15)
    dZ = getattr(reference, f"{name}_backward")(np.array([[2.0]]), cache)
    np.testing.assert_allclose(dZ, [[2 * slope]], rtol=1e-14)


def test_losses():
    s = np.array([0.0, math.log(3)])
    expected, gradient = (math.log(2) + math.log(4)) / 2, [-0.25, 0.375]
    for loss, y in ((reference.logistic, [1, 0]), (reference.logistic_pm1, [1, -1])):
        value, ds = loss(s, np.array(y))
        assert value == pytest.approx(expected, rel=1e-15)
        np.testing.assert_allclose(ds, gradient, rtol=1e-15)
    value, da = reference.binary_cross_entropy(np.array([0.5, 0.75]), np.array([1, 0]))
    assert value == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(da, [-1, 2], rtol=1e-15)
