"""What the lab ``regularization`` shows is there, and its training is that of ``training.fit``."""

import itertools
from functools import cache

import numpy as np
import pytest

from byhand.labs import regularization as lab_of_chapter_11
from byhand.labs.regularization import (
    ITERATIONS,
    MASK_SEED,
    NOISE,
    RATE,
    N,
    crowd,
    network,
    points,
    start,
    state,
    uniforms,
)
from dlcore import losses
from dlcore.layers import dropout_forward
from dlcore.optimizers import Adam
from dlcore.regularizers import l2
from dlcore.training import fit


@cache
def end(lam=0, keep_prob=1.0, noise=0.15, units=20):
    """Return the last entry of every series."""
    return {
        name: entries[-1] for name, entries in state(lam, keep_prob, noise, units)["series"].items()
    }


@pytest.mark.parametrize(("lam", "keep_prob"), [(0, 1.0), (2, 1.0), (0.5, 0.6)])
def test_it_trains_as_fit_does(lam, keep_prob):
    X, y = points(0.15)
    masks = np.random.RandomState(MASK_SEED)
    params, _ = fit(
        network(5, keep_prob), start(5), X[:N], y[:N],
        loss=losses.logistic, optimizer=Adam(RATE), epochs=100, rng=masks,
        order=lambda epoch: np.arange(N), penalty=lambda w: l2(w, lam, N), progress=False,
    )  # fmt: skip
    series = state(lam, keep_prob, 0.15, 5)["series"]
    np.testing.assert_allclose(series["theta"][ITERATIONS.index(100)], params.theta, atol=1e-9)


def test_the_gap_opens_and_three_things_close_it():
    assert end()["gap"] > 20
    assert end(lam=10)["gap"] < 4
    assert end(keep_prob=0.5)["gap"] < 5
    assert end(units=3)["gap"] < 6
    for closed in (end(lam=10), end(keep_prob=0.5)):
        assert closed["accuracy"] < end()["accuracy"] - 0.05
        assert closed["test_accuracy"] > end()["test_accuracy"] + 0.05


def test_noise_opens_the_gap():
    gaps = [end(noise=noise)["gap"] for noise in (0.0, 0.15, 0.4)]
    assert gaps[0] < 5
    assert gaps == sorted(gaps)


def test_weights_shrink_as_the_strength_grows():
    for name in ("norm1", "norm2"):
        norms = [end(lam=lam)[name] for lam in (0, 0.1, 1, 10, 50)]
        assert norms == sorted(norms, reverse=True)
    assert end(lam=100)["accuracy"] < 0.6  # nothing is left


def test_more_noise_flips_more_labels():
    flipped = [points(noise)[1] != points(0.0)[1] for noise in NOISE]
    for less, more in itertools.pairwise(flipped):
        assert np.all(more[less])
    assert 0.36 < flipped[-1].mean() < 0.44


def test_a_subnetwork_is_the_net_under_one_mask():
    X, _ = points(0.15)
    params = start(7)
    hidden = np.tanh(X @ params["fc1.W"].T + params["fc1.b"])

    class Given(np.random.RandomState):
        def random(self, shape):
            return np.broadcast_to(uniforms()[4, :7], shape)

    masked, _ = dropout_forward(hidden, 0.5, Given())
    expected = masked @ params["fc2.W"].T + params["fc2.b"]
    np.testing.assert_allclose(crowd(params, X, 0.5)[:, 4:5], expected, atol=1e-12)


def test_alone_they_differ_together_they_do_not():
    small = end(keep_prob=0.3, units=8)
    assert small["low"] < 0.6
    assert abs(small["together"] - small["test_accuracy"]) < 0.01


def test_the_halves_of_a_net_that_never_missed_a_unit_are_worse():
    whole, dropped = end(), end(keep_prob=0.5)
    assert whole["low"] < 0.4
    assert dropped["low"] > 0.8
    assert dropped["high"] > whole["high"]


def test_the_summary_speaks_of_halves_only_without_dropout():
    lab = lab_of_chapter_11()
    assert "Twelve halves of the net" in lab.text()
    assert "halves" not in lab.text(keep_prob=0.5)
