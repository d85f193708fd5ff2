"""Lab ``pooling`` (chapter 17): which input cells each output's gradient goes to."""

import numpy as np

from byhand.labs.controls import Drawing, Scrubber, Select, Slider
from byhand.labs.lab import Lab
from dlcore.layers import (
    avgpool2d_backward,
    avgpool2d_forward,
    maxpool2d_backward,
    maxpool2d_forward,
)

SIDE = 5  # of the input
ZERO = 9  # the digit that stands for 0: a cell holds -9 to 9
CELLS = Drawing(name="cells", label="Input", value="acb9dfbia99edgbhacbgbf9ae", levels=2 * ZERO)
KINDS = {
    "max": "max",
    "average": "average",
    "global-max": "global max",
    "global-average": "global average",
}
GLOBAL = [kind for kind in KINDS if kind.startswith("global")]
UPSTREAM = {
    "count": ("1, 2, 3, …", lambda k: k + 1),
    "ones": ("all 1", lambda k: 1),
    "signs": ("1, −1, 1, −1, …", lambda k: 1 - 2 * (k % 2)),
}
FORWARD = {"max": maxpool2d_forward, "average": avgpool2d_forward}
BACKWARD = {"max": maxpool2d_backward, "average": avgpool2d_backward}
OUTPUTS = range(1, 37)  # a window of 2 with padding 1 has 6 x 6 places


def numbers(word):
    """Return the input (1, 1, 5, 5) that a word stands for."""
    return np.array([int(digit, 36) - ZERO for digit in word], float).reshape(1, 1, SIDE, SIDE)


def geometry(kind, size, stride, padding):
    """Return "max" or "average", and the keywords of dlcore's function; global is one window."""
    if kind in GLOBAL:
        return kind.removeprefix("global-"), {"size": SIDE, "stride": 1, "padding": 0}
    return kind, {"size": int(size), "stride": int(stride), "padding": int(padding)}


def written(values, pooled, k):
    """Write how an output comes from the numbers of its window, padding among them."""
    padding = "−∞" if pooled == "max" else "0"
    words = [padding if np.isinf(v) else f"{v:.0f}".replace("-", "−") for v in values]
    if pooled == "max":
        return f"max({', '.join(words)})"
    return f"({' + '.join(words)}) / {k * k}"


def state(cells, kind, size, stride, padding, upstream):
    """Pool forward; then bring the gradients of the outputs back, one output a stop."""
    X = numbers(cells)
    pooled, options = geometry(kind, size, stride, padding)
    A, cache = FORWARD[pooled](X, **options)
    outputs, out, k = A.size, A.shape[2], options["size"]
    padded = np.pad(X[0, 0], options["padding"], constant_values=np.inf)  # marks the padding
    series = {name: [] for name in ("row", "column", "value", "sum", "given", "to_row",
                                    "to_column", "share", "inside", "outside", "tie", "shared",
                                    "arrived")}  # fmt: skip
    total, visits = np.zeros_like(X), np.zeros_like(X)
    for n in range(outputs):
        y, x = divmod(n, out)
        top, left = y * options["stride"], x * options["stride"]
        window = padded[top : top + k, left : left + k].ravel()
        given = UPSTREAM[upstream][1](n)
        one = np.zeros_like(A)
        one[0, 0, y, x] = 1.0
        local = BACKWARD[pooled](one, cache)  # dA/dX of this output
        total, visits = total + given * local, visits + (local > 0)
        inside = int(np.sum(np.isfinite(window)))
        equals = int(np.sum(window == A[0, 0, y, x]))
        winner = divmod(int(local.argmax()), SIDE) if pooled == "max" else (None, None)
        stop = {
            "row": y,
            "column": x,
            "value": A[0, 0, y, x],
            "sum": written(window, pooled, k),
            "given": given,
            "to_row": winner[0],
            "to_column": winner[1],
            "share": given / k**2 if pooled == "average" else None,
            "inside": inside if pooled == "average" else None,
            "outside": k * k - inside if pooled == "average" and inside < k * k else None,
            "tie": equals if pooled == "max" and equals > 1 else None,
            "shared": int(np.sum(visits > 1)) or None,
            "arrived": total.sum(),
        }
        for name, value in stop.items():
            series[name].append(value)
    whole = kind in GLOBAL
    words = ", ".join(f"{name}={value}" for name, value in options.items())
    call = f"{pooled.replace('average', 'avg')}pool2d"
    if whole:
        call, words = f"global_{call[:-2]}", ""
    return {
        "name": None if whole else {"max": "Max", "average": "Average"}[pooled],
        "all": {"max": "maximum", "average": "average"}[pooled] if whole else None,
        "k": k,
        "s": options["stride"],
        "p": options["padding"],
        "count": k * k,
        "out": out,
        "outputs": outputs,
        "call": call,
        "words": f", {words}" if words else "",
        "series": series,
    }


