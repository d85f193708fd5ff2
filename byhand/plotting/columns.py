"""im2col: the windows of an image become the columns of a matrix."""

import numpy as np

from byhand.plotting._canvas import GRAY, canvas, cell, frame, points, tint, write
from dlcore.errors import ShapeError, as_int, as_pair


def im2col(n, k, *, stride=1, padding=0, dilation=1, channels=1, position=(0, 0), axis=None):
    """Draw how the windows of an image become the columns of a matrix.

    Every pixel has a number and a color, which it keeps in all of its copies. The window at
    ``position`` and its column are framed.

    Parameters
    ----------
    n, k : int or pair of int
        Height and width of the image and of the kernel.
    stride, padding, dilation : int or pair of int
        Vertical and horizontal.
    channels : int
        1 or 2: the rows of the matrix go through one channel after the other.
    position : pair of int
        Row and column of the output whose window is framed.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the kernel does not fit on the padded image.
    TypeError, ValueError
        When an option is no whole number or pair, or there is no output at ``position``.
    """
    C = as_int("im2col", "channels", channels, ge=1, le=2)
    size, kernel, (sH, sW), (pH, pW), (dH, dW) = (
        as_pair("im2col", name, value, ge=ge)
        for name, value, ge in [
            ("n", n, 1), ("k", k, 1), ("stride", stride, 1), ("padding", padding, 0),
            ("dilation", dilation, 1),
        ]
    )  # fmt: skip
    padded = size[0] + 2 * pH, size[1] + 2 * pW
    covers = dH * (kernel[0] - 1) + 1, dW * (kernel[1] - 1) + 1
    if padded[0] < covers[0] or padded[1] < covers[1]:
        raise ShapeError(
            f"im2col: a kernel that covers {covers} does not fit on an image of {size} with "
            f"padding {(pH, pW)}; more padding, or a smaller kernel?"
        )
    out = (padded[0] - covers[0]) // sH + 1, (padded[1] - covers[1]) // sW + 1
    shown = as_pair("im2col", "position", position, ge=0)
    if shown[0] >= out[0] or shown[1] >= out[1]:
        raise ValueError(
            f"im2col: position is {shown}, expected a row and a column of the output of {out}; did "
            "you count pixels instead of outputs?"
        )

    numbers = np.arange(C * size[0] * size[1]).reshape(C, *size)
    images = np.pad(numbers, ((0, 0), (pH, pH), (pW, pW)), constant_values=-1)
    rows, columns = C * kernel[0] * kernel[1], out[0] * out[1]
    names = 2.4 if C == 1 else 3.2  # of the matrix's rows, at its left
    wide = C * padded[1] + 1.2 * (C - 1)
    width = max(names + max(columns, 8), wide) + 0.5
    high = 1.3 + padded[0] + 2.4
    axis, unit = canvas(axis, width, high + rows + 0.3)
    letters, small = points(unit), points(unit, 0.34)

    def pixel(x, y, number):
        if number < 0:
            cell(axis, x, y, "0", "framed", size=letters)
        else:
            c, place = divmod(int(number), size[0] * size[1])
            color = tint(*divmod(place, size[1]), size[1], size[0], shift=c / 2)
            cell(axis, x, y, str(number), size=letters, face=color)

    starts = [(width - wide) / 2 + c * (padded[1] + 1.2) for c in range(C)]
    for c, start in enumerate(starts):
        for y, x in np.ndindex(padded):
            pixel(start + x, 1.3 + y, images[c, y, x])
        frame(axis, start + shown[1] * sW, 1.3 + shown[0] * sH, covers[1], covers[0])
        title = f"image {size[0]} × {size[1]}" if C == 1 else f"channel {c}"
        write(axis, start + padded[1] / 2, 0.65, title, letters)

    left = names + (width - names - columns) / 2
    taps = list(np.ndindex(C, *kernel))
    for row, (c, i, j) in enumerate(taps):
        for column, (u, v) in enumerate(np.ndindex(out)):
            pixel(left + column, high + row, images[c, u * sH + i * dH, v * sW + j * dW])
        name = f"{i}, {j}" if C == 1 else f"{c}, {i}, {j}"
        write(axis, left - 0.2, high + row + 0.5, name, small, ha="right", color=GRAY)
    for column, (u, v) in enumerate(np.ndindex(out)):
        write(axis, left + column + 0.5, high - 0.4, f"{u}, {v}", small, color=GRAY)
    heading = "i, j" if C == 1 else "c, i, j"
    write(axis, left - 0.2, high - 0.4, f"{heading}    u, v:", small, ha="right", color=GRAY)
    column = shown[0] * out[1] + shown[1]
    frame(axis, left + column, high, 1, rows)
    for c in range(1, C):
        axis.plot([left, left + columns], [high + c * rows / C] * 2, color="0.15", linewidth=2)
    title = f"{rows} × {columns}: a column per window"
    write(axis, left + columns / 2, high - 1.25, title, letters)
