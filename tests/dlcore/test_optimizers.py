"""Optimizers: the printed step, by hand, and a hundred steps beside PyTorch."""

import dataclasses
import math

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import Affine
from dlcore.network import Sequential
from dlcore.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    ClassicalMomentum,
    GradientDescent,
    Momentum,
    Nesterov,
    RMSprop,
    bfgs_update,
    clip_by_norm,
)
from tests.cases import OPTIMIZERS
from tests.require import require

try:
    import torch
except ImportError:
    torch = None

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


TRACKS = {
    "classical momentum": (ClassicalMomentum(0.1, 0.8), "SGD", {"lr": 0.1, "momentum": 0.8}),
    "nesterov": (Nesterov(0.1), "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "adagrad": (AdaGrad(0.1), "Adagrad", {"lr": 0.1, "eps": 1e-8}),
    "rmsprop": (RMSprop(0.01), "RMSprop", {"lr": 0.01, "alpha": 0.9}),
    "adam": (Adam(0.01), "Adam", {"lr": 0.01}),
    "adam, other constants": (
        Adam(0.1, 0.8, 0.99, 1e-3), "Adam", {"lr": 0.1, "betas": (0.8, 0.99), "eps": 1e-3}
    ),
    "adamw": (
        AdamW(0.01, weight_decay=0.1), "AdamW", {"lr": 0.01, "weight_decay": 0.1}
    ),
    "gradient descent": (GradientDescent(0.1), "SGD", {"lr": 0.1}),
}  # fmt: skip


def descend(optimizer, theta, gradient, steps):
    """Return every theta of a descent on a function with this gradient."""
    state, path = optimizer.init(theta), []
    for _ in range(steps):
        theta, state = optimizer.update(theta, gradient(theta), state)
        path.append(theta)
    return np.array(path)


def rosenbrock_gradient(theta):
    x, y = theta
    return np.array([-2 * (1 - x) - 40 * x * (y - x**2), 20 * (y - x**2)])


@pytest.mark.oracle
@pytest.mark.parametrize("name", TRACKS)
def test_a_hundred_steps_take_the_path_of_pytorch(name):
    require("PyTorch", torch is not None, "pip install torch==2.13.0")
    optimizer, torch_name, options = TRACKS[name]
    start = np.array([-0.5, 1.5])
    gradients = {
        "a bent valley": lambda theta: 0.1 * rosenbrock_gradient(theta),
        "a steep bowl": lambda theta: np.array([3.0, 0.1]) * theta,
    }
    for gradient in gradients.values():
        theta = torch.tensor(start, requires_grad=True)
        theirs = getattr(torch.optim, torch_name)([theta], **options)
        path = []
        for _ in range(100):
            theta.grad = torch.tensor(gradient(theta.detach().numpy()))
            theirs.step()
            path.append(theta.detach().numpy().copy())
        ours = descend(optimizer, start, gradient, 100)
        assert np.abs(ours - path).max() <= 1e-12 * max(1, np.abs(path).max())


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_the_two_forms_of_momentum_take_the_same_steps(beta):
    average = descend(Momentum(0.01, beta), THETA, rosenbrock_gradient, 20)
    classical = descend(ClassicalMomentum(0.01 * (1 - beta), beta), THETA, rosenbrock_gradient, 20)
    np.testing.assert_allclose(average, classical, rtol=1e-11)


@pytest.mark.parametrize("optimizer", [Momentum, ClassicalMomentum, Nesterov])
def test_without_memory_momentum_is_gradient_descent(optimizer):
    np.testing.assert_allclose(
        descend(optimizer(0.01, beta=0.0), THETA, rosenbrock_gradient, 20),
        descend(GradientDescent(0.01), THETA, rosenbrock_gradient, 20),
        rtol=1e-14,
    )


@pytest.mark.parametrize(
    ("optimizer", "first", "second"),
    [
        # Two gradients of 8: v is 4, then 6.
        (Momentum(0.5, 0.5), -2, -5),
        # v is 8, then 12.
        (ClassicalMomentum(0.5, 0.5), -4, -10),
        # The steps are 8 + 8/2 and 8 + 12/2, halved.
        (Nesterov(0.5, 0.5), -6, -13),
        # s is 64, then 128.
        (AdaGrad(0.5, 1e-300), -0.5, -0.5 - 0.5 / math.sqrt(2)),
        # s is 64 (1 - 3/4) = 16, then 28.
        (RMSprop(0.5, 0.75, 1e-300), -0.5 * 8 / 4, -1 - 4 / math.sqrt(28)),
        # Corrected, both averages are those of constants: every step has the size of the rate.
        (Adam(0.5), -0.5, -1),
        (AdamW(0.5, weight_decay=0.1), -0.5, -1 + 0.5 * 0.1 * 0.5),
    ],
    ids=repr,
)
def test_two_steps_by_hand(optimizer, first, second):
    path = descend(optimizer, np.zeros(1), lambda theta: np.array([8.0]), 2)
    np.testing.assert_allclose(path[:, 0], [first, second], rtol=1e-8)


def test_epsilon_is_added_outside_the_root():
    grad = np.array([1e-6])
    first, _ = Adam(1.0, eps=1e-8).update(np.zeros(1), grad, Adam(1.0).init(grad))
    np.testing.assert_allclose(first, -1 / 1.01, rtol=1e-12)  # inside, it would be -1e-2
    rmsprop = RMSprop(1.0, beta=0.0, eps=1e-6)
    np.testing.assert_allclose(
        rmsprop.update(np.zeros(1), grad, rmsprop.init(grad))[0], [-0.5], rtol=1e-12
    )


def test_the_second_correction_is_that_of_beta2():
    optimizer = Adam(1.0, beta1=0.0, beta2=0.5, eps=1e-300)
    path = descend(optimizer, np.zeros(1), lambda theta: np.array([1.0 if theta == 0 else 2.0]), 2)
    # s is 0.5, then 2.25, corrected by 0.75: 3.
    np.testing.assert_allclose(path[:, 0], [-1, -1 - 2 / math.sqrt(3)], rtol=1e-14)


def test_adamw_decays_only_what_it_is_told():
    net = Sequential(fc=Affine(2, 1))
    params = net.init(np.random.default_rng(0))
    params = params.like(np.array([1.0, 2.0, 3.0]))  # the last is the bias
    grad = np.zeros(3)
    for decayed, kept in ((None, [0.95, 0.95, 0.95]), (params.decayed, [0.95, 0.95, 1])):
        optimizer = AdamW(0.5, weight_decay=0.1, decayed=decayed)
        theta, _ = optimizer.update(params.theta, grad, optimizer.init(params.theta))
        np.testing.assert_allclose(theta, params.theta * kept, rtol=1e-15)
    with pytest.raises(ShapeError, match=r"^AdamW.update: decayed has shape \(3,\), expected .*2"):
        AdamW(0.5, decayed=params.decayed).update(THETA, GRAD, AdamW(0.5).init(THETA))


def test_adamw_without_decay_is_adam():
    np.testing.assert_array_equal(
        descend(AdamW(0.1, weight_decay=0), THETA, rosenbrock_gradient, 9),
        descend(Adam(0.1), THETA, rosenbrock_gradient, 9),
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_optimizer_keeps_its_arguments_and_their_dtype(optimizer, dtype):
    theta, grad = THETA.astype(dtype), GRAD.astype(dtype)
    optimizer = dataclasses.replace(optimizer, lr=np.float64(0.1))  # as a schedule may give it
    state = optimizer.init(theta)
    for array in (theta, grad, *state):
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    moved, after = optimizer.update(theta, grad, state)
    assert moved.dtype == dtype
    assert all(array.dtype == dtype for array in after if isinstance(array, np.ndarray))
    again, _ = optimizer.update(theta, grad, state)  # pure: the same once more
    np.testing.assert_array_equal(again, moved)
    assert not np.shares_memory(moved, theta)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_a_gradient_of_another_precision_does_not_change_that_of_the_parameters(optimizer):
    theta = THETA.astype(np.float32)
    moved, _ = optimizer.update(theta, GRAD, optimizer.init(theta))
    assert moved.dtype == np.float32


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_half_precision_takes_the_same_path(optimizer):
    """A gradient of zero, and one whose square is zero in float16, are the hard ones."""
    optimizer = dataclasses.replace(optimizer, lr=0.01)
    grads = np.array([[0.0, 1e-5, 3.0], [0.0, -2e-5, 4.0], [0.0, 1e-5, 300.0]])
    theta = np.array([1.0, 0.0, -2.0])
    theta16, state, state16 = theta.astype(np.float16), None, None
    for grad in grads:
        state = optimizer.init(theta) if state is None else state
        state16 = optimizer.init(theta16) if state16 is None else state16
        theta, state = optimizer.update(theta, grad, state)
        theta16, state16 = optimizer.update(theta16, grad.astype(np.float16), state16)
        assert theta16.dtype == np.float16
    np.testing.assert_allclose(theta16, theta, rtol=3e-3, atol=2e-6)


@pytest.mark.parametrize("optimizer", OPTIMIZERS[1:], ids=repr)
def test_the_state_of_another_optimizer_or_of_other_parameters_is_refused(optimizer):
    name = type(optimizer).__name__
    for state in ((), (np.zeros(1),), (np.zeros(2), np.zeros(2), np.zeros(2), 0), None):
        with pytest.raises(ShapeError, match=rf"^{name}.update: state holds .*, expected \(\w"):
            optimizer.update(THETA, GRAD, state)
    with pytest.raises(ShapeError, match=rf"{name}.init\(theta\)\?$"):
        optimizer.update(THETA, GRAD, optimizer.init(np.zeros(1)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer_finds_the_bottom_of_a_bowl(optimizer):
    lr = 1.0 if isinstance(optimizer, AdaGrad) else 0.05  # its steps only get shorter
    optimizer = dataclasses.replace(optimizer, lr=lr)
    path = descend(optimizer, THETA, lambda theta: np.array([1.0, 4.0]) * theta, 500)
    assert np.abs(path[-1]).max() < 0.05


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer_refuses_a_gradient_of_another_shape(optimizer):
    with pytest.raises(ShapeError, match=rf"^{type(optimizer).__name__}.update: theta has shape"):
        optimizer.update(THETA, GRAD[:1], optimizer.init(THETA))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Momentum(0), "Momentum: lr is 0, expected a rate > 0"),
        (lambda: Adam(math.inf), "Adam: lr is inf, expected a rate > 0"),
        (lambda: Momentum(0.1, 1), "Momentum: beta is 1, expected a share >= 0 and < 1"),
        (lambda: Nesterov(0.1, -0.1), "Nesterov: beta is -0.1"),
        (lambda: AdaGrad(0.1, eps=-1), "AdaGrad: eps is -1, expected a small number > 0"),
        (lambda: RMSprop(0.1, eps=0), "RMSprop: eps is 0, expected a small number > 0"),
        (lambda: Adam(0.1, beta1=9), "Adam: beta1 is 9"),
        (lambda: Adam(0.1, beta2=math.nan), "Adam: beta2 is nan"),
        (lambda: AdamW(0.1, weight_decay=-1), "AdamW: weight_decay is -1, expected a number >= 0"),
    ],
)
def test_constants_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        make()


@pytest.mark.parametrize(
    ("grad", "max_norm", "expected"),
    [
        ([3.0, 4.0], 1.0, [0.6, 0.8]),
        ([3.0, 4.0], 5.0, [3.0, 4.0]),
        ([3.0, 4.0], 50.0, [3.0, 4.0]),
        ([0.0, 0.0], 1.0, [0.0, 0.0]),
        ([3e300, 4e300], 1.0, [0.6, 0.8]),  # the squares would overflow
        ([3e-300, 4e-300], 1.0, [3e-300, 4e-300]),
        ([], 1.0, []),
        ([1e308] * 4, 1.0, [0.5] * 4),  # and so would the norm
    ],
)
def test_clip_by_norm_by_hand(grad, max_norm, expected):
    grad = np.array(grad)
    grad.setflags(write=False)
    np.testing.assert_allclose(clip_by_norm(grad, max_norm), expected, rtol=1e-15)


def test_clip_by_norm_leaves_a_short_gradient_exactly():
    grad = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    np.testing.assert_array_equal(clip_by_norm(grad, 1000.0), grad)
    clipped = clip_by_norm(grad, np.float64(2.0))
    assert clipped.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(clipped), 2, rtol=1e-6)
    np.testing.assert_allclose(clipped / clipped[0], grad / grad[0], rtol=1e-6)


