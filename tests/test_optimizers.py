"""Optimizers: the printed step, by hand."""

import dataclasses

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.optimizers import GradientDescent

THETA, GRAD = np.array([1.0, 2.0]), np.array([10.0, -10.0])


def test_gradient_descent_by_hand():
    optimizer = GradientDescent(lr=0.1)
    theta, state = optimizer.update(THETA, GRAD, optimizer.init(THETA))
    np.testing.assert_allclose(theta, [0.0, 3.0], rtol=1e-15)
    theta, _ = optimizer.update(theta, GRAD, state)
    np.testing.assert_allclose(theta, [-1.0, 4.0], rtol=1e-15)


def test_arguments_are_not_changed():
    theta, grad = THETA.copy(), GRAD.copy()
    for array in (theta, grad):
        array.setflags(write=False)
    optimizer = GradientDescent(0.1)
    updated, _ = optimizer.update(theta, grad, optimizer.init(theta))
    assert not np.shares_memory(updated, theta)


@pytest.mark.parametrize("lr", [0.1, np.float64(0.1), np.float32(0.1), 1])
def test_dtype_is_kept_whatever_the_rate_is(lr):
    theta = THETA.astype(np.float32)
    updated, _ = GradientDescent(lr).update(theta, GRAD.astype(np.float32), ())
    assert updated.dtype == np.float32


@pytest.mark.parametrize("lr", [0, -0.1, float("nan")])
def test_a_rate_that_is_not_positive_is_refused(lr):
    with pytest.raises(ValueError, match=rf"^GradientDescent: lr is {lr}, expected a rate > 0"):
        GradientDescent(lr)


def test_it_can_not_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        GradientDescent(0.1).lr = 0.2


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match=r"^GradientDescent.update: theta has shape \(2,\)"):
        GradientDescent(0.1).update(THETA, GRAD[:1], ())
