"""Lab ``conv-backward`` (chapter 16): who sends a share to an entry of the gradient."""

from dataclasses import replace
from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Select
from byhand.labs.convolution import (
    MOST,
    PADDINGS,
    SIZES,
    ZERO,
    Edits,
    geometry_controls,
    numbers_in,
    plural,
    product,
    shared_arrays,
    short,
    summed,
)
from byhand.labs.convolution import arrays as convolution
from byhand.labs.lab import Lab
from dlcore.layers import conv2d_backward, conv2d_forward

LARGEST = SIZES[-1] + 2 * PADDINGS[-1]  # rows of an output
ENTRIES = range(1, MOST * LARGEST**2 + 1)
TERMS = 12  # of a sum that are written out

VIEWS = {
    "dX": "a pixel of dX",
    "dW": "a weight of dW",
    "db": "a bias of db",
    "dZ": "an output, and what it sends",
}
UPSTREAM = {"random": "random", "ones": "all 1", "single": "one output only"}


@cache
def random_upstream():
    """Return the largest upstream gradient, shape (3, 20, 20); others are its corner."""
    return np.random.default_rng(5).integers(-3, 4, (MOST, LARGEST, LARGEST)).astype(float)


def arrays(H, W, kh, kw, stride, padding, channels, filters, upstream, edits=""):
    """Return the padded X (C, H, W), the weights, dZ (F, oH, oW), and the zeros around X."""
    X, weights, around = convolution(H, W, kh, kw, stride, padding, channels, filters, "random")
    padded = np.pad(X, ((0, 0), *around))
    stride = int(stride)
    oH, oW = (
        (n - k) // stride + 1 for n, k in zip(padded.shape[1:], weights.shape[2:], strict=True)
    )
    dZ = np.ones((len(weights), oH, oW))
    if upstream == "random":
        dZ = random_upstream()[: len(weights), :oH, :oW].copy()
    elif upstream == "single":
        dZ[:] = np.arange(dZ.size).reshape(dZ.shape) == dZ.size // 2
    for at, value in numbers_in(edits):
        f, u, v = at // LARGEST**2, at // LARGEST % LARGEST, at % LARGEST
        if f < len(dZ) and u < oH and v < oW:
            dZ[f, u, v] = value
    return padded, weights, dZ, around


def cropped(padded, around):
    """Return the inside of a padded array (C, H, W)."""
    (top, bottom), (left, right) = around
    return padded[:, top : padded.shape[1] - bottom, left : padded.shape[2] - right]


def gradients(padded, weights, dZ, stride, around):
    """Return what dlcore says of every view."""
    b = np.zeros(len(weights))
    _, cache = conv2d_forward(padded[None], weights, b, stride=stride)
    dX, dW, db = conv2d_backward(dZ[None], cache)
    return {"dX": cropped(dX[0], around), "dW": dW, "db": db, "dZ": dZ}


def spread(plane, stride, front, shape):
    """Put the numbers of a plane ``stride`` apart into zeros of this shape, from ``front`` on."""
    (top, left), (rows, columns) = front, plane.shape
    out = np.zeros(shape)
    out[top : top + stride * rows : stride, left : left + stride * columns : stride] = plane
    return out


def correlation(view, entry, padded, weights, dZ, stride, around):
    """Return what is laid on what for one entry: pairs (large, small) of planes, and the place."""
    (H, W), (kH, kW), (oH, oW) = padded.shape[1:], weights.shape[2:], dZ.shape[1:]
    if view == "dX":
        c, y, x = entry
        planes = [
            (
                spread(dZ[f], stride, (kH - 1, kW - 1), (H + kH - 1, W + kW - 1)),
                weights[f, c, ::-1, ::-1],
            )
            for f in range(len(weights))
        ]
        return planes, (y + around[0][0], x + around[1][0])
    if view == "dW":
        f, c, i, j = entry
        small = spread(dZ[f], stride, (0, 0), ((oH - 1) * stride + 1, (oW - 1) * stride + 1))
        return [(padded[c], small)], (i, j)
    return [(dZ[entry[0]], np.ones((oH, oW)))], (0, 0)


def shares(padded, weights, dZ, stride, around):
    """Return, for every gradient, the pairs (upstream, factor) that each entry sums."""
    found = {"dX": {}, "dW": {}, "db": {}}
    inside = np.zeros(padded.shape[1:], dtype=bool)
    cropped(inside[None], around)[:] = True
    for (f, u, v), d in np.ndenumerate(dZ):
        found["db"].setdefault((f,), []).append((d, 1.0))
        for (c, i, j), w in np.ndenumerate(weights[f]):
            y, x = u * stride + i, v * stride + j
            if inside[y, x]:
                pixel = c, y - around[0][0], x - around[1][0]
                found["dX"].setdefault(pixel, []).append((d, w))
                found["dW"].setdefault((f, c, i, j), []).append((d, padded[c, y, x]))
    return found


def name(view, entry):
    """Say which entry it is, as code writes it."""
    return f"{'δ' if view == 'dZ' else view}[{', '.join(map(str, entry))}]"


def written(pairs):
    """Write a sum of products, or its beginning."""
    terms = [product(d, w) for d, w in pairs[:TERMS]]
    if len(pairs) > TERMS:
        terms.append("…")
    return summed(terms) if terms else "0"


