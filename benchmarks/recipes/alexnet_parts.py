"""Chapter 19: a narrow AlexNet on a few digits, with and without each of its parts.

Each seed draws 200 of scikit-learn's digits to train on and tests on the other 1,597, once as they
are and once with every image shifted at random. All variants of a seed share the images, and the
start values where their layers have the same shapes.

In float32 two machines round differently and single runs drift apart, so a page should quote means
and deviations over the seeds, to about half a point.
"""

from functools import partial

import numpy as np

from benchmarks.parallel import run_each
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
    "alpha": 6.5025,
    "keep_prob": 0.5,
}
MEASURES = ["train_cost", "test_accuracy", "shifted_accuracy"]


def compute(settings):
    """Train every variant from every seed.

    Returns
    -------
    dict
        For each variant, for each measure, a list of the seeds' values.
    """
    names = list(_variants(settings))
    cases = [(name, seed, settings) for name in names for seed in range(settings["seeds"])]
    runs = run_each(_train, cases, "alexnet_parts")
    table = np.array(runs).reshape(len(names), settings["seeds"], len(MEASURES)).round(4)
    return {
        name: {measure: table[i, :, k].tolist() for k, measure in enumerate(MEASURES)}
        for i, name in enumerate(names)
    }


def _variants(settings):
    """Return what each variant changes: keywords of ``alexnet_digits``, and the augmentation."""
    crop = partial(random_crop, size=32, padding=settings["shift"])
    dropout = {"keep_prob": settings["keep_prob"]}
    return {
        "plain": ({}, None),
        "tanh": ({"activation": Tanh}, None),
        "windows apart": ({"pool": 2}, None),
        "LRN": ({"lrn": LRN()}, None),
        "LRN for bytes": ({"lrn": LRN(alpha=settings["alpha"])}, None),
        "dropout": (dropout, None),
        "shifts": ({}, crop),
        "mirroring": ({}, mirror),
        "LRN, dropout, shifts": ({"lrn": LRN(), **dropout}, crop),
    }


def _train(name, seed, settings):
    """Train once. Return the last epoch's cost, and both test accuracies."""
    changes, augment = _variants(settings)[name]
    images, labels = digits(size=32)
    X = (images / 16).astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    train, test = order[: settings["train"]], order[settings["train"] :]
    net, rng = alexnet_digits(**changes), np.random.default_rng(seed)
    params, history = fit(
        net, net.init(rng, np.float32), X[train], labels[train],
        loss=softmax_cross_entropy, optimizer=Adam(settings["rate"]), epochs=settings["epochs"],
        schedule=lambda epoch: staircase(epoch, settings["rate"], settings["halve"]),
        batch_size=settings["batch_size"], rng=rng, augment=augment, progress=False,
    )  # fmt: skip
    moved = random_crop(X, np.random.default_rng(seed), size=32, padding=settings["shift"])
    accuracies = [
        accuracy(net.forward(params, images[test])[0], labels[test]) for images in (X, moved)
    ]
    return history.cost[-1], *accuracies
