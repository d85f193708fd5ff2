"""The lab ``untangle``: the browser carries the plane through the layers as dlcore does."""

import json

import numpy as np
import pytest

from byhand.labs.untangle import (
    ACTIVATIONS,
    DATA,
    DEPTHS,
    FUNCTIONS,
    SEEDS,
    WAY,
    best_seed,
    network,
    points,
    polar,
    rotation,
    through,
    train,
)
from dlcore.layers import affine_forward
from tests.byhand.labs.bundle import BROWSER, run_node, with_mistake
from tests.measure import worst_error

WAYS = [0, 0.3, 1, 1.4, 2, 2.7, 3.5, 4, 5.9, 6]


def trained(activation, depth=3):
    """Return a network of the lab with parameters that reflect as well as turn."""
    net = network(activation, depth)
    params = net.init(np.random.default_rng(0))
    theta = np.random.default_rng(1).standard_normal(params.theta.size)
    return net, params.like(theta)


def browser_errors(tmp_path, browser=BROWSER):
    fixture = {}
    X = 2 * np.random.default_rng(2).standard_normal((9, 2))
    for activation in ACTIVATIONS:
        net, params = trained(activation)
        fixture[activation] = {
            "theta": params.theta.tolist(),
            "X": X.ravel().tolist(),
            "carried": [[w, through(params, activation, X, w).ravel().tolist()] for w in WAYS],
            "scores": net.forward(params, X)[0].ravel().tolist(),
        }
    path = tmp_path / "plane.json"
    path.write_text(json.dumps(fixture), encoding="utf-8")
    script = BROWSER.parents[2] / "tests/byhand/labs" / "plane_errors.mjs"
    return run_node(script, browser / "plane.js", path)


def test_the_browser_carries_the_plane_as_dlcore_does(tmp_path):
    errors = browser_errors(tmp_path)
    assert len(errors) == 3 * (len(WAYS) + 1)
    assert max(errors.values()) < 1e-10, errors


def test_a_wrong_turn_is_found(tmp_path):
    mistaken = with_mistake(tmp_path, "plane.js", "c - b, a + d", "b - c, a + d")
    errors = browser_errors(tmp_path, mistaken)
    assert errors["tanh 0.3"] > 0.01
    assert errors["tanh 1"] < 1e-10  # at the end of the affine map the path does not matter


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_at_whole_layers_the_plane_is_where_the_network_puts_it(activation):
    _, params = trained(activation)
    expected = X = points("spirals")[0]
    for k in range(1, 4):
        expected = FUNCTIONS[activation](
            affine_forward(expected, params[f"fc{k}.W"], params[f"fc{k}.b"])[0]
        )
        assert worst_error(through(params, activation, X, 2 * k), expected) < 1e-12
    np.testing.assert_array_equal(through(params, activation, X, 0), X)


def test_polar_is_a_turn_after_a_symmetric_stretch():
    for seed in range(10):
        W = np.random.default_rng(seed).standard_normal((2, 2))
        turn, S = polar(W)
        np.testing.assert_allclose(S, S.T, atol=1e-14)
        np.testing.assert_allclose(rotation(turn) @ S, W, atol=1e-14)
        singular = np.linalg.svd(W, compute_uv=False)
        np.testing.assert_allclose(sorted(abs(np.linalg.eigvalsh(S)))[::-1], singular)


def test_every_depth_divides_the_way():
    assert all(WAY % (2 * depth) == 0 for depth in DEPTHS)


def test_a_seed_is_the_best_of_those_tried():
    assert best_seed("spirals", "none", 1) == SEEDS["spirals", "none"][0]


def test_defaults_show_the_effect():
    # What the page says: tanh separates all but the rings, and nothing does without bending.
    def end(data, activation, depth):
        *_, (_, _, accuracy) = train(data, activation, depth, SEEDS[data, activation][depth - 1])
        return accuracy

    assert end("spirals", "tanh", 4) == end("line", "tanh", 4) == 1
    assert max(end("rings", "tanh", depth) for depth in DEPTHS) < 0.9
    assert max(end(data, "none", 2) for data in DATA) < 0.9
