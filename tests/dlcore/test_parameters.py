"""Parameters: named views of one vector, read and written by name, compared and cut."""

import copy
import pickle

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import Affine, BatchNorm, ReLU
from dlcore.network import Sequential
from dlcore.parameters import Layout, Parameters


def start(seed=0, **options):
    block = Sequential(fc=Affine(3, 3), bn=BatchNorm(3))
    net = Sequential(fc1=Affine(2, 3), block=block, relu=ReLU(), fc2=Affine(3, 1))
    return net.init(np.random.default_rng(seed), **options)


def test_augmented_assignment_writes_into_the_vector():
    params, before = start(), start()
    params["fc1.W"] -= 0.5 * np.ones((3, 2))
    np.testing.assert_array_equal(params["fc1.W"], before["fc1.W"] - 0.5)
    np.testing.assert_array_equal(params.theta[:6], before.theta[:6] - 0.5)
    np.testing.assert_array_equal(params.theta[6:], before.theta[6:])
    params["block.bn.mean"] = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(params.buffers[:3], [1, 2, 3])


@pytest.mark.parametrize("value", [0.0, np.float64(0), np.zeros(2), np.zeros((2, 3)), [[0.0] * 2]])
def test_an_array_of_another_shape_is_not_written(value):
    params, before = start(), start()
    with pytest.raises(
        ShapeError, match=r"^Parameters: fc1.W has shape \(3, 2\) and got .*\[...\]"
    ):
        params["fc1.W"] = value
    assert params == before


def test_a_missing_name_is_explained():
    params = start()
    with pytest.raises(
        KeyError, match=r"there is no 'W' among fc1.W, .*, \.\.\.; .*another network"
    ):
        params["W"]
    with pytest.raises(KeyError, match=r"no 'fc1_W' among .*; 'fc1.W'\?"):
        params["fc1_W"]
    with pytest.raises(KeyError, match=r"no 'block' among .*; params.layer\('block'\)\?"):
        params["block"]
    with pytest.raises(KeyError, match="among no arrays"):
        params.layer("relu")["W"]


def test_buffers_have_names():
    params = start()
    assert params["block.bn.mean"].shape == (3,)
    assert "block.bn.mean" in params
    assert "block.bn.mean" not in list(params)  # nobody trains it
    assert list(params.remembered) == ["block.bn.mean", "block.bn.var", "block.bn.weight"]
    assert params.arrays.keys() == {*params, *params.remembered}


def test_a_layer_is_a_view_down_to_the_last():
    params = start()
    inner = params.layer("block").layer("fc")
    assert list(inner) == ["W", "b"]
    inner["W"][0, 0] = 7.0
    assert params["block.fc.W"][0, 0] == 7.0
    assert params.layer("block.fc") == inner
    params.layer("block").layer("bn")["mean"][...] = 5.0
    assert params.buffers[0] == 5.0


def test_equality_answers():
    params = start()
    assert params == params.copy()
    assert params == dict(params.arrays)
    assert params != start(seed=1)
    assert params != params.like(params.theta, params.buffers + 1)
    assert params != Sequential(fc1=Affine(2, 3)).init(np.random.default_rng(0))
    assert params != 3
    diverged = params.like(np.full_like(params.theta, np.nan))
    assert diverged == diverged.copy()


def test_a_copy_shares_nothing():
    params = start()
    for other in (params.copy(), copy.deepcopy(params), pickle.loads(pickle.dumps(params))):
        assert other == params
        assert not np.shares_memory(other.theta, params.theta)
        assert not np.shares_memory(other.buffers, params.buffers)


def test_another_precision():
    single = start().astype(np.float32)
    assert (single.theta.dtype, single.buffers.dtype) == (np.float32, np.float32)
    np.testing.assert_allclose(single.theta, start().theta, rtol=1e-7)
    assert single["fc1.W"].shape == (3, 2)


def test_only_some_layers():
    params = start()
    part = params.only(["block", "relu"])
    assert list(part) == ["block.fc.W", "block.fc.b", "block.bn.gamma", "block.bn.beta"]
    np.testing.assert_array_equal(part["block.fc.W"], params["block.fc.W"])
    assert part.buffers.size == 7
    assert not np.shares_memory(part.theta, params.theta)
    assert params.only("fc1") == params.only(["fc1"])
    net = Sequential(fc1=Affine(2, 3), relu=ReLU())
    assert params.only(net) == params.only("fc1")
    for nothing in ("relu", ["fcc"], ["fcc", "relu"]):
        with pytest.raises(ValueError, match=r"^Parameters.only: none of .* but fc1, block, fc2$"):
            params.only(nothing)
    assert params.astype(np.float32).part([]).theta.dtype == np.float32


def test_a_mask_by_name():
    params = start()
    marked = {name for name, view in params.like(params.mask("fc2", "*.b")).items() if view.all()}
    assert marked == {"fc2.W", "fc2.b", "fc1.b", "block.fc.b"}
    np.testing.assert_array_equal(params.mask("*"), True)
    np.testing.assert_array_equal(params.mask("block.bn"), params.mask("block.bn.*"))
    assert params.mask("block").sum() == 9 + 3 + 3 + 3
    with pytest.raises(ValueError, match=r"^Parameters.mask: got no pattern, expected one"):
        params.mask()
    with pytest.raises(
        ValueError, match=r"^Parameters.mask: 'fc3' names nothing, there are fc1.W,"
    ):
        params.mask("fc3")


@pytest.mark.parametrize("wrong", [["fc1", "fc2"], ReLU(), 0])
def test_a_pattern_is_a_string(wrong):
    with pytest.raises(TypeError, match=r"^Parameters.mask: a pattern is .*, expected names such"):
        start().mask(wrong)


def test_weights_of_inner_layers_decay_too():
    decayed = start().decayed
    weights = {name for name, view in start().like(decayed).items() if view.all()}
    assert weights == {"fc1.W", "block.fc.W", "fc2.W"}
    assert decayed.sum() == 6 + 9 + 3


def test_the_arrays_of_a_layer_lie_together():
    with pytest.raises(ValueError, match=r"^Layout: a.b does not follow the other arrays of a"):
        Layout({"a.W": (2,), "b.W": (2,), "a.b": (2,)})


def test_repr_names_arrays_and_buffers():
    text = repr(Parameters.of({"W": np.zeros((1, 2))}, {"mean": np.zeros(3)}))
    assert text == "Parameters(2 numbers: W (1, 2); buffers: mean (3,))"
