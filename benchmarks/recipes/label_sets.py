"""Chapter 07: ten sigmoids or one softmax, for one digit per picture and for none to two.

``one``: a picture shows one digit, and the largest score is the answer. ``sets``: it shows none,
one or two different digits, laid on each other, and the answer is the set of the classes whose
probability is above a threshold. Under the softmax the label of a set is spread evenly over its
digits, that of an empty picture over all. Each draw draws digits, pictures, start weights and
orders; each side chooses its rate, and its threshold, on pictures that train nothing.
"""

import numpy as np

from dlcore.activations import log_softmax, sigmoid, softmax
from dlcore.datasets import digits
from dlcore.initializers import he_normal
from dlcore.layers import Affine, ReLU
from dlcore.losses import multilabel_logistic, softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "draws": 24,
    "cuts": [1000, 1300],
    "pictures": [2000, 600, 1000],
    "hidden": 64,
    "rates": [3e-3, 1e-2],
    "epochs": 20,
    "batch": 50,
    "thresholds": 39,
}


def draws(settings):
    """Train each kind of output on each task."""
    same = {name: value for name, value in settings.items() if name != "draws"}
    return {
        f"{task}, {outputs}, seed {seed}": {"task": task, "outputs": outputs, "seed": seed, **same}
        for task in ("one", "sets")
        for outputs in ("sigmoids", "softmax")
        for seed in range(settings["draws"])
    }


def draw(task, outputs, seed, cuts, pictures, hidden, rates, epochs, batch, thresholds):
    """Return the share of the test pictures whose answer is right, whole sets for ``sets``."""
    rng = np.random.default_rng(seed)
    images, numbers = digits()
    order = rng.permutation(len(numbers))
    X, y = images[order].reshape(len(order), 64) / 16, np.eye(10, dtype=int)[numbers[order]]
    parts = [slice(0, cuts[0]), slice(*cuts), slice(cuts[1], None)]
    data = [(X[part], y[part]) for part in parts]
    if task == "sets":
        data = [_laid(rng, *one, n) for one, n in zip(data, pictures, strict=True)]
    net = Sequential(fc1=Affine(64, hidden, he_normal), relu1=ReLU(),
                     fc2=Affine(hidden, 10, he_normal))  # fmt: skip
    start, shuffle = net.init(rng), int(rng.integers(1 << 30))
    levels = np.linspace(0, 1, thresholds + 2)[1:-1] if task == "sets" else [None]
    best = None
    for rate in rates:
        params, _ = fit(
            net, start, *_targets(task, outputs, *data[0]), loss=_loss(task, outputs),
            optimizer=Adam(lr=rate), epochs=epochs, batch_size=batch,
            rng=np.random.default_rng(shuffle), progress=False,
        )  # fmt: skip
        held, test = (net.forward(params, inputs)[0] for inputs, _ in data[1:])
        for level in levels:
            right = _right(held, data[1][1], outputs, level)
            if best is None or right > best[0]:
                best = right, _right(test, data[2][1], outputs, level)
    return float(best[1])


def _laid(rng, X, y, n):
    """Lay up to two pictures of different digits on each other, n times."""
    rows = rng.integers(len(X), size=(2, n))
    count = rng.integers(3, size=n)
    same = y[rows[0]].argmax(axis=1) == y[rows[1]].argmax(axis=1)
    there = np.stack([count > 0, (count > 1) & ~same])[:, :, np.newaxis]  # (2, n, 1)
    return np.max(X[rows] * there, axis=0), np.max(y[rows] * there, axis=0)


def _targets(task, outputs, X, y):
    if task == "one":
        return X, y if outputs == "sigmoids" else y.argmax(axis=1)
    return X, y


def _loss(task, outputs):
    if outputs == "sigmoids":
        return multilabel_logistic
    return softmax_cross_entropy if task == "one" else _spread_cross_entropy


def _spread_cross_entropy(scores, targets):
    present = targets.sum(axis=1, keepdims=True)
    q = np.where(present > 0, targets / np.maximum(present, 1), 0.1)
    log_p, N = log_softmax(scores), len(scores)
    return -np.sum(q * log_p) / N, (np.exp(log_p) - q) / N


def _right(S, y, outputs, level):
    if level is None:
        return np.mean(S.argmax(axis=1) == y.argmax(axis=1))
    p = sigmoid(S) if outputs == "sigmoids" else softmax(S)
    return np.mean(np.all((p > level) == y, axis=1))


def collect(settings, found):
    """Return, for each task and kind of output, a list of the draws."""
    return {
        task: {
            outputs: [found[f"{task}, {outputs}, seed {n}"] for n in range(settings["draws"])]
            for outputs in ("sigmoids", "softmax")
        }
        for task in ("one", "sets")
    }
