"""Chapter 18: both forms of LeNet-5 and the companion network, trained on 8,000 digits of MNIST.

The other 2,000 of MNIST's test files test. All in float32, Adam, batches of 64 and a rate that
halves, as in ``python -m benchmarks digits``; the companion network also as its project trains it,
2,000 steps of four images. Another processor rounds otherwise, and a run then ends with a few other
errors, so a page should quote means and deviations.
"""

import numpy as np

from dlcore.activations import softmax
from dlcore.datasets import mnist
from dlcore.losses import softmax_cross_entropy
from dlcore.models import companion, lenet5, lenet5_loss, lenet5_modern
from dlcore.optimizers import Adam
from dlcore.schedules import staircase
from dlcore.training import fit

SETTINGS = {
    "train": 8000,
    "test": 2000,
    "seeds": 5,
    "cases": {
        "modern": {"net": "modern", "size": 32, "grey": [0.0, 1.0], "lr": 0.002, "epochs": 12,
                   "batch_size": 64, "halve": 3},
        "published": {"net": "published", "size": 32, "grey": [-0.1, 1.175], "lr": 0.002,
                      "epochs": 12, "batch_size": 64, "halve": 3},
        "companion": {"net": "companion", "size": 28, "grey": [0.0, 1.0], "lr": 0.002,
                      "epochs": 12, "batch_size": 64, "halve": 3},
        "companion, 2,000 steps": {"net": "companion", "size": 28, "grey": [0.0, 1.0], "lr": 0.001,
                                   "epochs": 1, "batch_size": 4, "halve": 3},
    },
}  # fmt: skip
NEEDS = ("MNIST",)
NETS = {
    "modern": (lenet5_modern, softmax_cross_entropy),
    "published": (lenet5, lenet5_loss),
    "companion": (companion, softmax_cross_entropy),
}


def draws(settings):
    """Train every case from every seed."""
    same = {name: settings[name] for name in ("train", "test")}
    return {
        f"{name}, seed {seed}": {**case, "seed": seed, **same}
        for name, case in settings["cases"].items()
        for seed in range(settings["seeds"])
    }


def draw(net, size, grey, lr, epochs, batch_size, halve, seed, train, test, mnist_path=None):
    """Train once, and read the test images.

    Returns
    -------
    dict
        The ``"labels"`` and the ``"answers"``, a digit an image; the ``"probabilities"`` of the
        labels; the first layer's ``"filters"``.
    """
    images, labels = mnist(mnist_path)
    margin = (size - images.shape[-1]) // 2
    background, ink = grey
    images = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    X = (background + (ink - background) * (images / 255)).astype(np.float32)
    model, loss = NETS[net]
    net, rng = model(), np.random.default_rng(seed)
    params, _ = fit(
        net, net.init(rng, np.float32), X[:train], labels[:train],
        loss=loss, optimizer=Adam(lr), batch_size=batch_size, epochs=epochs,
        schedule=lambda epoch: staircase(epoch, lr, halve), rng=rng, progress=False,
    )  # fmt: skip
    scores, _ = net.forward(params, X[train : train + test])
    P, labels = softmax(scores).astype(float), labels[train : train + test]
    filters = params[f"{next(iter(net.layers))}.W"][:, 0]
    return {
        "labels": "".join(map(str, labels)),
        "answers": "".join(map(str, P.argmax(axis=1))),
        "probabilities": P[np.arange(test), labels].round(4).tolist(),
        "filters": filters.astype(float).round(4).tolist(),
    }


def collect(settings, found):
    """Summarize over the seeds.

    Returns
    -------
    dict
        For each case: the share of test images read right (``"runs"``, ``"mean"``, ``"sd"``,
        ``"min"``, ``"max"``), ``"confusion"`` (rows the label, columns the answer, summed over the
        seeds), ``"errors"`` (the test images that most seeds read wrong: their number in the file,
        label, each seed's answer and probability of the label) and ``"filters"`` (the first
        layer's, of seed 0).
    """
    seeds = range(settings["seeds"])
    return {
        name: _summary([found[f"{name}, seed {seed}"] for seed in seeds], settings["train"])
        for name in settings["cases"]
    }


def _summary(runs, start):
    labels = np.array(list(runs[0]["labels"]), dtype=int)  # (N,)
    answers = np.array([list(run["answers"]) for run in runs], dtype=int)  # (seeds, N)
    probabilities = np.array([run["probabilities"] for run in runs])  # (seeds, N)
    right = (answers == labels).mean(axis=1)
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (np.broadcast_to(labels, answers.shape), answers), 1)
    hard = np.flatnonzero((answers != labels).mean(axis=0) > 0.5)
    errors = [
        {
            "index": int(start + n), "label": int(labels[n]), "answers": answers[:, n].tolist(),
            "probabilities": probabilities[:, n].tolist(),
        }
        for n in hard
    ]  # fmt: skip
    return {
        "mean": round(float(right.mean()), 5), "sd": round(float(right.std(ddof=1)), 5),
        "min": float(right.min()), "max": float(right.max()), "runs": right.tolist(),
        "confusion": confusion.tolist(), "errors": errors, "filters": runs[0]["filters"],
    }  # fmt: skip
