"""Chapter 14: networks on scikit-learn's digits with batch normalization and without.

A draw has its own split into training, validation and test images, its own start weights and its
own order of the batches. It trains a side at all of its rates. The rate of each side is the one
with the best validation accuracy, in the median of draws of their own. "before" and "after" say
where the layer stands: between the affine map and the activation, or behind the activation.
"shifty" is "before", and every unit is stretched and shifted at random, anew at each step. A start
is a factor of Xavier's weights; the root of two makes them He's where the widths are equal.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import digits
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, BatchNorm, ReLU, Sigmoid
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent
from dlcore.training import fit

SETTINGS = {
    "sides": {
        "sigmoid plain": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "sigmoid before": {"epochs": 5, "rates": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "sigmoid after": {"epochs": 5, "rates": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "sigmoid shifty": {"epochs": 5, "rates": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "sigmoid plain, 100 epochs": {"epochs": 100, "rates": [1.0, 3.0, 10.0]},
        "sigmoid plain, Adam": {"epochs": 5, "rates": [0.003, 0.01, 0.03, 0.1]},
        "sigmoid before, Adam": {"epochs": 5, "rates": [0.001, 0.003, 0.01, 0.03]},
        "ReLU plain": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "ReLU before": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "ReLU after": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]},
        "ReLU plain, small start": {"epochs": 5, "rates": [0.1, 0.3, 1.0, 3.0, 10.0]},
        "ReLU before, small start": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0]},
        "ReLU plain, large start": {"epochs": 5, "rates": [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]},
        "ReLU before, large start": {"epochs": 5, "rates": [0.1, 0.3, 1.0, 3.0, 10.0]},
        "ReLU plain, He start": {"epochs": 5, "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0]},
        "ReLU before, He start": {"epochs": 5, "rates": [0.03, 0.1, 0.3, 1.0, 3.0]},
    },
    "depth": {"sigmoid": 5, "ReLU": 3},
    "start": {"small": 0.2, "large": 5.0, "He": 1.4142135623730951},
    "units": 32,
    "train": 1000,
    "validation": 300,
    "batch": 50,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
ACTIVATIONS = {"sigmoid": Sigmoid, "ReLU": ReLU}
RETURNED = ("cost", "validation", "test")
LIGHTS = {"half": (0.5, 0.0), "pale": (0.5, 0.5), "negative": (-1.0, 1.0)}


class Shifty(BatchNorm):
    """Batch norm, stretched and shifted at random, anew at each step."""

    def forward(self, params, X, *, train, rng):
        """Normalize; in training, stretch and shift by random numbers."""
        Z, cache = super().forward(params, X, train=train, rng=rng)
        if not train:
            return Z, (1.0, cache)
        stretch = np.exp(0.5 * rng.standard_normal(self.features))
        shift = 0.5 * rng.standard_normal(self.features)
        return stretch * Z + shift, (stretch, cache)

    def backward(self, dZ, cache):
        """Pull dL/dZ back through the stretch and the normalization."""
        stretch, cache = cache
        return super().backward(stretch * dZ, cache)

    def update_buffers(self, params, cache):
        """Let the averages see the batch as it was."""
        return super().update_buffers(params, cache[1])


def draws(settings):
    """Train every side, from the draws that choose and from those compared."""
    same = {name: settings[name] for name in ("units", "train", "validation", "batch")}
    found = {}
    for side, recipe in settings["sides"].items():
        activation, norm, *_ = side.replace(",", "").split()
        gain = [value for name, value in settings["start"].items() if f"{name} start" in side]
        for seed in settings["chosen_on"] + settings["compared"]:
            found[f"{side} {seed}"] = {
                "activation": activation,
                "norm": norm,
                "adam": "Adam" in side,
                "gain": gain[0] if gain else 1.0,
                "depth": settings["depth"][activation],
                "seed": seed,
                **recipe,
                **same,
            }
    return found


def draw(activation, norm, adam, gain, depth, seed, rates, epochs, units, train, validation, batch):
    """Return for each rate the last epoch's cost, and validation and test accuracy in percent.

    For ReLUs the test accuracies in other light follow: half the contrast, pale on gray and the
    negative; and of a network with batch norm those with the test images' own mean and variance.
    """
    images, labels = digits()
    order = np.random.default_rng([14, seed]).permutation(len(images))
    X, y = images[order].reshape(-1, 64) / 16, labels[order]
    parts = {
        "validation": slice(train, train + validation), "test": slice(train + validation, None),
    }  # fmt: skip
    net = network(activation, norm, depth, units, gain)
    found = []
    for rate in rates:
        rng = np.random.default_rng(seed)
        with np.errstate(all="ignore"):
            params, history = fit(
                net, net.init(rng), X[:train], y[:train], loss=softmax_cross_entropy,
                optimizer=Adam(rate) if adam else GradientDescent(rate), epochs=epochs,
                batch_size=batch, rng=rng, progress=False,
            )  # fmt: skip
            right = [percent(net, params, X[part], y[part]) for part in parts.values()]
            if activation == "ReLU" and gain == 1:
                X_test, y_test = X[parts["test"]], y[parts["test"]]
                for own in (False, True) if norm == "before" else (False,):
                    right += [
                        percent(net, params, scale * X_test + shift, y_test, train=own)
                        for scale, shift in LIGHTS.values()
                    ]
        cost = history.cost[-1] if np.isfinite(history.cost[-1]) else 1e6
        found.append([round(min(float(cost), 1e6), 4), *right])
    return found


def percent(net, params, X, y, **options):
    """Return which percentage of the images the network gets right; none where it overflows."""
    scores, _ = net.forward(params, X, **options)
    return round(100 * float(accuracy(scores, y)), 3) if np.all(np.isfinite(scores)) else 0.0


def network(activation, norm, depth, units, gain=1.0):
    """Return hidden layers with the norm before or after the activation, or without one."""

    def weights(rng, shape, fan_in, fan_out):
        return gain * xavier_normal(rng, shape, fan_in, fan_out)

    layers, inputs = {}, 64
    for k in range(1, depth + 1):
        layers[f"fc{k}"] = Affine(inputs, units, weights)
        if norm in ("before", "shifty"):
            layers[f"norm{k}"] = (Shifty if norm == "shifty" else BatchNorm)(units)
        layers[f"act{k}"] = ACTIVATIONS[activation]()
        if norm == "after":
            layers[f"norm{k}"] = BatchNorm(units)
        inputs = units
    return Sequential(**layers, out=Affine(units, 10, weights))


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side "median", at every rate the median share of validation images that the draws
        that choose get wrong; "rate", where that is lowest; "inner", whether both neighbors were
        tried; "cost", "validation" and "test" of the compared draws at that rate; "all", their
        test accuracies at every rate; "lights" those in other light at the chosen rate.
    """
    values = {}
    for side, recipe in settings["sides"].items():
        rates = recipe["rates"]
        wrong = [
            [100 - found[f"{side} {seed}"][i][1] for seed in settings["chosen_on"]]
            for i in range(len(rates))
        ]
        choice = chosen(rates, wrong)
        best = rates.index(choice["rate"])
        runs = [found[f"{side} {seed}"] for seed in settings["compared"]]
        values[side] = {
            **choice,
            "rates": rates,
            **{name: [run[best][i] for run in runs] for i, name in enumerate(RETURNED)},
            "all": [[run[i][2] for run in runs] for i in range(len(rates))],
        }
        if len(runs[0][best]) > len(RETURNED):
            values[side]["lights"] = [run[best][len(RETURNED) :] for run in runs]
    return values
