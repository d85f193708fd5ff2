"""The PReLU layer by hand: one slope, or one a channel."""

import numpy as np
import pytest

from dlcore import reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import PReLU, prelu_backward, prelu_forward
from dlcore.network import Sequential


def test_one_slope_by_hand():
    Z = np.array([[-2.0, 4.0], [0.0, -6.0]])
    A, cache = prelu_forward(Z, np.array(0.5))
    np.testing.assert_array_equal(A, [[-1, 4], [0, -3]])
    dZ, dalpha = prelu_backward(np.array([[1.0, 10.0], [100.0, 1000.0]]), cache)
    np.testing.assert_array_equal(dZ, [[0.5, 10], [50, 500]])  # the derivative at 0 is alpha
    assert dalpha.shape == ()
    assert dalpha == -2 - 6000


def test_one_slope_a_channel_by_hand():
    Z = np.array([[-2.0, 4.0], [0.0, -6.0]])
    A, cache = prelu_forward(Z, np.array([0.5, 0.1]))
    np.testing.assert_allclose(A, [[-1, 4], [0, -0.6]], rtol=1e-15)
    _, dalpha = prelu_backward(np.ones((2, 2)), cache)
    np.testing.assert_array_equal(dalpha, [-2, -6])


@pytest.mark.parametrize(
    ("shape", "alpha_shape"),
    [((5,), ()), ((4, 3), ()), ((4, 3), (3,)), ((2, 3, 4, 5), ()), ((2, 3, 4, 5), (3,))],
)
def test_gradients_of_any_shape(shape, alpha_shape):
    rng = np.random.default_rng(0)
    Z, alpha, dA = rng.standard_normal(shape), rng.random(alpha_shape), rng.standard_normal(shape)
    A, cache = prelu_forward(Z, alpha)
    dZ, dalpha = prelu_backward(dA, cache)
    check_gradient(lambda Z: np.sum(dA * prelu_forward(Z, alpha)[0]), Z, dZ)
    check_gradient(lambda a: np.sum(dA * prelu_forward(Z, a)[0]), alpha, np.asarray(dalpha))
    expected, expected_cache = reference.prelu_forward(Z, alpha)
    np.testing.assert_allclose(A, expected, rtol=1e-14)
    for got, want in zip((dZ, dalpha), reference.prelu_backward(dA, expected_cache), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-13)


@pytest.mark.parametrize("channels", [None, 3])
def test_the_slope_is_a_parameter_that_no_penalty_shrinks(channels):
    net = Sequential(prelu=PReLU(channels))
    params = net.init(np.random.default_rng(0))
    np.testing.assert_array_equal(params.theta, [0.25] * (channels or 1))
    assert not params.decayed.any()
    Z = np.random.default_rng(1).standard_normal((5, 3))
    _, cache = net.forward(params, Z)
    _, grads = net.backward(np.ones((5, 3)), cache)
    check_gradient(
        lambda theta: np.sum(net.forward(params.like(theta), Z)[0]), params.theta, grads.theta
    )


@pytest.mark.parametrize("alpha", [np.float64(0.25), np.array(0.25), np.float32(0.25)])
def test_one_slope_of_another_precision_does_not_change_that_of_the_scores(alpha):
    Z = np.array([[-2.0, 4.0]], np.float32)
    A, cache = prelu_forward(Z, alpha)
    dZ, dalpha = prelu_backward(Z, cache)
    np.testing.assert_array_equal(A, [[-0.5, 4]])
    np.testing.assert_array_equal(dZ, [[-0.5, 4]])
    assert A.dtype == dZ.dtype == np.float32
    assert dalpha == 4


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: PReLU(0), ValueError, "channels is 0, expected a whole number >= 1"),
        (lambda: PReLU(alpha=np.nan), ValueError, "alpha is nan, expected a number"),
        (lambda: PReLU(3.0), TypeError, "channels is 3.0, expected a whole number >= 1"),
    ],
)
def test_a_layer_of_bad_constants_can_not_be_made(make, error, message):
    with pytest.raises(error, match=f"^PReLU: {message}$"):
        make()


@pytest.mark.parametrize(
    ("Z_shape", "alpha_shape", "message"),
    [
        ((5, 3), (5,), r"alpha has shape \(5,\), expected \(\) or \(3,\) for Z \(5, 3\)"),
        ((5, 3), (3, 1), r"alpha has shape \(3, 1\), expected \(\) or \(3,\)"),
        ((5,), (5,), r"alpha has shape \(5,\), expected \(\) or \(C,\) for Z \(5,\)"),
    ],
)
def test_slopes_that_fit_no_channel_are_refused(Z_shape, alpha_shape, message):
    with pytest.raises(ShapeError, match=f"^prelu_forward: {message}.*axis 1"):
        prelu_forward(np.ones(Z_shape), np.ones(alpha_shape))
