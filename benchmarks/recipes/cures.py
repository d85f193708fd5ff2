"""Chapter 11: eight ways to keep a network from following flipped labels, in pairs.

The net 2, 20, 3, 1 with ReLU on 211 points of the noisy boundary, 400 steps of Adam on all points.
A draw fixes the points and the start weights. Each side has the strength and the rate that suit it
best, chosen on draws of their own. "stop" keeps every fifth point for validation and returns the
best epoch's weights; "more" has five times the points; "ensemble" averages the probabilities of
five networks that differ in their start. The measure is the accuracy that is to be expected on new
points: 85% on the right side of the wave, 15% on the wrong one.
"""

import numpy as np

from benchmarks.rates import require_chosen
from dlcore.activations import sigmoid
from dlcore.datasets import noisy_boundary
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.models import regularization
from dlcore.optimizers import Adam
from dlcore.regularizers import l1, l2
from dlcore.training import fit
from dlcore.wrappers import Projected, Smoothed, rows_within

SETTINGS = {
    "strengths": {
        "none": [0.0],
        "L2": [0.2, 0.5, 1.0],
        "L1": [0.05, 0.2, 0.6],
        "dropout": [0.6, 0.75, 0.9],
        "max-norm": [0.7, 1.4, 2.8],
        "smoothing": [0.2, 0.5, 0.8],
        "jitter": [0.07, 0.15, 0.3],
        "stop": [0.0],
        "ensemble": [0.0],
        "more": [0.0],
    },
    "rates": [0.001, 0.004, 0.016],
    "chosen": {
        "none": [0.0, 0.004],
        "L2": [0.5, 0.016],
        "L1": [0.05, 0.004],
        "dropout": [0.75, 0.016],
        "max-norm": [1.4, 0.016],
        "smoothing": [0.2, 0.004],
        "jitter": [0.15, 0.016],
        "stop": [0.0, 0.016],
        "ensemble": [0.0, 0.004],
        "more": [0.0, 0.016],
    },
    "also": {"none": [0.0, 0.016]},
    "points": 211,
    "flip": 0.15,
    "steps": 400,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103],
}
MEMBERS = 5
TIMES = 5
PROBES = 20_000
RETURNED = ("accuracy", "train")


def draws(settings):
    """Train every side: with all strengths and rates to choose, then with the chosen ones."""
    same = {name: settings[name] for name in ("points", "flip", "steps")}
    found = {}
    for side, pairs in _pairs(settings).items():
        runs = [(pair, seed) for pair in pairs for seed in settings["chosen_on"]]
        compared = [settings[kind][side] for kind in ("chosen", "also") if side in settings[kind]]
        runs += [(tuple(pair), seed) for pair in compared for seed in settings["compared"]]
        for (strength, rate), seed in runs:
            found[f"{side} {strength} {rate} {seed}"] = {
                "side": side, "strength": strength, "rate": rate, "seed": seed, **same
            }  # fmt: skip
    return found


def _pairs(settings):
    """Return for each side the pairs of strength and rate that are tried."""
    return {
        side: [(strength, rate) for strength in strengths for rate in settings["rates"]]
        for side, strengths in settings["strengths"].items()
    }


def draw(side, strength, rate, seed, points, flip, steps):
    """Return the accuracy to be expected on new points, and that on the training points."""
    n = TIMES * points if side == "more" else points
    X, y = noisy_boundary(np.random.RandomState(seed), TIMES * points, flip)
    X, Y = X[:n], y[:n, np.newaxis]
    probes = np.random.default_rng(9).uniform(-1, 1, (PROBES, 2))
    above = probes[:, 1] > 0.5 * np.sin(2 * probes[:, 0])
    members = range(MEMBERS if side == "ensemble" else 1)
    found = [_train(side, strength, rate, [seed, member], X, Y, steps) for member in members]
    probability = np.mean(
        [sigmoid(net.forward(params, probes)[0][:, 0]) for net, params in found], axis=0
    )
    right = np.mean((probability > 0.5) == above)
    on_train = np.mean([binary_accuracy(net.forward(params, X)[0], Y) for net, params in found])
    return [
        round(100 * ((1 - flip) * right + flip * (1 - right)), 6),
        round(100 * float(on_train), 6),
    ]


def _train(side, strength, rate, seed, X, Y, steps):
    """Return a network and its parameters."""
    net = regularization(keep_prob=strength if side == "dropout" else 1.0)
    rng = np.random.default_rng(seed)
    start = net.init(rng)
    options = {"loss": logistic, "optimizer": Adam(rate), "rng": rng}
    if side == "stop":
        held = np.arange(len(X)) % 5 == 0
        options |= {"validation": (X[held], Y[held]), "patience": steps}
        X, Y = X[~held], Y[~held]
    elif side in ("L1", "L2"):
        penalty = {"L1": l1, "L2": l2}[side]
        options["penalty"] = lambda w: penalty(w, strength, len(X))
    elif side == "max-norm":
        options["optimizer"] = Projected(Adam(rate), rows_within(start, strength))
    elif side == "smoothing":
        options["loss"] = Smoothed(logistic, 2, strength)
    elif side == "jitter":
        options["augment"] = lambda X, rng: X + strength * rng.standard_normal(X.shape)
    params, _ = fit(net, start, X, Y, epochs=steps, progress=False, **options)
    return net, params


def collect(settings, found):
    """Check the choice of strengths and rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side "strength" and "rate", the pair at which the median accuracy of the draws that
        choose is highest; "accuracy" and "train" of the compared draws there. "none, fast" is the
        network without a remedy at the rate of most others.
    """
    values = {}
    for side, pairs in _pairs(settings).items():
        costs = {
            (strength, rate): [
                -found[f"{side} {strength} {rate} {seed}"][0] for seed in settings["chosen_on"]
            ]
            for strength, rate in pairs
        }
        strength, rate = settings["chosen"][side]
        require_chosen(side, (strength, rate), costs)
        values[side] = _compared(settings, found, side, strength, rate)
    for side, (strength, rate) in settings["also"].items():
        values[f"{side}, fast"] = _compared(settings, found, side, strength, rate)
    return values


def _compared(settings, found, side, strength, rate):
    """Return what ``collect`` says of one side."""
    runs = [found[f"{side} {strength} {rate} {seed}"] for seed in settings["compared"]]
    measured = {name: [run[i] for run in runs] for i, name in enumerate(RETURNED)}
    return {"strength": strength, "rate": rate, **measured}
