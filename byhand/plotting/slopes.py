"""Derivatives as pictures: the chain rule as a graph, and which entries of a Jacobian are not 0."""

from byhand.plotting._canvas import (
    GRAY,
    PALE,
    PAPER,
    SHADE,
    arrow,
    canvas,
    cell,
    frame,
    points,
    wide,
    write,
)
from dlcore.errors import needs_extra

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
    slopes : dict of (str, str) to str
        From a value to one that reads it: what stands at the arrow.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ValueError
        When there are fewer than two stages, a name occurs twice, or an arrow starts or ends at
        an unknown value.
    """
    names = [name for stage in stages for name in stage]
    if len(stages) < 2:
        raise ValueError(f"slope_graph: stages has {len(stages)} entries, expected two or more")
    if len(set(names)) < len(names):
        raise ValueError(f"slope_graph: stages is {stages}, expected each name once")
    strangers = sorted({name for edge in slopes for name in edge} - set(names))
    if strangers:
        raise ValueError(f"slope_graph: slopes names {strangers}, expected values of stages")

    rows = max(len(stage) for stage in stages)
    pitch = 1.35
    high = pitch * max(rows - 1, 1) + 1.1
    axis, unit = canvas(axis, PITCH * (len(stages) - 1) + 1.1, high, unit=0.62)
    letters = points(unit, 0.26)
    where = {
        name: (0.55 + PITCH * column, high / 2 + pitch * (row - (len(stage) - 1) / 2))
        for column, stage in enumerate(stages)
        for row, name in enumerate(stage)
    }
    for (start, end), text in slopes.items():
        (x0, y0), (x1, y1) = where[start], where[end]
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        tail = (x0 + RADIUS * dx, y0 + RADIUS * dy)
        arrow(axis, tail, (x1 - RADIUS * dx, y1 - RADIUS * dy))
        place = (x0 + 0.62 * (x1 - x0), y0 + 0.62 * (y1 - y0))
        write(axis, *place, text, letters, bbox=PAPER)
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
