"""Dropout: what is kept, what is expected, and that it is off after training."""

import numpy as np
import pytest

from dlcore import reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import Dropout, dropout_backward, dropout_forward
from dlcore.network import Sequential
from tests.device_array import DeviceArray, DeviceGenerator


def test_kept_numbers_are_divided_by_the_probability():
    X = np.random.default_rng(0).standard_normal((50, 40))
    A, mask = dropout_forward(X, 0.8, np.random.default_rng(1))
    kept = A != 0
    np.testing.assert_allclose(A[kept], X[kept] / 0.8, rtol=1e-15)
    np.testing.assert_array_equal(np.unique(mask), [0, 1 / 0.8])
    assert kept.mean() == pytest.approx(0.8, abs=0.03)


def test_the_expected_value_stays():
    A, _ = dropout_forward(np.ones(100_000), 0.3, np.random.default_rng(0))
    assert A.mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
def test_agrees_with_the_loops_and_central_differences(make):
    X = np.random.default_rng(0).standard_normal((3, 4, 2))
    A, cache = dropout_forward(X, 0.6, make(3))
    expected, expected_cache = reference.dropout_forward(X, 0.6, make(3))
    np.testing.assert_allclose(A, expected, rtol=1e-15)
    dA = np.random.default_rng(1).standard_normal(A.shape)
    dX = dropout_backward(dA, cache)
    np.testing.assert_allclose(dX, reference.dropout_backward(dA, expected_cache), rtol=1e-15)
    check_gradient(lambda X: np.sum(dA * dropout_forward(X, 0.6, make(3))[0]), X, dX)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_arguments_and_empty_batches(dtype):
    X = np.ones((4, 3), dtype=dtype)
    X.setflags(write=False)
    A, cache = dropout_forward(X, 0.5, np.random.default_rng(0))
    assert A.dtype == dropout_backward(X, cache).dtype == dtype
    assert dropout_forward(X[:0], 0.5, np.random.default_rng(0))[0].shape == (0, 3)
    np.testing.assert_array_equal(dropout_forward(X, 1.0, np.random.default_rng(0))[0], X)


def test_the_layer_is_off_after_training():
    net, X = Sequential(drop=Dropout(0.5)), np.ones((4, 3))
    params = net.init(np.random.default_rng(0))
    out, cache = net.forward(params, X)
    np.testing.assert_array_equal(out, X)
    np.testing.assert_array_equal(net.backward(2 * X, cache)[0], 2 * X)
    out, cache = net.forward(params, X, train=True, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(net.backward(X, cache)[0], out)
    assert set(np.unique(out)) == {0, 2}


def test_on_a_device():
    X = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    A, cache = dropout_forward(DeviceArray(X), 0.5, DeviceGenerator(0))
    expected, expected_cache = dropout_forward(X, 0.5, np.random.default_rng(0))
    np.testing.assert_array_equal(A.host, expected)
    dX = dropout_backward(DeviceArray(X), cache)
    np.testing.assert_array_equal(dX.host, dropout_backward(X, expected_cache))


@pytest.mark.parametrize("keep_prob", [0, -0.5, 1.5, 50, float("nan")])
def test_what_is_no_probability_is_refused(keep_prob):
    message = r"keep_prob is .*, expected a probability > 0 and <= 1; .* to keep a number, not to"
    with pytest.raises(ValueError, match=f"^dropout_forward: {message}"):
        dropout_forward(np.ones(3), keep_prob, np.random.default_rng(0))
    with pytest.raises(ValueError, match=f"^Dropout: {message}"):
        Dropout(keep_prob)


def test_a_probability_that_is_numpys_keeps_the_dtype():
    net, X = Sequential(drop=Dropout(np.float64(0.5))), np.ones((4, 3), np.float32)
    out, _ = net.forward(
        net.init(np.random.default_rng(0)), X, train=True, rng=np.random.default_rng(0)
    )
    assert out.dtype == np.float32


def test_other_bad_arguments_are_refused():
    with pytest.raises(TypeError, match=r"dropout_forward: rng is None, expected a generator"):
        dropout_forward(np.ones(3), 0.5, None)
    with pytest.raises(TypeError, match=r"dropout_forward: X has dtype int64"):
        dropout_forward(np.ones(3, dtype=np.int64), 0.5, np.random.default_rng(0))
    _, cache = dropout_forward(np.ones((3, 2)), 0.5, np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"dropout_backward: dA has shape \(2, 3\)"):
        dropout_backward(np.ones((2, 3)), cache)
