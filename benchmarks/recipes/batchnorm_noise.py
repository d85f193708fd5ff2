"""Chapter 14: small batches, and what their noise does to the error on new images.

"batches" trains three hidden layers of 32 ReLUs on digits in batches of three sizes: plain, with
batch normalization, with layer normalization. "noise" always takes all training images in a step,
and normalizes them by groups of one size, so that only the noise of the estimates differs. A draw
has its own split, start weights and order. The rate of each side is the one with the best
validation accuracy, in the median of draws of their own.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import digits
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, BatchNorm, ReLU, batchnorm_backward, batchnorm_forward
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "sides": {
        "plain, batches of 2": [0.01, 0.03, 0.1],
        "batch, batches of 2": [0.01, 0.03, 0.1, 0.3],
        "layer, batches of 2": [0.003, 0.01, 0.03, 0.1],
        "plain, batches of 4": [0.03, 0.1, 0.3],
        "batch, batches of 4": [0.01, 0.03, 0.1],
        "layer, batches of 4": [0.003, 0.01, 0.03],
        "plain, batches of 16": [0.03, 0.1, 0.3],
        "batch, batches of 16": [0.1, 0.3, 1.0],
        "layer, batches of 16": [0.03, 0.1, 0.3],
        "batch, groups of 16": [1.0, 3.0, 10.0],
        "batch, groups of 128": [0.3, 1.0, 3.0, 10.0],
    },
    "epochs": {"batches": 3, "groups": 100},
    "train": {"batches": 400, "groups": 128},
    "validation": 300,
    "depth": 3,
    "units": 32,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
RETURNED = ("cost", "validation", "test")


class LayerNorm(BatchNorm):
    """Normalize each example over its features; training and use are the same."""

    def forward(self, params, X, *, train, rng):
        """Normalize the rows, then scale and shift each feature."""
        one = np.ones(len(X))
        hat, cache = batchnorm_forward(X.T, one, 0 * one, eps=self.eps)
        return params["gamma"] * hat.T + params["beta"], (params["gamma"], hat.T, cache)

    def backward(self, dZ, cache):
        """Pull dL/dZ back through the rows' normalization."""
        gamma, hat, inner = cache
        dX, *_ = batchnorm_backward((gamma * dZ).T, inner)
        return dX.T, {"gamma": (dZ * hat).sum(axis=0), "beta": dZ.sum(axis=0)}

    def update_buffers(self, params, cache):
        """Remember nothing."""
        return {}


class GroupedBatch(BatchNorm):
    """Batch norm that splits its batch into groups of ``size`` and normalizes each by itself."""

    def __init__(self, features, size):
        super().__init__(features)
        object.__setattr__(self, "size", size)

    def forward(self, params, X, *, train, rng):
        """Normalize each group in training; in use, by the averages."""
        if not train:
            return super().forward(params, X, train=False, rng=rng)
        parts = [
            super(GroupedBatch, self).forward(params, X[i : i + self.size], train=True, rng=rng)
            for i in range(0, len(X), self.size)
        ]
        return np.concatenate([Z for Z, _ in parts]), [cache for _, cache in parts]

    def backward(self, dZ, cache):
        """Pull dL/dZ back through each group's normalization."""
        parts = [
            super(GroupedBatch, self).backward(dZ[k * self.size : (k + 1) * self.size], inner)
            for k, inner in enumerate(cache)
        ]
        grads = {name: sum(grad[name] for _, grad in parts) for name in ("gamma", "beta")}
        return np.concatenate([dX for dX, _ in parts]), grads

    def update_buffers(self, params, cache):
        """Let the averages see one group after the other."""
        if not isinstance(cache, list):
            return {}
        for inner in cache:
            params = {**params, **super().update_buffers(params, inner)}
        return {name: params[name] for name in ("mean", "var", "weight")}


def draws(settings):
    """Train every side, from the draws that choose and from those compared."""
    same = {name: settings[name] for name in ("validation", "depth", "units")}
    found = {}
    for side, rates in settings["sides"].items():
        norm, kind, _, size = side.replace(",", "").split()
        for seed in settings["chosen_on"] + settings["compared"]:
            found[f"{side} {seed}"] = {
                "norm": norm,
                "kind": kind,
                "size": int(size),
                "rates": rates,
                "epochs": settings["epochs"][kind],
                "train": settings["train"][kind],
                "seed": seed,
                **same,
            }
    return found


def draw(norm, kind, size, rates, epochs, train, seed, validation, depth, units):
    """Return for each rate the last epoch's cost, and validation and test accuracy in percent."""
    images, labels = digits()
    order = np.random.default_rng([14, seed]).permutation(len(images))
    X, y = images[order].reshape(-1, 64) / 16, labels[order]
    parts = slice(train, train + validation), slice(train + validation, None)
    makers = {
        "plain": None,
        "batch": BatchNorm if kind == "batches" else lambda n: GroupedBatch(n, size),
        "layer": LayerNorm,
    }
    net = network(makers[norm], depth, units)
    found = []
    for rate in rates:
        rng = np.random.default_rng(seed)
        with np.errstate(all="ignore"):
            params, history = fit(
                net, net.init(rng), X[:train], y[:train], loss=softmax_cross_entropy,
                optimizer=GradientDescent(rate), epochs=epochs,
                batch_size=size if kind == "batches" else train, rng=rng, progress=False,
            )  # fmt: skip
            right = [share(net, params, X[part], y[part]) for part in parts]
        cost = history.cost[-1] if np.isfinite(history.cost[-1]) else 1e6
        found.append([round(min(float(cost), 1e6), 5), *(round(100 * a, 3) for a in right)])
    return found


def share(net, params, X, y):
    """Return the share of the images that the network gets right; 0 where it overflows."""
    scores, _ = net.forward(params, X)
    return float(accuracy(scores, y)) if np.all(np.isfinite(scores)) else 0.0


def network(norm, depth, units):
    """Return ReLU layers with a normalization before each ReLU, or without one."""
    layers, inputs = {}, 64
    for k in range(1, depth + 1):
        layers[f"fc{k}"] = Affine(inputs, units, xavier_normal)
        if norm:
            layers[f"norm{k}"] = norm(units)
        layers[f"relu{k}"] = ReLU()
        inputs = units
    return Sequential(**layers, out=Affine(units, 10, xavier_normal))


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side "median", at every rate the median share of validation images that the draws
        that choose get wrong; "rate", where that is lowest; "inner", whether both neighbors were
        tried; "cost", "validation" and "test" of the compared draws at that rate.
    """
    values = {}
    for side, rates in settings["sides"].items():
        wrong = [
            [100 - found[f"{side} {seed}"][i][1] for seed in settings["chosen_on"]]
            for i in range(len(rates))
        ]
        choice = chosen(rates, wrong)
        best = rates.index(choice["rate"])
        runs = [found[f"{side} {seed}"][best] for seed in settings["compared"]]
        values[side] = {
            **choice,
            **{name: [run[i] for run in runs] for i, name in enumerate(RETURNED)},
        }
    return values
