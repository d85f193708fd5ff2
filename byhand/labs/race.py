"""Lab ``race`` (chapter 12): five optimizers from one start, on a surface and on the moons."""

from functools import cache

import numpy as np

from byhand.labs import surfaces
from byhand.labs.controls import Formula, Scrubber, Select, Several, Slider
from byhand.labs.lab import Lab
from byhand.labs.surfaces import EXAMPLES, SURFACES, cost_and_gradient
from byhand.labs.text import fill, show
from dlcore import losses
from dlcore.datasets import moons
from dlcore.initializers import he_normal
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential
from dlcore.optimizers import Adam, GradientDescent, Momentum, Nesterov, RMSprop
from dlcore.training import fit

SEED = 0
STEPS = range(161)
FAR = 1000.0  # from the origin: a run that gets there is over
COUNT, BATCH, UNITS = 256, 64, 8  # points, examples a step, hidden units
PER_EPOCH = COUNT // BATCH
MANTISSAS = [1, 1.1, 1.2, 1.35, 1.5, 1.65, 1.8, 2, 2.25, 2.5, 2.75, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6,
             7, 8, 9]  # fmt: skip
RATES = [float(f"{m}e{e}") for e in (-3, -2, -1) for m in MANTISSAS]
RATES += [1.0, 1.5, 2.0]  # above 1 RMSprop and Adam jump to and fro
BETAS = [k / 100 for k in range(100)]

RUNNERS = {
    "gd": "● gradient descent",
    "momentum": "▲ momentum",
    "nesterov": "◆ Nesterov",
    "rmsprop": "■ RMSprop",
    "adam": "★ Adam",
}
CODE = {
    "gd": "GradientDescent({rate})",
    "momentum": "Momentum({rate}, {beta})",
    "nesterov": "Nesterov({rate} * (1 - {beta}), {beta})",
    "rmsprop": "RMSprop({rate}, {beta})",
    "adam": "Adam({rate}, {beta}, {beta2})",
}


def optimizer(name, rate, beta, beta2):
    """Return an optimizer; Nesterov's rate is momentum's in the form without an average."""
    return {
        "gd": lambda: GradientDescent(rate),
        "momentum": lambda: Momentum(rate, beta),
        "nesterov": lambda: Nesterov(rate * (1 - beta), beta),
        "rmsprop": lambda: RMSprop(rate, beta),
        "adam": lambda: Adam(rate, beta, beta2),
    }[name]()


@cache
def draws():
    """Return the noise of each step's gradient, with deviation 1, (161, 2)."""
    return np.random.default_rng(SEED).standard_normal((len(STEPS), 2)).round(3)


def descend(optimizer, surface, kappa, start, noise, own=EXAMPLES[0]):
    """Go down a surface: cost, place, step and next place at each stop, until it is far away."""
    theta, rows = np.array(start), []
    memory = optimizer.init(theta)
    for draw in draws():
        cost, gradient = cost_and_gradient(surface, kappa, theta, own)
        new, memory = optimizer.update(theta, gradient + noise * draw, memory)
        if not np.all(np.abs(new) < FAR):
            break
        rows.append((float(cost), theta, theta - new, new))
        theta = new
    return rows


@cache
def data():
    """Return the moons, centered, and their labels (256, 1)."""
    X, y = moons(np.random.default_rng(SEED), n=COUNT, noise=0.2)
    return (X - X.mean(axis=0)).round(3), y[:, np.newaxis]


@cache
def network():
    """Return the network and its start weights."""
    net = Sequential(fc1=Affine(2, UNITS, he_normal), relu=ReLU(), fc2=Affine(UNITS, 1, he_normal))
    params = net.init(np.random.default_rng(SEED))
    return net, params.like(params.theta.round(5))


def order(epoch):
    """Return an epoch's order: the points have none, so an odd stride is as good as a draw."""
    return (97 * epoch + np.arange(COUNT) * (2 * epoch + 1)) % COUNT


@cache
def learn(name, rate, beta, beta2):
    """Train on the moons for as many steps as the race has; return the cost of each epoch."""
    net, params = network()
    _, history = fit(
        net, params, *data(),
        loss=losses.logistic, optimizer=optimizer(name, rate, beta, beta2),
        epochs=STEPS[-1] // PER_EPOCH, batch_size=BATCH, order=order, progress=False,
    )  # fmt: skip
    return history.cost


