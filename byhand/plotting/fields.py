"""Receptive fields: the pixels along one axis that a unit of a later layer sees."""

from byhand.plotting._canvas import BLUE, GRAY, ORANGE, PALE, canvas, points, smaller, write
from byhand.plotting._layers import in_a_row
from dlcore.errors import as_int, as_pair, needs_extra
from dlcore.network import Sequential

with needs_extra("byhand.plotting", "book"):
    from matplotlib.collections import LineCollection
    from matplotlib.patches import Circle, Rectangle

RISE = 0.92  # from a layer to the next


def receptive_field(layers, *, axis=None):
    """Draw what one unit of the last layer reads along one axis, down to the pixels.

    Beside each layer stand its kernel and stride, and how many pixels one of its units sees.
    Padding is left out: it moves a field, and does not change its width.

    Parameters
    ----------
    layers : Sequential, or sequence of (kernel, stride) or (kernel, stride, dilation)
        Of a network those with a window count, with their vertical size; what comes after them,
        such as a global pooling, sees everything.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    TypeError, ValueError
        When a layer is no pair of whole numbers, there is none, or the network has branches.
    """
    windows = _windows(layers)
    width, high = 5.2, RISE * len(windows) + 1.3
    names, counts = 1.45, 0.95  # room at the left and at the right, in inches of a new figure
    axis, unit = canvas(axis, width, high, unit=1.0)
    size = points(unit, 0.14)

    sees, apart = [1], [1]  # pixels of a unit, and between the first of two units
    for _, k, s, d in windows:
        sees.append(sees[-1] + (k - 1) * d * apart[-1])
        apart.append(apart[-1] * s)
    pixels = sees[-1]
    levels = [[0]]  # the units of each layer that are read, from the last layer down
    for _, k, s, d in reversed(windows):
        levels.append(sorted({q * s + i * d for q in levels[-1] for i in range(k)}))
    levels.reverse()

    room = width - names - counts - 0.3
    step = min(room / pixels, 0.46)
    start = names + (room - step * pixels) / 2

    def place(level, q):
        return (
            start + step * (q * apart[level] + sees[level] / 2),
            high - 0.75 - RISE * level,
        )

    edges = [
        (place(level, q), place(level - 1, q * s + i * d))
        for level, (_, k, s, d) in enumerate(windows, start=1)
        for q in levels[level]
        for i in range(k)
    ]
    look = {"color": GRAY, "linewidth": min(0.8, 12 * step), "zorder": 1}
    axis.add_collection(LineCollection(edges, alpha=0.8, label="edges", **look), autolim=False)
    radius = min(0.15, 0.42 * step)
    for level, units in enumerate(levels):
        last = level == len(windows)
        for q in units:
            _unit(axis, place(level, q), radius if level else 0.85 * radius, level, last)
    for level, (name, k, s, d) in enumerate(windows, start=1):
        y = place(level, 0)[1]
        lines = [f"kernel {k}, stride {s}", *([f"dilation {d}"] if d > 1 else [])]
        write(axis, 0.1, y - 0.12, name, size, ha="left", weight="bold")
        for line, text in enumerate(lines):
            write(axis, 0.1, y + 0.1 + 0.19 * line, text, smaller(size), ha="left", color=GRAY)
    bottom = place(0, 0)[1]
    write(axis, 0.1, bottom, "pixels", size, ha="left", weight="bold")
    for level in range(1, len(levels)):
        text = "1 pixel" if sees[level] == 1 else f"{sees[level]} pixels"
        write(axis, width - 0.1, place(level, 0)[1], text, size, ha="right", weight="bold")
    write(axis, width - 0.1, 0.16, "a unit sees", smaller(size), ha="right", color=GRAY)
    end = start + step * pixels
    axis.plot([start, start, end, end], [bottom + v for v in (0.22, 0.3, 0.3, 0.22)], color=BLUE)
    write(axis, (start + end) / 2, bottom + 0.5, f"{pixels}", size, color=BLUE, weight="bold")


def _unit(axis, place, radius, level, last):
    """Draw a unit: a square for a pixel, a disk for a unit, filled for the last one."""
    look = {"edgecolor": "0.2", "linewidth": 0.9, "zorder": 2, "label": f"level {level}"}
    if level == 0:
        x, y = place
        axis.add_patch(
            Rectangle((x - radius, y - radius), 2 * radius, 2 * radius, facecolor=PALE, **look)
        )
    else:
        axis.add_patch(Circle(place, radius, facecolor=ORANGE if last else "white", **look))


def _windows(layers):
    """Return (name, kernel, stride, dilation) of every layer with a window."""
    found = []
    if isinstance(layers, Sequential):
        for name, layer in in_a_row("receptive_field", layers).items():
            if hasattr(layer, "size"):
                size, stride, dilation = (
                    _vertical(getattr(layer, option, None), otherwise)
                    for option, otherwise in [("size", 1), ("stride", None), ("dilation", 1)]
                )
                found.append((name, size, size if stride is None else stride, dilation))
    else:
        for number, window in enumerate(layers, start=1):
            if not isinstance(window, tuple | list) or not 2 <= len(window) <= 3:
                raise TypeError(
                    f"receptive_field: layer {number} is {window!r}, expected (kernel, stride) or "
                    "(kernel, stride, dilation)"
                )
            values = (as_int("receptive_field", "a kernel or stride", v, ge=1) for v in window)
            k, s, *d = values
            found.append((f"layer {number}", k, s, *(d or [1])))
    if not found:
        raise ValueError(
            "receptive_field: got no layer with a window, expected at least one, such as (3, 1)"
        )
    return found


def _vertical(value, otherwise):
    return otherwise if value is None else as_pair("receptive_field", "size", value, ge=1)[0]
