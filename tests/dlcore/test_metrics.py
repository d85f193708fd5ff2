"""Accuracy."""

import math

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.metrics import accuracy, binary_accuracy
from tests.device_array import DeviceArray


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_by_hand(shape):
    scores = np.array([2.0, -0.1, 0.1, -3.0]).reshape(shape)
    targets = np.array([1, 1, 1, 0]).reshape(shape)
    accuracy = binary_accuracy(scores, targets)
    assert accuracy == 0.75
    assert type(accuracy) is float


def test_a_score_of_zero_predicts_class_zero():
    assert binary_accuracy(np.zeros(2), np.array([0, 1])) == 0.5


def test_labels_of_minus_one_work_too():
    assert binary_accuracy(np.array([2.0, -1.0]), np.array([1, -1])) == 1


def test_a_column_against_a_flat_array_is_refused():
    with pytest.raises(ShapeError, match=r"^binary_accuracy: scores has shape"):
        binary_accuracy(np.zeros((4, 1)), np.zeros(4))


@pytest.mark.parametrize("metric", [binary_accuracy, accuracy])
def test_no_prediction_no_accuracy(metric):
    scores, targets = np.array([[1.0], [np.nan], [-1.0]]), np.array([[1], [0], [0]])
    if metric is accuracy:
        scores, targets = np.concatenate([-scores, scores], axis=1), targets[:, 0]
    for wrap in (np.array, DeviceArray):
        assert math.isnan(metric(wrap(scores), wrap(targets)))
    scores[1] = scores[2]
    assert metric(scores, targets) == 1


def test_a_label_that_is_nan_is_not_class_zero():
    assert math.isnan(binary_accuracy(np.array([1.0, -1.0]), np.array([1.0, np.nan])))


def test_of_equal_scores_the_first_is_the_largest():
    assert accuracy(np.zeros((2, 3)), np.array([0, 1])) == 0.5


def test_several_scores_an_example_are_refused():
    with pytest.raises(ShapeError, match=r"^binary_accuracy: scores has shape \(4, 3\), expected"):
        binary_accuracy(np.zeros((4, 3)), np.zeros((4, 3)))


def test_the_accuracy_of_no_examples_is_no_number():
    with pytest.raises(ShapeError, match=r"^binary_accuracy: scores is empty, .*no examples"):
        binary_accuracy(np.zeros((0, 1)), np.zeros((0, 1)))
    with pytest.raises(ShapeError, match=r"^accuracy: scores is empty, .*no examples"):
        accuracy(np.zeros((0, 3)), np.zeros(0, int))


def test_labels_are_integers_in_range():
    with pytest.raises(TypeError, match=r"^accuracy: targets has dtype float64, expected integers"):
        accuracy(np.zeros((2, 3)), np.zeros(2))
    with pytest.raises(ValueError, match=r"^accuracy: targets range from 0 to 3, expected 0 to 2"):
        accuracy(np.zeros((2, 3)), np.array([0, 3]))
    with pytest.raises(TypeError, match=r"^accuracy: targets is a list, expected an array"):
        accuracy(np.zeros((2, 3)), [0, 2])


def test_the_largest_score_decides():
    scores = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, -2.0], [0.0, 0.0, 5.0], [3.0, 4.0, 5.0]])
    share = accuracy(scores, np.array([1, 0, 2, 0]))
    assert share == 0.75
    assert type(share) is float


@pytest.mark.parametrize("shapes", [((4, 1), (4, 1)), ((4,), (4,)), ((4, 3), (3,))])
def test_scores_without_classes_are_refused(shapes):
    with pytest.raises(ShapeError, match=r"^accuracy: scores has shape .*binary_accuracy"):
        accuracy(*map(np.zeros, shapes))
