"""The networks that are written down: what their equations do not say."""

import numpy as np
import pytest

from dlcore import models
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.losses import squared_error

ALL = {
    "staircase": (models.staircase([0.2, 0.9, 0.4], 8.0), 1),
    "hats": (models.hats([0.2, 0.9, 0.4]), 1),
    "towers": (models.towers([[0.2, 0.9], [0.4, 0.1]], 8.0, 3.0), 2),
    "sawtooth": (models.sawtooth(3), 1),
    "folds": (models.folds(2, 2), 2),
    "random_steps": (models.random_steps(4, "sigmoid", np.random.default_rng(0)), 1),
}


@pytest.mark.parametrize("name", ALL)
def test_parameters_have_the_layout_of_the_network(name):
    (net, params), _ = ALL[name]
    drawn = net.init(np.random.default_rng(0))
    assert {key: drawn[key].shape for key in drawn} == params.layout.shapes


@pytest.mark.parametrize("name", ALL)
def test_they_can_be_trained(name):
    (net, params), d_in = ALL[name]
    X = np.random.default_rng(0).random((7, d_in))
    y = X[:, :1] ** 2

    def cost(theta):
        return squared_error(net.forward(params.like(theta), X)[0], y)[0]

    scores, cache = net.forward(params, X)
    _, grads = net.backward(squared_error(scores, y)[1], cache)
    assert check_gradient(cost, params.theta, grads.theta) < 1e-6


@pytest.mark.parametrize("build", [lambda h: models.staircase(h, 50.0), models.hats])
def test_a_single_height_is_a_constant(build):
    net, params = build([0.7])
    assert np.all(net.forward(params, np.linspace(0, 1, 5)[:, np.newaxis])[0] == 0.7)
    with pytest.raises(ShapeError):
        net.forward(params, np.zeros((5, 2)))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: models.staircase([], 10.0), r"staircase: got heights of shape \(0,\)"),
        (
            lambda: models.hats([[1.0, 2.0]]),
            r"hats: got heights of shape \(1, 2\), expected \(n,\)",
        ),
        (lambda: models.towers(np.zeros((2, 3)), 1.0, 1.0), r"towers: heights has shape \(2, 3\)"),
        (lambda: models.sawtooth(0), "sawtooth: depth is 0, expected at least one"),
        (
            lambda: models.random_steps(3, "tanh", np.random.default_rng(0)),
            "random_steps: unit is 'tanh', expected sigmoid or relu",
        ),
    ],
)
def test_errors_name_what_came(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_random_steps_lie_inside_the_interval():
    for unit, weight in (("sigmoid", 20.0), ("relu", 1.0)):
        _, params = models.random_steps(200, unit, np.random.default_rng(0))
        places = -params["steps.b"] / params["steps.W"][:, 0]
        assert 0 <= places.min() < 0.1 < 0.9 < places.max() <= 1
        assert set(params["steps.W"][:, 0]) == {weight, -weight}


def test_folds_of_one_input_are_the_sawtooth():
    x = np.linspace(0, 1, 65)[:, np.newaxis]
    (one, params), (net, folded) = models.sawtooth(3), models.folds(1, 3)
    np.testing.assert_allclose(net.forward(folded, x)[0], one.forward(params, x)[0], atol=1e-12)


def test_folds_add_up_the_inputs_zigzags():
    X = np.random.default_rng(0).random((50, 3))
    net, params = models.folds(3, 4)
    one, single = models.sawtooth(4)
    total = sum(one.forward(single, X[:, i : i + 1])[0] for i in range(3))
    np.testing.assert_allclose(net.forward(params, X)[0], total, atol=1e-12)
    for wrong in ({"inputs": 0, "depth": 1}, {"inputs": 2, "depth": 0}):
        with pytest.raises(ValueError, match="folds: "):
            models.folds(**wrong)
