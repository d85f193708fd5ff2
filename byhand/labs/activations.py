"""Lab ``activations`` (chapter 06): a distribution of scores, pushed through a function."""

from statistics import NormalDist

import numpy as np

from byhand.labs.controls import Select, Slider
from byhand.labs.lab import Lab
from dlcore import layers

N = 1000  # scores: the quantiles of a normal distribution, so nothing is left to chance
SATURATED = 0.05  # less than a twentieth of the error gets through
ZERO = 1e-12  # slopes that are zero but for rounding
ALPHAS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0)
MEANS = tuple(float(mean) for mean in np.arange(-4, 4.25, 0.25))
SPREADS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)

FUNCTIONS = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "scaled_tanh": "scaled tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
}
WITH_ALPHA = ("leaky_relu", "elu")
FORMULAS = {
    "sigmoid": "1 / (1 + <i>e</i><sup>−<i>z</i></sup>)",
    "tanh": "tanh <i>z</i>",
    "scaled_tanh": "1.7159 tanh(2<i>z</i>/3)",
    "relu": "max(<i>z</i>, 0)",
    "leaky_relu": "<i>z</i> if <i>z</i> > 0, else <i>αz</i>",
    "elu": "<i>z</i> if <i>z</i> > 0, else <i>α</i>(<i>e</i><sup><i>z</i></sup> − 1)",
    "silu": "<i>z</i> σ(<i>z</i>)",
    "gelu": "<i>z</i> (1 + tanh(0.798(<i>z</i> + 0.0447<i>z</i>³))) / 2",
}


def quantiles():
    """Return N numbers with mean 0 that lie as a standard normal distribution does."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / N) for i in range(N)]).round(4)


def value_and_slope(function, z, alpha):
    """Return a function of the scores ``z`` and its slope, by dlcore's layer."""
    options = {"alpha": alpha} if function in WITH_ALPHA else {}
    A, cache = getattr(layers, f"{function}_forward")(z, **options)
    return A, getattr(layers, f"{function}_backward")(np.ones_like(z), cache)


def measured(function, alpha, mean, spread):
    """Push the scores through the function and through its slope."""
    A, slope = value_and_slope(function, mean + spread * quantiles(), alpha)
    at, slope_at = value_and_slope(function, np.array([mean]), alpha)
    size = np.abs(slope)
    return {
        "formula": FORMULAS[function],
        "out_mean": A.mean(),
        "out_spread": A.std(),
        "passed": slope.mean(),
        "saturated": float(np.mean(size < SATURATED)),
        "dead": float(np.mean(size < ZERO)),
        "at": at[0],
        "slope_at": slope_at[0],
    }


def state(function, versus, alpha, mean, spread):
    """Push the scores through the function, and through the one that it is compared with."""
    one = measured(function, alpha, mean, spread)
    two = versus if versus not in ("none", function) else None
    other = measured(two or function, alpha, mean, spread)
    has_alpha = function in WITH_ALPHA
    return {
        "layer": function,
        "argument": f", alpha={alpha:g}" if has_alpha else "",
        "with_alpha": alpha if has_alpha else None,
        "without": None if has_alpha else "",
        "alphas": sum(name in WITH_ALPHA for name in {function, two}),
        "verdict": "dead" if one["dead"] == 1 else None,
        **one,
        "other": FUNCTIONS.get(two),
        **{f"other_{name}": value if two else None for name, value in other.items()},
    }


def shared():
    """Return the scores before they are moved and stretched, and the formulas."""
    return {
        "quantiles": quantiles(),
        "formulas": FORMULAS,
        "with_alpha": WITH_ALPHA,
        "saturated": SATURATED,
        "zero": ZERO,
        "functions": FUNCTIONS,
    }


def activations():
    """Return the lab of chapter 06: what an activation does to scores and to their error."""
    told = (
        "turns scores with mean {mean} and spread {spread} into outputs with mean "
        "{out_mean:.2f} and spread {out_spread:.2f}."
    )
    return Lab(
        name="activations",
        title="What gets through?",
        note=f"{N:,} normal scores go through a function and, on the way back, the error goes "
        "through its slope. Drag the bell to move it, its sides to stretch it. Saturated, and "
        f"drawn thin: a slope below {SATURATED}. What lies beyond an axis is counted at its end.",
        controls=[
            Select(name="function", label="Function", options=FUNCTIONS, value="tanh"),
            Select(
                name="versus",
                label="Compared with",
                options={"none": "nothing"} | FUNCTIONS,
                value="relu",
            ),
            Slider(
                name="mean", label="Mean of the scores", values=MEANS, value=0.0, bounds=(-5, 5)
            ),
            Slider(
                name="spread",
                label="Spread of the scores",
                values=SPREADS,
                value=1.0,
                bounds=(0.01, 5.0),
            ),
            Slider(
                name="alpha",
                label="Parameter α",
                values=ALPHAS,
                value=1.0,
                bounds=(0.001, 4.0),
                off={"alphas": [0]},
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "{function} " + told + "{without}",
            "{function} with α = {with_alpha} " + told,
            "On average {passed:.1%} of the error gets back through it; {saturated:.1%} of the "
            "scores are saturated, and for {dead:.1%} the slope is zero.",
            "The unit is {verdict}: no error reaches its weights.",
            "Through {other} {other_passed:.1%} gets back; {other_saturated:.1%} are saturated "
            "there, and for {other_dead:.1%} the slope is zero.",
        ],
        equation=[
            "<i>g</i>(<i>z</i>) = {formula}",
            "at the mean: <i>g</i>({mean}) = {at:.3f}, <i>g</i>′({mean}) = {slope_at:.3f}",
            "{other}: <i>g</i>(<i>z</i>) = {other_formula}; <i>g</i>({mean}) = {other_at:.3f}, "
            "<i>g</i>′({mean}) = {other_slope_at:.3f}",
        ],
        code="A, cache = {layer}_forward(Z{argument})\n"
        "dZ = {layer}_backward(dA, cache)  # dA times a slope of {passed:.3f} on average",
        alt="Left: {function} and {other} above their slopes, over the scores. Right: histograms "
        "of the outputs and of the slopes; with {function} {saturated:.0%} of the scores are "
        "saturated, with {other} {other_saturated:.0%}.",
        question="At a spread of 1 tanh saturates for only 3% of the scores. Weights three times "
        "as large make the spread 3. For how many does it saturate then?",
        reveal={"spread": 3.0},
        answers={
            "About 9%, three times as many": "More: the flat parts begin at ±2.2, far out in the "
            "tails of the narrow distribution, but well inside the wide one.",
            "About half": "Yes. Every score beyond ±2.2 saturates: at a spread of 1 the far tails, "
            "at 3 nearly half.",
            "Nearly all": "Not that many: the middle of the distribution still lies between −2.2 "
            "and 2.2.",
        },
    )
