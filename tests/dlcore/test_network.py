"""Parameters as one vector, and layers in a row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import (
    Affine,
    BatchNorm,
    Conv2d,
    Flatten,
    LeakyReLU,
    Maxout,
    PReLU,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
)
from dlcore.losses import logistic
from dlcore.network import Layout, Parameters, Sequential

LAYOUT = Layout({"fc1.W": (2, 3), "fc1.b": (2,), "fc10.W": (1, 2)})


def test_the_arrays_are_views_of_the_vector():
    params = Parameters(np.arange(10.0), LAYOUT)
    np.testing.assert_array_equal(params["fc1.W"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(params["fc1.b"], [6, 7])
    np.testing.assert_array_equal(params["fc10.W"], [[8, 9]])
    params.theta[7] = -1
    assert params["fc1.b"][1] == -1
    params["fc10.W"][0, 0] = -2
    assert params.theta[8] == -2


def test_parameters_are_a_mapping():
    params = Parameters(np.arange(10.0), LAYOUT)
    assert list(params) == list(LAYOUT.shapes)
    assert len(params) == 3
    assert "fc1.b" in params
    assert params.layer("fc1").keys() == {"W", "b"}  # and not fc10's
    assert params.layer("relu") == {}
    assert "10 numbers: fc1.W (2, 3)" in repr(params)
    with pytest.raises(KeyError):
        params["fc2.W"]


def test_the_same_layout_over_another_vector():
    params = Parameters(np.arange(10.0), LAYOUT)
    other = params.like(np.zeros(10))
    assert other.layout is params.layout
    assert not np.shares_memory(other.theta, params.theta)


def test_weights_decay_and_biases_do_not():
    params = Parameters(np.arange(10.0), LAYOUT)
    np.testing.assert_array_equal(params.decayed, [1, 1, 1, 1, 1, 1, 0, 0, 1, 1])
    assert params.decayed.dtype == bool


@pytest.mark.parametrize("shape", [(9,), (11,), (10, 1), ()])
def test_a_vector_of_another_size_is_refused(shape):
    with pytest.raises(ShapeError, match=r"^Parameters: theta has shape .*, expected \(10,\) for"):
        Parameters(np.zeros(shape), LAYOUT)


def test_start_values_come_from_the_generator_in_the_order_of_the_layers():
    net = Sequential(fc1=Affine(2, 3), tanh=Tanh(), fc2=Affine(3, 1))
    params = net.init(np.random.RandomState(3))
    rng = np.random.RandomState(3)
    first, second = Affine(2, 3).init(rng), Affine(3, 1).init(rng)
    np.testing.assert_array_equal(params["fc1.W"], first["W"])
    np.testing.assert_array_equal(params["fc2.W"], second["W"])
    assert list(params) == ["fc1.W", "fc1.b", "fc2.W", "fc2.b"]


def test_a_bare_seed_is_refused():
    with pytest.raises(TypeError, match=r"^Sequential.init: rng is 0, expected a generator"):
        Sequential(fc=Affine(2, 1)).init(0)


def test_forward_by_hand():
    net = Sequential(fc1=Affine(2, 2), relu=ReLU(), fc2=Affine(2, 1))
    params = net.init(np.random.default_rng(0))
    params = params.like(np.array([1.0, 0, 0, 1, 0, -1, 2, 3, 0.5]))
    out, _ = net.forward(params, np.array([[1.0, 2.0], [-1.0, 0.0]]))
    np.testing.assert_array_equal(out, [[2 * 1 + 3 * 1 + 0.5], [0.5]])


@given(
    widths=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    activation=st.sampled_from([Tanh(), Sigmoid()]),
    N=st.integers(1, 4),
)
def test_the_gradient_of_any_network(widths, activation, N):
    rng = np.random.default_rng(0)
    layers = {}
    for k, (d_in, d_out) in enumerate(zip(widths, [*widths[1:], 1], strict=True)):
        layers |= {f"fc{k}": Affine(d_in, d_out), f"act{k}": activation}
    layers.popitem()  # scores come straight from the last affine layer
    net = Sequential(**layers)
    params = net.init(rng)
    X, y = rng.standard_normal((N, widths[0])), np.resize([1, 0], (N, 1))

    def cost(theta_and_X):
        theta, X = np.split(theta_and_X, [params.theta.size])
        return logistic(net.forward(params.like(theta), X.reshape(N, -1))[0], y)[0]

    scores, cache = net.forward(params, X)
    dX, grads = net.backward(logistic(scores, y)[1], cache)
    at = np.concatenate([params.theta, X.ravel()])
    check_gradient(cost, at, np.concatenate([grads.theta, dX.ravel()]))


def test_dtype_is_kept():
    net = Sequential(fc1=Affine(2, 3), tanh=Tanh(), fc2=Affine(3, 1))
    params = net.init(np.random.default_rng(0), dtype=np.float32)
    assert params.theta.dtype == np.float32
    X, y = np.ones((4, 2), np.float32), np.ones((4, 1), int)
    scores, cache = net.forward(params, X)
    value, dscores = logistic(scores, y)
    dX, grads = net.backward(dscores, cache)
    for array in (scores, value, dscores, dX, grads.theta, grads["fc1.W"]):
        assert array.dtype == np.float32


def test_arguments_are_not_changed_and_backward_can_be_repeated():
    net = Sequential(fc1=Affine(2, 3), relu=ReLU(), fc2=Affine(3, 1))
    params = net.init(np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((4, 2))
    for array in (params.theta, X):
        array.setflags(write=False)
    scores, cache = net.forward(params.like(params.theta), X)
    dout = np.ones_like(scores)
    dout.setflags(write=False)
    first, second = net.backward(dout, cache), net.backward(dout, cache)
    np.testing.assert_array_equal(first[1].theta, second[1].theta)
    assert not np.shares_memory(first[1].theta, second[1].theta)


def test_a_network_without_parameters():
    net = Sequential(relu=ReLU())
    params = net.init(np.random.default_rng(0))
    assert params.theta.shape == (0,)
    out, cache = net.forward(params, np.array([[-1.0, 1.0]]))
    dX, grads = net.backward(np.ones((1, 2)), cache)
    np.testing.assert_array_equal(out, [[0, 1]])
    np.testing.assert_array_equal(dX, [[0, 1]])
    assert len(grads) == 0


def test_an_error_names_the_layer():
    net = Sequential(fc1=Affine(2, 3), fc2=Affine(4, 1))
    params = net.init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match="X has 3 columns but W expects 4") as caught:
        net.forward(params, np.zeros((5, 2)))
    assert caught.value.__notes__ == [f"in layer fc2 = {net.layers['fc2']}"]
    with pytest.raises(TypeError, match="X has dtype int64") as caught:
        net.forward(params, np.zeros((5, 2), np.int64))
    assert caught.value.__notes__ == [f"in layer fc1 = {net.layers['fc1']}"]


def test_no_layers_at_all():
    with pytest.raises(ValueError, match=r"^Sequential: got no layers"):
        Sequential()


def test_repr_reads_like_the_code():
    assert repr(Sequential(relu=ReLU(), tanh=Tanh())) == "Sequential(relu=ReLU(), tanh=Tanh())"


@pytest.mark.parametrize(
    ("first", "shape"), [(Affine(4, 3), (5, 4)), (Conv2d(2, 3, 2), (5, 2, 3, 4)), (ReLU(), (5, 4))]
)
def test_the_gradient_of_the_data_can_be_left_out(first, shape):
    net = Sequential(first=first, flatten=Flatten(), tanh=Tanh())
    params = net.init(np.random.default_rng(0))
    out, cache = net.forward(params, np.random.default_rng(1).standard_normal(shape))
    dout = np.random.default_rng(2).standard_normal(out.shape)
    dX, grads = net.backward(dout, cache)
    assert dX.shape == shape
    nothing, same = net.backward(dout, cache, input_gradient=False)
    assert nothing is None
    np.testing.assert_array_equal(same.theta, grads.theta)


def small():
    return Sequential(
        fc1=Affine(2, 3), relu=ReLU(), fc2=Affine(3, 3), tanh=Tanh(), fc3=Affine(3, 1)
    )


def test_layers_by_name_and_place():
    net = small()
    assert (net["fc2"], net[0], net[-1]) == (Affine(3, 3), Affine(2, 3), Affine(3, 1))
    assert len(net) == 5
    assert list(net) == list(net.layers.values())
    assert "relu" in net
    assert "fc9" not in net
    with pytest.raises(KeyError, match=r"there is no layer 'fc9' among \['fc1', 'relu'"):
        net["fc9"]
    with pytest.raises(IndexError):
        net[5]


def test_a_slice_is_a_network_that_the_parameters_of_the_whole_serve():
    net = small()
    params = net.init(np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((4, 2))
    features, head = net[:3], net[3:]
    assert list(features.layers) == ["fc1", "relu", "fc2"]
    A, cache = features.forward(params, X)
    scores, head_cache = head.forward(params, A)
    np.testing.assert_array_equal(scores, net.forward(params, X)[0])
    dA, dhead = head.backward(np.ones((4, 1)), head_cache)
    dX, dfeatures = features.backward(dA, cache)
    expected_dX, expected = net.backward(np.ones((4, 1)), net.forward(params, X)[1])
    np.testing.assert_array_equal(dX, expected_dX)
    assert {**dfeatures, **dhead}.keys() == expected.keys()
    for name, grad in {**dfeatures, **dhead}.items():
        np.testing.assert_array_equal(grad, expected[name])


def test_a_network_inside_a_network_computes_the_same():
    flat = small()
    nested = Sequential(body=Sequential(first=flat[:2], rest=flat[2:4]), fc3=flat["fc3"])
    params, inner = (net.init(np.random.default_rng(0)) for net in (flat, nested))
    np.testing.assert_array_equal(inner.theta, params.theta)
    assert list(inner)[:2] == ["body.first.fc1.W", "body.first.fc1.b"]
    X = np.random.default_rng(1).standard_normal((4, 2))
    scores, cache = flat.forward(params, X)
    same, inner_cache = nested.forward(inner, X)
    np.testing.assert_array_equal(same, scores)
    for wanted in (True, False):
        dX, grads = flat.backward(np.ones((4, 1)), cache, input_gradient=wanted)
        inner_dX, inner_grads = nested.backward(np.ones((4, 1)), inner_cache, input_gradient=wanted)
        np.testing.assert_array_equal(inner_grads.theta, grads.theta)
        assert inner_dX is dX is None if not wanted else np.array_equal(inner_dX, dX)


def test_layers_can_be_exchanged_however_deep():
    net = Sequential(block=Residual(Sequential(fc=Affine(2, 2), relu=ReLU())), out=ReLU())
    names = []

    def smooth(name, layer):
        names.append(name)
        return Tanh() if isinstance(layer, ReLU) else layer

    block = Residual(Sequential(fc=Affine(2, 2), relu=Tanh()))
    assert net.map(smooth) == Sequential(block=block, out=Tanh())
    assert names == ["block.body.fc", "block.body.relu", "out"]


def test_layers_inside_others_have_the_names_of_both():
    net = Sequential(block=Residual(Sequential(fc=Affine(2, 2), relu=ReLU())))
    assert net["block.body.relu"] == net["block"]["body"]["relu"] == ReLU()
    with pytest.raises(KeyError, match=r"Residual: there is no layer 'side' among \['body'\]"):
        net["block.side"]
    params = net.init(np.random.default_rng(0))
    inner, X = net["block.body"], np.ones((3, 2))
    out, _ = inner.forward(params.layer("block.body"), X)
    np.testing.assert_array_equal(out + X, net.forward(params, X)[0])


def test_layers_need_names():
    with pytest.raises(TypeError, match=r"^Sequential: got layers without names, expected names"):
        Sequential(Affine(2, 3), ReLU())


@pytest.mark.parametrize("dtype", [int, bool, complex, np.int8])
def test_weights_are_floating_point(dtype):
    with pytest.raises(TypeError, match=r"^Sequential.init: dtype is .*, expected a floating one"):
        small().init(np.random.default_rng(0), dtype=dtype)


def test_networks_compare_by_their_layers():
    assert small() == small()
    assert hash(small()) == hash(small())
    assert small() != small()[:4]
    assert small() != 3


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ({"a.b": ReLU()}, ValueError, r"a layer is called 'a.b', expected a name without a dot"),
        ({"relu": ReLU}, TypeError, r"relu is <class .*ReLU'>, expected a layer; ReLU\(\.\.\.\)\?"),
        ({"relu": np.tanh}, TypeError, r"relu is <ufunc 'tanh'>, expected a layer"),
        ({"fc": None}, TypeError, r"fc is None, expected a layer"),
    ],
)
def test_what_is_no_layer_is_refused(layers, error, message):
    with pytest.raises(error, match=f"^Sequential: {message}"):
        Sequential(**layers)


def test_what_are_no_parameters_is_refused():
    net, X = small(), np.zeros((4, 2))
    params = net.init(np.random.default_rng(0))
    for wrong in (params.theta, dict(params), None):
        with pytest.raises(TypeError, match=r"^Sequential.forward: params is a .*Parameters, such"):
            net.forward(wrong, X)
    other = Sequential(hidden=Affine(2, 3)).init(np.random.default_rng(0))
    with pytest.raises(KeyError, match="do they belong to another network"):
        net.forward(other, X)


def test_arrays_of_another_shape_are_refused_also_after_those_that_fit():
    net, X = small(), np.zeros((4, 2))
    rng = np.random.default_rng(0)
    net.forward(net.init(rng), X)
    wider = net.map(lambda name, layer: Affine(3, 5) if name == "fc3" else layer).init(rng)
    message = (
        r"^Sequential.forward: params hold fc3.W of shape \(5, 3\), expected \(1, 3\); fc3.b of"
    )
    for _ in range(2):
        with pytest.raises(ShapeError, match=message):
            net.forward(wider, X)
    more = Parameters.of({"fc1.W": np.zeros((3, 2)), "fc1.b": np.zeros(3), "fc1.c": np.zeros(1)})
    with pytest.raises(ShapeError, match=r"fc1.c of shape \(1,\), expected no such array"):
        net[:1].forward(more, X)


def test_shapes_are_those_of_init_and_cost_nothing():
    net = Sequential(
        conv=Conv2d(2, 4, 3, padding=1),
        bn=BatchNorm(4),
        block=Residual(Sequential(conv=Conv2d(4, 4, 3, padding=1), act=PReLU(4))),
        flat=Flatten(),
        out=Maxout(64, 3, 2),
    )
    assert net.shapes() == net.init(np.random.default_rng(0)).layout.shapes
    huge = Sequential(fc=Affine(10**6, 10**6))
    assert huge.shapes() == {"fc.W": (10**6, 10**6), "fc.b": (10**6,)}


def test_a_long_network_is_printed_in_lines_that_are_code():
    body = Sequential(bn=BatchNorm(5), fc=Affine(5, 5), act=LeakyReLU())
    net = Sequential(
        first=Sequential(fc=Affine(2, 5), tanh=Tanh()),
        block=Residual(body, Affine(5, 5)),
        out=Affine(5, 1),
    )
    assert str(net) == (
        "Sequential(\n"
        "    first=Sequential(fc=Affine(2, 5), tanh=Tanh()),\n"
        "    block=Residual(\n"
        "        body=Sequential(bn=BatchNorm(5), fc=Affine(5, 5), act=LeakyReLU()),\n"
        "        projection=Affine(5, 5),\n"
        "    ),\n"
        "    out=Affine(5, 1),\n"
        ")"
    )
    assert eval(str(net)) == eval(repr(net)) == net
    assert "\n" not in repr(net)
    assert str(net["first"]) == repr(net["first"])


class Faulty(ReLU):
    """A layer with one array ``a`` of shape (2,), and a fault."""

    def __init__(self, grads=None, result=None):
        vars(self).update(grads=grads, result=result)

    def init(self, rng):
        return {"a": np.ones(2)}

    def forward(self, params, X, *, train, rng):
        return (X * params["a"], X) if self.result is None else self.result

    def backward(self, dout, cache):
        return dout, self.grads


@pytest.mark.parametrize(
    ("grads", "message"),
    [
        ({}, r"gradients of the parameters came as \[\], expected .* each of \['a'\]"),
        ({"a": np.ones(2), "b": np.ones(2)}, r"came as \['a', 'b'\], expected"),
        (None, "came as a NoneType, expected a dictionary"),
        ({"a": 1.0}, r"the gradient of a is 1.0, expected a's shape \(2,\)"),
        ({"a": np.float64(1)}, r"the gradient of a has shape \(\), expected a's shape \(2,\)"),
        ({"a": np.ones((4, 2))}, r"the gradient of a has shape \(4, 2\), expected .* too few"),
    ],
)
def test_a_gradient_that_is_missing_or_has_another_shape_names_layer_and_array(grads, message):
    layer = Faulty(grads)
    net = Sequential(first=Affine(2, 2), faulty=layer)
    params = net.init(np.random.default_rng(0))
    out, cache = net.forward(params, np.ones((4, 2)))
    with pytest.raises(ShapeError, match=message) as caught:
        net.backward(out, cache)
    assert caught.value.__notes__ == [f"in layer faulty = {layer}"]


@pytest.mark.parametrize("result", [np.ones((2, 2)), [1, 2], (1, 2, 3)])
def test_a_forward_that_returns_no_pair_is_named(result):
    net = Sequential(faulty=Faulty(result=result))
    with pytest.raises(TypeError, match=r"^Faulty.forward: returned a .*, expected the pair out"):
        net.forward(net.init(np.random.default_rng(0)), np.ones((2, 2)))


def test_an_error_on_the_way_back_names_the_layer_too():
    net = small()
    params = net.init(np.random.default_rng(0))
    _, cache = net.forward(params, np.ones((4, 2)))
    with pytest.raises(ShapeError) as caught:
        net.backward(np.ones((4, 2)), cache)
    assert caught.value.__notes__ == [f"in layer fc3 = {net['fc3']}"]
