"""Chapter 04: how the number of hidden units changes a shallow network on the flower.

One hidden tanh layer, full-batch gradient descent; the start weights of 20 seeds, the data fixed.

At this rate a net of four units or more never quite settles, and rounding grows until it decides
where a run stands at the last epoch. OpenBLAS's kernels for two kinds of processor moved single
runs by up to 0.02, means and deviations by up to 0.001. So those are what a page should quote, to
two decimals.
"""

import numpy as np

from benchmarks.summary import summarize
from dlcore.datasets import planar_flower
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "train": {"seed": 0, "n": 400},
    "test": {"seed": 1, "n": 2000},
    "units": [1, 2, 3, 4, 5, 10, 20, 50],
    "seeds": 20,
    "rate": 0.5,
    "epochs": 10_000,
}
MEASURES = ["train_cost", "train_accuracy", "test_accuracy"]


def draws(settings):
    """Train every size from every seed."""
    same = {name: settings[name] for name in ("train", "test", "rate", "epochs")}
    return {
        f"{units} units, seed {seed}": {"units": units, "seed": seed, **same}
        for units in settings["units"]
        for seed in range(settings["seeds"])
    }


def draw(units, seed, train, test, rate, epochs):
    """Return the final cost and accuracy on the training set, and the accuracy on the test set."""
    X, Y = _data(**train)
    net = Sequential(
        fc1=Affine(2, units, xavier_normal), tanh1=Tanh(), fc2=Affine(units, 1, xavier_normal)
    )
    params, _ = fit(
        net, net.init(np.random.default_rng(seed)), X, Y,
        loss=logistic, optimizer=GradientDescent(rate), epochs=epochs, progress=False,
    )  # fmt: skip
    X_test, Y_test = _data(**test)
    scores, _ = net.forward(params, X)
    scores_test, _ = net.forward(params, X_test)
    cost, _ = logistic(scores, Y)
    return float(cost), binary_accuracy(scores, Y), binary_accuracy(scores_test, Y_test)


def _data(seed, n):
    X, y = planar_flower(np.random.default_rng(seed), n)
    return X, y[:, np.newaxis]


def collect(settings, found):
    """Summarize over the seeds.

    Returns
    -------
    dict
        ``"units"``, and for each measure ``"runs"`` (a list of the seeds' values for each size)
        with its ``"mean"``, ``"sd"``, ``"min"`` and ``"max"`` (a number for each size).
    """
    runs = np.array(list(found.values()))
    table = runs.reshape(len(settings["units"]), settings["seeds"], len(MEASURES))
    summaries = {measure: summarize(table[:, :, k]) for k, measure in enumerate(MEASURES)}
    return {"units": settings["units"], **summaries}
