"""Images and windows of every kind that the sliding layers must get right.

Every case has H != W and kH != kW; strides and paddings go through all pairs, and those of
convolution through dilations and groups, too.
"""

from dataclasses import dataclass
from itertools import cycle, product

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
        """Return how the window moves, as the functions take it."""
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
        """Return how the filters move and which channels they read."""
        return super().options | {"dilation": self.dilation, "groups": self.groups}

    @property
    def covered(self):
        """Return how many pixels a filter spans with its holes."""
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
