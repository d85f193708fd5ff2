"""Half precision is computed in single: what comes back in which."""

import inspect

import numpy as np
import pytest

from dlcore import activations, averages, layers, losses, optimizers, regularizers
from dlcore.precision import half_in_single, single, total
from tests.device_array import DeviceArray

ONE = np.ones(1), np.zeros(1)


def first(function):
    """Return a function that gives the first result only, and no cache."""
    return lambda *arrays: function(*arrays)[0]


@half_in_single
def total_and_squares(x, scale=1.0, *, note=None):
    """Return a number, an array, and the array that it was computed from."""
    return np.sum(x), scale * x**2, (x, note)


def test_only_half_precision_is_made_single():
    for dtype in (np.float16, np.float32):
        assert single(np.ones(2, dtype)).dtype == np.float32
    for thing in (np.ones(2), np.ones(2, int), 0.5, [1.0], None, "float16"):
        assert single(thing) is thing


def test_arrays_come_back_in_half_and_the_rest_stays_in_single():
    x = np.array([256.0, 1e-5] * 2000, np.float16)
    total, squares, (kept, note) = total_and_squares(x, np.full(4000, 0.5, np.float16), note="n")
    np.testing.assert_allclose(total, 512_000, rtol=1e-4)
    assert total.dtype == kept.dtype == np.float32
    assert squares.dtype == np.float16
    np.testing.assert_array_equal(squares[:2], [32_768, 0])
    assert note == "n"


def test_a_sum_in_half_precision_does_not_stand_still():
    ones = np.ones((5000, 2), np.float16)
    assert ones.sum(axis=0)[0] == 2048  # the next number is 2050
    sums = total(ones, axis=0)
    assert sums.dtype == np.float16
    np.testing.assert_array_equal(sums, [5000, 5000])
    for dtype in (np.float32, np.float64):
        x = np.random.default_rng(0).standard_normal((5, 2)).astype(dtype)
        np.testing.assert_array_equal(total(x, axis=1), x.sum(axis=1))
        assert total(x, axis=1).dtype == dtype


def test_other_precisions_pass_through():
    for dtype in (np.float32, np.float64):
        x = np.ones(3, dtype)
        total, squares, (kept, _) = total_and_squares(x)
        assert total.dtype == squares.dtype == dtype
        assert kept is x
    _, squares, _ = total_and_squares(x=np.ones(3, np.float16))  # by name too
    assert squares.dtype == np.float16


def test_arrays_of_another_library():
    _, squares, _ = total_and_squares(DeviceArray(np.array([3.0], np.float16)))
    assert squares.dtype == np.float16
    np.testing.assert_array_equal(squares.host, [9])


def test_the_function_keeps_its_name_and_its_signature():
    assert total_and_squares.__name__ == "total_and_squares"
    assert list(inspect.signature(total_and_squares).parameters) == ["x", "scale", "note"]
    assert "single" not in inspect.getsource(total_and_squares).split('"""')[2]


# What float16 cannot hold on the way, though it can hold the answer. Each line is a function, and
# its arrays.

MANY = np.linspace(-3, 3, 65_520)
HARD = {
    "a loss of 65,520 rows": (losses.logistic, MANY, np.arange(65_520) % 2),
    "with labels of -1 and 1": (losses.logistic_pm1, MANY, np.arange(65_520) % 2 * 2 - 1),
    "of probabilities": (losses.binary_cross_entropy, 0.5 + MANY / 8, np.arange(65_520) % 2),
    "of 30,000 rows of classes": (
        losses.softmax_cross_entropy, MANY[:60_000].reshape(-1, 2), np.arange(30_000) % 2
    ),
    "a hinge of 30,000 rows": (
        losses.svm_hinge, MANY[:60_000].reshape(-1, 2), np.arange(30_000) % 2
    ),
    "many deviations": (
        losses.gaussian_nll, np.tile([[300.0, 0.0]], (4, 1)), np.zeros(4)
    ),
    "large counts": (losses.poisson_nll, np.full(4, 11.5), np.full(4, 60_000)),
    "30,000 rows of labels": (
        losses.multilabel_logistic, MANY[:60_000].reshape(-1, 2), np.ones((30_000, 2))
    ),
    "large errors": (losses.squared_error, np.full((4, 1), 300.0), np.zeros((4, 1))),
    "half of large errors": (losses.quadratic, np.full((4, 1), -500.0), np.zeros((4, 1))),
    "5,000 classes": (lambda S: 1000 * activations.softmax(S, axis=0), np.zeros((5000, 2))),
    "the logarithm of 5,000 classes": (
        lambda S: activations.log_softmax(S, axis=0), np.zeros((5000, 2))
    ),
    "a feature far from zero": (first(layers.batchnorm_forward), np.array([[0.0], [600.0]]), *ONE),
    "a feature of many pixels": (
        first(layers.batchnorm_forward), MANY[:60_000].reshape(2, 1, 200, 150), *ONE
    ),
    "a known variance": (
        layers.batchnorm_inference, np.array([[0.0], [600.0]]), *ONE, np.ones(1), np.full(1, 6e4)
    ),
    "loud channels": (first(layers.lrn_forward), np.full((1, 3, 2), 300.0)),
    "a bright window": (
        lambda X: layers.avgpool2d_forward(X, size=2)[0], np.full((1, 1, 2, 2), 6e4)
    ),
    "a bright image": (first(layers.global_avgpool_forward), np.full((1, 1, 300, 300), 6e4)),
    "a bright window to be halved": (
        lambda X, w, b: layers.subsample_forward(X, w, b, size=2)[0],
        np.full((1, 1, 2, 2), 3e4), np.full(1, 0.25), np.zeros(1),
    ),
    "a bias of 5,000 examples": (
        lambda dZ, W: layers.affine_backward(dZ, (dZ, W))[2], np.ones((5000, 2)), np.ones((2, 2))
    ),
    "a slope of 5,000 numbers": (
        lambda dA, Z, alpha: layers.prelu_backward(dA, (Z, alpha))[1],
        np.ones((5000, 2)), np.full((5000, 2), -1.0), np.ones(2),
    ),
    "a gradient of 90,000 pixels": (
        lambda dA: 60_000 * layers.global_avgpool_backward(dA, ((1, 1, 300, 300),)),
        np.full((1, 1), 6e4),
    ),
    "a long memory": (lambda x: averages.ewa(x, 0.999), np.ones(5000)),
    "many weights": (lambda W: regularizers.l2(W, 1.0, 70_000), np.full(70_000, 1.0)),
    "sizes of many weights": (lambda W: regularizers.l1(W, 1.0, 70_000), np.full(70_000, 1.0)),
    "a long gradient": (lambda g: optimizers.clip_by_norm(g, 600.0), np.full(5000, 300.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD)
def test_what_float16_can_not_hold_on_the_way(name):
    function, *arrays = HARD[name]
    half = [a.astype(np.float16) if a.dtype.kind == "f" else a for a in arrays]
    exact = [a.astype(float) if a.dtype.kind == "f" else a for a in half]
    got, expected = function(*half), function(*exact)
    pairs = zip(got, expected, strict=True) if isinstance(got, tuple) else [(got, expected)]
    for ours, right in pairs:
        assert ours.dtype == (np.float16 if ours.ndim else np.float32)
        np.testing.assert_allclose(ours, right, rtol=6e-4, atol=6e-8)  # half a digit
