"""What every layer must do; the layers are the lines of ``tests/cases.py``."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.network import Sequential
from tests.cases import LAYERS, each
from tests.measure import worst_error


def upstream_like(out):
    """Draw a random upstream gradient, so that no row or sign can hide."""
    return np.random.default_rng(1).standard_normal(out.shape).astype(out.dtype)


@each(LAYERS, "forward_label")
def test_forward_agrees_with_the_loops(case, ledger):
    arrays = case.samples().values()
    error = worst_error(case.forward(*arrays)[0], case.reference_forward(*arrays)[0])
    assert error <= 1e-14
    if case.forward_label:
        ledger("loops", error, tolerance=1e-14)


@each(LAYERS, "backward_label")
def test_gradient_of_every_argument(case, ledger):
    samples = case.samples()
    out, cache = case.forward(*samples.values())
    dout = upstream_like(out)
    grads = case.backward(dout, cache)
    assert len(grads) == len(samples)
    errors = []
    for (name, x), grad in zip(samples.items(), grads, strict=True):

        def cost(value, name=name):
            arguments = samples | {name: value}
            return np.sum(dout * case.forward(*arguments.values())[0])

        errors.append(check_gradient(cost, x, grad, tolerance=1e-7))
    if case.backward_label:
        ledger("central differences", max(errors), tolerance=1e-7)


@each(LAYERS, "backward_label")
def test_backward_agrees_with_the_loops(case, ledger):
    arrays = case.samples().values()
    out, cache = case.forward(*arrays)
    dout = upstream_like(out)
    grads = case.backward(dout, cache)
    expected = case.reference_backward(dout, case.reference_forward(*arrays)[1])
    error = max(map(worst_error, grads, expected))
    assert error <= 1e-14
    if case.backward_label:
        ledger("loops", error, tolerance=1e-14)


@each(LAYERS)
def test_arguments_are_not_changed(case):
    arrays = list(case.samples().values())
    copies = [array.copy() for array in arrays]
    for array in arrays:
        array.setflags(write=False)
    out, cache = case.forward(*arrays)
    dout = upstream_like(out)
    dout.setflags(write=False)
    first = case.backward(dout, cache)
    second = case.backward(dout, cache)  # backward does not use up the cache
    for array, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(array, copy)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@each(LAYERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_and_shape_are_kept(case, dtype):
    samples = case.samples(dtype)
    out, cache = case.forward(*samples.values())
    assert out.dtype == dtype
    for x, grad in zip(samples.values(), case.backward(upstream_like(out), cache), strict=True):
        assert grad.dtype == dtype
        assert grad.shape == x.shape


@each(LAYERS)
def test_float32_agrees_with_float64(case):
    out, cache = case.forward(*case.samples().values())
    out32, cache32 = case.forward(*case.samples(np.float32).values())
    np.testing.assert_allclose(out32, out, rtol=1e-5, atol=1e-5)
    dout = upstream_like(out)
    grads32 = case.backward(dout.astype(np.float32), cache32)
    for grad32, grad in zip(grads32, case.backward(dout, cache), strict=True):
        np.testing.assert_allclose(grad32, grad, rtol=1e-5, atol=1e-5)


@each(LAYERS)
def test_memory_order_does_not_matter(case):
    arrays = list(case.samples().values())
    out, cache = case.forward(*arrays)
    dout = upstream_like(out)
    grads = case.backward(dout, cache)
    for relay in (np.asfortranarray, every_second_of_a_larger_array):
        again, cache = case.forward(*map(relay, arrays))
        np.testing.assert_allclose(again, out, rtol=1e-13)
        for got, expected in zip(case.backward(relay(dout), cache), grads, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-15)


def every_second_of_a_larger_array(array):
    larger = np.full(tuple(2 * size for size in array.shape), np.nan)
    view = larger[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


@each([case for case in LAYERS if case.name != "batchnorm"])  # a mean of nothing
def test_an_empty_batch_passes_through(case):
    samples = case.samples(batch=0)
    out, cache = case.forward(*samples.values())
    assert out.shape[0] == 0
    for x, grad in zip(samples.values(), case.backward(out, cache), strict=True):
        np.testing.assert_array_equal(grad, np.zeros(x.shape))


@each(LAYERS)
@pytest.mark.parametrize("size", [800.0, 1e4])
def test_large_inputs_stay_finite(case, size):
    first, *others = case.samples().values()
    out, cache = case.forward(size * np.sign(first), *others)
    assert np.isfinite(out).all()
    for grad in case.backward(upstream_like(out), cache):
        assert np.isfinite(grad).all()


@each(LAYERS)
@pytest.mark.parametrize("dtype", [int, np.uint8, bool])
def test_integers_are_refused(case, dtype):
    first, *others = case.samples().values()
    with pytest.raises(
        TypeError, match=rf"{case.name}\w*: \w+ has dtype .*(astype\(float\)|/ 255\.0)"
    ):
        case.forward(np.ones_like(first, dtype=dtype), *others)


@each(LAYERS)
def test_a_list_is_refused(case):
    first, *others = case.samples().values()
    with pytest.raises(TypeError, match=r"is a list, expected an array of floats"):
        case.forward(first.tolist(), *others)


@each(LAYERS)
def test_an_upstream_gradient_of_the_wrong_shape_is_refused(case):
    out, cache = case.forward(*case.samples().values())
    with pytest.raises(ShapeError, match=f"{case.name}_backward: d. has shape .*batch"):
        case.backward(np.ones((out.shape[0] + 1, *out.shape[1:])), cache)


@each(LAYERS)
def test_the_layer_object_calls_the_functions(case):
    samples = case.samples()
    first, *others = samples
    params = {name: samples[name] for name in others}
    assert case.layer.init(np.random.default_rng(0)).keys() == params.keys()
    out, cache = case.layer.forward(params, samples[first], train=True, rng=None)
    expected, expected_cache = case.forward(*samples.values())
    np.testing.assert_array_equal(out, expected)
    dout = upstream_like(out)
    dX, grads = case.layer.backward(dout, cache)
    for got, want in zip((dX, *grads.values()), case.backward(dout, expected_cache), strict=True):
        np.testing.assert_array_equal(got, want)


@each(LAYERS)
def test_gradient_through_sequential(case):
    net = Sequential(only=case.layer)
    params = net.init(np.random.default_rng(0))
    X = next(iter(case.samples().values()))
    out, cache = net.forward(params, X)
    dout = upstream_like(out)
    dX, grads = net.backward(dout, cache)
    check_gradient(lambda X: np.sum(dout * net.forward(params, X)[0]), X, dX)
    if params.theta.size:
        check_gradient(
            lambda theta: np.sum(dout * net.forward(params.like(theta), X)[0]),
            params.theta,
            grads.theta,
        )
