"""Lab ``hidden-units`` (chapter 04): what each hidden unit adds to the decision boundary."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from byhand.labs.challenges import Challenge
from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore import datasets, losses
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, ReLU, Tanh
from dlcore.metrics import binary_accuracy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent

RATE = 0.5
ITERATIONS = range(0, 2001, 20)
UNITS = range(1, 21)
SEEDS = range(10)
N = 200  # points to train on, and as many to test
DATA_SEED = 1

ACTIVATIONS = {"none": None, "tanh": Tanh(), "relu": ReLU()}
WORDS = {  # in the sentences, and in the line of code
    "none": {"act": None, "layer": ""},
    "tanh": {"act": "tanh", "layer": "    tanh=Tanh(),\n"},
    "relu": {"act": "ReLU", "layer": "    relu=ReLU(),\n"},
}
DATA = {
    "planar_flower": lambda rng: datasets.planar_flower(rng, n=2 * N),
    "circles": lambda rng: datasets.circles(rng, n=2 * N),
    "moons": lambda rng: datasets.moons(rng, n=2 * N),
    "xor": lambda rng: datasets.xor(rng, n=2 * N, noise=0.4),
}


@dataclass(frozen=True, kw_only=True)
class Unit(Slider):
    """A slider over as many units as the network has."""

    kind: ClassVar[str] = "unit"


@cache
def points(data):
    """Return ``X, y, X_test, y_test`` of a data set, standardized by the training points.

    Labels have shape (N, 1), as the network's scores.
    """
    rng = np.random.default_rng(DATA_SEED)
    X, y = DATA[data](rng)
    order = rng.permutation(2 * N)
    X, y = X[order], y[order][:, np.newaxis]
    X = (X - X[:N].mean(axis=0)) / X[:N].std(axis=0)
    X = X.round(3)  # as in the page
    return X[:N], y[:N], X[N:], y[N:]


def network(units, activation):
    """Return the network: two inputs, ``units`` hidden units, one score."""
    layers = {"fc1": Affine(2, units, xavier_normal)}
    if ACTIVATIONS[activation]:
        layers[activation] = ACTIVATIONS[activation]
    return Sequential(**layers, fc2=Affine(units, 1, xavier_normal))


def start(units, seed):
    """Return the start weights, which do not depend on the activation."""
    params = network(units, "none").init(np.random.default_rng(seed))
    return params.like(params.theta.round(5))  # as in the page


def state(units, activation, data, seed, unit):
    """Train the network, and note where it stands at each of the scrubber's stops."""
    shown = min(unit, units)
    X, y, X_test, y_test = points(data)
    net, params = network(units, activation), start(units, seed)
    optimizer = GradientDescent(lr=RATE)
    stops = []
    for iteration in range(ITERATIONS[-1] + 1):
        scores, cache = net.forward(params, X)
        cost, dscores = losses.logistic(scores, y)
        if iteration in ITERATIONS:
            test_scores, _ = net.forward(params, X_test)
            stop = {
                "theta": params.theta,
                "cost": float(cost),
                "test_cost": float(losses.logistic(test_scores, y_test)[0]),
                "accuracy": binary_accuracy(scores, y),
                "test_accuracy": binary_accuracy(test_scores, y_test),
            }
            stops.append(stop | numbers(params, activation, shown))
        _, grads = net.backward(dscores, cache)
        theta, _ = optimizer.update(params.theta, grads.theta, ())
        params = params.like(theta)
    series = {name: [stop[name] for stop in stops] for name in stops[0]}
    told = {"parameters": params.theta.size, "shown": shown}
    return WORDS[activation] | told | {"series": series}


def numbers(params, activation, unit):
    """Return what the equations show: a unit, and the straight line that no activation leaves."""
    W1, b1, W2, b2 = params.values()
    w, b = W2 @ W1, W2 @ b1 + b2  # (1, h) (h, 2) -> (1, 2), (1, h) (h,) + (1,) -> (1,)
    straight = activation == "none"
    return {
        "unit_w1": W1[unit - 1, 0],
        "unit_w2": W1[unit - 1, 1],
        "unit_b": b1[unit - 1],
        "unit_out": W2[0, unit - 1],
        "line_w1": w[0, 0] if straight else None,
        "line_w2": w[0, 1] if straight else None,
        "line_b": b[0] if straight else None,
    }


