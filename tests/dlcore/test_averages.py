"""The exponentially weighted average: by hand, its expansion, and its start."""

import numpy as np
import pytest
from scipy.signal import lfilter

from dlcore.averages import ewa
from dlcore.errors import ShapeError
from tests.device_array import DeviceArray


def test_by_hand():
    np.testing.assert_array_equal(ewa(np.array([8.0, 4.0, 0.0]), 0.5), [4, 4, 2])
    corrected = ewa(np.array([8.0, 4.0, 0.0]), 0.5, bias_correction=True)
    np.testing.assert_allclose(corrected, [8, 16 / 3, 16 / 7], rtol=1e-15)


def test_the_weights_of_the_first_two_values_at_beta_098():
    weights = np.array([ewa(series, 0.98)[1] for series in np.eye(2)])
    np.testing.assert_allclose(weights, [0.0196, 0.02], rtol=1e-14)
    corrected = [ewa(series, 0.98, bias_correction=True)[1] for series in np.eye(2)]
    np.testing.assert_allclose(corrected, [0.98 / 1.98, 1 / 1.98], rtol=1e-13)  # 0.495, 0.505


def test_the_hundredth_average_expanded():
    values = np.random.default_rng(0).standard_normal(100)
    expected = sum(0.1 * 0.9**age * values[99 - age] for age in range(100))
    np.testing.assert_allclose(ewa(values, 0.9)[-1], expected, rtol=1e-13)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.98])
def test_a_constant_stays_itself_once_corrected(beta):
    values = np.full(50, 3.0)
    np.testing.assert_allclose(ewa(values, beta, bias_correction=True), values, rtol=1e-14)
    np.testing.assert_allclose(ewa(values, beta), 3 * (1 - beta ** np.arange(1, 51)), rtol=1e-13)


def test_it_is_a_filter_with_one_pole():
    values = np.random.default_rng(0).standard_normal((60, 2))
    expected = lfilter([0.1], [1, -0.9], values, axis=0)
    np.testing.assert_allclose(ewa(values, 0.9), expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(0,), (5,), (5, 2, 3)])
def test_shape_and_dtype_are_kept(dtype, shape):
    values = np.ones(shape, dtype=dtype)
    values.setflags(write=False)
    averages = ewa(values, np.float64(0.9), bias_correction=True)
    assert averages.shape == shape
    assert averages.dtype == dtype


def test_arrays_of_another_library():
    values = np.random.default_rng(0).standard_normal(9)
    averages = ewa(DeviceArray(values), 0.9, bias_correction=True)
    np.testing.assert_array_equal(averages.host, ewa(values, 0.9, bias_correction=True))


@pytest.mark.parametrize(
    ("values", "beta", "error", "message"),
    [
        (np.arange(3), 0.9, TypeError, "values has dtype int64"),
        ([1.0], 0.9, TypeError, "values is a list"),
        (np.array(1.0), 0.9, ShapeError, "values is a single number, expected a series"),
        (np.ones(3), 1.0, ValueError, "beta is 1.0, expected a share"),
        (np.ones(3), -0.1, ValueError, "beta is -0.1, expected a share"),
    ],
)
def test_bad_arguments(values, beta, error, message):
    with pytest.raises(error, match=f"^ewa: {message}"):
        ewa(values, beta)
