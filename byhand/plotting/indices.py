"""Which outputs a pixel hears from: along one axis, and how two such axes make a plane."""

import numpy as np

from byhand.plotting._canvas import (
    BLUE,
    GRAY,
    INK,
    ORANGE,
    PALE,
    PAPER,
    SHADE,
    canvas,
    cell,
    frame,
    points,
    write,
)
from dlcore.errors import ShapeError, as_int, as_pair

SIDE, BEHIND = 1.7, 0.4  # of a cell of a sheet, and how far the next sheet is moved
_PANE = {"fill": True, "edgecolor": "0.55", "linewidth": 0.8, "linestyle": "-"}
_SHADES = {BLUE: PALE, ORANGE: SHADE}


def one_axis(n, k, *, stride=1, padding=0, dilation=1, pixel=None, axis=None):
    """Draw along one axis which outputs a pixel hears from, and with which weight.

    Each line goes from an output's gradient to a pixel that its window holds. Those of one pixel
    are drawn strongly, with their weights; below stands its gradient as a sum.

    Parameters
    ----------
    n, k : int
        Pixels and weights.
    stride, padding, dilation : int
    pixel : int, optional
        From 0 to n - 1; by default the first that hears most.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the kernel does not fit.
    TypeError, ValueError
        When an option is no whole number, or ``pixel`` is not one of the pixels.
    """
    rule = _Rule("one_axis", n, k, stride, padding, dilation, pixel)
    width = max(rule.padded, 8) + 0.8
    left = (width - rule.padded) / 2
    axis, unit = canvas(axis, width, 6.1, unit=0.5)
    letters = points(unit, 0.34)
    for u in range(rule.out):
        x = left + rule.center(u) - 0.5
        sent = any(u == other for _, other in rule.pairs)
        cell(axis, x, 0.9, f"$\\delta_{{{u}}}$", "marked" if sent else "plain", size=letters)
    _pixels(axis, rule, lambda along: (left + along, 3.7), letters)
    for u in range(rule.out):
        for i in range(rule.k):
            place = left + u * rule.stride + i * rule.dilation + 0.5
            ends = (left + rule.center(u), 1.9), (place, 3.7)
            strong = (ORANGE, f"$W_{{{i}}}$", letters) if (i, u) in rule.pairs else ()
            _line(axis, *ends, *strong)
    write(axis, left, 0.45, "gradients of the outputs", letters, ha="left", color=GRAY)
    text = "pixels" + (", with padding" if rule.padding else "")
    write(axis, left, 5.05, text, letters, ha="left", color=GRAY)
    terms = " + ".join(f"W_{{{i}}}\\,\\delta_{{{u}}}" for i, u in rule.pairs) or "0"
    write(axis, width / 2, 5.65, f"$dX_{{{rule.pixel}}} = {terms}$", letters + 1.5)


