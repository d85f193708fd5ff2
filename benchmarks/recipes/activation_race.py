"""Chapter 6: which activation function has the lowest training cost after six epochs.

The bundled digits, 1,200 drawn for training, one or three hidden layers of 32 units, batches of 50.
A draw fixes the split, the start weights and the order. The rate of each side is chosen on draws
of their own, and the sides are compared on the others.
"""

import numpy as np

from dlcore import datasets, losses
from dlcore.initializers import he_normal, xavier_normal
from dlcore.layers import ELU, GELU, Affine, PReLU, ReLU, Sigmoid, Tanh
from dlcore.metrics import accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.training import fit

SETTINGS = {
    "sides": {
        "1": ["sigmoid", "tanh", "ReLU", "PReLU", "ELU", "GELU"],
        "3": ["sigmoid", "sigmoid, 4 W", "tanh", "ReLU", "PReLU", "ELU", "GELU"],
    },
    "rates": [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4],
    "epochs": 6,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115],
}
WIDTH, N_TRAIN, BATCH = 32, 1200, 50
HIGHEST = 10.0  # a run that diverged counts as this: four times the cost of guessing


def draws(settings):
    """Train every side at every rate, on the draws that choose the rate and on the others."""
    return {
        f"{depth} {side} {rate} {seed}": {
            "depth": int(depth), "side": side, "rate": rate, "seed": seed,
            "epochs": settings["epochs"],
        }
        for depth, sides in settings["sides"].items()
        for side in sides
        for rate in settings["rates"]
        for seed in settings["chosen_on"] + settings["compared"]
    }  # fmt: skip


def draw(depth, side, rate, seed, epochs):
    """Return the training cost, the test accuracy in percent, and PReLU's slopes."""
    X, y, X_test, y_test = _digits(seed)
    net = _network(side, depth)
    params = net.init(np.random.default_rng([seed, 1]))
    if side == "sigmoid, 4 W":
        for k in range(1, depth + 1):
            params[f"fc{k}.W"][...] *= 4
    with np.errstate(over="ignore", invalid="ignore"):
        params, _ = fit(
            net, params, X, y, loss=losses.softmax_cross_entropy, epochs=epochs, batch_size=BATCH,
            optimizer=GradientDescent(rate), rng=np.random.default_rng([seed, 2]), progress=False,
        )  # fmt: skip
        scores = net.forward(params, X)[0]
        cost = losses.softmax_cross_entropy(scores, y)[0] if np.isfinite(scores).all() else HIGHEST
        right = accuracy(net.forward(params, X_test)[0], y_test) if cost < HIGHEST else 0.0
    slopes = []
    if side == "PReLU" and cost < HIGHEST:
        slopes = [params[f"act{k}.alpha"].round(4).tolist() for k in range(1, depth + 1)]
    return [round(float(min(cost, HIGHEST)), 6), round(100 * float(right), 4), slopes]


def _digits(seed):
    images, y = datasets.digits()
    X = images.reshape(len(images), -1) / 16
    order = np.random.default_rng([seed, 0]).permutation(len(X))
    train, test = order[:N_TRAIN], order[N_TRAIN:]
    return X[train], y[train], X[test], y[test]


def _network(side, depth):
    layer, weights = {
        "sigmoid": (Sigmoid(), xavier_normal),
        "sigmoid, 4 W": (Sigmoid(), xavier_normal),
        "tanh": (Tanh(), xavier_normal),
        "ReLU": (ReLU(), he_normal),
        "PReLU": (PReLU(WIDTH), he_normal),
        "ELU": (ELU(), he_normal),
        "GELU": (GELU(), he_normal),
    }[side]
    parts, d = {}, 64
    for k in range(1, depth + 1):
        parts |= {f"fc{k}": Affine(d, WIDTH, weights), f"act{k}": layer}
        d = WIDTH
    return Sequential(**parts, out=Affine(d, 10, xavier_normal))


def collect(settings, found):
    """Choose each side's rate, and list its costs there.

    Returns
    -------
    dict
        For each number of hidden layers and each side: "mean", the mean cost at every rate over
        the draws that choose; "rate", where that is lowest; "inner", whether both neighbors were
        tried; "cost" and "accuracy" of the compared draws at that rate; and of PReLU "above", how
        many of its slopes are above 1, "lowest" and "highest", per draw that did not diverge.
    """
    rates = settings["rates"]
    values = {}
    for depth, sides in settings["sides"].items():
        for side in sides:

            def runs(rate, seeds, depth=depth, side=side):
                return [found[f"{depth} {side} {rate} {seed}"] for seed in settings[seeds]]

            mean = [float(np.mean([run[0] for run in runs(rate, "chosen_on")])) for rate in rates]
            best = int(np.argmin(mean))
            compared = runs(rates[best], "compared")
            row = {
                "mean": [round(value, 6) for value in mean],
                "rate": rates[best],
                "inner": 0 < best < len(rates) - 1,
                "cost": [run[0] for run in compared],
                "accuracy": [run[1] for run in compared],
            }
            if side == "PReLU":
                slopes = [np.array(run[2]) for run in compared if run[2]]  # without diverged runs
                row |= {
                    "above": [int((alpha > 1).sum()) for alpha in slopes],
                    "lowest": [float(alpha.min()) for alpha in slopes],
                    "highest": [float(alpha.max()) for alpha in slopes],
                }
            values.setdefault(depth, {})[side] = row
    return values
