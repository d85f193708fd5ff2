"""Cheap checks of a training: by hand, and what they refuse."""

import math

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.losses import softmax_cross_entropy
from dlcore.parameters import Parameters
from dlcore.sanity import chance_loss, memorized_loss, spread_loss, update_ratios


def test_ten_classes_by_hand():
    assert chance_loss(10) == pytest.approx(2.302585, abs=1e-6)
    assert chance_loss(2) == pytest.approx(0.693147, abs=1e-6)
    assert memorized_loss(5) == pytest.approx(0.138629, abs=1e-6)


def test_equal_scores_have_no_spread():
    assert spread_loss(np.full((4, 3), 7.0)) == pytest.approx(math.log(3), rel=1e-15)
    assert spread_loss(np.array([[1.0, -1.0]])) == pytest.approx(math.log(2) + 0.5, rel=1e-15)


@pytest.mark.parametrize("shape", [(3,), (0, 4), (4, 1), (2, 3, 4)])
def test_scores_are_a_table(shape):
    with pytest.raises(ShapeError, match=r"^spread_loss: scores has shape .*, expected \(N, K\)"):
        spread_loss(np.ones(shape))


@pytest.mark.parametrize("function", [chance_loss, memorized_loss])
def test_counts_are_whole_numbers(function):
    with pytest.raises(TypeError, match=rf"^{function.__name__}: "):
        function(2.5)
    with pytest.raises(ValueError, match=rf"^{function.__name__}: "):
        function(0)
    if function is chance_loss:
        with pytest.raises(ValueError, match=r"^chance_loss: "):
            function(1)


def test_the_sum_of_many_losses_below_the_mark_has_no_wrong_example():
    """One wrong example, as sure as can be on the others, costs at least the mark."""
    scores = np.zeros((5, 4))
    scores[np.arange(5), [0, 1, 2, 3, 0]] = 60.0
    scores[4] = [0.0, 1e-9, -60.0, -60.0]  # just wrong
    cost, _ = softmax_cross_entropy(scores, np.array([0, 1, 2, 3, 0]))
    assert memorized_loss(5) <= cost < 1.01 * memorized_loss(5)


def test_ratios_by_hand():
    before = {"W": np.array([[3.0, 4.0]]), "b": np.zeros(2), "c": np.zeros(1)}
    after = {"W": np.array([[3.0, 4.5]]), "b": np.array([0.0, 1.0]), "c": np.zeros(1)}
    assert update_ratios(before, after) == {"W": 0.1, "b": math.inf, "c": 0.0}


def test_ratios_of_parameters():
    params = Parameters.of({"W": np.ones((2, 2)), "b": np.array([2.0])})
    moved = params.like(params.theta + 0.5)
    assert update_ratios(params, moved) == {"W": 0.5, "b": 0.25}


def test_two_networks_are_refused():
    with pytest.raises(ShapeError, match=r"^update_ratios: params and updated differ"):
        update_ratios({"W": np.ones(2)}, {"V": np.ones(2)})
    with pytest.raises(ShapeError, match=r"^update_ratios: params and updated differ"):
        update_ratios({"W": np.ones(2)}, {"W": np.ones(3)})
