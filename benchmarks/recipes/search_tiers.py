"""Chapter 13: one hyperparameter moved through its range while the others stay.

A draw fixes the split (or the points) and the start weights. The best and the worst value of each
hyperparameter are chosen on draws of their own, on all values and on those of a narrow range.
"""

import numpy as np

from benchmarks.search_tasks import EPOCHS, learn, parts, right

SETTINGS = {
    "tasks": ["digits", "tumors", "spirals"],
    "compared": 20,
    "chosen_on": 5,
    "center": {"lr": 0.03, "units": 32, "batch": 32, "layers": 1, "decay": 1.0, "beta1": 0.9},
    "values": {
        "lr": [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0],
        "units": [4, 8, 16, 32, 64],
        "batch": [16, 32, 64, 128, 200],
        "layers": [1, 2, 3],
        "decay": [0.5, 0.7, 0.9, 1.0],
        "beta1": [0.0, 0.5, 0.9, 0.99, 0.999],
    },
    "narrow": {
        "lr": [0.01, 0.03, 0.1],
        "units": [16, 32, 64],
        "batch": [16, 32, 64],
        "layers": [1, 2],
        "decay": [0.9, 1.0],
        "beta1": [0.5, 0.9],
    },
}


def seeds(settings):
    """Return the seeds of the draws that choose values, and of those that are compared."""
    return [100 + k for k in range(settings["chosen_on"])], list(range(settings["compared"]))


def draws(settings):
    """Move every hyperparameter on each task, from each seed."""
    same = {name: settings[name] for name in ("center", "values")}
    return {
        f"{task} {seed}": {"task": task, "seed": seed, **same}
        for task in settings["tasks"]
        for group in seeds(settings)
        for seed in group
    }


def draw(task, seed, center, values):
    """Return the accuracies on the test part, in percent, of each hyperparameter's values."""
    train, _, test = parts(task, seed)
    known = {}

    def accuracy(setting):
        key = tuple(setting.values())
        if key not in known:
            net = learn(*train, seed, **setting, epochs=EPOCHS[task])
            known[key] = round(100 * right(net, *test), 2)
        return known[key]

    return {
        name: [accuracy({**center, name: value}) for value in tried]
        for name, tried in values.items()
    }


def collect(settings, found):
    """Choose the best and the worst value of each hyperparameter, and compare them.

    Returns
    -------
    dict
        For each task and hyperparameter "mean", the accuracies at its values over the compared
        draws; for "whole" and "narrow" range "best" and "worst", the values chosen, and "moved",
        the difference between them on each compared draw.
    """
    values = {}
    for task in settings["tasks"]:
        values[task] = {}
        for name, tried in settings["values"].items():
            choosing, compared = (
                np.array([found[f"{task} {seed}"][name] for seed in group])
                for group in seeds(settings)
            )
            values[task][name] = {"mean": compared.mean(axis=0).round(2).tolist()}
            for scope, kept in (("whole", tried), ("narrow", settings["narrow"][name])):
                columns = [tried.index(value) for value in kept]
                mean = choosing[:, columns].mean(axis=0)
                best, worst = (columns[int(k)] for k in (mean.argmax(), mean.argmin()))
                moved = compared[:, best] - compared[:, worst]
                values[task][name][scope] = {
                    "best": tried[best],
                    "worst": tried[worst],
                    "moved": moved.round(2).tolist(),
                }
    return values
