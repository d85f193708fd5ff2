"""Chapter 17: moves by one and by two pixels, with max pooling, a blurred one, and without.

The networks and digits of ``pooling_shifts``. In "blur" the maximum has stride 1, and a mean over
2 by 2 pixels with stride 2 comes behind it, so that the affine layer reads as many numbers as
behind "max". Training shows the digits as they are ("plain") or moved at random by at most one
pixel along each axis ("moved"). "none" and "max" have the rates that ``pooling_shifts`` chose for
them on the same draws, and "blur" has its own.
"""

from functools import partial

import numpy as np

from benchmarks.rates import chosen, require_chosen
from benchmarks.recipes import pooling_shifts
from dlcore.augment import random_crop
from dlcore.datasets import digits
from dlcore.layers import AvgPool2d, MaxPool2d
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "rates": {
        "none": {"plain": 0.02, "moved": 0.01},
        "max": {"plain": 0.01, "moved": 0.01},
        "blur": {"plain": 0.01, "moved": 0.01},
    },
    "train": 600,
    "test": 400,
    "epochs": 15,
    "seeds": 20,
    "tuned": "blur",
    "tuning": {"rates": [0.005, 0.01, 0.02, 0.05], "seeds": [100, 101, 102]},
}
RETURNED = ("plain", "moved", "moved two")


def draws(settings):
    """Train "blur" at every rate for the choice, then each side at its rate."""
    same = {name: settings[name] for name in ("train", "test", "epochs")}
    way, tuning = settings["tuned"], settings["tuning"]
    runs = [
        (way, kind, rate, seed)
        for kind in settings["rates"][way]
        for rate in tuning["rates"]
        for seed in tuning["seeds"]
    ]
    runs += [
        (way, kind, rate, seed)
        for way, kinds in settings["rates"].items()
        for kind, rate in kinds.items()
        for seed in range(settings["seeds"])
    ]
    return {
        f"{way} {kind} {rate} {seed}": {
            "way": way, "training": kind, "rate": rate, "seed": seed, **same
        }
        for way, kind, rate, seed in runs
    }  # fmt: skip


def network(way):
    """Return the network of ``pooling_shifts``, with the blurred pooling if that is the way."""
    if way != "blur":
        return pooling_shifts.network(way)
    blurred = Sequential(largest=MaxPool2d(2, stride=1, padding=1), blur=AvgPool2d(2))
    return Sequential(**pooling_shifts.network("max").layers | {"pool": blurred})


def draw(way, training, rate, seed, train, test, epochs):
    """Return the percentages read right: as they are, moved by one pixel, and by two.

    The moved ones are means over eight directions.
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

    def right(step):
        shifts = {(step * y, step * x) for y, x in pooling_shifts.SHIFTS} if step else {(0, 0)}
        moved = [np.roll(X[kept], shift, axis=(2, 3)) for shift in sorted(shifts)]
        answers = [net.forward(params, images)[0].argmax(axis=1) for images in moved]
        return round(100 * float(np.mean(np.array(answers) == labels[kept])), 4)

    return [right(step) for step in (0, 1, 2)]


def collect(settings, found):
    """Look at the choice of the rates again, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each way and training what ``RETURNED`` names of the compared draws; of "blur" also what
        ``rates.chosen`` says of the misread images that it was trained for.

    Raises
    ------
    ValueError
        When the rates of "blur" in the settings are not those that its draws choose.
    """
    values, tuning = {}, settings["tuning"]
    for way, kinds in settings["rates"].items():
        values[way] = {}
        for kind, rate in kinds.items():
            runs = [found[f"{way} {kind} {rate} {seed}"] for seed in range(settings["seeds"])]
            values[way][kind] = {name: [run[i] for run in runs] for i, name in enumerate(RETURNED)}
    way = settings["tuned"]
    for kind in settings["rates"][way]:
        by = RETURNED.index(kind)
        costs = [
            [100 - found[f"{way} {kind} {rate} {seed}"][by] for seed in tuning["seeds"]]
            for rate in tuning["rates"]
        ]
        by_rate = dict(zip(tuning["rates"], costs, strict=True))
        require_chosen(f"{way}, {kind}", settings["rates"][way][kind], by_rate)
        values[way][kind] |= chosen(tuning["rates"], costs)
    return values
