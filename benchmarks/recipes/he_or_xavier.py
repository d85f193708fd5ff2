"""Chapter 10: four starts on the circles, each at the rate that suits it best.

"two" has hidden layers of 10 and 5 ReLUs, as in the chapter's table; "eight" has eight of 10.
Full-batch gradient descent. A draw fixes the training points, the test points and the start
weights. The rate of each side is chosen on draws of their own.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import circles
from dlcore.initializers import he_normal, normal, xavier_normal
from dlcore.layers import Affine, ReLU
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "rates": {
        "two": {
            "he": [0.1, 0.3, 0.6, 1.0, 2.0],
            "xavier": [0.1, 0.3, 0.6, 1.0, 2.0],
            "large": [0.01, 0.03, 0.1, 0.3, 1.0],
            "small": [0.1, 0.3, 1.0, 3.0],
        },
        "eight": {"he": [0.03, 0.1, 0.3, 1.0], "xavier": [0.03, 0.1, 0.3, 1.0]},
    },
    "points": 300,
    "test_points": 1000,
    "epochs": {"two": 1000, "eight": 400},
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
SIZES = {"two": [2, 10, 5, 1], "eight": [2, *[10] * 8, 1]}
WEIGHTS = {
    "he": he_normal, "xavier": xavier_normal, "large": normal(10.0), "small": normal(0.01),
}  # fmt: skip
RETURNED = ("cost", "train", "test")
LAST = 50


def draws(settings):
    """Train both networks from every start at every rate."""
    same = {name: settings[name] for name in ("points", "test_points")}
    return {
        f"{net} {start} {rate} {seed}": {
            "net": net,
            "start": start,
            "rate": rate,
            "seed": seed,
            "epochs": settings["epochs"][net],
            **same,
        }
        for net, sides in settings["rates"].items()
        for start, rates in sides.items()
        for rate in rates
        for seed in settings["chosen_on"] + settings["compared"]
    }


def draw(net, start, rate, seed, points, test_points, epochs):
    """Return the cost over the last steps, and training and test accuracy in percent.

    A network whose cost is above that of guessing counts as guessing.
    """
    sets = []
    for number, n in ((seed, points), (10_000 + seed, test_points)):
        X, y = circles(np.random.RandomState(number), n)
        sets.append((X, y[:, np.newaxis]))
    model = network(SIZES[net], WEIGHTS[start])
    with np.errstate(all="ignore"):
        params, history = fit(
            model, model.init(np.random.default_rng(seed)), *sets[0], loss=logistic,
            optimizer=GradientDescent(rate), epochs=epochs, progress=False,
        )  # fmt: skip
    cost = float(np.mean(history.cost[-LAST:]))
    if not cost < math.log(2):
        return [round(math.log(2), 6), 50.0, 50.0]
    right = [100 * binary_accuracy(model.forward(params, X)[0], Y) for X, Y in sets]
    return [round(value, 6) for value in (cost, *right)]


def network(sizes, weights):
    """Return ReLU layers of these sizes; the last one is affine."""
    layers = {}
    for k in range(1, len(sizes)):
        layers |= {f"fc{k}": Affine(sizes[k - 1], sizes[k], weights), f"relu{k}": ReLU()}
    del layers[f"relu{len(sizes) - 1}"]
    return Sequential(**layers)


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each network and each start "median", at every rate the median cost of the draws that
        choose; "rate", where that is lowest; "inner", whether both neighbors were tried; "cost",
        "train" and "test" of the compared draws at that rate.
    """
    values = {}
    for net, sides in settings["rates"].items():
        values[net] = {}
        for start, rates in sides.items():
            costs = [
                [found[f"{net} {start} {rate} {seed}"][0] for seed in settings["chosen_on"]]
                for rate in rates
            ]
            choice = chosen(rates, costs)
            side = f"{net} {start} {choice['rate']}"
            runs = [found[f"{side} {seed}"] for seed in settings["compared"]]
            values[net][start] = {
                **choice,
                **{name: [run[i] for run in runs] for i, name in enumerate(RETURNED)},
            }
    return values
