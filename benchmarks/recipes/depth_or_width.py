"""Chapter 08: training a deep network, and a shallow one with as many parameters.

Each draw is a random start and a random sample of the points; for the smooth target the curve is
random, too. Every net picks the best of the rates, by the cost on the points it learned from.
"""

import numpy as np

from benchmarks.recipes.built_or_trained import random_curve
from dlcore import losses, models
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "targets": ["curve", "zigzag 4", "zigzag 16"],
    "nets": {"1 layer of 64": [64], "2 layers of 12": [12, 12], "4 layers of 7": [7, 7, 7, 7]},
    "seeds": 20,
    "rates": [0.003, 0.01, 0.03],
    "epochs": 1200,
    "points": 200,
    "noise": 0.01,  # how far beside its answer the zigzag's own network starts
}


def draws(settings):
    """Take every target with every net, and the zigzag's own network from two kinds of start."""
    same = {name: settings[name] for name in ("rates", "epochs", "points", "noise")}
    runs = [(t, name, sizes) for t in settings["targets"] for name, sizes in
            settings["nets"].items()]  # fmt: skip
    runs += [("zigzag 16", way, [2] * 4) for way in ("own size", "beside the answer")]
    return {
        f"{target}, {name}, seed {seed}": {
            "target": target, "sizes": sizes, "seed": seed, "beside": name == "beside the answer",
            **same,
        }
        for target, name, sizes in runs
        for seed in range(settings["seeds"])
    }  # fmt: skip


def draw(target, sizes, seed, beside, rates, epochs, points, noise):
    """Return the largest and the root mean square error on [0, 1] of the best of the rates."""
    rng = np.random.default_rng(seed)
    f = random_curve(rng) if target == "curve" else _zigzag(int(target.split()[1]))
    X, dense = rng.random((points, 1)), np.linspace(0, 1, 2049)[:, np.newaxis]
    net, start = _network(sizes, rng)
    if beside:
        net, exact = models.sawtooth(len(sizes))
        start = exact.like(exact.theta + noise * rng.standard_normal(exact.theta.size))
    ends = []
    for rate in rates:
        params, _ = fit(
            net, start, X, f(X), loss=losses.squared_error, optimizer=Adam(rate), epochs=epochs,
            progress=False,
        )  # fmt: skip
        cost, _ = losses.squared_error(net.forward(params, X)[0], f(X))
        error = net.forward(params, dense)[0] - f(dense)
        ends.append((float(cost), float(np.abs(error).max()), float(np.mean(error**2) ** 0.5)))
    _, largest, rms = min(ends)
    return largest, rms


def _zigzag(pieces):
    """Return the zigzag of chapter 08, with so many straight pieces."""
    knots = np.arange(pieces + 1)
    return lambda x: np.interp(x, knots / pieces, knots % 2.0)


def _network(sizes, rng):
    """Return a network of ReLUs with He's weights, the first kinks at random places of [0, 1]."""
    layers, before = {}, 1
    for i, units in enumerate(sizes, start=1):
        layers |= {f"fc{i}": Affine(before, units), f"relu{i}": ReLU()}
        before = units
    net = Sequential(**layers, out=Affine(before, 1))
    params = net.init(rng)
    start = params.like(params.theta.copy())
    start["fc1.b"][:] = -start["fc1.W"][:, 0] * rng.random(sizes[0])
    return net, start


def collect(settings, found):
    """Return for each target and net the largest and the root mean square errors of its draws."""
    values = {}
    for key, (largest, rms) in found.items():
        target, name, _ = key.split(", ")
        row = values.setdefault(target, {}).setdefault(name, {"largest": [], "rms": []})
        row["largest"].append(largest)
        row["rms"].append(rms)
    return values
