"""Convolution: by hand, over a grid of geometries against three oracles, and its errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore import reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import relative_difference
from dlcore.initializers import zeros
from dlcore.layers import Conv2d, _windows, conv2d_backward, conv2d_forward
from tests.dlcore.layers.geometry import difference_gradients, geometries, over, pytorch
from tests.measure import worst_error

GRID = geometries()
FILTERS = 4  # more than any number of channels in the grid, so none is taken for the other


def arrays_of(geometry, seed=0):
    """Draw X, W and b, and dZ."""
    rng = np.random.default_rng(seed)
    (N, C), size = geometry.shape[:2], geometry.size
    shapes = (geometry.shape, (FILTERS, C, *size), (FILTERS,), (N, FILTERS, *geometry.windows))
    *arrays, dZ = (rng.standard_normal(shape) for shape in shapes)
    return arrays, dZ


def all_of(module, arrays, dZ, options):
    """Return Z, dX, dW and db."""
    Z, cache = module.conv2d_forward(*arrays, **options)
    return Z, *module.conv2d_backward(dZ, cache)


def fast(arrays, dZ, options):
    Z, cache = conv2d_forward(*arrays, **options)
    return Z, *conv2d_backward(dZ, cache)


def test_by_hand():
    X = np.arange(12.0).reshape(1, 1, 3, 4)
    W = np.array([[[[1.0, 0.0], [0.0, -1.0]]], [[[0.0, 2.0], [0.0, 0.0]]]])  # a difference, a shift
    Z, cache = conv2d_forward(X, W, np.array([0.0, 0.5]))
    np.testing.assert_array_equal(Z[0, 0], [[-5, -5, -5], [-5, -5, -5]])
    np.testing.assert_array_equal(Z[0, 1], [[2.5, 4.5, 6.5], [10.5, 12.5, 14.5]])
    dX, dW, db = conv2d_backward(np.ones_like(Z), cache)
    np.testing.assert_array_equal(dX[0, 0], [[1, 3, 3, 2], [1, 2, 2, 1], [0, -1, -1, -1]])
    np.testing.assert_array_equal(dW[0, 0], [[18, 24], [42, 48]])
    np.testing.assert_array_equal(dW[1], dW[0])
    np.testing.assert_array_equal(db, [6, 6])


@pytest.mark.parametrize(
    ("stride", "padding", "expected"),
    [
        (1, 0, [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
        (2, 0, [[4, 4], [2, 4]]),
        (2, 1, [[2, 3, 1], [1, 4, 3], [0, 2, 1]]),
    ],
)
def test_the_five_by_five_example_of_the_book(stride, padding, expected):
    rows = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    W = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])[None, None]
    X = np.array(rows, dtype=float)[None, None]
    Z, _ = conv2d_forward(X, W, np.zeros(1), stride=stride, padding=padding)
    np.testing.assert_array_equal(Z[0, 0], expected)


@over(GRID)
def test_agrees_with_the_loops(group):
    for geometry in group:
        arrays, dZ = arrays_of(geometry)
        expected = all_of(reference, arrays, dZ, geometry.options)
        for got, want in zip(fast(arrays, dZ, geometry.options), expected, strict=True):
            assert worst_error(got, want) <= 1e-12, geometry


@over(GRID)
def test_gradients_agree_with_central_differences(group):
    for geometry in group:
        arrays, dZ = arrays_of(geometry)
        grads = fast(arrays, dZ, geometry.options)[1:]
        for grad, approx in zip(
            grads, central_differences(*arrays, dZ, geometry.options), strict=True
        ):
            assert relative_difference(grad, approx) <= 1e-7, geometry


def central_differences(X, W, b, dZ, options):
    """Approximate dX, dW and db in few calls: neither examples nor filters act on each other."""

    def by_filter(W, b):
        return conv2d_forward(X, W, b, **options)[0].swapaxes(0, 1)

    dZ_by_filter = dZ.swapaxes(0, 1)
    yield difference_gradients(lambda X: conv2d_forward(X, W, b, **options)[0], X, dZ)
    yield difference_gradients(lambda W: by_filter(W, np.zeros(len(W))), W, dZ_by_filter)
    step = 1e-5
    change = by_filter(W, b + step) - by_filter(W, b - step)
    yield np.sum(change * dZ_by_filter, axis=(1, 2, 3)) / (2 * step)


@pytest.mark.oracle
@over(GRID)
def test_agrees_with_pytorch(group):
    torch = pytorch()
    for geometry in group:
        arrays, dZ = arrays_of(geometry)
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        Z = torch.nn.functional.conv2d(*tensors, **geometry.options)
        expected = (Z, *torch.autograd.grad(Z, tensors, torch.tensor(dZ)))
        for got, want in zip(fast(arrays, dZ, geometry.options), expected, strict=True):
            assert worst_error(got, want.detach().numpy()) <= 1e-12, geometry


@over(GRID)
def test_the_filters_gradients_alone(group):
    for geometry in group:
        arrays, dZ = arrays_of(geometry)
        _, cache = conv2d_forward(*arrays, **geometry.options)
        nothing, dW, db = conv2d_backward(dZ, cache, input_gradient=False)
        assert nothing is None
        for got, want in zip((dW, db), conv2d_backward(dZ, cache)[1:], strict=True):
            np.testing.assert_array_equal(got, want)


@given(st.data())
def test_shapes_beyond_the_grid(data):
    draw = lambda low, high, label: data.draw(st.integers(low, high), label=label)  # noqa: E731
    N, C, F = draw(0, 4, "N"), draw(1, 5, "C"), draw(1, 5, "F")
    size = draw(1, 5, "kH"), draw(1, 5, "kW")
    padding = draw(0, 4, "pH"), draw(0, 4, "pW")
    stride = draw(1, 6, "sH"), draw(1, 6, "sW")
    image = tuple(draw(max(1, k - 2 * p), 9, "HW") for k, p in zip(size, padding, strict=True))
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape) for shape in ((N, C, *image), (F, C, *size), (F,))]
    options = {"stride": stride, "padding": padding}
    Z, cache = conv2d_forward(*arrays, **options)
    expected, expected_cache = reference.conv2d_forward(*arrays, **options)
    dZ = rng.standard_normal(expected.shape)
    np.testing.assert_allclose(Z, expected, rtol=0, atol=1e-12)
    for got, want in zip(
        conv2d_backward(dZ, cache), reference.conv2d_backward(dZ, expected_cache), strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("columns", [1, 300, 10**9])
def test_the_parts_of_a_batch_do_not_show(columns, monkeypatch):
    monkeypatch.setattr(_windows, "COLUMNS", columns)  # one example, some, and all of them
    geometry = GRID[0]
    rng = np.random.default_rng(0)
    arrays, _ = arrays_of(geometry)
    arrays[0] = rng.standard_normal((7, *geometry.shape[1:]))
    dZ = rng.standard_normal((7, FILTERS, *geometry.windows))
    expected = all_of(reference, arrays, dZ, geometry.options)
    for got, want in zip(fast(arrays, dZ, geometry.options), expected, strict=True):
        assert worst_error(got, want) <= 1e-12


def test_single_precision_weights_and_double_images_meet_in_double():
    arrays, dZ = arrays_of(GRID[0])
    arrays[0] = arrays[0].astype(np.float32)
    Z, dX, dW, db = fast(arrays, dZ, GRID[0].options)
    assert {Z.dtype, dX.dtype, dW.dtype, db.dtype} == {np.dtype(np.float64)}


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((8, 8), (1, 1, 3, 3), (1,)),
         r"X has shape \(8, 8\), expected 4 axes \(N, C, H, W\); is the axis of channels"),
        (((2, 1, 8, 8), (3, 3), (1,)), r"W has shape \(3, 3\), expected 4 axes \(F, C, kH, kW\)"),
        (((2, 8, 8, 3), (4, 3, 3, 3), (4,)),
         r"X has 8 channels but W expects 3 .*; are the channels of X on its last axis\?"),
        (((2, 3, 8, 8), (4, 3, 3, 3), (4, 1)), r"b has shape \(4, 1\), expected \(4,\)"),
        (((2, 3, 2, 8), (4, 3, 3, 3), (4,)),
         r"a window of \(3, 3\) does not fit into images of \(2, 8\) .* so many layers\?"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(shapes, message):
    with pytest.raises(ShapeError, match=f"^conv2d_forward: {message}"):
        conv2d_forward(*map(np.zeros, shapes))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stride": 0}, r"stride is 0, expected an int >= 1 or a pair"),
        ({"stride": (1, 0)}, r"stride is \(1, 0\), expected an int >= 1"),
        ({"stride": 1.5}, r"stride is 1.5, expected an int"),
        ({"padding": -1}, r"padding is -1, expected an int >= 0"),
        ({"padding": "same"}, r"padding is 'same', expected an int"),
        ({"padding": (1, 1, 1)}, r"padding is \(1, 1, 1\), .*\(vertical, horizontal\)"),
    ],
)
def test_strides_and_paddings_that_make_no_sense(options, message):
    with pytest.raises(ValueError, match=f"^conv2d_forward: {message}"):
        conv2d_forward(np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2)), np.ones(1), **options)


def test_start_values():
    params = Conv2d(3, 5, (2, 4)).init(np.random.default_rng(0))
    assert params["W"].shape == (5, 3, 2, 4)
    np.testing.assert_array_equal(params["b"], np.zeros(5))
    large = Conv2d(8, 200, 5).init(np.random.default_rng(0))["W"]
    assert large.std() == pytest.approx((2 / (8 * 25)) ** 0.5, rel=0.02)  # He: of the fan-in
    assert not Conv2d(3, 5, 2, weights=zeros).init(np.random.default_rng(0))["W"].any()
