"""Batch normalization: by hand, of images, against PyTorch, and what it remembers."""

import numpy as np
import pytest

from dlcore import losses, reference
from dlcore.averages import ewa
from dlcore.errors import ShapeError
from dlcore.gradcheck import VacuousCheck, check_gradient
from dlcore.layers import (
    Affine,
    BatchNorm,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
)
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit
from tests.dlcore.layers.geometry import pytorch
from tests.measure import worst_error

SHAPES = pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 5), (1, 3, 4, 5), (7, 1)])


def arrays_of(shape):
    rng = np.random.default_rng(0)
    return [3 + 2 * rng.standard_normal(shape), *rng.standard_normal((2, shape[1]))]


def test_by_hand():
    X = np.array([[1.0, 0.0], [3.0, 0.0], [5.0, 6.0]])
    Z, (*_, mean, var) = batchnorm_forward(X, np.array([1.0, 2.0]), np.array([0.0, 1.0]), eps=0.0)
    np.testing.assert_array_equal(mean, [3, 2])
    np.testing.assert_allclose(var, [8 / 3, 8], rtol=1e-15)  # divided by 3, not by 2
    root = np.sqrt([3 / 2, 2.0])
    np.testing.assert_allclose(
        Z, [[-root[0], 1 - root[1]], [0, 1 - root[1]], [root[0], 1 + 2 * root[1]]], atol=1e-15
    )


@SHAPES
def test_gradients_of_any_shape(shape):
    X, gamma, beta = arrays_of(shape)
    Z, cache = batchnorm_forward(X, gamma, beta)
    dZ = np.random.default_rng(1).standard_normal(shape)
    grads = batchnorm_backward(dZ, cache)
    cost = lambda *arrays: np.sum(dZ * batchnorm_forward(*arrays)[0])  # noqa: E731, a formula
    check_gradient(lambda X: cost(X, gamma, beta), X, grads[0])
    check_gradient(lambda gamma: cost(X, gamma, beta), gamma, grads[1])
    check_gradient(lambda beta: cost(X, gamma, beta), beta, grads[2])
    expected, expected_cache = reference.batchnorm_forward(X, gamma, beta)
    assert worst_error(Z, expected) <= 1e-13
    for got, want in zip(grads, reference.batchnorm_backward(dZ, expected_cache), strict=True):
        assert worst_error(got, want) <= 1e-13


@pytest.mark.oracle
@SHAPES
def test_agrees_with_pytorch(shape):
    torch = pytorch()
    arrays, dZ = arrays_of(shape), np.random.default_rng(1).standard_normal(shape)
    X, gamma, beta = (torch.tensor(array, requires_grad=True) for array in arrays)
    expected = torch.nn.functional.batch_norm(X, None, None, gamma, beta, training=True)
    grads = torch.autograd.grad(expected, (X, gamma, beta), torch.tensor(dZ))
    Z, cache = batchnorm_forward(*arrays)
    got = Z, *batchnorm_backward(dZ, cache)
    for ours, theirs in zip(got, (expected, *grads), strict=True):
        assert worst_error(ours, theirs.detach().numpy()) <= 1e-12
    *_, mean, var = cache
    expected = torch.nn.functional.batch_norm(X, *map(torch.tensor, (mean, var)), gamma, beta)
    Z = batchnorm_inference(*arrays, mean, var)
    assert worst_error(Z, expected.detach().numpy()) <= 1e-12
    assert worst_error(Z, reference.batchnorm_inference(*arrays, mean, var)) <= 1e-13


def test_a_batch_of_one_can_not_be_checked():
    X, gamma, beta = arrays_of((1, 3))
    Z, cache = batchnorm_forward(X, gamma, beta)
    np.testing.assert_array_equal(Z, beta[np.newaxis])
    dX, _, _ = batchnorm_backward(np.ones((1, 3)), cache)
    with pytest.raises(VacuousCheck):
        check_gradient(lambda X: np.sum(batchnorm_forward(X, gamma, beta)[0]), X, dX)