@pytest.mark.parametrize("max_norm", [0, -1, math.nan])
def test_clip_by_norm_refuses_a_length_that_is_not_positive(max_norm):
    with pytest.raises(ValueError, match=r"^clip_by_norm: max_norm is .*expected a length > 0"):
        clip_by_norm(GRAD, max_norm)


def test_bfgs_update_by_hand():
    Q = bfgs_update(np.eye(2), np.array([1.0, 0.0]), np.array([2.0, 1.0]))
    np.testing.assert_allclose(Q, [[0.75, -0.5], [-0.5, 1.0]], rtol=1e-15)


def test_bfgs_update_keeps_what_a_saddle_would_spoil():
    Q = np.array([[2.0, 0.5], [0.5, 1.0]])
    for dgrad in ([-1.0, 3.0], [0.0, 3.0]):
        np.testing.assert_array_equal(bfgs_update(Q, np.array([1.0, 0.0]), np.array(dgrad)), Q)


def test_bfgs_update_refuses_shapes_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"^bfgs_update: Q has shape \(3, 3\) and dtheta \(2,\)"):
        bfgs_update(np.eye(3), THETA, GRAD)
    with pytest.raises(ShapeError, match=r"^bfgs_update: dtheta has shape \(2,\)"):
        bfgs_update(np.eye(2), THETA, GRAD[:1])
