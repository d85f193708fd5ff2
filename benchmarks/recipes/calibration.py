"""Chapter 07: a temperature for a network that reads digits, over splits, starts and orders.

Each draw trains on 800 digits, chooses the temperature on 400 others and tests it on the rest, and
draws start weights and the order of the batches. ``mixed``: all three parts come from all digits.
``later``: the network learns from the first half of the file, and meets only digits of the second,
which other people wrote.
"""

import numpy as np

from dlcore.activations import softmax
from dlcore.datasets import digits
from dlcore.initializers import he_normal
from dlcore.layers import Affine, ReLU
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "draws": 24,
    "splits": ["mixed", "later"],
    "first": 1000,
    "train": 800,
    "held": 400,
    "hidden": 64,
    "rate": 3e-3,
    "epochs": 150,
    "batch": 50,
}
MEASURES = ["accuracy", "confidence", "loss", "T", "calibrated_confidence", "calibrated_loss"]


def draws(settings):
    """Train one network per split and seed."""
    same = {name: value for name, value in settings.items() if name not in ("draws", "splits")}
    return {
        f"{split}, seed {seed}": {"split": split, "seed": seed, **same}
        for split in settings["splits"]
        for seed in range(settings["draws"])
    }


def draw(split, seed, first, train, held, hidden, rate, epochs, batch):
    """Return the measures on the test images, at temperature 1 and at the best one."""
    rng = np.random.default_rng(seed)
    images, y = digits()
    order = rng.permutation(len(y))
    if split == "later":
        early, late = order[order < first], order[order >= first]
        order = np.append(early[:train], late)
    X, y = images[order].reshape(len(order), 64) / 16, y[order]
    net = Sequential(fc1=Affine(64, hidden, he_normal), relu1=ReLU(),
                     fc2=Affine(hidden, 10, he_normal))  # fmt: skip
    params, _ = fit(
        net, net.init(rng), X[:train], y[:train], loss=softmax_cross_entropy,
        optimizer=Adam(lr=rate), epochs=epochs, batch_size=batch, rng=rng, progress=False,
    )  # fmt: skip
    S, _ = net.forward(params, X[train:])
    y = y[train:]
    T = best_temperature(S[:held], y[:held])
    S, y = S[held:], y[held:]
    found = [accuracy(S, y)]
    for t in (1.0, T):
        found += [softmax(S / t).max(axis=1).mean(), softmax_cross_entropy(S / t, y)[0], t]
    return [float(value) for value in (*found[:3], T, *found[4:6])]


def best_temperature(S, y, low=0.2, high=20.0):
    """Bisect for the temperature at which the mean cross-entropy is lowest."""
    right = S[np.arange(len(y)), y]
    for _ in range(60):
        T = (low * high) ** 0.5
        falling = np.mean(right - np.sum(softmax(S / T) * S, axis=1)) < 0
        low, high = (T, high) if falling else (low, T)
    return T


def collect(settings, found):
    """Return, for each split, a list of the draws for each measure."""
    return {
        split: {
            measure: [found[f"{split}, seed {seed}"][k] for seed in range(settings["draws"])]
            for k, measure in enumerate(MEASURES)
        }
        for split in settings["splits"]
    }
