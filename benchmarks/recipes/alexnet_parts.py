"""Chapter 19: a narrow AlexNet on a few digits, with and without each of its parts.

Each draw takes 200 of scikit-learn's digits to train on and tests on the other 1,597, once as they
are and once with every image shifted at random. All variants of a draw share the images, and the
start values where their layers have the same shapes. Each variant has the rate with the lowest
median error, on digits as they are, over draws of their own.

In float32 two machines round differently and single runs drift apart, so a page should quote means
and intervals over the draws, to about half a point.
"""

import numpy as np

from benchmarks.recipes.residual_digits import at_chosen, pairs
from dlcore.augment import mirror, random_crop
from dlcore.datasets import digits
from dlcore.layers import LRN, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.models import alexnet_digits
from dlcore.optimizers import Adam
from dlcore.schedules import staircase
from dlcore.training import fit

SETTINGS = {
    "train": 200,
    "epochs": 75,
    "batch_size": 50,
    "halve": 25,
    "shift": 3,
    "variants": {  # what each changes: arguments of alexnet_digits, and the augmentation
        "plain": {},
        "tanh": {"activation": "tanh"},
        "windows apart": {"pool": 2},
        "LRN": {"lrn": {}},
        "LRN for bytes": {"lrn": {"alpha": 6.5025}},
        "dropout": {"keep_prob": 0.5},
        "shifts": {"augment": "shift"},
        "mirroring": {"augment": "mirror"},
        "LRN, dropout, shifts": {"lrn": {}, "keep_prob": 0.5, "augment": "shift"},
    },
    "rates": [0.0005, 0.001, 0.002, 0.004, 0.008],
    "at": {
        "plain": 0.002,
        "tanh": 0.002,
        "windows apart": 0.004,
        "LRN": 0.004,
        "LRN for bytes": 0.004,
        "dropout": 0.004,
        "shifts": 0.004,
        "mirroring": 0.001,
        "LRN, dropout, shifts": 0.004,
    },
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102],
}
MEASURES = ("train_cost", "test_accuracy", "shifted_accuracy")


def draws(settings):
    """Train every variant: draws that choose at every rate, the others at one."""
    same = {name: settings[name] for name in ("train", "epochs", "batch_size", "halve", "shift")}
    return {
        f"{name} {rate} {seed}": {"changes": changes, "seed": seed, "rate": rate, **same}
        for name, changes in settings["variants"].items()
        for rate, seed in pairs(name, settings)
    }


def draw(changes, seed, train, epochs, batch_size, rate, halve, shift):
    """Return the last epoch's cost, and the accuracy on the test images, still and shifted."""

    def shifted(X, rng):
        return random_crop(X, rng, size=32, padding=shift)

    augment = {"shift": shifted, "mirror": mirror, None: None}[changes.get("augment")]
    images, labels = digits(size=32)
    X = (images / 16).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    trained, tested = order[:train], order[train:]
    net, rng = alexnet_digits(**_arguments(**changes)), np.random.default_rng(seed)
    params, history = fit(
        net, net.init(rng, np.float32), X[trained], labels[trained],
        loss=softmax_cross_entropy, optimizer=Adam(rate), epochs=epochs,
        schedule=lambda epoch: staircase(epoch, rate, halve),
        batch_size=batch_size, rng=rng, augment=augment, progress=False,
    )  # fmt: skip
    moved = shifted(X, np.random.default_rng(seed))
    accuracies = [
        accuracy(net.forward(params, images[tested])[0], labels[tested]) for images in (X, moved)
    ]
    return history.cost[-1], *accuracies


def _arguments(activation=None, lrn=None, augment=None, **arguments):
    """Return the arguments of ``alexnet_digits`` that a variant stands for."""
    if activation == "tanh":
        arguments["activation"] = Tanh
    if lrn is not None:
        arguments["lrn"] = LRN(**lrn)
    return arguments


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each variant what ``rates.chosen`` says of the errors, and for each measure a list of
        the compared draws at that rate.
    """
    found = {key: np.round(value, 4).tolist() for key, value in found.items()}
    return {
        name: at_chosen(name, settings, found, lambda value: 1 - value[1], MEASURES)
        for name in settings["variants"]
    }
