"""Lab ``init`` (chapter 10): what start weights do to signals and gradients, layer by layer."""

from functools import cache
from statistics import NormalDist

import numpy as np

from byhand.labs.controls import Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore import datasets, losses
from dlcore.layers import Affine, ReLU, Sigmoid, Tanh, affine_forward
from dlcore.network import Sequential

N, INNER, STEPS, RATE, SEED = 60, 0.6, 200, 0.03, 0
DEPTHS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
WIDTHS = (4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32)
GAINS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
SATURATED = 0.05  # a slope below this share of the activation's largest
SCHEMES = {
    "zeros": "zeros",
    "constant": "constant 1/n",
    "normal": "normal, sd 1",
    "xavier": "Xavier",
    "he": "He",
}
ACTIVATIONS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU()}
LAYERS = {"sigmoid": "Sigmoid()", "tanh": "Tanh()", "relu": "ReLU()"}
WEIGHTS = {
    "zeros": "zeros",
    "constant": "lambda rng, shape, n_in, n_out: np.full(shape, 1 / n_in)",
    "normal": "normal(1.0)",
    "xavier": "xavier_normal",
    "he": "he_normal",
}
NUDGE = 1e-12  # of the weights
VISIBLE = 5e-4  # of the cost: what three digits show
LARGEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
SPREAD = {  # the root of a weight's mean square, before the gain
    "zeros": lambda n_in, n_out: 0.0,
    "constant": lambda n_in, n_out: 1 / n_in,
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: float(np.sqrt(2 / (n_in + n_out))),
    "he": lambda n_in, n_out: float(np.sqrt(2 / n_in)),
}


@cache
def points():
    """Return the circles, the inner one drawn in: X (N, 2) and y (N, 1)."""
    X, y = datasets.circles(np.random.default_rng(SEED), n=N)
    y = y[:, np.newaxis]
    return np.where(y, INNER * X, X).round(3), y


@cache
def draws():
    """Return the standard normal numbers that all weights are cut from, layer after layer."""
    size = WIDTHS[-1] * (2 + (DEPTHS[-1] - 1) * WIDTHS[-1] + 1)
    return np.random.default_rng(SEED).standard_normal(size).round(2)


@cache
def quantiles():
    """Return 200 numbers that lie as a standard normal distribution does."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)]).round(4)


def network(scheme, gain, activation, depth, width):
    """Return the network with its start values, cut from ``draws``."""
    sizes, layers = [2, *[width] * depth, 1], {}
    for k in range(1, depth + 1):
        layers |= {f"fc{k}": Affine(sizes[k - 1], width), f"act{k}": ACTIVATIONS[activation]}
    net = Sequential(**layers, out=Affine(width, 1))
    params = net.init(np.random.default_rng(0))
    used = 0
    for name, array in params.items():
        if name.endswith(".W"):
            spread = gain * SPREAD[scheme](array.shape[1], array.shape[0])
            unit = draws()[used : used + array.size].reshape(array.shape)
            array[...] = spread * (np.ones_like(unit) if scheme == "constant" else unit)
            used += array.size
    return net, params


def theory(scheme, gain, activation, depth, width):
    """Return what each hidden layer's scores should be, in wide layers of independent weights.

    Equation: eq-init-variance, eq-init-backward

    Returns
    -------
    q, inputs, slopes : list of float, length depth
        Mean squares of the scores, of the layer's inputs, and of the slopes at the scores.
    """
    act, square, n_in = ACTIVATIONS[activation], np.mean(points()[0] ** 2), 2
    q, inputs, slopes = [], [], []
    for _ in range(depth):
        inputs.append(square)
        q.append(n_in * (gain * SPREAD[scheme](n_in, width)) ** 2 * square)
        A, kept = act.forward({}, np.sqrt(q[-1]) * quantiles(), train=False, rng=None)
        slope, _ = act.backward(np.ones_like(A), kept)
        slopes.append(np.mean(slope**2))
        square, n_in = np.mean(A**2), width
    return q, inputs, slopes


def layerwise(net, caches, dscores, activation):
    """Return each hidden layer's activations and errors dL/dz, flat, and what they say of it."""
    names = ("signals", "errors", "squares", "saturated", "dead")
    found = {name: [] for name in names}
    for (name, layer), kept in reversed(list(zip(net.layers.items(), caches, strict=True))):
        dscores, _ = layer.backward(dscores, kept)
        if name.startswith("act"):
            slope, _ = layer.backward(np.ones_like(dscores), kept)
            found["errors"].append(dscores.ravel())
            found["saturated"].append(np.mean(slope < SATURATED * LARGEST[activation]))
            found["dead"].append(np.mean(np.all(slope == 0, axis=0)))
        else:
            X, W = kept
            if name != "fc1":
                found["signals"].append(X.ravel())
            if name != "out":
                Z, _ = affine_forward(X, W, np.zeros(len(W)))
                found["squares"].append(np.mean(Z**2))
    return {name: values[::-1] for name, values in found.items()}


