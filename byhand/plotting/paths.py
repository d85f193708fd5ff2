"""One path through a fully connected network, with what lies on it."""

from itertools import pairwise

import numpy as np

from byhand.plotting._canvas import HALO, INK, ORANGE, number, write
from byhand.plotting.nets import network
from dlcore.errors import as_int, needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib.pyplot as plt


def path(weights, units, *, slopes=None, axis=None):
    """Draw a network and in it one path from an input to an output.

    The path is a thick orange line. Its weights stand on it and, where ``slopes`` are given, those
    of its units in their circles; all other lines stay gray.

    Parameters
    ----------
    weights : sequence of array
        An array of shape (D_out, D_in) for each step from a layer to the next.
    units : sequence of int
        The path: its unit in each layer, the inputs first, counted from 0.
    slopes : sequence of array, optional
        Of shape (D_out,) for each layer behind the inputs.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ValueError
        When the path or the slopes have another number of layers than the network, or a unit is
        not there.
    """
    sizes = [np.shape(weights[0])[1], *map(len, weights)]
    for name, value, count in (("units", units, len(sizes)), ("slopes", slopes, len(weights))):
        if value is not None and len(value) != count:
            raise ValueError(f"path: {name} has {len(value)} entries, expected {count}, by layer")
    for layer, size in enumerate(sizes):
        as_int("path", f"units[{layer}]", units[layer], ge=0, le=size - 1)
    network(sizes, units=[[""] * n for n in sizes], most=max(3, *sizes), axis=axis)
    axis = plt.gca() if axis is None else axis
    lines = {line.get_label(): line for line in axis.lines}
    circles = {patch.get_label(): patch for patch in axis.patches}
    for layer, (start, end) in enumerate(pairwise(units)):
        line = lines[f"{layer}: {start} to {end}"]
        line.set(color=ORANGE, linewidth=3.5, zorder=1.5)
        (x0, x1), (y0, y1) = line.get_data()
        text = number(weights[layer][end, start])
        style = {"color": INK, "weight": "bold", "path_effects": HALO, "zorder": 4}
        write(axis, x0 + 0.4 * (x1 - x0), y0 + 0.4 * (y1 - y0), text, 11, **style)
        if slopes is not None:
            write(axis, x1, y1, number(slopes[layer][end]), 9, zorder=4)
    for layer, unit in enumerate(units):
        circles[f"unit {layer}.{unit}"].set(edgecolor=ORANGE, linewidth=2.5)
