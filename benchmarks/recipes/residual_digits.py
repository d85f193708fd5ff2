"""Chapter 19: residual networks of two depths and the plain ones of the same layers, on digits.

Each draw fixes the 500 of scikit-learn's digits to train with, the start and the order. Momentum,
batches of 50, ten epochs, the last three at a tenth of the rate. The rate of each side is the one
with the lowest median training cost on draws of their own. The networks are ``models.resnet``.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import digits
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.models import resnet
from dlcore.optimizers import ClassicalMomentum
from dlcore.training import fit

SETTINGS = {
    "depths": [8, 20],
    "rates": [0.01, 0.03, 0.1, 0.3],
    "at": {"plain 8": 0.1, "plain 20": 0.03, "residual 8": 0.1, "residual 20": 0.03},
    "maps": 8,
    "train": 500,
    "epochs": 10,
    "last": 3,
    "batch_size": 50,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102],
}
SIDES = {"plain": False, "residual": True}


def draws(settings):
    """Train both sides at every depth: draws that choose at every rate, the others at one."""
    names = ("maps", "train", "epochs", "last", "batch_size")
    same = {name: settings[name] for name in names}
    return {
        f"{side} {depth} {rate} {seed}": {
            "connections": connections, "depth": depth, "rate": rate, "seed": seed, **same,
        }
        for side, connections in SIDES.items()
        for depth in settings["depths"]
        for rate, seed in pairs(f"{side} {depth}", settings)
    }  # fmt: skip


def pairs(name, settings):
    """Return the rates and seeds of a side: all rates to choose, the chosen one to compare."""
    choosing = [(rate, seed) for rate in settings["rates"] for seed in settings["chosen_on"]]
    return choosing + [(settings["at"][name], seed) for seed in settings["compared"]]


def draw(connections, depth, rate, seed, maps, train, epochs, last, batch_size):
    """Return the cost of the last epoch and the accuracy on the digits not trained with."""
    images, labels = digits()
    X = (images / 16).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    trained, tested = order[:train], order[train:]
    net = resnet((depth - 2) // 6, connections=connections, channels=1, maps=maps)
    return run(net, (X, labels, trained, tested), rate, seed, epochs, last, batch_size)


def run(net, data, rate, seed, epochs, last, batch_size):
    """Train a network and return the cost of the last epoch and the accuracy on other images."""
    X, labels, trained, tested = data
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        params, history = fit(
            net, net.init(rng, np.float32), X[trained], labels[trained],
            loss=softmax_cross_entropy, optimizer=ClassicalMomentum(rate), epochs=epochs,
            schedule=lambda epoch: rate if epoch < epochs - last else rate / 10,
            batch_size=batch_size, rng=rng, progress=False,
        )  # fmt: skip
        scores, _ = net.forward(params, X[tested])
    cost = float(np.nan_to_num(history.cost[-1], nan=99.0, posinf=99.0))
    right = accuracy(scores, labels[tested]) if np.isfinite(scores).all() else 0.1
    return [float(f"{min(cost, 99.0):.4g}"), round(100 * float(right), 3)]


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side and depth, such as "plain 8": what ``rates.chosen`` says, and "cost" and
        "test" (percent) of the compared draws at that rate.
    """
    names = [f"{side} {depth}" for side in SIDES for depth in settings["depths"]]
    return {name: at_chosen(name, settings, found) for name in names}


def at_chosen(name, settings, found, of=lambda value: value[0], measures=("cost", "test")):
    """Return the choice of a side, and the measures of its compared draws at the chosen rate.

    Raises
    ------
    ValueError
        When the rate in ``settings["at"]`` is not the one that the other draws choose.
    """
    rates, seeds = settings["rates"], settings["chosen_on"]
    costs = [[of(found[f"{name} {rate} {seed}"]) for seed in seeds] for rate in rates]
    choice, at = chosen(rates, costs), settings["at"][name]
    if choice["rate"] != at:
        raise ValueError(f"{name}: compared at {at}, chosen is {choice['rate']}; write it in 'at'")
    runs = [found[f"{name} {at} {seed}"] for seed in settings["compared"]]
    lists = [list(values) for values in zip(*runs, strict=True)]
    return {**choice, **dict(zip(measures, lists, strict=True))}
