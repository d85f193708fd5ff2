"""Max and average pooling: by hand, over a grid of geometries against three oracles, errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.geometries import geometries
from dlcore import layers, reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import relative_difference
from dlcore.layers import (
    AvgPool2d,
    MaxPool2d,
    avgpool2d_backward,
    avgpool2d_forward,
    global_avgpool_forward,
    global_maxpool_backward,
    global_maxpool_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)
from tests.dlcore.layers.geometry import difference_gradients, over, pytorch
from tests.measure import worst_error

GRID = geometries(padding_below_size=True)
POOLS = pytest.mark.parametrize("name", ["maxpool2d", "avgpool2d"])


def arrays_of(geometry):
    """Draw X, without two numbers nearer than 1 / 200, and dA."""
    rng = np.random.default_rng(0)
    size = np.prod(geometry.shape)
    X = rng.permutation(size).reshape(geometry.shape) / size
    return X, rng.standard_normal((*geometry.shape[:2], *geometry.windows))


def pool(module, name, X, **options):
    return getattr(module, f"{name}_forward")(X, **options)


def both(module, name, X, dA, geometry):
    """Return A and dX."""
    A, cache = pool(module, name, X, size=geometry.size, **geometry.options)
    return A, getattr(module, f"{name}_backward")(dA, cache)


X4 = np.array([[1.0, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]])[None, None]


def test_max_by_hand():
    A, cache = maxpool2d_forward(X4, size=2)
    np.testing.assert_array_equal(A[0, 0], [[9, 2], [6, 3]])
    dX = maxpool2d_backward(np.array([[[[1.0, 2], [3, 4]]]]), cache)
    np.testing.assert_array_equal(
        dX[0, 0], [[0, 0, 2, 0], [0, 1, 0, 0], [0, 0, 0, 4], [0, 3, 0, 0]]
    )


def test_average_by_hand():
    A, cache = avgpool2d_forward(X4, size=2)
    np.testing.assert_array_equal(A[0, 0], [[3.75, 1.25], [3.75, 2]])
    dX = avgpool2d_backward(np.array([[[[1.0, 2], [3, 4]]]]), cache)
    np.testing.assert_array_equal(
        dX[0, 0] * 4, [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    )


def test_gradients_add_up_where_windows_overlap():
    A, cache = maxpool2d_forward(X4, size=(2, 3), stride=1)
    np.testing.assert_array_equal(A[0, 0], [[9, 9], [9, 9], [6, 6]])
    dX = maxpool2d_backward(np.ones_like(A), cache)
    np.testing.assert_array_equal(
        dX[0, 0], [[0, 0, 0, 0], [0, 4, 0, 0], [0, 0, 0, 0], [0, 2, 0, 0]]
    )


def test_of_equal_numbers_the_first_gets_the_gradient():
    X = np.zeros((1, 2, 4, 5))
    X[0, 1] = -np.inf  # even where nothing is larger than the padding
    A, cache = maxpool2d_forward(X, size=(2, 3), stride=(2, 2))
    dX = maxpool2d_backward(np.ones_like(A), cache)
    first = [[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    np.testing.assert_array_equal(dX[0], [first, first])
    _, cache = global_maxpool_forward(X)
    first = np.zeros((4, 5))
    first[0, 0] = 1
    np.testing.assert_array_equal(global_maxpool_backward(np.ones((1, 2)), cache)[0], [first] * 2)


def test_padding_is_never_the_largest_but_counts_in_the_mean():
    X = np.full((1, 1, 3, 3), -2.0)
    A, cache = maxpool2d_forward(X, size=2, padding=1)
    np.testing.assert_array_equal(A[0, 0], [[-2, -2], [-2, -2]])
    assert maxpool2d_backward(np.ones_like(A), cache).sum() == 4
    A, _ = avgpool2d_forward(X, size=2, padding=1)
    np.testing.assert_array_equal(A[0, 0], [[-0.5, -1], [-1, -2]])


@POOLS
@over(GRID)
@pytest.mark.parametrize("ties", [False, True])
def test_agrees_with_the_loops(name, group, ties):
    for geometry in group:
        X, dA = arrays_of(geometry)
        X = np.round(3 * X) if ties else X
        expected = both(reference, name, X, dA, geometry)
        for got, want in zip(both(layers, name, X, dA, geometry), expected, strict=True):
            assert worst_error(got, want) <= 1e-12, geometry


@POOLS
@over(GRID)
def test_gradient_agrees_with_central_differences(name, group):
    for geometry in group:
        X, dA = arrays_of(geometry)
        _, dX = both(layers, name, X, dA, geometry)
        options = {"size": geometry.size, **geometry.options}
        approx = difference_gradients(lambda X, o=options: pool(layers, name, X, **o)[0], X, dA)
        assert relative_difference(dX, approx) <= 1e-7, geometry


@pytest.mark.oracle
@POOLS
@over(GRID)
@pytest.mark.parametrize("ties", [False, True])
def test_agrees_with_pytorch(name, group, ties):
    torch = pytorch()
    functional = torch.nn.functional
    for geometry in group:
        X, dA = arrays_of(geometry)
        X = np.round(3 * X) if ties else X
        tensor = torch.tensor(X, requires_grad=True)
        (pH, pW), move = geometry.padding, (geometry.size, geometry.stride)
        if name == "maxpool2d":  # PyTorch's own padding is at most half the window
            A = functional.max_pool2d(
                functional.pad(tensor, (pW, pW, pH, pH), value=-np.inf), *move
            )
        else:
            A = functional.avg_pool2d(functional.pad(tensor, (pW, pW, pH, pH)), *move)
        expected = (A, *torch.autograd.grad(A, tensor, torch.tensor(dA)))
        for got, want in zip(both(layers, name, X, dA, geometry), expected, strict=True):
            assert worst_error(got, want.detach().numpy()) <= 1e-12, geometry


@POOLS
@given(st.data())
def test_shapes_beyond_the_grid(name, data):
    draw = lambda low, high, label: data.draw(st.integers(low, high), label=label)  # noqa: E731
    shape = draw(0, 4, "N"), draw(1, 4, "C")
    size = draw(1, 6, "kH"), draw(1, 6, "kW")
    padding = tuple(draw(0, k - 1, "padding") for k in size)
    stride = draw(1, 7, "sH"), draw(1, 7, "sW")
    image = tuple(draw(max(1, k - 2 * p), 10, "HW") for k, p in zip(size, padding, strict=True))
    X = np.random.default_rng(0).integers(0, 4, (*shape, *image)) / 3.0
    options = {"size": size, "stride": stride, "padding": padding}
    A, cache = pool(layers, name, X, **options)
    expected, expected_cache = pool(reference, name, X, **options)
    np.testing.assert_allclose(A, expected, rtol=0, atol=1e-14)
    dA = np.random.default_rng(1).standard_normal(A.shape)
    dX = getattr(layers, f"{name}_backward")(dA, cache)
    expected = getattr(reference, f"{name}_backward")(dA, expected_cache)
    np.testing.assert_allclose(dX, expected, rtol=0, atol=1e-13)


def test_orders_in_memory_do_not_show():
    geometry = next(geometry for geometry in GRID if geometry.shape[0] == 3)
    X, dA = arrays_of(geometry)
    innermost = np.ascontiguousarray(X.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2)
    A, dX = both(layers, "maxpool2d", X, dA, geometry)
    for upstream in (dA, np.asfortranarray(dA)):
        same_A, same_dX = both(layers, "maxpool2d", innermost, upstream, geometry)
        assert same_A.strides[0] == min(same_A.strides)  # as X
        np.testing.assert_array_equal(same_A, A)
        np.testing.assert_array_equal(same_dX, dX)


def test_a_window_of_more_than_255_numbers():
    X = np.random.default_rng(0).standard_normal((2, 1, 20, 21))
    A, cache = maxpool2d_forward(X, size=(20, 21))
    dX = maxpool2d_backward(np.ones_like(A), cache)
    np.testing.assert_array_equal(dX, X == X.max(axis=(2, 3), keepdims=True))


def test_the_mean_of_huge_pixels_is_finite():
    X = np.full((1, 1, 2, 2), 1e308)
    np.testing.assert_array_equal(avgpool2d_forward(X, size=2)[0], [[[[1e308]]]])
    np.testing.assert_array_equal(global_avgpool_forward(X)[0], [[1e308]])


@pytest.mark.parametrize("make", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size": 0}, "size is 0, expected an int >= 1 or a pair"),
        ({"size": 2.0}, "size is 2.0, expected an int >= 1"),
        ({"size": 2, "stride": (1, 0)}, r"stride is \(1, 0\), expected an int >= 1"),
        ({"size": 2, "padding": -1}, "padding is -1, expected an int >= 0"),
    ],
)
def test_a_layer_of_bad_windows_can_not_be_made(make, options, message):
    with pytest.raises(ValueError, match=f"^{make.__name__}: {message}"):
        make(**options)
    assert repr(make(np.int64(3), (np.int8(2), 1))).endswith("(3, stride=(2, 1))")


def test_a_layer_of_nothing_but_padding_can_not_be_made():
    with pytest.raises(ValueError, match=r"^MaxPool2d: padding is \(2, 2\), expected less than"):
        MaxPool2d(2, padding=2)


@POOLS
def test_bad_windows_are_refused(name):
    forward = getattr(layers, f"{name}_forward")
    with pytest.raises(
        ShapeError, match=rf"^{name}_forward: X has shape \(4, 4\), expected 4 axes"
    ):
        forward(np.ones((4, 4)), size=2)
    with pytest.raises(
        ShapeError, match=r"a window of \(5, 5\) does not fit into images of \(4, 4\)"
    ):
        forward(X4, size=5)
    for options in ({"size": 0}, {"size": 2, "stride": 0}, {"size": 2, "padding": -1}):
        with pytest.raises(ValueError, match=rf"^{name}_forward: \w+ is \S+, expected an int >="):
            forward(X4, **options)


@pytest.mark.parametrize("padding", [2, (2, 0), (0, 2)])
def test_max_pooling_refuses_windows_of_nothing_but_padding(padding):
    with pytest.raises(ValueError, match=r"padding is \(.*\), expected less than size \(2, 2\)"):
        maxpool2d_forward(X4, size=2, padding=padding)


@pytest.mark.parametrize("forward", [global_maxpool_forward, global_avgpool_forward])
def test_global_pooling_refuses_images_without_pixels(forward):
    with pytest.raises(ShapeError, match=r"X has shape \(2, 3, 0, 4\), images without any pixel"):
        forward(np.ones((2, 3, 0, 4)))
    with pytest.raises(ShapeError, match=r"X has shape \(2, 3\), expected 4 axes .*already pooled"):
        forward(np.ones((2, 3)))


def test_the_stride_is_the_size_by_default():
    for layer, forward in ((MaxPool2d(2), maxpool2d_forward), (AvgPool2d(2), avgpool2d_forward)):
        A, _ = layer.forward({}, X4, train=True, rng=None)
        np.testing.assert_array_equal(A, forward(X4, size=(2, 2), stride=(2, 2), padding=0)[0])
