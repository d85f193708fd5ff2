"""Lab ``learning-rate`` (chapter 03): one rate, one path down the cost surface."""

from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Slider
from byhand.labs.lab import Lab
from dlcore import losses
from dlcore.datasets import moons
from dlcore.optimizers import GradientDescent

SEED = 0
STRETCH = 2.5  # of the first feature: makes the valley long and narrow, as unscaled data do
START = (2.0, 3.0)  # weights; a reader drags them
NUDGE = 1e-12  # of the first weight, for a run beside this one
VISIBLE = 1e-6  # costs that are further apart than this: the run amplifies what rounding leaves
RATES = [float(f"{m}e{e}") for e in (-2, -1, 0, 1) for m in (1, 1.5, 2, 3, 4, 5, 7)] + [100.0]
ITERATIONS = range(61)
W1, W2 = (-3.0, 4.0), (-7.0, 4.0)  # the part of the cost surface that is drawn


@cache
def data():
    """Return the points, centered, and their labels."""
    X, y = moons(np.random.default_rng(SEED), n=200, noise=0.2)
    X = (X - X.mean(axis=0)) * [STRETCH, 1.0]
    return X.round(3), y


def cost_and_gradient(w):
    """Return the cost of the weights ``w`` (2,) and its gradient (2,)."""
    X, y = data()
    cost, dscores = losses.logistic(X @ w, y)
    return float(cost), X.T @ dscores  # (2, N) (N,) -> (2,)


def run(rate, w):
    """Return the path of gradient descent from ``w``, a row of numbers for each iteration."""
    optimizer, path = GradientDescent(lr=rate), []
    for _ in ITERATIONS:
        cost, gradient = cost_and_gradient(w)
        step, _ = optimizer.update(w, gradient, ())
        path.append([cost, *w, *gradient, *step])
        w = step
    return np.array(path)


def state(rate, from1=START[0], from2=START[1]):
    """Run gradient descent from the start weights, and from a start that is hardly another."""
    path = run(rate, np.array([from1, from2]))
    costs = path[:, 0]
    twin = np.abs(run(rate, np.array([from1 + NUDGE, from2]))[:, 0] - costs).max()
    names = ("cost", "w1", "w2", "dw1", "dw2", "next1", "next2")
    rises = np.concatenate([[0], np.cumsum(np.diff(costs) > 1e-9)])
    series = dict(zip(names, path.T, strict=True)) | {"rises": rises}
    return {
        "start": costs[0],
        "twin": "chaotic" if twin > VISIBLE else None,
        "series": series,
    }


def shared():
    """Return the points, and the cost surface with its lowest point."""
    X, y = data()
    w1, w2 = np.linspace(*W1, 36), np.linspace(*W2, 56)
    surface = [[cost_and_gradient(np.array([a, b]))[0] for a in w1] for b in w2]
    w = np.zeros(2)
    for _ in range(2000):
        w = w - cost_and_gradient(w)[1]
    return {
        "nudge": NUDGE,
        "visible": VISIBLE,
        "points": X,
        "labels": y,
        "w1": W1,
        "w2": W2,
        "surface": np.round(surface, 4),
        "columns": len(w1),
        "rows": len(w2),
        "lowest": {"w1": w[0], "w2": w[1], "cost": cost_and_gradient(w)[0]},
    }


def learning_rate():
    """Return the lab of chapter 03: how far should one step of gradient descent go."""
    return Lab(
        name="learning-rate",
        title="How far should one step go?",
        note=f"Logistic regression on 200 points of two moons (seed {SEED}). "
        "The points are centered and the classes balanced, so the bias is held at 0 and the cost "
        f"is a map over two weights. The first feature is stretched {STRETCH} times: unscaled "
        "features make the valley narrow. Drag the start; where a path leaves the map, it grows.",
        controls=[
            Slider(
                name="rate", label="Learning rate α", values=RATES, value=0.3, bounds=(1e-4, 1e3)
            ),
            Scrubber(name="iteration", label="Iteration", values=ITERATIONS, value=20),
            *(
                Slider(
                    name=name,
                    label=f"Start {weight}",
                    values=[tenth / 10 for tenth in range(int(10 * low), int(10 * high) + 1)],
                    value=value,
                    bounds=(low, high),
                )
                for name, weight, (low, high), value in (
                    ("from1", "w₁", W1, START[0]),
                    ("from2", "w₂", W2, START[1]),
                )
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "With a learning rate of {rate}, the cost after {iteration:d iteration} is {cost:.3f}; "
            "it started at {start:.3f}, where w was ({from1}, {from2}), and it rose in {rises} of "
            "the steps.",
            "So far across the valley the path is {twin}: it makes much of the last digits of its "
            "start, and of every rounding.",
        ],
        equation=[
            "<i>w</i> ← <i>w</i> − <i>α</i> ∂<i>J</i>/∂<i>w</i>",
            "({w1:.3f}, {w2:.3f}) − {rate} · ({dw1:.3g}, {dw2:.3g}) = ({next1:.3f}, {next2:.3f})",
        ],
        code="w, _ = GradientDescent(lr={rate}).update(w, gradient, ())",
        alt="Left: two moons of points with a straight boundary, and the cost falling from "
        "{start:.2f} to {cost:.2f} in {iteration:d iteration}. Right: contours of the cost over "
        "the two weights, a long narrow valley, with the path of the weights going down into it.",
        question="At α\u00a0=\u00a00.3 the cost falls in every step. What will it do at "
        "α\u00a0=\u00a05?",
        reveal={"rate": 5.0},
        answers={
            "Fall in every step, only faster": "Not at 5: some steps jump too far across the "
            "valley. At 1.5 it would be so.",
            "Fall in some steps, rise in others": "Yes. Each step jumps across the valley, and the "
            "path zig-zags down.",
            "Grow far above its start": "Not yet: the path zig-zags, but still down. That takes a "
            "rate such as 50.",
        },
    )
