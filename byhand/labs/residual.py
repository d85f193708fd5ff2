"""Lab ``residual`` (chapter 10): signal and error through plain, residual and normalized blocks."""

from functools import cache
from statistics import NormalDist

import numpy as np

from byhand.labs.controls import Scrubber, Select, Several, Slider
from byhand.labs.lab import Lab
from dlcore.initializers import he_normal, normal, xavier_normal
from dlcore.layers import (
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
    tanh_backward,
    tanh_forward,
)

SEEDS = range(20)
DEPTHS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50)
WIDTHS = (4, 6, 8, 10, 15, 20, 30, 40, 50, 64)
GAINS = (0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0)
NETWORKS = {
    "plain": "plain",
    "residual": "residual",
    "normalized": "normalized",
    "scaled": "scaled by 1/√L",
    "zero": "V = 0",
}
SCHEMES = {"he": "He", "xavier": "Xavier"}
ACTIVATIONS = {"relu": "ReLU", "tanh": "tanh", "none": "none"}
WEIGHTS = {"he": (he_normal, 2.0), "xavier": (xavier_normal, 1.0)}  # and D Var(w)
LAYERS = {
    "relu": (relu_forward, relu_backward),
    "tanh": (tanh_forward, tanh_backward),
    "none": (lambda Z: (Z, None), lambda dA, cache: dA),
}
CALLS = {"relu": "np.maximum({}, 0)", "tanh": "np.tanh({})", "none": "{}"}


@cache
def quantiles():
    """Return 200 numbers that lie as a standard normal distribution does."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)]).round(4)


def kept(activation, square):
    """Return the mean squares of g(z) and of g'(z) where z is normal with this mean square."""
    if activation == "relu":
        return square / 2, 0.5
    if activation == "none":
        return square, 1.0
    A = np.tanh(np.sqrt(square) * quantiles())
    return float(np.mean(A**2)), float(np.mean((1 - A**2) ** 2))


def part_of(network, depth):
    """Return what the network multiplies V by."""
    return {"scaled": 1 / np.sqrt(depth), "zero": 0.0}.get(network, 1.0)


def theory(network, scheme, gain, activation, depth):
    """Return the mean squares that wide networks should have before and after each block.

    Equation: eq-init-residual-growth, eq-init-residual-norm

    Returns
    -------
    signals, errors : list of float, length depth + 1
        Of a signal that starts at 1, and of an error that starts at 1 at the other end.
    """
    weights, size = WEIGHTS[scheme][1], (gain * part_of(network, depth)) ** 2
    around = network != "plain"
    signals, factors = [1.0], []
    for _ in range(depth):
        q = signals[-1]
        read = 1.0 if network == "normalized" else q
        outputs, slopes = kept(activation, weights * read)
        signals.append(around * q + size * outputs)
        factors.append(around + size * weights * slopes * read / q)
    errors = [1.0]
    for factor in factors[::-1]:
        errors.append(factor * errors[-1])
    return signals, errors[::-1]


@cache
def draws(seed, scheme, gain, depth, width):
    """Return an input of mean square 1, an error, and the matrices W and V of each block."""
    rng, weights = np.random.RandomState(seed), WEIGHTS[scheme][0]
    a, delta = rng.standard_normal((2, 1, width))
    blocks = [
        tuple(
            draw(rng, (width, width), width, width)
            for draw in (weights, normal(gain / float(np.sqrt(width))))
        )
        for _ in range(depth)
    ]
    return a / np.sqrt(np.mean(a**2)), delta, blocks