def train(net, params):
    """Yield the cost, the scores' gradient and the caches at each step of gradient descent."""
    X, y = points()
    for _ in range(STEPS + 1):
        scores, (_, caches) = net.forward(params, X)
        cost, dscores = losses.logistic(scores, y)
        yield float(cost), dscores, caches
        _, grads = net.backward(dscores, (params, caches))
        params = params.like(params.theta - RATE * grads.theta)


def ends(scheme, gain, activation, depth, width):
    """Return the costs of a training, and where it ends with weights that are hardly others."""
    with np.errstate(over="ignore", invalid="ignore"):  # large weights may overflow
        run = list(train(*network(scheme, gain, activation, depth, width)))
        twin = list(train(*network(scheme, gain * (1 + NUDGE), activation, depth, width)))
    return run, twin[-1][0]


def state(scheme, gain, activation, depth, width):
    """Push the circles through the network and their errors back, then train it."""
    net, _ = network(scheme, gain, activation, depth, width)
    run, twin = ends(scheme, gain, activation, depth, width)
    costs = [cost for cost, _, _ in run]
    found = layerwise(net, run[0][2], run[0][1], activation)
    sizes = [float(np.sqrt(np.mean(errors**2))) for errors in found["errors"]]
    q, inputs, slopes = theory(scheme, gain, activation, depth, width)
    variance = (gain * SPREAD[scheme](width, width)) ** 2
    factors = [width * variance * slope for slope in slopes]
    finite = bool(np.isfinite(costs[-1]))
    return found | {
        "q": q,
        "expected": [sizes[-1] * float(np.sqrt(np.prod(factors[k:-1]))) for k in range(depth)],
        "variance": variance,
        "inputs": inputs[-1],
        "should": q[-1],
        "is": found["squares"][-1],
        "slopes": slopes[-2],
        "factor": factors[-2],
        "first": sizes[0],
        "last": sizes[-1],
        "verdict": verdict(sizes[0], sizes[-1]),
        "all_saturated": float(np.mean(found["saturated"])),
        "all_dead": float(np.mean(found["dead"])),
        "layer": LAYERS[activation],
        "weights": WEIGHTS[scheme],
        "costs": costs,
        "step": STEPS,
        "cost": costs[-1] if finite else None,
        "overflow": None if finite else "",
        "twin": twin if abs(twin - costs[-1]) > VISIBLE else None,
    }


def verdict(first, last):
    """Say what becomes of the errors between the last hidden layer and the first."""
    if first == 0:
        return "there are none"
    ratio = first / last if last else np.inf
    return "they vanish" if ratio < 0.01 else "they explode" if ratio > 100 else "they get through"


def shared():
    """Return the points, the draws of the weights, and the quantiles of the theory."""
    X, y = points()
    return {
        "X": X,
        "y": y,
        "draws": draws(),
        "quantiles": quantiles(),
        "steps": STEPS,
        "rate": RATE,
        "nudge": NUDGE,
        "visible": VISIBLE,
        "saturated": SATURATED,
        "layers": LAYERS,
        "weights": WEIGHTS,
    }


