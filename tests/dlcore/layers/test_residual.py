"""The residual layer, alone and inside networks."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import Affine, BatchNorm, Conv2d, Dropout, ReLU, Residual, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential


def body(c_in, c_out, stride=1):
    return Sequential(
        conv1=Conv2d(c_in, c_out, 3, stride=stride, padding=1),
        bn1=BatchNorm(c_out),
        tanh=Tanh(),
        conv2=Conv2d(c_out, c_out, 3, padding=1),
    )


def test_by_hand():
    block = Residual(Affine(2, 2))
    params = block.init(np.random.default_rng(0))
    params = params.like(np.array([1.0, 2.0, 0.0, 3.0, 0.5, -1.0]))
    Z, cache = block.forward(params, np.array([[1.0, -1.0]]))
    np.testing.assert_array_equal(Z, [[1 + (1 - 2 + 0.5), -1 + (-3 - 1)]])
    dX, grads = block.backward(np.array([[1.0, 10.0]]), cache)
    np.testing.assert_array_equal(dX, [[1 + 1, 10 + (2 + 30)]])
    np.testing.assert_array_equal(grads["body.W"], [[1, -1], [10, -10]])
    np.testing.assert_array_equal(grads["body.b"], [1, 10])


@pytest.mark.parametrize("projection", [None, Conv2d(2, 3, 1, stride=2)])
def test_the_gradient(projection):
    stride, c_out = (1, 2) if projection is None else (2, 3)
    block = Residual(body(2, c_out, stride), projection)
    rng = np.random.default_rng(0)
    params, X = block.init(rng), rng.standard_normal((3, 2, 4, 4))
    Z, cache = block.forward(params, X, train=True)
    dZ = rng.standard_normal(Z.shape)
    dX, grads = block.backward(dZ, cache)

    def total(theta, X):
        return np.sum(dZ * block.forward(params.like(theta), X, train=True)[0])

    check_gradient(lambda theta: total(theta, X), params.theta, grads.theta)
    check_gradient(lambda X: total(params.theta, X), X, dX)


def test_a_network_of_blocks_trains_saves_its_buffers_and_passes_the_gradient_check():
    net = Sequential(
        stem=Conv2d(1, 2, 3, padding=1),
        block1=Residual(body(2, 2)),
        block2=Residual(body(2, 3, 2), Conv2d(2, 3, 1, stride=2)),
        head=Sequential(flat=Conv2d(3, 4, 2), drop=Dropout(1.0)),
    )
    rng = np.random.default_rng(0)
    params, X = net.init(rng), rng.standard_normal((4, 1, 4, 4))
    y = np.array([0, 1, 2, 3])

    def cost(theta):
        scores, _ = net.forward(params.like(theta), X, train=True, rng=rng)
        return softmax_cross_entropy(scores.reshape(4, 4), y)[0]

    scores, cache = net.forward(params, X, train=True, rng=rng)
    _, dscores = softmax_cross_entropy(scores.reshape(4, 4), y)
    _, grads = net.backward(dscores.reshape(scores.shape), cache)
    check_gradient(cost, params.theta, grads.theta)
    remembered = net.update_buffers(params, cache)
    assert not params.buffers.any()
    for name in ("block1.body.bn1.mean", "block2.body.bn1.var"):
        assert remembered[name].all()


def test_zeros_in_the_body_leave_the_input_as_it_is():
    block = Residual(Sequential(fc=Affine(3, 3), relu=ReLU()))
    params = block.init(np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((2, 3))
    Z, _ = block.forward(params.like(0 * params.theta), X)
    np.testing.assert_array_equal(Z, X)


@pytest.mark.parametrize("wrong", [[Affine(2, 2), ReLU()], ReLU, None, np.tanh])
def test_what_is_no_layer_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^Residual: body is .*, expected a layer; Sequential"):
        Residual(wrong)
    if wrong is not None:
        with pytest.raises(TypeError, match=r"^Residual: projection is .*, expected a layer"):
            Residual(ReLU(), wrong)


def test_shapes_that_do_not_fit_ask_for_a_projection():
    net = Sequential(block=Residual(Affine(2, 3)))
    with pytest.raises(ShapeError, match=r"the body returns \(4, 3\) and \(4, 2\) .*a projection"):
        net.forward(net.init(np.random.default_rng(0)), np.zeros((4, 2)))


def test_an_error_inside_names_every_layer_on_the_way():
    net = Sequential(block=Residual(Sequential(fc1=Affine(2, 2), fc2=Affine(3, 2))))
    with pytest.raises(ShapeError, match="X has 2 columns but W expects 3") as caught:
        net.forward(net.init(np.random.default_rng(0)), np.zeros((4, 2)))
    names = [note.split()[2] for note in caught.value.__notes__]
    assert names == ["fc2", "body", "block"]
