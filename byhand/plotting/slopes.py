"""Derivatives as pictures: the chain rule as a graph, and which entries of a Jacobian are not 0."""

from itertools import pairwise

import numpy as np

from byhand.plotting._canvas import (
    GRAY,
    PALE,
    PAPER,
    SHADE,
    arrow,
    canvas,
    cell,
    frame,
    number,
    points,
    wide,
    write,
)
from dlcore.errors import ShapeError, as_int, needs_extra

with needs_extra("byhand.plotting", "book"):
    from matplotlib.patches import Circle

PITCH, RADIUS = 2.5, 0.34  # from a stage to the next, and a circle's, in cells
MARGIN = 1.7  # for the names of a Jacobian's rows


def slope_graph(stages, slopes, *, axis=None):
    """Draw the chain rule as a graph: values as circles, a derivative at each arrow.

    Parameters
    ----------
    stages : sequence of (sequence of str)
        The values from left to right, those of a stage from top to bottom. No name occurs twice.
    slopes : sequence of array, shape (next stage, this stage)
        From each stage to the next its Jacobian: a row per value of the next, a column per value of
        this one.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When a Jacobian does not fit its stages.
    ValueError
        When there are fewer than two stages, a name occurs twice, or the Jacobians are too many or
        too few.
    """
    names = [name for stage in stages for name in stage]
    if len(stages) < 2:
        raise ValueError(f"slope_graph: stages has {len(stages)} entries, expected two or more")
    if len(set(names)) < len(names):
        raise ValueError(f"slope_graph: stages is {stages}, expected each name once")
    if len(slopes) != len(stages) - 1:
        raise ValueError(
            f"slope_graph: slopes has {len(slopes)} entries, expected {len(stages) - 1}; a "
            "Jacobian from each stage to the next"
        )
    for step, (start, end) in enumerate(pairwise(stages)):
        if np.shape(slopes[step]) != (len(end), len(start)):
            raise ShapeError(
                f"slope_graph: slopes[{step}] has shape {np.shape(slopes[step])}, expected "
                f"{(len(end), len(start))}: a row per output, a column per input; transposed?"
            )

    rows = max(len(stage) for stage in stages)
    pitch = 1.6
    high = pitch * max(rows - 1, 1) + 1.1
    axis, unit = canvas(axis, PITCH * (len(stages) - 1) + 1.1, high, unit=0.62)
    letters = points(unit, 0.26)
    where = {
        name: (0.55 + PITCH * column, high / 2 + pitch * (row - (len(stage) - 1) / 2))
        for column, stage in enumerate(stages)
        for row, name in enumerate(stage)
    }
    for step, jacobian in enumerate(slopes):
        for (i, j), slope in np.ndenumerate(np.asarray(jacobian)):
            (x0, y0), (x1, y1) = where[stages[step][j]], where[stages[step + 1][i]]
            length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
            dx, dy = RADIUS * (x1 - x0) / length, RADIUS * (y1 - y0) / length
            arrow(axis, (x0 + dx, y0 + dy), (x1 - dx, y1 - dy))
            place = (x0 + 0.72 * (x1 - x0), y0 + 0.72 * (y1 - y0))
            write(axis, *place, number(slope), letters, bbox=PAPER)
    for column, stage in enumerate(stages):
        face = PALE if column == 0 else SHADE if column == len(stages) - 1 else "white"
        for name in stage:
            axis.add_patch(
                Circle(where[name], RADIUS, facecolor=face, edgecolor="0.2", zorder=4, label=name)
            )
            write(axis, *where[name], name, letters)


def jacobians(panels, *, across=15.0, axis=None):
    """Draw Jacobians: a row per output, a column per input, color where an entry is not 0.

    Parameters
    ----------
    panels : dict of str to (rows, columns, entries, blocks)
        By title: the names of the outputs and of the inputs, for each output a list of texts, empty
        where its derivative is 0, and frames as ``(row, column, height, width)``.
    across : float
        Cells in a line of panels, with the names.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ValueError
        When there is no panel, or the entries do not fit the names.
    """
    if not panels:
        raise ValueError(
            "jacobians: panels is empty, expected at least one title with its Jacobian"
        )
    for title, (rows, columns, entries, _) in panels.items():
        widths = [len(row) for row in entries]
        if len(entries) != len(rows) or set(widths) != {len(columns)}:
            raise ValueError(
                f"jacobians: {title!r} has rows of {widths} entries, expected {len(rows)} rows of "
                f"{len(columns)}; a row per output, a column per input"
            )
    places, x, y, tallest = [], 0.0, 0.0, 0.0
    for title, (rows, columns, _, _) in panels.items():
        width = max(MARGIN + len(columns), wide(title, 10, 0.4) + 0.5) + 0.5
        height = len(rows) + 2.7
        if x and x + width > across:
            x, y, tallest = 0.0, y + tallest, 0.0
        places.append((x, y))
        x, tallest = x + width, max(tallest, height)
    axis, unit = canvas(axis, across, y + tallest, unit=0.4)
    letters = points(unit, 0.33)
    for (left, top), (title, panel) in zip(places, panels.items(), strict=True):
        rows, columns, entries, blocks = panel
        x0, y0 = left + MARGIN, top + 2.0
        write(axis, left + 0.2, top + 0.5, title, letters, ha="left", weight="bold")
        for j, name in enumerate(columns):
            write(axis, x0 + j + 0.5, y0 - 0.5, name, letters, color=GRAY)
        for i, (name, row) in enumerate(zip(rows, entries, strict=True)):
            write(axis, x0 - 0.25, y0 + i + 0.5, name, letters, ha="right", color=GRAY)
            for j, text in enumerate(row):
                look = "kernel" if text else "plain"
                small = min(letters, letters * 0.92 / max(0.92, wide(text, letters, unit)))
                cell(axis, x0 + j, y0 + i, text, look, size=max(8.0, small))
        for row, column, height, width in blocks:
            frame(axis, x0 + column, y0 + row, width, height, label="block")


def layer_jacobians(inputs, units, *, axis=None):
    """Draw four Jacobians of one layer: by its inputs, its scores, its weights, and of a batch.

    Parameters
    ----------
    inputs, units : int
        Of the layer; the batch has two examples.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    TypeError, ValueError
        When a number is not a whole number above 0.
    """
    D = as_int("layer_jacobians", "inputs", inputs, ge=1)
    n = as_int("layer_jacobians", "units", units, ge=1)
    x, z, a = ([f"${v}_{i + 1}$" for i in range(count)] for v, count in (("x", D), *_units(n)))
    W = [[f"$w_{{{i + 1}{j + 1}}}$" for j in range(D)] for i in range(n)]
    slopes = [[f"$\\varphi'_{i + 1}$" if i == j else "" for j in range(n)] for i in range(n)]
    by_weights = [[""] * D * i + x + [""] * D * (n - 1 - i) for i in range(n)]
    empty = [""] * D
    batch = [row + empty for row in W] + [empty + row for row in W]
    two_x, two_z = (
        [name.replace("_", f"^{{({example})}}_") for example in (1, 2) for name in names]
        for names in (x, z)
    )
    jacobians(
        {
            "affine map by $x$": (z, x, W, []),
            "nonlinearity by $z$": (a, z, slopes, []),
            "affine map by $W$": (
                z,
                [w for row in W for w in row],
                by_weights,
                [(i, i * D, 1, D) for i in range(n)],
            ),
            "a batch of two by $x$": (two_z, two_x, batch, [(0, 0, n, D), (n, D, n, D)]),
        },
        axis=axis,
    )


def _units(n):
    return ("z", n), ("a", n)
