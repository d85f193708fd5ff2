"""Half precision is computed in single: what comes back in which."""

import inspect

import numpy as np

from dlcore.precision import half_in_single, single, total
from tests.device_array import DeviceArray


@half_in_single
def total_and_squares(x, scale=1.0, *, note=None):
    """Return a number, an array, and the array that it was computed from."""
    return np.sum(x), scale * x**2, (x, note)


def test_only_half_precision_is_made_single():
    for dtype in (np.float16, np.float32):
        assert single(np.ones(2, dtype)).dtype == np.float32
    for thing in (np.ones(2), np.ones(2, int), 0.5, [1.0], None, "float16"):
        assert single(thing) is thing


def test_arrays_come_back_in_half_and_the_rest_stays_in_single():
    x = np.array([256.0, 1e-5] * 2000, np.float16)
    total, squares, (kept, note) = total_and_squares(x, np.full(4000, 0.5, np.float16), note="n")
    np.testing.assert_allclose(total, 512_000, rtol=1e-4)
    assert total.dtype == kept.dtype == np.float32
    assert squares.dtype == np.float16
    np.testing.assert_array_equal(squares[:2], [32_768, 0])
    assert note == "n"


def test_a_sum_in_half_precision_does_not_stand_still():
    ones = np.ones((5000, 2), np.float16)
    assert ones.sum(axis=0)[0] == 2048  # the next number is 2050
    sums = total(ones, axis=0)
    assert sums.dtype == np.float16
    np.testing.assert_array_equal(sums, [5000, 5000])
    for dtype in (np.float32, np.float64):
        x = np.random.default_rng(0).standard_normal((5, 2)).astype(dtype)
        np.testing.assert_array_equal(total(x, axis=1), x.sum(axis=1))
        assert total(x, axis=1).dtype == dtype


def test_other_precisions_pass_through():
    for dtype in (np.float32, np.float64):
        x = np.ones(3, dtype)
        total, squares, (kept, _) = total_and_squares(x)
        assert total.dtype == squares.dtype == dtype
        assert kept is x
    _, squares, _ = total_and_squares(x=np.ones(3, np.float16))  # by name too
    assert squares.dtype == np.float16


def test_arrays_of_another_library():
    _, squares, _ = total_and_squares(DeviceArray(np.array([3.0], np.float16)))
    assert squares.dtype == np.float16
    np.testing.assert_array_equal(squares.host, [9])


def test_the_function_keeps_its_name_and_its_signature():
    assert total_and_squares.__name__ == "total_and_squares"
    assert list(inspect.signature(total_and_squares).parameters) == ["x", "scale", "note"]
    assert "single" not in inspect.getsource(total_and_squares).split('"""')[2]
