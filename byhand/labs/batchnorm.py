"""Lab ``batchnorm`` (chapter 14): one feature, normalized by its batch or by running averages."""

from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore import losses
from dlcore.layers import (
    BatchNorm,
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
)
from dlcore.optimizers import GradientDescent

SEED = 0
COUNT = 256  # examples in the data set
RATE = 0.5
FOLLOWED = [k / 4 for k in range(-12, 13)]  # before shift and scale
EPS = 1e-5
SIZES = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
SHIFTS = [float(k) for k in range(-6, 7)]
SCALES = [0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0]
GAMMAS = [k / 4 for k in range(13)]
BETAS = [k / 2 for k in range(-6, 7)]
STEPS = range(60)
MODES = {"train": "training, by its batch", "test": "inference, by running averages"}
WORDS = {"train": "Normalized by its batch", "test": "Normalized by the running averages"}
LINES = {
    "train": "Z, cache = batchnorm_forward(X, gamma, beta)",
    "test": "Z = batchnorm_inference(X, gamma, beta, mean, var)",
}


@cache
def data():
    """Return a feature of 256 examples, with mean 0 and standard deviation 1, and their labels."""
    rng = np.random.default_rng(SEED)
    x = np.where(rng.random(COUNT) < 0.6, -0.8, 1.2) + 0.5 * rng.standard_normal(COUNT)
    y = (x + 0.5 * rng.standard_normal(COUNT) > 0.3).astype(float)
    return ((x - x.mean()) / x.std()).round(3), y


def rows(step, size):
    """Return the examples of a batch.

    They have no order, so taking every (2 step + 1)-th, around and around, is as good as a draw;
    an odd stride meets none of the 256 twice.
    """
    return (97 * step + np.arange(size) * (2 * step + 1)) % COUNT


@cache
def running():
    """Return the mean and variance that batch norm remembers from training on the plain inputs."""
    layer, rng = BatchNorm(1, eps=EPS), np.random.default_rng(SEED)
    params = layer.init(rng)
    buffers = layer.init_buffers(params)
    for _ in range(100):
        X = data()[0][rng.permutation(COUNT)[:32], np.newaxis]
        _, memory = layer.forward(params, X, train=True, rng=rng)
        buffers = layer.update_buffers(buffers, memory)
    return [(buffers[name] / buffers["weight"]).item() for name in ("mean", "var")]


def normalizing(X, gamma, beta):
    """Return the scores of a neuron with batch norm, and what turns dZ into a gradient."""
    Z, memory = batchnorm_forward(X, gamma, beta, eps=EPS)
    return Z, lambda dZ: batchnorm_backward(dZ, memory)[1:]


def plain(X, w, b):
    """Return the scores of a neuron without, and what turns dZ into a gradient."""
    Z, memory = affine_forward(X, w[np.newaxis], b)
    return Z, lambda dZ: (affine_backward(dZ, memory)[1][0], affine_backward(dZ, memory)[2])


def learn(neuron, batch, shift, scale, theta):
    """Train a neuron; return its cost over all examples before each step."""
    x, y = (column[:, np.newaxis] for column in data())
    X, optimizer, theta, costs = shift + scale * x, GradientDescent(RATE), np.array(theta), []
    for step in STEPS:
        costs.append(float(losses.logistic(neuron(X, theta[:1], theta[1:])[0], y)[0]))
        of = rows(step, batch)
        Z, backward = neuron(X[of], theta[:1], theta[1:])
        _, dZ = losses.logistic(Z, y[of])
        theta, _ = optimizer.update(theta, np.concatenate(backward(dZ)), ())
    return costs


