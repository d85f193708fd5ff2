"""How far points are from the line of a unit."""

import numpy as np

from byhand.plotting._canvas import PAPER
from byhand.plotting.look import BLUE, COLORS, ORANGE, SHADE
from dlcore.errors import ShapeError

GREEN = COLORS[2]


def line_distance(axis, w, b, *, reach=3.0, point=None):
    """Draw where ``w x + b`` is positive, its normal, and the distance of the line from 0.

    Parameters
    ----------
    axis : matplotlib axes
    w : array, shape (2,)
        Not both zero.
    b : float
    reach : float
        The picture goes from -reach to reach on both axes.
    point : array, shape (2,), optional
        A point whose distance from the line is drawn, too.

    Raises
    ------
    ShapeError
        When w has another shape.
    ValueError
        When w is zero, which has no line.
    """
    w = np.asarray(w, dtype=float)
    if w.shape != (2,):
        raise ShapeError(
            f"line_distance: w has shape {w.shape}, expected (2,), a plane's two weights"
        )
    length = np.hypot(*w)
    if not length > 0:
        raise ValueError("line_distance: w is zero, expected an entry other than 0; it has no line")
    normal, foot = w / length, -b * w / length**2
    along = np.array([-normal[1], normal[0]])
    far = 4 * reach
    near = np.array([foot - far * along, foot + far * along])
    axis.fill(*np.concatenate([near, near[::-1] + far * normal]).T, color=SHADE, zorder=0)
    axis.plot(*near.T, color="black", linewidth=1.6)
    axis.plot(0, 0, "k.", markersize=8)
    axis.annotate("0", (0, 0), (-9, -9), textcoords="offset points")
    start = foot + 0.55 * reach * along  # the normal stands beside the distance
    style = {"arrowstyle": "-|>", "color": ORANGE, "linewidth": 2}
    axis.annotate("", start + w, start, arrowprops=style)
    axis.annotate("$w$", start + w, (4, 3), textcoords="offset points", color=ORANGE, size=12)
    beside = {"textcoords": "offset points", "ha": "right", "bbox": PAPER, "size": 10}
    if b:
        axis.plot(*np.array([[0, 0], foot]).T, "--", color=BLUE, linewidth=1.8)
        label = rf"$|b|/\|w\| = {abs(b) / length:.2f}$"
        axis.annotate(label, foot / 2, (-9, 9), color=BLUE, **beside)
    if point is not None:
        distance = float(normal @ point + b / length)
        axis.plot(*np.array([point, point - distance * normal]).T, ":", color=GREEN, linewidth=2.2)
        axis.plot(*point, "s", color=GREEN)
        text = f"{distance:+.2f}".replace("-", "\N{MINUS SIGN}")
        axis.annotate(text, point, (-9, 5), color=GREEN, **beside)
    axis.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", xlabel="$x_1$")
    axis.set_ylabel("$x_2$")
