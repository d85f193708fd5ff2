"""Losses of several scores an example; they are the lines of ``tests/cases.py``."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.activations import softmax
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.losses import (
    logistic,
    quadratic,
    softmax_cross_entropy,
    squared_error,
    svm_hinge,
)
from tests.cases import CLASS_LOSSES, DISTRIBUTION_LOSSES, REGRESSION_LOSSES, each
from tests.measure import worst_error

ALL = CLASS_LOSSES + REGRESSION_LOSSES + DISTRIBUTION_LOSSES
SHAPES = [(7, 4), (1, 3), (5, 1), (3, 11)]


@each(ALL)
@pytest.mark.parametrize("shape", SHAPES)
def test_value_and_gradient_agree_with_the_loops(case, shape):
    scores, targets = case.samples(shape)
    value, dscores = case.function(scores, targets)
    expected, gradient = case.reference(scores, targets)
    assert worst_error(value, expected) <= 1e-14
    assert worst_error(dscores, gradient) <= 1e-14


@each(ALL)
@pytest.mark.parametrize("shape", [(7, 4), (1, 3), (3, 11)])
def test_gradient_against_central_differences(case, shape):
    scores, targets = case.samples(shape)
    _, dscores = case.function(scores, targets)
    check_gradient(lambda s: case.function(s, targets)[0], scores, dscores)


@each(REGRESSION_LOSSES)
@pytest.mark.parametrize("shape", [(7,), (7, 1), (2, 3, 4, 5)])
def test_a_regression_takes_any_shape(case, shape):
    scores, targets = case.samples(shape)
    value, dscores = case.function(scores, targets)
    assert worst_error(value, case.reference(scores, targets)[0]) <= 1e-14
    check_gradient(lambda s: case.function(s, targets)[0], scores, dscores)


@each(ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_are_kept(case, dtype):
    scores, targets = case.samples(dtype=dtype)
    value, dscores = case.function(scores, targets)
    assert np.ndim(value) == 0
    assert value.dtype == dscores.dtype == dtype
    assert dscores.shape == scores.shape


@each(ALL)
def test_arguments_are_not_changed(case):
    scores, targets = case.samples()
    for array in (scores, targets):
        array.setflags(write=False)
    case.function(scores, targets)


@each(ALL)
def test_it_is_the_mean_of_the_losses_of_the_single_examples(case):
    scores, targets = case.samples()
    value, dscores = case.function(scores, targets)
    N = len(scores)
    singles = [case.function(scores[n : n + 1], targets[n : n + 1]) for n in range(N)]
    np.testing.assert_allclose(value, np.mean([v for v, _ in singles]), rtol=1e-14)
    np.testing.assert_allclose(
        dscores, np.concatenate([d for _, d in singles]) / N, rtol=1e-14, atol=1e-17
    )


@each(ALL)
def test_memory_order_does_not_matter(case):
    scores, targets = case.samples((8, 4))
    value, dscores = case.function(scores, targets)
    relaid = np.asfortranarray(scores.repeat(2, axis=0))[::2]
    again, dagain = case.function(relaid, targets.repeat(2, axis=0)[::2])
    np.testing.assert_allclose(again, value, rtol=1e-15)
    np.testing.assert_allclose(dagain, dscores, rtol=1e-15)


@each(CLASS_LOSSES)
@pytest.mark.parametrize("size", [0.0, 36.7, 800.0, 1e4, 1e300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_finite_score_gives_a_finite_loss(case, size, dtype):
    size = min(size, float(np.finfo(dtype).max) / 16)
    scores = size * np.array([[1, -1, 0], [-1, -1, 1], [1, 1, 1]], dtype=dtype)
    value, dscores = case.function(scores, np.array([1, 2, 0]))
    assert np.isfinite(value)
    assert value >= 0
    assert np.isfinite(dscores).all()


@each(CLASS_LOSSES)
def test_the_mean_of_huge_losses_is_finite(case):
    scores = np.repeat([[0.0, -1e308, -1e308]], 4, axis=0)
    value, dscores = case.function(scores, np.full(4, 1))
    expected = (1e308, [1, -1, 0]) if case.name == "softmax_cross_entropy" else None
    if case.name == "svm_hinge":  # the third score is no closer than a margin of 1, which is lost
        expected = (1e308, [1, -2, 1])
    assert value == pytest.approx(expected[0], rel=1e-15)
    np.testing.assert_array_equal(dscores, np.array([expected[1]] * 4) / 4)


@each(REGRESSION_LOSSES)
def test_the_mean_of_huge_squares_is_finite(case):
    value, dscores = case.function(np.full((4, 1), 1e154), np.zeros((4, 1)))
    share = case.reference(np.ones((1, 1)), np.zeros((1, 1)))[0]
    assert value == pytest.approx(share * 1e308, rel=1e-15)
    _, slope = case.reference(np.full((1, 1), 1.0), np.zeros((1, 1)))
    np.testing.assert_allclose(dscores, slope.item() * 0.25e154, rtol=1e-15)
    with np.errstate(over="ignore"):  # one square alone overflows: no mean can help
        assert case.function(np.full((4, 1), 1e155), np.zeros((4, 1)))[0] == np.inf


@each(CLASS_LOSSES)
@pytest.mark.parametrize("label_dtype", [int, np.int8, np.uint8, np.int32])
def test_labels_of_any_integer_type(case, label_dtype):
    scores, targets = case.samples()
    value, dscores = case.function(scores, targets)
    again, dagain = case.function(scores, targets.astype(label_dtype))
    assert again == value
    np.testing.assert_array_equal(dagain, dscores)


@each(CLASS_LOSSES)
@given(N=st.integers(1, 6), C=st.integers(2, 6), seed=st.integers(0, 99))
def test_the_gradient_of_each_example_sums_to_zero(case, N, C, seed):
    scores, targets = case.samples((N, C), seed=seed)
    _, dscores = case.function(scores, targets)
    np.testing.assert_allclose(dscores.sum(axis=1), np.zeros(N), atol=1e-15)


def test_softmax_cross_entropy_by_hand():
    scores = np.log([[1.0, 2.0, 1.0], [3.0, 3.0, 2.0]])
    value, ds = softmax_cross_entropy(scores, np.array([1, 2]))
    assert value == pytest.approx((math.log(2) + math.log(4)) / 2, rel=1e-15)
    np.testing.assert_allclose(ds, [[0.125, -0.25, 0.125], [0.1875, 0.1875, -0.375]], rtol=1e-14)


def test_softmax_of_two_scores_is_the_logistic_loss_of_their_difference():
    rng = np.random.default_rng(0)
    scores, y = rng.standard_normal((9, 2)), np.arange(9) % 2
    value, ds = softmax_cross_entropy(scores, y)
    expected, dexpected = logistic(scores[:, 1] - scores[:, 0], y)
    assert value == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(ds, np.stack([-dexpected, dexpected], axis=1), rtol=1e-13)


def test_without_knowledge_the_loss_is_the_log_of_the_number_of_classes():
    value, ds = softmax_cross_entropy(np.zeros((4, 10)), np.arange(4))
    assert value == pytest.approx(math.log(10), rel=1e-15)
    np.testing.assert_allclose(ds, (0.1 - np.eye(4, 10)) / 4, rtol=1e-14)


def test_the_gradient_is_probability_minus_one_hot():
    rng = np.random.default_rng(0)
    scores, y = rng.standard_normal((5, 3)), np.array([0, 2, 1, 1, 0])
    _, ds = softmax_cross_entropy(scores, y)
    np.testing.assert_allclose(ds, (softmax(scores) - np.eye(3)[y]) / 5, rtol=1e-14)


def test_a_hopeless_score_costs_its_distance():
    value, ds = softmax_cross_entropy(np.array([[1e4, -1e4, 0.0]]), np.array([1]))
    assert value == 2e4
    np.testing.assert_array_equal(ds, [[1, -1, 0]])


def test_svm_hinge_by_hand():
    # Example 1, label 0: 0.5 too close by 0.5, 3 by 3. Example 2, label 2: nothing is.
    scores = np.array([[1.0, 0.5, 3.0], [-1.0, 0.0, 2.5]])
    value, ds = svm_hinge(scores, np.array([0, 2]))
    assert value == (0.5 + 3) / 2
    np.testing.assert_array_equal(ds, [[-1, 0.5, 0.5], [0, 0, 0]])


def test_at_a_margin_of_one_the_hinge_and_its_slope_are_zero():
    value, ds = svm_hinge(np.array([[2.0, 1.0]]), np.array([0]))
    assert value == 0
    np.testing.assert_array_equal(ds, [[0, 0]])


def test_squared_error_and_quadratic_by_hand():
    scores, targets = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[0, 2], [1, 2]])
    value, ds = squared_error(scores, targets)
    assert value == (1 + 0 + 4 + 9) / 2
    np.testing.assert_array_equal(ds, [[1, 0], [2, -3]])
    value, ds = quadratic(scores, targets)
    assert value == (1 + 0 + 4 + 9) / 4
    np.testing.assert_array_equal(ds, [[0.5, 0], [1, -1.5]])


@each(ALL)
def test_integer_scores_are_refused(case):
    scores, targets = case.samples()
    with pytest.raises(TypeError, match=f"{case.name}: scores has dtype int"):
        case.function(scores.astype(int), targets)


@each(CLASS_LOSSES)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda y: np.eye(4, dtype=int)[y], ShapeError,
         r"targets has shape \(7, 4\), expected \(7,\).*one-hot rows\? pass targets.argmax"),
        (lambda y: y[:, np.newaxis], ShapeError, r"targets has shape \(7, 1\).*a column\?"),
        (lambda y: y[:-1], ShapeError, r"targets has shape \(6,\), expected \(7,\)"),
        (lambda y: y.astype(float), TypeError, r"targets has dtype float64.*astype\(int\)\?"),
        (lambda y: y == 0, TypeError, r"targets has dtype bool"),
        (lambda y: y + 1, ValueError, r"targets range from 1 to 4, expected 0 to 3 .*start at 1"),
        (lambda y: y - 1, ValueError, r"targets range from -1 to 2, expected 0 to 3 for 4 classes"),
    ],
)  # fmt: skip
def test_labels_that_are_not_classes_are_refused(case, change, error, message):
    scores, targets = case.samples()
    with pytest.raises(error, match=f"^{case.name}: {message}"):
        case.function(scores, change(targets))


@each(CLASS_LOSSES)
@pytest.mark.parametrize("shape", [(7,), (0, 3), (3, 0), (2, 3, 1)])
def test_scores_that_are_no_table_are_refused(case, shape):
    with pytest.raises(ShapeError, match=f"^{case.name}: scores has shape .*expected \\(N, C\\)"):
        case.function(np.zeros(shape), np.zeros(shape[:1], dtype=int))


@each(REGRESSION_LOSSES)
def test_targets_of_another_shape_are_refused(case):
    with pytest.raises(ShapeError, match=r"targets has \(7,\).*column \(N, 1\)"):
        case.function(np.zeros((7, 1)), np.zeros(7))
    with pytest.raises(ShapeError, match=rf"^{case.name}: scores has shape \(0, 3\).*empty"):
        case.function(np.zeros((0, 3)), np.zeros((0, 3)))
