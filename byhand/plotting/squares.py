"""What each matrix of a singular value decomposition does to a square."""

import numpy as np

from byhand.plotting.look import BLUE, ORANGE, SHADE
from dlcore.errors import ShapeError

STEPS = ("a square", r"after $V^\top$", r"after $\Sigma$", r"after $U$")


def svd_squares(axes, W, *, aligned=False, reach=2.4):
    """Draw a square of area 1, and what V^T, Sigma and U make of it, one after the other.

    The first side is a full blue line, the second a dashed orange one; their lengths and the angle
    between them stand below.

    Parameters
    ----------
    axes : sequence of 4 matplotlib axes
    W : array, shape (2, 2)
    aligned : bool
        Whether the square's sides lie along the right singular vectors, the rows of V^T, rather
        than along the axes.
    reach : float
        A picture goes from -reach to reach.

    Raises
    ------
    ShapeError
        When W has another shape.
    ValueError
        When there are not four axes.
    """
    W = np.asarray(W, dtype=float)
    if W.shape != (2, 2):
        raise ShapeError(f"svd_squares: W has shape {W.shape}, expected (2, 2)")
    if len(axes) != len(STEPS):
        raise ValueError(f"svd_squares: got {len(axes)} axes, expected {len(STEPS)}, one per step")
    _, stretch, Vt = np.linalg.svd(W)
    sides = Vt if aligned else np.eye(2)  # a side in each row
    for axis, title, M in zip(
        axes, STEPS, (np.eye(2), Vt, stretch[:, np.newaxis] * Vt, W), strict=True
    ):
        first, second = sides @ M.T
        corners = np.array([0 * first, first, first + second, second])
        axis.fill(*corners.T, color=SHADE, zorder=1)
        axis.plot(*corners[[1, 2, 3]].T, color="0.35", linewidth=1)
        axis.plot(*corners[[0, 1]].T, color=BLUE, linewidth=2.6)
        axis.plot(*corners[[0, 3]].T, "--", color=ORANGE, linewidth=2.6)
        axis.plot(0, 0, "k.", markersize=7)
        one, two = np.hypot(*first), np.hypot(*second)
        angle = np.degrees(np.arccos(np.clip(first @ second / (one * two or 1), -1, 1)))
        axis.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal", title=title)
        axis.set_xlabel(f"{one:.3f} and {two:.3f}\n{angle:.1f}°", fontsize=9)
        axis.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2])
