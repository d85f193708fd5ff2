"""Chapter 03: what softmax regression reads of the ten digits, and what it cannot read.

Twenty splits of the 1,797 images, a start of zero, full-batch gradient descent. The test images are
also shown one pixel off and inverted, and the model is trained anew on images of both polarities.
"""

import numpy as np

from dlcore.datasets import digits, xor
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy

SETTINGS = {"seeds": 20, "train": 1200, "rate": 0.3, "steps": 300, "points": 400, "noise": 0.25}
MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
MEASURES = ["test", *MOVES, "inverted", "one step", "both: plain", "both: inverted", "xor"]


def draws(settings):
    """Train on every split."""
    same = {name: value for name, value in settings.items() if name != "seeds"}
    return {f"seed {seed}": {"seed": seed, **same} for seed in range(settings["seeds"])}


def draw(seed, train, rate, steps, points, noise):
    """Return the share of right answers, a number for each of ``MEASURES``."""
    rng = np.random.default_rng(seed)
    images, labels = digits()
    order = rng.permutation(len(images))
    images, labels = images[order] / 16, labels[order]
    X, y, y_test = images[:train].reshape(train, -1), labels[:train], labels[train:]
    moved = np.pad(images[train:], ((0, 0), (0, 0), (1, 1), (1, 1)))
    shown = {"test": images[train:], "inverted": 1 - images[train:]}
    for name, (dy, dx) in MOVES.items():
        shown[name] = moved[:, :, 1 - dy : 9 - dy, 1 - dx : 9 - dx]
    shown = {name: pictures.reshape(len(pictures), -1) for name, pictures in shown.items()}

    model = _trained(X, y, 10, rate, steps)
    found = {name: accuracy(_scores(model, pictures), y_test) for name, pictures in shown.items()}
    found["one step"] = accuracy(_scores(_trained(X, y, 10, rate, 1), shown["test"]), y_test)
    both = _trained(np.concatenate([X, 1 - X]), np.tile(y, 2), 10, rate, steps)
    found["both: plain"] = accuracy(_scores(both, shown["test"]), y_test)
    found["both: inverted"] = accuracy(_scores(both, shown["inverted"]), y_test)
    plane, y_plane = xor(rng, points, noise)
    half = points // 2
    line = _trained(plane[:half], y_plane[:half], 2, rate, steps)
    found["xor"] = accuracy(_scores(line, plane[half:]), y_plane[half:])
    return [found[name] for name in MEASURES]


def _trained(X, y, classes, rate, steps):
    """Return W and b after so many steps from zero."""
    W, b = np.zeros((classes, X.shape[1])), np.zeros(classes)
    for _ in range(steps):
        _, D = softmax_cross_entropy(_scores((W, b), X), y)
        W, b = W - rate * (D.T @ X), b - rate * D.sum(axis=0)
    return W, b


def _scores(model, X):
    W, b = model
    return X @ W.T + b


def collect(settings, found):
    """Return the runs of each measure, a number for each split."""
    runs = np.array(list(found.values()))
    return {name: runs[:, k].tolist() for k, name in enumerate(MEASURES)}
