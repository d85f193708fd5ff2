"""Chapter 10: ten blocks of two ReLU layers on the circles, plain and residual, from four starts.

Full-batch gradient descent. A draw fixes the points and the start weights. The first layer of a
block starts from He's weights. The second is drawn from N(0, 1/n), times a factor: 1 for "plain",
which has no connections, and "residual"; 1/√10 for "scaled"; 0 for "zero". "plain" has a ReLU after
both layers, and He's weights in both. The rate of each side is chosen on draws of their own.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import circles
from dlcore.initializers import he_normal, lecun_normal, normal, zeros
from dlcore.layers import Affine, ReLU, Residual
from dlcore.losses import logistic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "rates": {
        "plain": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
        "residual": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
        "scaled": [0.01, 0.03, 0.1, 0.3],
        "zero": [0.01, 0.03, 0.1, 0.3],
    },
    "depth": 10,
    "width": 10,
    "points": 100,
    "epochs": 150,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
LAST = 20


def draws(settings):
    """Train every side at every rate, from the draws that choose and from those compared."""
    same = {name: settings[name] for name in ("depth", "width", "points", "epochs")}
    return {
        f"{side} {rate} {seed}": {"side": side, "rate": rate, "seed": seed, **same}
        for side, rates in settings["rates"].items()
        for rate in rates
        for seed in settings["chosen_on"] + settings["compared"]
    }


def draw(side, rate, seed, depth, width, points, epochs):
    """Return the cost over the last steps; a network worse than guessing counts as guessing."""
    X, y = circles(np.random.RandomState(seed), points)
    net = network(side, depth, width)
    with np.errstate(all="ignore"):
        _, history = fit(
            net, net.init(np.random.default_rng(seed)), X, y[:, np.newaxis], loss=logistic,
            optimizer=GradientDescent(rate), epochs=epochs, progress=False,
        )  # fmt: skip
    cost = float(np.mean(history.cost[-LAST:]))
    return round(cost, 6) if cost < math.log(2) else round(math.log(2), 6)


def network(side, depth, width):
    """Return a network of ``depth`` blocks between two affine layers."""
    layers = {"start": Affine(2, width, he_normal)}
    for k in range(1, depth + 1):
        layers[f"block{k}"] = block(side, depth, width)
    return Sequential(**layers, end=Affine(width, 1, lecun_normal))


def block(side, depth, width):
    """Return one block: two affine layers, with what is added around them or not."""
    if side == "plain":
        first, second = Affine(width, width, he_normal), Affine(width, width, he_normal)
        return Sequential(fc1=first, relu1=ReLU(), fc2=second, relu2=ReLU())
    weights = {
        "residual": lecun_normal,
        "scaled": normal(math.sqrt(1 / (width * depth))),
        "zero": zeros,
    }
    first, second = Affine(width, width, he_normal), Affine(width, width, weights[side])
    return Residual(Sequential(fc1=first, relu=ReLU(), fc2=second))


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side "median", at every rate the median cost of the draws that choose; "rate",
        where that is lowest; "inner", whether both neighbors were tried; "cost" of the compared
        draws at that rate.
    """
    values = {}
    for side, rates in settings["rates"].items():
        costs = [[found[f"{side} {rate} {k}"] for k in settings["chosen_on"]] for rate in rates]
        choice = chosen(rates, costs)
        compared = [found[f"{side} {choice['rate']} {seed}"] for seed in settings["compared"]]
        values[side] = {**choice, "cost": compared}
    return values
