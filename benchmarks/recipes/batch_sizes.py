"""Chapter 12: batches of several sizes, at equal passes over the data, on sets of several sizes.

Gradient descent on networks with one hidden layer. A draw fixes the data (or their split), the
start weights and the order. Each batch size has the rate that suits it, chosen on other draws.
"""

import numpy as np

from benchmarks import stacked
from benchmarks.rates import chosen
from dlcore.optimizers import GradientDescent

SETTINGS = {
    "tasks": {
        "moons": {"sets": [128, 512, 2048], "layers": [2, 16, 1]},
        "digits": {"sets": [128, 512, 1408], "layers": [64, 32, 10]},
    },
    "batches": [16, 64, 256, "all"],
    "rates": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0],
    "passes": 20,
    "compared": 24,
    "chosen_on": 6,
}


def draws(settings):
    """Train on every set in batches of every size below it, and on all of it, at every rate."""
    seeds = settings["compared"] + settings["chosen_on"]
    return {
        f"{task} {n} {size} {rate}": {
            "task": task, "n": n, "batch_size": n if size == "all" else size, "rate": rate,
            "sizes": how["layers"], "passes": settings["passes"], "seeds": seeds,
        }
        for task, how in settings["tasks"].items()
        for n in how["sets"]
        for size in settings["batches"]
        if size == "all" or size < n
        for rate in settings["rates"]
    }  # fmt: skip


def draw(task, n, batch_size, rate, sizes, passes, seeds):
    """Return the final costs on the training sets and the test accuracies, one for each seed."""
    (X, y), held_out, rngs = stacked.moons_and_digits(task, range(seeds), n)
    with np.errstate(all="ignore"):
        theta = stacked.train(
            stacked.starts(rngs, sizes),
            X,
            y,
            sizes,
            GradientDescent(rate),
            batch_size,
            passes,
            rngs,
        )
        cost, _ = stacked.ends(theta, X, y, sizes)
        _, test = stacked.ends(theta, *held_out, sizes)
    return {"cost": cost, "test": test}


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each task, size of the set and of the batch: what ``chosen`` says of the training cost,
        and "cost" and "test" (accuracy in percent) of the compared draws at the chosen rate.
    """
    values, compared, rates = {}, settings["compared"], settings["rates"]
    for task, how in settings["tasks"].items():
        values[task] = {}
        for n in how["sets"]:
            values[task][str(n)] = {}
            for size in settings["batches"]:
                if size != "all" and size >= n:
                    continue
                runs = [found[f"{task} {n} {size} {rate}"] for rate in rates]
                choice = chosen(rates, [run["cost"][compared:] for run in runs])
                best = runs[rates.index(choice["rate"])]
                values[task][str(n)][str(size)] = {
                    **choice, "cost": best["cost"][:compared], "test": best["test"][:compared],
                }  # fmt: skip
    return values