def shared():
    """Return what the browser must know of the grid and of the gradients from above."""
    return {
        "side": SIDE,
        "zero": ZERO,
        "upstream": {
            name: [rule(k) for k in range(OUTPUTS[-1])] for name, (_, rule) in UPSTREAM.items()
        },
    }


def pooling():
    """Return the lab of chapter 17: forward values, and the routes of the gradient."""
    A, X = "<i>A</i>[{row}, {column}]", "∂ℒ/∂<i>X</i>"
    off = {"kind": GLOBAL}
    return Lab(
        name="pooling",
        title="Where does the gradient go?",
        note="A single channel of 5 × 5 whole numbers: click one and type another from −9 to 9. "
        "Rows and columns count from 0. Rest on an output to see what its window sends, click to "
        "stay there, or walk through the outputs to see the gradient arrive, window by window.",
        controls=[
            CELLS,
            Slider(
                name="cell",
                label="Cell",
                values=range(SIDE**2),
                value=7,
                words={k: f"row {k // SIDE}, column {k % SIDE}" for k in range(SIDE**2)},
            ),
            Select(name="kind", label="Pooling", options=KINDS, value="max"),
            Select(
                name="size",
                label="Window k",
                options={str(k): f"{k} × {k}" for k in (2, 3, 4, 5)},
                value="3",
                off=off,
            ),
            Select(
                name="stride",
                label="Stride s",
                options={str(s): str(s) for s in (1, 2, 3, 4, 5)},
                value="2",
                off=off,
            ),
            Select(
                name="padding", label="Padding p", options={"0": "0", "1": "1"}, value="0", off=off
            ),
            Select(
                name="upstream",
                label="Gradient from above",
                options={name: text for name, (text, _) in UPSTREAM.items()},
                value="count",
            ),
            Scrubber(
                name="output",
                label="Outputs so far",
                values=OUTPUTS,
                value=OUTPUTS[-1],
                off=off,
                frame=400,
            ),
        ],
        state=state,
        precomputed=False,
        shared=shared,
        summary=[
            "{name} pooling with a window of {k} × {k}, stride {s} and padding {p} turns 5 × 5 "
            "numbers into {out} × {out}.",
            "The {all} of all 25 numbers is one number.",
            "Output ({row}, {column}) is {value:.3g}.",
            "Its gradient, {given}, goes to the cell ({to_row}, {to_column}) alone.",
            "Its gradient, {given}, is shared: {share:.3g} for each of {inside:d cell}.",
            "The shares of {outside:d place} in the padding are lost.",
            "{tie} cells of the window are the largest; the first of them gets everything.",
            "Cells that got gradient from more than one window so far: {shared}.",
            "What has arrived adds up to {arrived:.3g}.",
        ],
        equation=[
            "⌊(5 + 2·{p} − {k}) / {s}⌋ + 1 = {out}",
            A + " = {sum} = {value:.3g}",
            X + "[{to_row}, {to_column}] += ∂ℒ/∂" + A + " = {given}",
            X + " += ∂ℒ/∂" + A + " / {count} = {given} / {count} = {share:.3g} "
            "in every cell of the window",
        ],
        code="A, cache = {call}_forward(X{words})\ndX = {call}_backward(dA, cache)",
        alt="Three grids of numbers. The 5 by 5 input with the last window framed; its {out} by "
        "{out} maxima with the gradients 1 to {outputs} from above; and, where arrows lead, the "
        "gradient of the input: zero but for the cells that are the largest of a window. The cell "
        "with 9 has won two windows and holds 1 + 2 = 3.",
        question="The four gradients 1, 2, 3 and 4 add up to 10. Switch to average pooling, which "
        "cuts each into nine shares. To what does ∂ℒ/∂X add up then?",
        reveal={"kind": "average"},
        answers={
            "10/9": "No. Each share is a ninth, but there are nine of them.",
            "10": "Yes. Nine shares of a ninth: each entry is small, the sum is the same.",
            "More than 10, since windows overlap": "No. In the overlap shares add up, but no "
            "share is counted twice.",
        },
    )