def six_indices(n, k, *, stride=1, padding=0, dilation=1, pixel=None, filters=3, axis=None):
    """Draw how the gradient of a pixel in the plane comes from the rule of one axis, used twice.

    At the left the rows, above the columns: each as ``one_axis`` draws it. Every pair (i, u) of the
    rows meets every pair (j, v) of the columns, and where they meet stands the weight that the
    output's gradient is multiplied with. There is a sheet for each filter.

    Parameters
    ----------
    n, k : int or pair of int
        Height and width of the image and of the kernel.
    stride, padding, dilation : int or pair of int
        Vertical and horizontal.
    pixel : pair of int, optional
        Row and column; by default the first that hears most.
    filters : int
        Sheets behind each other.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the kernel does not fit.
    TypeError, ValueError
        When an option is no whole number or pair, or ``pixel`` is not one of the pixels.
    """
    filters = as_int("six_indices", "filters", filters, ge=1)
    options = [
        as_pair("six_indices", name, value, ge=ge)
        for name, value, ge in [
            ("n", n, 1), ("k", k, 1), ("stride", stride, 1), ("padding", padding, 0),
            ("dilation", dilation, 1),
        ]
    ]  # fmt: skip
    pixel = (None, None) if pixel is None else as_pair("six_indices", "pixel", pixel, ge=0)
    rows, columns = (
        _Rule("six_indices", *each, p)
        for each, p in zip(zip(*options, strict=True), pixel, strict=True)
    )
    sheets = min(filters, 3)
    wide, high = SIDE * columns.out, SIDE * rows.out  # a sheet
    room = max(columns.padded, wide), max(rows.padded, high)
    x, y = 4.3, 4.8  # where what belongs to columns starts, and what belongs to rows
    across = x + (room[0] - columns.padded) / 2, x + (room[0] - wide) / 2  # pixels, sheet
    down = y + (room[1] - rows.padded) / 2, y + (room[1] - high) / 2
    back = BEHIND * (sheets - 1)
    axis, unit = canvas(axis, x + room[0] + back + 0.5, y + room[1] + back + 3.2, unit=0.44)
    size = points(unit, 0.36)

    _sheets(axis, sheets, across[1], down[1], rows, columns, size)
    _pixels(axis, rows, lambda along: (1, down[0] + along), size, BLUE)
    _pixels(axis, columns, lambda along: (across[0] + along, 1.5), size, ORANGE)
    for i, u in rows.pairs:
        head = 2, down[0] + rows.pixel + rows.padding + 0.5
        _line(axis, (across[1], down[1] + SIDE * (u + 0.5)), head, BLUE, f"$i={i}$", size)
    for j, v in columns.pairs:
        head = across[0] + columns.pixel + columns.padding + 0.5, 2.5
        _line(axis, (across[1] + SIDE * (v + 0.5), down[1]), head, ORANGE, f"$j={j}$", size)

    middle = x + room[0] / 2, y + room[1] / 2
    write(axis, middle[0], 0.4, "columns: one axis", size, weight="bold")
    write(axis, middle[0], 0.95, f"column $x={columns.pixel}$", size, color=ORANGE)
    write(axis, 0.25, middle[1], "rows: one axis", size, rotation=90, weight="bold")
    write(axis, 0.65, middle[1], f"row $y={rows.pixel}$", size, rotation=90, color=BLUE)
    foot, center = y + room[1] + back + 0.6, axis.get_xlim()[1] / 2
    text = "$\\delta_f$: a sheet per filter $f$"
    write(axis, middle[0] + back / 2, foot, text, size)
    write(axis, center, foot + 0.95, _plane_sum(rows, columns), size + 1)
    a, b = len(rows.pairs), len(columns.pairs)
    text = f"{a} {_pairs(a)} of rows × {b} of columns = {a * b} {_pairs(a * b)} per filter"
    write(axis, center, foot + 1.95, text, size, color=GRAY)


def _sheets(axis, sheets, left, top, rows, columns, size):
    """Draw the gradients of one filter's outputs, with others behind; mark where pairs meet."""
    for f in reversed(range(1, sheets)):
        place = left + f * BEHIND, top + f * BEHIND, SIDE * columns.out, SIDE * rows.out
        frame(axis, *place, **_PANE, facecolor="#f3f3f3", zorder=1 - 0.1 * f, label="sheet")
    used = {u: i for i, u in rows.pairs}, {v: j for j, v in columns.pairs}
    for u, v in np.ndindex(rows.out, columns.out):
        meets = u in used[0], v in used[1]
        face = {
            (True, True): "#d9e8c8",
            (True, False): _SHADES[BLUE],
            (False, True): _SHADES[ORANGE],
        }
        x, y = left + SIDE * v, top + SIDE * u
        pane = _PANE | {"facecolor": face.get(meets, "white"), "zorder": 1.5, "label": "output"}
        text, color = f"$\\delta_{{{u},{v}}}$", GRAY
        if all(meets):
            pane |= {"edgecolor": INK, "linewidth": 1.8, "zorder": 3, "label": "meeting"}
            text = f"$W_{{{used[0][u]},{used[1][v]}}}$\n$\\cdot\\,\\delta_{{{u},{v}}}$"
            color = INK
        frame(axis, x, y, SIDE, SIDE, **pane)
        write(axis, x + SIDE / 2, y + SIDE / 2, text, size, color=color, linespacing=1.1)


