"""Lab ``conv-matrix`` (chapter 15): a convolution as an affine map, and its transpose at work."""

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.convolution import listed, plural, short
from byhand.labs.lab import Lab
from dlcore.layers import conv2d_backward, conv2d_forward

SIZES = range(4, 14)
KERNELS = range(1, 5)
PADDINGS = range(4)
ROWS = range(1, (SIZES[-1] + 2 * PADDINGS[-1]) ** 2 + 1)
LETTERS = "abcdefghijklmnop"

WAYS = {"forward": "M: from pixels to outputs", "back": "Mᵀ: from outputs to pixels"}


def weights(kernel):
    """Return the kernel: 1 for a, -1 for b, 2 for c, -2 for d, and so on; no two are equal."""
    k = np.arange(kernel**2)
    return (np.where(k % 2, -1.0, 1.0) * (k // 2 + 1)).reshape(1, 1, kernel, kernel)


def signal(count):
    """Return what the matrix is applied to: small whole numbers."""
    k = np.arange(count)
    return ((7 * k + 3 * (k // 5)) % 10).astype(float)


def state(size, kernel, stride, padding, way):
    """Apply the matrix or its transpose, and write the sum behind every number."""
    kernel, stride, padding = int(kernel), int(stride), int(padding)
    options, W = {"stride": stride, "padding": padding}, weights(kernel)
    X = signal(size**2).reshape(1, 1, size, size)
    Z, cache = conv2d_forward(X, W, np.zeros(1), **options)
    numbered = np.arange(1.0, kernel**2 + 1).reshape(W.shape)  # which weight stands where
    M = np.zeros((Z.size, X.size), dtype=int)
    for x in range(X.size):
        unit = (np.arange(X.size) == x).astype(float).reshape(X.shape)
        M[:, x] = conv2d_forward(unit, numbered, np.zeros(1), **options)[0].ravel()
    given, result, others = X, Z, "pixel"
    if way == "back":
        given = signal(Z.size).reshape(Z.shape)
        result, M, others = conv2d_backward(given, cache)[0], M.T, "output"
    series = {name: [] for name in ("y", "x", "terms", "letters", "sum", "value")}
    for row, value in enumerate(result.ravel()):
        found = np.flatnonzero(M[row])
        letters = [LETTERS[w - 1] for w in M[row, found]]
        pairs = zip(M[row, found], found, strict=True)
        products = [f"{factor(W.flat[w - 1])}·{short(float(given.flat[at]))}" for w, at in pairs]
        place = divmod(row, result.shape[3])
        entries = (*place, plural(len(found), others), ", ".join(letters) or "nothing")
        for name, entry in zip(
            series, (*entries, " + ".join(products) or "0", short(float(value))), strict=True
        ):
            series[name].append(entry)
    return {
        "rows": M.shape[0],
        "columns": M.shape[1],
        "nonzero": int(np.count_nonzero(M)),
        "share": np.count_nonzero(M) / M.size,
        "shared": kernel**2,
        "kind": "output" if way == "forward" else "pixel",
        "code": CODE[way].format(stride=stride, padding=padding),
        "series": series,
    }


CODE = {
    "forward": "Z, cache = conv2d_forward(X, W, b, stride={stride}, padding={padding})",
    "back": "dX, dW, db = conv2d_backward(dZ, cache)  # stride {stride}, padding {padding}",
}


def factor(weight):
    """Write a weight as a factor."""
    return short(float(weight)) if weight >= 0 else f"({short(float(weight))})"


def shared():
    """Return nothing: the browser makes the numbers by the same rule."""
    return {"letters": LETTERS, "words": WAYS, "code": CODE}


def conv_matrix():
    """Return the lab of chapter 15: a convolution's matrix."""
    return Lab(
        name="conv-matrix",
        title="A convolution is a matrix",
        note="One channel, one filter, bias 0. Every weight of the kernel has a letter and a "
        "color, and keeps both wherever it stands in the matrix. Blank entries are zero. Rest on a "
        "row or a number to see what it sums, click to stay there.",
        controls=[
            Scrubber(name="row", label="Row", values=ROWS, value=2, frame=600),
            Slider(name="size", label="Picture size", values=SIZES, value=5),
            Select(name="kernel", label="Kernel size", options=listed(KERNELS), value="3"),
            Select(name="stride", label="Stride s", options=listed(range(1, 5)), value="1"),
            Select(name="padding", label="Padding p", options=listed(PADDINGS), value="0"),
            Select(name="way", label="Direction", options=WAYS, value="forward"),
        ],
        state=state,
        shared=shared,
        summary=[
            "Row {row} belongs to the {kind} in row {y}, column {x}: it sums over {terms} "
            "and gives {value}.",
            "The matrix is {rows} by {columns}; {share:.1%} of its entries are not fixed at "
            "zero: {nonzero:d entry}, with {shared:d weight} between them.",
        ],
        equation=["weights: {letters}", "<small>{sum}</small> = {value}"],
        code="{code}",
        alt="A matrix of {rows:d row} and {columns:d column}. Each row holds the letters a to i in "
        "three groups of three; from row to row they move one column to the right, and three "
        "columns where a new row of outputs begins. Below, the chosen row with its columns, the "
        "picture that it reads, and the outputs.",
        precomputed=False,
        question="Without padding, the corner pixel is in one window and the middle pixel in nine. "
        "How many letters stand in the middle row of the transposed matrix?",
        reveal={"way": "back", "row": 13},
        answers={
            "One: each pixel has one weight": "No. A pixel meets another weight in every window "
            "that it is in.",
            "Nine, all different": "Yes. The middle pixel is in all nine windows, at another place "
            "in each, so it meets every weight once.",
            "Nine times the same letter": "No. That is a diagonal: one weight at many places. A "
            "pixel is at a different place in each of its windows.",
        },
    )
