"""Chapter 10: how five initializations end on the circles.

Layers 2, 10, 5, 1 with ReLU; full-batch gradient descent. "original" is one run with the notes'
seeds, "A" the notes' data from 20 start seeds, "B" fresh data and fresh start weights 20 times.
"""

import numpy as np

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
WEIGHTS = {"zeros": zeros, "xavier": xavier_normal, "he": he_normal}


def draws(settings):
    """Train every scheme with the notes' start seed, and from every seed in both ways."""
    same = {name: settings[name] for name in ("rate", "epochs")}
    found = {}
    for scheme in settings["schemes"]:
        weights = {"weights": settings.get(scheme, scheme)}  # a name, or a scale
        for seed in sorted({settings["init_seed"], *range(settings["seeds"])}):
            sets = {name: settings[name] for name in ("train", "test")}
            found[f"{scheme} A {seed}"] = {**weights, "seed": seed, **sets, **same}
        for seed in range(settings["seeds"]):
            sets = _fresh_sets(seed, settings)
            found[f"{scheme} B {seed}"] = {**weights, "seed": seed, **sets, **same}
    return found


def _fresh_sets(seed, settings):
    fresh = settings["fresh"]
    return {
        "train": {"seed": fresh["train_seeds"] + seed, "n": settings["train"]["n"]},
        "test": {"seed": fresh["test_seeds"] + seed, "n": fresh["n_test"]},
    }


def draw(weights, seed, train, test, rate, epochs):
    """Return the accuracy in percent on the training set and on the test set."""
    (X, Y), held_out = _data(**train), _data(**test)
    net = network(weights=WEIGHTS.get(weights) or normal(weights))
    params, _ = fit(
        net, net.init(np.random.RandomState(seed)), X, Y,
        loss=logistic, optimizer=GradientDescent(rate), epochs=epochs, progress=False,
    )  # fmt: skip
    return [
        round(100 * binary_accuracy(net.forward(params, inputs)[0], labels), 4)
        for inputs, labels in [(X, Y), held_out]
    ]


def _data(seed, n):
    X, y = circles(np.random.RandomState(seed), n)
    return X, y[:, np.newaxis]


def collect(settings, found):
    """Summarize over the seeds.

    Returns
    -------
    dict
        For "original", "A" and "B", for each scheme and for "train" and "test" accuracy in percent:
        "runs" with their "mean", "sd", "min" and "max" (of the original the one number).
    """
    values = {"original": {}, "A": {}, "B": {}}
    for scheme in settings["schemes"]:
        original = found[f"{scheme} A {settings['init_seed']}"]
        values["original"][scheme] = dict(zip(("train", "test"), original, strict=True))
        for part in "AB":
            runs = [found[f"{scheme} {part} {seed}"] for seed in range(settings["seeds"])]
            train, test = map(summarize, np.transpose(runs))
            values[part][scheme] = {"train": train, "test": test}
    return values
