"""Lab ``conv-arithmetic`` (chapter 15): every number of a convolution, with the sum behind it."""

import numpy as np

from byhand.labs.controls import Scrubber, Select
from byhand.labs.convolution import (
    CELLS,
    MOST,
    NUMBERS,
    PADDINGS,
    SIZES,
    ZERO,
    Cell,
    Edits,
    arrays,
    geometry_controls,
    plural,
    product,
    shared_arrays,
    short,
    summed,
)
from byhand.labs.lab import Lab
from dlcore.layers import conv2d_forward

OUTPUTS = range(1, MOST * (SIZES[-1] + 2 * PADDINGS[-1]) ** 2 + 1)


def convolve(X, weights, around, stride, padding):
    """Return the output (F, oH, oW), as dlcore computes it."""
    if padding == "same":
        X, padding = np.pad(X, ((0, 0), *around)), 0
    b = np.zeros(len(weights))
    return conv2d_forward(X[None], weights, b, stride=int(stride), padding=int(padding))[0][0]


def dropped(padded, weights, stride):
    """Say what the floor drops of the padded picture, or None."""
    left = [(n - k) % stride for n, k in zip(padded.shape[1:], weights.shape[2:], strict=True)]
    words = [plural(n, word) for n, word in zip(left, ("row", "column"), strict=True) if n]
    return " and ".join(words) or None


def state(H, W, kh, kw, stride, padding, channels, filters, numbers, edits):
    """Convolve, and write every output's sum, channel by channel."""
    X, weights, around = arrays(
        H, W, kh, kw, stride, padding, channels, filters, numbers, edits
    )  # fmt: skip
    Z = convolve(X, weights, around, stride, padding)
    (filters, channels, kh, kw), stride = weights.shape, int(stride)
    padded = np.pad(X, ((0, 0), *around))
    inner = np.pad(np.ones((H, W)), around)
    names = ("f", "u", "v", "z", "sum0", "sum1", "sum2", "parts", "inside")
    series = {name: [] for name in names}
    for (f, u, v), z in np.ndenumerate(Z):
        here = slice(u * stride, u * stride + kh), slice(v * stride, v * stride + kw)
        factors = [(weights[f, c].ravel(), padded[c][here].ravel()) for c in range(channels)]
        sums = [summed([product(*pair) for pair in zip(*both, strict=True)]) for both in factors]
        parts = summed([short(float(w @ x)) for w, x in factors]) if channels > 1 else None
        row = (
            f, u, v, short(float(z)), *sums, *[None] * (MOST - channels), parts,
            int(inner[here].sum()),
        )  # fmt: skip
        for name, value in zip(series, row, strict=True):
            series[name].append(value)
    zeros, code = None, f"X, W, b, stride={stride}, padding={padding}"
    if padding == "same":
        (top, bottom), (left, right) = around
        zeros = f"{top} above, {bottom} below, {left} on the left, {right} on the right"
        code = (
            f"np.pad(X, ((0, 0), (0, 0), ({top}, {bottom}), ({left}, {right}))), W, b, "
            f"stride={stride}"
        )
    return {
        "oH": Z.shape[1],
        "oW": Z.shape[2],
        "p": None if padding == "same" else int(padding),
        "zeros": zeros,
        "code": code,
        "dropped": dropped(padded, weights, stride),
        "count": filters * (channels * kh * kw + 1),
        "terms": channels * kh * kw,
        "first": "channel 0: " if channels > 1 else "",
        "series": series,
    }


def conv_arithmetic():
    """Return the lab of chapter 15: the arithmetic of a convolution."""
    stride, padding, *sizes = geometry_controls()
    return Lab(
        name="conv-arithmetic",
        title="Convolution, number by number",
        note="The bias is 0. Drag the window over the picture, rest on an output to see its sum, "
        "or click a pixel or a weight and type another number from −9 to 9.",
        controls=[
            Scrubber(name="out", label="Output", values=OUTPUTS, value=1, frame=500),
            Select(name="numbers", label="Numbers", options=NUMBERS, value="notes"),
            stride,
            padding,
            Cell(name="cell", label="Cell", values=range(1, CELLS + 1), value=1),
            Edits(name="edits", label="Number", value="", levels=2 * ZERO),
            *sizes,
        ],
        state=state,
        shared=lambda: shared_arrays(NUMBERS),
        summary=[
            "Filter {f}, row {u}, column {v} of the output is {z}: a sum of {terms:d product}, "
            "with {inside:d pixel} of the picture in each channel.",
            "The output is {oH} by {oW}.",
            "The floor drops {dropped} of the padded picture.",
            "Zeros: {zeros}.",
            "The layer has {count} parameters.",
        ],
        equation=[
            "{first}{sum0}",
            "channel 1: {sum1}",
            "channel 2: {sum2}",
            "{parts}",
            "<b>= {z}</b>",
            "<small>size: ⌊({H} + 2·{p} − {kh}) / {stride}⌋ + 1 = {oH}, "
            "⌊({W} + 2·{p} − {kw}) / {stride}⌋ + 1 = {oW}</small>",
            "<small>size: ⌈{H} / {stride}⌉ = {oH}, ⌈{W} / {stride}⌉ = {oW}, "
            "with zeros {zeros}</small>",
        ],
        code="Z, _ = conv2d_forward({code})  # W: ({filters}, {channels}, {kh}, {kw})",
        alt="A picture of zeros and ones, {H} by {W}, with its first window of {kh} by {kw} "
        "framed; the kernel; the output, {oH} by {oW}, whose first number is {z}.",
        precomputed=False,
        question="The picture is 5 by 5, the kernel 3 by 3. With a stride of 2 the output is "
        "2 by 2. How large is it if the picture gets one more column?",
        reveal={"stride": "2", "W": 6},
        answers={
            "2 by 3": "No. A third window would start at column 4 and end at column 6, but the "
            "last column is 5.",
            "2 by 2": "Yes. The windows start at columns 0 and 2, and the second ends at column 4. "
            "No window reads the new column: it is hatched.",
            "3 by 3": "No. The rows have not changed, and along the columns the windows start at 0 "
            "and 2; a third one would not fit.",
        },
    )
