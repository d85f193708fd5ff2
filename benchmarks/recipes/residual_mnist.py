"""Chapter 19: a residual and a plain network of 20 layers on MNIST, as ``residual_digits`` trains.

Digits of MNIST's test files, brought to 14 by 14 pixels: 2,000 to train on, 2,000 to test. A draw
fixes the digits, the start and the order. Momentum, batches of 50, four epochs, the last one at a
tenth of the rate. The rate of each side is the one with the lowest median training cost on draws of
their own.
"""

import numpy as np

from benchmarks.recipes import residual_digits
from benchmarks.recipes.residual_digits import run
from dlcore.datasets import mnist
from dlcore.models import resnet

SETTINGS = {
    "depths": [20],
    "rates": [0.01, 0.03, 0.1, 0.3, 1.0],
    "at": {"plain 20": 0.1, "residual 20": 0.03},
    "maps": 8,
    "train": 2000,
    "test": 2000,
    "epochs": 4,
    "last": 1,
    "batch_size": 50,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102],
}
NEEDS = ("MNIST",)


def draws(settings):
    """Train both sides at every depth: draws that choose at every rate, the others at one."""
    trained = residual_digits.draws(settings)
    return {key: {**arguments, "test": settings["test"]} for key, arguments in trained.items()}


def draw(
    connections, depth, rate, seed, maps, train, test, epochs, last, batch_size, mnist_path=None
):
    """Return the cost of the last epoch and the percentage of test digits read right."""
    images, labels = mnist(mnist_path)
    X = (images / 255).reshape(len(images), 1, 14, 2, 14, 2).mean(axis=(3, 5)).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    trained, tested = order[:train], order[train : train + test]
    net = resnet((depth - 2) // 6, connections=connections, channels=1, maps=maps)
    return run(net, (X, labels, trained, tested), rate, seed, epochs, last, batch_size)


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists, as ``residual_digits`` does."""
    return residual_digits.collect(settings, found)
