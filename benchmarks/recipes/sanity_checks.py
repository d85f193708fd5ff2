"""Chapter 09: which check finds which mistake, on a network that reads digits.

Two hidden layers of 16 tanh units, softmax, a penalty on the weights, full-batch gradient descent.
A draw fixes the training images, the start weights, the five examples and the directions. The two
rates are those of the right network, chosen on draws of their own; so are the marks of the update
ratios.
"""

import math

import numpy as np

from benchmarks.rates import chosen
from dlcore.datasets import digits
from dlcore.gradcheck import directional_difference, numerical_gradient, relative_difference
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent
from dlcore.regularizers import l2
from dlcore.sanity import update_ratios

SETTINGS = {
    "mistakes": [
        "right", "sign", "times N", "doubled", "slope", "transposed", "lost layer", "bias mean",
        "one row", "no decay", "left at start", "shuffled", "softmax twice", "sum", "large start",
        "bytes", "no tanh",
    ],
    "rates": [0.1, 0.3, 1.0, 3.0],
    "rate": 1.0,
    "examples": 200,
    "steps": 100,
    "lam": 0.1,
    "compared": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    "chosen_on": [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115,
                  116, 117, 118, 119],
}  # fmt: skip
LAYERS = ("fc1", "fc2", "fc3")
EARLY = 20  # steps whose update ratios count


def network():
    """Return 64 pixels, two layers of 16 tanh units, 10 classes."""
    return Sequential(
        fc1=Affine(64, 16, xavier_normal), tanh1=Tanh(),
        fc2=Affine(16, 16, xavier_normal), tanh2=Tanh(),
        fc3=Affine(16, 10, xavier_normal),
    )  # fmt: skip


class Model:
    """Cost and gradient of the digit reader, with one mistake, or with none ("right").

    Mistakes of the cost ("softmax twice", "sum", "no tanh") are differentiated without a further
    one, as if they were meant.
    """

    def __init__(self, mistake, lam):
        self.mistake, self.lam = mistake, lam
        self.bend = (lambda Z: Z) if mistake == "no tanh" else np.tanh

    def forward(self, params, X):
        """Return the activations and the scores."""
        W1, b1, W2, b2, W3, b3 = params.values()
        A1 = self.bend(X @ W1.T + b1)
        A2 = self.bend(A1 @ W2.T + b2)
        return A1, A2, A2 @ W3.T + b3

    def loss(self, scores, y):
        """Return the cost without the penalty, and its gradient by the scores."""
        if self.mistake == "softmax twice":
            P = np.exp(scores - scores.max(axis=1, keepdims=True))
            P /= P.sum(axis=1, keepdims=True)
            cost, dP = softmax_cross_entropy(P, y)
            return cost, P * (dP - np.sum(P * dP, axis=1, keepdims=True))
        cost, dscores = softmax_cross_entropy(scores, y)
        return (len(y) * cost, len(y) * dscores) if self.mistake == "sum" else (cost, dscores)

    def cost(self, params, X, y, lam=None):
        """Return the cost with the penalty of the settings, or with another one."""
        lam = self.lam if lam is None else lam
        penalty = sum(l2(params[f"{layer}.W"], lam, len(X))[0] for layer in LAYERS)
        return self.loss(self.forward(params, X)[2], y)[0] + penalty

    def gradient(self, params, X, y, lam=None):
        """Return the claimed gradient, as one vector."""
        lam, mistake = self.lam if lam is None else lam, self.mistake
        W2, W3 = params["fc2.W"], params["fc3.W"]
        A1, A2, scores = self.forward(params, X)
        slope1, slope2 = (1.0, 1.0) if mistake == "no tanh" else (1 - A1**2, 1 - A2**2)
        dZ3 = self.loss(scores, y)[1]
        if mistake == "times N":
            dZ3 = len(X) * dZ3
        dZ2 = (dZ3 @ W3) * slope2
        dZ1 = dZ2 @ (W2.T if mistake == "transposed" else W2)
        dZ1 = dZ1 if mistake == "slope" else dZ1 * slope1
        grads = params.like(np.zeros_like(params.theta))
        decay = 0.0 if mistake == "no decay" else lam / len(X)
        for layer, dZ, A in zip(LAYERS, (dZ1, dZ2, dZ3), (X, A1, A2), strict=True):
            grads[f"{layer}.W"][...] = dZ.T @ A + decay * params[f"{layer}.W"]
            grads[f"{layer}.b"][...] = dZ.sum(axis=0)
        if mistake == "bias mean":
            grads["fc2.b"][...] = dZ2.mean(axis=0)
        if mistake == "doubled":
            grads["fc2.W"][...] *= 2
        if mistake == "one row":
            grads["fc1.W"][-1] = 0
        if mistake == "lost layer":
            grads["fc1.W"][...], grads["fc1.b"][...] = 0, 0
        return -grads.theta if mistake == "sign" else grads.theta

    def step(self, params, X, y, rate, lam=None):
        """Take one step of gradient descent."""
        grad = self.gradient(params, X, y, lam)
        updated = params.like(GradientDescent(rate).update(params.theta, grad, ())[0])
        if self.mistake == "left at start":  # the optimizer was not given the first layer
            updated["fc1.W"][...], updated["fc1.b"][...] = params["fc1.W"], params["fc1.b"]
        return updated


