"""Chapter 11: what an L2 penalty changes in a network, and dropout with a mask that never changes.

The networks of the chapter's table: 2, 20, 3, 1 with ReLU on 211 points of the noisy boundary,
full-batch gradient descent. Draws and start weights are those of the rows "fresh" of the recipe
``regularization``, so that runs can be paired with its. "frozen" multiplies the hidden layers by
one mask for all steps, as a forward pass does that seeds its generator each time. The mask has a
number for each example and unit.
"""

import numpy as np

from dlcore.datasets import noisy_boundary
from dlcore.initializers import lecun_normal
from dlcore.losses import logistic
from dlcore.metrics import binary_accuracy
from dlcore.models import regularization
from dlcore.optimizers import GradientDescent
from dlcore.regularizers import l2
from dlcore.training import fit

SETTINGS = {
    "rows": {"none": [0.0, 1.0], "L2": [0.7, 1.0], "frozen": [0.0, 0.86]},
    "points": 211,
    "test": 200,
    "large_test": 20_000,
    "flip": 0.15,
    "rate": 0.3,
    "epochs": 30_000,
    "seeds": 20,
}
RETURNED = ("train", "large_test", "flipped", "norms", "margin", "cost")


class OneMask:
    """A generator whose uniform numbers start anew with every forward pass."""

    def __init__(self, seed, shapes):
        rng = np.random.RandomState(seed)
        self.numbers = [rng.random(shape) for shape in shapes]
        self.calls = 0

    def random(self, shape):
        """Return the numbers of the first layer, of the second, of the first again."""
        numbers = self.numbers[self.calls % len(self.numbers)]
        self.calls += 1
        return numbers.reshape(shape)

    standard_normal = permutation = None  # a generator has them, and here nobody calls them


def draws(settings):
    """Train every row from every seed."""
    same = {name: settings[name]
            for name in ("points", "test", "large_test", "flip", "rate", "epochs")}  # fmt: skip
    return {
        f"{row}, seed {seed}": {"lam": lam, "keep_prob": keep_prob, "seed": seed, **same}
        for row, (lam, keep_prob) in settings["rows"].items()
        for seed in range(settings["seeds"])
    }


def draw(lam, keep_prob, seed, points, test, large_test, flip, rate, epochs):
    """Return what ``RETURNED`` names.

    Accuracies on the training and the large test set, in percent; "flipped", the share of the
    flipped training labels that the network reproduces, in percent; "norms", the product of the
    layers' largest singular values; "margin", the median of the scores on the side of the
    training label; "cost" of the training points.
    """
    X, y = noisy_boundary(np.random.RandomState(seed), points + test, flip)
    X, Y = X[:points], y[:points, np.newaxis]
    net = regularization(keep_prob=keep_prob, weights=lecun_normal)
    rng = np.random.RandomState(seed)
    params = net.init(rng)
    if keep_prob < 1:
        rng = OneMask(seed, [(points, 20), (points, 3)])
    params, _ = fit(
        net, params, X, Y, loss=logistic, optimizer=GradientDescent(rate), epochs=epochs,
        rng=rng, penalty=(lambda w: l2(w, lam, len(X))) if lam else None, progress=False,
    )  # fmt: skip
    extra, labels = noisy_boundary(np.random.RandomState(10_000), large_test, flip)
    scores, _ = net.forward(params, X)
    flipped = (X[:, 1] > 0.5 * np.sin(2 * X[:, 0])) != (Y[:, 0] == 1)
    fitted = (scores > 0) == (Y == 1)
    norms = np.prod([np.linalg.norm(params[f"fc{k}.W"], 2) for k in (1, 2, 3)])
    new = net.forward(params, extra)[0]
    return [
        round(float(value), 5)
        for value in (
            100 * fitted.mean(),
            100 * binary_accuracy(new, labels[:, np.newaxis]),
            100 * fitted[flipped].mean(),
            norms,
            np.median(scores * (2 * Y - 1)),
            logistic(scores, Y)[0],
        )
    ]


def collect(settings, found):
    """Bring the runs into lists.

    Returns
    -------
    dict
        For each row, for each name in ``RETURNED``, a list with a number per seed.
    """
    seeds = range(settings["seeds"])
    return {
        row: {
            name: [found[f"{row}, seed {seed}"][i] for seed in seeds]
            for i, name in enumerate(RETURNED)
        }
        for row in settings["rows"]
    }