def through(network, activation, a, delta, blocks):
    """Send a signal up through blocks a + V g(W a), and an error down.

    Returns
    -------
    signals, errors : list of float, length depth + 1
        Mean squares before and after each block; those of the error as shares of its first.
    """
    forward, backward = LAYERS[activation]
    around, none = float(network != "plain"), np.zeros(a.shape[1])
    caches, signals, top = [], [np.mean(a**2)], np.mean(delta**2)
    for W, V in blocks:
        root = np.sqrt(np.mean(a**2)) if network == "normalized" else 1.0
        Z, read = affine_forward(a / root, W, none)
        A, slopes = forward(Z)
        out, written = affine_forward(A, part_of(network, len(blocks)) * V, none)
        a = around * a + out
        caches.append((root, read, slopes, written))
        signals.append(np.mean(a**2))
    errors = [1.0]
    for root, read, slopes, written in caches[::-1]:
        dA, *_ = affine_backward(delta, written)
        da, *_ = affine_backward(backward(dA, slopes), read)
        delta = around * delta + da / root  # the root taken as a constant
        errors.append(np.mean(delta**2) / top)
    return list(map(float, signals)), list(map(float, errors[::-1]))


def measured(network, scheme, gain, activation, depth, width):
    """Return the signals and errors of each seed, and what there is to say of all of them."""
    runs = [
        through(network, activation, *draws(seed, scheme, gain, depth, width)) for seed in SEEDS
    ]
    signals, errors = map(list, zip(*runs, strict=True))
    tops = [run[-1] for run in signals]
    series = {
        "signals": signals,
        "errors": errors,
        "top": tops,
        "bottom": [run[0] for run in errors],
    }
    low, middle, high = map(float, np.quantile(tops, [0, 0.5, 1]))
    return series, {"low": low, "middle": middle, "high": high}


def state(networks, scheme, gain, activation, depth, width):
    """Send signals and errors through each network that is chosen, from 20 starts."""
    outputs, _ = kept(activation, WEIGHTS[scheme][1])
    rho = gain**2 * outputs
    steady = activation != "tanh"  # a factor is the same at every size
    found, series = {}, {}
    for name in NETWORKS:
        chosen = name in networks.split("-")
        signals, errors = theory(name, scheme, gain, activation, depth)
        numbers = {
            "should_signals": signals,
            "should_errors": errors,
            "should": signals[-1],
            "should_error": errors[0],
        }
        runs = dict.fromkeys(("signals", "errors", "top", "bottom"), [None] * len(SEEDS))
        told = dict.fromkeys(("low", "middle", "high"))
        if chosen:
            runs, told = measured(name, scheme, gain, activation, depth, width)
        else:
            numbers = dict.fromkeys(numbers)
        found |= {f"{name}_{key}": value for key, value in (numbers | told).items()}
        series |= {f"{name}_{key}": value for key, value in runs.items()}
    dead = sum(top == 0 for top in series["plain_top"])
    return found | {
        "dead": dead or None,
        "rho": rho,
        "grown": 1 + rho,
        "outputs": outputs,
        "steady": "" if steady else None,
        "weights": f"{scheme}_normal",
        "call": CALLS[activation].format("a @ W.T"),
        "series": series,
    }


def shared():
    """Return the quantiles of the theory, and how the layers are called."""
    return {"quantiles": quantiles(), "calls": {name: CALLS[name] for name in ACTIVATIONS}}


