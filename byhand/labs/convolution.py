"""The convolution that the labs ``conv-arithmetic`` and ``conv-backward`` show, and how it is told.

``browser/convolution.js`` has the same in the browser.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from byhand.labs.controls import Drawing, Select, Slider
from byhand.labs.text import show
from dlcore import datasets
from dlcore.geometry import same_padding

SIZES = range(5, 15)
KERNELS = range(1, 6)
MOST = 3  # channels, and filters
STRIDES = range(1, 5)
PADDINGS = range(4)
COUNTS = range(1, MOST + 1)  # of channels, and of filters
PIXELS = MOST * SIZES[-1] ** 2
CELLS = PIXELS + (MOST * KERNELS[-1]) ** 2
ZERO = 9  # the digit that stands for 0: an edited cell holds -9 to 9

NUMBERS = {
    "notes": "the notes' zeros and ones",
    "edges": "a box, and edges",
    "digit": "a digit, and edges",
    "blur": "a box, and blur",
    "random": "random",
}

# The notes' picture, and what its border continues with.
PICTURE = [
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
]


@cache
def pictures(numbers):
    """Return the largest picture, shape (3, 14, 14); smaller ones are its upper left corner."""
    shape, size = (MOST, SIZES[-1], SIZES[-1]), SIZES[-1]
    if numbers == "random":
        return np.random.default_rng(3).integers(0, 10, shape).astype(float)
    if numbers in ("notes", "digit"):
        plane, most = np.tile(PICTURE, (3, 3))[:size, :size], 1
        if numbers == "digit":  # 8 by 8
            digit, most = datasets.digits([3])[0][0].reshape(8, 8), 9
            plane = np.pad(np.round(digit / digit.max() * most), (0, size - 8))
        return np.stack([plane, plane.T, most - plane]).astype(float)
    y, x = np.indices((size, size))  # a bright box, and softer ones
    box = (y >= 2) & (x >= 2) & (y < 9) & (x < 9)
    return np.stack([9 * box, 5 * (x >= 3), 3 * (y >= 3)]).astype(float)


@cache
def kernels(numbers, kh, kw):
    """Return the kernels of three filters and three channels, shape (3, 3, kh, kw)."""
    shape, K = (MOST, MOST, kh, kw), np.zeros((MOST, kh, kw))
    if numbers == "random":
        return np.random.default_rng(10 * kh + kw).integers(-2, 3, shape).astype(float)
    if numbers == "notes":  # ones where the row and the column are both even, or both odd
        y, x = np.indices((kh, kw))
        even = (y + x) % 2 == 0
        K[:] = even, ~even, np.ones_like(even)
    elif numbers == "blur":  # the mean, the mean along a row, the mean along a column
        K[0] = 1 / (kh * kw)
        K[1, kh // 2] = 1 / kw
        K[2, :, kw // 2] = 1 / kh
    else:  # right minus left, lower minus upper, middle minus neighbors
        K[0, :, 0] -= 1
        K[0, :, -1] += 1
        K[1, 0] -= 1
        K[1, -1] += 1
        K[2] = -1
        K[2, kh // 2, kw // 2] += kh * kw
    return np.repeat(K[:, np.newaxis], MOST, axis=1)


# --- controls ---


@dataclass(frozen=True, kw_only=True)
class Cell(Slider):
    """A slider over the pixels and weights that the settings show, which it names."""

    kind: ClassVar[str] = "cell"


@dataclass(frozen=True, kw_only=True)
class Edits(Drawing):
    """Numbers that the reader has written over others, each as three signs.

    Two are a place, which counts through the largest picture and then the largest kernels, or
    through the largest upstream gradient, and one is the number, to the base 36.
    """

    kind: ClassVar[str] = "edits"

    @property
    def pattern(self):
        """The regular expression of all values."""
        return "([0-9a-z]{2}[0-9a-i])*"


def numbers_in(word):
    """Return the pairs (place, number) that are written in ``word``."""
    return [(int(at, 36), int(number, 36) - ZERO) for at, number in re.findall("(..)(.)", word)]


def edited(word, X, weights):
    """Return copies of the largest picture and of the kernels with the edits of ``word``."""
    X, weights = X.copy(), weights.copy()
    kh, kw = weights.shape[2:]
    for at, value in numbers_in(word):
        if at < PIXELS:
            X.flat[at] = value
        elif at < CELLS:
            f, c, i, j = np.unravel_index(at - PIXELS, (MOST, MOST, KERNELS[-1], KERNELS[-1]))
            if i < kh and j < kw:
                weights[f, c, i, j] = value
    return X, weights


def listed(numbers):
    """Return a few numbers as the options of a list."""
    return {str(number): str(number) for number in numbers}


def geometry_controls():
    """Return the controls of the sizes, at the smallest picture."""
    return [
        Select(name="stride", label="Stride s", options=listed(STRIDES), value="1"),
        Select(
            name="padding",
            label="Padding p",
            options=listed(PADDINGS) | {"same": "same"},
            value="0",
        ),
        Slider(name="H", label="Height H", values=SIZES, value=5),
        Slider(name="W", label="Width W", values=SIZES, value=5),
        Select(name="kh", label="Kernel height", options=listed(KERNELS), value="3"),
        Select(name="kw", label="Kernel width", options=listed(KERNELS), value="3"),
        Select(name="channels", label="Channels", options=listed(COUNTS), value="1", rare=True),
        Select(name="filters", label="Filters", options=listed(COUNTS), value="1", rare=True),
    ]


# --- arrays ---


def arrays(H, W, kh, kw, stride, padding, channels, filters, numbers, edits=""):
    """Return X (C, H, W), the weights (F, C, kh, kw), and the zeros around X as for np.pad."""
    kh, kw, stride, channels, filters = map(int, (kh, kw, stride, channels, filters))
    X, weights = edited(edits, pictures(numbers), kernels(numbers, kh, kw))
    around = [
        same_padding(n, k, stride=stride) if padding == "same" else (int(padding),) * 2
        for n, k in ((H, kh), (W, kw))
    ]
    return X[:channels, :H, :W], weights[:filters, :channels], around


# --- words ---


def short(value):
    """Write a whole number in full, another with three digits."""
    whole = round(value)  # sums of rounded weights are not exactly whole
    return show(whole) if abs(value - whole) < 1e-9 else show(value, ".3g")


def summed(terms):
    """Write a sum of texts, where one that begins with a minus sign is subtracted."""
    first, *others = terms
    return first + "".join(
        f" − {term[1:]}" if term.startswith("−") else f" + {term}" for term in others
    )


def product(a, b):
    """Write a product, its second factor in brackets where that is negative."""
    return f"{short(a)}·{f'({short(b)})' if b < 0 else short(b)}"


def plural(count, word):
    """Write a count with its word: 1 row, 2 rows."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def shared_arrays(names):
    """Return these pictures, and their kernels of every size."""
    return {
        "most": MOST,
        "size": SIZES[-1],
        "pictures": {name: pictures(name).ravel() for name in names},
        "kernels": {
            name: [[kernels(name, kh, kw).ravel() for kw in KERNELS] for kh in KERNELS]
            for name in names
        },
    }
