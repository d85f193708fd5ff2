"""The pieces of the plane on which a network of ReLUs is one affine map."""

import numpy as np

from dlcore.errors import ShapeError, needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib as mpl
    from matplotlib.collections import PolyCollection

INK = "0.15"
TINTS = ("#ffffff", "#9ecae1", "#fbd5b5", "#b8dfc9", "#e9c6dc", "#f3e3a1", "#c9c9c9")


def regions(axis, polygons, patterns):
    """Draw the regions of ``dlcore.regions.linear_regions``, each with an outline and a color.

    Two neighbors differ in one unit, and then they differ in color.

    Parameters
    ----------
    axis : matplotlib axes
    polygons : list of array, each of shape (k, 2)
    patterns : array of bool, shape (number of polygons, units)

    Raises
    ------
    ShapeError
        When there is not one pattern per polygon.
    """
    patterns = np.asarray(patterns)
    if patterns.ndim != 2 or len(patterns) != len(polygons):
        raise ShapeError(
            f"regions: patterns has shape {patterns.shape}, expected ({len(polygons)}, units), a "
            "row for each polygon"
        )
    steps = 1 + np.arange(patterns.shape[1]) % (len(TINTS) - 1)  # never 0, modulo the colors
    colors = [TINTS[number] for number in patterns @ steps % len(TINTS)]
    outline = PolyCollection(
        polygons, facecolors=colors, edgecolors=INK, linewidths=0.5, label="regions"
    )
    axis.add_collection(outline)
    corners = np.concatenate(list(polygons))
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    axis.set(xlim=(left, right), ylim=(low, high), aspect="equal")
    axis.grid(visible=False)
    axis.spines[["top", "right"]].set_visible(True)
    axis.tick_params(labelsize=0.8 * mpl.rcParams["font.size"])
