"""Chapter 19: a dense layer or the mean of each map behind two convolutions, on digits.

Both heads read 32 maps of 6 by 6: "dense" joins all their numbers to the ten classes, "pooled" is
a 1 by 1 convolution to ten maps and the mean of each. Each draw fixes the 500 of scikit-learn's
digits to train with, which stand in the middle of 12 by 12 pixels, the start and the order. The
others test, once as they are and once shifted by up to two pixels, which loses no ink. The rate
of each side is the one with the lowest median test error, unshifted, on draws of their own.
"""

import numpy as np

from benchmarks.recipes.residual_digits import at_chosen, pairs
from dlcore.augment import random_crop
from dlcore.datasets import digits
from dlcore.layers import Affine, Conv2d, Flatten, GlobalAvgPool, MaxPool2d, ReLU
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "rates": [0.003, 0.01, 0.03],
    "at": {"dense": 0.01, "pooled": 0.01},
    "train": 500,
    "epochs": 15,
    "batch_size": 50,
    "shift": 2,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102],
}
HEADS = ("dense", "pooled")


def draws(settings):
    """Train both heads: draws that choose at every rate, the others at the chosen one."""
    same = {name: settings[name] for name in ("train", "epochs", "batch_size", "shift")}
    return {
        f"{head} {rate} {seed}": {"head": head, "rate": rate, "seed": seed, **same}
        for head in HEADS
        for rate, seed in pairs(head, settings)
    }


def draw(head, rate, seed, train, epochs, batch_size, shift):
    """Return the accuracy on the other digits, still and shifted, in percent."""
    images, labels = digits()
    X = np.pad(images / 16, ((0, 0), (0, 0), (shift, shift), (shift, shift))).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    trained, tested = order[:train], order[train:]
    net, rng = network(head), np.random.default_rng(seed)
    params, _ = fit(
        net, net.init(rng, np.float32), X[trained], labels[trained],
        loss=softmax_cross_entropy, optimizer=Adam(rate), epochs=epochs, batch_size=batch_size,
        rng=rng, progress=False,
    )  # fmt: skip
    moved = random_crop(X[tested], rng, size=X.shape[-1], padding=shift)
    return [
        round(100 * float(accuracy(net.forward(params, shown)[0], labels[tested])), 3)
        for shown in (X[tested], moved)
    ]


def network(head):
    """Return two convolutions and a head for images of 12 by 12."""
    features = {
        "conv1": Conv2d(1, 16, 3, padding=1), "relu1": ReLU(), "pool1": MaxPool2d(2),
        "conv2": Conv2d(16, 32, 3, padding=1), "relu2": ReLU(),
    }  # fmt: skip
    if head == "dense":
        return Sequential(**features, flatten=Flatten(), fc=Affine(32 * 6 * 6, 10))
    return Sequential(**features, classes=Conv2d(32, 10, 1), mean=GlobalAvgPool())


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists: "still" and "shifted"."""
    return {
        head: at_chosen(head, settings, found, lambda value: 100 - value[0], ("still", "shifted"))
        for head in HEADS
    }