def shared():
    """Return the points, the start weights, and the constants of the training."""
    return {
        "data": {
            name: dict(zip(("X", "y", "X_test", "y_test"), points(name), strict=True))
            for name in DATA
        },
        "starts": [[start(units, seed).theta for units in UNITS] for seed in SEEDS],
        "rate": RATE,
        "words": WORDS,
    }


def hidden_units():
    """Return the lab of chapter 04: what does each hidden unit add to the boundary."""
    score = (
        "trained for {iteration:,d} iterations, puts {accuracy:.1%} of the training points and "
        "{test_accuracy:.1%} of the test points on the right side; the cost is {cost:.3f}."
    )
    return Lab(
        name="hidden-units",
        title="What does each hidden unit add?",
        note=f"{N} points to train on and {N} to test, standardized (seed {DATA_SEED}). Full-batch "
        f"gradient descent at a rate of {RATE}; Xavier start weights from a seed. What each unit "
        "adds to the score is drawn small, by size and sign: click one.",
        controls=[
            Slider(name="units", label="Hidden units", values=UNITS, value=4, bounds=(1, 200)),
            Select(
                name="activation",
                label="Activation",
                options={"none": "none", "tanh": "tanh", "relu": "ReLU"},
                value="tanh",
            ),
            Select(
                name="data",
                label="Data set",
                options={
                    "planar_flower": "flower",
                    "circles": "circles",
                    "moons": "moons",
                    "xor": "xor",
                },
                value="planar_flower",
            ),
            Slider(
                name="seed", label="Seed of the start weights", values=SEEDS, value=0, rare=True
            ),
            Scrubber(name="iteration", label="Iteration", values=ITERATIONS, value=1000),
            Unit(name="unit", label="Unit shown", values=UNITS, value=1, off={"units": [1]}),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "A hidden layer of {units} ({act}), " + score,
            "A hidden layer of {units} without activation, "
            + score
            + " Whatever its size, it draws "
            "one straight line: {line_w1:.2f} x₁ {line_w2:term .2f} x₂ {line_b:term .2f} = 0.",
        ],
        equation=[
            "<i>ŷ</i> = σ(<i>W</i>₂ {act}(<i>W</i>₁ <i>x</i> + <i>b</i>₁) + <i>b</i>₂), "
            "{parameters} parameters",
            "unit {shown}: <i>a</i> = {act}({unit_w1:.2f} <i>x</i>₁ {unit_w2:term .2f} <i>x</i>₂ "
            "{unit_b:term .2f}), weighed by {unit_out:.2f}",
            "<i>ŷ</i> = σ(<i>W</i>₂ (<i>W</i>₁ <i>x</i> + <i>b</i>₁) + <i>b</i>₂) = "
            "σ({line_w1:.2f} <i>x</i>₁ {line_w2:term .2f} <i>x</i>₂ {line_b:term .2f})",
        ],
        code="net = Sequential(\n    fc1=Affine(2, {units}, xavier_normal),\n{layer}"
        "    fc2=Affine({units}, 1, xavier_normal),\n)\n"
        "params = net.init(np.random.default_rng({seed}))",
        alt="Left: the plane divided between two classes by a network with {units} hidden units, "
        "whose lines are dashed. Right: training and test accuracy rising to {accuracy:.0%} and "
        "{test_accuracy:.0%} in {iteration:,d} iterations.",
        challenge=Challenge(
            text="Tell the classes of xor apart with two hidden units at most. The score is the "
            "share of test points on the right side.",
            score="test_accuracy",
            format=".1%",
            lowest=False,
            where={"data": ["xor"], "units": [1, 2]},
            par={"data": "xor", "units": 2, "seed": 3, "iteration": 2000},
            par_words="which two tanh units reach from seed 3 in 2,000 iterations",
        ),
        question="Four tanh units bend the boundary around the petals. Take the activation away: "
        "what can 20 units draw?",
        reveal={"activation": "none", "units": 20},
        answers={
            "A curve, with more bends": "No. Without activation an affine map of an affine map is "
            "again affine.",
            "One straight line": "Yes. An affine map of an affine map is again affine.",
            "Up to 20 straight pieces": "No, that would need ReLU. Without activation all 20 units "
            "are one affine map.",
        },
    )
