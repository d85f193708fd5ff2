"""Chapter 15: how many pictures it takes to find out what a filter does, with and without sharing.

Pairs of small pictures are given, before and after a filter, the second with noise. Three layers
without biases look for the weights by least squares with a penalty: one has a weight for each pair
of numbers ("affine"), one a window with weights of its own for each output ("local"), one a single
kernel ("shared"). The filter is the same at all places ("everywhere"), or another one in the right
half ("halves"). A draw fixes the pictures, cut out of a photograph, and the noise; errors are those
on pictures cut out of another photograph. Each layer has the penalty that suits it best on pictures
of its own.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.datasets import load_sample_image

SETTINGS = {
    "pictures": [1, 2, 5, 10, 20, 50, 100, 200, 500],
    "filters": ["everywhere", "halves"],
    "layers": ["affine", "local", "shared"],
    "penalties": [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0],
    "size": 12,
    "noise": 0.2,
    "validation": 100,
    "test": 200,
    "seeds": 24,
}
SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def draws(settings):
    """Return every number of pictures and both filters, with as many seeds."""
    same = {name: settings[name] for name in ("layers", "penalties", "size", "noise", "validation",
                                              "test")}  # fmt: skip
    return {
        f"{filtered} {pictures} {seed}": {
            "filtered": filtered, "pictures": pictures, "seed": seed, **same
        }
        for filtered in settings["filters"]
        for pictures in settings["pictures"]
        for seed in range(settings["seeds"])
    }  # fmt: skip


def photo(name):
    """Return a photograph of scikit-learn's in gray, at half size."""
    gray = load_sample_image(name).mean(axis=2)[:426] / 255
    return gray.reshape(213, 2, 320, 2).mean(axis=(1, 3))


def cut(gray, n, size, rng):
    """Cut ``n`` squares out of a photograph, less their mean; return their windows too."""
    rows, columns = (
        rng.integers(gray.shape[0] - size, size=n),
        rng.integers(gray.shape[1] - size, size=n),
    )
    X = sliding_window_view(gray, (size, size))[rows, columns]  # (n, size, size)
    X = X - X.mean(axis=(1, 2), keepdims=True)
    return X, sliding_window_view(X, (3, 3), axis=(1, 2)).reshape(n, -1, 9)


def filtered_by(windows, filtered):
    """Return what the filter makes of the windows: (n, outputs)."""
    across, down = windows @ SOBEL.ravel(), windows @ SOBEL.T.ravel()
    side = int(np.sqrt(windows.shape[1]))
    right = np.arange(windows.shape[1]) % side >= side // 2
    return np.where(right & (filtered == "halves"), down, across)


def solve(A, Z, penalty):
    """Return the weights of least squares with a penalty on their squares."""
    return np.linalg.solve(A.T @ A + penalty * np.eye(A.shape[1]), A.T @ Z)


def answers(layer, X, windows, Z, penalty, others):
    """Find a layer's weights, and return its outputs on other pictures' (X, windows)."""
    other_X, other_windows = others
    if layer == "affine":
        return other_X.reshape(len(other_X), -1) @ solve(X.reshape(len(X), -1), Z, penalty)
    if layer == "local":
        found = [solve(windows[:, t], Z[:, t], penalty) for t in range(Z.shape[1])]
        return np.einsum("nti,ti->nt", other_windows, np.array(found))
    return other_windows @ solve(windows.reshape(-1, 9), Z.ravel(), penalty)


def draw(filtered, pictures, seed, layers, penalties, size, noise, validation, test):
    """Return each layer's error on new pictures: its size over that of the outputs themselves."""
    rng = np.random.default_rng([15, seed, pictures])
    mine, chooser = (cut(photo("china.jpg"), n, size, rng) for n in (pictures, validation))
    other = cut(photo("flower.jpg"), test, size, rng)
    exact, Z_choose, Z_test = (filtered_by(w, filtered) for _, w in (mine, chooser, other))
    Z = exact + noise * rng.standard_normal(exact.shape)
    Z_choose = Z_choose + noise * rng.standard_normal(Z_choose.shape)
    errors = {}
    for layer in layers:
        costs = [np.mean((answers(layer, *mine, Z, p, chooser) - Z_choose) ** 2) for p in penalties]
        best = penalties[int(np.argmin(costs))]
        off = answers(layer, *mine, Z, best, other) - Z_test
        errors[layer] = [round(float(np.linalg.norm(off) / np.linalg.norm(Z_test)), 4), best]
    return errors


def collect(settings, found):
    """Return for each filter and layer the errors, a list of seeds per number of pictures."""
    return {
        filtered: {
            layer: [
                [found[f"{filtered} {n} {seed}"][layer][0] for seed in range(settings["seeds"])]
                for n in settings["pictures"]
            ]
            for layer in settings["layers"]
        }
        for filtered in settings["filters"]
    }
