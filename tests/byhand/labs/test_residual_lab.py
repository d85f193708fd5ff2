"""The lab ``residual``: its blocks are the chapter's, and its theory is the chapter's equations."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs.residual import (
    DEPTHS,
    GAINS,
    NETWORKS,
    SEEDS,
    WEIGHTS,
    draws,
    kept,
    measured,
    theory,
    through,
)
from dlcore.gradcheck import numerical_gradient
from tests.byhand.labs.bundle import with_mistake
from tests.byhand.labs.test_random_settings import faults

ALL = "-".join(NETWORKS)


@pytest.fixture(scope="module")
def lab():
    return byhand.labs.residual()


@pytest.mark.parametrize("scheme", WEIGHTS)
@pytest.mark.parametrize("gain", [GAINS[0], 1.0, GAINS[-1]])
@pytest.mark.parametrize("depth", [DEPTHS[0], 20])
def test_with_relu_the_theory_is_the_chapters_equations(scheme, gain, depth):
    rho = gain**2 * WEIGHTS[scheme][1] / 2
    expected = {
        "plain": rho**depth,
        "residual": (1 + rho) ** depth,
        "normalized": 1 + rho * depth,
        "scaled": (1 + rho / depth) ** depth,
        "zero": 1.0,
    }
    for network, factor in expected.items():
        signals, errors = theory(network, scheme, gain, "relu", depth)
        assert signals[0] == errors[-1] == 1
        np.testing.assert_allclose([signals[-1], errors[0]], factor)
        assert len(signals) == len(errors) == depth + 1


def test_what_tanh_keeps_is_its_mean_over_a_normal_distribution():
    z = 1.3 * np.random.default_rng(0).standard_normal(400_000)
    outputs, slopes = kept("tanh", 1.3**2)
    assert outputs == pytest.approx(np.mean(np.tanh(z) ** 2), rel=0.01)
    assert slopes == pytest.approx(np.mean((1 - np.tanh(z) ** 2) ** 2), rel=0.02)


@pytest.mark.parametrize("network", ["plain", "residual", "normalized", "scaled"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "none"])
def test_wide_layers_do_what_is_expected(network, activation):
    rng, depth, width = np.random.default_rng(0), 6, 600
    a, delta = rng.standard_normal((2, 1, width))
    weights = WEIGHTS["he"][0]
    blocks = [
        (weights(rng, (width, width), width, width), 1.2 * rng.standard_normal((width, width))
         / np.sqrt(width)) for _ in range(depth)
    ]  # fmt: skip
    found = through(network, activation, a / np.sqrt(np.mean(a**2)), delta, blocks)
    for ours, expected in zip(found, theory(network, "he", 1.2, activation, depth), strict=True):
        np.testing.assert_allclose(np.log(ours), np.log(expected), atol=0.45)


@pytest.mark.parametrize("network", ["plain", "residual", "scaled", "zero"])
@pytest.mark.parametrize("activation", ["relu", "tanh", "none"])
def test_the_error_is_the_gradient(network, activation):
    a, delta, blocks = draws(3, "he", 1.0, 3, 6)

    def score(vector):
        forward = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "none": lambda z: z}
        for W, V in blocks:
            part = {"scaled": 3**-0.5, "zero": 0.0}.get(network, 1.0)
            block = part * forward[activation](vector @ W.T) @ V.T
            vector = (network != "plain") * vector + block
        return float(np.sum(delta * vector))

    gradient = numerical_gradient(score, a)
    _, errors = through(network, activation, a, delta, blocks)
    assert errors[0] == pytest.approx(np.mean(gradient**2) / np.mean(delta**2), rel=1e-6)


def test_a_normalized_block_reads_a_signal_of_mean_square_1():
    a, delta, blocks = draws(0, "xavier", 0.7, 5, 8)
    signals, errors = through("normalized", "tanh", a, delta, blocks)
    W, V = blocks[0]
    np.testing.assert_allclose(np.mean(a**2), 1)
    longer, _ = through("normalized", "tanh", 9 * a, delta, blocks[:1])
    assert longer[-1] == pytest.approx(np.mean((9 * a + np.tanh(a @ W.T) @ V.T) ** 2))
    assert len(signals) == len(errors) == 6


def test_the_range_is_that_of_the_20_seeds(lab):
    values = lab.compute(lab.settings())
    tops = values["series"]["residual_top"]
    assert len(tops) == len(SEEDS) == 20
    assert (values["residual_low"], values["residual_high"]) == (min(tops), max(tops))
    assert values["residual_middle"] == pytest.approx(np.median(tops))
    series, _ = measured("residual", "he", 1.0, "relu", 20, 64)
    assert series["top"] == tops


def test_the_question_is_answered_by_what_is_measured(lab):
    he, xavier = lab.compute(lab.settings()), lab.compute(lab.settings(**lab.reveal))
    assert he["plain_should"] == pytest.approx(1)
    assert xavier["plain_should"] == pytest.approx(2**-20)
    assert xavier["residual_should"] == pytest.approx(1.5**20)
    assert round(1.5**20, -2) == 3300
    assert min(xavier["series"]["residual_top"]) > 100
    assert [text for text, reply in lab.answers.items() if reply[:3] == "Yes"] == ["It grows"]


def test_a_network_that_is_not_chosen_is_not_told(lab):
    values = lab.compute(lab.settings(networks="scaled-zero"))
    assert values["plain_should"] is values["residual_low"] is None
    assert values["series"]["plain_top"] == [None] * 20
    assert "Plain" not in lab.text(networks="scaled-zero")
    assert "With V = 0" in lab.text(networks="scaled-zero")


def test_a_connection_that_is_forgotten_on_the_way_down_is_found(tmp_path):
    right = "around * d + scale * ofV * below[i]"
    mistaken = with_mistake(tmp_path, "residual.js", right, right.replace("around * d + ", ""))
    found = faults("residual", 6, mistaken)
    assert any("_errors" in place for _, place in found)
    assert not any("_signals" in place for _, place in found)
