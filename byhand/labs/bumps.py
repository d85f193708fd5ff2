"""Lab ``bumps`` (chapter 08): the reader performs the proof of universal approximation."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from byhand.labs.challenges import Challenge
from byhand.labs.controls import Drawing, Scrubber, Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import fill, show
from dlcore import losses, models
from dlcore.optimizers import Adam

BUMPS = range(1, 51)
STEEPNESS = [5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]
ITERATIONS = range(0, 1001, 20)
RATE = 0.02
SEED = 0
FEW = 6  # heights that the line of code shows
JUMP = 0.3725  # no bump ends there
# Where errors are measured: evenly, and on both sides of the jump.
GRID = np.sort(np.append(np.arange(401) / 400, [JUMP - 1e-6, JUMP + 1e-6]))
X_TRAIN = np.arange(101) / 100


@dataclass(frozen=True, kw_only=True)
class Bump(Slider):
    """A slider over as many bumps as there are."""

    kind: ClassVar[str] = "bump"


DRAWING = Drawing(
    name="drawing",
    label="Its height",
    value="abdgijifca878bfhgda9a",
    levels=20,
    off={"target": ["curve", "waves", "corner", "root", "jump"]},
)
HEIGHTS = Drawing(
    name="heights",
    label="Its height, of your own",
    value="i" * BUMPS[-1],
    levels=35,
    off={"way": ["hand", "trained"]},
)
POINTS = np.arange(len(DRAWING.value)) / (len(DRAWING.value) - 1)
TARGETS = {
    "curve": lambda x: 0.5 + 0.3 * np.sin(2 * np.pi * x) + 0.15 * np.sin(6 * np.pi * x),
    "waves": lambda x: 0.5 + 0.4 * np.sin(10 * np.pi * x),
    "corner": lambda x: 0.1 + 1.6 * np.abs(x - 0.5),
    "root": np.sqrt,
    "jump": lambda x: np.where(x > JUMP, 0.75, 0.25),
}
CODE = {
    "sigmoid": "heights = f((np.arange({bumps}) + 0.5) / {bumps})\n"
    "net, params = models.staircase(heights, steepness={steepness})",
    "relu": "net, params = models.hats(f(np.linspace(0, 1, {bumps})))",
    "own": "heights = [{yours}]  # yours\nnet, params = models.{builder}",
    "trained": 'net, start = models.random_steps({units}, "{unit}", np.random.default_rng(0))\n'
    "params, history = fit(net, start, X, y, loss=squared_error,\n"
    "                      optimizer=Adam(lr=0.02), epochs={iteration})",
}


@cache
def table(target):
    """Return a built-in target's values on the grid, rounded as in the page."""
    return TARGETS[target](GRID).round(6)


def target_function(target, drawing):
    """Return the target as a function: straight between the points that are known."""
    if target == "drawn":
        return lambda x: np.interp(x, POINTS, DRAWING.heights(drawing))
    return lambda x: np.interp(x, GRID, table(target))


@cache
def start(units):
    """Return the start values of training with ReLUs; sigmoids are 20 times as steep."""
    _, params = models.random_steps(units, "relu", np.random.default_rng(SEED))
    return params.theta.round(5)


def trained(f, units, unit):
    """Train a network of this size, and yield it at each of the scrubber's stops."""
    net, params = models.random_steps(units, unit, np.random.default_rng(SEED))
    theta = start(units).copy()
    theta[: 2 * units] *= 20 if unit == "sigmoid" else 1
    optimizer, X = Adam(lr=RATE), X_TRAIN[:, np.newaxis]
    state = optimizer.init(theta)
    for iteration in range(ITERATIONS[-1] + 1):
        params = params.like(theta)
        if iteration in ITERATIONS:
            yield iteration, net, params
        scores, cache = net.forward(params, X)
        _, dscores = losses.squared_error(scores, f(X))
        _, grads = net.backward(dscores, cache)
        theta, state = optimizer.update(theta, grads.theta, state)


def shown(error):
    """Return an error as the summary shows it: what looks the same there is no better."""
    return float(f"{error:.3f}")


def own(heights, bumps, unit):
    """Return the reader's heights as a function, constant on each bump or around each knot."""
    chosen = np.array(HEIGHTS.heights(heights)[:bumps])
    if unit == "sigmoid":
        return lambda x: chosen[np.minimum((x * bumps).astype(int), bumps - 1)]
    return lambda x: chosen[np.rint(x * (bumps - 1)).astype(int)]


