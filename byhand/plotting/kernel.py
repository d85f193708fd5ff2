"""A kernel on an image: the pixels that a window reads, and the output that it makes."""

import numpy as np

from byhand.plotting._canvas import (
    FRAMES,
    canvas,
    cell,
    frame,
    legend,
    points,
    smaller,
    write,
)
from dlcore.errors import ShapeError, as_pair

TITLE = 4.2  # cells that the title of a grid takes


def kernel_on_image(n, k, *, stride=1, padding=0, dilation=1, position=(0, 0), axis=None):
    """Draw an image with its padding, a kernel's window on it, and the output that it makes.

    Cells that a window reads are shaded: with a dilation there are others between them. Pixels that
    no window reads are hatched.

    Parameters
    ----------
    n, k : int or pair of int
        Height and width of the image and of the kernel.
    stride, padding, dilation : int or pair of int
        Vertical and horizontal.
    position : pair of int, or sequence of at most three pairs
        Row and column of the outputs whose windows are drawn.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the kernel does not fit on the padded image.
    ValueError
        When an option is no int or pair, or there is no output at a position.
    """
    size, kernel = _pair("n", n, 1), _pair("k", k, 1)
    stride, padding = _pair("stride", stride, 1), _pair("padding", padding, 0)
    dilation = _pair("dilation", dilation, 1)
    padded = tuple(m + 2 * p for m, p in zip(size, padding, strict=True))
    covers = tuple(d * (m - 1) + 1 for m, d in zip(kernel, dilation, strict=True))
    if padded[0] < covers[0] or padded[1] < covers[1]:
        raise ShapeError(
            f"kernel_on_image: a kernel that covers {covers} does not fit on an image of {size} "
            f"with padding {padding}; more padding, or a smaller kernel?"
        )
    out = tuple((m - f) // s + 1 for m, f, s in zip(padded, covers, stride, strict=True))
    positions = _positions(position, out)

    beside = padded[1] + 2.5 + max(out[1], TITLE) <= 15
    first, second = max(padded[1], TITLE), max(out[1], TITLE)  # room of either grid
    width = (first + 1.5 + second if beside else max(first, second)) + 0.8
    left = 0.4 + (first - padded[1]) / 2 if beside else (width - padded[1]) / 2
    if beside:
        at = 0.4 + first + 1.5 + (second - out[1]) / 2, 1.2 + max(0, (padded[0] - out[0]) / 2)
        bottom = 1.2 + max(padded[0], out[0])
    else:
        at = (width - out[1]) / 2, 1.2 + padded[0] + 1.4
        bottom = at[1] + out[0] + 1  # its title stands below it, out of the lines' way
    found = _image_looks(size, padding, kernel, stride, dilation, out)
    meanings = {"framed": "padding, zeros", "cropped": "read by no window"}
    meanings = {look: text for look, text in meanings.items() if look in found.values()}
    lines = bool(meanings) + (len(meanings) == 2 and width < 9.5)
    axis, unit = canvas(axis, width, bottom + 0.3 + lines)
    letters = points(unit)

    shaded = {}
    for number, (u, v) in enumerate(positions):
        for i, j in np.ndindex(kernel):
            pixel = u * stride[0] + i * dilation[0], v * stride[1] + j * dilation[1]
            shaded.setdefault(pixel, FRAMES[number][2])
    for y, x in np.ndindex(padded):
        look = found[y, x]
        cell(
            axis, left + x, 1.2 + y, "0" if look == "framed" else "", look, size=letters,
            face=shaded.get((y, x)),
        )  # fmt: skip
    frame(
        axis, left + padding[1], 1.2 + padding[0], size[1], size[0],
        edgecolor="0.25", linestyle="-", linewidth=1.4,
    )  # fmt: skip
    for u, v in np.ndindex(out):
        number = positions.index((u, v)) if (u, v) in positions else None
        face = None if number is None else FRAMES[number][2]
        cell(axis, at[0] + v, at[1] + u, face=face)
    for number, (u, v) in enumerate(positions):
        top, start = 1.2 + u * stride[0], left + v * stride[1]
        frame(axis, start, top, covers[1], covers[0], number)
        frame(axis, at[0] + v, at[1] + u, 1, 1, number)
        for end in (0, 1):
            if beside:
                xs = start + covers[1], at[0] + v
                ys = top + end * covers[0], at[1] + u + end
            else:
                xs = start + end * covers[1], at[0] + v + end
                ys = top + covers[0], at[1] + u
            color, dashes, _ = FRAMES[number]
            axis.plot(xs, ys, dashes, color=color, linewidth=1, alpha=0.8, zorder=3)
    write(axis, left + padded[1] / 2, 0.6, f"image {size[0]} × {size[1]}", letters)
    below = at[1] - 0.6 if beside else at[1] + out[0] + 0.6
    write(axis, at[0] + out[1] / 2, below, f"output {out[0]} × {out[1]}", letters)
    if meanings:
        legend(axis, 0.3, bottom + 0.3, meanings, smaller(letters), unit)


def _pair(name, value, ge):
    return as_pair("kernel_on_image", name, value, ge=ge)


def _positions(position, out):
    """Return one or several positions as a list of pairs, after a look at each."""
    positions = [position] if np.ndim(position) == 1 else list(position)
    if not 1 <= len(positions) <= len(FRAMES):
        raise ValueError(
            f"kernel_on_image: got {len(positions)} positions, expected 1 to {len(FRAMES)}; "
            "more frames could not be told apart"
        )
    positions = [as_pair("kernel_on_image", "position", each, ge=0) for each in positions]
    for u, v in positions:
        if u >= out[0] or v >= out[1]:
            raise ValueError(
                f"kernel_on_image: position is {(u, v)}, expected a row and a column of the output "
                f"of {out}; did you count pixels instead of outputs?"
            )
    return positions


def _image_looks(size, padding, kernel, stride, dilation, out):
    """Return the look of each cell of the padded image, by (row, column)."""
    read = [
        {u * s + i * d for u in range(o) for i in range(f)}
        for o, f, s, d in zip(out, kernel, stride, dilation, strict=True)
    ]
    padded = tuple(m + 2 * p for m, p in zip(size, padding, strict=True))
    looks = {}
    for y, x in np.ndindex(padded):
        inside = all(0 <= q - p < m for q, p, m in zip((y, x), padding, size, strict=True))
        unread = y not in read[0] or x not in read[1]
        looks[y, x] = "framed" if not inside else "cropped" if unread else "plain"
    return looks
