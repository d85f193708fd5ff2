"""Chapter 12: optimizers in ravines that lie along the axes of the parameters, and turned ones.

Quadratic costs with curvatures 100/kappa and 100. A draw fixes a start on the unit circle and an
angle; the turned run has the ravine and the start turned together. No noise.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore.optimizers import AdaGrad, Adam, GradientDescent, Momentum, RMSprop

SETTINGS = {
    "kappas": [50, 1000],
    "steepest": 100.0,
    "steps": 200,
    "rates": {"lowest": 0.001, "highest": 10.0, "count": 36},
    "optimizers": ["gd", "momentum", "adagrad", "rmsprop", "adam"],
    "compared": 24,
    "chosen_on": 12,
}
OPTIMIZERS = {
    "gd": GradientDescent, "momentum": Momentum, "adagrad": AdaGrad, "rmsprop": RMSprop,
    "adam": Adam,
}  # fmt: skip
WAYS = ("axes", "turned")


def draws(settings):
    """Descend by every optimizer in every ravine at every rate, all starts side by side."""
    found = {}
    for kappa in settings["kappas"]:
        for optimizer in settings["optimizers"]:
            for rate in rates_of(settings):
                found[f"{kappa} {optimizer} {rate}"] = {
                    "kappa": kappa, "optimizer": optimizer, "rate": rate,
                    "steepest": settings["steepest"], "steps": settings["steps"],
                    "seeds": settings["compared"] + settings["chosen_on"],
                }  # fmt: skip
    return found


def rates_of(settings):
    """Return the rates, evenly apart on a logarithmic axis."""
    low, high, count = (settings["rates"][key] for key in ("lowest", "highest", "count"))
    return [float(f"{rate:.4g}") for rate in np.geomspace(low, high, count)]


def draw(kappa, optimizer, rate, steepest, steps, seeds):
    """Return the powers of ten of the final costs, along the axes and turned, for each seed."""
    angles = np.array(
        [np.random.default_rng(seed).uniform(0, 2 * np.pi, 2) for seed in range(seeds)]
    )
    start = np.stack([np.cos(angles[:, 0]), np.sin(angles[:, 0])], axis=1)
    turn = np.array([[[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]] for a in angles[:, 1]])
    axes = np.broadcast_to(np.diag([steepest / kappa, steepest]), turn.shape)
    optimizer = OPTIMIZERS[optimizer](rate)
    return {
        "axes": _costs(optimizer, axes, start, steps),
        "turned": _costs(
            optimizer,
            turn @ axes @ turn.transpose(0, 2, 1),
            (turn @ start[..., None])[..., 0],
            steps,
        ),
    }


def _costs(optimizer, H, theta, steps):
    state = optimizer.init(theta)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            theta, state = optimizer.update(theta, (H @ theta[..., np.newaxis])[..., 0], state)
        costs = np.sum(theta * (H @ theta[..., np.newaxis])[..., 0], axis=1) / 2
    costs = np.where(np.isfinite(costs), np.clip(costs, 1e-300, 1e30), 1e30)
    return np.round(np.log10(costs), 2).tolist()


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        "rates"; and for each kappa, optimizer, and "axes" or "turned": what ``chosen`` says, "at"
        which rate, as an index; "medians" of the compared draws at every rate, and their final
        "cost" at the chosen one. All costs are powers of ten.
    """
    rates, compared = rates_of(settings), settings["compared"]
    values = {"rates": rates}
    for kappa in settings["kappas"]:
        values[str(kappa)] = {}
        for optimizer in settings["optimizers"]:
            runs = [found[f"{kappa} {optimizer} {rate}"] for rate in rates]
            values[str(kappa)][optimizer] = {}
            for way in WAYS:
                choice = chosen(rates, [run[way][compared:] for run in runs])
                at = rates.index(choice["rate"])
                values[str(kappa)][optimizer][way] = {
                    "rate": choice["rate"], "inner": choice["inner"], "at": at,
                    "medians": [round(float(np.median(run[way][:compared])), 3) for run in runs],
                    "cost": runs[at][way][:compared],
                }  # fmt: skip
    return values
