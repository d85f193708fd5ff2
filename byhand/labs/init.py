"""Lab ``init`` (chapter 10): two start weights side by side, layer by layer and in training."""

from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import NormalDist
from typing import ClassVar

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore import datasets, losses
from dlcore.layers import Affine, ReLU, Sigmoid, Tanh, affine_forward
from dlcore.network import Sequential

N, INNER, STEPS, RATE, SEED = 60, 0.6, 100, 0.06, 0
STOPS = range(0, STEPS + 1, 4)
DEPTHS = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30)
WIDTHS = (4, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32)
GAINS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
SEEDS = range(20)
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
OF = {"A": "", "B": "other_"}  # what the names of each network's numbers start with
NAMES = {"A ({scheme}, times {gain})": "", "B ({other})": "other_"}
NUDGE = 1e-12  # of the weights
VISIBLE = 5e-4  # of the cost: what three digits show
ROUNDING = 1e-12  # of the numbers: a smaller spread, or a smaller score, is rounding's
LARGEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}
SPREAD = {  # the root of a weight's mean square, before the gain
    "zeros": lambda n_in, n_out: 0.0,
    "constant": lambda n_in, n_out: 1 / n_in,
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: float(np.sqrt(2 / (n_in + n_out))),
    "he": lambda n_in, n_out: float(np.sqrt(2 / n_in)),
}


@dataclass(frozen=True, kw_only=True)
class Seed(Slider):
    """A slider over seeds, with a button that draws the next."""

    kind: ClassVar[str] = "seed"


@dataclass(frozen=True, kw_only=True)
class Layer(Slider):
    """A slider over as many layers as the network has."""

    kind: ClassVar[str] = "layer"


@cache
def points():
    """Return the circles, the inner one drawn in: X (N, 2) and y (N, 1)."""
    X, y = datasets.circles(np.random.default_rng(SEED), n=N)
    y = y[:, np.newaxis]
    return np.where(y, INNER * X, X).round(3), y


@cache
def quantiles():
    """Return 200 numbers that lie as a standard normal distribution does."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)]).round(4)


def network(scheme, gain, activation, depth, width, seed):
    """Return the network with its start values: the seed's numbers, times what the scheme says."""
    sizes, layers = [2, *[width] * depth, 1], {}
    for k in range(1, depth + 1):
        layers |= {f"fc{k}": Affine(sizes[k - 1], width), f"act{k}": ACTIVATIONS[activation]}
    net = Sequential(**layers, out=Affine(width, 1))
    rng = np.random.RandomState(seed)
    params = net.init(np.random.default_rng(0))
    for name, array in params.items():
        if name.endswith(".W"):
            unit = rng.standard_normal(array.shape)
            spread = gain * SPREAD[scheme](array.shape[1], array.shape[0])
            array[...] = spread * (np.ones_like(unit) if scheme == "constant" else unit)
    return net, params


def theory(scheme, gain, activation, depth, width):
    """Return what each hidden layer should see, in wide layers of independent weights.

    Equation: eq-init-variance, eq-init-backward

    Returns
    -------
    dict of str to list of float, length depth
        Mean squares of the scores, of the layer's inputs and of the slopes at the scores, and the
        standard deviation of the activations.
    """
    act, square, n_in = ACTIVATIONS[activation], np.mean(points()[0] ** 2), 2
    found = {"scores": [], "inputs": [], "slopes": [], "spreads": []}
    for _ in range(depth):
        q = n_in * (gain * SPREAD[scheme](n_in, width)) ** 2 * square
        A, kept = act.forward({}, np.sqrt(q) * quantiles(), train=False, rng=None)
        slope, _ = act.backward(np.ones_like(A), kept)
        seen = {"scores": q, "inputs": square, "slopes": np.mean(slope**2), "spreads": spread_of(A)}
        for name, value in seen.items():
            found[name].append(float(value))
        square, n_in = np.mean(A**2), width
    return found


def spread_of(values):
    """Return the standard deviation, and 0 for one that only rounding makes."""
    spread = np.std(values)
    return float(0.0 if spread <= ROUNDING * np.sqrt(np.mean(np.square(values))) else spread)


