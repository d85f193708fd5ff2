"""Lab ``conv-backward`` (chapter 16): who sends a share to an entry of the gradient."""

from functools import cache

import numpy as np

from byhand.labs.controls import Scrubber, Select, Slider
from byhand.labs.conv_arithmetic import (
    COUNTS,
    KERNELS,
    MOST,
    PADDINGS,
    SIZES,
    kernels,
    listed,
    pictures,
)
from byhand.labs.lab import Lab
from byhand.labs.text import show
from dlcore.layers import conv2d_backward, conv2d_forward

LARGEST = SIZES[-1] + 2 * PADDINGS[-1]  # rows of an output
ENTRIES = range(1, MOST * SIZES[-1] ** 2 + 1)
TERMS = 12  # of a sum that are written out

VIEWS = {"dX": "dX, of the image", "dW": "dW, of the kernels", "db": "db, of the biases"}
UPSTREAM = {"random": "random", "ones": "all 1", "single": "one output only"}


@cache
def random_upstream():
    """Return the largest upstream gradient, shape (3, 20, 20); others are its corner."""
    return np.random.default_rng(5).integers(-3, 4, (MOST, LARGEST, LARGEST)).astype(float)


def arrays(H, W, kh, kw, stride, padding, channels, filters, upstream):
    """Return X (1, C, H, W), the weights (F, C, kh, kw), dZ (1, F, oH, oW), and the cache."""
    kh, kw, stride, padding, channels, filters = map(
        int, (kh, kw, stride, padding, channels, filters)
    )
    X = pictures("random")[None, :channels, :H, :W]
    weights = kernels("random", kh, kw)[:filters, :channels]
    Z, cache = conv2d_forward(X, weights, np.zeros(filters), stride=stride, padding=padding)
    dZ = np.ones_like(Z)
    if upstream == "random":
        dZ[0] = random_upstream()[:filters, : Z.shape[2], : Z.shape[3]]
    elif upstream == "single":
        dZ[:] = np.arange(Z.size).reshape(Z.shape) == Z.size // 2
    return X, weights, dZ, cache


def spread(plane, stride, front, shape):
    """Put the numbers of a plane ``stride`` apart into zeros of this shape, from ``front`` on."""
    (top, left), (rows, columns) = front, plane.shape
    out = np.zeros(shape)
    out[top : top + stride * rows : stride, left : left + stride * columns : stride] = plane
    return out


def correlation(view, entry, X, weights, dZ, stride, padding):
    """Return what is laid on what for one entry: pairs (large, small) of planes, and the place."""
    (H, W), (kH, kW), (oH, oW) = X.shape[2:], weights.shape[2:], dZ.shape[2:]
    padded = H + 2 * padding, W + 2 * padding
    if view == "dX":
        c, y, x = entry
        shape = padded[0] + kH - 1, padded[1] + kW - 1
        planes = [
            (spread(dZ[0, f], stride, (kH - 1, kW - 1), shape), weights[f, c, ::-1, ::-1])
            for f in range(len(weights))
        ]
        return planes, (y + padding, x + padding)
    if view == "dW":
        f, c, i, j = entry
        small = spread(dZ[0, f], stride, (0, 0), ((oH - 1) * stride + 1, (oW - 1) * stride + 1))
        return [(spread(X[0, c], 1, (padding, padding), padded), small)], (i, j)
    return [(dZ[0, entry[0]], np.ones((oH, oW)))], (0, 0)


def shares(X, weights, dZ, stride, padding):
    """Return, for every view, the pairs (upstream, factor) that each entry sums."""
    found = {"dX": {}, "dW": {}, "db": {}}
    for (f, u, v), d in np.ndenumerate(dZ[0]):
        found["db"].setdefault((f,), []).append((d, 1.0))
        for (c, i, j), w in np.ndenumerate(weights[f]):
            y, x = u * stride + i - padding, v * stride + j - padding
            if 0 <= y < X.shape[2] and 0 <= x < X.shape[3]:
                found["dX"].setdefault((c, y, x), []).append((d, w))
                found["dW"].setdefault((f, c, i, j), []).append((d, X[0, c, y, x]))
    return found


def name(view, entry):
    """Say which entry it is, as code writes it."""
    return f"{view}[{', '.join(map(str, entry))}]"


def written(pairs):
    """Write a sum of products, or its beginning."""
    if not pairs:
        return "0"
    terms = [
        f"{show(round(d)) if d >= 0 else f'({show(round(d))})'}·"
        f"{show(round(w)) if w >= 0 else f'({show(round(w))})'}"
        for d, w in pairs[:TERMS]
    ]
    return " + ".join([*terms, "…"] if len(pairs) > TERMS else terms)


