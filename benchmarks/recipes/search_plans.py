"""Chapter 13: twenty trainings, spent by several plans on three tasks.

In each draw the split (or the points), the start weights, the plans' own draws and the place of
the range of rates are fresh, and all plans share them. A plan ends with a setting, which is trained
from three fresh starts and tested. The forms of the plans were fixed before the first run.
"""

import numpy as np

from benchmarks.search_tasks import DEFAULTS, EPOCHS, learn, network, parts, right
from dlcore.losses import softmax_cross_entropy
from dlcore.optimizers import Adam
from dlcore.search import (
    LogIntegers,
    LogUniform,
    OneMinusLogUniform,
    Uniform,
    best,
    coarse_to_fine,
    grid_search,
    random_search,
    rate_range_test,
    successive_halving,
)

SETTINGS = {
    "tasks": ["digits", "tumors", "spirals"],
    "pairs": 20,
    "plans": [
        "default", "ramp", "grid", "uniform", "random", "fine", "halving", "tested", "coordinates",
        "random 5", "random 10", "repeated",
    ],
}  # fmt: skip


def draws(settings):
    """Let all plans search on each task, from each seed."""
    return {
        f"{task} {seed}": {"task": task, "seed": seed}
        for task in settings["tasks"]
        for seed in range(settings["pairs"])
    }


def draw(task, seed):
    """Return for each plan the winner's accuracy on the two parts held out."""
    train, valid, test = parts(task, seed)
    known = {}

    def score(lr, beta1, units, batch, budget=EPOCHS[task]):
        key = lr, beta1, units, batch, budget
        if key not in known:
            net = learn(*train, seed, lr=lr, beta1=beta1, units=units, batch=batch, epochs=budget)
            known[key] = right(net, *valid)
        return known[key]

    def tested(settings):
        nets = (learn(*train, 1000 * seed + k, **settings, epochs=EPOCHS[task]) for k in (7, 8, 9))
        accuracy = float(np.mean([right(n, *test) for n in nets]))
        return [round(score(**settings), 4), round(accuracy, 4)]

    steps = EPOCHS[task] * -(-len(train[0]) // DEFAULTS["batch"])
    net, rng = network(*train, DEFAULTS["units"]), np.random.default_rng([seed, 3])
    lowest = rate_range_test(
        net, net.init(rng), *train, loss=softmax_cross_entropy, optimizer=Adam(1.0), rng=rng,
        steps=steps,
    ).lowest  # fmt: skip

    def again(settings):
        nets = (learn(*train, 1000 * seed + k, **settings, epochs=EPOCHS[task]) for k in (1, 2))
        return np.mean([score(**settings), *(right(net, *valid) for net in nets)])

    found = winners(score, again, lowest, np.random.default_rng([seed, 2]), EPOCHS[task])
    return {"lowest": lowest} | {plan: tested(setting) for plan, setting in found.items()}


def winners(score, again, lowest, rng, epochs):
    """Return the setting that each plan chooses."""
    low = 10.0 ** rng.uniform(-5, -3)  # where this searcher believes that the rates lie
    space = {
        "lr": LogUniform(low, 1e4 * low),
        "beta1": OneMinusLogUniform(0.5, 0.999),
        "units": LogIntegers(4, 64),
        "batch": LogIntegers(16, 128),
    }
    found = {"default": DEFAULTS, "ramp": {**DEFAULTS, "lr": lowest / 10}}
    points = {"lr": 5, "beta1": 1, "units": 2, "batch": 2}
    found["grid"] = best(grid_search(score, space, points)).settings
    uniform = space | {"lr": Uniform(low, 1e4 * low)}
    found["uniform"] = best(random_search(score, uniform, 20, rng)).settings
    trials = random_search(score, space, 20, rng)
    found["random"] = best(trials).settings
    found |= {f"random {n}": best(trials[:n]).settings for n in (5, 10)}
    three = sorted(trials[:14], key=lambda trial: -trial.score)[:3]  # each gets two more trainings
    found["repeated"] = max((trial.settings for trial in three), key=again)
    found["fine"] = best(coarse_to_fine(score, space, 10, rng, rounds=2)).settings
    budgets = [epochs // 8 * k for k in (1, 2, 4, 8)]  # four rungs of forty eighths: twenty
    found["halving"] = best(successive_halving(score, space, 40, rng, budgets=budgets)[-1]).settings
    near = space | {"lr": LogUniform(lowest / 30, lowest / 3)}
    found["tested"] = best(random_search(score, near, 19, rng)).settings
    found["coordinates"] = coordinates(score, space, (8, 4, 4, 4))
    return found


def coordinates(score, space, counts):
    """Move one hyperparameter at a time, and keep its best value."""
    settings = {name: values.at(0.5) for name, values in space.items()}
    reached = -1.0
    for name, count in zip(("lr", "units", "batch", "beta1"), counts, strict=True):
        tried = [settings | {name: space[name].at(i / (count - 1))} for i in range(count)]
        scores = [score(**setting) for setting in tried]
        if max(scores) > reached:
            reached, settings = max(scores), tried[int(np.argmax(scores))]
    return settings


def collect(settings, found):
    """Bring the draws into lists.

    Returns
    -------
    dict
        For each task "lowest", where the range tests saw the lowest cost, and for each plan "valid"
        and "test", the accuracies of the winner.
    """
    values = {}
    for task in settings["tasks"]:
        runs = [found[f"{task} {seed}"] for seed in range(settings["pairs"])]
        values[task] = {"lowest": [run["lowest"] for run in runs]}
        for plan in settings["plans"]:
            valid, test = zip(*[run[plan] for run in runs], strict=True)
            values[task][plan] = {"valid": list(valid), "test": list(test)}
    return values
