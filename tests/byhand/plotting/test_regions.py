import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting.regions import TINTS
from dlcore.errors import ShapeError
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.regions import linear_regions

SQUARE = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])


def drawn(seed):
    net = Sequential(fc1=Affine(2, 9), relu1=ReLU(), fc2=Affine(9, 9), relu2=ReLU())
    params = net.init(np.random.default_rng(seed))
    for name in ("fc1.b", "fc2.b"):
        params[name][:] = 0.3 * np.random.default_rng(seed + 1).standard_normal(9)
    return linear_regions(net, params, SQUARE)


def test_neighbors_differ_in_color():
    for seed in range(3):
        polygons, patterns = drawn(seed)
        _, axis = plt.subplots()
        plotting.regions(axis, polygons, patterns)
        colors = axis.collections[0].get_facecolor()
        assert len(colors) == len(polygons) > 20
        apart = (patterns[:, np.newaxis] ^ patterns).sum(axis=2)
        first, second = np.nonzero(apart == 1)
        assert len(first) > len(polygons)
        assert np.all(np.any(colors[first] != colors[second], axis=1))


def test_it_fills_the_axis_and_draws_each_region_once():
    polygons, patterns = drawn(0)
    _, axis = plt.subplots()
    plotting.regions(axis, polygons, patterns)
    assert axis.get_xlim() == axis.get_ylim() == (-1, 1)
    assert len(axis.collections[0].get_paths()) == len(polygons)
    assert len(set(TINTS)) == len(TINTS)


def test_a_pattern_too_few_is_refused():
    polygons, patterns = drawn(0)
    with pytest.raises(ShapeError, match=r"regions: patterns has shape"):
        plotting.regions(plt.gca(), polygons, patterns[1:])