def layerwise(net, caches, dscores, activation):
    """Return what each hidden layer's activations, errors dL/dz and slopes amount to."""
    found = {name: [] for name in ("spreads", "sizes", "saturated", "dead")}
    for (name, layer), kept in reversed(list(zip(net.layers.items(), caches, strict=True))):
        dscores, _ = layer.backward(dscores, kept)
        if name.startswith("act"):
            slope, _ = layer.backward(np.ones_like(dscores), kept)
            found["sizes"].append(float(np.sqrt(np.mean(dscores**2))))
            found["saturated"].append(np.mean(slope < SATURATED * LARGEST[activation]))
            found["dead"].append(np.mean(np.all(slope == 0, axis=0)))
        elif name != "fc1":
            found["spreads"].append(spread_of(kept[0]))
    return {name: values[::-1] for name, values in found.items()}


def train(net, params):
    """Yield the cost, the scores, their gradient and the caches at each step of the descent."""
    X, y = points()
    for _ in range(STEPS + 1):
        scores, (_, caches) = net.forward(params, X)
        cost, dscores = losses.logistic(scores, y)
        yield float(cost), scores, dscores, caches
        _, grads = net.backward(dscores, (params, caches))
        params = params.like(params.theta - RATE * grads.theta)


def at_stop(net, activation, cost, scores, dscores, caches):
    """Return what there is to say of a network at one stop of its training."""
    layers = layerwise(net, caches, dscores, activation)
    first, last = layers["sizes"][0], layers["sizes"][-1]
    finite = bool(np.isfinite(cost))
    return layers | {
        "spread": layers["spreads"][-1] if finite else None,
        "first": first if finite else None,
        "verdict": verdict(first, last) if finite else None,
        "cost": cost if finite else None,
        "accuracy": float(np.mean((scores > ROUNDING) == points()[1])),
        "overflow": None if finite else "",
    }


def at_start(scheme, gain, activation, depth, width, caches, last):
    """Return what theory says of a network before its first step, and the layer that it meets."""
    wide = theory(scheme, gain, activation, depth, width)
    variance = (gain * SPREAD[scheme](width, width)) ** 2
    factors = [width * variance * slope for slope in wide["slopes"]]
    X, W = caches[-3]  # of the last hidden layer
    Z, _ = affine_forward(X, W, np.zeros(len(W)))
    return {
        "should_spread": wide["spreads"],
        "should_size": [last * float(np.sqrt(np.prod(factors[k:-1]))) for k in range(depth)],
        "variance": variance,
        "inputs": wide["inputs"][-1],
        "should": wide["scores"][-1],
        "is": float(np.mean(Z**2)),
        "slopes": wide["slopes"][-2],
        "factor": factors[-2],
        "weights": WEIGHTS[scheme],
    }


@lru_cache(maxsize=64)
def side(scheme, gain, activation, depth, width, seed):
    """Train one of the two networks; return what holds throughout, and the stops."""
    net, params = network(scheme, gain, activation, depth, width, seed)
    with np.errstate(over="ignore", invalid="ignore"):  # large weights may overflow
        run = list(train(net, params))
        other = train(*network(scheme, gain * (1 + NUDGE), activation, depth, width, seed))
        twin = max(
            (abs(a - b) for (a, *_), (b, *_) in zip(run, other, strict=True) if np.isfinite(a - b)),
            default=0.0,
        )
        stops = [at_stop(net, activation, *run[step]) for step in STOPS]
    start = at_start(scheme, gain, activation, depth, width, run[0][3], stops[0]["sizes"][-1])
    return start | {"twin": twin if twin > VISIBLE else None}, stops


def state(scheme, gain, other, activation, depth, width, seed):
    """Train both networks, A and B; the names of B start with ``other_``."""
    start, stops = side(scheme, gain, activation, depth, width, seed)
    other_start, other_stops = side(other, 1.0, activation, depth, width, seed)
    both = [a | _of_b(b) for a, b in zip(stops, other_stops, strict=True)]
    series = {name: [stop[name] for stop in both] for name in both[0]}
    return start | _of_b(other_start) | {"call": LAYERS[activation], "series": series}


def _of_b(found):
    return {f"other_{name}": value for name, value in found.items()}


def verdict(first, last):
    """Say what becomes of the errors between the last hidden layer and the first."""
    if first == 0:
        return "there are none"
    ratio = first / last if last else np.inf
    return "they vanish" if ratio < 0.01 else "they explode" if ratio > 100 else "they get through"


def shared():
    """Return the points, the quantiles of the theory, and the constants of the training."""
    X, y = points()
    return {
        "X": X,
        "y": y,
        "quantiles": quantiles(),
        "steps": STEPS,
        "rate": RATE,
        "nudge": NUDGE,
        "visible": VISIBLE,
        "rounding": ROUNDING,
        "saturated": SATURATED,
        "layers": LAYERS,
        "weights": WEIGHTS,
    }


