"""Networks that compute the same with other weights."""

import math

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.symmetries import equal_networks


def network(units, dtype=float):
    rng = np.random.default_rng(0)
    shapes = (units, 3), (units,), (2, units)
    return [rng.standard_normal(shape).astype(dtype) for shape in shapes]


@pytest.mark.parametrize("units", [1, 2, 3, 4])
def test_how_many_there_are_and_that_all_differ(units):
    found = [np.concatenate([a.ravel() for a in net]) for net in equal_networks(*network(units))]
    assert len(found) == len(np.unique(found, axis=0)) == 2**units * math.factorial(units)


def test_the_first_is_the_network_itself():
    net = network(3)
    for mine, theirs in zip(next(equal_networks(*net)), net, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_dtype_stays_and_the_arguments_too():
    net = network(2, np.float32)
    before = [array.copy() for array in net]
    assert all(a.dtype == np.float32 for other in equal_networks(*net) for a in other)
    for now, then in zip(net, before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_twins_and_a_unit_without_weights_give_equal_networks_twice():
    W1, b1, W2 = np.ones((2, 1)), np.zeros(2), np.ones((1, 2))
    found = [np.concatenate([a.ravel() for a in net]) for net in equal_networks(W1, b1, W2)]
    assert (len(found), len(np.unique(found, axis=0))) == (8, 4)


@pytest.mark.parametrize(
    "change",
    [
        lambda W1, b1, W2: (W1, b1, W2.T),
        lambda W1, b1, W2: (W1.T, b1, W2),
        lambda W1, b1, W2: (W1, b1[:1], W2),
        lambda W1, b1, W2: (W1[0], b1, W2),
    ],
)
def test_shapes_that_do_not_fit(change):
    with pytest.raises(ShapeError, match=r"equal_networks: W1 .* is W2 transposed"):
        next(equal_networks(*change(*network(4))))
