"""Which filter reads which channel: a grid of kernels, the channels before it, the maps below."""

from byhand.plotting._canvas import BLUE, FRAMES, GRAY, arrow, canvas, cell, frame, points, write
from dlcore.errors import ShapeError, as_int


def filter_grid(channels, filters, *, n=4, k=2, groups=1, axis=None):
    """Draw a convolution's kernels as a grid: a row for each channel, a column for each filter.

    Before each row stands the channel, below each column the output map that the column adds up to.
    Where groups keep a filter from a channel, there is a dot in the place of the kernel.

    Parameters
    ----------
    channels, filters : int
    n, k : int
        Height and width of the channels, and of the kernels.
    groups : int
        Into how many equal parts channels and filters are divided.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When the groups do not divide both numbers, or the kernel does not fit.
    TypeError, ValueError
        When an option is no whole number, or is too small.
    """
    C, F, n, k, G = (
        as_int("filter_grid", name, value, ge=1)
        for name, value in [
            ("channels", channels), ("filters", filters), ("n", n), ("k", k), ("groups", groups)
        ]
    )  # fmt: skip
    if k > n:
        raise ShapeError(f"filter_grid: a kernel of {k} does not fit on channels of {n}")
    if C % G or F % G:
        raise ShapeError(
            f"filter_grid: groups is {G}, expected a number that divides both {C} channels and "
            f"{F} filters"
        )
    out = n - k + 1
    across, down = max(out, k) + 1.4, n + 0.9  # to the next filter, to the next channel
    left, top = 2.4, 1.9
    first = left + n + 1.5  # where the grid begins
    maps = top + C * down + 1.3
    width = first + F * across
    axis, unit = canvas(axis, width, maps + out + 1.1, unit=min(0.34, 6 / width))
    size = points(unit)
    for c in range(C):
        y = top + c * down
        _grid(axis, left, y, n)
        frame(axis, left, y, k, k)
        write(axis, left - 0.3, y + n / 2, f"channel\n{c}", size, ha="right")
    for f in range(F):
        x = first + f * across
        middle = x + max(out, k) / 2
        write(axis, middle, 0.8, f"filter {f}", size)
        for c in range(C):
            y = top + c * down + (n - k) / 2
            if c * G // C == f * G // F:
                _grid(axis, middle - k / 2, y, k, FRAMES[0][2])
            else:
                write(axis, middle, y + k / 2, "·", size + 6, color=GRAY)
        arrow(axis, (middle, maps - 1.2), (middle, maps - 0.15), color=BLUE)
        write(axis, middle + 0.3, maps - 0.75, "sum", size, ha="left", color=GRAY)
        _grid(axis, middle - out / 2, maps, out)
        frame(axis, middle - out / 2, maps, 1, 1)
        write(axis, middle, maps + out + 0.6, f"map {f}", size)


def _grid(axis, x, y, n, face=None):
    for i in range(n):
        for j in range(n):
            cell(axis, x + j, y + i, face=face)
