"""The three small tasks of chapter 13, and a network as a function of its hyperparameters."""

import numpy as np

from dlcore import datasets
from dlcore.layers import Affine, ReLU
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

CUTS = {"digits": (400, 800), "tumors": (200, 350), "spirals": (300, 600)}
EPOCHS = {"digits": 8, "tumors": 8, "spirals": 16}
DEFAULTS = {"lr": 0.001, "beta1": 0.9, "units": 32, "batch": 32}


def parts(task, seed):
    """Return the pairs (X, y) to train on, to choose on and to test on; a fresh split a seed."""
    rng = np.random.default_rng([seed, 0])
    if task == "spirals":
        X, y = datasets.spirals(rng, n=1600, noise=0.1, turns=1.5)
    else:
        X, y = datasets.digits() if task == "digits" else datasets.breast_cancer()
        X = X.reshape(len(X), -1) / (16 if task == "digits" else 1)
    order, (first, second) = rng.permutation(len(X)), CUTS[task]
    X, y = X[order], y.ravel()[order].astype(int)
    if task == "tumors":
        X = (X - X[:first].mean(axis=0)) / X[:first].std(axis=0)
    return [(X[a:b], y[a:b]) for a, b in ((0, first), (first, second), (second, None))]


def network(X, y, units, layers=1):
    """Return a network of ReLU layers for these data."""
    sizes, hidden = [X.shape[1], *[units] * layers], {}
    for k in range(layers):
        hidden |= {f"fc{k}": Affine(sizes[k], sizes[k + 1]), f"relu{k}": ReLU()}
    return Sequential(**hidden, out=Affine(units, int(y.max()) + 1))


def learn(X, y, seed, *, lr, beta1, units, batch, epochs, layers=1, decay=1.0):
    """Train with Adam, and return the network as a function of inputs."""
    rng = np.random.default_rng([seed, 1])
    net = network(X, y, units, layers)
    with np.errstate(all="ignore"):
        params, _ = fit(
            net, net.init(rng), X, y, loss=softmax_cross_entropy, optimizer=Adam(lr, beta1),
            schedule=lambda epoch: lr * decay**epoch, epochs=epochs, batch_size=batch, rng=rng,
            progress=False,
        )  # fmt: skip
    return lambda inputs: net.forward(params, inputs)[0]


def right(net, X, y):
    """Return the share of examples that the network reads right; none where it diverged."""
    with np.errstate(all="ignore"):
        scores = net(X)
    return float(accuracy(scores, y)) if np.isfinite(scores).all() else 0.0
