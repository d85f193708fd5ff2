"""The book's plots: digits, weights as images, points, decision boundaries, curves.

Each helper draws, on the axis that it is given or on a new figure, and returns None.
"""

import numpy as np

from byhand.plotting._canvas import cell, frame
from byhand.plotting.look import BLUE, COLORS, DIVERGING, MARKERS, ORANGE
from dlcore.errors import ShapeError, needs_extra, require_ndim

with needs_extra("byhand.plotting", "book"):
    import matplotlib.pyplot as plt


def images(pictures, titles=None, *, columns=8, scale=1.0):
    """Draw pictures side by side: one channel in gray, dark for ink, three in color.

    Parameters
    ----------
    pictures : array, shape (N, 1, H, W), or (N, 3, H, W) with colors from 0 to 1
        Colors outside are cut off, as a screen does.
    titles : sequence of str, optional
        One a picture.
    columns : int
        Pictures a row.
    scale : float
        Inches a picture.

    Raises
    ------
    ShapeError
        When ``pictures`` does not have four axes.
    """
    require_ndim("images", "pictures", pictures, 4, "(N, 1, H, W)", "flat vectors? reshape them")
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height = rows * scale * (1.0 if titles is None else 1.25)
    _, axes = plt.subplots(
        rows, columns, figsize=(columns * scale, height), squeeze=False, subplot_kw={"xticks": []}
    )
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        axis.imshow(picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0).clip(0, 1))
        if titles is not None:
            axis.set_title(titles[i], fontsize=9)


