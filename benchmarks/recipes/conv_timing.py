"""Chapter 16: PyTorch's backward pass of a small convolution beside dlcore's.

PyTorch runs on one thread. The page measures anew wherever it is installed; elsewhere the page
shows this ratio.
"""

import numpy as np

from benchmarks.timing import interleave
from dlcore import layers

SETTINGS = {"X": [4, 4, 16, 16], "W": [8, 4, 3, 3], "stride": 1, "padding": 1, "rounds": 50}
ALONE = True
NEEDS = ("torch",)


def draws(settings):
    """Measure once."""
    return {"ratio": settings}


def draw(X, W, stride, padding, rounds):
    """Return dlcore's time as a multiple of PyTorch's: the minima of both, taking turns."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    X, W, b = (rng.standard_normal(shape) for shape in (X, W, W[0]))
    options = {"stride": stride, "padding": padding}
    Z, cache = layers.conv2d_forward(X, W, b, **options)
    dZ = rng.standard_normal(Z.shape)
    tensors = [torch.tensor(array, requires_grad=True) for array in (X, W, b)]
    out, upstream = torch.nn.functional.conv2d(*tensors, **options), torch.tensor(dZ)
    found = interleave(
        {
            "dlcore": lambda: layers.conv2d_backward(dZ, cache),
            "torch": lambda: torch.autograd.grad(out, tensors, upstream, retain_graph=True),
        },
        rounds=rounds,
    )
    return round(found["dlcore"].minimum / found["torch"].minimum, 2)


def collect(settings, found):
    """Return the ratio."""
    return {"dlcore_over_torch": found["ratio"]}
