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


def test_a_layer_does_not_train_on_a_batch_of_one():
    X, gamma, beta = arrays_of((1, 3))
    params = {"gamma": gamma, "beta": beta, "mean": 0 * beta, "var": 0 * beta, "weight": beta[:1]}
    message = (
        r"^BatchNorm.forward: X has shape \(1, 3\), one value .*a larger batch, or train=False"
    )
    with pytest.raises(ShapeError, match=message):
        BatchNorm(3).forward(params, X, train=True, rng=None)
    assert BatchNorm(3).forward(params, X, train=False, rng=None)[0].shape == (1, 3)
    picture = np.arange(12.0).reshape(1, 3, 2, 2)  # four values of each feature
    assert BatchNorm(3).forward(params, picture, train=True, rng=None)[0].shape == (1, 3, 2, 2)


def test_the_mean_of_no_examples_is_refused():
    X, gamma, beta = arrays_of((0, 3))
    with pytest.raises(ShapeError, match=r"^batchnorm_forward: X is empty, .*no examples is no n"):
        batchnorm_forward(X, gamma, beta)
    assert batchnorm_inference(X, gamma, beta, 0 * beta, 1 + 0 * beta).shape == (0, 3)
    params = {"gamma": gamma, "beta": beta}  # a network of it can be measured without examples
    assert BatchNorm(3).forward(params, X, train=True, rng=None)[0].shape == (0, 3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: BatchNorm(0), ValueError, "features is 0, expected a whole number >= 1"),
        (lambda: BatchNorm(3.0), TypeError, "features is 3.0, expected a whole number >= 1"),
        (
            lambda: BatchNorm(3, decay=2.0),
            ValueError,
            "decay is 2.0, expected a share >= 0 and < 1",
        ),
        (lambda: BatchNorm(3, eps=-1), ValueError, "eps is -1, expected a number >= 0"),
    ],
)
def test_constants_out_of_range_are_refused(make, error, message):
    with pytest.raises(error, match=f"^BatchNorm: {message}$"):
        make()


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
        variances.append(X.var(axis=(0, 2, 3), ddof=1))
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


# --- batches of other sizes ---


def test_a_batch_counts_by_its_size():
    net = Sequential(norm=BatchNorm(4, decay=0.8))
    params, rng = net.init(np.random.default_rng(0)), np.random.default_rng(1)
    batches = [rng.standard_normal((n, 4)) for n in (64, 2, 64, 5)]
    for X in batches:
        params = net.update_buffers(params, net.forward(params, X, train=True)[1])
    sizes = np.array([len(X) for X in batches])
    shares = sizes * 0.8 ** np.arange(3, -1, -1)
    shares = shares / shares.sum()
    mean = shares @ [X.mean(axis=0) for X in batches]
    var = shares @ [X.var(axis=0, ddof=1) for X in batches]
    np.testing.assert_allclose(params["norm.mean"] / params["norm.weight"], mean, rtol=1e-13)
    np.testing.assert_allclose(params["norm.var"] / params["norm.weight"], var, rtol=1e-13)


@pytest.mark.parametrize(("N", "size"), [(65, 64), (66, 64), (130, 64), (64, 2)])
def test_the_running_variance_is_that_of_the_data_whatever_is_left_over(N, size):
    rng = np.random.default_rng(0)
    X, y = 3 * rng.standard_normal((N, 200)), (np.arange(N) % 2)[:, np.newaxis]
    net = Sequential(norm=BatchNorm(200), fc=Affine(200, 1))
    params, _ = fit(
        net, net.init(rng), X, y, loss=losses.logistic, optimizer=GradientDescent(1e-3),
        epochs=40, batch_size=size, rng=rng, progress=False,
    )  # fmt: skip
    found = params["norm.var"] / params["norm.weight"]
    np.testing.assert_allclose(found.mean(), X.var(axis=0, ddof=1).mean(), rtol=0.02)


def test_training_and_inference_agree_where_an_example_is_left_over():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((65, 20))
    y = (X[:, :1] > 0).astype(int)
    net = Sequential(fc1=Affine(20, 10), norm=BatchNorm(10), fc2=Affine(10, 1))
    params, _ = fit(
        net, net.init(rng), X, y, loss=losses.logistic, optimizer=GradientDescent(0.5),
        epochs=60, batch_size=64, rng=rng, progress=False,
    )  # fmt: skip
    by_batch = losses.logistic(net.forward(params, X, train=True)[0], y)[0]
    by_averages = losses.logistic(net.forward(params, X)[0], y)[0]
    assert abs(by_averages - by_batch) < 0.1 * by_batch


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)])
def test_a_single_value_of_each_feature_is_refused_in_training(shape):
    net = Sequential(norm=BatchNorm(3))
    params = net.init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"^BatchNorm.forward: X has shape .* at least two in tr"):
        net.forward(params, np.zeros(shape), train=True)
    net.forward(params, np.zeros(shape))
    net.forward(params, np.zeros((1, 3, 2, 2)), train=True)  # four values of each


def test_a_run_of_single_examples_is_refused():
    net = Sequential(norm=BatchNorm(2), fc=Affine(2, 1))
    params = net.init(np.random.default_rng(0))
    X, y = np.ones((6, 2)), np.zeros((6, 1), int)
    with pytest.raises(ShapeError, match=r"^BatchNorm.forward: .*a larger batch") as caught:
        fit(net, params, X, y, loss=losses.logistic, optimizer=GradientDescent(0.1), epochs=1,
            batch_size=1)  # fmt: skip
    assert caught.value.__notes__ == ["in layer norm = BatchNorm(2)"]


def test_making_zeros_and_ones_draws_nothing():
    with_norm = Sequential(fc1=Affine(2, 3), norm=BatchNorm(3), fc2=Affine(3, 1))
    without = Sequential(fc1=Affine(2, 3), fc2=Affine(3, 1))
    for generator in (np.random.default_rng, np.random.RandomState):
        params, plain = with_norm.init(generator(0)), without.init(generator(0))
        for name in plain:
            np.testing.assert_array_equal(params[name], plain[name])


def test_buffers_are_kept_in_single_for_half_precision():
    net = Sequential(norm=BatchNorm(3))
    params = net.init(np.random.default_rng(0), dtype=np.float16)
    assert (params.theta.dtype, params.buffers.dtype) == (np.float16, np.float32)
    X = (200 * np.random.default_rng(1).standard_normal((600, 3))).astype(np.float16)
    for _ in range(50):
        Z, cache = net.forward(params, X, train=True)
        params = net.update_buffers(params, cache)
    assert Z.dtype == np.float16
    out, _ = net.forward(params, X)
    np.testing.assert_allclose(out.astype(float), Z.astype(float), atol=2e-2)
