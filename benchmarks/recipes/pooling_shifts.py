"""Chapter 17: five ways to make an image smaller, and whether training on moved images helps more.

Two convolutions read scikit-learn's digits in a frame of two zeros, so a shift by one pixel loses
nothing. A draw fixes training images, test images, start and order. Each side trains on the
images as they are ("plain") or moved at random by at most one pixel along each axis ("moved"), and
its rate is chosen on draws of their own, by the images that it was trained for.
"""

from functools import partial

import numpy as np

from benchmarks.rates import chosen
from dlcore.augment import random_crop
from dlcore.datasets import digits
from dlcore.layers import (
    Affine,
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalMaxPool,
    MaxPool2d,
    ReLU,
)
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "rates": {
        "none": {"plain": 0.02, "moved": 0.01},
        "max": {"plain": 0.01, "moved": 0.01},
        "average": {"plain": 0.01, "moved": 0.02},
        "stride": {"plain": 0.02, "moved": 0.01},
        "global": {"plain": 0.02, "moved": 0.01},
    },
    "train": 600,
    "test": 400,
    "epochs": 15,
    "seeds": 24,
    "tuning": {"rates": [0.005, 0.01, 0.02, 0.05, 0.1], "seeds": [100, 101, 102, 103]},
}
RETURNED = ("plain", "moved", "kept")
SHIFTS = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1) if (y, x) != (0, 0)]


def draws(settings):
    """Train each side at every rate for the choice, then at its rate on draws of their own."""
    same = {name: settings[name] for name in ("train", "test", "epochs")}
    sides = [(way, kind) for way, kinds in settings["rates"].items() for kind in kinds]
    runs = [
        (way, kind, rate, seed)
        for seed in settings["tuning"]["seeds"]
        for rate in settings["tuning"]["rates"]
        for way, kind in sides
    ]
    runs += [
        (way, kind, settings["rates"][way][kind], seed)
        for seed in range(settings["seeds"])
        for way, kind in sides
    ]
    return {
        f"{way} {kind} {rate} {seed}": {
            "way": way, "training": kind, "rate": rate, "seed": seed, **same
        }
        for way, kind, rate, seed in runs
    }  # fmt: skip


def network(way):
    """Return two convolutions, one way to a smaller image, and an affine layer."""
    layers = {
        "conv1": Conv2d(1, 8, 3, padding=1),
        "relu1": ReLU(),
        "conv2": Conv2d(8, 16, 3, padding=1, stride=2 if way == "stride" else 1),
        "relu2": ReLU(),
    }
    pools = {"max": MaxPool2d(2), "average": AvgPool2d(2), "global": GlobalMaxPool()}
    if way in pools:
        layers["pool"] = pools[way]
    if way != "global":
        layers["flatten"] = Flatten()
    inputs = {"none": 16 * 144, "global": 16}.get(way, 16 * 36)
    return Sequential(**layers, fc=Affine(inputs, 10))


def draw(way, training, rate, seed, train, test, epochs):
    """Return percentages of the test images.

    Read right as they are, and moved by one pixel (the mean over eight directions); and how many of
    the moved ones get the answer that they got before.
    """
    images, labels = digits()
    X = np.pad(images / 16, ((0, 0), (0, 0), (2, 2), (2, 2))).astype(np.float32)
    rng = np.random.default_rng([17, seed])
    order = rng.permutation(len(X))
    mine, kept = order[:train], order[train : train + test]
    net = network(way)
    options = {"augment": partial(random_crop, size=12, padding=1)} if training == "moved" else {}
    params, _ = fit(
        net, net.init(rng, np.float32), X[mine], labels[mine], loss=softmax_cross_entropy,
        optimizer=Adam(rate), epochs=epochs, batch_size=50, rng=rng, progress=False, **options,
    )  # fmt: skip
    before = net.forward(params, X[kept])[0].argmax(axis=1)
    after = [
        net.forward(params, np.roll(X[kept], shift, axis=(2, 3)))[0].argmax(axis=1)
        for shift in SHIFTS
    ]
    shares = before == labels[kept], after == labels[kept], after == before
    return [round(100 * float(np.mean(share)), 4) for share in shares]


def collect(settings, found):
    """Look at the choice of the rates again, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each way and training "median", at every rate the median share of misread images of the
        draws that choose; "rate", where that is lowest; "inner", whether both neighbors were tried;
        "plain", "moved" and "kept" of the compared draws at the rate of the settings.
    """
    values, tuning = {}, settings["tuning"]
    for way, kinds in settings["rates"].items():
        values[way] = {}
        for kind, rate in kinds.items():
            by = RETURNED.index(kind)
            costs = [
                [100 - found[f"{way} {kind} {r} {seed}"][by] for seed in tuning["seeds"]]
                for r in tuning["rates"]
            ]
            runs = [found[f"{way} {kind} {rate} {seed}"] for seed in range(settings["seeds"])]
            values[way][kind] = {
                **chosen(tuning["rates"], costs),
                **{name: [run[i] for run in runs] for i, name in enumerate(RETURNED)},
            }
    return values
