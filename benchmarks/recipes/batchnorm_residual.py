"""Chapter 14: residual blocks on the circles whose inputs are normalized by the batch, or not.

The network of ten blocks, its points and start weights are those of ``residual_starts``, which has
the other sides. In "norm" a batch normalization stands at the start of every block, and the second
layer is drawn like that of "residual". Full-batch gradient descent; the rate is chosen on draws of
their own.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from benchmarks.recipes.residual_starts import block
from dlcore.datasets import circles
from dlcore.initializers import he_normal, lecun_normal
from dlcore.layers import Affine, BatchNorm, ReLU, Residual
from dlcore.losses import logistic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "rates": {"10": {"norm": [0.03, 0.1, 0.3]}},
    "width": 10,
    "points": 100,
    "epochs": 150,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
LAST = 20


def draws(settings):
    """Train every side, from the draws that choose and from those compared."""
    same = {name: settings[name] for name in ("width", "points", "epochs")}
    return {
        f"{depth} {side} {seed}": {
            "depth": int(depth),
            "side": side,
            "rates": rates,
            "seed": seed,
            **same,
        }
        for depth, sides in settings["rates"].items()
        for side, rates in sides.items()
        for seed in settings["chosen_on"] + settings["compared"]
    }


def draw(depth, side, rates, seed, width, points, epochs):
    """Return for each rate the cost over the last steps.

    A network worse than guessing counts as guessing.
    """
    X, y = circles(np.random.RandomState(seed), points)
    net, found = network(side, depth, width), []
    for rate in rates:
        with np.errstate(all="ignore"):
            _, history = fit(
                net, net.init(np.random.default_rng(seed)), X, y[:, np.newaxis], loss=logistic,
                optimizer=GradientDescent(rate), epochs=epochs, progress=False,
            )  # fmt: skip
        cost = float(np.mean(history.cost[-LAST:]))
        found.append(round(cost if cost < math.log(2) else math.log(2), 6))
    return found


def network(side, depth, width):
    """Return a network of ``depth`` residual blocks between two affine layers."""
    layers = {"start": Affine(2, width, he_normal)}
    for k in range(1, depth + 1):
        layers[f"block{k}"] = normed(width) if side == "norm" else block(side, depth, width)
    return Sequential(**layers, end=Affine(width, 1, lecun_normal))


def normed(width):
    """Return a residual block that reads its input normalized by the batch."""
    first, second = Affine(width, width, he_normal), Affine(width, width, lecun_normal)
    return Residual(Sequential(norm=BatchNorm(width), fc1=first, relu=ReLU(), fc2=second))


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each depth and side "median", at every rate the median cost of the draws that choose;
        "rate", where that is lowest; "inner", whether both neighbors were tried; "cost" of the
        compared draws at that rate.
    """
    values = {}
    for depth, sides in settings["rates"].items():
        values[depth] = {}
        for side, rates in sides.items():
            costs = [
                [found[f"{depth} {side} {seed}"][i] for seed in settings["chosen_on"]]
                for i in range(len(rates))
            ]
            choice = chosen(rates, costs)
            best = rates.index(choice["rate"])
            runs = [found[f"{depth} {side} {seed}"][best] for seed in settings["compared"]]
            values[depth][side] = {**choice, "cost": runs}
    return values
