"""Which index of the convolution's gradient belongs to what, and to which arrays."""

from byhand.plotting._canvas import GRAY, PALE, SHADE, canvas, points, smaller, write
from dlcore.errors import needs_extra

with needs_extra("byhand.plotting", "book"):
    from matplotlib.patches import Circle

_ARRAYS = "$dX_{n,c,y,x}$", "$W_{f,c,i,j}$", "$\\delta_{n,f,u,v}$"
_ROWS = [
    ("example", ("n", None, "n"), "the same on both sides"),
    ("channel", ("c", "c", None), "the same on both sides"),
    ("filter", (None, "f", "f"), "summed over $f$"),
    ("row", ("y", "i", "u"), "$u\\,s_H + i = y + p_H$, summed over $i$"),
    ("column", ("x", "j", "v"), "$v\\,s_W + j = x + p_W$, summed over $j$"),
]
_LOOKS = {
    "chosen": (PALE, "", "-"),
    "summed": (SHADE, "////", "-"),
    "follows": ("white", "", "--"),
}
_KINDS = dict.fromkeys("ncyx", "chosen") | dict.fromkeys("fij", "summed") | {
    "u": "follows", "v": "follows",
}  # fmt: skip
_MEANINGS = {
    "chosen": "chosen: an entry of $dX$",
    "summed": "summed",
    "follows": "follows from the others",
}


def index_roles(*, axis=None):
    """Draw the indices of the gradient of a convolution's input by what they belong to.

    A row for example, channel, filter, row and column; a column for dX, W and the upstream
    gradient. What hangs together is linked, and the rule stands below. The last two rows are the
    rule of one axis, which ``one_axis`` draws.

    Parameters
    ----------
    axis : matplotlib axes, optional
        A new figure by default.
    """
    left, pitch, rise, top = 1.15, 1.2, 0.83, 0.95
    width, high = left + pitch * len(_ARRAYS) + 0.15, top + rise * len(_ROWS) + 0.95
    axis, unit = canvas(axis, width, high, unit=1.0)
    size = points(unit, 0.15)
    places = [left + pitch * (column + 0.5) for column in range(len(_ARRAYS))]
    for x, name in zip(places, _ARRAYS, strict=True):
        write(axis, x, 0.35, name, size + 2.5)
    for row, (name, letters, rule) in enumerate(_ROWS):
        y = top + rise * row
        write(axis, 0.12, y, name, size, ha="left", weight="bold")
        ends = [x for x, letter in zip(places, letters, strict=True) if letter]
        axis.plot([ends[0], ends[-1]], [y, y], color="0.35", linewidth=1.6, zorder=1, label=name)
        for x, letter in zip(places, letters, strict=True):
            if letter:
                _index(axis, x, y, letter, size + 2)
        write(axis, (ends[0] + ends[-1]) / 2, y + 0.4, rule, smaller(size), color=GRAY)
    y = top + rise * len(_ROWS) + 0.12
    for line, (kind, meaning) in enumerate(_MEANINGS.items()):
        face, hatch, dashes = _LOOKS[kind]
        place = (0.3, y + 0.27 * line)
        axis.add_patch(
            Circle(place, 0.09, facecolor=face, hatch=hatch * 2, hatchcolor="0.6", edgecolor="0.2",
                   linestyle=dashes)
        )  # fmt: skip
        write(axis, 0.5, place[1], meaning, smaller(size), ha="left", color=GRAY)


def _index(axis, x, y, letter, size):
    face, hatch, dashes = _LOOKS[_KINDS[letter]]
    axis.add_patch(
        Circle((x, y), 0.21, facecolor=face, hatch=hatch, hatchcolor="0.8", edgecolor="0.2",
               linewidth=1.4, linestyle=dashes, zorder=2, label=f"index {letter}")
    )  # fmt: skip
    write(axis, x, y, f"${letter}$", size)
