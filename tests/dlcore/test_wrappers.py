"""Optimizers and losses around others."""

import numpy as np
import pytest

from dlcore import datasets
from dlcore.errors import ShapeError
from dlcore.layers import Affine, Tanh
from dlcore.losses import logistic, softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent, Momentum, clip_by_norm
from dlcore.training import fit
from dlcore.wrappers import (
    Clipped,
    Masked,
    Projected,
    Recorded,
    Smoothed,
    Watched,
    at_rate,
    rows_within,
)

THETA, GRAD = np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 12.0])
MASK = np.array([True, True, False])


def problem():
    X, y = datasets.moons(np.random.default_rng(0), 40)
    net = Sequential(fc1=Affine(2, 3), tanh=Tanh(), fc2=Affine(3, 1))
    return net, net.init(np.random.default_rng(0)), X, y[:, np.newaxis]


def test_what_is_not_marked_stays():
    optimizer = Masked(Momentum(0.1), MASK)
    theta, state = THETA, optimizer.init(THETA)
    for _ in range(3):
        theta, state = optimizer.update(theta, GRAD, state)
    alone = THETA[:2], Momentum(0.1).init(THETA[:2])
    for _ in range(3):
        alone = Momentum(0.1).update(alone[0], GRAD[:2], alone[1])
    np.testing.assert_array_equal(theta, [*alone[0], 3.0])


def test_a_frozen_layer_stays_while_the_other_learns():
    net, params, X, y = problem()
    optimizer = Masked(Adam(0.1), params.mask("fc2"))
    trained, history = fit(
        net, params, X, y, loss=logistic, optimizer=optimizer, epochs=5, schedule=lambda e: 0.1
    )
    np.testing.assert_array_equal(trained["fc1.W"], params["fc1.W"])
    assert not np.any(trained["fc2.W"] == params["fc2.W"])
    assert history.cost[-1] < history.cost[0]


def test_frozen_gradients_do_not_count_when_clipped_inside():
    moved, _ = Masked(Clipped(GradientDescent(1.0), 1.0), MASK).update(THETA, GRAD, ())
    np.testing.assert_allclose(moved, [1 - 0.6, 2 - 0.8, 3])
    moved, _ = Clipped(GradientDescent(1.0), 1.0).update(THETA, GRAD, ())
    np.testing.assert_array_equal(moved, THETA - clip_by_norm(GRAD, 1.0))


def test_nan_in_a_frozen_gradient_does_no_harm():
    moved, _ = Masked(Adam(1.0), MASK).update(
        THETA, np.array([1.0, 1.0, np.nan]), Adam(1.0).init(THETA)
    )
    assert np.isfinite(moved).all()


def test_a_mask_is_an_array_of_bool_and_fits():
    for mask in ([True, False], np.ones(3), None):
        with pytest.raises(TypeError, match=r"^Masked: mask is an? .*, expected an array of bool"):
            Masked(Adam(0.1), mask)
    with pytest.raises(ShapeError, match=r"^Masked.update: theta has shape \(3,\) but mask has"):
        Masked(GradientDescent(0.1), MASK[:2]).update(THETA, GRAD, ())


def test_a_gradient_of_another_network_is_named():
    adam = Adam(0.1)
    with pytest.raises(ShapeError, match=r"^Adam.update: .*gradient of this network's parameters"):
        adam.update(np.zeros(3), np.zeros(4), adam.init(np.zeros(3)))


def test_every_step_is_watched():
    seen = []
    optimizer = Watched(GradientDescent(0.5), lambda theta, grad: seen.append((theta, grad)))
    net, params, X, y = problem()
    trained, _ = fit(net, params, X, y, loss=logistic, optimizer=optimizer, epochs=3, batch_size=20)
    assert len(seen) == 6
    np.testing.assert_array_equal(seen[-1][0], trained.theta)
    np.testing.assert_array_equal(seen[1][0], seen[0][0] - 0.5 * seen[1][1])


def test_the_cost_of_every_step():
    net, params, X, y = problem()
    cost = Recorded(logistic)
    _, history = fit(
        net, params, X, y, loss=cost, optimizer=GradientDescent(0.5), epochs=2, batch_size=10
    )
    assert len(cost.costs) == 8
    np.testing.assert_allclose(history.cost, np.reshape(cost.costs, (2, 4)).mean(axis=1))
    assert all(type(value) is float for value in cost.costs)


