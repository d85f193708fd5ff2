"""Chapter 18: which of the four differences between the two forms of LeNet-5 matters.

Both forms, the published one with each modern part alone, and the modern one with each old part
alone, at half of LeNet-5's size: digits of MNIST's test files, brought to 16 by 16 pixels, 2,000 to
train on and 5,000 to test. Twelve epochs of Adam in batches of 50, with a rate that halves every
three. A draw fixes the digits, the start weights and the order. The rate of each network is chosen
on draws of their own.

The start fits the nonlinearity: a variance of 2 / fan-in for ReLU, of 1 / fan-in for the scaled
tanh. The published start values are one case more.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import mnist
from dlcore.initializers import he_normal, lecun_normal
from dlcore.layers import (
    Affine,
    Conv2d,
    Conv2dConnected,
    Flatten,
    MaxPool2d,
    ReLU,
    ScaledTanh,
    Subsample,
)
from dlcore.losses import softmax_cross_entropy
from dlcore.models import C3_CONNECTIONS, lenet5_loss
from dlcore.models.lenet import FixedRBF, uniform_by_fan_in
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.schedules import staircase
from dlcore.training import fit

SETTINGS = {
    "train": 2000,
    "test": 5000,
    "epochs": 12,
    "batch_size": 50,
    "halve": 3,
    "rates": {
        "tanh sum codes table, published start": [0.008, 0.016, 0.032],
        "tanh sum codes table": [0.008, 0.016, 0.032],
        "ReLU sum codes table": [0.008, 0.016, 0.032],
        "tanh max codes table": [0.008, 0.016, 0.032, 0.064],
        "tanh sum softmax table": [0.004, 0.008, 0.016, 0.032],
        "tanh sum codes all": [0.008, 0.016, 0.032],
        "ReLU max softmax all": [0.004, 0.008, 0.016, 0.032],
        "tanh max softmax all": [0.004, 0.008, 0.016, 0.032],
        "ReLU sum softmax all": [0.004, 0.008, 0.016],
        "ReLU max codes all": [0.004, 0.008, 0.016, 0.032],
        "ReLU max softmax table": [0.004, 0.008, 0.016, 0.032],
    },
    "chosen_on": [100, 101, 102],
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen": {
        "tanh sum codes table, published start": 0.016,
        "tanh sum codes table": 0.016,
        "ReLU max softmax all": 0.016,
        "ReLU sum codes table": 0.016,
        "tanh max codes table": 0.032,
        "tanh sum softmax table": 0.008,
        "tanh sum codes all": 0.016,
        "tanh max softmax all": 0.016,
        "ReLU sum softmax all": 0.008,
        "ReLU max codes all": 0.008,
        "ReLU max softmax table": 0.016,
    },
}
NEEDS = ("MNIST",)
PUBLISHED, MODERN = "tanh sum codes table", "ReLU max softmax all"
RETURNED = ("error", "train_error", "moved", "error_put_back")


def draws(settings):
    """Train each network at every rate on the draws that choose, at its own rate on the others."""
    same = {name: settings[name] for name in ("train", "test", "epochs", "batch_size", "halve")}
    runs = [
        (name, rate, seed)
        for name, rates in settings["rates"].items()
        for rate in rates
        for seed in settings["chosen_on"]
    ]
    runs += [
        (name, rate, seed)
        for name, rate in settings["chosen"].items()
        for seed in settings["compared"]
    ]
    return {
        f"{name}, {rate} {seed}": {"name": name, "rate": rate, "seed": seed, **same}
        for name, rate, seed in runs
    }


def network(name):
    """Return LeNet-5's plan for images (N, 1, 16, 16), with the parts that the name says."""
    parts, _, start = name.partition(", ")
    nonlinearity, pooling, output, maps = parts.split()
    tanh = nonlinearity == "tanh"
    act, weights = (ScaledTanh, lecun_normal) if tanh else (ReLU, he_normal)
    if start == "published start":
        weights = uniform_by_fan_in
    layers = {"c1": Conv2d(1, 6, 5, weights=weights), "act1": act()}  # -> (N, 6, 12, 12)
    layers |= _pooled("2", 6, pooling, act)  # -> (N, 6, 6, 6)
    layers["c3"] = (
        Conv2d(6, 16, 3, weights=weights)
        if maps == "all"
        else Conv2dConnected(C3_CONNECTIONS, 3, weights=weights)
    )  # -> (N, 16, 4, 4)
    layers["act3"] = act()
    layers |= _pooled("4", 16, pooling, act)  # -> (N, 16, 2, 2)
    layers |= {"flatten": Flatten(), "c5": Affine(64, 120, weights), "act5": act()}
    layers["f6"] = Affine(120, 84, weights)
    if output == "codes":  # a ReLU cannot reach codes of -1
        return Sequential(**layers, act6=ScaledTanh(), output=FixedRBF())
    return Sequential(**layers, act6=act(), output=Affine(84, 10, weights))


