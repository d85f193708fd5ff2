"""Losses of a distribution by hand; what all losses share is in ``test_several_scores.py``."""

import math

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.losses import gaussian_nll, logistic, multilabel_logistic, poisson_nll, quadratic


def test_gaussian_nll_by_hand():
    # Example 1: mean 1, variance 4, target 3: one standard deviation off. Example 2: hit.
    scores = np.array([[1.0, math.log(4)], [2.0, 0.0]])
    value, ds = gaussian_nll(scores, np.array([3, 2]))
    assert value == pytest.approx((math.log(2) + 0.5) / 2, rel=1e-15)
    np.testing.assert_allclose(ds, [[-0.25, 0], [0, 0.25]], atol=1e-15)


def test_with_variance_one_it_is_the_quadratic_cost():
    mean, y = np.random.default_rng(0).standard_normal((2, 9))
    value, ds = gaussian_nll(np.stack([mean, np.zeros(9)], axis=1), y)
    expected, dexpected = quadratic(mean, y)
    assert value == pytest.approx(expected, rel=1e-15)
    np.testing.assert_allclose(ds[:, 0], dexpected, rtol=1e-15)


def test_the_best_variance_is_the_mean_square():
    y = np.random.default_rng(0).standard_normal(50)
    r = np.log(np.mean((y - 0.3) ** 2))
    _, ds = gaussian_nll(np.tile([0.3, r], (50, 1)), y)
    assert abs(ds[:, 1].sum()) < 1e-15


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("r", [0.0, 90.0, 800.0, 1e4, 1e30])
def test_any_finite_variance_gives_a_finite_loss_where_it_is_one(r, dtype):
    exact = np.array([[1.5, -r], [1.5, r], [2.5, r]], dtype=dtype)
    value, ds = gaussian_nll(exact, np.full(3, 1.5, dtype))
    rest = 0.5 if r == 0 else np.exp(-dtype(r)) / 2
    assert value == pytest.approx(float(r / 6 + rest / 3), rel=1e-6)
    assert np.isfinite(ds).all()


def test_a_small_distance_over_a_small_deviation_keeps_its_digits():
    with np.errstate(over="ignore"):  # the other gradient, 1e-300 exp(1420), is infinite
        value, ds = gaussian_nll(np.array([[1e-300, -1420.0]]), np.zeros(1))
    u = math.exp(math.log(1e-300) + 710)  # exp(1420 / 2) alone is infinite
    assert value == pytest.approx(-710 + u**2 / 2, rel=1e-12)
    assert ds[0, 1] == pytest.approx((1 - u**2) / 2, rel=1e-12)


def test_where_the_distance_is_too_many_deviations_the_loss_is_infinite():
    with np.errstate(over="ignore"):
        value, ds = gaussian_nll(np.array([[1.0, -1500.0]]), np.zeros(1))
    assert value == np.inf
    assert not np.isnan(ds).any()


@pytest.mark.parametrize(
    ("scores", "targets", "message"),
    [
        (np.zeros(3), np.zeros(3), r"scores has shape \(3,\), expected \(N, 2\)"),
        (np.zeros((3, 1)), np.zeros(3), r"scores has shape \(3, 1\).*with one unit\?"),
        (np.zeros((0, 2)), np.zeros(0), r"scores has shape \(0, 2\).*at least one example"),
        (np.zeros((3, 2)), np.zeros((3, 1)), r"targets has shape \(3, 1\), expected \(3,\).*a col"),
    ],
)
def test_gaussian_nll_refuses_other_shapes(scores, targets, message):
    with pytest.raises(ShapeError, match=f"^gaussian_nll: {message}"):
        gaussian_nll(scores, targets)


def test_poisson_nll_by_hand():
    value, ds = poisson_nll(np.array([0.0, math.log(3)]), np.array([2, 1]))
    assert value == pytest.approx((1 + 3 - math.log(3)) / 2, rel=1e-15)
    np.testing.assert_allclose(ds, [-0.5, 1], rtol=1e-15)


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 2, 3)])
def test_poisson_nll_takes_any_shape(shape):
    value, ds = poisson_nll(np.zeros(shape), np.ones(shape))
    assert value == math.prod(shape) / 4
    np.testing.assert_array_equal(ds, np.zeros(shape))


def test_poisson_nll_at_the_ends_of_the_exponential():
    value, ds = poisson_nll(np.array([-1e300, 700.0]), np.array([0, 0]))
    assert value == pytest.approx(math.exp(700) / 2, rel=1e-12)
    assert ds[0] == 0
    with np.errstate(over="ignore"):
        assert poisson_nll(np.array([710.0]), np.array([1]))[0] == np.inf


@pytest.mark.parametrize("wrong", [-1, 0.5, np.nan])
def test_what_is_not_a_count_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^poisson_nll: targets .*expected whole numbers from 0"):
        poisson_nll(np.zeros(2), np.array([1.0, wrong]))


def test_poisson_nll_refuses_other_shapes():
    with pytest.raises(ShapeError, match=r"targets has \(7,\).*column \(N, 1\)"):
        poisson_nll(np.zeros((7, 1)), np.zeros(7))
    with pytest.raises(ShapeError, match=r"^poisson_nll: scores has shape \(0,\).*empty"):
        poisson_nll(np.zeros(0), np.zeros(0))


def test_multilabel_logistic_is_the_sum_of_its_labels():
    rng = np.random.default_rng(0)
    S, Y = 3 * rng.standard_normal((5, 4)), rng.integers(2, size=(5, 4))
    value, dS = multilabel_logistic(S, Y)
    singles = [logistic(S[:, k], Y[:, k]) for k in range(4)]
    assert value == pytest.approx(sum(v for v, _ in singles), rel=1e-15)
    np.testing.assert_array_equal(dS, np.stack([d for _, d in singles], axis=1))


def test_multilabel_logistic_by_hand():
    value, dS = multilabel_logistic(np.array([[0.0, math.log(3)]]), np.array([[1, 0]]))
    assert value == pytest.approx(math.log(2) + math.log(4), rel=1e-15)
    np.testing.assert_allclose(dS, [[-0.5, 0.75]], rtol=1e-15)


@pytest.mark.parametrize("size", [800.0, 1e4, 1e300])
def test_every_finite_score_gives_a_finite_multilabel_loss(size):
    S = size * np.array([[1.0, -1.0], [1.0, -1.0]])
    value, dS = multilabel_logistic(S, np.array([[1, 0], [0, 1]]))
    assert value == size
    np.testing.assert_array_equal(dS, [[0, 0], [0.5, -0.5]])


@pytest.mark.parametrize(
    ("S", "Y", "error", "message"),
    [
        (np.zeros(3), np.zeros(3), ShapeError, r"scores has shape \(3,\), .*belongs to logistic"),
        (np.zeros((0, 2)), np.zeros((0, 2)), ShapeError, r"scores has shape \(0, 2\)"),
        (np.zeros((3, 2)), np.zeros(3), ShapeError, r"targets has shape \(3,\), .*softmax_cross"),
        (np.zeros((3, 2)), np.full((3, 2), 0.5), ValueError, r"targets range from 0.5 to 0.5"),
        (np.zeros((3, 2)), -np.ones((3, 2)), ValueError, r"targets .*pass targets > 0"),
    ],
)
def test_multilabel_logistic_refuses_what_is_no_table_of_labels(S, Y, error, message):
    with pytest.raises(error, match=f"^multilabel_logistic: {message}"):
        multilabel_logistic(S, Y)
