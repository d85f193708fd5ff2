"""Images and windows of every kind that the sliding layers must get right.

Every case has H != W and kH != kW; strides and paddings go through all pairs.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest

from tests.require import require

STRIDES = list(product((1, 2, 3), repeat=2))
PADDINGS = list(product((0, 1, 2), repeat=2))
# (N, C, H, W), window: in turn with a remainder, tall, wide, and as large as the image.
IMAGES = [
    ((1, 2, 5, 6), (3, 2)),
    ((3, 1, 6, 4), (2, 3)),
    ((3, 2, 4, 7), (3, 4)),
    ((1, 3, 4, 3), (4, 3)),
]


@dataclass(frozen=True)
class Geometry:
    """Images, a window, and how it moves."""

    shape: tuple
    size: tuple
    stride: tuple
    padding: tuple

    @property
    def options(self):
        return {"stride": self.stride, "padding": self.padding}

    @property
    def windows(self):
        """Return how many windows there are, vertically and horizontally."""
        return tuple(
            (n + 2 * p - k) // s + 1
            for n, k, s, p in zip(self.shape[2:], self.size, self.stride, self.padding, strict=True)
        )


def geometries(padding_below_size=False):
    """Return the grid; pooling's padding is smaller than its window."""
    grid = [
        Geometry(shape, size, stride, padding)
        for (shape, size), stride, padding in product(IMAGES, STRIDES, PADDINGS)
        if not padding_below_size or (padding[0] < size[0] and padding[1] < size[1])
    ]
    if padding_below_size:  # refill the rows that fell out, with a larger window
        grid += [
            Geometry((3, 2, 6, 5), (3, 5), stride, padding)
            for stride, padding in product(STRIDES, PADDINGS)
        ]
    assert len(grid) >= 300
    return grid


def over(grid):
    """Parametrize over the strides of ``grid``; each test gets the geometries of one."""
    groups = {stride: [g for g in grid if g.stride == stride] for stride in STRIDES}
    return pytest.mark.parametrize(
        "group", [pytest.param(group, id=f"stride{s[0]}{s[1]}") for s, group in groups.items()]
    )


def difference_gradients(linear_by_example, X, dout, eps=1e-5):
    """Approximate dL/dX by central differences, all entries of an example in one call.

    ``linear_by_example`` maps images (M, ...) to outputs (M, ...), each example by itself.
    """
    gradient = np.zeros(X.shape)
    for n in range(len(X)):
        steps = eps * np.eye(X[n].size).reshape(-1, *X[n].shape)
        change = linear_by_example(X[n] + steps) - linear_by_example(X[n] - steps)
        axes = tuple(range(1, change.ndim))
        gradient[n] = ((change * dout[n]).sum(axis=axes) / (2 * eps)).reshape(X[n].shape)
    return gradient


def pytorch():
    """Return PyTorch on one thread, which is fastest for arrays this small; skip without it."""
    try:
        import torch
    except ImportError:
        torch = None
    require("PyTorch", torch is not None, "pip install -r requirements-dev.txt")
    torch.set_num_threads(1)
    return torch
