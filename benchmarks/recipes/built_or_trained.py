"""Chapter 08: networks written down by the proof against networks of the same size that learned.

Each draw is a random curve and a random start. Both sides choose with the same 101 points: the
built staircase its steepness, training its rate.
"""

import numpy as np

from dlcore import losses, models
from dlcore.optimizers import Adam
from dlcore.training import fit

SETTINGS = {
    "units": ["sigmoid", "relu"],
    "sizes": [6, 12, 24],
    "seeds": 20,
    "steepness": [3, 5, 10, 20],  # times the number of bumps
    "rates": [0.003, 0.01, 0.03],
    "epochs": 1000,
    "points": 101,
}


def draws(settings):
    """Take every kind of unit and every size with every curve."""
    same = {name: settings[name] for name in ("steepness", "rates", "epochs", "points")}
    return {
        f"{unit}, n = {n}, seed {seed}": {"unit": unit, "n": n, "seed": seed, **same}
        for unit in settings["units"]
        for n in settings["sizes"]
        for seed in range(settings["seeds"])
    }


def draw(unit, n, seed, steepness, rates, epochs, points):
    """Return the largest errors: as built, trained from a random start, and from the built one."""
    rng = np.random.default_rng(seed)
    f = random_curve(rng)
    X = np.linspace(0, 1, points)[:, np.newaxis]
    dense = np.linspace(0, 1, 2001)[:, np.newaxis]

    def off(net, params, x):
        return float(np.abs(net.forward(params, x)[0] - f(x)).max())

    def trained(net, start):
        ends = []
        for rate in rates:
            params, _ = fit(
                net, start, X, f(X), loss=losses.squared_error, optimizer=Adam(rate),
                epochs=epochs, progress=False,
            )  # fmt: skip
            cost, _ = losses.squared_error(net.forward(params, X)[0], f(X))
            ends.append((float(cost), off(net, params, dense)))
        return min(ends)[1]

    if unit == "sigmoid":
        heights = f((np.arange(n) + 0.5) / n)
        candidates = [models.staircase(heights, k * n) for k in steepness]
        built = min(candidates, key=lambda network: off(*network, X))
    else:
        built = models.hats(f(np.linspace(0, 1, n)))
    return {
        "built": off(*built, dense),
        "trained": trained(*models.random_steps(n - 1, unit, rng)),
        "both": trained(*built),
    }


def random_curve(rng):
    """Return a sum of three waves with random heights and phases, scaled to 0.1 ... 0.9."""
    heights, phases = rng.standard_normal(3) / [1, 2, 3], 2 * np.pi * rng.random(3)

    def waves(x):
        return sum(
            h * np.sin(2 * np.pi * k * x + phase)
            for k, (h, phase) in enumerate(zip(heights, phases, strict=True), start=1)
        )

    low, high = (end(waves(np.linspace(0, 1, 2001))) for end in (np.min, np.max))
    return lambda x: 0.1 + 0.8 * (waves(x) - low) / (high - low)


def collect(settings, found):
    """Return for each kind of unit and each way the errors: a list of the curves for each size."""
    runs = list(found.values())
    values, seeds = {}, settings["seeds"]
    for unit in settings["units"]:
        rows = {"built": [], "trained": [], "both": []}
        for _ in settings["sizes"]:
            here, runs = runs[:seeds], runs[seeds:]
            for way, row in rows.items():
                row.append([run[way] for run in here])
        values[unit] = rows
    return {"sizes": settings["sizes"], **values}