def state(H, W, kh, kw, stride, padding, channels, filters, upstream, view):
    """Return every entry of the chosen gradient, both ways."""
    X, weights, dZ, cache = arrays(H, W, kh, kw, stride, padding, channels, filters, upstream)
    (kh, kw), stride, padding = weights.shape[2:], int(stride), int(padding)
    dX, dW, db = conv2d_backward(dZ, cache)
    gradient = {"dX": dX[0], "dW": dW, "db": db}[view]
    found = shares(X, weights, dZ, stride, padding)[view]
    series = {key: [] for key in ("name", "value", "count", "terms", "right")}
    for entry, value in np.ndenumerate(gradient):
        planes, (y, x) = correlation(view, entry, X, weights, dZ, stride, padding)
        right = sum(
            np.sum(large[y : y + small.shape[0], x : x + small.shape[1]] * small)
            for large, small in planes
        )
        pairs = found.get(entry, [])
        row = (
            name(view, entry), show(round(value)), len(pairs), written(pairs), show(round(right)),
        )  # fmt: skip
        for key, item in zip(series, row, strict=True):
            series[key].append(item)
    rows, columns = ((n + 2 * padding - k) % stride for n, k in ((H, kh), (W, kw)))
    return {
        "between": stride - 1 if view == "dX" else None,
        "front": f"{kh - 1} and {kw - 1}",
        "behind": f"{kh - 1 + rows} and {kw - 1 + columns}",
        "apart": stride - 1 if view == "dW" else None,
        "silent": series["count"].count(0) or None,
        "total": gradient.size,
        "series": series,
    }


def shared():
    """Return the largest image and upstream gradient, and the kernels of every size."""
    return {
        "most": MOST,
        "size": SIZES[-1],
        "largest": LARGEST,
        "terms": TERMS,
        "upstream": random_upstream().ravel(),
        "pictures": {"random": pictures("random").ravel()},
        "kernels": {
            "random": [[kernels("random", kh, kw).ravel() for kw in KERNELS] for kh in KERNELS]
        },
    }


def poster(figure, settings, state, shared):
    """Draw the gradient, the upstream gradient, and the framed one with the kernel's window."""
    from byhand.plotting import numbers

    geometry = {key: settings[key] for key in settings if key not in ("entry", "view")}
    X, weights, dZ, cache = arrays(**geometry)
    dX, _, _ = conv2d_backward(dZ, cache)
    entry = np.unravel_index(settings["entry"] - 1, dX[0].shape)
    planes, (y, x) = correlation(
        "dX", entry, X, weights, dZ, int(settings["stride"]), int(settings["padding"])
    )
    large, small = planes[0]
    axes = figure.subplots(1, 3, width_ratios=[dX.shape[3], dZ.shape[3] + 1, large.shape[1]])
    numbers(axes[0], dX[0, 0], "dX", windows=[(entry[1], entry[2], 1, 1)])
    numbers(axes[1], dZ[0, 0], "upstream")
    numbers(axes[2], large, "with zeros", windows=[(y, x, *small.shape)])


def conv_backward():
    """Return the lab of chapter 16: the gradient of a convolution, entry by entry."""
    return Lab(
        name="conv-backward",
        title="Who sends what?",
        note="One image, whole numbers everywhere. Framed: the chosen entry of the gradient, the "
        "outputs that send it a share, and the same sum as one correlation with zeros.",
        controls=[
            Scrubber(name="entry", label="Entry", values=ENTRIES, value=15, frame=700),
            Select(name="view", label="Gradient", options=VIEWS, value="dX"),
            Select(name="upstream", label="Upstream", options=UPSTREAM, value="random"),
            Slider(name="H", label="Height H", values=SIZES, value=6),
            Slider(name="W", label="Width W", values=SIZES, value=6),
            Select(name="kh", label="Kernel height", options=listed(KERNELS), value="3"),
            Select(name="kw", label="Kernel width", options=listed(KERNELS), value="3"),
            Select(name="stride", label="Stride s", options=listed(range(1, 5)), value="2"),
            Select(name="padding", label="Padding p", options=listed(PADDINGS), value="0"),
            Select(name="channels", label="Channels", options=listed(COUNTS), value="1"),
            Select(name="filters", label="Filters", options=listed(COUNTS), value="1"),
        ],
        state=state,
        shared=shared,
        summary=[
            "{name} is {value}, a sum of {count} shares; the correlation gives {right}.",
            "Of {total} entries {silent} get no share at all.",
            "Zeros put into δ: {between} between neighbors; rows and columns: {front} in front, "
            "{behind} behind.",
            "Zeros put into δ: {apart} between neighbors.",
        ],
        equation=[
            "{name} = {terms} = {value}",
            "<small>by the turned kernel on zeros, or δ on the image:</small> {right}",
        ],
        code="dX, dW, db = conv2d_backward(dZ, cache)  # stride={stride}, padding={padding}",
        alt="The gradient of an image of {H} by {W}, with the entry {name} = {value} framed; the "
        "upstream gradient; and the upstream gradient with zeros between and around, where a "
        "window of {kh} by {kw} is framed.",
        precomputed=False,
        poster=poster,
        question="Stride 2, kernel 3 by 3: the framed pixel, row 2 and column 2, gets four shares. "
        "How many does the pixel to its right get?",
        reveal={"entry": 16},
        answers={
            "Four": "No. Two windows hold row 2, but only one holds column 3: they start at 0 and "
            "2, and the first ends at column 2.",
            "Two": "Yes. Both windows along the column hold row 2, but only one of those along the "
            "row holds column 3.",
            "One": "No. Along the columns only one window holds it, but two hold its row: two "
            "shares.",
        },
    )
