"""The plain activation functions."""

import math

import numpy as np
import pytest

from dlcore.activations import (
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    scaled_tanh,
    sigmoid,
    silu,
    softmax,
    tanh,
)
from dlcore.errors import ShapeError

FUNCTIONS = [sigmoid, tanh, relu, leaky_relu, elu, scaled_tanh, gelu, silu]


@pytest.mark.parametrize(
    ("function", "z", "expected"),
    [
        (sigmoid, 0.0, 0.5),
        (sigmoid, math.log(3), 0.75),  # 1 / (1 + 1/3)
        (sigmoid, -math.log(3), 0.25),
        (tanh, 0.0, 0.0),
        (tanh, math.log(2), 0.6),  # (2 - 1/2) / (2 + 1/2)
        (relu, 2.5, 2.5),
        (relu, -2.5, 0.0),
        (relu, 0.0, 0.0),
        (leaky_relu, 2.5, 2.5),
        (leaky_relu, -2.5, -0.025),
        (elu, 2.5, 2.5),
        (elu, -math.log(4), -0.75),
        (scaled_tanh, 1.5 * math.log(2), 1.7159 * 0.6),
        (gelu, 0.0, 0.0),
        (gelu, 20.0, 20.0),
        (silu, math.log(3), 0.75 * math.log(3)),
    ],
)
def test_by_hand(function, z, expected):
    np.testing.assert_allclose(function(np.array([z])), [expected], rtol=1e-15)
    np.testing.assert_allclose(function(z), expected, rtol=1e-15)  # a Python float will do


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (sigmoid, 0.0, 1.0),
        (tanh, -1.0, 1.0),
        (relu, 0.0, None),
        (elu, -1.0, None),
        (scaled_tanh, -1.7159, 1.7159),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_limits(function, low, high, dtype):
    for size in (800.0, 1e4, float(np.finfo(dtype).max), np.inf):
        z = np.array([-size, size], dtype=dtype)
        expected = np.array([low, size if high is None else high], dtype=dtype)
        np.testing.assert_array_equal(function(z), expected)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nan_stays_nan(function):
    assert np.isnan(function(np.array([np.nan]))).all()


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 4, 5)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_any_shape_and_float_type(function, shape, dtype):
    z = np.full(shape, -0.5, dtype=dtype)
    assert function(z).shape == shape
    assert function(z).dtype == dtype


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("z", [3, [1.0, 2.0], np.arange(3), np.array([True])])
def test_what_is_not_floats_is_refused(function, z):
    with pytest.raises(TypeError, match=f"^{function.__name__}: z "):
        function(z)


def test_softmax_by_hand():
    S = np.log(np.array([[1.0, 2.0, 1.0], [1.0, 1.0, 8.0]]))
    np.testing.assert_allclose(softmax(S), [[0.25, 0.5, 0.25], [0.1, 0.1, 0.8]], rtol=1e-15)
    np.testing.assert_allclose(log_softmax(S), np.log([[0.25, 0.5, 0.25], [0.1, 0.1, 0.8]]))
    np.testing.assert_allclose(softmax(S.T, axis=0), softmax(S).T, rtol=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [0.0, 800.0, 1e4, 1e30])
def test_softmax_of_any_size(dtype, size):
    S = size * np.array([[1, 0, -1], [-1, -1, -1]], dtype=dtype)
    p, log_p = softmax(S), log_softmax(S)
    assert p.dtype == log_p.dtype == dtype
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-6)
    assert np.isfinite(log_p).all()
    if size:
        np.testing.assert_array_equal(p[0], [1, 0, 0])
        np.testing.assert_array_equal(log_p[0], S[0] - size)


def test_a_common_shift_of_the_scores_changes_nothing():
    S = np.random.default_rng(0).standard_normal((4, 5))
    np.testing.assert_allclose(softmax(S + 1000), softmax(S), rtol=1e-12)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_refuses_what_holds_no_scores(function):
    assert function(np.zeros((0, 3))).shape == (0, 3)
    for S, axis in ((np.zeros((3, 0)), -1), (np.array(1.0), -1), (np.zeros(3), 1), (1.0, -1)):
        with pytest.raises(ShapeError, match=f"^{function.__name__}: S has shape .*at least one"):
            function(S, axis)
    with pytest.raises(TypeError, match=f"^{function.__name__}: S has dtype int"):
        function(np.arange(3))
