"""Chapter 11: test error by the number of random features, on a hundred small digits.

The first layer, ReLUs, stays at its random start, and the ten outputs are fitted by least squares:
with the shortest weights among those that fit best, or with an L2 penalty. A draw fixes the
training images, the test images and the first layer. The strength of the penalty is chosen for
each width on draws of their own.
"""

import functools

import numpy as np

from benchmarks.rates import chosen
from dlcore.activations import relu
from dlcore.datasets import digits
from dlcore.initializers import he_normal
from dlcore.metrics import accuracy

SETTINGS = {
    "examples": 100,
    "test": 800,
    "widths": [10, 20, 30, 40, 60, 80, 90, 100, 110, 125, 150, 200, 300, 500, 1000, 2000],
    "strengths": [0.0001, 0.001, 0.01, 0.1, 1.0],
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}


def draws(settings):
    """Fit every width with every strength, and without."""
    same = {name: settings[name] for name in ("examples", "test", "widths", "strengths")}
    return {f"{seed}": {"seed": seed, **same}
            for seed in settings["chosen_on"] + settings["compared"]}  # fmt: skip


def draw(seed, examples, test, widths, strengths):
    """Return for each width "train" and "test" errors in percent, first without a penalty.

    "spread" is the sum of 1 / s² over the singular values of the features.
    """
    X, y = _images()
    rng = np.random.default_rng([seed, 12])
    order = rng.permutation(len(X))
    seen, unseen = order[:examples], order[-test:]
    W = he_normal(rng, (max(widths), 64), 64, max(widths))
    targets = np.eye(10)[y[seen]]
    found = {"train": [], "test": [], "spread": []}
    for width in widths:
        V = relu(X @ W[:width].T) / np.sqrt(width)
        U, s, Vt = np.linalg.svd(V[seen], full_matrices=False)
        errors = []
        for strength in [0.0, *strengths]:
            weights = Vt.T @ ((s / (s**2 + strength))[:, np.newaxis] * (U.T @ targets))
            errors.append(
                [100 * (1 - accuracy(V[rows] @ weights, y[rows])) for rows in (seen, unseen)]
            )
        found["train"].append([round(error[0], 4) for error in errors])
        found["test"].append([round(error[1], 4) for error in errors])
        found["spread"].append(float(f"{np.sum(1 / s**2):.4g}"))
    return found


@functools.cache
def _images():
    X, y = digits()
    X = X.reshape(len(X), -1) / 16
    return X - X.mean(axis=0), y


def collect(settings, found):
    """Bring the draws into lists, and choose the strengths.

    Returns
    -------
    dict
        "plain" and "penalty": at every width the lists "train" and "test" of the compared draws;
        of "penalty" the chosen "strength", too; "spread": at every width the list of the compared
        draws.
    """
    compared = [found[f"{seed}"] for seed in settings["compared"]]
    choosing = [found[f"{seed}"] for seed in settings["chosen_on"]]
    values = {"plain": [], "penalty": [], "spread": []}
    for k in range(len(settings["widths"])):
        costs = [
            [run["test"][k][1 + i] for run in choosing] for i in range(len(settings["strengths"]))
        ]
        choice = chosen(settings["strengths"], costs)
        at = 1 + settings["strengths"].index(choice["rate"])
        for side, i in (("plain", 0), ("penalty", at)):
            values[side].append(
                {part: [run[part][k][i] for run in compared] for part in ("train", "test")}
            )
        values["penalty"][-1]["strength"] = choice["rate"]
        values["spread"].append([run["spread"][k] for run in compared])
    return values
