"""Chapter 6: units that die, units that come back, and a ReLU on the scores.

The bundled digits, 1,200 drawn for training, one hidden layer, batches of 50. A draw fixes the
split, the start weights and the order.

"dead" counts the dead among 64 ReLU units after five epochs, rate by rate. "back" kills all 64
units of a network that was trained for three epochs, puts another activation in, and trains on for
20 epochs. "output" trains 32 hidden ReLU units for 20 epochs, with and without a ReLU on the ten
scores. In the last two the rate of each side is chosen on draws of their own.
"""

import numpy as np

from dlcore import datasets, losses
from dlcore.initializers import he_normal, xavier_normal
from dlcore.layers import ELU, GELU, Affine, LeakyReLU, ReLU
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "dead": {"rates": [0.1, 0.3, 1.0, 2.0, 4.0], "epochs": 5},
    "back": {
        "sides": ["ReLU", "leak 0.01", "leak 0.1", "ELU", "GELU"],
        "rates": [0.1, 0.2, 0.4, 0.8, 1.6],
        "epochs": 20,
    },
    "output": {"sides": ["none", "ReLU"], "rates": [0.1, 0.2, 0.4, 0.8, 1.6], "epochs": 20},
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
N_TRAIN, BATCH = 1200, 50
LAYERS = {
    "ReLU": ReLU(),
    "leak 0.01": LeakyReLU(0.01),
    "leak 0.1": LeakyReLU(0.1),
    "ELU": ELU(),
    "GELU": GELU(),
}


def draws(settings):
    """List the runs of the three parts."""
    found = {}
    for rate in settings["dead"]["rates"]:
        for seed in settings["compared"]:
            found[f"dead ReLU {rate} {seed}"] = {
                "part": "dead", "side": "ReLU", "rate": rate, "seed": seed,
                "epochs": settings["dead"]["epochs"],
            }  # fmt: skip
    for part in ("back", "output"):
        for side in settings[part]["sides"]:
            for rate in settings[part]["rates"]:
                for seed in settings["chosen_on"] + settings["compared"]:
                    found[f"{part} {side} {rate} {seed}"] = {
                        "part": part, "side": side, "rate": rate, "seed": seed,
                        "epochs": settings[part]["epochs"],
                    }  # fmt: skip
    return found


def draw(part, side, rate, seed, epochs):
    """Return the test accuracy, its mean over the epochs, and what is never positive, in percent.

    That is a share of the hidden units, and of "output" of the ten scores.
    """
    X, y, X_test, y_test = _digits(seed)
    width = 32 if part == "output" else 64
    parts = {
        "fc": Affine(64, width, he_normal),
        "act": ReLU(),
        "out": Affine(width, 10, xavier_normal),
    }
    plain = Sequential(**parts)
    params = plain.init(np.random.default_rng([seed, 1]))
    rng = np.random.default_rng([seed, 2])
    if part == "back":
        params = _train(plain, params, X, y, 0.3, 3, rng)
        params["fc.b"][...] -= (X @ params["fc.W"].T + params["fc.b"]).max(axis=0) + 0.1
        parts["act"] = LAYERS[side]
    if part == "output" and side == "ReLU":
        parts["last"] = ReLU()
    net, right = Sequential(**parts), []
    for _ in range(epochs):
        params = _train(net, params, X, y, rate, 1, rng)
        if not np.isfinite(params.theta).all():  # it diverged
            return [0.0, 0.0, 100.0]
        right.append(accuracy(net.forward(params, X_test)[0], y_test))
    Z = X @ params["fc.W"].T + params["fc.b"] if part != "output" else plain.forward(params, X)[0]
    silent = np.mean(np.all(Z <= 0, axis=0))
    return [round(100 * float(v), 4) for v in (right[-1], np.mean(right), silent)]


def _train(net, params, X, y, rate, epochs, rng):
    with np.errstate(over="ignore", invalid="ignore"):
        return fit(
            net, params, X, y, loss=losses.softmax_cross_entropy, epochs=epochs, batch_size=BATCH,
            optimizer=GradientDescent(rate), rng=rng, progress=False,
        )[0]  # fmt: skip


def _digits(seed):
    images, y = datasets.digits()
    X = images.reshape(len(images), -1) / 16
    order = np.random.default_rng([seed, 0]).permutation(len(X))
    train, test = order[:N_TRAIN], order[N_TRAIN:]
    return X[train], y[train], X[test], y[test]


def collect(settings, found):
    """Bring the runs into lists.

    Returns
    -------
    dict
        "dead", for each rate: "accuracy" and "silent" of every draw, in percent. "back" and
        "output", for each side: "median", at every rate the median over the draws that choose of
        the accuracy averaged over the epochs; "rate", where that is highest; "inner", whether both
        neighbors were tried; "accuracy", "mean" (over the epochs) and "silent" of the compared
        draws at that rate.
    """
    values = {"dead": {}, "back": {}, "output": {}}
    for rate in settings["dead"]["rates"]:
        values["dead"][str(rate)] = _lists(found, f"dead ReLU {rate}", settings["compared"])
    for part in ("back", "output"):
        rates = settings[part]["rates"]
        for side in settings[part]["sides"]:
            median = [
                float(
                    np.median(_lists(found, f"{part} {side} {rate}", settings["chosen_on"])["mean"])
                )
                for rate in rates
            ]
            best = int(np.argmax(median))
            values[part][side] = {
                "median": [round(value, 4) for value in median],
                "rate": rates[best],
                "inner": 0 < best < len(rates) - 1,
                **_lists(found, f"{part} {side} {rates[best]}", settings["compared"]),
            }
    return values


def _lists(found, run, seeds):
    columns = zip(*(found[f"{run} {seed}"] for seed in seeds), strict=True)
    return {
        name: list(column)
        for name, column in zip(("accuracy", "mean", "silent"), columns, strict=True)
    }
