"""The data sets: shapes, classes, determinism, and agreement with their sources."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets as sklearn_datasets

from dlcore.datasets import circles, digits, moons, planar_flower, xor

PLANAR = [circles, moons, planar_flower, xor]


@pytest.mark.parametrize("make", PLANAR)
@given(n=st.integers(4, 50), seed=st.integers(0, 3))
def test_shapes_and_classes_of_any_size(make, n, seed):
    X, y = make(np.random.default_rng(seed), n)
    assert X.shape == (n, 2)
    assert X.dtype == np.float64
    assert y.shape == (n,)
    assert y.dtype.kind == "i"
    assert set(y) == {0, 1}
    assert abs(n - 2 * y.sum()) <= 1 + (make is xor)  # xor: as equal a number a cloud as possible


@pytest.mark.parametrize("make", PLANAR)
@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_the_generator_decides(make, generator):
    rng = generator(5)
    X, y = make(rng)
    again, y_again = make(generator(5))
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, y_again)
    assert not np.array_equal(X, make(generator(6))[0])
    assert not np.array_equal(X, make(rng)[0])  # the stream has moved on


@pytest.mark.parametrize("make", PLANAR)
def test_nothing_draws_from_the_global_state(make):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make(np.random.default_rng(0))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("make", PLANAR)
@pytest.mark.parametrize("rng", [0, None])
def test_a_bare_seed_is_refused(make, rng):
    with pytest.raises(TypeError, match=f"^{make.__name__}: rng is {rng}, expected a generator"):
        make(rng)


def test_the_published_circles_and_moons():
    np.random.seed(1)  # noqa: NPY002, as the published code does
    X, y = sklearn_datasets.make_circles(300, noise=0.05)
    ours, labels = circles(np.random.RandomState(1), 300, 0.05)
    np.testing.assert_array_equal(ours, X)
    np.testing.assert_array_equal(labels, y)
    np.random.seed(3)  # noqa: NPY002
    X, y = sklearn_datasets.make_moons(300, noise=0.2)
    ours, labels = moons(np.random.RandomState(3), 300, 0.2)
    np.testing.assert_array_equal(ours, X)
    np.testing.assert_array_equal(labels, y)


def test_circles_without_noise_lie_on_two_circles():
    X, y = circles(np.random.default_rng(0), 100, noise=0)
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y == 0, 1.0, 0.8), rtol=1e-12)


def test_the_flower_without_noise_lies_on_the_rose():
    X, y = planar_flower(np.random.default_rng(0), 400, noise=0)
    angle, radius = np.arctan2(X[:, 1], X[:, 0]), np.hypot(*X.T)
    np.testing.assert_allclose(radius, np.abs(4 * np.sin(4 * angle)), atol=1e-12)
    assert radius.max() > 3.9
    # Eight petals of 45 degrees, each of one class, four of either.
    petal = np.floor(angle / (np.pi / 4)).astype(int) % 8
    classes = [set(y[petal == k]) for k in range(8)]
    assert all(len(found) == 1 for found in classes)
    ring = [found.pop() for found in classes]
    assert sum(ring) == 4


def test_xor_without_noise_lies_on_the_corners():
    X, y = xor(np.random.default_rng(0), 200, noise=0)
    assert {tuple(row) for row in X} == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)
    _, counts = np.unique(X, axis=0, return_counts=True)
    np.testing.assert_array_equal(counts, 50)


def test_all_digits():
    images, labels = digits()
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == np.float64
    assert (images.min(), images.max()) == (0, 16)
    np.testing.assert_array_equal(np.unique(labels), np.arange(10))


def test_some_digits():
    images, labels = digits(classes=(3, 8))
    assert set(labels) == {3, 8}
    everything, every_label = digits()
    np.testing.assert_array_equal(images, everything[(every_label == 3) | (every_label == 8)])
    assert len(images) == len(labels) == 183 + 174


def test_a_class_that_is_no_digit_is_refused():
    with pytest.raises(ValueError, match=r"^digits: classes has \[10\], expected digits from 0"):
        digits(classes=(1, 10))
