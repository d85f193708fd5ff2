"""Chapter 10: how five initializations end on the circles.

Layers 2, 10, 5, 1 with ReLU; full-batch gradient descent. "original" is one run with the notes'
seeds, "A" the notes' data from 20 start seeds, "B" fresh data and fresh start weights 20 times.
"""

import numpy as np

from benchmarks.parallel import run_each
from benchmarks.summary import summarize
from dlcore.datasets import circles
from dlcore.initializers import he_normal, normal, xavier_normal, zeros
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.models.small import circles as network
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "train": {"seed": 1, "n": 300},
    "test": {"seed": 2, "n": 100},
    "init_seed": 3,
    "fresh": {"train_seeds": 1000, "test_seeds": 2000, "n_test": 1000},
    "schemes": ["zeros", "small", "large", "xavier", "he"],
    "small": 0.01,
    "large": 10.0,
    "seeds": 20,
    "rate": 0.01,
    "epochs": 15_000,
}


def compute(settings):
    """Train every scheme once with the notes' seeds, and 20 times in both ways.

    Returns
    -------
    dict
        For "original", "A" and "B", for each scheme and for "train" and "test" accuracy in percent:
        "runs" with their "mean", "sd", "min" and "max" (of the original the one number).
    """
    seeds, schemes = range(settings["seeds"]), settings["schemes"]
    starts = [("original", settings["init_seed"]), *((p, s) for p in "AB" for s in seeds)]
    cases = [(scheme, part, seed, settings) for scheme in schemes for part, seed in starts]
    found = np.array(run_each(_train, cases, "initialization")).reshape(len(schemes), -1, 2)
    values = {"original": {}, "A": {}, "B": {}}
    for scheme, runs in zip(schemes, found, strict=True):
        values["original"][scheme] = dict(zip(("train", "test"), runs[0].tolist(), strict=True))
        for part, table in zip("AB", np.split(runs[1:], 2), strict=True):
            values[part][scheme] = {"train": summarize(table[:, 0]), "test": summarize(table[:, 1])}
    return values


def _train(scheme, part, seed, settings):
    """Return the accuracy in percent on the training set and on the test set."""
    sets = settings["train"], settings["test"]
    if part == "B":
        fresh = settings["fresh"]
        sets = (
            {"seed": fresh["train_seeds"] + seed, "n": settings["train"]["n"]},
            {"seed": fresh["test_seeds"] + seed, "n": fresh["n_test"]},
        )
    (X, Y), test = (_data(**options) for options in sets)
    weights = {
        "zeros": zeros, "small": normal(settings["small"]), "large": normal(settings["large"]),
        "xavier": xavier_normal, "he": he_normal,
    }[scheme]  # fmt: skip
    net = network(weights=weights)
    params, _ = fit(
        net, net.init(np.random.RandomState(seed)), X, Y,
        loss=logistic, optimizer=GradientDescent(settings["rate"]), epochs=settings["epochs"],
        progress=False,
    )  # fmt: skip
    return [
        round(100 * binary_accuracy(net.forward(params, inputs)[0], labels), 4)
        for inputs, labels in [(X, Y), test]
    ]


def _data(seed, n):
    X, y = circles(np.random.RandomState(seed), n)
    return X, y[:, np.newaxis]
