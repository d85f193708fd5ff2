"""A plane of square cells to draw on, and the looks of cells: what the drawings share."""

import colorsys
from dataclasses import dataclass

from byhand.plotting.look import BLUE, COLORS, ORANGE, SHADE
from dlcore.errors import needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib.pyplot as plt
    from matplotlib import patheffects

INK, GRAY = "#1a1a1a", "#5c5c5c"
WIDEST = 7.0  # inches of a page's figure
PALE = "#cfe5f4"  # a light blue
FRAMES = [(BLUE, "-", PALE), (ORANGE, "--", SHADE), (COLORS[2], ":", "#c9eadf")]
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # below a text on a line
HALO = [patheffects.withStroke(linewidth=4, foreground="white")]  # keeps lines off a text


@dataclass(frozen=True)
class Look:
    """How a cell looks: told apart by its hatching as well as its color."""

    face: str = "white"
    hatch: str = ""
    ink: str = INK
    weight: str = "normal"


LOOKS = {
    "plain": Look(),
    "marked": Look(SHADE, weight="bold"),
    "kernel": Look(PALE, weight="bold"),
    "inserted": Look(PALE, "\\\\\\", GRAY),
    "framed": Look("#ececec", "////", GRAY),
    "cropped": Look("#f6f6f6", "xxx", GRAY),
}


def canvas(axis, width, height, *, unit=0.4):
    """Return an axis that is so many cells wide and high, and the inches of a cell.

    x grows to the right and y downward. Without an axis there is a new figure, with cells of
    ``unit`` inches or of less where the page would be too narrow.
    """
    if axis is None:
        unit = min(unit, WIDEST / width)
        figure = plt.figure(figsize=(width * unit, height * unit))
        figure.set_layout_engine("none")
        axis = figure.add_axes((0, 0, 1, 1))
    else:
        box, (wide, high) = axis.get_position(), axis.figure.get_size_inches()
        unit = min(box.width * wide / width, box.height * high / height)
    axis.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    axis.set_axis_off()
    return axis, unit


def points(unit, share=0.42):
    """Return the size of letters, in points, that suits cells of ``unit`` inches."""
    return min(12.0, max(8.0, 72 * unit * share))


def smaller(size, by=1.0):
    """Return the size of a second line: smaller, and still readable."""
    return max(8.0, size - by)


def wide(text, size, unit):
    """Return how many cells a line of text takes, near enough."""
    plain = text.replace("$", "").replace("\\hat\\delta", "d").replace("\\delta", "d")
    return 0.62 * size / 72 / unit * len(plain)


def write(axis, x, y, text, size, **style):
    """Write a text, centered unless ``style`` says otherwise."""
    style = {"ha": "center", "va": "center", "color": INK, "zorder": 5, **style}
    return axis.text(x, y, text, fontsize=size, **style)


def tint(y, x, columns, rows, shift=0.0):
    """Return a light color for a place: the hue says which column, the strength which row."""
    strength = 0.45 - 0.31 * y / max(1, rows - 1)
    return colorsys.hsv_to_rgb((0.55 + (x + shift) / (columns + 1)) % 1, strength, 0.98)


def cell(axis, x, y, text="", look="plain", *, size=10, face=None, side=1.0):
    """Draw one cell with its upper left corner at (x, y)."""
    style = LOOKS[look]
    patch = plt.Rectangle(
        (x, y), side, side, facecolor=face or style.face, edgecolor="0.55", linewidth=0.8,
        hatch=style.hatch, hatchcolor="0.72", label=look,
    )  # fmt: skip
    axis.add_patch(patch)
    if text:
        halo = [patheffects.withStroke(linewidth=2.5, foreground=face or style.face)]
        write(
            axis, x + side / 2, y + side / 2, text, size, color=style.ink, weight=style.weight,
            path_effects=halo if style.hatch else None,
        )  # fmt: skip


def frame(axis, x, y, width, height, k=0, **style):
    """Draw the k-th of a few frames around cells."""
    color, dashes, _ = FRAMES[k]
    look = {"edgecolor": color, "linestyle": dashes, "linewidth": 2.4, "zorder": 4}
    look |= {"fill": False, "label": f"window {k}"} | style
    axis.add_patch(plt.Rectangle((x, y), width, height, **look))


def arrow(axis, tail, head, *, color=GRAY, width=1.4, bend=0.0):
    """Draw an arrow between two points."""
    style = {
        "arrowstyle": "-|>,head_width=0.25,head_length=0.45", "color": color, "linewidth": width,
        "shrinkA": 0, "shrinkB": 0, "connectionstyle": f"arc3,rad={bend}",
    }  # fmt: skip
    axis.annotate("", head, tail, arrowprops=style, zorder=4)


def legend(axis, x, y, entries, size, unit):
    """Draw samples of looks with their meaning, in lines of at most the canvas's width."""
    start, limit = x, axis.get_xlim()[1]
    for look, meaning in entries.items():
        length = 1.1 + wide(meaning, size, unit)
        if x > start and x + length > limit:
            x, y = start, y + 1
        cell(axis, x, y + 0.15, look=look, side=0.7)
        write(axis, x + 0.95, y + 0.5, meaning, size, ha="left", color=GRAY)
        x += length + 0.4
    return y + 1


def number(value, spec="g"):
    """Write a number with a true minus sign."""
    return format(value, spec).replace("-", "−")
