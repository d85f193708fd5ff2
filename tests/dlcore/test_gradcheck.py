"""The gradient checker: right answers, and that it can fail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.errors import GradientMismatch, ShapeError, VacuousCheck
from dlcore.gradcheck import (
    check_gradient,
    directional_difference,
    numerical_gradient,
    relative_difference,
    relative_differences,
)


def cubes(x):
    return np.sum(x**3)


@given(shape=st.lists(st.integers(0, 3), max_size=3), seed=st.integers(0, 9))
def test_the_gradient_of_any_shape(shape, seed):
    x = np.random.default_rng(seed).standard_normal(shape)
    x = np.asarray(x)  # standard_normal(()) is a float
    np.testing.assert_allclose(numerical_gradient(cubes, x), 3 * x**2, atol=1e-8)


def test_the_error_shrinks_as_the_square_of_the_step():
    x = np.array([1.0])
    errors = [abs(numerical_gradient(cubes, x, eps)[0] - 3) for eps in (1e-1, 1e-2, 1e-3)]
    np.testing.assert_allclose(errors, [1e-2, 1e-4, 1e-6], rtol=1e-4)


def test_the_argument_is_not_changed():
    x = np.arange(4.0)
    x.setflags(write=False)
    numerical_gradient(cubes, x)


@pytest.mark.parametrize("x", [np.ones(2, np.float32), np.ones(2, int), [1.0, 2.0], 1.0])
def test_only_float64_is_precise_enough(x):
    with pytest.raises(TypeError, match=r"^numerical_gradient: x has dtype \w+, expected float64"):
        numerical_gradient(cubes, x)


def test_relative_difference_by_hand():
    a, b = np.array([3.0, 4.0]), np.array([3.0, 4.5])
    assert relative_difference(a, b) == pytest.approx(0.5 / (5 + np.hypot(3, 4.5)), rel=1e-15)
    assert relative_difference(a, -a) == 1
    assert relative_difference(a, 0 * a) == 1
    assert relative_difference(0 * a, 0 * a) == 0
    for broken in (np.nan, np.inf):
        assert np.isnan(relative_difference(a, np.array([broken, 4.0])))


def test_relative_difference_wants_equal_shapes():
    with pytest.raises(ShapeError, match=r"^relative_difference: grad has shape"):
        relative_difference(np.zeros(3), np.zeros((3, 1)))


def test_a_right_gradient_passes():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    difference = check_gradient(cubes, x, 3 * x**2)
    assert isinstance(difference, float)
    assert 0 < difference < 1e-9


@pytest.mark.parametrize(
    "wrong",
    [
        lambda grad: -grad,
        lambda grad: grad * 1.001,
        lambda grad: grad.T,
        lambda grad: np.zeros_like(grad),
        lambda grad: np.full_like(grad, np.nan),
        lambda grad: np.where(np.arange(4).reshape(2, 2) == 2, np.inf, grad),
    ],
)
def test_a_wrong_gradient_fails(wrong):
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    with pytest.raises(GradientMismatch, match=r"^check_gradient: relative difference .* exceeds"):
        check_gradient(cubes, x, wrong(3 * x**2))


@pytest.mark.parametrize("value", [5.0, np.nan])
def test_the_message_names_the_worst_entry(value):
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    grad = 3 * x**2
    grad[1, 0] = value
    message = rf"worst at index \(1, 0\): grad {value:.6g}, central difference 0.75$"
    with pytest.raises(GradientMismatch, match=message):
        check_gradient(cubes, x, grad)


def test_a_check_that_can_not_fail_is_refused():
    x = np.ones(3)
    with pytest.raises(VacuousCheck, match=r"^check_gradient: both gradients are zero everywhere"):
        check_gradient(lambda x: 7.0, x, np.zeros(3))


def test_the_tolerance_is_the_limit():
    x = np.array([1.0, 2.0])
    grad = 3 * x**2 * (1 + 1e-6)
    check_gradient(cubes, x, grad, tolerance=1e-6)
    with pytest.raises(GradientMismatch):
        check_gradient(cubes, x, grad, tolerance=1e-7)


def test_shapes_must_agree():
    with pytest.raises(ShapeError, match=r"^check_gradient: grad has shape \(3, 1\) but x has"):
        check_gradient(cubes, np.zeros(3), np.zeros((3, 1)))


def test_relative_differences_by_name():
    grads = {"W": np.array([[2.0]]), "b": np.array([1.0])}
    approx = {"W": np.array([[1.0]]), "b": np.array([1.0])}
    assert relative_differences(grads, approx) == {"W": pytest.approx(1 / 3), "b": 0}


@given(shape=st.lists(st.integers(1, 3), max_size=3), seed=st.integers(0, 9))
def test_the_slope_along_a_direction(shape, seed):
    x, v = np.random.default_rng(seed).standard_normal((2, *shape))
    x, v = np.asarray(x), np.asarray(v)
    assert directional_difference(cubes, x, v) == pytest.approx(np.sum(3 * x**2 * v), abs=1e-8)


def test_a_direction_wants_float64_and_equal_shapes():
    with pytest.raises(TypeError, match=r"^directional_difference: x has dtype float32"):
        directional_difference(cubes, np.ones(2, np.float32), np.ones(2))
    with pytest.raises(ShapeError, match=r"^directional_difference: v has shape \(3,\)"):
        directional_difference(cubes, np.ones(2), np.ones(3))
