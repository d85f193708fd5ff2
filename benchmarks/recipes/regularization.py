"""Chapter 11: no penalty, an L2 penalty and dropout on the noisy boundary, 20 seeds each.

The net 2, 20, 3, 1 with ReLU, full-batch gradient descent. ``fixed`` draws other start weights on
the same points, ``fresh`` draws other points too. Every run is tested on 200 points, and on 20,000
more that say how much of a difference is luck of the 200.

The runs without a penalty grow rounding errors until they decide where a run stands at the last
step: two processors give single runs that differ by a percent or two. A page should quote means and
deviations, to the percent.
"""

import numpy as np

from benchmarks.summary import summarize
from dlcore.datasets import noisy_boundary
from dlcore.initializers import lecun_normal
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.models import regularization
from dlcore.optimizers import GradientDescent
from dlcore.regularizers import l2
from dlcore.training import fit

SETTINGS = {
    "data_seed": 0,
    "train": 211,
    "test": 200,
    "large_test": 20_000,
    "flip": 0.15,
    "rate": 0.3,
    "epochs": 30_000,
    "seeds": 20,
    "rows": {"none": [0.0, 1.0], "L2": [0.7, 1.0], "dropout": [0.0, 0.86]},
}
POINTS = ["fixed", "fresh"]
MEASURES = ["train", "test", "large_test"]


def draws(settings):
    """Train every row from every seed, on fixed and on fresh points."""
    same = {
        name: settings[name] for name in ("train", "test", "large_test", "flip", "rate", "epochs")
    }
    return {
        f"{points}, {row}, seed {seed}": {
            "lam": lam, "keep_prob": keep_prob, "seed": seed,
            "data_seed": settings["data_seed"] if points == "fixed" else seed, **same,
        }
        for points in POINTS
        for row, (lam, keep_prob) in settings["rows"].items()
        for seed in range(settings["seeds"])
    }  # fmt: skip


def draw(lam, keep_prob, seed, data_seed, train, test, large_test, flip, rate, epochs):
    """Return the accuracy on the training, the test and the large test set."""
    X, Y, X_test, Y_test = _data(data_seed, train, test, flip)
    net = regularization(keep_prob=keep_prob, weights=lecun_normal)
    rng = np.random.RandomState(seed)
    params, _ = fit(
        net, net.init(rng), X, Y,
        loss=logistic, optimizer=GradientDescent(rate), epochs=epochs,
        rng=rng, penalty=(lambda w: l2(w, lam, len(X))) if lam else None, progress=False,
    )  # fmt: skip
    extra = noisy_boundary(np.random.RandomState(10_000), large_test, flip)
    sets = [(X, Y), (X_test, Y_test), (extra[0], extra[1][:, np.newaxis])]
    return [binary_accuracy(net.forward(params, points)[0], labels) for points, labels in sets]


def _data(seed, n, n_test, flip):
    """Return X, Y, X_test, Y_test, labels as columns."""
    X, y = noisy_boundary(np.random.RandomState(seed), n + n_test, flip)
    return X[:n], y[:n, np.newaxis], X[n:], y[n:, np.newaxis]


def collect(settings, found):
    """Summarize over the seeds.

    Returns
    -------
    dict
        For ``"fixed"`` and ``"fresh"``, for each row, for each measure: ``"runs"`` (a list, one
        accuracy a seed) with its ``"mean"``, ``"sd"``, ``"min"`` and ``"max"``.
    """
    rows = list(settings["rows"])
    runs = np.array(list(found.values())).reshape(len(POINTS), len(rows), settings["seeds"], -1)
    return {
        points: {
            row: {name: summarize(runs[p, r, :, m]) for m, name in enumerate(MEASURES)}
            for r, row in enumerate(rows)
        }
        for p, points in enumerate(POINTS)
    }
