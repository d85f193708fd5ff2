"""Transposed convolution: by hand, over a grid of geometries against three oracles, its errors."""

from itertools import product

import numpy as np
import pytest

from benchmarks.geometries import convolutions
from dlcore import layers, reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import relative_difference
from dlcore.layers import (
    ConvTranspose2d,
    conv2d_backward,
    conv2d_forward,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
)
from tests.dlcore.layers.geometry import difference_gradients, over, pytorch
from tests.measure import worst_error

GRID = convolutions()  # each is transposed; its remainder is the output_padding


def arrays_of(geometry, seed=0):
    """Draw X, W, b and dZ of the layer that transposes this convolution, and its options."""
    rng = np.random.default_rng(seed)
    (N, C, *image), F = geometry.shape, geometry.filters
    weights = F, C // geometry.groups, *geometry.size
    shapes = (N, F, *geometry.windows), weights, (C,), (N, C, *image)
    *arrays, dZ = (rng.standard_normal(shape) for shape in shapes)
    axes = zip(image, geometry.covered, geometry.stride, geometry.padding, strict=True)
    remainder = tuple((n + 2 * p - f) % s for n, f, s, p in axes)
    return arrays, dZ, geometry.options | {"output_padding": remainder}


def all_of(module, arrays, dZ, options):
    """Return Z, dX, dW and db."""
    Z, cache = module.conv_transpose2d_forward(*arrays, **options)
    return Z, *module.conv_transpose2d_backward(dZ, cache)


def fast(arrays, dZ, options):
    Z, cache = conv_transpose2d_forward(*arrays, **options)
    return Z, *conv_transpose2d_backward(dZ, cache)


@pytest.mark.parametrize("module", [layers, reference])
def test_by_hand(module):
    X = np.array([[1.0, 2.0], [0.0, -1.0]])[None, None]
    W = np.array([[1.0, 2.0, 3.0]])[None, None]  # one row: the axes cannot be mixed up
    Z, cache = module.conv_transpose2d_forward(X, W, np.array([10.0]), stride=(1, 2))
    np.testing.assert_array_equal(Z[0, 0], [[11, 12, 15, 14, 16], [10, 10, 9, 8, 7]])
    dX, dW, db = module.conv_transpose2d_backward(np.ones_like(Z), cache)
    np.testing.assert_array_equal(dX[0, 0], [[6, 6], [6, 6]])
    np.testing.assert_array_equal(dW[0, 0], [[2, 2, 2]])
    np.testing.assert_array_equal(db, [10])


def test_output_padding_adds_rows_and_columns_of_bias_at_the_end():
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((3, 2, 2, 2)), np.ones(2)
    Z, _ = conv_transpose2d_forward(X, W, b, stride=3)
    more, _ = conv_transpose2d_forward(X, W, b, stride=3, output_padding=(2, 1))
    assert (Z.shape[2:], more.shape[2:]) == ((11, 14), (13, 15))
    np.testing.assert_array_equal(more[:, :, :11, :14], Z)
    np.testing.assert_array_equal(more[:, :, 11:], 1)
    np.testing.assert_array_equal(more[:, :, :, 14:], 1)


@over(GRID)
def test_it_is_the_way_back_of_the_convolution(group):
    """The same map from dZ to dX, and to the picture's size: the remainder is output_padding."""
    for geometry in group:
        (X, W, b), image, options = arrays_of(geometry)
        _, cache = conv2d_forward(image, W, np.zeros(len(W)), **geometry.options)
        Z, _ = conv_transpose2d_forward(X, W, np.zeros_like(b), **options)
        np.testing.assert_array_equal(Z, conv2d_backward(X, cache)[0])


@over(GRID)
def test_agrees_with_the_loops(group):
    for geometry in group:
        arguments = arrays_of(geometry)
        expected = all_of(reference, *arguments)
        for got, want in zip(fast(*arguments), expected, strict=True):
            assert worst_error(got, want) <= 1e-12, geometry


@over(GRID[::3])
def test_gradients_agree_with_central_differences(group):
    for geometry in group:
        (X, W, b), dZ, options = arrays_of(geometry)
        dX, dW, db = fast((X, W, b), dZ, options)[1:]
        approx = difference_gradients(
            lambda X, W=W, b=b, options=options: conv_transpose2d_forward(X, W, b, **options)[0],
            X, dZ,
        )  # fmt: skip
        assert relative_difference(dX, approx) <= 1e-7, geometry

        def loss(W, b, X=X, dZ=dZ, options=options):
            return np.sum(dZ * conv_transpose2d_forward(X, W, b, **options)[0])

        rng = np.random.default_rng(1)
        direction, shift = rng.standard_normal(W.shape), rng.standard_normal(b.shape)
        step = 1e-5  # along one direction: the map is linear in W and in b
        change = loss(W + step * direction, b + step * shift) - loss(
            W - step * direction, b - step * shift
        )
        expected = np.sum(dW * direction) + np.sum(db * shift)
        assert abs(change / (2 * step) - expected) <= 1e-7 * (1 + abs(expected)), geometry


