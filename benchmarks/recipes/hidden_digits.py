"""Chapter 04: how many digits a hidden layer helps to call odd or even.

Full-batch gradient descent on scikit-learn's digits. Each draw has its own split into training and
test images and its own start; the rate of each size is the best of three on splits of their own.
"""

import numpy as np

from dlcore.datasets import digits
from dlcore.initializers import xavier_normal, zeros
from dlcore.layers import Affine, Tanh
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "train": 1200,
    "units": [0, 4, 16],
    "rates": [2.0, 2.0, 1.0],
    "seeds": 24,
    "epochs": 500,
    "tuning": {"rates": [0.5, 1.0, 2.0], "seeds": [1000, 1001, 1002]},
}


def draws(settings):
    """Train each size at each rate for the choice, then at its rate on all splits."""
    same = {name: settings[name] for name in ("train", "epochs")}
    tuning = {
        f"tuning: {units} units, rate {rate:g}, seed {seed}": {
            "units": units, "rate": rate, "seed": seed, **same
        }
        for units in settings["units"]
        for rate in settings["tuning"]["rates"]
        for seed in settings["tuning"]["seeds"]
    }  # fmt: skip
    return tuning | {
        f"{units} units, seed {seed}": {"units": units, "rate": rate, "seed": seed, **same}
        for units, rate in zip(settings["units"], settings["rates"], strict=True)
        for seed in range(settings["seeds"])
    }


def draw(units, rate, seed, train, epochs):
    """Return the share of the test images that a net calls odd or even rightly."""
    images, labels = digits()
    X, Y = images.reshape(len(images), -1) / 16, (labels % 2)[:, np.newaxis]
    rng = np.random.default_rng([44, seed])
    order = rng.permutation(len(X))
    chosen, kept = order[:train], order[train:]
    net = Sequential(
        fc1=Affine(64, units, xavier_normal), tanh1=Tanh(), fc2=Affine(units, 1, xavier_normal)
    ) if units else Sequential(neuron=Affine(64, 1, weights=zeros))  # fmt: skip
    params, _ = fit(
        net, net.init(rng), X[chosen], Y[chosen],
        loss=logistic, optimizer=GradientDescent(rate), epochs=epochs, progress=False,
    )  # fmt: skip
    return binary_accuracy(net.forward(params, X[kept])[0], Y[kept])


def collect(settings, found):
    """Return the runs of each size, and the mean of each size at each rate in the choice."""
    sizes, tuning = len(settings["units"]), settings["tuning"]
    accuracy = np.array(list(found.values())).round(6)
    first = sizes * len(tuning["rates"]) * len(tuning["seeds"])
    choice = accuracy[:first].reshape(sizes, len(tuning["rates"]), -1)
    return {
        "units": settings["units"],
        "rates": settings["rates"],
        "tuning": choice.mean(axis=2).round(6).tolist(),
        "runs": accuracy[first:].reshape(sizes, settings["seeds"]).tolist(),
    }
