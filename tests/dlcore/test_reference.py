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


@pytest.mark.parametrize(
    ("name", "z", "options", "a", "slope"),
    [
        ("leaky_relu", -2.0, {"alpha": 0.25}, -0.5, 0.25),
        ("leaky_relu", 2.0, {"alpha": 0.25}, 2.0, 1.0),
        ("leaky_relu", 0.0, {}, 0.0, 0.01),
        ("elu", -math.log(2), {"alpha": 4.0}, -2.0, 2.0),
        ("elu", 3.0, {}, 3.0, 1.0),
        ("scaled_tanh", 2 * math.log(2), {"A": 5.0, "S": 0.5}, 3.0, 2.5 * 0.64),
    ],
)
def test_activations_with_constants(name, z, options, a, slope):
    A, cache = getattr(reference, f"{name}_forward")(np.array([[z]]), **options)
    np.testing.assert_allclose(A, [[a]], rtol=1e-15)
    dZ = getattr(reference, f"{name}_backward")(np.array([[2.0]]), cache)
    np.testing.assert_allclose(dZ, [[2 * slope]], rtol=1e-14)


def test_prelu():
    Z = np.array([[-2.0, 4.0], [0.0, -6.0]])
    for alpha, out, slopes in (
        (np.array(0.5), [[-1, 4], [0, -3]], -8),
        (np.array([0.5, 0.25]), [[-1, 4], [0, -1.5]], [-2, -6]),
    ):
        A, cache = reference.prelu_forward(Z, alpha)
        np.testing.assert_array_equal(A, out)
        dZ, dalpha = reference.prelu_backward(np.ones((2, 2)), cache)
        np.testing.assert_array_equal(dZ, np.where(Z > 0, 1, alpha))
        np.testing.assert_array_equal(dalpha, slopes)


def test_maxout():
    X, W, b = np.array([[3.0, 1.0]]), np.array([[[1.0, -1.0], [0.0, 2.0]]]), np.array([[1.0, 0.0]])
    A, cache = reference.maxout_forward(X, W, b)  # of 3 - 1 + 1 and 2
    np.testing.assert_array_equal(A, [[3]])
    dX, dW, db = reference.maxout_backward(np.array([[10.0]]), cache)
    np.testing.assert_array_equal(dX, [[10, -10]])
    np.testing.assert_array_equal(dW, [[[30, 10], [0, 0]]])
    np.testing.assert_array_equal(db, [[10, 0]])


def test_losses_of_several_scores():
    scores = np.array([[1.0, 0.5, 3.0], [-1.0, 0.0, 2.5]])
    value, ds = reference.svm_hinge(scores, np.array([0, 2]))
    assert value == 1.75
    np.testing.assert_array_equal(ds, [[-1, 0.5, 0.5], [0, 0, 0]])
    scores = np.log([[1.0, 2.0, 1.0], [3.0, 3.0, 2.0]])
    value, ds = reference.softmax_cross_entropy(scores, np.array([1, 2]))
    assert value == pytest.approx((math.log(2) + math.log(4)) / 2, rel=1e-15)
    np.testing.assert_allclose(ds[0], [0.125, -0.25, 0.125], rtol=1e-14)
    scores, targets = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0, 2], [1, 2]])
    value, ds = reference.squared_error(scores, targets)
    assert value == 7
    np.testing.assert_array_equal(ds, [[1, 0], [2, -3]])
    value, ds = reference.quadratic(scores, targets)
    assert value == 3.5
    np.testing.assert_array_equal(ds, [[0.5, 0], [1, -1.5]])
