"""Accuracy, and how sure a comparison of several runs is."""

import math

import numpy as np
import pytest
from scipy import stats

from dlcore import metrics
from dlcore.errors import ShapeError
from dlcore.metrics import Paired, accuracy, binary_accuracy, paired, proportion
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


def test_pairs_by_hand():
    # d = 1, 2, 3: mean 2, sd 1, Student's t for two degrees of freedom 4.303, 4.303 / √3 = 2.484
    got = paired(np.array([1.0, 3.0, 3.0]), np.array([0.0, 1.0, 0.0]))
    assert got.mean == 2
    assert (got.low, got.high) == pytest.approx((2 - 2.484, 2 + 2.484), abs=1e-3)
    assert (got.wins, got.losses, got.ties, got.n) == (3, 0, 0, 3)
    assert got.p == 2 / 8


@pytest.mark.parametrize("n", [2, 3, 4, 5, 19, 20, 21, 100, 1001, 20_000])
def test_the_interval_is_scipys(n):
    rng = np.random.default_rng(n)
    a, b = rng.normal(0.3, 1, n), rng.normal(0, 2, n)
    got, theirs = paired(a, b), stats.ttest_rel(a, b).confidence_interval(0.95)
    assert (got.low, got.high) == pytest.approx(tuple(theirs), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("nu", [*range(1, 60), 999, 1000, 10_000])
def test_students_quantile_is_scipys(nu):
    assert metrics._student(nu) == pytest.approx(stats.t.ppf(0.975, nu), rel=1e-10)


@pytest.mark.parametrize(("wins", "losses"), [(18, 2), (2, 18), (5, 5), (7, 0), (0, 1), (900, 990)])
def test_the_sign_test_is_scipys(wins, losses):
    a = np.repeat([1.0, -1.0, 0.0], [wins, losses, 4])
    got = paired(a, np.zeros_like(a))
    assert (got.wins, got.losses, got.ties) == (wins, losses, 4)
    assert got.p == pytest.approx(stats.binomtest(wins, wins + losses).pvalue, rel=1e-10)


def test_all_ties_decide_nothing():
    same = np.arange(5.0)
    assert paired(same, same) == Paired(0.0, 0.0, 0.0, 0, 0, 5, 1.0, 5)


def test_the_other_way_round_everything_turns():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 30))
    one, other = paired(a, b), paired(b, a)
    assert (one.mean, one.low, one.high) == pytest.approx((-other.mean, -other.high, -other.low))
    assert (one.wins, one.losses, one.p) == (other.losses, other.wins, other.p)


def test_small_integers_do_not_wrap():
    got = paired(np.array([1, 2, 3], np.uint8), np.array([2, 2, 2], np.uint8))
    assert (got.mean, got.wins, got.losses, got.ties) == (0, 1, 1, 1)


def test_a_device_array_gives_pythons_numbers():
    a, b = np.random.default_rng(0).normal(size=(2, 8))
    got = paired(DeviceArray(a), DeviceArray(b))
    assert got == paired(a, b)
    assert {type(value) for value in vars(got).values()} == {float, int}


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        (np.zeros(3), np.zeros(4), r"a has shape \(3,\) but b has \(4,\).* a run .*missing"),
        (np.zeros((3, 2)), np.zeros((3, 2)), r"a has shape \(3, 2\), expected \(N,\)"),
        (np.zeros(1), np.zeros(1), r"a has shape \(1,\), expected .*one pair tells nothing"),
        (np.zeros(0), np.zeros(0), r"a has shape \(0,\), expected .*at least 2 pairs"),
    ],
)
def test_what_is_no_list_of_pairs_is_refused(a, b, message):
    with pytest.raises(ShapeError, match=f"^paired: {message}"):
        paired(a, b)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_run_that_diverged_has_no_difference(bad):
    with pytest.raises(ValueError, match=rf"^paired: b\[2\] is {bad}, expected finite.*diverge"):
        paired(np.zeros(4), np.array([0.0, 1.0, bad, 2.0]))


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            Paired(6.234, 4.13, 8.338, 18, 2, 0, 0.000402, 20),
            "6.2 [4.1, 8.3] over 20 pairs, 18 wins, 2 losses, p = 0.0004",
        ),
        (
            Paired(-0.0312, -0.0408, -0.0216, 1, 18, 1, 7.6e-5, 20),
            "-0.0312 [-0.0408, -0.0216] over 20 pairs, 1 win, 18 losses, 1 tie, p < 0.0001",
        ),
        (
            Paired(1234.0, 200.0, 2268.0, 14, 6, 0, 0.115, 20),
            "1234 [200, 2268] over 20 pairs, 14 wins, 6 losses, p = 0.12",
        ),
        (
            Paired(-1e-9, -3.0, 3.0, 10, 10, 0, 1.0, 20),
            "0.0 [-3.0, 3.0] over 20 pairs, 10 wins, 10 losses, p = 1",
        ),
        (
            Paired(4.4, 0.02, 8.78, 13, 2, 5, 0.0074, 20),
            "4.40 [0.02, 8.78] over 20 pairs, 13 wins, 2 losses, 5 ties, p = 0.0074",
        ),
        (proportion(18, 20), "18 of 20, 90% [70%, 97%], p = 0.0004"),
    ],
)
def test_a_result_is_one_readable_line(result, line):
    assert str(result) == line


@pytest.mark.parametrize(("count", "n"), [(0, 1), (1, 1), (0, 20), (20, 20), (162, 200), (7, 20)])
def test_the_rate_is_scipys(count, n):
    test = stats.binomtest(count, n)
    got, theirs = proportion(count, n), test.proportion_ci(0.95, "wilson")
    assert (got.low, got.high) == pytest.approx(tuple(theirs), rel=1e-12, abs=1e-15)
    assert got.p == pytest.approx(test.pvalue, rel=1e-12)
    assert got.share == count / n


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match=r"^proportion: count is 21, expected .* <= 20"):
        proportion(21, 20)
