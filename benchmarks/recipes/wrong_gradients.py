"""Chapter 09: what a wrong gradient costs, on the two moons of the chapter's question.

Six tanh units, logistic loss, full-batch gradient descent. Each side has a backward pass with one
mistake, or with none. A draw fixes the points and the start weights. The rate of each side is
chosen on draws of their own.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import moons
from dlcore.initializers import xavier_normal
from dlcore.losses import logistic

SETTINGS = {
    "rates": {
        "right": [1.0, 3.0, 10.0, 30.0],
        "slope": [0.03, 0.1, 0.3, 1.0],
        "frozen": [1.0, 3.0, 10.0, 30.0],
        "doubled": [0.3, 1.0, 3.0, 10.0],
        "turned": [0.01, 0.03, 0.1, 0.3],
        "row": [1.0, 3.0, 10.0, 30.0],
    },
    "points": 400,
    "test_points": 1000,
    "steps": 1000,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104],
}
UNITS = 6
LAST = 50
RETURNED = ("cost", "test", "early", "start")


def backward_hidden(side, dA, A):
    """Return the error of the hidden layer, with the mistake of a side."""
    if side == "slope":
        return dA
    dZ = dA * (1 - A**2)
    return {"frozen": 0 * dZ, "doubled": 2 * dZ, "turned": -dZ}.get(side, dZ)


def draws(settings):
    """Train every side at every one of its rates."""
    same = {name: settings[name] for name in ("points", "test_points", "steps")}
    return {
        f"{side} {rate} {seed}": {"side": side, "rate": rate, "seed": seed, **same}
        for side, rates in settings["rates"].items()
        for rate in rates
        for seed in settings["chosen_on"] + settings["compared"]
    }


def draw(side, rate, seed, points, test_points, steps):
    """Return the cost over the last steps, test accuracy in percent, the cost after 200, the first.

    A network that ends worse than guessing counts as guessing.
    """
    rng = np.random.default_rng([9, seed])
    (X, y), (X_test, y_test) = (moons(rng, n, noise=0.2) for n in (points, test_points))
    Y = y[:, np.newaxis].astype(float)
    W1, W2 = xavier_normal(rng, (UNITS, 2), 2, UNITS), xavier_normal(rng, (1, UNITS), UNITS, 1)
    b1, b2, costs = np.zeros(UNITS), np.zeros(1), []
    with np.errstate(all="ignore"):
        for _step in range(steps):
            A = np.tanh(X @ W1.T + b1)
            cost, dZ2 = logistic(A @ W2.T + b2, Y)
            costs.append(cost)
            dZ1 = backward_hidden(side, dZ2 @ W2, A)
            dW1 = dZ1.T @ X
            if side == "row":
                dW1[-1] = 0
            W2, b2 = W2 - rate * dZ2.T @ A, b2 - rate * dZ2.sum(axis=0)
            W1, b1 = W1 - rate * dW1, b1 - rate * dZ1.sum(axis=0)
        scores = np.tanh(X_test @ W1.T + b1) @ W2.T + b2
    cost, test = float(np.mean(costs[-LAST:])), 100 * float(np.mean((scores[:, 0] > 0) == y_test))
    if not cost < math.log(2):
        cost, test = math.log(2), 50.0
    early = costs[min(200, steps - 1)]
    early = early if early < 1e3 else 1e3
    return [round(float(value), 6) for value in (cost, test, early, costs[0])]


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each side "median", at every rate the median cost of the draws that choose; "rate",
        where that is lowest; "inner", whether both neighbors were tried; "cost", "test", "early"
        and "start" of the compared draws at that rate.
    """
    values = {}
    for side, rates in settings["rates"].items():
        costs = [
            [found[f"{side} {rate} {seed}"][0] for seed in settings["chosen_on"]] for rate in rates
        ]
        choice = chosen(rates, costs)
        runs = [found[f"{side} {choice['rate']} {seed}"] for seed in settings["compared"]]
        values[side] = {
            **choice,
            **{name: [run[i] for run in runs] for i, name in enumerate(RETURNED)},
        }
    return values
