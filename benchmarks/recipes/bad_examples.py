"""Chapter 07: what wrong labels and far points do to four losses of one score.

``flips``: a neuron on 200 images of a 3 or an 8, trained on clean labels by each loss for itself.
Then some labels are flipped, and the share of the gradient by the scores that they hold is
measured, at that loss's own weights. ``far``: two clouds in the plane, some points far from both,
and the accuracy on fresh points of the clouds. Each draw draws images or points, flips and start
weights; the four losses have them in common.
"""

import numpy as np

from dlcore import losses
from dlcore.activations import sigmoid
from dlcore.datasets import digits
from dlcore.optimizers import Adam

SETTINGS = {
    "draws": 24,
    "losses": ["squared", "logistic", "hinge", "quadratic behind σ"],
    "flips": {"images": 200, "flips": 20, "rate": 0.01, "steps": [200, 1000]},
    "far": {"n": 200, "test": 2000, "center": [8.0, 4.0], "rate": 0.05, "steps": 800},
    "cases": {
        "none": {"count": 0, "label": 0, "start": "small"},
        "right": {"count": 10, "label": 1, "start": "small"},
        "wrong": {"count": 10, "label": 0, "start": "small"},
        "twenty wrong": {"count": 20, "label": 0, "start": "small"},
        "twenty wrong, from the clean line": {"count": 20, "label": 0, "start": "clean"},
    },
}


def draws(settings):
    """Measure every loss in every case."""
    runs = {}
    for seed in range(settings["draws"]):
        for loss in settings["losses"]:
            same = {"seed": seed, "loss": loss}
            runs[f"flips, {loss}, seed {seed}"] = {**same, "flips": settings["flips"]}
            for name, case in settings["cases"].items():
                run = {**same, "far": settings["far"], "case": case}
                runs[f"{name}, {loss}, seed {seed}"] = run
    return runs


def draw(seed, loss, flips=None, far=None, case=None):
    """Return the shares of the flipped after some steps, or the accuracy on clean points."""
    rng = np.random.default_rng(seed)
    return _share(rng, loss, **flips) if flips else _accuracy(rng, loss, case, **far)


def _pull(loss, score, y):
    """Return N times the gradient by the scores (N,) of labels y in {0, 1}."""
    if loss == "squared":
        return len(y) * losses.squared_error(score, 2 * y - 1)[1]
    if loss == "logistic":
        return len(y) * losses.logistic(score, y)[1]
    if loss == "hinge":
        return len(y) * losses.svm_hinge(np.stack([0 * score, score], axis=1), y)[1][:, 1]
    a = sigmoid(score)
    return len(y) * losses.quadratic(a, y)[1] * a * (1 - a)


def _train(loss, X1, y, theta, rate, steps):
    optimizer = Adam(lr=rate)
    state = optimizer.init(theta)
    for _ in range(steps):
        gradient = X1.T @ _pull(loss, X1 @ theta, y) / len(y)
        theta, state = optimizer.update(theta, gradient, state)
    return theta


def _with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


def _share(rng, loss, images, flips, rate, steps):
    pictures, numbers = digits([3, 8])
    chosen = rng.permutation(len(numbers))[:images]
    X1, y = _with_ones(pictures[chosen].reshape(images, 64) / 16), 1 * (numbers[chosen] == 8)
    flipped = rng.permutation(images)[:flips]
    start = 0.1 * rng.standard_normal(65)
    noisy = y.copy()
    noisy[flipped] = 1 - noisy[flipped]
    shares = []
    for number in steps:
        strength = np.abs(_pull(loss, X1 @ _train(loss, X1, y, start, rate, number), noisy))
        shares.append(float(strength[flipped].sum() / strength.sum()))
    return shares


def _clouds(rng, n):
    y = np.arange(n) % 2
    return 0.8 * rng.standard_normal((n, 2)) + np.outer(2 * y - 1, [1.2, 0.0]), y


def _accuracy(rng, loss, case, n, test, center, rate, steps):
    X, y = _clouds(rng, n)
    X_test, y_test = _clouds(rng, test)
    theta = 0.1 * rng.standard_normal(3)
    if case["start"] == "clean":
        theta = _train(loss, _with_ones(X), y, theta, rate, steps)
    points = center + 0.5 * rng.standard_normal((case["count"], 2))
    X, y = np.vstack([X, points]), np.append(y, np.full(case["count"], case["label"]))
    theta = _train(loss, _with_ones(X), y, theta, rate, steps)
    return float(np.mean((_with_ones(X_test) @ theta > 0) == y_test))


def collect(settings, found):
    """Put the draws of each loss side by side.

    Returns
    -------
    dict
        For ``"flips"`` and each name of a case a dict with a list for each loss: the accuracies of
        its draws, or the pairs of their shares.
    """
    return {
        name: {
            loss: [found[f"{name}, {loss}, seed {seed}"] for seed in range(settings["draws"])]
            for loss in settings["losses"]
        }
        for name in ["flips", *settings["cases"]]
    }
