"""Chapter 08: into how many linear regions networks of 24 ReLUs cut the square.

Each draw is a random start, and a sample of the flower for training. Regions are counted exactly,
in the square around the data and in one so large that no crossing is missed.
"""

import numpy as np

from dlcore import losses, metrics
from dlcore.datasets import planar_flower
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.regions import linear_regions
from dlcore.training import fit

SETTINGS = {
    "nets": {"1 layer of 24": [24], "2 layers of 12": [12, 12], "3 layers of 8": [8, 8, 8]},
    "seeds": 20,
    "bias": 0.3,  # standard deviation of the biases at the start
    "rates": [0.003, 0.01, 0.03],
    "epochs": 800,
    "examples": 400,
    "scale": 4.0,  # the flower lies in a square from -4 to 4
    "far": 1e4,
}
SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def draws(settings):
    """Take every network with every seed."""
    same = {key: settings[key] for key in ("bias", "rates", "epochs", "examples", "scale", "far")}
    return {
        f"{name}, seed {seed}": {"sizes": sizes, "seed": seed, **same}
        for name, sizes in settings["nets"].items()
        for seed in range(settings["seeds"])
    }


def draw(sizes, seed, bias, rates, epochs, examples, scale, far):
    """Return the regions at the start, in the plane and in the square, and after training."""
    rng = np.random.default_rng(seed)
    X, y = planar_flower(rng, examples)
    X, Y = X / scale, y[:, np.newaxis]
    net, start = random_network(sizes, bias, rng)
    ends = []
    for rate in rates:
        params, _ = fit(
            net, start, X, Y, loss=losses.logistic, optimizer=Adam(rate), epochs=epochs,
            progress=False,
        )  # fmt: skip
        scores, _ = net.forward(params, X)
        ends.append((float(losses.logistic(scores, Y)[0]), rate, params, scores))
    _, rate, params, scores = min(ends, key=lambda end: end[0])
    return {
        "plane": len(linear_regions(net, start, far * SQUARE)[0]),
        "start": len(linear_regions(net, start, SQUARE)[0]),
        "trained": len(linear_regions(net, params, SQUARE)[0]),
        "accuracy": 100 * float(metrics.binary_accuracy(scores, Y)),
    }


def random_network(sizes, bias, rng):
    """Return a network of ReLUs on two inputs with He's weights and random biases."""
    layers, before = {}, 2
    for i, units in enumerate(sizes, start=1):
        layers |= {f"fc{i}": Affine(before, units), f"relu{i}": ReLU()}
        before = units
    net = Sequential(**layers, out=Affine(before, 1))
    params = net.init(rng)
    start = params.like(params.theta.copy())
    for i, units in enumerate(sizes, start=1):
        start[f"fc{i}.b"][:] = bias * rng.standard_normal(units)
    return net, start


def collect(settings, found):
    """Return for each network a list of its draws for each count."""
    values = {}
    for key, counts in found.items():
        row = values.setdefault(key.split(", ")[0], {})
        for name, count in counts.items():
            row.setdefault(name, []).append(count)
    return values