def problem(mistake, seed, examples):
    """Return parameters, the images as rows, and their labels."""
    rng = np.random.default_rng([9, seed])
    images, labels = digits()
    chosen_images = rng.permutation(len(images))[:examples]
    X, y = images[chosen_images].reshape(examples, -1) / 16.0, labels[chosen_images]
    params = network().init(rng)
    order = rng.permutation(examples)
    if mistake == "shuffled":
        y = y[order]
    if mistake == "bytes":
        X = 16.0 * X
    if mistake == "large start":
        params = params.like(10 * params.theta)
    return params, X, y, rng


def draws(settings):
    """Try the rates on the right network, then run every mistake at the best of them."""
    same = {name: settings[name] for name in ("examples", "steps", "lam")}
    runs = [("right", rate, seed) for rate in settings["rates"] for seed in settings["chosen_on"]]
    runs += [
        (mistake, settings["rate"], seed)
        for mistake in settings["mistakes"]
        for seed in settings["compared"]
    ]
    return {
        f"{mistake} at {rate} {seed}": {"mistake": mistake, "rate": rate, "seed": seed, **same}
        for mistake, rate, seed in runs
    }


def draw(mistake, rate, seed, examples, steps, lam):
    """Return what each check measures.

    start cost; cost of the five examples at the end; update ratios of the three layers, geometric
    means over the first steps; cost at the end; relative difference of all entries; largest of six
    directions, one for each array.
    """
    model = Model(mistake, lam)
    params, X, y, rng = problem(mistake, seed, examples)
    start = params
    with np.errstate(all="ignore"):
        first = model.loss(model.forward(params, X)[2], y)[0]
        for _step in range(steps):
            params = model.step(params, X[:5], y[:5], rate, lam=0.0)
        five = model.cost(params, X[:5], y[:5], lam=0.0)
        params, ratios = start, []
        for step in range(steps):
            updated = model.step(params, X, y, rate)
            if step < EARLY:
                found = update_ratios(params, updated)
                ratios.append([found[f"{layer}.W"] for layer in LAYERS])
            params = updated
        last = model.loss(model.forward(params, X)[2], y)[0]
        early = np.exp(np.mean(np.log(np.maximum(ratios, 1e-300)), axis=0))
    few_X, few_y = X[:7], y[:7]
    theta, grad = start.theta, model.gradient(start, few_X, few_y)

    def cost(vector):
        return model.cost(start.like(vector), few_X, few_y)

    apart = relative_difference(grad, numerical_gradient(cost, theta))
    one = []
    for name in start:
        v = start.like(np.zeros_like(theta))
        v[name][...] = rng.standard_normal(v[name].shape)
        measured, promised = directional_difference(cost, theta, v.theta), grad @ v.theta
        one.append(relative_difference(float(promised), float(measured)))
    found = [first, five, *early, last, apart, max(one)]
    return [float(f"{value:.4g}") if math.isfinite(value) else None for value in found]


NAMES = ("start", "five", "ratio1", "ratio2", "ratio3", "end", "all entries", "directions")


def collect(settings, found):
    """Bring the draws into lists, by mistake and by what was measured.

    Returns
    -------
    dict
        "rates": for all examples and for five the median cost at every rate, and the lowest, which
        has to be the settings' "rate"; "choosing": what was measured of the right network on the
        draws that choose; "mistakes": of each mistake on the others. None is no finite number.
    """
    rates = {}
    for side, place in (("all", NAMES.index("end")), ("five", NAMES.index("five"))):
        costs = [
            [found[f"right at {rate} {seed}"][place] or 1e9 for seed in settings["chosen_on"]]
            for rate in settings["rates"]
        ]
        rates[side] = chosen(settings["rates"], costs)
        if rates[side]["rate"] != settings["rate"]:
            raise ValueError(f"the best rate for {side} is {rates[side]['rate']}: set it")

    def columns(mistake, group):
        rows = [found[f"{mistake} at {settings['rate']} {seed}"] for seed in settings[group]]
        return {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}

    return {
        "rates": rates,
        "choosing": columns("right", "chosen_on"),
        "mistakes": {mistake: columns(mistake, "compared") for mistake in settings["mistakes"]},
    }