def points(axis, X, y):
    """Draw planar points: blue circles for class 0, orange triangles for class 1.

    Parameters
    ----------
    axis : matplotlib axes
    X : array, shape (N, 2)
    y : array of {0, 1}, shape (N,) or (N, 1)
    """
    y = y.reshape(-1)
    size = 9 if len(X) < 20 else 4
    for label, (marker, color) in MARKERS.items():
        dot = {"color": color, "markersize": size, "markeredgecolor": "white"}
        axis.plot(*X[y == label].T, marker, markeredgewidth=0.4, label=f"class {label}", **dot)
    axis.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def boundary(axis, score, X, y, *, cells=200):
    """Draw planar points over the regions that a model assigns to each class.

    Parameters
    ----------
    axis : matplotlib axes
    score : callable
        Takes points (M, 2), returns scores (M,) or (M, 1); class 1 where they are above zero.
    X : array, shape (N, 2)
    y : array of {0, 1}, shape (N,) or (N, 1)
    cells : int
        Grid points along each axis.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.08 * (high - low)
    sides = np.linspace(low - margin, high + margin, cells)  # (cells, 2)
    grid = np.stack(np.meshgrid(*sides.T), axis=-1)  # (cells, cells, 2)
    z = score(grid.reshape(-1, 2)).reshape(cells, cells)
    axis.contourf(*sides.T, z, levels=[-np.inf, 0, np.inf], colors=[BLUE, ORANGE], alpha=0.2)
    if z.min() < 0 < z.max():
        axis.contour(*sides.T, z, levels=[0], colors="black", linewidths=1.2)
    axis.grid(False)
    points(axis, X, y)


def half_plane(axis, w, b, *, limits=(-3, 3), levels=(-2, -1, 1, 2)):
    """Draw what one neuron does to the plane: its border, its two sides and its weight vector.

    The side on which the score ``w x + b`` is positive is orange, the other one blue. The border is
    a full line; dashed lines join the points of equal score; an arrow from the border shows w.

    Parameters
    ----------
    axis : matplotlib axes
    w : array, shape (2,)
        Not both 0.
    b : float
    limits : pair of float
        Of both axes.
    levels : sequence of float
        The scores whose lines are drawn and labeled, besides 0.

    Raises
    ------
    ShapeError
        When ``w`` does not have two entries.
    ValueError
        When both weights are 0: then there is no border.
    """
    w = np.asarray(w, dtype=float)
    if w.shape != (2,):
        raise ShapeError(f"half_plane: w has shape {w.shape}, expected (2,); a row of W?")
    if not w.any():
        raise ValueError("half_plane: w is (0, 0), expected a weight that is not 0; no border")
    side = np.linspace(*limits, 101)
    z = w[0] * side + w[1] * side[:, np.newaxis] + b  # (101, 101), rows along x2
    axis.contourf(side, side, z, levels=[-np.inf, 0, np.inf], colors=[BLUE, ORANGE], alpha=0.2)
    axis.contour(side, side, z, levels=[0], colors="black", linewidths=1.6)
    others = axis.contour(
        side, side, z, levels=sorted(levels), colors="0.35", linewidths=0.9, linestyles="dashed"
    )
    axis.clabel(others, fmt=lambda level: f"z = {level:g}", fontsize=8)
    foot = -b * w / (w @ w)
    arrow(axis, foot, w, "w", color="black")
    axis.plot(*foot, "o", color="black", markersize=4)
    axis.grid(False)
    axis.set(xlim=limits, ylim=limits, xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def bent_plane(axis, transform, X, y, *, score=None, lines=13):
    """Draw planar points and the grid around them after a map of the plane.

    Parameters
    ----------
    axis : matplotlib axes
    transform : callable
        Takes points (M, 2), returns points (M, 2): what the grid and the points go through.
    X : array, shape (N, 2)
        Points before the map.
    y : array of {0, 1}, shape (N,) or (N, 1)
    score : callable, optional
        Takes points (M, 2) before the map, returns scores (M,) or (M, 1). Where they are zero is
        drawn as a black line.
    lines : int
        Grid lines in each direction.
    """
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.15 * (high - low)
    fine = np.linspace(low - margin, high + margin, 201)  # (201, 2)
    grid = np.stack(np.meshgrid(*fine.T), axis=-1)  # (201, 201, 2)
    bent = transform(grid.reshape(-1, 2)).reshape(grid.shape)
    every = np.linspace(0, 200, lines).astype(int)
    for line in (*bent[every], *bent[:, every].swapaxes(0, 1)):
        axis.plot(*line.T, color="gray", linewidth=0.6, alpha=0.7)
    if score is not None:
        z = score(grid.reshape(-1, 2)).reshape(201, 201)
        axis.contour(*bent.transpose(2, 0, 1), z, levels=[0], colors="black", linewidths=2)
    axis.grid(False)
    points(axis, transform(X), y)


def curves(axis, series, *, xlabel, ylabel):
    """Draw one labeled line a series, told apart by dashes as well as color.

    Parameters
    ----------
    axis : matplotlib axes
    series : dict of str to sequence of float
    xlabel, ylabel : str
    """
    for (label, values), dashes in zip(series.items(), ["-", "--", ":", "-."] * 5, strict=False):
        axis.plot(values, dashes, label=label)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    if len(series) > 1:
        axis.legend()


def segments(shapes):
    """Draw a parameter vector as numbered cells, with the array that each run of cells belongs to.

    Parameters
    ----------
    shapes : dict of str to tuple of int
    """
    _, axis = plt.subplots(figsize=(7.2, 1.7))
    start = 0
    for k, (name, shape) in enumerate(shapes.items()):
        cells = np.arange(start, start + int(np.prod(shape)))
        color, hatch = ((BLUE, ""), (ORANGE, "///"))[k % 2]
        axis.bar(
            cells, 1, width=0.94, color=color, alpha=0.25, hatch=hatch, edgecolor=color, linewidth=0
        )
        for place in cells:
            axis.text(place, 0.5, str(place), ha="center", va="center", fontsize=8)
        axis.text(cells.mean(), 1.15, f"{name}\n{shape}", ha="center", fontsize=9)
        start = cells[-1] + 1
    axis.set_axis_off()
    axis.set_ylim(0, 1.8)


def step_errors(axis, steps, laws):
    """Draw errors of a numerical derivative against its step, as dots, with the predicted lines.

    Parameters
    ----------
    axis : matplotlib axes
    steps : array, shape (S,)
    laws : dict of str to (measured or None, predicted)
        Each of shape (S,).
    """
    looks = [("^", ORANGE, "--"), ("o", BLUE, "-."), ("", "gray", ":")]
    for (label, (measured, predicted)), (marker, color, dashes) in zip(
        laws.items(), looks, strict=False
    ):
        if measured is not None:
            axis.plot(steps, measured, marker, color=color, markersize=3.5, label=label)
            label = f"truncation, {label}"
        axis.plot(steps, predicted, dashes, color=color, linewidth=1.4, label=label)
    axis.set(xscale="log", yscale="log", xlabel="step ε", ylabel="error", ylim=(1e-14, 10))
    axis.legend(fontsize=8, ncols=2, loc="upper center")


def difference_table(table, *, columns):
    """Draw relative differences as shaded cells, a row a backward pass, a column an array.

    Parameters
    ----------
    table : dict of str to dict of str to float
    columns : sequence of str
        Short names of the arrays.
    """
    r = np.array([list(row.values()) for row in table.values()])
    _, axis = plt.subplots(figsize=(5.2, 3.2))
    axis.imshow(r > 1e-6, cmap=DIVERGING, vmin=-2.2, vmax=2.2, aspect="auto")
    for (i, j), value in np.ndenumerate(r):
        text = f"{value:.2f}" if value > 1e-6 else "right"
        axis.text(j, i, text, ha="center", va="center", color="black" if value > 1e-6 else "gray")
    axis.set_xticks(range(len(columns)), columns)
    axis.set_yticks(range(len(table)), table)
    axis.xaxis.tick_top()
    axis.grid(False)
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)


def graph(axis, places, edges, labels, *, marked=()):
    """Draw a computational graph: a box a node, an arrow from each node to those that read it.

    Parameters
    ----------
    axis : matplotlib axes
    places : dict of str to (x, y)
        Where each node stands; y grows downward.
    edges : sequence of (str, str)
        From the node that is read to the one that reads it.
    labels : dict of str to str
        What stands in each box.
    marked : collection of str
        Nodes with a thicker frame.
    """
    for node, text in labels.items():
        edge = {"edgecolor": ORANGE, "linewidth": 2.2} if node in marked else {"edgecolor": "gray"}
        frame = {"boxstyle": "round,pad=0.35", "facecolor": "white", "linewidth": 1} | edge
        axis.text(*places[node], text, bbox=frame, ha="center", va="center", fontsize=9, zorder=3)
    for start, end in edges:
        arrow = {"arrowstyle": "-|>", "color": "gray", "shrinkA": 20, "shrinkB": 24}
        axis.annotate("", places[end], places[start], arrowprops=arrow)
    x, y = np.array(list(places.values())).T
    axis.set(xlim=(x.min() - 0.5, x.max() + 0.5), ylim=(y.max() + 0.5, y.min() - 0.5))
    axis.set_axis_off()


def matrix(axis, M, title="", *, scale=False):
    """Draw a matrix as an image: orange for entries above zero, blue below, white at zero.

    Parameters
    ----------
    axis : matplotlib axes
    M : array, shape (rows, columns)
    title : str, optional
    scale : bool
        Whether a bar beside it says which color is which number.
    """
    limit = np.abs(M).max()
    picture = axis.imshow(M, cmap=DIVERGING, vmin=-limit, vmax=limit)
    if scale:
        axis.figure.colorbar(picture, ax=axis, shrink=0.8)
    axis.set_title(title)
    axis.grid(False)
    axis.set(xticks=[], yticks=[])


def arrow(axis, tail, vector, text="", *, color=BLUE, place=(2, 5)):
    """Draw a vector in the plane.

    Parameters
    ----------
    axis : matplotlib axes
    tail, vector : pair of float
    text : str, optional
        Stands at the head.
    color : str
    place : pair of float
        Of the text, in points from the head.
    """
    head = np.add(tail, vector)
    style = {"arrowstyle": "->", "color": color, "linewidth": 2}
    axis.annotate("", head, tail, arrowprops=style)
    axis.annotate(text, head, place, textcoords="offset points", color=color)


def chain(axis, layers, *, forward, backward, gradients):
    """Draw layers in a row: what goes forward above them, the signals that come back below.

    Parameters
    ----------
    axis : matplotlib axes
    layers : sequence of str
        The names in the boxes.
    forward, backward : sequence of str
        What each arrow carries, from the left; one more than there are layers.
    gradients : dict of int to str
        What comes out of a layer's parameters, by the layer's number from 0.
    """
    box = {"boxstyle": "round,pad=0.5", "facecolor": "white", "edgecolor": "black"}
    for i, name in enumerate(layers):
        axis.text(i, 0, name, ha="center", va="center", bbox=box)
    for i, (there, back) in enumerate(zip(forward, backward, strict=True)):
        arrow(axis, (i - 0.66, 0.14), (0.32, 0), color=BLUE)
        arrow(axis, (i - 0.34, -0.14), (-0.32, 0), color=ORANGE)
        axis.text(i - 0.5, 0.28, there, color=BLUE, ha="center")
        axis.text(i - 0.5, -0.48, back, color=ORANGE, ha="center")
    for i, name in gradients.items():
        arrow(axis, (i, -0.34), (0, -0.51), color=ORANGE)
        axis.text(i, -1.1, name, color=ORANGE, ha="center")
    axis.set(xlim=(-0.9, len(layers) - 0.1), ylim=(-1.2, 0.6))
    axis.set_axis_off()


def band(axis, mean, deviation):
    """Draw a mean with the band of one deviation on either side.

    Parameters
    ----------
    axis : matplotlib axes
    mean, deviation : array, shape (T,)
    """
    t = np.arange(len(mean))
    axis.fill_between(t, mean - deviation, mean + deviation, color=BLUE, alpha=0.2, linewidth=0)
    axis.plot(t, mean, color=BLUE)


def shared_cells(panels, shape, *, xlabel, ylabel):
    """Draw grids side by side, with the cells shaded and hatched that belong together.

    Parameters
    ----------
    panels : dict of str to callable
        ``(row, column) -> bool``: whether the cell is marked.
    shape : (int, int)
        Rows and columns.
    xlabel, ylabel : str
    """
    _, axes = plt.subplots(1, len(panels), figsize=(7.2, 2.0), sharey=True, squeeze=False)
    for axis, (title, marked) in zip(axes[0], panels.items(), strict=True):
        for row, column in np.ndindex(shape):
            look = {"color": ORANGE, "hatch": "///"} if marked(row, column) else {"color": "gray"}
            axis.add_patch(
                plt.Rectangle(
                    (column, row), 0.9, 0.9, alpha=0.6 if "hatch" in look else 0.2, **look
                )
            )
        axis.set(title=title, xlim=(0, shape[1]), ylim=(shape[0], 0), aspect="equal", xlabel=xlabel)
        axis.set(xticks=[], yticks=[])
        axis.grid(False)
        axis.spines[:].set_visible(False)
    axes[0, 0].set_ylabel(ylabel)


def descent(axis, cost, paths, *, xlim, ylim, levels=12):
    """Draw paths of descent over the contour lines of a cost of two parameters.

    Parameters
    ----------
    axis : matplotlib axes
    cost : callable
        Takes points (M, 2), returns their costs (M,).
    paths : dict of str to array, shape (T, 2)
        The points of each path; the first one is its start.
    xlim, ylim : pair of float
        What is shown; paths may leave it.
    levels : int
        Contour lines, closer together near the lowest point.
    """
    sides = [np.linspace(*limits, 120) for limits in (xlim, ylim)]
    grid = np.stack(np.meshgrid(*sides), axis=-1)  # (120, 120, 2)
    heights = cost(grid.reshape(-1, 2)).reshape(120, 120)
    low, high = heights.min(), heights.max()
    steps = low + (high - low) * np.linspace(0, 1, levels + 1)[1:] ** 2
    axis.contour(*sides, heights, levels=steps, colors="gray", linewidths=0.6, alpha=0.8)
    looks = zip(["o-", "^--", "s:", "D-."], COLORS, strict=False)
    for (label, path), (dashes, color) in zip(paths.items(), looks, strict=False):
        axis.plot(*path.T, dashes, color=color, markersize=3, linewidth=1.2, label=label)
        axis.plot(*path[0], "o", color="black", markersize=5)
    axis.set(xlim=xlim, ylim=ylim, xlabel="$θ_1$", ylabel="$θ_2$")
    axis.grid(False)
    if len(paths) > 1:
        axis.legend()


def strips(axis, runs, marks=None, *, xlabel):
    """Draw every run as a dot, a row for each case, with a bar at the row's mean.

    Parameters
    ----------
    axis : matplotlib axes
    runs : dict of str to sequence of float
        The runs of each case; the first case is on top.
    marks : dict of str to float, optional
        One number a case to point out, as a cross.
    xlabel : str
    """
    for row, values in enumerate(runs.values()):
        heights = row + 0.5 * ((np.arange(len(values)) * 0.618) % 1 - 0.5)  # equal runs stay apart
        axis.plot(values, heights, "o", color=BLUE, alpha=0.55, markersize=5)
        axis.plot([np.mean(values)] * 2, [row - 0.36, row + 0.36], color="gray", linewidth=2)
    for name, value in (marks or {}).items():
        axis.plot(value, list(runs).index(name), "x", color=ORANGE, markersize=9, markeredgewidth=2)
    axis.set_yticks(range(len(runs)), runs)
    axis.set(xlabel=xlabel, ylim=(len(runs) - 0.5, -0.5))
    axis.grid(False, axis="y")


def numbers(axis, M, title="", *, windows=(), dropped=None, marked=None, spec="g"):
    """Draw a matrix as a grid of its numbers, with windows framed and some cells set off.

    Parameters
    ----------
    axis : matplotlib axes
    M : array, shape (rows, columns)
    title : str, optional
    windows : sequence of (row, column, height, width)
        Framed in turn with a full and a dashed line.
    dropped : array of bool, shape (rows, columns), optional
        Cells that are gray and hatched.
    marked : array of bool, shape (rows, columns), optional
        Cells that are shaded, with their numbers in bold.
    spec : str
        Format of the numbers.
    """
    rows, columns = M.shape
    for (i, j), value in np.ndenumerate(M):
        look = "plain" if marked is None or not marked[i, j] else "marked"
        look = look if dropped is None or not dropped[i, j] else "framed"
        cell(axis, j, i, format(value, spec), look, size=plt.rcParams["font.size"])
    for k, (i, j, height, width) in enumerate(windows):
        frame(axis, j, i, width, height, k % 2)
    axis.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal", title=title)
    axis.set(xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    axis.grid(False)