def received(view, entry, padded, weights, dZ, stride, around, pairs):
    """Return what there is to say of an entry of a gradient."""
    planes, (y, x) = correlation(view, entry, padded, weights, dZ, stride, around)
    right = sum(
        np.sum(large[y : y + small.shape[0], x : x + small.shape[1]] * small)
        for large, small in planes
    )
    return {
        "count": len(pairs),
        "shares": plural(len(pairs), "share"),
        "terms": written(pairs),
        "right": short(float(right)),
        "pixels": None,
    }


def sent(entry, padded, weights, stride, around):
    """Return what there is to say of an output: how many pixels of the image it reaches."""
    inside = np.pad(np.ones(cropped(padded, around).shape), ((0, 0), *around))
    (_, u, v), (kH, kW) = entry, weights.shape[2:]
    window = inside[:, u * stride : u * stride + kH, v * stride : v * stride + kW]
    return {
        "count": None,
        "shares": None,
        "terms": None,
        "right": None,
        "pixels": int(window.sum()),
    }


def state(H, W, kh, kw, stride, padding, channels, filters, upstream, view, edits=""):
    """Return every entry of the chosen gradient, both ways, or what every output sends."""
    stride = int(stride)
    padded, weights, dZ, around = arrays(
        H, W, kh, kw, stride, padding, channels, filters, upstream, edits
    )  # fmt: skip
    chosen = gradients(padded, weights, dZ, stride, around)[view]
    kh, kw = weights.shape[2:]
    found = shares(padded, weights, dZ, stride, around)
    series = {key: [] for key in ("name", "value", "count", "shares", "terms", "right", "pixels")}
    for entry, value in np.ndenumerate(chosen):
        if view == "dZ":
            told = sent(entry, padded, weights, stride, around)
        else:
            pairs = found[view].get(entry, [])
            told = received(view, entry, padded, weights, dZ, stride, around, pairs)
        for key, item in {"name": name(view, entry), "value": short(float(value)), **told}.items():
            series[key].append(item)
    rows, columns = ((n - k) % stride for n, k in zip(padded.shape[1:], (kh, kw), strict=True))
    return {
        "between": stride - 1 if view == "dX" else None,
        "front": f"{kh - 1} and {kw - 1}",
        "behind": f"{kh - 1 + rows} and {kw - 1 + columns}",
        "apart": stride - 1 if view == "dW" else None,
        "silent": None if view == "dZ" else sum(not n for n in series["count"]) or None,
        "total": chosen.size,
        "series": series,
    }


def shared():
    """Return the largest image and upstream gradient, and the kernels of every size."""
    return {
        "largest": LARGEST,
        "terms": TERMS,
        "upstream": random_upstream().ravel(),
        **shared_arrays(["random"]),
    }


def conv_backward():
    """Return the lab of chapter 16: the gradient of a convolution, entry by entry."""
    stride, padding, *sizes = geometry_controls()
    return Lab(
        name="conv-backward",
        title="Who sends what?",
        note="One image, whole numbers everywhere. Click a pixel of dX, a weight of dW, or an "
        "output: framed are the chosen entry and all that it shares a product with. The δ of an "
        "output can be typed over.",
        controls=[
            Scrubber(name="entry", label="Entry", values=ENTRIES, value=13, frame=700),
            Select(name="view", label="Chosen", options=VIEWS, value="dX"),
            Edits(
                name="edits",
                label="Number",
                value="",
                levels=2 * ZERO,
                off={"view": [view for view in VIEWS if view != "dZ"]},
            ),
            Select(name="upstream", label="Upstream δ", options=UPSTREAM, value="random"),
            replace(stride, value="2"),
            padding,
            *sizes,
        ],
        state=state,
        shared=shared,
        summary=[
            "{name} is {value}, a sum of {shares}; the correlation gives {right}.",
            "{name} is {value}. It sends {value} times the kernel to the {pixels:d pixel} of its "
            "window, and {value} times its window to the kernel's weights.",
            "Of {total} entries {silent} get no share at all.",
            "Zeros put into δ: {between} between neighbors; rows and columns: {front} in front, "
            "{behind} behind.",
            "Zeros put into δ: {apart} between neighbors.",
        ],
        equation=[
            "{name} = {terms} = {value}",
            "<small>by the turned kernel on zeros, or δ on the image:</small> {right}",
            "{name} = {value}: <i>dX</i> += {value}·<i>W</i> and <i>dW</i> += {value}·<i>X</i> "
            "in its window of {pixels:d pixel}",
        ],
        code="dX, dW, db = conv2d_backward(dZ, cache)  # stride={stride}, padding={padding}",
        alt="The gradient of an image of {H} by {W}, with the entry {name} = {value} framed; the "
        "upstream gradient; and the upstream gradient with zeros between and around, where a "
        "window of {kh} by {kw} is framed.",
        precomputed=False,
        question="Stride 2, kernel 3 by 3: the framed pixel, row 2 and column 2, gets four shares. "
        "How many does the pixel to its right get?",
        reveal={"entry": 14},
        answers={
            "Four": "No. Two windows hold row 2, but only one holds column 3: they start at 0 and "
            "2, and the first ends at column 2.",
            "Two": "Yes. Both windows along the column hold row 2, but only one of those along the "
            "row holds column 3.",
            "One": "No. Along the columns only one window holds it, but two hold its row: two "
            "shares.",
        },
    )
