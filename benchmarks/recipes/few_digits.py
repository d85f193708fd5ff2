"""Chapter 11: error by the number of examples, on the small digits, with shifted copies and not.

One hidden layer of ReLUs, Adam on minibatches, the same number of steps for every size of the
training set. "four" has 4 hidden units, "plain" 32; "half" is "plain" with images shifted by up to
half a pixel along each axis, anew in every step, "whole" with shifts by a whole pixel, or none. A
draw fixes the training images, the test images and the start weights. The rate of each side is
chosen for each size on draws of their own.
"""

import functools

import numpy as np

from benchmarks.rates import require_chosen
from dlcore.augment import random_crop
from dlcore.datasets import digits
from dlcore.layers import Affine, Flatten, ReLU
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "sizes": [25, 50, 100, 200, 400, 800],
    "hidden": {"four": 4, "plain": 32, "half": 32, "whole": 32},
    "rates": [0.003, 0.01, 0.03],
    "chosen": {
        "four": [0.01, 0.01, 0.003, 0.01, 0.01, 0.01],
        "plain": [0.03, 0.01, 0.01, 0.01, 0.01, 0.03],
        "half": [0.03, 0.03, 0.003, 0.003, 0.01, 0.01],
        "whole": [0.01, 0.03, 0.01, 0.01, 0.01, 0.01],
    },
    "steps": 400,
    "batch": 25,
    "test": 800,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103],
}
RETURNED = ("train", "test")


def draws(settings):
    """Train every side at every size: with all rates to choose, then with the chosen one."""
    same = {name: settings[name] for name in ("steps", "batch", "test")}
    found = {}
    for side, hidden in settings["hidden"].items():
        for size, chosen in zip(settings["sizes"], settings["chosen"][side], strict=True):
            pairs = [(rate, seed) for rate in settings["rates"] for seed in settings["chosen_on"]]
            for rate, seed in pairs + [(chosen, seed) for seed in settings["compared"]]:
                found[f"{side} {size} {rate} {seed}"] = {
                    "side": side, "hidden": hidden, "size": size, "rate": rate, "seed": seed, **same
                }  # fmt: skip
    return found


def draw(side, hidden, size, rate, seed, steps, batch, test):
    """Return the training and the test error in percent."""
    X, y = _images()
    order = np.random.default_rng([seed, 11]).permutation(len(X))
    seen, unseen = order[:size], order[-test:]
    net = Sequential(flat=Flatten(), fc1=Affine(64, hidden), relu1=ReLU(), fc2=Affine(hidden, 10))
    rng = np.random.default_rng(seed)
    params, _ = fit(
        net, net.init(rng), X[seen], y[seen], loss=softmax_cross_entropy, optimizer=Adam(rate),
        epochs=steps * batch // size, batch_size=batch, rng=rng, progress=False,
        augment={"half": shift_half, "whole": shift_whole}.get(side),
    )  # fmt: skip
    right = [accuracy(net.forward(params, X[rows])[0], y[rows]) for rows in (seen, unseen)]
    return [round(100 * (1 - share), 6) for share in right]


@functools.cache
def _images():
    X, y = digits()
    return X / 16, y


def shift_half(X, rng):
    """Shift each image by up to half a pixel along each axis, between pixels by interpolation."""
    X = np.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1)))
    for axis in (2, 3):
        t = rng.random((len(X), 1, 1, 1)) - 0.5
        far = np.where(t > 0, np.roll(X, 1, axis), np.roll(X, -1, axis))
        X = (1 - np.abs(t)) * X + np.abs(t) * far
    return X[:, :, 1:-1, 1:-1]


def shift_whole(X, rng):
    """Shift each image by -1, 0 or 1 pixel along each axis."""
    return random_crop(X, rng, size=8, padding=1)


def collect(settings, found):
    """Check the choice of rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side a list with a dict for each size: "rate", the chosen one; "train" and "test",
        the errors of the compared draws.
    """
    values = {}
    for side in settings["hidden"]:
        values[side] = []
        for size, rate in zip(settings["sizes"], settings["chosen"][side], strict=True):
            costs = {
                rate: [found[f"{side} {size} {rate} {seed}"][1] for seed in settings["chosen_on"]]
                for rate in settings["rates"]
            }
            require_chosen(f"{side}, {size} examples", rate, costs)
            runs = [found[f"{side} {size} {rate} {seed}"] for seed in settings["compared"]]
            values[side].append(
                {"rate": rate} | {name: [run[i] for run in runs] for i, name in enumerate(RETURNED)}
            )
    return values
