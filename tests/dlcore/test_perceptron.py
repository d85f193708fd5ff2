"""The perceptron: distances, one step by hand, and the bound on its mistakes."""

import numpy as np
import pytest

from dlcore import losses
from dlcore.errors import ShapeError
from dlcore.perceptron import learn, mistake_bound, perceptron_step, signed_distance

X = np.array([[1.0, 1.0], [-1.0, 3.0], [3.0, 0.0], [-1.0, -3.0]])
T = np.array([1, -1, 1, -1])


def test_the_distance_is_that_of_school():
    w = np.array([3.0, 4.0])
    found = signed_distance(np.array([[1.0, 1.0], [0.0, 0.0], [-3.0, 1.0]]), w, -2.0)
    np.testing.assert_allclose(found, [1.0, -0.4, -1.4])


def test_four_examples_by_hand():
    w, mistakes = learn(X, T)
    assert mistakes == 5
    np.testing.assert_array_equal(w, [5.0, 1.0])
    assert mistake_bound(X, T, np.array([1.0, 0.0])) == pytest.approx(10)


def test_a_step_leaves_what_is_right_and_moves_on_a_tie():
    w, x = np.array([3.0, 1.0]), np.array([-1.0, 3.0])
    assert perceptron_step(w, np.array([1.0, 1.0]), 1) is w
    np.testing.assert_array_equal(perceptron_step(w, x, -1), [4.0, -2.0])  # w x = 0


def test_the_step_is_a_step_down_the_hinge_without_its_margin():
    """The slope of max(0, -t s) by w is that of (-t s)+: -t x where t s < 0."""
    w, x, t = np.array([1.0, -2.0]), np.array([0.5, 2.0]), 1
    f = lambda w: max(0.0, -t * (w @ x))  # noqa: E731
    numerical = [(f(w + e) - f(w - e)) / 2e-6 for e in 1e-6 * np.eye(2)]
    np.testing.assert_allclose(perceptron_step(w, x, t), w - numerical, atol=1e-8)


def test_it_gives_up_where_no_line_separates():
    w, mistakes = learn(np.array([[1.0], [1.0]]), np.array([1, -1]), passes=7)
    assert mistakes == 14
    assert losses.logistic_pm1(np.array([1.0, 1.0]) * w, np.array([1, -1]))[0] > 0


def test_it_keeps_the_type_of_its_data():
    w, _ = learn(X.astype(np.float32), T)
    assert w.dtype == np.float32
    assert signed_distance(X.astype(np.float32), w, 0.5).dtype == np.float32


def test_the_arguments_are_not_changed():
    before = X.copy()
    learn(X, T)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: signed_distance(X, np.zeros(2)), ValueError, "a zero w has no line"),
        (lambda: signed_distance(X, np.ones(3)), ShapeError, "a weight for each feature"),
        (lambda: signed_distance(X[0], np.ones(2)), ShapeError, "X\\[np.newaxis\\]"),
        (lambda: signed_distance(X.astype(int), np.ones(2)), TypeError, "signed_distance"),
        (lambda: perceptron_step(X[0], X[1], 0), ValueError, "a label of 0 means -1"),
        (lambda: perceptron_step(np.ones(3), X[1], 1), ShapeError, "perceptron_step"),
        (lambda: learn(X, (T + 1) // 2), ValueError, "2 y - 1"),
        (lambda: learn(X, T[:3]), ShapeError, "expected \\(4,\\)"),
        (lambda: learn(X[:0], T[:0]), ShapeError, "empty"),
        (lambda: learn(X, T, passes=0), ValueError, "passes"),
        (lambda: mistake_bound(X, T, np.array([0.0, 1.0])), ValueError, "does not separate"),
    ],
)
def test_errors_say_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call()
