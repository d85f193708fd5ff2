"""Chapter 12: BFGS beside gradient descent and momentum, by evaluations of cost and gradient.

Two problems without batches: logistic regression on two digits with an L2 penalty, whose cost is
convex, and a small tanh network on the moons. A draw fixes the examples and the start. The rates of
gradient descent and momentum are chosen on draws of their own; BFGS has a line search.
"""

import numpy as np

from benchmarks.rates import chosen
from dlcore import losses
from dlcore.datasets import digits, moons
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent, Momentum, bfgs_update

SETTINGS = {
    "problems": {"digits": {"n": 200, "penalty": 0.001}, "moons": {"n": 300, "penalty": 0.001}},
    "rates": {
        "gd": [0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0],
        "momentum": [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0],
    },
    "evaluations": 100,
    "far": 3000,
    "compared": 24,
    "chosen_on": 6,
}


def draws(settings):
    """Descend from every start by BFGS, and by the others at every rate."""
    found = {}
    for problem, how in settings["problems"].items():
        for seed in range(settings["compared"] + settings["chosen_on"]):
            same = {"problem": problem, "seed": seed, **how}
            for side, evaluations in (("bfgs", settings["evaluations"]), ("far", settings["far"])):
                found[f"{problem} {side} {seed}"] = same | {
                    "side": "bfgs", "rate": 0.0, "evaluations": evaluations,
                }  # fmt: skip
            for side, rates in settings["rates"].items():
                for rate in rates:
                    found[f"{problem} {side} {rate} {seed}"] = same | {
                        "side": side, "rate": rate, "evaluations": settings["evaluations"],
                    }  # fmt: skip
    return found


def draw(problem, seed, n, penalty, side, rate, evaluations):
    """Return the lowest cost seen so far after 10, 20, … evaluations; far runs' last one only."""
    cost_and_gradient, theta = _problem(problem, seed, n, penalty)
    costs = []

    def seen(theta):
        value, gradient = cost_and_gradient(theta)
        value = value if np.isfinite(value) else 1e6
        costs.append(min(value, costs[-1] if costs else value))
        return value, gradient

    with np.errstate(all="ignore"):
        if side == "bfgs":
            _bfgs(seen, theta, evaluations)
        else:
            optimizer = {"gd": GradientDescent, "momentum": Momentum}[side](rate)
            state = optimizer.init(theta)
            for _ in range(evaluations):
                theta, state = optimizer.update(theta, seen(theta)[1], state)
    costs += [costs[-1]] * (evaluations - len(costs))
    every = 10 if evaluations <= 1000 else evaluations
    return [float(f"{cost:.9g}") for cost in costs[every - 1 : evaluations : every]]


def _bfgs(f, theta, evaluations):
    Q, (cost, g), left = np.eye(len(theta)), f(theta), evaluations - 1
    while left > 0 and np.any(g):
        direction, rate = -Q @ g, 1.0
        while left > 0:
            there = theta + rate * direction
            (lower, slope), left = f(there), left - 1
            if lower <= cost + 1e-4 * rate * (g @ direction):
                break
            rate /= 2
            if rate < 1e-12:
                return
        else:
            return
        Q = bfgs_update(Q, there - theta, slope - g)
        theta, cost, g = there, lower, slope


def _problem(problem, seed, n, penalty):
    """Return a function that gives cost and gradient at theta, and the start."""
    rng = np.random.default_rng([seed, 13])
    if problem == "digits":
        images, labels = digits((3, 8))
        place = rng.permutation(len(images))[:n]
        X, Y = images.reshape(len(images), -1)[place] / 16, (labels[place] == 8)[:, np.newaxis]
        net = Sequential(fc=Affine(64, 1, xavier_normal))
    else:
        X, y = moons(rng, n)
        Y = y[:, np.newaxis]
        net = Sequential(
            fc1=Affine(2, 8, xavier_normal), tanh=Tanh(), fc2=Affine(8, 1, xavier_normal)
        )
    Y, params = Y.astype(int), net.init(rng)

    def cost_and_gradient(theta):
        here = params.like(theta)
        scores, cache = net.forward(here, X)
        cost, dscores = losses.logistic(scores, Y)
        _, grads = net.backward(dscores, cache)
        return cost + penalty / 2 * (theta @ theta), grads.theta + penalty * theta

    return cost_and_gradient, params.theta


def collect(settings, found):
    """Choose the rates, and bring the compared draws into lists.

    Returns
    -------
    dict
        For each problem and side, "cost": for each compared draw the lowest cost seen after 10, 20,
        … evaluations; for gradient descent and momentum also what ``chosen`` says. "far" is the
        lowest cost that long BFGS has seen, for each compared draw.
    """
    values, compared = {}, range(settings["compared"])
    others = range(settings["compared"], settings["compared"] + settings["chosen_on"])
    for problem in settings["problems"]:
        values[problem] = {
            "bfgs": {"cost": [found[f"{problem} bfgs {seed}"] for seed in compared]},
            "far": [found[f"{problem} far {seed}"][-1] for seed in compared],
        }
        for side, rates in settings["rates"].items():
            costs = [[found[f"{problem} {side} {r} {seed}"][-1] for seed in others] for r in rates]
            choice = chosen(rates, costs)
            run = f"{problem} {side} {choice['rate']}"
            values[problem][side] = {
                **choice, "cost": [found[f"{run} {seed}"] for seed in compared],
            }  # fmt: skip
    return values
