"""Chapter 12: how gradient descent, momentum and Adam end on the moons.

Layers 2, 5, 2, 1 with ReLU; minibatches of 64. "original" is one run with the notes' seeds, "A" the
notes' data from 20 start seeds, "B" fresh data and fresh start weights 20 times; "sweep" is the
cost of shorter runs on the notes' data against the learning rate.
"""

import numpy as np

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


def draws(settings):
    """Train every row once with the notes' seeds and 20 times in both ways; sweep the rates."""
    found = {}
    for row, (optimizer, rate, parts) in settings["rows"].items():
        kind = {"optimizer": optimizer, "rate": rate, "epochs": settings["epochs"]}
        found[f"{row} original"] = kind | _original(settings)
        for part in parts:
            for seed in range(settings["seeds"]):
                found[f"{row} {part} {seed}"] = kind | _from_seed(part, seed, settings)
    sweep = settings["sweep"]
    for optimizer in sweep["optimizers"]:
        for rate in sweep["rates"]:
            kind = {"optimizer": optimizer, "rate": rate, "epochs": sweep["epochs"]}
            for seed in range(sweep["seeds"]):
                found[f"sweep {optimizer} {rate} {seed}"] = kind | _from_seed("A", seed, settings)
    return found


def _original(settings):
    return {name: settings[name] for name in ("train", "test", "batch_size", "curve_every")} | {
        "init_seed": settings["original"]["init_seed"],
        "shuffle": {"first_epoch": settings["original"]["shuffle_seeds"]},
    }


def _from_seed(part, seed, settings):
    sets = {name: settings[name] for name in ("train", "test")}
    if part == "B":
        sets = {
            name: sets[name] | {"seed": settings["fresh"][f"{name}_seeds"] + seed} for name in sets
        }
    return sets | {
        "batch_size": settings["batch_size"],
        "init_seed": seed,
        "shuffle": {"all": settings["shuffle_seeds"] + seed},
    }


def draw(optimizer, rate, epochs, train, test, batch_size, init_seed, shuffle, curve_every=None):
    """Train once.

    Parameters
    ----------
    shuffle : dict
        The seed of ``"all"`` epochs, or that of the ``"first_epoch"``, from which each next one's
        is one more.

    Returns
    -------
    dict
        ``"end"``: the accuracies in percent and the cost; and the ``"curve"`` of the cost, a value
        in ``curve_every`` epochs.
    """
    (X, Y), held_out = _data(**train), _data(**test)
    if "first_epoch" in shuffle:
        first = shuffle["first_epoch"]
        shuffled = {"order": lambda epoch: np.random.RandomState(first + epoch).permutation(len(X))}
    else:
        shuffled = {"rng": np.random.RandomState(shuffle["all"])}
    net = network(weights=he_normal)
    params, history = fit(
        net, net.init(np.random.RandomState(init_seed)), X, Y,
        loss=logistic, optimizer=OPTIMIZERS[optimizer](rate), epochs=epochs,
        batch_size=batch_size, progress=False, **shuffled,
    )  # fmt: skip
    cost, _ = logistic(net.forward(params, X)[0], Y)
    accuracies = [
        100 * binary_accuracy(net.forward(params, inputs)[0], labels)
        for inputs, labels in [(X, Y), held_out]
    ]
    end = [round(float(value), 6) for value in (*accuracies, cost)]
    curve = history.cost[::curve_every] if curve_every else []
    return {"end": end, "curve": np.round(curve, 6).tolist()}


def _data(seed, n):
    X, y = moons(np.random.RandomState(seed), n)
    return X, y[:, np.newaxis]


def collect(settings, found):
    """Summarize over the seeds.

    Returns
    -------
    dict
        For "original", "A" and "B", for each row, the accuracy in percent on "train" and "test" and
        the final "cost" on the training set: "runs" with their "mean", "sd", "min" and "max" (of
        the original the one number, and the "curve" of the cost). For "sweep", for each optimizer,
        the final cost of each rate's runs.
    """
    values = {"original": {}, "A": {}, "B": {}}
    for row, (_, _, parts) in settings["rows"].items():
        original = found[f"{row} original"]
        end = dict(zip(MEASURES, original["end"], strict=True))
        values["original"][row] = end | {"curve": original["curve"]}
        for part in parts:
            runs = [found[f"{row} {part} {seed}"]["end"] for seed in range(settings["seeds"])]
            values[part][row] = dict(zip(MEASURES, map(summarize, np.transpose(runs)), strict=True))
    sweep = settings["sweep"]
    values["sweep"] = {
        optimizer: [
            [found[f"sweep {optimizer} {rate} {seed}"]["end"][-1] for seed in range(sweep["seeds"])]
            for rate in sweep["rates"]
        ]
        for optimizer in sweep["optimizers"]
    }
    return values