def residual():
    """Return the lab of chapter 10: what depth does to signal and error with connections."""
    told = {"plain": "Plain", "residual": "Residual", "normalized": "Normalized",
            "scaled": "Scaled", "zero": "With V = 0"}  # fmt: skip
    return Lab(
        name="residual",
        title="What does depth do to signal and error?",
        note="A vector of mean square 1 goes up through L blocks V g(W a) of D units, and an error "
        "comes down; nothing is trained. Plain networks are the blocks alone. Residual ones add "
        "to each block what it read. In normalized ones a block reads a divided by the root of its "
        "mean square. W has the chosen start weights, V the variance gain²/D. Solid: one seed; "
        "shaded: the least to the greatest of 20; dashed: what the chapter derives for wide "
        "layers. Play goes through the seeds.",
        controls=[
            Scrubber(name="seed", label="Seed", values=SEEDS, value=0, frame=300),
            Several(
                name="networks",
                label="Networks",
                options=NETWORKS,
                value="plain-residual-normalized",
            ),
            Select(name="scheme", label="W: start weights", options=SCHEMES, value="he"),
            Slider(name="gain", label="Gain of V", values=GAINS, value=1.0, bounds=(0.01, 10.0)),
            Select(name="activation", label="Nonlinearity g", options=ACTIVATIONS, value="relu"),
            Slider(name="depth", label="Blocks L", values=DEPTHS, value=20),
            Slider(name="width", label="Units D", values=WIDTHS, value=64),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "Seed {seed}: mean squares behind {depth:d block} of {width} units, {activation}, "
            "{scheme}'s weights, gain {gain}.",
            *(
                f"{words}: the signal is multiplied by {{{name}_top:.3g}}, the error by "
                f"{{{name}_bottom:.3g}}; {{{name}_should:.3g}} and {{{name}_should_error:.3g}} "
                "are expected."
                for name, words in told.items()
            ),
            *(
                f"Over 20 seeds the {name} signal runs from {{{name}_low:.3g}} to "
                f"{{{name}_high:.3g}}, with a median of {{{name}_middle:.3g}}."
                for name in ("plain", "residual")
            ),
            "From {dead:d seed} no plain signal arrives: in some layer all units are dead, and the "
            "curve falls out of the drawing.",
        ],
        equation=[
            "<i>ρ</i> = gain² · 𝔼[<i>g</i>(<i>z</i>)²] = {gain}² · {outputs:.3g} = {rho:.3g} "
            "where 𝔼[<i>a</i>²] = 1",
            "plain: <i>ρ<sup>L</sup></i> = {rho:.3g}<sup>{depth}</sup> = "
            "{plain_should:.3g}{steady}",
            "residual: (1 + <i>ρ</i>)<sup><i>L</i></sup> = {grown:.3g}<sup>{depth}</sup> = "
            "{residual_should:.3g}{steady}",
            "normalized: 1 + <i>ρ</i> <i>L</i> = 1 + {rho:.3g} · {depth} = {normalized_should:.3g}",
            "scaled: (1 + <i>ρ</i>/<i>L</i>)<sup><i>L</i></sup> = (1 + {rho:.3g} / "
            "{depth})<sup>{depth}</sup> = {scaled_should:.3g}{steady}",
            "<i>V</i> = 0: (1 + 0)<sup><i>L</i></sup> = {zero_should:.3g}",
        ],
        code="W = {weights}(rng, (D, D), D, D)\n"
        "V = normal({gain} / np.sqrt(D))(rng, (D, D), D, D)\n"
        "a = a + {call} @ V.T  # {depth} times",
        alt="Two pictures with the number of the block to the right and mean squares on a "
        "logarithmic axis: of a signal on its way up, and of an error on its way down. Plain "
        "blocks keep both near 1, residual ones multiply them by about {residual_should:.2g}, "
        "normalized ones by about {normalized_should:.2g}. Below, where 20 seeds end: around what "
        "is expected, scattered widely for plain and residual blocks.",
        question="He's weights keep the plain signal level. Xavier's halve its mean square at "
        "every block, so that 20 plain blocks leave a millionth. What do Xavier's weights do to "
        "the residual signal?",
        reveal={"scheme": "xavier"},
        answers={
            "It shrinks, too": "No. What a block adds stands at a right angle to what it read, "
            "on average, so the sum is longer than either.",
            "It stays level": "No. The connection does not make up for what the block lost; it "
            "adds the whole input to it.",
            "It grows": "Yes: each block multiplies by 1 + ½, and 1.5²⁰ is about 3,300. A smaller "
            "block grows more slowly, but only one that is scaled with the depth, or reads a "
            "normalized signal, stays within bounds.",
        },
    )
