"""Chapter 6: what an activation costs beside the affine layer that makes its scores.

Forward and backward together, batches of 256 in float64, on one thread where the environment says
so (``OPENBLAS_NUM_THREADS=1``).
"""

import numpy as np

from benchmarks.timing import interleave
from dlcore import layers

SETTINGS = {
    "widths": [64, 256, 1024],
    "names": ["relu", "leaky_relu", "tanh", "sigmoid", "elu", "silu", "gelu"],
    "batch": 256,
    "rounds": 40,
}
ALONE = True


def draws(settings):
    """Measure once per width."""
    same = {name: settings[name] for name in ("names", "batch", "rounds")}
    return {f"width {width}": {"width": width, **same} for width in settings["widths"]}


def draw(width, names, batch, rounds):
    """Return each activation's time as a share of the affine layer's, in percent: the minima."""
    rng = np.random.default_rng(0)
    X, dZ = rng.standard_normal((2, batch, width))
    W, b = rng.standard_normal((width, width)), np.zeros(width)

    def affine():
        _, cache = layers.affine_forward(X, W, b)
        layers.affine_backward(dZ, cache)

    def both_ways(name):
        _, cache = getattr(layers, f"{name}_forward")(X)
        getattr(layers, f"{name}_backward")(dZ, cache)

    found = interleave(
        {"affine": affine} | {name: lambda name=name: both_ways(name) for name in names},
        rounds=rounds,
    )
    unit = found["affine"].minimum
    return {name: round(100 * found[name].minimum / unit, 1) for name in names}


def collect(settings, found):
    """Return for each width the shares, in percent."""
    return {str(width): found[f"width {width}"] for width in settings["widths"]}
