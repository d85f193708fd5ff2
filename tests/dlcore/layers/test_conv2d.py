"""Convolution: by hand, over a grid of geometries against three oracles, and its errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.geometries import convolutions
from dlcore import reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import relative_difference
from dlcore.initializers import zeros
from dlcore.layers import Conv2d, _windows, conv2d_backward, conv2d_forward
from tests.dlcore.layers.geometry import difference_gradients, over, pytorch
from tests.measure import worst_error

GRID = convolutions()


def arrays_of(geometry, seed=0, batch=None):
    """Draw X, W and b, and dZ; ``batch`` replaces the number of examples."""
    rng = np.random.default_rng(seed)
    (N, C, *image), F = geometry.shape, geometry.filters
    N = N if batch is None else batch
    filters = (F, C // geometry.groups, *geometry.size)
    shapes = (N, C, *image), filters, (F,), (N, F, *geometry.windows)
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

    def by_filter(dW, db, eps=1e-5):
        """Change all filters at once."""
        more, less = (
            conv2d_forward(X, W + step * dW, b + step * db, **options)[0] for step in (eps, -eps)
        )
        return np.sum((more - less) * dZ, axis=(0, 2, 3)) / (2 * eps)

    yield difference_gradients(lambda X: conv2d_forward(X, W, b, **options)[0], X, dZ)
    entries = np.eye(W[0].size).reshape(-1, *W[0].shape)
    yield np.stack([by_filter(entry, 0.0) for entry in entries], axis=1).reshape(W.shape)
    yield by_filter(0.0, 1.0)


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
    N, groups = draw(0, 4, "N"), draw(1, 3, "groups")
    C, F = draw(1, 3, "C") * groups, draw(1, 3, "F") * groups
    size = draw(1, 5, "kH"), draw(1, 5, "kW")
    dilation = draw(1, 3, "dH"), draw(1, 3, "dW")
    padding = draw(0, 4, "pH"), draw(0, 4, "pW")
    stride = draw(1, 6, "sH"), draw(1, 6, "sW")
    missing = [d * (k - 1) - 2 * p for k, d, p in zip(size, dilation, padding, strict=True)]
    image = tuple(max(0, least) + draw(1, 4, "HW") for least in missing)
    rng = np.random.default_rng(0)
    shapes = (N, C, *image), (F, C // groups, *size), (F,)
    arrays = [rng.standard_normal(shape) for shape in shapes]
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    Z, cache = conv2d_forward(*arrays, **options)
    expected, expected_cache = reference.conv2d_forward(*arrays, **options)
    dZ = rng.standard_normal(expected.shape)
    np.testing.assert_allclose(Z, expected, rtol=0, atol=1e-12)
    for got, want in zip(
        conv2d_backward(dZ, cache), reference.conv2d_backward(dZ, expected_cache), strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("columns", "batch", "together"),
    [(1, 7, 1), (300, 7, 1), (3000, 19, 10), (10**9, 7, 7)],
    ids=["one row", "one example", "some examples", "all examples"],
)
def test_the_parts_of_a_batch_do_not_show(columns, batch, together, monkeypatch):
    monkeypatch.setattr(_windows, "COLUMNS", columns)
    turn, turned = _windows._turn, []
    monkeypatch.setattr(_windows, "_turn", lambda X, *args: turned.append(len(X)) or turn(X, *args))
    for geometry in GRID[1:160:20]:
        arrays, dZ = arrays_of(geometry, batch=batch)
        expected = all_of(reference, arrays, dZ, geometry.options)
        for got, want in zip(fast(arrays, dZ, geometry.options), expected, strict=True):
            assert worst_error(got, want) <= 1e-12, geometry
    assert together in turned


def test_a_dilated_filter_is_one_with_zeros_between_its_weights():
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((2, 3, 9, 10)), rng.standard_normal((4, 3, 3, 2)), np.ones(4)
    spread = np.zeros((4, 3, 5, 4))
    spread[:, :, ::2, ::3] = W
    Z, _ = conv2d_forward(X, W, b, stride=(1, 2), padding=(0, 1), dilation=(2, 3))
    expected, _ = conv2d_forward(X, spread, b, stride=(1, 2), padding=(0, 1))
    np.testing.assert_allclose(Z, expected, rtol=0, atol=1e-14)


def test_groups_are_convolutions_side_by_side():
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((2, 4, 6, 5)), rng.standard_normal((6, 2, 3, 2)), np.arange(6.0)
    Z, _ = conv2d_forward(X, W, b, groups=2)
    first, _ = conv2d_forward(X[:, :2], W[:3], b[:3])
    second, _ = conv2d_forward(X[:, 2:], W[3:], b[3:])
    np.testing.assert_allclose(Z, np.concatenate([first, second], axis=1), rtol=0, atol=1e-14)


def test_depthwise_by_hand():
    X = np.array([[1.0, 2.0], [3.0, 4.0]]).reshape(1, 2, 1, 2)
    W = np.array([1.0, -1.0, 10.0, 2.0]).reshape(4, 1, 1, 1)  # two filters a channel
    Z, cache = conv2d_forward(X, W, np.zeros(4), groups=2)
    np.testing.assert_array_equal(Z[0, :, 0], [[1, 2], [-1, -2], [30, 40], [6, 8]])
    dX, dW, db = conv2d_backward(np.ones_like(Z), cache)
    np.testing.assert_array_equal(dX[0, :, 0], [[0, 0], [12, 12]])
    np.testing.assert_array_equal(dW.ravel(), [3, 3, 7, 7])
    np.testing.assert_array_equal(db, [2, 2, 2, 2])


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
        (((2, 1, 8, 8), (3, 3), (1,)),
         r"W has shape \(3, 3\), expected 4 axes \(C_out, C_in/groups, kH, kW\)"),
        (((2, 8, 8, 3), (4, 3, 3, 3), (4,)),
         r"W has shape \(4, 3, 3, 3\), expected \(C_out, C_in/groups, kH, kW\) with C_in/groups = "
         r"8/1 = 8 \(X \(2, 8, 8, 3\)\); are the channels of X on its last axis\?"),
        (((2, 8, 9, 9), (4, 3, 3, 3), (4,)), r"W .* C_in/groups = 8/1 = 8 .* another layer"),
        (((2, 3, 8, 8), (4, 3, 3, 3), (4, 1)), r"b has shape \(4, 1\), expected \(4,\)"),
        (((2, 3, 2, 8), (4, 3, 3, 3), (4,)),
         r"a window of \(3, 3\) does not fit into images of \(2, 8\) .* so many layers\?"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(shapes, message):
    with pytest.raises(ShapeError, match=f"^conv2d_forward: {message}"):
        conv2d_forward(*map(np.zeros, shapes))


@pytest.mark.parametrize(
    ("W", "options", "message"),
    [
        ((6, 4, 3, 3), {"groups": 3},
         r"groups is 3, expected a number that divides C_in and C_out, 4 and 6; every group has"),
        ((5, 2, 3, 3), {"groups": 2}, r"groups is 2, expected a .* C_in and C_out, 4 and 5;"),
        ((6, 4, 3, 3), {"groups": 2},
         r"W has shape \(6, 4, 3, 3\), expected \(C_out, C_in/groups, kH, kW\) with C_in/groups = "
         r"4/2 = 2 \(X \(2, 4, 7, 8\)\); a filter reads the channels of its group only"),
        ((6, 4, 3, 3), {"dilation": (3, 4), "padding": (0, 0)},
         r"a window of \(3, 3\) with dilation \(3, 4\) covers \(7, 9\) and does not fit into "
         r"images of \(7, 8\) \(X \(2, 4, 7, 8\), padding \(0, 0\)\); a smaller dilation\?"),
    ],
)  # fmt: skip
def test_groups_and_dilations_that_do_not_fit(W, options, message):
    with pytest.raises(ShapeError, match=f"^conv2d_forward: {message}"):
        conv2d_forward(np.zeros((2, 4, 7, 8)), np.zeros(W), np.zeros(W[0]), **options)


def test_the_layer_refuses_groups_that_do_not_divide():
    with pytest.raises(ShapeError, match=r"^Conv2d: groups is 2, .* C_in and C_out, 3 and 4;"):
        Conv2d(3, 4, 3, groups=2).init(np.random.default_rng(0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stride": 0}, r"stride is 0, expected an int >= 1 or a pair"),
        ({"stride": (1, 0)}, r"stride is \(1, 0\), expected an int >= 1"),
        ({"stride": 1.5}, r"stride is 1.5, expected an int"),
        ({"padding": -1}, r"padding is -1, expected an int >= 0"),
        ({"padding": "same"}, r"padding is 'same', expected an int"),
        ({"padding": (1, 1, 1)}, r"padding is \(1, 1, 1\), .*\(vertical, horizontal\)"),
        ({"dilation": 0}, r"dilation is 0, expected an int >= 1"),
        ({"dilation": (2, 0.5)}, r"dilation is \(2, 0.5\), expected an int >= 1"),
        ({"groups": 0}, r"groups is 0, expected a whole number >= 1"),
        ({"groups": (1, 1)}, r"groups is \(1, 1\), expected a whole number >= 1"),
    ],
)
def test_options_that_make_no_sense(options, message):
    with pytest.raises((TypeError, ValueError), match=f"^conv2d_forward: {message}"):
        conv2d_forward(np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2)), np.ones(1), **options)


def test_start_values():
    params = Conv2d(3, 5, (2, 4)).init(np.random.default_rng(0))
    assert params["W"].shape == (5, 3, 2, 4)
    np.testing.assert_array_equal(params["b"], np.zeros(5))
    large = Conv2d(8, 200, 5).init(np.random.default_rng(0))["W"]
    assert large.std() == pytest.approx((2 / (8 * 25)) ** 0.5, rel=0.02)  # He: of the fan-in
    assert not Conv2d(3, 5, 2, weights=zeros).init(np.random.default_rng(0))["W"].any()


def test_start_values_of_groups_know_how_many_channels_a_filter_reads():
    params = Conv2d(40, 200, 5, groups=5).init(np.random.default_rng(0))
    assert params["W"].shape == (200, 8, 5, 5)
    assert params["b"].shape == (200,)
    assert params["W"].std() == pytest.approx((2 / (8 * 25)) ** 0.5, rel=0.02)

    def fans(rng, shape, fan_in, fan_out):
        return np.full(shape, 100.0 * fan_in + fan_out)

    W = Conv2d(4, 6, (2, 3), groups=2, weights=fans).init(np.random.default_rng(0))["W"]
    np.testing.assert_array_equal(W, np.full((6, 2, 2, 3), 100 * 2 * 6 + 3 * 6))
