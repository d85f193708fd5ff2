"""Chapter 19: how many epochs a small convolutional network needs, with ReLU and with tanh.

Four layers with weights, three of them convolutions, as in the figure of AlexNet's paper; 1,000 of
scikit-learn's digits, batches of 50, momentum, a constant rate. Each draw fixes the digits, the
start (He's weights for ReLU, Xavier's for tanh) and the order. Every quarter of an epoch the error
on the training digits is counted. The rate of each side is the one with the lowest median number
of epochs to 5% on draws of their own.
"""

import numpy as np

from benchmarks.recipes.residual_digits import at_chosen, pairs
from dlcore.datasets import digits
from dlcore.initializers import he_normal, xavier_normal
from dlcore.layers import Affine, Conv2d, Flatten, MaxPool2d, ReLU, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import ClassicalMomentum
from dlcore.training import fit

SETTINGS = {
    "rates": [0.01, 0.03, 0.06, 0.1, 0.2],
    "at": {"relu": 0.06, "tanh": 0.1},
    "levels": [25, 5, 1],
    "decides": 1,
    "train": 1000,
    "epochs": 20,
    "batch_size": 50,
    "quarters": 4,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102],
}
SIDES = {"relu": (ReLU, he_normal), "tanh": (Tanh, xavier_normal)}


def draws(settings):
    """Train both sides: draws that choose at every rate, the others at the chosen one."""
    names = ("levels", "train", "epochs", "batch_size", "quarters")
    same = {name: settings[name] for name in names}
    return {
        f"{side} {rate} {seed}": {"side": side, "rate": rate, "seed": seed, **same}
        for side in SIDES
        for rate, seed in pairs(side, settings)
    }


def draw(side, rate, seed, levels, train, epochs, batch_size, quarters):
    """Return for each level, in percent, the epochs until the training error was at most that.

    A level that was not reached counts as one quarter more than there were.
    """
    images, labels = digits()
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(images))[:train]
    X, y = (images[chosen] / 16).astype(np.float32), labels[chosen]
    net, size = network(*SIDES[side]), train // quarters
    params, history, errors = net.init(rng, np.float32), None, []
    optimizer = ClassicalMomentum(rate)
    for quarter in range(epochs * quarters):
        part = quarter % quarters
        if part == 0:
            order = rng.permutation(train)
        now = order[part * size : (part + 1) * size]
        with np.errstate(all="ignore"):
            params, history = fit(
                net, params, X[now], y[now], loss=softmax_cross_entropy, optimizer=optimizer,
                epochs=1, batch_size=batch_size, resume=history, progress=False,
            )  # fmt: skip
            errors.append(error(net.forward(params, X)[0], y))
        if errors[-1] <= min(levels):
            break
    reached = [next((k for k, e in enumerate(errors) if e <= level), None) for level in levels]
    last = epochs * quarters
    return [((last if k is None else k) + 1) / quarters for k in reached]


def error(scores, y):
    """Return the share of wrong answers in percent; scores that are no numbers are wrong."""
    return 100.0 * (1 - accuracy(scores, y)) if np.isfinite(scores).all() else 100.0


def network(activation, weights):
    """Return three convolutions and a dense layer for images of 8 by 8."""
    layers, c_in = {}, 1
    for k in (1, 2, 3):
        layers[f"conv{k}"] = Conv2d(c_in, 16, 3, padding=1, weights=weights)
        layers[f"act{k}"], c_in = activation(), 16
        if k < 3:
            layers[f"pool{k}"] = MaxPool2d(2)
    return Sequential(**layers, flatten=Flatten(), fc4=Affine(64, 10, weights))


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists, one for each level."""
    decides, levels = settings["decides"], [str(level) for level in settings["levels"]]
    return {
        side: at_chosen(side, settings, found, lambda value: value[decides], levels)
        for side in SIDES
    }