@pytest.mark.oracle
@over(GRID)
def test_agrees_with_pytorch(group):
    torch = pytorch()
    for geometry in group:
        arrays, dZ, options = arrays_of(geometry)
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        Z = torch.nn.functional.conv_transpose2d(*tensors, **options)
        expected = (Z, *torch.autograd.grad(Z, tensors, torch.tensor(dZ)))
        for got, want in zip(fast(arrays, dZ, options), expected, strict=True):
            assert worst_error(got, want.detach().numpy()) <= 1e-12, geometry


def test_the_grid_has_every_output_padding():
    found = {arrays_of(geometry)[2]["output_padding"] for geometry in GRID}
    assert found >= set(product(range(3), repeat=2))


@pytest.mark.parametrize(
    ("shapes", "options", "message"),
    [
        (((8, 8), (1, 1, 3, 3), (1,)), {}, r"X has shape \(8, 8\), expected 4 axes \(N, C, H, W\)"),
        (((2, 1, 8, 8), (3, 3), (1,)), {}, r"W has shape \(3, 3\), expected 4 axes \(C_in, C_out/"),
        (((2, 3, 4, 4), (5, 3, 2, 2), (5,)), {},
         r"W has shape \(5, 3, 2, 2\), expected \(C_in, C_out/groups, kH, kW\) with C_in = 3 \(X "
         r"\(2, 3, 4, 4\)\); a convolution's filters have C_out first, these have C_in$"),
        (((2, 3, 4, 4), (5, 2, 2, 2), (2,)), {}, r"W .* with C_in = 3 .*; was W made for another"),
        (((2, 3, 4, 4), (3, 2, 2, 2), (3,)), {},
         r"b has shape \(3,\), expected \(2,\), one bias for each channel of the output: groups 1"),
        (((2, 4, 4, 4), (4, 2, 2, 2), (2,)), {"groups": 2}, r"b has shape \(2,\), expected \(4,\)"),
        (((2, 4, 4, 4), (4, 2, 2, 2), (6,)), {"groups": 3},
         r"groups is 3, expected a number that divides C_in, 4; every group has as many channels"),
        (((2, 1, 2, 2), (1, 1, 2, 2), (1,)), {"padding": (1, 2)},
         r"images of \(2, 2\) \(X \(2, 1, 2, 2\)\) become images of \(1, -1\), expected at least"),
        (((2, 1, 0, 2), (1, 1, 3, 3), (1,)), {}, r"images of \(0, 2\) .* at least one pixel"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(shapes, options, message):
    with pytest.raises(ShapeError, match=f"^conv_transpose2d_forward: {message}"):
        conv_transpose2d_forward(*map(np.zeros, shapes), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stride": 0}, r"stride is 0, expected an int >= 1 or a pair"),
        ({"padding": -1}, r"padding is -1, expected an int >= 0"),
        ({"dilation": (2, 0.5)}, r"dilation is \(2, 0.5\), expected an int >= 1"),
        ({"groups": 0}, r"groups is 0, expected a whole number >= 1"),
        ({"output_padding": -1}, r"output_padding is -1, expected an int >= 0"),
        ({"output_padding": 1},
         r"output_padding is \(1, 1\), expected less than the stride \(1, 1\): a stride leaves "
         r"fewer pixels than it has; a larger stride\?"),
        ({"output_padding": (0, 2), "stride": (3, 2)}, r"output_padding is \(0, 2\), expected"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense(options, message):
    arrays = np.ones((1, 1, 4, 4)), np.ones((1, 1, 2, 2)), np.ones(1)
    with pytest.raises((TypeError, ValueError), match=f"^conv_transpose2d_forward: {message}"):
        conv_transpose2d_forward(*arrays, **options)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((3, 4, 3), {"groups": 2}, r"groups is 2, expected a .* C_in and C_out, 3 and 4;"),
        ((3, 4, 3), {"output_padding": 1}, r"output_padding is \(1, 1\), expected less than the"),
        ((0, 4, 3), {}, r"c_in is 0, expected a whole number >= 1"),
    ],
)
def test_the_layer_refuses_the_same(arguments, options, message):
    with pytest.raises(ValueError, match=f"^ConvTranspose2d: {message}"):
        ConvTranspose2d(*arguments, **options)


def test_start_values_know_how_many_products_an_output_has():
    def fans(rng, shape, fan_in, fan_out):
        return np.full(shape, 100.0 * fan_in + fan_out)

    layer = ConvTranspose2d(4, 6, (2, 3), stride=(1, 2), groups=2, weights=fans)
    params = layer.init(np.random.default_rng(0))
    np.testing.assert_array_equal(params["W"], np.full((4, 3, 2, 3), 100 * 6 + 3 * 6))
    np.testing.assert_array_equal(params["b"], np.zeros(6))


def test_he_keeps_the_mean_square_where_the_stride_divides_the_kernel():
    rng = np.random.default_rng(0)
    layer = ConvTranspose2d(32, 16, 4, stride=2)
    X = np.maximum(rng.standard_normal((4, 32, 12, 12)), 0)  # mean square one half
    Z, _ = layer.forward(layer.init(rng), X, train=False, rng=None)
    assert np.mean(Z[:, :, 2:-2, 2:-2] ** 2) == pytest.approx(1, rel=0.1)