def init():
    """Return the lab of chapter 10: what start weights do to signals, gradients and training."""
    return Lab(
        name="init",
        title="Does the signal get through?",
        note=f"{N} points on two circles (● class 0, ▲ class 1) go through two networks, A and B, "
        "that start from the same random numbers, scaled by two rules; their errors δ, the "
        "gradients by the scores z, come back. Each layer has a histogram that stands upright. On "
        "a logarithmic axis zeros are left out; what lies beyond an axis is counted at its end. A "
        f"unit is saturated at a point where its slope is below {SATURATED:.0%} of the largest, "
        f"and dead if its slope is 0 at all points. Play trains both: {STEPS} steps of gradient "
        f"descent at a rate of {RATE}.",
        controls=[
            Scrubber(name="step", label="Step", values=STOPS, value=0, frame=140),
            Select(name="scheme", label="A: start weights", options=SCHEMES, value="normal"),
            Slider(
                name="gain",
                label="A: times gain",
                values=GAINS,
                value=0.1,
                bounds=(0.01, 100.0),
                off={"scheme": ["zeros"]},
            ),
            Select(name="other", label="B: start weights", options=SCHEMES, value="he"),
            Select(
                name="activation",
                label="Activation",
                options={"sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU"},
                value="relu",
            ),
            Slider(name="depth", label="Hidden layers", values=DEPTHS, value=10),
            Seed(name="seed", label="Seed of the weights", values=SEEDS, value=1),
            Slider(name="width", label="Units a layer", values=WIDTHS, value=20, rare=True),
            Layer(
                name="layer",
                label="Layer shown large",
                values=range(1, DEPTHS[-1] + 1),
                value=DEPTHS[-1],
                rare=True,
            ),
            Select(
                name="shown",
                label="What is shown large",
                options={"signals": "activations", "errors": "errors"},
                value="signals",
                rare=True,
            ),
        ],
        state=state,
        shared=shared,
        summary=[
            "Step {step}; {depth} hidden layers of {width} units, {activation}.",
            *(
                f"{name} has activations with a standard deviation of {{{b}spread:.2g}} in layer "
                f"{{depth}}, errors of size {{{b}first:.2g}} in layer 1 ({{{b}verdict}}), a cost "
                f"of {{{b}cost:.3g}}, and {{{b}accuracy:.0%}} of the points on their side."
                for name, b in NAMES.items()
            ),
            *(f"In {name} the numbers overflow.{{{b}overflow}}" for name, b in OF.items()),
            *(
                f"The training of {name} is chaotic: weights that are larger by {show(NUDGE)} of "
                f"themselves change its cost by up to {{{b}twin:.2g}} on the way, and so does "
                "another machine, which rounds otherwise."
                for name, b in OF.items()
            ),
        ],
        equation=[
            "A at step 0, layer {depth}: 𝔼[<i>z</i>²] = <i>n</i><sub>in</sub> 𝔼[<i>w</i>²] "
            "𝔼[<i>a</i>²] = {width} · {variance:.2g} · {inputs:.2g} = {should:.2g}, "
            "measured {is:.2g}",
            "𝔼[<i>δ</i>²] on its way down, times <i>n</i><sub>out</sub> 𝔼[<i>w</i>²] "
            "𝔼[<i>g</i>′²] = {width} · {variance:.2g} · {slopes:.2g} = {factor:.2g} a layer",
        ],
        code="# {depth} times; A's weights times {gain}\n"
        "A: Affine({width}, {width}, {weights}), {call}\n"
        "B: Affine({width}, {width}, {other_weights}), {call}",
        alt="Three curves for each of two networks, A and B: the spread of the activations and the "
        "size of the errors, layer by layer, and the cost. Errors of A: {verdict}; of B: "
        "{other_verdict}.",
        question="A's weights have a standard deviation of 0.1, and of its signal hardly anything "
        "is left behind ten layers of ReLUs. Let its weights be three times as large. How much "
        "larger are the activations of layer 10?",
        precomputed=False,
        reveal={"gain": 0.3},
        answers={
            "3 times": "No: each of the ten layers multiplies by 3 once more, and 3¹⁰ = 59,049.",
            "30 times": "No: the factors of ten layers are multiplied, not added: 3¹⁰ = 59,049.",
            "59,049 times": "Yes: ReLU hands a positive factor on, so ten layers make 3¹⁰ of it. "
            "Play shows that A learns now, too.",
        },
    )
