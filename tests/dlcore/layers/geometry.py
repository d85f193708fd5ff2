"""Images and windows of every kind that the sliding layers must get right.

Every case has H != W and kH != kW; strides and paddings go through all pairs, and those of
convolution through dilations and groups, too.
"""

from dataclasses import dataclass
from itertools import cycle, product

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
DILATIONS = [(1, 1), (2, 1), (1, 3), (3, 2)]
# C_in, C_out, groups: plain, grouped, and depthwise with one filter a channel and with three.
CHANNELS = [(2, 4, 1), (4, 6, 2), (6, 3, 3), (3, 3, 3), (2, 6, 2)]


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
    def covered(self):
        """Return how many pixels a window spans, vertically and horizontally."""
        return self.size

    @property
    def windows(self):
        """Return how many windows there are, vertically and horizontally."""
        steps = zip(self.shape[2:], self.covered, self.stride, self.padding, strict=True)
        return tuple((n + 2 * p - f) // s + 1 for n, f, s, p in steps)


@dataclass(frozen=True)
class Convolution(Geometry):
    """Images, filters with holes in them, how they move, and which channels they read."""

    dilation: tuple
    filters: int
    groups: int

    @property
    def options(self):
        return super().options | {"dilation": self.dilation, "groups": self.groups}

    @property
    def covered(self):
        return tuple(d * (k - 1) + 1 for k, d in zip(self.size, self.dilation, strict=True))


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


def convolutions():
    """Return the grid of convolutions.

    A larger filter gets a larger image, so that as many pixels are left over. Four dilations and
    five kinds of groups take turns, which brings each with each, and with each pair of stride and
    padding one or the other.
    """
    grid = []
    for plain, dilation, (c_in, c_out, groups) in zip(
        geometries(), cycle(DILATIONS), cycle(CHANNELS), strict=False
    ):
        N, _, H, W = plain.shape
        (kH, kW), (dH, dW) = plain.size, dilation
        shape = (N, c_in, H + (dH - 1) * (kH - 1), W + (dW - 1) * (kW - 1))
        assert shape[2] != shape[3]
        grid.append(
            Convolution(shape, plain.size, plain.stride, plain.padding, dilation, c_out, groups)
        )
    assert len({(case.dilation, case.shape[1], case.filters) for case in grid}) == 4 * 5
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
