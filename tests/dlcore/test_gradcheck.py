"""The gradient checker: right answers, and that it can fail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.errors import GradientMismatch, ShapeError, VacuousCheck
from dlcore.gradcheck import (
    check_gradient,
    directional_difference,
    missed_share,
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


@pytest.mark.parametrize("x", [np.ones(2, np.float32), np.ones(2, int)])
def test_only_float64_is_precise_enough(x):
    with pytest.raises(TypeError, match=r"^numerical_gradient: x has dtype \w+, expected float64"):
        numerical_gradient(cubes, x)
    with pytest.raises(TypeError, match=r"^check_gradient: x has dtype \w+, expected float64"):
        check_gradient(cubes, x, np.ones(2))


def test_a_function_that_computes_in_float32_is_refused():
    message = r"^numerical_gradient: f\(x\) has dtype float32, expected float64; does f go through"
    with pytest.raises(TypeError, match=message):
        numerical_gradient(lambda x: np.sum(x.astype(np.float32)), np.ones(2))


@pytest.mark.parametrize("x", [3.0, np.float64(3.0), np.array(3.0), np.array([3.0])])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: x**2,  # shape () or (1,)
        lambda x: np.sum(x**2),
        lambda x: float(np.sum(x)) ** 2,
        lambda x: int(np.sum(x)) * 0 + np.sum(x).item() ** 2,
    ],
)
def test_numbers_and_arrays_of_one(f, x):
    gradient = numerical_gradient(f, x)
    assert gradient.shape == np.shape(x)
    np.testing.assert_allclose(gradient, np.full(np.shape(x), 6.0), rtol=1e-9)
    assert check_gradient(f, x, 2 * x) < 1e-9
    assert directional_difference(f, x, np.ones_like(x)) == pytest.approx(6, rel=1e-9)


def test_a_function_may_return_its_argument_or_write_into_it():
    np.testing.assert_allclose(numerical_gradient(lambda w: w.squeeze(), np.array([3.0])), [1.0])
    assert check_gradient(lambda w: w, np.array([3.0]), np.array([1.0])) < 1e-9

    def log_sum_exp(s):
        largest = s.max()
        s -= largest  # as stable code does
        return np.log(np.sum(np.exp(s))) + largest

    s = np.array([1.0, 2.0, 3.0])
    check_gradient(log_sum_exp, s, np.exp(s) / np.sum(np.exp(s)))
    np.testing.assert_array_equal(s, [1, 2, 3])


@pytest.mark.parametrize(
    ("f", "error", "message"),
    [
        (lambda x: x, ShapeError, r"f\(x\) has shape \(2,\), expected one number; is a sum or a"),
        (lambda x: np.ones((1, 1)), ShapeError, r"f\(x\) has shape \(1, 1\), expected one num"),
        (lambda x: None, TypeError, r"f\(x\) is None, expected one number; is a return missing"),
        (lambda x: [1.0], TypeError, r"f\(x\) is a list, expected"),
        (lambda x: np.sum(x + 0j), TypeError, r"f\(x\) has dtype complex128, expected real"),
    ],
)
def test_a_function_that_gives_no_number_is_refused(f, error, message):
    with pytest.raises(error, match=f"^numerical_gradient: {message}"):
        numerical_gradient(f, np.ones(2))
    with pytest.raises(error, match=f"^directional_difference: {message}"):
        directional_difference(f, np.ones(2), np.array([1.0, 2.0]))


@pytest.mark.parametrize("eps", [0, -1e-6, np.nan, np.inf])
def test_a_step_is_positive(eps):
    for call in (
        lambda: numerical_gradient(cubes, np.ones(2), eps),
        lambda: directional_difference(cubes, np.ones(2), np.ones(2), eps),
        lambda: check_gradient(cubes, np.ones(2), np.ones(2), eps=eps),
    ):
        with pytest.raises(ValueError, match=rf"^\w+: eps is {eps}, expected a step > 0$"):
            call()
    with pytest.raises(ValueError, match=r"^check_gradient: tolerance is 0, expected a number > 0"):
        check_gradient(cubes, np.ones(2), np.ones(2), tolerance=0)


def test_relative_difference_by_hand():
    a, b = np.array([3.0, 4.0]), np.array([3.0, 4.5])
    assert relative_difference(a, b) == pytest.approx(0.5 / (5 + np.hypot(3, 4.5)), rel=1e-15)
    assert relative_difference(a, -a) == 1
    assert relative_difference(a, 0 * a) == 1
    assert relative_difference(0 * a, 0 * a) == 0
    for broken in (np.nan, np.inf):
        assert np.isnan(relative_difference(a, np.array([broken, 4.0])))


@pytest.mark.parametrize("size", [5e-324, 1e-170, 1e-25, 1.0, 1e200, 1e308])
@pytest.mark.parametrize("ratio", [-1.0, 0.0, 0.5, 1.0])
def test_relative_difference_does_not_depend_on_the_scale(size, ratio):
    a = size * np.array([1.0, -1.0])
    b = ratio * a
    expected = np.abs(a / size - b / size).max() / (1 + np.abs(b / size).max())
    assert relative_difference(a, b) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("dtype", "a", "b", "expected"),
    [
        (np.float32, 1e-25, -1e-25, 1),
        (np.float32, 3e38, 1e38, 0.5),
        (np.float16, 300, 310, 10 / 610),
        (np.float16, 6e4, -6e4, 1),
        (np.int64, 1, 3, 0.5),
    ],
)
def test_relative_difference_in_any_precision(dtype, a, b, expected):
    got = relative_difference(np.array([a], dtype), np.array([b], dtype))
    assert got == pytest.approx(expected, rel=1e-3 if dtype == np.float16 else 1e-7)
    assert type(got) is float


def test_relative_difference_of_nothing_and_of_numbers():
    assert relative_difference(np.zeros(0), np.zeros(0)) == 0
    assert relative_difference(1.0, np.float64(3.0)) == 0.5


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
    for other in ({"W": approx["W"]}, approx | {"c": np.zeros(2)}):
        with pytest.raises(ShapeError, match=r"^relative_differences: grads has \['W', 'b'\] but"):
            relative_differences(grads, other)


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


def test_the_share_of_directions_that_miss():
    assert missed_share(0.1, 1e-5) == pytest.approx(6.366e-5, rel=1e-4)
    assert missed_share(2.0, 2.0) == pytest.approx(0.5, rel=1e-15)  # the angle is 45 degrees
    assert missed_share(1.0, 0.0) == 0
    with pytest.raises(ValueError, match=r"^missed_share: error"):
        missed_share(0.0, 1e-3)
    with pytest.raises(ValueError, match=r"^missed_share: t"):
        missed_share(1.0, -1e-3)
