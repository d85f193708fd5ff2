"""Chapter 11: no penalty, an L2 penalty and dropout on the noisy boundary, 20 seeds each.

The net 2, 20, 3, 1 with ReLU, full-batch gradient descent. ``fixed`` draws other start weights on
the same points, ``fresh`` draws other points too. Every run is tested on 200 points, and on 20,000
more that say how much of a difference is luck of the 200.

The runs without a penalty grow rounding errors until they decide where a run stands at the last
step: two processors give single runs that differ by a percent or two. A page should quote means and
deviations, to the percent.
"""

import numpy as np

from benchmarks.parallel import run_each
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
MEASURES = ["train", "test", "large_test"]


def compute(settings):
    """Train every row from every seed, on fixed and on fresh points.

    Returns
    -------
    dict
        For ``"fixed"`` and ``"fresh"``, for each row, for each measure: ``"runs"`` (a list, one
        accuracy a seed) with its ``"mean"``, ``"sd"``, ``"min"`` and ``"max"``.
    """
    rows, seeds = list(settings["rows"]), settings["seeds"]
    draws = ("fixed", "fresh")
    cases = [(draw, row, seed, settings) for draw in draws for row in rows for seed in range(seeds)]
    runs = np.array(run_each(_train, cases, "regularization")).reshape(2, len(rows), seeds, -1)
    return {
        draw: {
            row: {name: summarize(runs[d, r, :, m]) for m, name in enumerate(MEASURES)}
            for r, row in enumerate(rows)
        }
        for d, draw in enumerate(draws)
    }


def _train(draw, row, seed, settings):
    """Return the accuracy on the training, the test and the large test set."""
    lam, keep_prob = settings["rows"][row]
    X, Y, X_test, Y_test = _data(settings["data_seed"] if draw == "fixed" else seed, settings)
    net = regularization(keep_prob=keep_prob, weights=lecun_normal)
    rng = np.random.RandomState(seed)
    params, _ = fit(
        net, net.init(rng), X, Y,
        loss=logistic, optimizer=GradientDescent(settings["rate"]), epochs=settings["epochs"],
        rng=rng, penalty=(lambda w: l2(w, lam, len(X))) if lam else None, progress=False,
    )  # fmt: skip
    extra = noisy_boundary(np.random.RandomState(10_000), settings["large_test"], settings["flip"])
    sets = [(X, Y), (X_test, Y_test), (extra[0], extra[1][:, np.newaxis])]
    return [binary_accuracy(net.forward(params, points)[0], labels) for points, labels in sets]


def _data(seed, settings):
    """Return X, Y, X_test, Y_test, labels as columns."""
    n = settings["train"]
    rng = np.random.RandomState(seed)
    X, y = noisy_boundary(rng, n + settings["test"], settings["flip"])
    return X[:n], y[:n, np.newaxis], X[n:], y[n:, np.newaxis]
