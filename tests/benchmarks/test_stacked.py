"""Networks that train side by side are those that train alone."""

import itertools

import numpy as np
import pytest

from benchmarks import stacked
from dlcore import losses
from dlcore.initializers import he_normal
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit


def alone(sizes):
    layers = {}
    for k, (d_in, d_out) in enumerate(itertools.pairwise(sizes), start=1):
        layers |= {f"fc{k}": Affine(d_in, d_out, he_normal), f"relu{k}": ReLU()}
    del layers[f"relu{len(sizes) - 1}"]
    return Sequential(**layers)


@pytest.mark.parametrize(
    ("sizes", "loss"),
    [([2, 5, 2, 1], losses.logistic), ([4, 6, 3], losses.softmax_cross_entropy)],
    ids=["logistic", "softmax"],
)
def test_rows_are_the_networks_that_fit_trains(sizes, loss):
    S, N, net = 3, 11, alone(sizes)
    data = np.random.default_rng(0)
    X = data.standard_normal((S, N, sizes[0]))
    y = data.integers(max(2, sizes[-1]), size=(S, N))
    rngs = [np.random.default_rng(seed) for seed in range(S)]
    theta = stacked.train(stacked.starts(rngs, sizes), X, y, sizes, Adam(0.05), 4, 6, rngs)
    costs, _ = stacked.ends(theta, X, y, sizes)
    for k in range(S):
        rng = np.random.default_rng(k)
        targets = y[k][:, np.newaxis] if sizes[-1] == 1 else y[k]
        params, _ = fit(
            net, net.init(rng), X[k], targets, loss=loss, optimizer=Adam(0.05), epochs=6,
            batch_size=4, rng=rng, progress=False,
        )  # fmt: skip
        np.testing.assert_allclose(theta[k], params.theta, rtol=1e-9, atol=1e-11)
        cost, _ = loss(net.forward(params, X[k])[0], targets)
        np.testing.assert_allclose(costs[k], cost, atol=1e-5)


def test_a_cost_above_that_of_guessing_counts_as_guessing():
    theta = np.full((1, 3), np.nan)
    costs, right = stacked.ends(theta, np.ones((1, 4, 2)), np.array([[0, 1, 1, 1]]), [2, 1])
    assert costs == [round(float(np.log(2)), 5)]
    assert right == [25.0]
