"""Chapter 04: how the number of hidden units changes a shallow network on the flower.

One hidden tanh layer, full-batch gradient descent. Data and start weights vary: 20 data sets, and
on each of them two starts of every size. The rate of a size is the best of three on data sets of
their own, which are drawn for this choice and used for nothing else.
"""

import numpy as np

from dlcore.datasets import planar_flower
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "train": 400,
    "test": 5000,
    "units": [1, 2, 3, 4, 10, 20, 50],
    "rates": [4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 2.0],
    "data_sets": 20,
    "starts": 2,
    "epochs": 2000,
    "tuning": {"rates": [1.0, 2.0, 4.0], "data_sets": [100, 101, 102, 103]},
}
MEASURES = ["train_cost", "train_accuracy", "test_accuracy"]


def draws(settings):
    """Train each size at each rate for the choice, then at its rate on all data sets."""
    same = {name: settings[name] for name in ("train", "test", "epochs")}
    tuning = {
        f"tuning: {units} units, rate {rate:g}, data set {data}": {
            "units": units, "rate": rate, "data": data, "start": 0, **same
        }
        for units in settings["units"]
        for rate in settings["tuning"]["rates"]
        for data in settings["tuning"]["data_sets"]
    }  # fmt: skip
    return tuning | {
        f"{units} units, data set {data}, start {start}": {
            "units": units, "rate": rate, "data": data, "start": start, **same
        }
        for units, rate in zip(settings["units"], settings["rates"], strict=True)
        for data in range(settings["data_sets"])
        for start in range(settings["starts"])
    }  # fmt: skip


def draw(units, rate, data, start, train, test, epochs):
    """Return the final cost and accuracy in training, and the accuracy on new points."""
    rng = np.random.default_rng([4, data])
    X, y = planar_flower(rng, train)
    X_test, y_test = planar_flower(rng, test)
    Y, Y_test = y[:, np.newaxis], y_test[:, np.newaxis]
    net = Sequential(
        fc1=Affine(2, units, xavier_normal), tanh1=Tanh(), fc2=Affine(units, 1, xavier_normal)
    )
    params, _ = fit(
        net, net.init(np.random.default_rng([4, data, start])), X, Y,
        loss=logistic, optimizer=GradientDescent(rate), epochs=epochs, progress=False,
    )  # fmt: skip
    scores, _ = net.forward(params, X)
    scores_test, _ = net.forward(params, X_test)
    cost, _ = logistic(scores, Y)
    return float(cost), binary_accuracy(scores, Y), binary_accuracy(scores_test, Y_test)


def collect(settings, found):
    """Return what was measured, and the means of the choice of rates.

    Returns
    -------
    dict
        ``"units"`` and ``"rates"``; ``"tuning"``, the mean test accuracy of each size at each rate;
        each measure as nested lists: a size, a data set, a start.
    """
    sizes, tuning = len(settings["units"]), settings["tuning"]
    runs = np.array(list(found.values())).round(6)
    first = sizes * len(tuning["rates"]) * len(tuning["data_sets"])
    choice = runs[:first, MEASURES.index("test_accuracy")].reshape(sizes, len(tuning["rates"]), -1)
    table = runs[first:].reshape(sizes, settings["data_sets"], settings["starts"], len(MEASURES))
    return {
        "units": settings["units"],
        "rates": settings["rates"],
        "tuning": choice.mean(axis=2).round(6).tolist(),
        **{measure: table[..., k].tolist() for k, measure in enumerate(MEASURES)},
    }
