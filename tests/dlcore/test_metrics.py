"""Accuracy."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.metrics import accuracy, binary_accuracy


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


def test_the_largest_score_decides():
    scores = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, -2.0], [0.0, 0.0, 5.0], [3.0, 4.0, 5.0]])
    share = accuracy(scores, np.array([1, 0, 2, 0]))
    assert share == 0.75
    assert type(share) is float


@pytest.mark.parametrize("shapes", [((4, 1), (4, 1)), ((4,), (4,)), ((4, 3), (3,))])
def test_scores_without_classes_are_refused(shapes):
    with pytest.raises(ShapeError, match=r"^accuracy: scores has shape .*binary_accuracy"):
        accuracy(*map(np.zeros, shapes))
