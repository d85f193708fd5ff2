"""Lab ``slow-start`` (chapter 07): one neuron unlearns a wrong answer, with two losses."""

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore import losses
from dlcore.layers import affine_backward, affine_forward, sigmoid_backward, sigmoid_forward
from dlcore.optimizers import GradientDescent

X, Y = np.array([[1.0]]), np.array([[0.0]])  # the only example: input 1, target 0
STARTS = [k / 2 for k in range(-8, 9)]
RATES = [float(f"{m}e{e}") for e in (-2, -1, 0) for m in (1, 1.5, 2, 3, 5, 7)] + [10.0]
FEW = 300  # epochs, in steps of 3; a worse start needs more
EPOCHS = (*range(0, FEW + 1, 3), *range(FEW + 20, 2001, 20))
WORDS = {
    "quadratic": "value, da = losses.quadratic(a, y)\ndz = sigmoid_backward(da, cache)",
    "entropy": "value, dz = losses.logistic(z, y)",
}


def through_sigmoid(z):
    """Return the quadratic loss of the output, and its derivative by the score."""
    a, cache = sigmoid_forward(z)
    value, da = losses.quadratic(a, Y)
    return value, sigmoid_backward(da, cache)


LOSSES = {"quadratic": through_sigmoid, "entropy": lambda z: losses.logistic(z, Y)}


def learn(loss, w, b, rate):
    """Train the neuron; return one row (z, a, slope, cost, error) an epoch, and those of half."""
    optimizer, theta = GradientDescent(lr=rate), np.array([w, b])
    rows, half = [], None
    for epoch in range(EPOCHS[-1] + 1):
        z, cache = affine_forward(X, theta[np.newaxis, :1], theta[1:])
        a, _ = sigmoid_forward(z)
        value, dz = LOSSES[loss](z)
        rows.append([z.item(), a.item(), (a * (1 - a)).item(), float(value), dz.item()])
        if half is None and a.item() < 0.5:
            half = epoch
        _, dw, db = affine_backward(dz, cache)
        theta, _ = optimizer.update(theta, np.array([dw.item(), db.item()]), ())
    return np.array(rows), half


def state(w, b, rate, loss):
    """Train with each loss that is shown; the numbers of the other are None."""
    state, series = {"score": w + b}, {}
    shown = [name for name in LOSSES if loss in (name, "both")]
    for name in LOSSES:
        if name in shown:
            rows, half = learn(name, w, b, rate)
            columns = rows[list(EPOCHS)].T
        else:
            columns, half = [[None] * len(EPOCHS)] * 5, None
        for column, numbers in zip(("z", "a", "slope", "cost", "error"), columns, strict=True):
            series[f"{name}_{column}"] = numbers
        state[f"{name}_half"] = half or None
        state[f"{name}_never"] = "" if name in shown and half is None else None
    return state | {"code": "\n".join(WORDS[name] for name in shown), "series": series}


def shared():
    """Return the lines of code, and how many epochs are drawn of a run that needs no more."""
    return {"words": WORDS, "few": FEW}


def slow_start():
    """Return the lab of chapter 07: a wrong neuron learns slowly, with one of two losses."""
    name = {"quadratic": "quadratic cost", "entropy": "cross-entropy"}
    sentences = [
        f"With the {name[loss]} the output is {{{loss}_a:.3f}} after {{epoch:,d}} epochs, and the "
        f"error δ is {{{loss}_error:.3g}}."
        for loss in LOSSES
    ]
    halves = [
        f"The {name[loss]} brings it below one half in epoch {{{loss}_half:,d}}." for loss in LOSSES
    ]
    nevers = [
        f"The {name[loss]} does not bring it below one half in {EPOCHS[-1]:,} "
        f"epochs{{{loss}_never}}."
        for loss in LOSSES
    ]
    return Lab(
        name="slow-start",
        title="A bad start, and two losses",
        note="One neuron with one input, a = σ(wx + b), and one example: input 1, target 0. Both "
        "losses start at the same weights and take steps at the same rate. Drag the start on the "
        "sigmoid, or go through the epochs in a chart.",
        controls=[
            Slider(name="w", label="Start weight w", values=STARTS, value=2.0, bounds=(-20, 20)),
            Slider(name="b", label="Start bias b", values=STARTS, value=2.0, bounds=(-20, 20)),
            Slider(
                name="rate", label="Learning rate α", values=RATES, value=0.15, bounds=(1e-4, 100)
            ),
            Select(
                name="loss",
                label="Loss",
                options={
                    "both": "both, side by side",
                    "quadratic": "quadratic",
                    "entropy": "cross-entropy",
                },
                value="both",
            ),
            Scrubber(name="epoch", label="Epoch", values=EPOCHS, value=60),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=["The neuron starts at the score {score:.1f}.", *sentences, *halves, *nevers],
        equation=[
            "quadratic: <i>δ</i> = (<i>a</i> − <i>y</i>) σ′(<i>z</i>) = {quadratic_a:.3f} · "
            "{quadratic_slope:.3g} = {quadratic_error:.3g}",
            "cross-entropy: <i>δ</i> = <i>a</i> − <i>y</i> = {entropy_error:.3f}",
            "<i>w</i> ← <i>w</i> − {rate} <i>δ</i>, &ensp; <i>b</i> ← <i>b</i> − {rate} <i>δ</i>",
        ],
        code="{code}",
        alt="Two curves over 300 epochs. Left, the output: with the cross-entropy it falls at once "
        "from 0.98 towards 0, with the quadratic cost it stays near 1 for 150 epochs and falls "
        "below one half only in epoch {quadratic_half}. Right, the error: the quadratic one is "
        "almost 0 at first and has a hump where the output falls.",
        question="A score of 4 keeps the quadratic cost waiting for some 230 epochs. Start at a "
        "score of 6 instead: how long does it wait?",
        reveal={"w": 3.0, "b": 3.0, "epoch": 1200},
        answers={
            "About 300 epochs, half as long again": "No. The wait grows like the exponential of "
            "the score, and this is e² times as long.",
            "Far longer than 300 epochs": "Yes. The wait grows like the exponential of the score: "
            "about 1,400 epochs.",
            "About as long": "No. At a score of 6 the slope σ′ is seven times smaller.",
        },
    )
