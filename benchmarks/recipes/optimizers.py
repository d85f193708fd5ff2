"""Chapter 12: how gradient descent, momentum and Adam end on the moons.

Layers 2, 5, 2, 1 with ReLU; minibatches of 64. "original" is one run with the notes' seeds, "A" the
notes' data from 20 start seeds, "B" fresh data and fresh start weights 20 times; "sweep" is the
cost of shorter runs on the notes' data against the learning rate.
"""

import numpy as np

from benchmarks.parallel import run_each
from benchmarks.summary import summarize
from dlcore.datasets import moons
from dlcore.initializers import he_normal
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.models.small import moons as network
from dlcore.optimizers import Adam, ClassicalMomentum, GradientDescent, Momentum, RMSprop
from dlcore.training import fit

SETTINGS = {
    "train": {"seed": 3, "n": 300},
    "test": {"seed": 4, "n": 1000},
    "original": {"init_seed": 3, "shuffle_seeds": 11},
    "fresh": {"train_seeds": 1000, "test_seeds": 2000},
    "shuffle_seeds": 100,
    "rows": {
        "gd": ["gd", 0.0007, "AB"],
        "momentum": ["momentum", 0.0007, "AB"],
        "adam": ["adam", 0.0007, "AB"],
        "gd_10": ["gd", 0.007, "A"],
        "classical": ["classical", 0.0007, "A"],
        "gd_14": ["gd", 0.01, "A"],
    },
    "seeds": 20,
    "batch_size": 64,
    "epochs": 10_000,
    "curve_every": 100,
    "sweep": {
        "optimizers": ["gd", "momentum", "rmsprop", "adam"],
        "rates": [1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
        "seeds": 5,
        "epochs": 2000,
    },
}
OPTIMIZERS = {
    "gd": GradientDescent, "momentum": Momentum, "classical": ClassicalMomentum,
    "rmsprop": RMSprop, "adam": Adam,
}  # fmt: skip
MEASURES = ("train", "test", "cost")


def compute(settings):
    """Train every row once with the notes' seeds and 20 times in both ways; sweep the rates.

    Returns
    -------
    dict
        For "original", "A" and "B", for each row, the accuracy in percent on "train" and "test" and
        the final "cost" on the training set: "runs" with their "mean", "sd", "min" and "max" (of
        the original the one number, and the "curve" of the cost). For "sweep", for each optimizer,
        the final cost of each rate's runs.
    """
    seeds, rows = range(settings["seeds"]), settings["rows"]
    cases = [
        (name, rate, part, seed, settings)
        for name, rate, parts in rows.values()
        for part, seed in [("original", None), *((part, seed) for part in parts for seed in seeds)]
    ]
    found = iter(run_each(_train, cases, "optimizers"))
    values = {"original": {}, "A": {}, "B": {}}
    for row, (_, _, parts) in rows.items():
        end, curve = next(found)
        values["original"][row] = dict(zip(MEASURES, end, strict=True)) | {"curve": curve}
        for part in parts:
            table = np.array([next(found)[0] for _ in seeds])
            values[part][row] = dict(zip(MEASURES, map(summarize, table.T), strict=True))
    return values | {"sweep": _sweep(settings)}


def _sweep(settings):
    """Return the final costs, ``{optimizer: [[cost of each seed] of each rate]}``."""
    sweep = settings["sweep"]
    names, rates = sweep["optimizers"], sweep["rates"]
    short = settings | {"epochs": sweep["epochs"]}
    cases = [
        (name, rate, "A", seed, short)
        for name in names
        for rate in rates
        for seed in range(sweep["seeds"])
    ]
    costs = [end[-1] for end, _ in run_each(_train, cases, "sweep")]
    table = np.reshape(costs, (len(names), len(rates), sweep["seeds"]))
    return dict(zip(names, table.tolist(), strict=True))


def _train(name, rate, part, seed, settings):
    """Return the accuracies in percent and the cost at the end, and the cost curve."""
    sets, shuffle = (settings["train"], settings["test"]), {}
    if part == "original":
        seed, first = settings["original"].values()
        shuffle["order"] = lambda epoch: np.random.RandomState(first + epoch).permutation(len(X))
    else:
        shuffle["rng"] = np.random.RandomState(settings["shuffle_seeds"] + seed)
    if part == "B":
        fresh = settings["fresh"]
        sets = (
            settings["train"] | {"seed": fresh["train_seeds"] + seed},
            settings["test"] | {"seed": fresh["test_seeds"] + seed},
        )
    (X, Y), test = (_data(**options) for options in sets)
    net = network(weights=he_normal)
    params, history = fit(
        net, net.init(np.random.RandomState(seed)), X, Y,
        loss=logistic, optimizer=OPTIMIZERS[name](rate), epochs=settings["epochs"],
        batch_size=settings["batch_size"], progress=False, **shuffle,
    )  # fmt: skip
    cost, _ = logistic(net.forward(params, X)[0], Y)
    accuracies = [
        100 * binary_accuracy(net.forward(params, inputs)[0], labels)
        for inputs, labels in [(X, Y), test]
    ]
    end = [round(float(value), 6) for value in (*accuracies, cost)]
    return end, np.round(history.cost[:: settings["curve_every"]], 6).tolist()


def _data(seed, n):
    X, y = moons(np.random.RandomState(seed), n)
    return X, y[:, np.newaxis]