def _plane_sum(rows, columns):
    """Write the gradient of the pixel as a sum, of at most two products."""
    left = f"dX_{{c,{rows.pixel},{columns.pixel}}}"
    more = len(rows.pairs) * len(columns.pairs) - 1
    if more < 0:
        return f"${left} = 0$"
    products = [
        f"W_{{f,c,{i},{j}}}\\,\\delta_{{f,{u},{v}}}"
        for i, u in rows.pairs
        for j, v in columns.pairs
    ]
    if more > 1:
        products[1:] = [f"\\mathrm{{{more}\\ more\\ products}}"]
    return f"${left} = \\sum_f \\,({' + '.join(products)})$"


def _pairs(n):
    return "pair" if n == 1 else "pairs"


class _Rule:
    """What one axis says: the pairs (i, u) with u s + i d = y + p."""

    def __init__(self, function, n, k, stride, padding, dilation, pixel):
        self.n = as_int(function, "n", n, ge=1)
        self.k = as_int(function, "k", k, ge=1)
        self.stride = as_int(function, "stride", stride, ge=1)
        self.padding = as_int(function, "padding", padding, ge=0)
        self.dilation = as_int(function, "dilation", dilation, ge=1)
        self.padded = self.n + 2 * self.padding
        self.covers = self.dilation * (self.k - 1) + 1
        if self.padded < self.covers:
            raise ShapeError(
                f"{function}: a kernel that covers {self.covers} does not fit on {self.n} pixels "
                f"with padding {self.padding}; more padding, or a smaller kernel?"
            )
        self.out = (self.padded - self.covers) // self.stride + 1
        if pixel is None:
            pixel = max(range(self.n), key=lambda y: len(self.heard(y)))
        hint = "the padding does not count"
        self.pixel = as_int(function, "pixel", pixel, ge=0, le=self.n - 1, hint=hint)
        self.pairs = self.heard(self.pixel)

    def heard(self, y):
        """Return the pairs (i, u) of weights and outputs that pixel y hears from."""
        found = []
        for i in range(self.k):
            u, rest = divmod(y + self.padding - i * self.dilation, self.stride)
            if rest == 0 and 0 <= u < self.out:
                found.append((i, u))
        return found

    def center(self, u):
        """Return where the middle of window u lies, in padded pixels."""
        return u * self.stride + self.covers / 2


def _pixels(axis, rule, place, size, color=ORANGE):
    """Draw the padded pixels of one axis, with their numbers, and the chosen one framed."""
    for along in range(rule.padded):
        y = along - rule.padding
        inside = 0 <= y < rule.n
        face = _SHADES[color] if y == rule.pixel else None
        text = str(y) if inside else ""
        cell(axis, *place(along), text, "plain" if inside else "framed", size=size, face=face)
    x, y = place(rule.pixel + rule.padding)
    frame(axis, x, y, 1, 1, edgecolor=color, linestyle="-")


def _line(axis, tail, head, color=None, text="", size=8):
    """Draw what an output sends to a pixel: strongly, with its weight, where a color is given."""
    look = {"color": color, "linewidth": 2.2} if color else {"color": "0.8", "linewidth": 0.8}
    label = "share" if color else "other share"
    axis.plot(*zip(tail, head, strict=True), zorder=2 if color else 1, label=label, **look)
    if text:
        place = (a + 0.34 * (b - a) for a, b in zip(tail, head, strict=True))
        write(axis, *place, text, size, bbox=PAPER)
