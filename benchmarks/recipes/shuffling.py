"""Chapter 05: examples drawn with replacement against shuffled ones, on the digits.

In each draw start weights, split and order are all fresh, and both sides start from the same ones.
Each rate is one run per side; the page compares each side at its own best rate.
"""

import numpy as np

from dlcore import losses
from dlcore.datasets import digits
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Sigmoid, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent

SETTINGS = {
    "seeds": 20,
    "train": 1000,
    "rates": [0.1, 0.2, 0.4, 0.8],
    "epochs": 5,
    "sides": ["shuffled", "replaced"],
}


def draws(settings):
    """Train both ways at every rate, from every seed."""
    same = {name: settings[name] for name in ("train", "epochs")}
    return {
        f"{side}, rate {rate}, seed {seed}": {"side": side, "rate": rate, "seed": seed, **same}
        for side in settings["sides"]
        for rate in settings["rates"]
        for seed in range(settings["seeds"])
    }


def draw(side, rate, seed, train, epochs):
    """Return the training cost, the test accuracy, and the noise of an example at both ends.

    The noise is sigma over the length of the gradient.
    """
    images, labels = digits()
    X, Y = images.reshape(len(images), 64) / 16, np.eye(10)[labels]
    rng = np.random.default_rng([seed, 0])
    place = rng.permutation(len(X))
    learned, held_out = place[:train], place[train:]
    net = _network()
    params = net.init(rng)
    noise = [_noise(net, params, X[learned], Y[learned])]
    rng = np.random.default_rng([seed, 1])
    optimizer = GradientDescent(rate)
    for _ in range(epochs):
        order = rng.permutation(train) if side == "shuffled" else rng.integers(train, size=train)
        for n in learned[order]:
            outputs, cache = net.forward(params, X[n : n + 1])
            _, dout = losses.quadratic(outputs, Y[n : n + 1])
            _, grads = net.backward(dout, cache)
            theta, _ = optimizer.update(params.theta, grads.theta, ())
            params = params.like(theta)
    noise.append(_noise(net, params, X[learned], Y[learned]))
    cost, _ = losses.quadratic(net.forward(params, X[learned])[0], Y[learned])
    guesses = net.forward(params, X[held_out])[0].argmax(axis=1)
    accuracy = 100 * np.mean(guesses == labels[held_out])
    return [float(cost), float(accuracy), *noise]


def _network():
    return Sequential(
        fc1=Affine(64, 32, xavier_normal), tanh1=Tanh(),
        fc2=Affine(32, 16, xavier_normal), tanh2=Tanh(),
        fc3=Affine(16, 10, xavier_normal), out=Sigmoid(),
    )  # fmt: skip


def _noise(net, params, X, Y):
    """Return sigma over the length of the gradient, from the gradients of the examples."""
    G = []
    for x, y in zip(X, Y, strict=True):
        outputs, cache = net.forward(params, x[np.newaxis])
        G.append(net.backward(losses.quadratic(outputs, y[np.newaxis])[1], cache)[1].theta)
    mean = np.mean(G, axis=0)
    sigma = np.sqrt(np.mean(np.sum((np.array(G) - mean) ** 2, axis=1)))
    return float(sigma / np.linalg.norm(mean))


def collect(settings, found):
    """Return the four numbers of every run, by side and rate, in the order of the seeds."""
    return {
        side: {
            str(rate): [found[f"{side}, rate {rate}, seed {s}"] for s in range(settings["seeds"])]
            for rate in settings["rates"]
        }
        for side in settings["sides"]
    }