def _pooled(number, channels, pooling, act):
    if pooling == "max":
        return {f"s{number}": MaxPool2d(2)}
    return {f"s{number}": Subsample(channels, 2), f"act{number}": act()}


def draw(name, rate, seed, train, test, epochs, batch_size, halve, mnist_path=None):
    """Train once.

    Returns
    -------
    list
        What ``RETURNED`` names: test and training error in percent; how far C1's filters moved, as
        a share of their length at the start; the test error with the start's filters put back.
        Then, of both forms, the test images read wrong, as numbers in the draw's test set.
    """
    images, labels = mnist(mnist_path)
    images = np.pad(images / 255, ((0, 0), (0, 0), (2, 2), (2, 2)))
    small = images.reshape(len(images), 1, 16, 2, 16, 2).mean(axis=(3, 5))
    X = (1.275 * small - 0.1).astype(np.float32)
    order = np.random.default_rng([seed, 0]).permutation(len(X))
    trained, tested = order[:train], order[train : train + test]
    net = network(name)
    rng = np.random.default_rng([seed, 1])
    start = net.init(rng, np.float32)
    filters = start["c1.W"].copy()
    params, _ = fit(
        net, start, X[trained], labels[trained],
        loss=lenet5_loss if "codes" in name else softmax_cross_entropy,
        optimizer=Adam(rate), epochs=epochs, batch_size=batch_size,
        schedule=lambda epoch: staircase(epoch, rate, halve), rng=rng, progress=False,
    )  # fmt: skip
    back = params.like(params.theta.copy())
    back["c1.W"][...] = filters
    wrong = np.flatnonzero(_answers(net, params, X[tested]) != labels[tested])
    errors = [
        len(wrong) / test,
        np.mean(_answers(net, params, X[trained]) != labels[trained]),
        np.mean(_answers(net, back, X[tested]) != labels[tested]),
    ]
    error, train_error, error_back = (round(100 * float(share), 3) for share in errors)
    moved = np.linalg.norm(params["c1.W"] - filters) / np.linalg.norm(filters)
    listed = wrong.tolist() if name in (PUBLISHED, MODERN) else []
    return [error, train_error, round(float(moved), 4), error_back, listed]


def _answers(net, params, X):
    scores, _ = net.forward(params, X)
    return scores.argmax(axis=1)


def collect(settings, found):
    """Say at which rates the draws that choose went best, and list the compared draws.

    Returns
    -------
    dict
        For each network "median", at every rate the median test error of the draws that choose;
        "rate", where that is lowest; "inner", whether both neighbors were tried; what ``RETURNED``
        names of the compared draws; of both forms "wrong".

    Raises
    ------
    ValueError
        When the rates of the settings are not those that the draws choose.
    """
    values = {}
    for name, rates in settings["rates"].items():
        errors = [
            [found[f"{name}, {rate} {seed}"][0] for seed in settings["chosen_on"]] for rate in rates
        ]
        values[name] = chosen(rates, errors)
    best = {name: value["rate"] for name, value in values.items()}
    if best != settings["chosen"]:
        raise ValueError(f"lenet_parts: the draws choose {best}; write that into SETTINGS")
    for name, rate in settings["chosen"].items():
        runs = [found[f"{name}, {rate} {seed}"] for seed in settings["compared"]]
        values[name] |= {of: [run[i] for run in runs] for i, of in enumerate(RETURNED)}
        if runs[0][-1]:
            values[name]["wrong"] = [run[-1] for run in runs]
    return values