def state(batch, followed, shift, scale, gamma, beta, mode):
    """Send the followed example through 60 batches, and train with and without batch norm."""
    x = shift + scale * followed
    remembered, series = running(), {"mean": [], "sd": [], "center": [], "spread": [], "z": []}
    for step in STEPS:
        X = shift + scale * data()[0][rows(step, batch)]
        X[0] = x
        *_, mean, var = batchnorm_forward(X[:, np.newaxis], np.ones(1), np.zeros(1), eps=EPS)[1]
        moments = (mean.item(), var.item()) if mode == "train" else remembered
        spread = float(np.sqrt(moments[1] + EPS))
        z = gamma * (x - moments[0]) / spread + beta
        numbers = (mean.item(), float(np.sqrt(var.item())), moments[0], spread, z)
        for column, number in zip(series.values(), numbers, strict=True):
            column.append(number)
    series["normal"] = [
        (x - c) / s for c, s in zip(series["center"], series["spread"], strict=True)
    ]
    series["with_cost"] = learn(normalizing, batch, shift, scale, [gamma, beta])
    series["without_cost"] = learn(plain, batch, shift, scale, [gamma, beta])
    return {
        "x": x,
        "noise": float(np.std(series["z"])),
        "run_mean": remembered[0],
        "run_sd": float(np.sqrt(remembered[1])),
        "by": WORDS[mode],
        "line": LINES[mode],
        "alone": "" if batch == 1 and mode == "train" else None,
        "series": series,
    }


def shared():
    """Return the examples, what the running averages say, and the lines of code."""
    x, y = data()
    return {
        "x": x,
        "y": y,
        "eps": EPS,
        "rate": RATE,
        "running": running(),
        "words": WORDS,
        "lines": LINES,
    }


def outputs(batch, shift, scale, gamma, beta):
    """Return what comes out of the batches in training, one after the other, (60 batch,)."""
    out = []
    for step in STEPS:
        X = (shift + scale * data()[0][rows(step, batch)])[:, np.newaxis]
        out.append(batchnorm_forward(X, np.array([gamma]), np.array([beta]), eps=EPS)[0])
    return np.concatenate(out)[:, 0]


def batchnorm():
    """Return the lab of chapter 14: normalize by the batch, or by what training remembers."""
    return Lab(
        name="batchnorm",
        title="What a batch does to its members",
        note=f"One feature of {COUNT} examples, and a neuron that learns their two classes from "
        "it. The running averages come from training on the inputs before you shift or scale them. "
        "One example is followed: it takes the first place in every batch, and can be dragged. "
        f"Both costs start at weight γ and bias β, with the rate {RATE}. Your browser does the "
        "training.",
        controls=[
            Select(name="mode", label="Normalize in", options=MODES, value="train"),
            Slider(name="batch", label="Batch size N", values=SIZES, value=4),
            Slider(
                name="followed",
                label="The followed example",
                values=FOLLOWED,
                value=1.5,
            ),
            Slider(name="shift", label="Shift of the inputs", values=SHIFTS, value=4.0),
            Slider(name="scale", label="Scale of the inputs", values=SCALES, value=2.0),
            Slider(name="gamma", label="γ", values=GAMMAS, value=1.0),
            Slider(name="beta", label="β", values=BETAS, value=0.0),
            Scrubber(name="step", label="Batches seen", values=STEPS, value=12, frame=200),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "This batch of {batch} has mean {mean:.2f} and standard deviation {sd:.2f}; the "
            "running averages say {run_mean:.2f} and {run_sd:.2f}.",
            "{by}, the followed example goes from {x:.2f} to {z:.2f}; over 60 batches "
            "that output varies with a standard deviation of {noise:.2f}.",
            "A batch of one is its own mean, so β comes out, whatever goes in{alone}.",
            "After {step:d batch} the cost is {with_cost:.3f} with batch norm and "
            "{without_cost:.3f} without.",
        ],
        equation=[
            "<i>x̂</i> = ({x:.2f} − {center:factor .2f}) / {spread:.3f} = {normal:.3f}",
            "<i>z</i> = <i>γ x̂</i> + <i>β</i> = {gamma} · {normal:factor .3f} {beta:term} = "
            "{z:.3f}",
        ],
        code="{line}",
        alt="Left, two histograms: the inputs lie around 4 with a standard deviation of 2, the "
        "outputs around 0 with a standard deviation of 1. Right: the cost falls with batch norm; "
        "without, it starts higher and jumps up and down.",
        question="The inputs here are shifted by 4 since the running averages were made. In "
        "training that does not show in the outputs. And in inference?",
        reveal={"mode": "test"},
        answers={
            "Nothing shows either": "It does: a single example has no batch, so it is measured by "
            "the old averages, and the outputs move with the inputs.",
            "The outputs move with the inputs": "Yes. A single example has no batch, so it is "
            "measured by the old averages.",
            "The outputs become noisy": "No: the noise is gone, because nothing depends on the "
            "batch any more. But the outputs move with the inputs.",
        },
    )
