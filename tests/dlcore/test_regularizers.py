"""Penalties: by hand, against central differences, and against what they minimize."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.regularizers import clip_rows, l1, l2, soft_threshold
from tests.device_array import DeviceArray

W = np.array([[1.0, -2.0], [0.0, 4.0]])


def test_by_hand():
    value, dW = l2(W, lam=6, n=3)
    assert value == 21  # 6 / (2 * 3) * (1 + 4 + 16)
    np.testing.assert_array_equal(dW, 2 * W)
    value, dW = l1(W, lam=6, n=3)
    assert value == 14  # 6 / 3 * (1 + 2 + 4)
    np.testing.assert_array_equal(dW, [[2, -2], [0, 2]])
    np.testing.assert_array_equal(soft_threshold(W, 1.5), [[0, -0.5], [0, 2.5]])


@pytest.mark.parametrize("penalty", [l1, l2])
@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 2, 2)])
def test_gradient(penalty, shape):
    W = np.random.default_rng(0).standard_normal(shape)
    check_gradient(lambda W: penalty(W, 0.7, 20)[0], W, penalty(W, 0.7, 20)[1])


def test_an_l2_step_shrinks_every_weight_by_the_same_factor():
    _, dW = l2(W, lam=0.5, n=10)
    np.testing.assert_allclose(W - 0.2 * dW, (1 - 0.2 * 0.5 / 10) * W, rtol=1e-15)


@given(w=st.floats(-5, 5), t=st.floats(0, 3))
def test_the_soft_threshold_is_the_minimum_of_its_problem(w, t):
    def cost(v):
        return (v - w) ** 2 / 2 + t * np.abs(v)

    v = soft_threshold(np.array(w), t)
    around = v + np.linspace(-1, 1, 201)
    assert cost(v) <= cost(around).min() + 1e-12


def test_the_soft_threshold_is_what_the_lasso_does_in_an_orthogonal_design():
    rng = np.random.default_rng(0)
    X = np.linalg.qr(rng.standard_normal((20, 4)))[0]
    y = rng.standard_normal(20)
    lam = 0.5  # of the sum of squares plus lam times the sum of sizes: scikit-learn halves and /n
    lasso = Lasso(alpha=lam / 2 / 20, fit_intercept=False, tol=1e-12).fit(X, y)
    np.testing.assert_allclose(soft_threshold(X.T @ y, lam / 2), lasso.coef_, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept_and_arguments_are_not_changed(dtype):
    weights = W.astype(dtype)
    weights.setflags(write=False)
    for penalty in (l1, l2):
        value, dW = penalty(weights, np.float64(0.1), np.int64(5))
        assert value.dtype == dW.dtype == dtype
    assert soft_threshold(weights, np.float64(0.1)).dtype == dtype


def test_the_penalty_of_huge_weights_is_finite():
    assert l2(np.full(4, 1e200), 1e-200, 2)[0] == pytest.approx(1e200)  # no square of one is
    assert l1(np.full(4, 1e308), 1.0, 4)[0] == pytest.approx(1e308)  # nor the sum


def test_no_weights_cost_nothing():
    for penalty in (l1, l2):
        value, dW = penalty(np.zeros(0), 1.0, 1)
        assert value == 0
        assert dW.shape == (0,)


@pytest.mark.parametrize("function", [l1, l2])
def test_arrays_of_another_library(function):
    got = function(DeviceArray(W), 0.1, 5)
    for ours, numpys in zip(got, function(W, 0.1, 5), strict=True):
        np.testing.assert_array_equal(ours.host, numpys)
    np.testing.assert_array_equal(soft_threshold(DeviceArray(W), 1).host, soft_threshold(W, 1))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: l2(W, -1, 5), ValueError, "l2: lam is -1, expected a strength >= 0$"),
        (lambda: l1(W, 1, 0), ValueError, "l1: n is 0, expected a number of examples > 0$"),
        (lambda: l2(W, float("nan"), 5), ValueError, "l2: lam is nan"),
        (lambda: soft_threshold(W, -1), ValueError, "soft_threshold: t is -1, expected a thr"),
        (lambda: l2(W.astype(int), 1, 5), TypeError, "l2: W has dtype int64"),
        (lambda: l1([1.0], 1, 5), TypeError, "l1: W is a list"),
        (lambda: soft_threshold(W.astype(int), 1), TypeError, "soft_threshold: w has dtype"),
        (lambda: clip_rows(W, 0), ValueError, "clip_rows: max_norm is 0, expected a length > 0"),
        (lambda: clip_rows(W[0], 1.0), ShapeError, r"clip_rows: W has shape \(2,\)"),
        (lambda: clip_rows(W.astype(int), 1.0), TypeError, "clip_rows: W has dtype int64"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def test_long_rows_are_shortened_and_short_ones_left_alone():
    rows = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
    np.testing.assert_allclose(clip_rows(rows, 1.0), [[0.6, 0.8], [0.3, 0.4], [0, 0]])
    np.testing.assert_array_equal(clip_rows(rows, 6.0), rows)
    np.testing.assert_array_equal(clip_rows(DeviceArray(rows), 1.0).host, clip_rows(rows, 1.0))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipped_rows_keep_their_dtype(dtype):
    assert clip_rows(W.astype(dtype), np.float64(0.5)).dtype == dtype


def test_huge_rows_are_clipped_without_overflow():
    np.testing.assert_allclose(clip_rows(np.full((2, 4), 1e300), 1.0), np.full((2, 4), 0.5))


def test_no_rows_stay_no_rows():
    assert clip_rows(np.zeros((0, 3)), 1.0).shape == (0, 3)
    assert clip_rows(np.zeros((3, 0)), 1.0).shape == (3, 0)
