"""The plain activation functions."""

import math

import numpy as np
import pytest

from dlcore.activations import relu, sigmoid, tanh

FUNCTIONS = [sigmoid, tanh, relu]


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
    ],
)
def test_by_hand(function, z, expected):
    np.testing.assert_allclose(function(np.array([z])), [expected], rtol=1e-15)
    np.testing.assert_allclose(function(z), expected, rtol=1e-15)  # a Python float will do


@pytest.mark.parametrize(
    ("function", "low", "high"), [(sigmoid, 0.0, 1.0), (tanh, -1.0, 1.0), (relu, 0.0, None)]
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