def test_a_rate_range_test_takes_three_lines():
    net, params, X, y = problem()
    cost, rates = Recorded(logistic), 1e-3 * 2.0 ** np.arange(20)
    fit(net, params, X, y, loss=cost, optimizer=GradientDescent(1.0), epochs=10, batch_size=20,
        step_schedule=lambda step: rates[step])  # fmt: skip
    assert len(cost.costs) == len(rates)
    assert cost.costs[-1] > min(cost.costs)  # from some rate on it gets worse


def test_a_rate_goes_through_to_the_optimizer_inside():
    for wrapped in (Masked(Adam(0.1), MASK), Clipped(Adam(0.1), 1.0), Watched(Adam(0.1), print)):
        other = at_rate(wrapped, 0.01)
        assert (wrapped.lr, other.lr) == (0.1, 0.01)
        assert type(other) is type(wrapped)
        assert other.optimizer == Adam(0.01)


def test_an_optimizer_without_a_rate_to_set_is_refused_before_the_first_step():
    class Fixed:
        lr = 0.1

        def init(self, theta):
            return ()

        def update(self, theta, grad, state):
            return theta - 0.1 * grad, state

    net, params, X, y = problem()
    fit(net, params, X, y, loss=logistic, optimizer=Fixed(), epochs=1)
    with pytest.raises(TypeError, match=r"^at_rate: the rate of .* cannot be changed; expected a"):
        fit(net, params, X, y, loss=logistic, optimizer=Fixed(), epochs=1, schedule=lambda e: 0.1)


def test_the_rows_of_all_weight_matrices_stay_within_their_limit_and_biases_are_free():
    net, params, X, y = problem()
    optimizer = Projected(GradientDescent(5.0), rows_within(params, 0.3))
    trained, _ = fit(net, params, X, y, loss=logistic, optimizer=optimizer, epochs=20)
    free, _ = fit(net, params, X, y, loss=logistic, optimizer=GradientDescent(5.0), epochs=20)
    lengths = {name: np.linalg.norm(trained[name], axis=1) for name in trained if name[-1] == "W"}
    assert len(lengths) > 1
    for name, length in lengths.items():
        assert length.max() <= 0.3 + 1e-12
        assert np.linalg.norm(free[name], axis=1).max() > 0.3
    wide = params.like(10 + params.theta)
    put_back = params.like(rows_within(params, 0.3)(wide.theta))
    for name in (name for name in params if name[-1] == "b"):
        np.testing.assert_array_equal(put_back[name], wide[name])
    assert at_rate(optimizer, 0.1).lr == 0.1


def test_a_projection_changes_no_argument():
    _, params, _, _ = problem()
    theta = 10 * params.theta
    before = theta.copy()
    projected = rows_within(params, 0.5)(theta)
    np.testing.assert_array_equal(theta, before)
    np.testing.assert_allclose(rows_within(params, 0.5)(projected), projected)


def test_a_smoothed_loss_is_that_of_smoothed_targets():
    rng = np.random.default_rng(0)
    scores, y = rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
    value, dscores = Smoothed(softmax_cross_entropy, 4, 0.3)(scores, y)
    targets = 0.7 * np.eye(4)[y] + 0.3 / 4
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(value, -np.mean(np.sum(targets * np.log(p), axis=1)))
    np.testing.assert_allclose(dscores, (p - targets) / 6, atol=1e-15)


def test_no_smoothing_changes_nothing_and_all_of_it_forgets_the_label():
    rng = np.random.default_rng(1)
    scores, y = rng.standard_normal((5, 3)), rng.integers(0, 3, 5)
    none = Smoothed(softmax_cross_entropy, 3, 0)(scores, y)
    np.testing.assert_array_equal(none[1], softmax_cross_entropy(scores, y)[1])
    one, other = (Smoothed(softmax_cross_entropy, 3, 1)(scores, (y + k) % 3) for k in (0, 1))
    np.testing.assert_allclose(one[1], other[1])


@pytest.mark.parametrize(("classes", "share"), [(1, 0.1), (3, -0.1), (3, 1.5)])
def test_smoothing_that_makes_no_sense_is_refused(classes, share):
    with pytest.raises(ValueError, match=r"^Smoothed: (classes|share) is"):
        Smoothed(logistic, classes, share)
