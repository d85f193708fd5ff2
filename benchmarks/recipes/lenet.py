"""Chapter 18: both forms of LeNet-5 and the companion network, trained on 8,000 digits of MNIST.

The other 2,000 of MNIST's test files test. All in float32, Adam, batches of 64 and a rate that
halves, as in ``python -m benchmarks digits``; the companion network also as its project trains it,
2,000 steps of four images. Another processor rounds otherwise, and a run then ends with a few other
errors, so a page should quote means and deviations.
"""

import numpy as np

from benchmarks.parallel import run_each
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
NETS = {
    "modern": (lenet5_modern, softmax_cross_entropy),
    "published": (lenet5, lenet5_loss),
    "companion": (companion, softmax_cross_entropy),
}


def compute(settings, *, mnist_path=None):
    """Train every case from every seed.

    Parameters
    ----------
    settings : dict
    mnist_path : str, optional
        The folder of the MNIST files; they are downloaded otherwise.

    Returns
    -------
    dict
        For each case: the share of test images read right (``"runs"``, ``"mean"``, ``"sd"``,
        ``"min"``, ``"max"``), ``"confusion"`` (rows the label, columns the answer, summed over the
        seeds), ``"errors"`` (the test images that most seeds read wrong: their number in the file,
        label, each seed's answer and probability of the label) and ``"filters"`` (the first
        layer's, of seed 0).
    """
    start, seeds = settings["train"], range(settings["seeds"])
    labels = mnist(mnist_path)[1][start : start + settings["test"]]
    values = {}
    for name, case in settings["cases"].items():
        cases = [(case, seed, settings, mnist_path) for seed in seeds]
        values[name] = _summary(run_each(_train, cases, name), labels, start)
    return values


def _train(case, seed, settings, path):
    """Return the probabilities of the test images (2000, 10), and the first layer's filters."""
    images, labels = mnist(path)
    margin = (case["size"] - images.shape[-1]) // 2
    background, ink = case["grey"]
    images = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    X = (background + (ink - background) * (images / 255)).astype(np.float32)
    n, rate, (model, loss) = settings["train"], case["lr"], NETS[case["net"]]
    net, rng = model(), np.random.default_rng(seed)
    params, _ = fit(
        net, net.init(rng, np.float32), X[:n], labels[:n],
        loss=loss, optimizer=Adam(rate), batch_size=case["batch_size"], epochs=case["epochs"],
        schedule=lambda epoch: staircase(epoch, rate, case["halve"]), rng=rng, progress=False,
    )  # fmt: skip
    scores, _ = net.forward(params, X[n : n + settings["test"]])
    return softmax(scores), params[f"{next(iter(net.layers))}.W"][:, 0]


def _summary(runs, labels, start):
    P = np.array([P for P, _ in runs], dtype=float)  # (seeds, N, 10)
    answers = P.argmax(axis=2)
    right = (answers == labels).mean(axis=1)
    confusion = np.zeros((10, 10), dtype=int)
    np.add.at(confusion, (np.broadcast_to(labels, answers.shape), answers), 1)
    hard = np.flatnonzero((answers != labels).mean(axis=0) > 0.5)
    errors = [
        {
            "index": int(start + n), "label": int(labels[n]), "answers": answers[:, n].tolist(),
            "probabilities": P[:, n, labels[n]].round(4).tolist(),
        }
        for n in hard
    ]  # fmt: skip
    return {
        "mean": round(float(right.mean()), 5), "sd": round(float(right.std(ddof=1)), 5),
        "min": float(right.min()), "max": float(right.max()), "runs": right.tolist(),
        "confusion": confusion.tolist(), "errors": errors,
        "filters": runs[0][1].astype(float).round(4).tolist(),
    }  # fmt: skip
