"""Chapter 10: six hidden ReLU layers on the circles, with the gradient clipped and not.

Full-batch gradient descent from Xavier's weights, He's, and twice He's. A draw fixes the points and
the start weights. The rate of each side is chosen on draws of their own.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from benchmarks.recipes.he_or_xavier import network
from dlcore.datasets import circles
from dlcore.initializers import he_normal, xavier_normal
from dlcore.losses import logistic
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "starts": ["xavier", "he", "twice he"],
    "max_norm": 1.0,
    "rates": {
        "free": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
        "clipped": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
    },
    "points": 200,
    "epochs": 300,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
LAST = 50
SIZES = [2, *[10] * 6, 1]


def draws(settings):
    """Train from every start at every rate, clipped and not."""
    same = {name: settings[name] for name in ("points", "epochs")}
    return {
        f"{start} {side} {rate} {seed}": {
            "start": start,
            "max_norm": settings["max_norm"] if side == "clipped" else None,
            "rate": rate,
            "seed": seed,
            **same,
        }
        for start in settings["starts"]
        for side, rates in settings["rates"].items()
        for rate in rates
        for seed in settings["chosen_on"] + settings["compared"]
    }


def draw(start, max_norm, rate, seed, points, epochs):
    """Return the cost over the last steps; a network worse than guessing counts as guessing."""
    X, y = circles(np.random.RandomState(seed), points)
    weights = {"xavier": xavier_normal, "he": he_normal, "twice he": twice_he}
    net = network(SIZES, weights[start])
    with np.errstate(all="ignore"):
        _, history = fit(
            net, net.init(np.random.default_rng(seed)), X, y[:, np.newaxis], loss=logistic,
            optimizer=GradientDescent(rate), epochs=epochs, max_norm=max_norm, progress=False,
        )  # fmt: skip
    cost = float(np.mean(history.cost[-LAST:]))
    return round(cost, 6) if cost < math.log(2) else round(math.log(2), 6)


def twice_he(rng, shape, fan_in, fan_out):
    """Draw weights twice as large as He's."""
    return 2 * he_normal(rng, shape, fan_in, fan_out)


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each start, "free" and "clipped": "median", at every rate the median cost of the draws
        that choose; "rate", where that is lowest; "inner", whether both neighbors were tried;
        "cost" of the compared draws at that rate, and "costs" of them at every rate.
    """
    values = {}
    for start in settings["starts"]:
        values[start] = {}
        for side, rates in settings["rates"].items():
            runs = {rate: f"{start} {side} {rate}" for rate in rates}
            choosing, costs = (
                [[found[f"{run} {seed}"] for seed in settings[group]] for run in runs.values()]
                for group in ("chosen_on", "compared")
            )
            choice = chosen(rates, choosing)
            cost = costs[rates.index(choice["rate"])]
            values[start][side] = {**choice, "cost": cost, "costs": costs}
    return values