def state(target, drawing, bumps, steepness, unit, way, heights):
    """Build or train the network, and measure how far it is from the target."""
    f, units = target_function(target, drawing), bumps - 1
    shape = own(heights, bumps, unit) if way == "own" else f
    middles = f((np.arange(bumps) + 0.5) / bumps)
    perfect = middles[np.minimum((GRID * bumps).astype(int), units)]
    ideal = np.abs(perfect - f(GRID)).max()

    few = [show(height, ".2f") for height in HEIGHTS.heights(heights)[: min(bumps, FEW)]]
    called = {
        "yours": ", ".join(few + ["…"] * (bumps > FEW)),
        "builder": f"staircase(heights, steepness={show(steepness)})"
        if unit == "sigmoid"
        else "hats(heights)",
    }

    def stop(iteration, net, params):
        """Return what changes in training."""
        g = net.forward(params, GRID[:, np.newaxis])[0][:, 0]
        error = np.abs(g - f(GRID)).max()
        W, b, v, _ = params.values()
        settings = {"bumps": bumps, "steepness": steepness, "units": units, "unit": unit}
        template = CODE[unit if way == "hand" else way]
        return {
            "theta": params.theta,
            "error": error,
            "mean": np.abs(g - f(GRID)).mean(),
            "verdict": "beaten" if shown(error) < shown(ideal) else "not beaten",
            "unit_v": v[0, 0] if units else None,
            "unit_w": W[0, 0] if units else None,
            "unit_b": b[0] if units else None,
            "code": fill(template, settings | called | {"iteration": iteration}),
        }

    found = {
        "units": units,
        "act": "σ" if unit == "sigmoid" else "relu",
        "ideal": ideal,
        "by_bumps": bumps if (way, unit) == ("hand", "sigmoid") else None,
        "by_hats": bumps if (way, unit) == ("hand", "relu") else None,
        "by_training": bumps if way == "trained" else None,
        "by_own": bumps if way == "own" else None,
        "half": 0.25 if target == "jump" else None,
    }
    if way == "trained":
        stops = [stop(*network) for network in trained(f, units, unit)]
        return found | {"series": {name: [stop[name] for stop in stops] for name in stops[0]}}
    if unit == "sigmoid":
        steps = shape((np.arange(bumps) + 0.5) / bumps)
        return found | stop(None, *models.staircase(steps, steepness))
    return found | stop(None, *models.hats(shape(np.arange(bumps) / max(units, 1))))


def shared():
    """Return the targets on the grid, and the start values for every size."""
    return {
        "grid": GRID,
        "targets": {name: table(name) for name in TARGETS},
        "starts": [start(bumps - 1) for bumps in BUMPS],
        "rate": RATE,
        "code": CODE,
        "few": FEW,
    }


def bumps():
    """Return the lab of chapter 08: how many bumps does it take to follow a curve."""
    size = "{by_SIZE} is off by {error:.3f} at most and by {mean:.3f} in the mean."
    return Lab(
        name="bumps",
        title="How many bumps does it take?",
        note="One input, n − 1 hidden units, one output. Drag in the picture to draw a target, and "
        "a single bump to set its height. The score to beat is that of n perfect, infinitely steep "
        f"steps. Training starts from random steps (seed {SEED}): 101 points, Adam's rate {RATE}.",
        controls=[
            Select(
                name="target",
                label="Target",
                options={
                    "curve": "the chapter's curve",
                    "waves": "waves",
                    "corner": "a corner",
                    "root": "a square root",
                    "jump": "a jump",
                    "drawn": "your own drawing",
                },
                value="curve",
            ),
            Select(
                name="unit",
                label="Hidden units",
                options={"sigmoid": "sigmoid", "relu": "ReLU"},
                value="sigmoid",
            ),
            Select(
                name="way",
                label="Weights",
                options={
                    "hand": "built by hand",
                    "own": "your own",
                    "trained": "trained",
                },
                value="hand",
            ),
            Slider(
                name="steepness",
                label="Steepness w",
                values=STEEPNESS,
                value=200,
                bounds=(1, 1e5),
                off={"unit": ["relu"], "way": ["trained"]},
            ),
            Slider(
                name="point",
                label="Point to move",
                values=POINTS.round(2).tolist(),
                value=0.5,
                off=DRAWING.off,
            ),
            DRAWING,
            Slider(name="bumps", label="Number of bumps n", values=BUMPS, value=12),
            Bump(name="bump", label="Bump to move", values=BUMPS, value=1, off=HEIGHTS.off),
            HEIGHTS,
            Scrubber(
                name="iteration",
                label="Iteration",
                values=ITERATIONS,
                value=1000,
                off={"way": ["hand", "own"]},
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "The network built by hand with n = "
            + size.replace("SIZE", "bumps")
            + " Its steepness is "
            "{steepness}.",
            "The network built by hand with n = " + size.replace("SIZE", "hats"),
            "The network of your own heights with n = " + size.replace("SIZE", "own"),
            "Trained for {iteration:,d} iterations, the network of the same size as n = "
            + size.replace("SIZE", "training"),
            "The score to beat, {ideal:.3f}, is {verdict}.",
            "At the jump no network gets below {half:.2f}, half of its height.",
        ],
        equation=[
            "<i>g</i>(<i>x</i>) = <i>c</i> + ∑ <i>v<sub>k</sub></i> {act}(<i>w<sub>k</sub> x</i> + "
            "<i>b<sub>k</sub></i>), {units} hidden units",
            "unit 1: {unit_v:.3f} · {act}({unit_w:.1f} <i>x</i> {unit_b:term .2f})",
        ],
        code="{code}",
        alt="Above: a curve with two peaks and two valleys, and a staircase of 12 steps that "
        "follows it, off by {error:.2f} at most. Below: the 12 bumps that make the staircase.",
        challenge=Challenge(
            text="Follow the chapter's curve to within 0.05 everywhere, by any means. The score is "
            "the number of bumps, and fewer are better.",
            score="bumps",
            format="d",
            lowest=True,
            where={"target": ["curve"]},
            within={"error": 0.05},
            par={"unit": "relu", "bumps": 13},
            par_words="which hats that are built by hand need",
        ),
        question="Twelve bumps follow the curve to within 0.184. How many does it take to be twice "
        "as close?",
        reveal={"bumps": 24},
        answers={
            "17, since √2 times as many": "No, 17 reach 0.134. That is the rule of the hats.",
            "24, twice as many": "Yes, nearly: half the width of a bump, half the error.",
            "48, four times as many": "No, 24 nearly do: half the width, half the error.",
        },
    )