def state(surface, own, kappa, x1, x2, rate, beta, beta2, noise, optimizers):
    """Let the chosen optimizers run; None stands for what the others would do."""
    chosen = optimizers.split("-")
    constants = {"rate": rate, "beta": beta, "beta2": beta2}
    epoch = [min(t // PER_EPOCH, STEPS[-1] // PER_EPOCH - 1) for t in STEPS]
    costs, learned, series = {}, {}, {"epoch": [e + 1 for e in epoch]}
    for name in RUNNERS:
        rows = [(None,) * 4] * len(STEPS)
        if name in chosen:
            run = descend(optimizer(name, **constants), surface, kappa, (x1, x2), noise, own)
            rows = [(c, old[0], step[0] / rate, new[0]) for c, old, step, new in run]
            rows += [("out", None, None, None)] * (len(STEPS) - len(rows))
            costs[name] = [cost for cost, *_ in rows]
            learned[name] = [learn(name, **constants)[e] for e in epoch]
        columns = zip(("", "_x", "_d", "_next"), zip(*rows, strict=True), strict=True)
        series |= {name + what: list(column) for what, column in columns}
        series[f"{name}_moons"] = learned.get(name, [None] * len(STEPS))
    series["first"] = [lowest(costs, t, ".3g") for t in STEPS]
    series["moons_first"] = [lowest(learned, t, ".3f") for t in STEPS]
    return {
        "formula": surfaces.formula(surface, own),
        "made": ", ".join(fill(CODE[name], constants) for name in chosen),
        **bottom(surfaces.curvatures(surface, kappa, own), rate, beta, "momentum" in chosen),
        "series": series,
    }


BOTTOM = ("flattest", "sharpest", "quotient", "stable", "momentum_stable", "does", "factor",
          "best_rate", "best_beta")  # fmt: skip


def bottom(curvatures, rate, beta, moves):
    """Return what the curvatures at the lowest point say; None for what does not apply.

    Parameters
    ----------
    curvatures : pair of float, or None
    rate, beta : float
    moves : bool
        Whether momentum is among the runners.
    """
    if curvatures is None:
        return dict.fromkeys(BOTTOM) | {"no_bowl": "no bowl"}
    flattest, sharpest = curvatures
    stable = surfaces.limits(sharpest, beta)
    does, factor = surfaces.momentum_on(curvatures, rate, beta) if moves else (None, None)
    best_rate, best_beta = surfaces.best_pair(flattest, sharpest)
    numbers = (flattest, sharpest, sharpest / flattest, stable["gd"], stable["momentum"], does,
               factor, best_rate, best_beta)  # fmt: skip
    return dict(zip(BOTTOM, numbers, strict=True)) | {"no_bowl": None}


def lowest(costs, t, digits):
    """Return who has the lowest cost at a stop; whose digits are the same share the place."""
    running = {name: cost[t] for name, cost in costs.items() if cost[t] != "out"}
    if not running:
        return "none"
    least = show(min(running.values()), digits)
    first = [RUNNERS[name][2:] for name, cost in running.items() if show(cost, digits) == least]
    *others, last = first
    return f"{', '.join(others)} and {last}" if others else last


def shared():
    """Return the surfaces' constants, the noise, the moons, and the start weights."""
    X, y = data()
    return {
        "surfaces": {
            name: {
                "axis": axis,
                "formula": surfaces.FORMULAS[name],
                "lowest": surfaces.LOWEST[name],
                "curvatures": surfaces.CURVATURES.get(name),
            }
            for name, axis in surfaces.AXES.items()
        },
        "code": CODE,
        "far": FAR,
        "draws": draws(),
        "X": X.ravel(),
        "y": y.ravel(),
        "units": UNITS,
        "batch": BATCH,
        "theta": network()[1].theta,
    }


def equation(name, change):
    """Return the template of an optimizer's step in x1, with its numbers."""
    return (
        f"<small>{RUNNERS[name]}</small> <i>x</i>₁ − {change} = {{{name}_x:.3f}} − {{rate}} · "
        f"{{{name}_d:factor .3f}} = {{{name}_next:.3f}}"
    )


def without(*needed):
    """Return the choices of optimizers that include none of these."""
    every = Several(name="", label="", options=RUNNERS, value="gd").values
    return [choice for choice in every if not set(choice.split("-")) & set(needed)]


def race():
    """Return the lab of chapter 12: which optimizer gets down first, and where, and why."""
    words = {name: text[2:] for name, text in RUNNERS.items()}
    return Lab(
        name="race",
        title="The race to the bottom",
        note="All start at one point and take 160 steps with the same rate α and the same noise "
        "(seed 0). Nesterov runs at the rate α(1 − β), which is momentum's α in its form. The same "
        f"settings train a network of {UNITS} hidden units on {COUNT} points of two moons, in "
        f"mini-batches of {BATCH}. Drag the start over the surface, and walk on the map of "
        "momentum: it shows what each rate and each β would do near the lowest point.",
        controls=[
            Several(
                name="optimizers", label="Optimizers", options=RUNNERS, value="gd-momentum-adam"
            ),
            Select(name="surface", label="Surface", options=SURFACES, value="ravine"),
            Formula(
                name="own",
                label="Your surface f(x, y)",
                value=EXAMPLES[0],
                examples=EXAMPLES,
                off={"surface": [name for name in SURFACES if name != "own"]},
            ),
            Slider(
                name="kappa",
                label="Condition number κ",
                values=[1, 2, 3, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
                value=90,
                off={"surface": [*surfaces.CURVATURES, "own"]},
            ),
            Slider(name="rate", label="Learning rate α", values=RATES, value=0.02),
            Slider(
                name="beta",
                label="β (Adam's β₁)",
                values=BETAS,
                value=0.9,
                off={"optimizers": without("momentum", "nesterov", "rmsprop", "adam")},
            ),
            Slider(
                name="beta2",
                label="Adam's β₂",
                values=[0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999],
                value=0.999,
                off={"optimizers": without("adam")},
            ),
            Slider(
                name="noise",
                rare=True,
                label="Noise in the gradients",
                values=[0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0],
                value=0.0,
            ),
            Slider(
                name="x1",
                rare=True,
                label="Start x₁",
                values=[round(0.05 * k, 2) for k in range(-39, 40)],
                value=-1.6,
            ),
            Slider(
                name="x2",
                rare=True,
                label="Start x₂",
                values=[round(0.05 * k, 2) for k in range(-29, 30)],
                value=1.25,
            ),
            Scrubber(name="step", label="Step", values=STEPS, value=30, frame=60),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "Costs after {step} steps, and on the moons in epoch {epoch}:",
            *(f"{words[name]} {{{name}:.3g}}, {{{name}_moons:.3f}};" for name in RUNNERS),
            "the lowest here: {first}, on the moons: {moons_first}.",
            "Near the lowest point gradient descent is stable below a rate of {stable:.3g}, "
            "momentum below {momentum_stable:.3g}.",
            "There momentum {does}; in the long run a step multiplies the distance by "
            "{factor:.3f}.",
            "The map shows {no_bowl}, so there is no limit to compute from its curvatures.",
        ],
        equation=[
            "<i>f</i> = {formula}",
            "2 / <i>λ</i><sub>max</sub> = 2 / {sharpest:.3g} = {stable:.3g}",
            "<small>best pair</small> <i>β</i>* = ((√<i>κ</i> − 1) / (√<i>κ</i> + 1))² = "
            "{best_beta:.3f} <small>at</small> <i>κ</i> = {quotient:.3g}, <i>α</i>* = 4 / "
            "((√<i>λ</i><sub>max</sub> + √<i>λ</i><sub>min</sub>)² (1 − <i>β</i>*)) = "
            "{best_rate:.3g}",
            equation("gd", "<i>α g</i>₁"),
            equation("momentum", "<i>α v</i>₁"),
            equation("nesterov", "<i>α</i> (1 − <i>β</i>) (<i>g</i>₁ + <i>β v</i>₁)"),
            equation("rmsprop", "<i>α g</i>₁ / (√<i>s</i>₁ + <i>ε</i>)"),
            equation("adam", "<i>α v̂</i>₁ / (√<i>ŝ</i>₁ + <i>ε</i>)"),
        ],
        code="runners = [{made}]\ntheta, state = runner.update(theta, gradient, state)",
        alt="Left: contours of a long ravine with three paths from one start: gradient descent "
        "zig-zags, momentum swings, Adam goes slantwise. Right: their costs over 160 steps, and "
        "on the moons, where Adam's falls fastest.",
        question="The limit of gradient descent is 2\u00a0/\u00a0κ\u00a0=\u00a00.022, so at "
        "α\u00a0=\u00a00.1 it diverges. What will momentum with β\u00a0=\u00a00.9 do there?",
        reveal={"rate": 0.1, "step": 100},
        answers={
            "Diverge too": "Only gradient descent does. The average cancels the zig-zag, and the "
            "limit of momentum is (1\u00a0+\u00a0β)\u00a0/\u00a0(1\u00a0−\u00a0β) = 19 times as "
            "high.",
            "Arrive, and sooner than at 0.02": "Yes: the cost stays below 0.01 after 87 steps "
            "instead of 107. Nesterov, which looks ahead, needs 44.",
            "Arrive, but later: it swings too far": "It swings, but the cost stays below 0.01 "
            "after 87 steps instead of 107. Nesterov, which looks ahead, needs 44.",
        },
    )
