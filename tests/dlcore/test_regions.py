"""Linear regions: against sign patterns of many points, and what is refused."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import Affine, ReLU, Tanh
from dlcore.network import Sequential
from dlcore.regions import linear_regions, max_regions

SQUARE = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])


def network(*sizes, seed=0, bias=0.3):
    layers, before = {}, 2
    for i, units in enumerate(sizes):
        layers |= {f"fc{i}": Affine(before, units), f"relu{i}": ReLU()}
        before = units
    net = Sequential(**layers, out=Affine(before, 1))
    rng = np.random.default_rng(seed)
    params = net.init(rng)
    for i, units in enumerate(sizes):
        params[f"fc{i}.b"][:] = bias * rng.standard_normal(units)
    return net, params


def signs(net, params, X):
    """Return which ReLUs are on at each point, from the forward pass alone."""
    found = []
    for name, layer in net.layers.items():
        if isinstance(layer, Affine):
            X = X @ params[f"{name}.W"].T + params[f"{name}.b"]
        else:
            found.append(X > 0)
            X = np.maximum(X, 0)
    return np.concatenate(found, axis=1)


def area(P):
    x, y = P.T
    return 0.5 * abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


@pytest.mark.parametrize("sizes", [(1,), (7,), (4, 4), (3, 4, 2), (12, 12)])
def test_regions_are_the_sign_patterns_that_points_have(sizes):
    for seed in range(4):
        net, params = network(*sizes, seed=seed)
        polygons, patterns = linear_regions(net, params, SQUARE)
        assert len(np.unique(patterns, axis=0)) == len(polygons)
        known = {tuple(row) for row in patterns}
        X = np.random.default_rng(seed).uniform(-1, 1, (20_000, 2))
        seen = {tuple(row) for row in signs(net, params, X)}
        assert seen <= known
        large = [tuple(on) for P, on in zip(polygons, patterns, strict=True) if area(P) > 0.004]
        assert set(large) <= seen
        centers = np.array([P.mean(axis=0) for P in polygons])
        np.testing.assert_array_equal(signs(net, params, centers), patterns)
        assert sum(map(area, polygons)) == pytest.approx(4, rel=1e-9)


def test_a_network_is_affine_in_a_region():
    net, params = network(6, 5)
    for P, _ in zip(*linear_regions(net, params, SQUARE), strict=True):
        weights = np.random.default_rng(0).dirichlet(np.ones(len(P)), 3)
        inside = net.forward(params, weights @ P)[0]
        np.testing.assert_allclose(inside, weights @ net.forward(params, P)[0], atol=1e-12)


def test_edges():
    net, params = network(5, bias=0.0)  # all lines cross in one point
    assert len(linear_regions(net, params, SQUARE)[0]) == 10
    params["fc0.W"][:] = 0.0  # units without a line cut nothing
    assert len(linear_regions(net, params, SQUARE)[0]) == 1
    params["fc0.W"][:] = [[1.0, 0.0]] * 5  # the same line five times
    assert len(linear_regions(net, params, SQUARE)[0]) == 2
    params["fc0.b"][:] = 1.0  # along the window's edge
    assert len(linear_regions(net, params, SQUARE)[0]) == 1
    polygons, patterns = linear_regions(*network(1, bias=0.0), SQUARE[:3])  # a triangle
    assert patterns.shape == (len(polygons), 1)


def test_whole_numbers():
    assert [max_regions(m, 1) for m in range(4)] == [1, 2, 3, 4]
    assert max_regions(3, 2) == 7
    assert max_regions(4, 9) == 16  # never more than the patterns
    with pytest.raises(ValueError, match="max_regions: inputs is 0"):
        max_regions(4, 0)
    with pytest.raises(ValueError, match="max_regions: units is -1"):
        max_regions(-1, 2)
    with pytest.raises(TypeError, match="max_regions: units"):
        max_regions(2.5, 2)


def test_what_is_refused():
    net, params = network(3)
    for window in (SQUARE[0], SQUARE[:2], np.ones((4, 3))):
        with pytest.raises(ShapeError, match="linear_regions: window has shape"):
            linear_regions(net, params, window)
    with pytest.raises(TypeError, match="net is a dict"):
        linear_regions({}, params, SQUARE)
    other = Sequential(fc0=Affine(2, 3), tanh=Tanh(), out=Affine(3, 1))
    with pytest.raises(TypeError, match="tanh is a Tanh, expected Affine or ReLU"):
        linear_regions(other, params, SQUARE)
    three = Sequential(fc0=Affine(3, 2))
    with pytest.raises(ShapeError, match="fc0 reads 3 inputs, expected 2"):
        linear_regions(three, three.init(np.random.default_rng(0)), SQUARE)