def poster(figure, settings, state, shared):
    """Draw the size of scores and errors, layer by layer, against the theory."""
    layers = range(1, settings["depth"] + 1)
    sizes = [np.sqrt(np.mean(np.square(errors))) for errors in state["errors"]]
    panels = {
        "Mean square of the scores": (state["squares"], state["q"]),
        "Size of the errors": (sizes, state["expected"]),
    }
    for axis, (title, lines) in zip(figure.subplots(1, 2), panels.items(), strict=True):
        axis.semilogy(layers, lines[0], "o", label="measured")
        axis.semilogy(layers, lines[1], "--", label="theory")
        axis.set(title=title, xlabel="layer")
        axis.legend()


def init():
    """Return the lab of chapter 10: what start weights do to signals and gradients."""
    return Lab(
        name="init",
        title="Does the signal get through?",
        note=f"{N} points on two circles go through the network before any training (left), and "
        "their errors δ, the gradients by the scores z, come back (right): a histogram a layer. "
        "Zeros are left out; what lies beyond an axis is counted at its end. A unit is saturated "
        f"at a point where its slope is below {SATURATED:.0%} of the largest, and dead if its "
        f"slope is 0 at all points. Then {STEPS} steps of gradient descent at a rate of {RATE}.",
        controls=[
            Select(name="scheme", label="Start weights", options=SCHEMES, value="xavier"),
            Slider(
                name="gain",
                label="Times gain",
                values=GAINS,
                value=1.0,
                bounds=(0.01, 100.0),
                off={"scheme": ["zeros"]},
            ),
            Select(
                name="activation",
                label="Activation",
                options={"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"},
                value="sigmoid",
            ),
            Slider(name="depth", label="Hidden layers", values=DEPTHS, value=10),
            Slider(name="width", label="Units a layer", values=WIDTHS, value=20),
        ],
        state=state,
        shared=shared,
        summary=[
            "Start weights {scheme}, times {gain}; {depth} hidden layers of {width} units, "
            "{activation}. The errors have a size of {last:.2g} in the last hidden layer and of "
            "{first:.2g} in the first: {verdict}.",
            "{all_saturated:.0%} of the outputs are saturated, {all_dead:.0%} of the units dead.",
            "After {step} steps the cost is {cost:.3f}.",
            "In training the numbers overflow.{overflow}",
            f"This training is chaotic: with all weights larger by {show(NUDGE)} of themselves it "
            "ends at {twin:.3f}. So another machine, which rounds otherwise, shows another cost.",
        ],
        equation=[
            "layer {depth}: 𝔼[<i>z</i>²] = <i>n</i><sub>in</sub> 𝔼[<i>w</i>²] 𝔼[<i>a</i>²] = "
            "{width} · {variance:.2g} · {inputs:.2g} = {should:.2g}, measured {is:.2g}",
            "𝔼[<i>δ</i>²] on its way down, times <i>n</i><sub>out</sub> 𝔼[<i>w</i>²] "
            "𝔼[<i>g</i>′²] = {width} · {variance:.2g} · {slopes:.2g} = {factor:.2g} a layer",
        ],
        code="weights = {weights}\n"
        "Affine({width}, {width}, weights), {layer}  # {depth} times; all weights times {gain}",
        alt="Activations and errors of {depth} layers, a histogram each; the errors: {verdict}.",
        poster=poster,
        question="Ten layers of sigmoids with Xavier's weights: their errors vanish on the way to "
        "layer 1. What happens with tanh in place of the sigmoid?",
        precomputed=False,
        reveal={"activation": "tanh"},
        answers={
            "They vanish too: tanh also saturates": "No: with Xavier's weights the scores stay "
            "near 0, where the slope of tanh is 1. The sigmoid's is 1/4 at its best.",
            "They get through": "Yes: the slope of tanh at 0 is 1, that of the sigmoid only 1/4, "
            "and ten of those multiply.",
            "They explode": "No: the weights are the same, and the slope of tanh is at most 1.",
        },
    )
