"""Lab ``conv-arithmetic`` (chapter 15): every number of a convolution, with the sum behind it."""

from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore.layers import conv2d_forward

SIZES = range(5, 15)
KERNELS = range(1, 6)
MOST = 3  # channels, and filters
PADDINGS = range(4)
COUNTS = range(1, MOST + 1)  # of channels, and of filters
OUTPUTS = range(1, MOST * (SIZES[-1] + 2 * PADDINGS[-1]) ** 2 + 1)

NUMBERS = {
    "notes": "the notes' zeros and ones",
    "edges": "edges",
    "blur": "blur",
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
    if numbers == "notes":
        plane = np.tile(PICTURE, (3, 3))[:size, :size]
        return np.stack([plane, plane.T, 1 - plane]).astype(float)
    if numbers == "random":
        return np.random.default_rng(3).integers(0, 10, shape).astype(float)
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
    elif numbers == "edges":  # right minus left, lower minus upper, middle minus neighbors
        K[0, :, 0] -= 1
        K[0, :, -1] += 1
        K[1, 0] -= 1
        K[1, -1] += 1
        K[2] = -1
        K[2, kh // 2, kw // 2] += kh * kw
    else:  # the mean, the mean along a row, the mean along a column
        K[0] = 1 / (kh * kw)
        K[1, kh // 2] = 1 / kw
        K[2, :, kw // 2] = 1 / kh
    return np.repeat(K[:, np.newaxis], MOST, axis=1)


def short(value):
    """Write a whole number in full, another with three digits."""
    whole = round(value)  # sums of rounded weights are not exactly whole
    return show(whole) if abs(value - whole) < 1e-9 else show(value, ".3g")


def listed(numbers):
    """Return a few numbers as the options of a list."""
    return {str(number): str(number) for number in numbers}


def plural(count, word):
    """Write a count with its word: 1 row, 2 rows."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def convolve(H, W, kh, kw, stride, padding, channels, filters, numbers):
    """Return X (C, H, W), the weights (F, C, kh, kw) and Z (F, oH, oW)."""
    kh, kw, stride, padding, channels, filters = map(
        int, (kh, kw, stride, padding, channels, filters)
    )
    X = pictures(numbers)[:channels, :H, :W]
    weights = kernels(numbers, kh, kw)[:filters, :channels]
    Z, _ = conv2d_forward(X[None], weights, np.zeros(filters), stride=stride, padding=padding)
    return X, weights, Z[0]


def products(window, kernel):
    """Write the sum behind one output, as far as one channel goes."""
    terms = [
        f"{short(w)}·{short(x)}" if w >= 0 else f"({short(w)})·{short(x)}"
        for w, x in zip(kernel.ravel().tolist(), window.ravel().tolist(), strict=True)
    ]
    return " + ".join(terms)


def state(H, W, kh, kw, stride, padding, channels, filters, numbers):
    """Convolve, and write every output's sum, channel by channel."""
    X, weights, Z = convolve(H, W, kh, kw, stride, padding, channels, filters, numbers)
    (filters, channels, kh, kw), stride, padding = weights.shape, int(stride), int(padding)
    padded = np.pad(X, ((0, 0), (padding, padding), (padding, padding)))
    series = {name: [] for name in ("f", "u", "v", "z", "sum0", "sum1", "sum2", "inside")}
    for (f, u, v), z in np.ndenumerate(Z):
        window = padded[:, u * stride : u * stride + kh, v * stride : v * stride + kw]
        sums = [products(window[c], weights[f, c]) for c in range(channels)]
        rows = [u * stride + i - padding for i in range(kh)]
        columns = [v * stride + j - padding for j in range(kw)]
        inside = sum(0 <= y < H for y in rows) * sum(0 <= x < W for x in columns)
        row = (f, u, v, short(float(z)), *sums, *[None] * (MOST - channels), inside)
        for name, value in zip(series, row, strict=True):
            series[name].append(value)
    rows, columns = ((n + 2 * padding - k) % stride for n, k in ((H, kh), (W, kw)))
    return {
        "oH": Z.shape[1],
        "oW": Z.shape[2],
        "rows": plural(rows, "row"),
        "columns": plural(columns, "column"),
        "count": filters * (channels * kh * kw + 1),
        "terms": channels * kh * kw,
        "series": series,
    }


def shared():
    """Return every picture, and the kernels of every size."""
    return {
        "most": MOST,
        "size": SIZES[-1],
        "pictures": {name: pictures(name).ravel() for name in NUMBERS},
        "kernels": {
            name: [[kernels(name, kh, kw).ravel() for kw in KERNELS] for kh in KERNELS]
            for name in NUMBERS
        },
    }


def poster(figure, settings, state, shared):
    """Draw the first picture, the first kernel and the first output."""
    from byhand.plotting import numbers

    geometry = {name: settings[name] for name in settings if name != "out"}
    X, weights, Z = convolve(**geometry)
    stride, (kh, kw) = int(settings["stride"]), weights.shape[2:]
    read = np.zeros(X.shape[1:], dtype=bool)  # at the start settings, without padding
    read[: (Z.shape[1] - 1) * stride + kh, : (Z.shape[2] - 1) * stride + kw] = True
    axes = figure.subplots(1, 3, width_ratios=[X.shape[2], kw + 1, Z.shape[2] + 1])
    numbers(axes[0], X[0], "input", windows=[(0, 0, kh, kw)], dropped=~read)
    numbers(axes[1], weights[0, 0], "kernel")
    numbers(axes[2], Z[0], "output", windows=[(0, 0, 1, 1)])


def conv_arithmetic():
    """Return the lab of chapter 15: the arithmetic of a convolution."""
    return Lab(
        name="conv-arithmetic",
        title="Convolution, number by number",
        note="One picture; the bias is 0. The framed output is the sum of the products of the "
        "kernel with the framed window. Padding is dashed; hatched pixels are read by no window.",
        controls=[
            Scrubber(name="out", label="Output", values=OUTPUTS, value=1, frame=500),
            Slider(name="H", label="Height H", values=SIZES, value=5),
            Slider(name="W", label="Width W", values=SIZES, value=6),
            Select(name="kh", label="Kernel height", options=listed(KERNELS), value="3"),
            Select(name="kw", label="Kernel width", options=listed(KERNELS), value="3"),
            Select(name="stride", label="Stride s", options=listed(range(1, 5)), value="2"),
            Select(name="padding", label="Padding p", options=listed(PADDINGS), value="0"),
            Select(name="channels", label="Channels", options=listed(COUNTS), value="1"),
            Select(name="filters", label="Filters", options=listed(COUNTS), value="1"),
            Select(name="numbers", label="Numbers", options=NUMBERS, value="notes"),
        ],
        state=state,
        shared=shared,
        summary=[
            "Filter {f}, row {u}, column {v} of the output is {z}: a sum of {terms} products, "
            "with {inside} pixels of the picture in each channel.",
            "The output is {oH} by {oW}; the floor drops {rows} and {columns} of the "
            "padded picture. The layer has {count} parameters.",
        ],
        equation=[
            "⌊({H} + 2·{padding} − {kh}) / {stride}⌋ + 1 = {oH}, &ensp; "
            "⌊({W} + 2·{padding} − {kw}) / {stride}⌋ + 1 = {oW}",
            "<small>channel 0: {sum0}</small>",
            "<small>channel 1: {sum1}</small>",
            "<small>channel 2: {sum2}</small>",
            "sum = {z}",
        ],
        code="Z, _ = conv2d_forward(X, W, b, stride={stride}, padding={padding})  "
        "# W: ({filters}, {channels}, {kh}, {kw})",
        alt="A picture of zeros and ones, {H} by {W}, with its first window of {kh} by {kw} "
        "framed and {columns} grayed out; the kernel; the output, {oH} by {oW}, whose "
        "first number is {z}.",
        precomputed=False,
        poster=poster,
        question="The picture is 5 by 6, the kernel 3 by 3, the stride 2, and the last column "
        "is never read. With a padding of 1 on all sides, what is never read?",
        reveal={"padding": "1"},
        answers={
            "Nothing": "No. The padded width is 8, the windows start at 0, 2 and 4, and the last "
            "ends at pixel 6 of 0 to 7.",
            "A column of the padding on the right": "Yes. The padded width is 8, and the remainder "
            "of (6 + 2 − 3) / 2 is still 1. Now it costs only zeros.",
            "The last column of the picture, again": "No. The windows moved one pixel to the left, "
            "onto the padding, and reach the last column of the picture. What remains is a column "
            "of zeros.",
        },
    )
