"""Chapter 16: how far dlcore's gradient of convolution is from PyTorch's, geometry by geometry.

The page compares anew wherever PyTorch is installed; elsewhere it shows these figures.
"""

import math

import numpy as np

from dlcore import layers

SETTINGS = {
    "geometries": [  # a name, X's shape, the filters' number and size, stride, padding
        ["one channel", [1, 1, 5, 5], [1, 3, 3], [1, 1], [0, 0]],
        ["rectangular kernel", [1, 1, 6, 5], [1, 3, 2], [1, 1], [0, 0]],
        ["channels", [2, 3, 5, 5], [1, 2, 2], [1, 1], [0, 0]],
        ["channels and filters", [2, 3, 5, 6], [4, 3, 3], [1, 1], [0, 0]],
        ["stride, no remainder", [2, 2, 7, 7], [3, 3, 3], [2, 2], [0, 0]],
        ["stride, remainder", [2, 2, 8, 6], [3, 3, 3], [2, 2], [0, 0]],
        ["stride above kernel", [1, 2, 8, 9], [2, 2, 2], [3, 3], [0, 0]],
        ["padding", [2, 2, 5, 4], [3, 3, 3], [1, 1], [1, 1]],
        ["remainder above padding", [2, 2, 9, 9], [2, 3, 3], [4, 4], [0, 0]],
        ["everything", [2, 3, 9, 8], [4, 3, 2], [2, 3], [1, 2]],
    ],
    "seeds": 10,
}
NEEDS = ("torch",)


def draws(settings):
    """Compare every geometry."""
    return {
        name: {
            "shape": X, "filters": filters, "stride": stride, "padding": padding,
            "seeds": settings["seeds"],
        }
        for name, X, filters, stride, padding in settings["geometries"]
    }  # fmt: skip


def draw(shape, filters, stride, padding, seeds):
    """Return the worst |dlcore - PyTorch| / max |PyTorch|, as a power of ten."""
    worst = max(_error(shape, filters, stride, padding, seed) for seed in range(seeds))
    return float(f"1e{math.ceil(math.log10(max(worst, np.finfo(float).eps)))}")


def _error(shape, filters, stride, padding, seed):
    import torch

    (F, *size), rng = filters, np.random.default_rng(seed)
    X, W = rng.standard_normal(shape), rng.standard_normal((F, shape[1], *size))
    b = rng.standard_normal(F)
    Z, cache = layers.conv2d_forward(X, W, b, stride=stride, padding=padding)
    dZ = rng.standard_normal(Z.shape)
    tensors = [torch.tensor(array, requires_grad=True) for array in (X, W, b)]
    theirs = torch.nn.functional.conv2d(*tensors, stride=stride, padding=padding)
    theirs.backward(torch.tensor(dZ))
    pairs = zip(layers.conv2d_backward(dZ, cache), tensors, strict=True)
    return max(
        np.abs(ours - t.grad.numpy()).max() / np.abs(t.grad.numpy()).max() for ours, t in pairs
    )


def collect(settings, found):
    """Return each geometry's error."""
    return found