def test_the_averages_are_corrected_for_their_start():
    net = Sequential(norm=BatchNorm(3, decay=0.8))
    params = start = net.init(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    means, variances = [], []
    for _ in range(5):
        X = 2 + 3 * rng.standard_normal((8, 3, 2, 2))
        _, cache = net.forward(params, X, train=True)
        params = net.update_buffers(params, cache)
        means.append(X.mean(axis=(0, 2, 3)))
        variances.append(X.var(axis=(0, 2, 3)))
        Z, _ = net.forward(params, X)
        mean = ewa(np.array(means), 0.8, bias_correction=True)[-1]
        var = ewa(np.array(variances), 0.8, bias_correction=True)[-1]
        expected = batchnorm_inference(X, np.ones(3), np.zeros(3), mean, var)
        np.testing.assert_allclose(Z, expected, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(start.buffers, np.zeros(7))  # a new object, not a change
    np.testing.assert_array_equal(params.theta, start.theta)


def test_before_the_first_batch_it_only_scales_and_shifts():
    net = Sequential(norm=BatchNorm(3, eps=0.0))
    X = np.random.default_rng(0).standard_normal((4, 3))
    np.testing.assert_array_equal(net.forward(net.init(np.random.default_rng(0)), X)[0], X)


def test_inference_does_not_move_the_averages():
    net = Sequential(norm=BatchNorm(3))
    params = net.init(np.random.default_rng(0))
    _, cache = net.forward(params, np.ones((4, 3)))
    np.testing.assert_array_equal(net.update_buffers(params, cache).buffers, params.buffers)


@SHAPES
def test_gradients_of_the_inference_form(shape):
    X, gamma, beta = arrays_of(shape)
    net = Sequential(norm=BatchNorm(shape[1]))
    params = net.init(np.random.default_rng(0))
    _, cache = net.forward(params, X + 1.0, train=True)
    params = net.update_buffers(params, cache).like(np.concatenate([gamma, beta]))
    out, cache = net.forward(params, X)
    dout = np.random.default_rng(1).standard_normal(out.shape)
    dX, grads = net.backward(dout, cache)
    cost = lambda params, X: np.sum(dout * net.forward(params, X)[0])  # noqa: E731, a formula
    check_gradient(lambda X: cost(params, X), X, dX)
    check_gradient(lambda theta: cost(params.like(theta), X), params.theta, grads.theta)


def test_buffers_are_cut_from_a_vector_of_their_own():
    net = Sequential(fc=Affine(2, 3), norm=BatchNorm(3))
    params = net.init(np.random.default_rng(0), dtype=np.float32)
    assert list(params) == ["fc.W", "fc.b", "norm.gamma", "norm.beta"]
    assert params.buffers.dtype == np.float32
    assert params.buffer_layout.shapes == {"norm.mean": (3,), "norm.var": (3,), "norm.weight": (1,)}
    np.testing.assert_array_equal(params.decayed, [True] * 6 + [False] * 9)
    other = params.like(params.theta, np.arange(7.0))
    np.testing.assert_array_equal(other.arrays["norm.var"], [3, 4, 5])
    np.testing.assert_array_equal(other.layer("norm")["weight"], [6])
    with pytest.raises(ShapeError, match=r"^Parameters: buffers has shape \(6,\), expected \(7,\)"):
        params.like(params.theta, np.zeros(6))


def test_fit_keeps_the_averages_and_returns_those_of_the_best_epoch():
    rng = np.random.default_rng(0)
    X, y = 5 + rng.standard_normal((40, 2)), (np.arange(40) % 2)[:, np.newaxis]
    net = Sequential(norm=BatchNorm(2), fc=Affine(2, 1))
    start = net.init(rng)
    options = {"loss": losses.logistic, "optimizer": GradientDescent(0.1), "batch_size": 8}
    trained, _ = fit(net, start, X, y, epochs=20, **options)
    mean = trained.arrays["norm.mean"] / trained.arrays["norm.weight"]
    np.testing.assert_allclose(mean, X.mean(axis=0), atol=0.5)
    assert not start.buffers.any()

    rising = {"validation": (X, y), "patience": 1, "schedule": lambda epoch: 0.1 * 1e4**epoch}
    best, history = fit(net, start, X, y, epochs=9, **options, **rising)
    kept = int(np.argmin(history.validation)) + 1
    again, _ = fit(net, start, X, y, epochs=kept, **options, schedule=rising["schedule"])
    assert kept < len(history.validation)
    np.testing.assert_array_equal(best.theta, again.theta)
    np.testing.assert_array_equal(best.buffers, again.buffers)


@pytest.mark.parametrize(
    ("X", "gamma", "beta", "message"),
    [
        ((6,), (6,), (6,), r"X has shape \(6,\), expected \(N, D\) or \(N, C, H, W\)"),
        ((2, 3, 4), (3,), (3,), r"X has shape \(2, 3, 4\), expected \(N, D\) or"),
        ((6, 3), (6,), (3,), r"gamma has shape \(6,\), expected \(3,\), .*3 features; .* axis 1"),
        ((2, 3, 4, 5), (3,), (5,), r"beta has shape \(5,\), expected \(3,\)"),
    ],
)
def test_shapes_that_do_not_fit(X, gamma, beta, message):
    with pytest.raises(ShapeError, match=f"^batchnorm_forward: {message}"):
        batchnorm_forward(np.ones(X), np.ones(gamma), np.ones(beta))
    with pytest.raises(ShapeError, match=f"^batchnorm_inference: {message}"):
        batchnorm_inference(*map(np.ones, (X, gamma, beta, X[1:2], X[1:2])))
