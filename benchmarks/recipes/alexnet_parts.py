"""Chapter 19: a narrow AlexNet on a few digits, with and without each of its parts.

Each seed draws 200 of scikit-learn's digits to train on and tests on the other 1,597, once as they
are and once with every image shifted at random. All variants of a seed share the images, and the
start values where their layers have the same shapes.

In float32 two machines round differently and single runs drift apart, so a page should quote means
and deviations over the seeds, to about half a point.
"""

import numpy as np

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
    "seeds": 10,
    "epochs": 150,
    "batch_size": 50,
    "rate": 0.002,
    "halve": 50,
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
}
MEASURES = ["train_cost", "test_accuracy", "shifted_accuracy"]


def draws(settings):
    """Train every variant from every seed."""
    names = ("train", "epochs", "batch_size", "rate", "halve", "shift")
    same = {name: settings[name] for name in names}
    return {
        f"{name}, seed {seed}": {"changes": changes, "seed": seed, **same}
        for name, changes in settings["variants"].items()
        for seed in range(settings["seeds"])
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
    """Put the measures together.

    Returns
    -------
    dict
        For each variant, for each measure, a list of the seeds' values.
    """
    names = list(settings["variants"])
    runs = np.array(list(found.values()))
    table = runs.reshape(len(names), settings["seeds"], len(MEASURES)).round(4)
    return {
        name: {measure: table[i, :, k].tolist() for k, measure in enumerate(MEASURES)}
        for i, name in enumerate(names)
    }
