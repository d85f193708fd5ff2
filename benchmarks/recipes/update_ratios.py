"""Chapter 09: how far a step moves the weights of each layer, at rates that work and at others.

The digit reader of ``sanity_checks`` without a mistake, trained by gradient descent on all images
and by Adam on batches. A draw fixes the training images, the start weights and the batches.
"""

import math

import numpy as np

from benchmarks.recipes.sanity_checks import EARLY, LAYERS, Model, problem
from dlcore.optimizers import Adam, GradientDescent
from dlcore.sanity import update_ratios

SETTINGS = {
    "rates": {
        "descent": [0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 4.0],
        "adam": [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
    },
    "batch": {"descent": 200, "adam": 20},
    "examples": 200,
    "steps": 200,
    "lam": 0.1,
    "seeds": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
}
OPTIMIZERS = {"descent": GradientDescent, "adam": Adam}


def draws(settings):
    """Train with both optimizers at every rate."""
    same = {name: settings[name] for name in ("examples", "steps", "lam")}
    return {
        f"{side} {rate} {seed}": {
            "side": side, "rate": rate, "batch": settings["batch"][side], "seed": seed, **same,
        }
        for side, rates in settings["rates"].items()
        for rate in rates
        for seed in settings["seeds"]
    }  # fmt: skip


def draw(side, rate, batch, seed, examples, steps, lam):
    """Return the cost at the end, and geometric means of each layer's update ratios.

    Three over the first steps, as in ``sanity_checks``, and three over all steps.
    """
    model, optimizer = Model("right", lam), OPTIMIZERS[side](rate)
    params, X, y, rng = problem("right", seed, examples)
    state, ratios = optimizer.init(params.theta), []
    with np.errstate(all="ignore"):
        for step in range(steps):
            first = step * batch % examples
            if first == 0:
                order = rng.permutation(examples)
            rows = order[first : first + batch]
            grad = model.gradient(params, X[rows], y[rows])
            theta, state = optimizer.update(params.theta, grad, state)
            updated = params.like(theta)
            found = update_ratios(params, updated)
            ratios.append([found[f"{layer}.W"] for layer in LAYERS])
            params = updated
        cost = model.cost(params, X, y, lam=0.0)
        logs = np.log(np.maximum(ratios, 1e-300))
        early, all_steps = np.exp(np.mean(logs[:EARLY], axis=0)), np.exp(np.mean(logs, axis=0))
    found = (cost, *early, *all_steps)
    return [float(f"{value:.4g}") if math.isfinite(value) else None for value in found]


def collect(settings, found):
    """Bring the draws into arrays.

    Returns
    -------
    dict
        For each optimizer "rates"; "cost", a list of draws at each rate; "early" and "all", lists
        of draws at each rate, with three ratios each, from the first layer to the last.
    """
    values = {}
    for side, rates in settings["rates"].items():
        runs = [[found[f"{side} {rate} {seed}"] for seed in settings["seeds"]] for rate in rates]
        values[side] = {
            "rates": rates,
            "cost": [[run[0] for run in row] for row in runs],
            "early": [[run[1:4] for run in row] for row in runs],
            "all": [[run[4:] for run in row] for row in runs],
        }
    return values
