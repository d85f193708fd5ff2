"""Chapter 12: six optimizers, each at rates of its own, on the moons and on the digits.

A draw fixes the data (or their split), the start weights and the order of the examples. The rate of
each side is chosen on draws of their own. Two sides let their rate fall to 0 along half a cosine.
"""

import math

import numpy as np

from benchmarks import stacked
from benchmarks.rates import chosen
from dlcore.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Nesterov, RMSprop

SETTINGS = {
    "tasks": {
        "moons": {"n": 300, "batch_size": 64, "epochs": 600, "sizes": [2, 5, 2, 1]},
        "digits": {"n": 400, "batch_size": 50, "epochs": 20, "sizes": [64, 32, 10]},
    },
    "rates": {
        "gd": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
        "momentum": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0],
        "nesterov": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
        "adagrad": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
        "rmsprop": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
        "adam": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
        "gd cosine": [0.03, 0.1, 0.3, 1.0, 3.0],
        "adam cosine": [0.003, 0.01, 0.03, 0.1, 0.3],
    },
    "compared": 24,
    "chosen_on": 24,
}
OPTIMIZERS = {
    "gd": GradientDescent, "momentum": Momentum, "nesterov": Nesterov, "adagrad": AdaGrad,
    "rmsprop": RMSprop, "adam": Adam,
}  # fmt: skip


def draws(settings):
    """Train on every task by every side at every rate, all seeds side by side."""
    seeds = settings["compared"] + settings["chosen_on"]
    return {
        f"{task} {side} {rate}": {"task": task, "side": side, "rate": rate, "seeds": seeds, **how}
        for task, how in settings["tasks"].items()
        for side, rates in settings["rates"].items()
        for rate in rates
    }


def draw(task, side, rate, seeds, n, batch_size, epochs, sizes):
    """Return the final costs on the training sets and the test accuracies, one for each seed."""
    (X, y), held_out, rngs = stacked.moons_and_digits(task, range(seeds), n)
    name, *falls = side.split()
    make = OPTIMIZERS[name]

    def rate_of(done):
        return make(max(rate * (1 + math.cos(math.pi * done)) / 2, 1e-12))

    with np.errstate(all="ignore"):
        theta = stacked.train(
            stacked.starts(rngs, sizes), X, y, sizes, make(rate), batch_size, epochs, rngs,
            rate_of if falls else None,
        )  # fmt: skip
        cost, _ = stacked.ends(theta, X, y, sizes)
        test_cost, test = stacked.ends(theta, *held_out, sizes)
    return {"cost": cost, "test cost": test_cost, "test": test}


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each task and side: what ``chosen`` says of the training cost; "costs" of the compared
        draws at every rate, and their "cost" at the chosen one. Under "held out" what it says of
        the test cost, with the "test" accuracy in percent of the compared draws at that rate.
    """
    values, compared = {}, settings["compared"]
    for task in settings["tasks"]:
        values[task] = {}
        for side, rates in settings["rates"].items():
            runs = [found[f"{task} {side} {rate}"] for rate in rates]
            choice = chosen(rates, [run["cost"][compared:] for run in runs])
            held_out = chosen(rates, [run["test cost"][compared:] for run in runs])
            best, best_held_out = (runs[rates.index(c["rate"])] for c in (choice, held_out))
            values[task][side] = {
                **choice,
                "costs": [run["cost"][:compared] for run in runs],
                "cost": best["cost"][:compared],
                "held out": {**held_out, "test": best_held_out["test"][:compared]},
            }
    return values
