"""Lab ``lenet`` (chapter 18): the parameters of a small LeNet that reads drawn digits.

Trained on 8,000 digits of MNIST and four fifths of scikit-learn's, all brought to 16 by 16 pixels
with a margin. Each is turned, scaled, shifted and inked anew in every epoch, so that the network
also reads what is drawn off center or with another pen.
"""

import numpy as np
from scipy.ndimage import affine_transform, zoom

from dlcore.datasets import digits, mnist
from dlcore.losses import softmax_cross_entropy
from dlcore.metrics import accuracy
from dlcore.models import lenet_small
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "seed": 0,
    "mnist": {"train": 8000, "test": 2000},
    "digits": {"train": 1437, "test": 360},
    "turn": 0.25, "scale": 0.2, "shift": 4.0, "slant": 0.2, "ink": [0.8, 2.0],
    "lr": 0.004, "epochs": 60, "batch_size": 64,
}  # fmt: skip
NEEDS = ("MNIST",)


def draws(settings):
    """Train once."""
    return {"the network": {"settings": settings}}


def draw(settings, mnist_path=None):
    """Train once.

    Returns
    -------
    dict
        ``"theta"``, rounded, ``"accuracy"`` with it on each set's test images, and ``"samples"``:
        of each digit, the test image of scikit-learn's set that the network is surest of.
    """
    rng = np.random.default_rng(settings["seed"])
    sets = {"mnist": mnist_images(mnist_path), "digits": digit_images(rng)}
    train, test = {}, {}
    for name, (X, y) in sets.items():
        n, m = settings[name]["train"], settings[name]["test"]
        train[name], test[name] = (X[:n], y[:n]), (X[n : n + m], y[n : n + m])
    X, y = (np.concatenate(arrays) for arrays in zip(*train.values(), strict=True))
    net, epochs = lenet_small(), settings["epochs"]
    params, _ = fit(
        net, net.init(rng, np.float32), X, y,
        loss=softmax_cross_entropy, optimizer=Adam(settings["lr"]), epochs=epochs,
        batch_size=settings["batch_size"], rng=rng, progress=False,
        schedule=lambda epoch: settings["lr"] * 0.5 * (1 + np.cos(np.pi * epoch / epochs)),
        augment=lambda X, rng: halved(changed(X, rng, settings)),
    )  # fmt: skip
    theta = params.theta.astype(float).round(4)
    params = params.like(theta)
    right = {
        name: round(accuracy(net.forward(params, halved(X).astype(float))[0], y), 4)
        for name, (X, y) in test.items()
    }
    X, y = test["digits"]
    scores, _ = net.forward(params, halved(X).astype(float))
    margin = scores[np.arange(len(y)), y] - np.sort(scores, axis=1)[:, -2]
    chosen = [np.flatnonzero(y == d)[margin[y == d].argmax()] for d in range(10)]
    samples = halved(X[chosen])[:, 0].astype(float).round(2)
    return {"theta": theta.tolist(), "accuracy": right, "samples": samples.tolist()}


def mnist_images(path):
    """Return MNIST's test files as images of 32 by 32, from 0 to 1."""
    images, labels = mnist(path)
    return np.pad(images / np.float32(255), ((0, 0), (0, 0), (2, 2), (2, 2))), labels


def digit_images(rng):
    """Return scikit-learn's digits, shuffled, enlarged to 24 by 24 in a margin of 4."""
    images, labels = digits()
    order = rng.permutation(len(images))
    large = zoom(images[order] / 16, (1, 1, 3, 3), order=1, grid_mode=True, mode="nearest")
    return np.pad(large, ((0, 0), (0, 0), (4, 4), (4, 4))).astype(np.float32), labels[order]


def halved(X):
    """Return the mean of each square of two by two pixels: (N, 1, 16, 16)."""
    return X.reshape(len(X), 1, 16, 2, 16, 2).mean(axis=(3, 5))


def changed(X, rng, settings):
    """Turn, slant, scale, shift and ink every image at random."""
    N, middle, found = len(X), 15.5, np.empty_like(X)
    turn, slant = (settings[of] * (2 * rng.random(N) - 1) for of in ("turn", "slant"))
    scale = 1 + settings["scale"] * (2 * rng.random((N, 2)) - 1)
    shift = settings["shift"] * (2 * rng.random((N, 2)) - 1)
    low, high = settings["ink"]
    ink = low + (high - low) * rng.random(N)
    for n in range(N):
        c, s = np.cos(turn[n]), np.sin(turn[n])
        A = np.array([[c, -s], [s, c]]) @ [[1, 0], [slant[n], 1]] * scale[n]
        offset = middle - A @ (middle + shift[n])
        found[n, 0] = affine_transform(X[n, 0], A, offset, order=1)
    return np.minimum(found * ink[:, None, None, None].astype(X.dtype), 1)


def collect(settings, found):
    """Return the network."""
    return found["the network"]
