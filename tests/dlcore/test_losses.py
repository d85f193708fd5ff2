"""The losses by hand; what they have in common is in ``test_every_loss.py``."""

import math

import numpy as np
import pytest

from dlcore.losses import binary_cross_entropy, logistic, logistic_pm1


def test_binary_cross_entropy_by_hand():
    value, da = binary_cross_entropy(np.array([0.5, 0.25]), np.array([1, 0]))
    assert value == pytest.approx((math.log(2) + math.log(4 / 3)) / 2, rel=1e-15)
    np.testing.assert_allclose(da, [-1, 2 / 3], rtol=1e-15)


def test_logistic_by_hand():
    value, ds = logistic(np.array([0.0, math.log(3)]), np.array([1, 0]))
    assert value == pytest.approx((math.log(2) + math.log(4)) / 2, rel=1e-15)
    np.testing.assert_allclose(ds, [-0.25, 0.375], rtol=1e-15)


def test_logistic_pm1_by_hand():
    value, ds = logistic_pm1(np.array([0.0, math.log(3)]), np.array([1, -1]))
    assert value == pytest.approx((math.log(2) + math.log(4)) / 2, rel=1e-15)
    np.testing.assert_allclose(ds, [-0.25, 0.375], rtol=1e-15)


def test_without_knowledge_the_loss_is_log_two():
    scores, targets = np.zeros(10), np.arange(10) % 2
    assert logistic(scores, targets)[0] == pytest.approx(math.log(2), rel=1e-15)


def test_a_hopeless_score_costs_its_size():
    np.testing.assert_array_equal(logistic(np.array([800.0]), np.array([0]))[0], 800)
    np.testing.assert_array_equal(logistic(np.array([-1e4]), np.array([1]))[0], 1e4)


def test_a_confident_right_score_still_costs_something():
    value, ds = logistic(np.array([40.0]), np.array([1]))
    assert value == pytest.approx(math.exp(-40), rel=1e-15)  # not 0: no digits are lost
    assert ds[0] == 0  # but sigmoid(40) rounds to 1
    value, ds = logistic_pm1(np.array([40.0]), np.array([1]))
    assert value == pytest.approx(math.exp(-40), rel=1e-15)
    assert ds[0] == pytest.approx(-math.exp(-40), rel=1e-15)


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, 1.1, np.nan])
def test_what_is_not_a_probability_is_refused(wrong):
    message = r"probabilities .*strictly between 0 and 1; pass the scores to losses.logistic"
    with pytest.raises(ValueError, match=f"^binary_cross_entropy: {message}"):
        binary_cross_entropy(np.array([0.5, wrong]), np.array([0, 1]))
