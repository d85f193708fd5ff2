"""What counts as a layer, a loss, an optimizer; and the repr that is code."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from dlcore import initializers, layers, losses, models
from dlcore.initializers import he_normal, normal, xavier_normal
from dlcore.layers import Affine, Conv2d, ReLU, Residual
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.protocols import Layer, Loss, Optimizer
from dlcore.wrappers import Clipped, Recorded
from tests.cases import LAYERS, OPTIMIZERS, each


def code(thing):
    """Run a repr as code."""
    names = {name: getattr(layers, name) for name in layers.__all__} | vars(initializers)
    return eval(repr(thing), names | vars(models.lenet) | {"Sequential": Sequential})


@each(LAYERS)
def test_every_layer_is_one_and_prints_the_code_that_makes_it(case):
    assert isinstance(case.layer, Layer)
    assert code(case.layer) == case.layer


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_one(optimizer):
    assert isinstance(optimizer, Optimizer)
    assert isinstance(Clipped(optimizer, 1.0), Optimizer)


def test_losses_are_functions():
    assert isinstance(losses.logistic, Loss)
    assert isinstance(Recorded(losses.logistic), Loss)
    assert not isinstance(0.1, Loss)


def test_a_network_is_a_layer():
    assert isinstance(Sequential(relu=ReLU()), Layer)
    assert isinstance(Residual(ReLU()), Layer)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Affine(2, 5), "Affine(2, 5)"),
        (Affine(2, 5, xavier_normal), "Affine(2, 5, weights=xavier_normal)"),
        (Affine(2, 5, normal(0.01)), "Affine(2, 5, weights=normal(0.01))"),
        (Conv2d(1, 6, 5, padding=(2, 0)), "Conv2d(1, 6, 5, padding=(2, 0))"),
        (Residual(Affine(2, 2)), "Residual(Affine(2, 2))"),
        (Residual(ReLU(), ReLU()), "Residual(ReLU(), projection=ReLU())"),
        (Sequential(fc=Affine(2, 1), relu=ReLU()), "Sequential(fc=Affine(2, 1), relu=ReLU())"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_defaults_are_left_out(layer, text):
    assert repr(layer) == text


@pytest.mark.parametrize(
    "net",
    [models.planar(), models.lenet5(), models.lenet5_modern(), models.alexnet(), models.vgg16()],
    ids=["planar", "lenet5", "lenet5_modern", "alexnet", "vgg16"],
)
def test_every_network_prints_the_code_that_makes_it(net):
    again = code(net)
    assert again == net
    assert " at 0x" not in repr(net)


def test_a_layer_of_ones_own_inherits_what_it_does_not_say():
    @dataclass(frozen=True, repr=False)
    class Scale(Layer):
        factor: float
        weights: Callable = he_normal

        def forward(self, params, X, *, train, rng):
            return self.factor * X, None

        def backward(self, dout, cache):
            return self.factor * dout, {}

    assert repr(Scale(2.0)) == "Scale(2.0)"
    net = Sequential(scale=Scale(2.0))
    params = net.init(np.random.default_rng(0))
    out, cache = net.forward(params, np.ones((1, 2)))
    dX, grads = net.backward(out, cache)
    np.testing.assert_array_equal(dX, [[4, 4]])
    assert len(grads) == 0


def test_what_lacks_a_method_is_none():
    class Half:
        def init(self, rng):
            return {}

        def forward(self, params, X, *, train, rng):
            return X, None

    assert not isinstance(Half(), Layer)
    assert not isinstance(Adam, Layer)
    with pytest.raises(TypeError, match=r"expected a layer; see protocols\.Layer"):
        Sequential(half=Half())
