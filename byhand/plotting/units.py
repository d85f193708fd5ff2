"""Hidden units on planar data: the line of each, what it adds to the score, and the sum."""

import numpy as np

from byhand.plotting.charts import boundary
from byhand.plotting.look import DIVERGING
from dlcore.errors import ShapeError, needs_extra

with needs_extra("byhand.plotting", "book"):
    import matplotlib.pyplot as plt


def unit_lines(axis, W, b):
    """Draw each unit's line ``w · x + b = 0``, dashed, and keep the limits of the picture.

    A unit whose weights are all zero has no line.

    Parameters
    ----------
    axis : matplotlib axes
    W : array, shape (H, 2)
    b : array, shape (H,)

    Raises
    ------
    ShapeError
        When the weights are not those of units with two inputs, or the biases are too many or few.
    """
    if np.ndim(W) != 2 or np.shape(W) != (len(b), 2):
        raise ShapeError(
            f"unit_lines: W is {np.shape(W)} and b {np.shape(b)}, expected (H, 2) and (H,): a line "
            "needs two inputs"
        )
    limits = axis.get_xlim(), axis.get_ylim()
    for unit, (w, offset) in enumerate(zip(W, b, strict=True)):
        if np.any(w):
            foot = -offset * w / (w @ w)  # of the perpendicular from the origin
            start, end = foot, foot + np.array([-w[1], w[0]])
            axis.axline(start, end, color="0.15", ls="--", lw=1.1, label=f"unit {unit + 1}")
    axis.set(xlim=limits[0], ylim=limits[1])


def unit_shares(W1, b1, W2, b2, X, y, *, activation=np.tanh):
    """Draw the share of each hidden unit in the score of a planar network, and the sum of all.

    A panel for each unit shows ``W2[0, k] · activation(z_k)`` in color, orange above zero and blue
    below, with the unit's line. The last panel shows the points over the regions of the sum. All
    panels are drawn on a new figure.

    Parameters
    ----------
    W1 : array, shape (H, 2)
    b1 : array, shape (H,)
    W2 : array, shape (1, H)
    b2 : array, shape (1,)
    X : array, shape (N, 2)
    y : array of {0, 1}, shape (N,) or (N, 1)
    activation : callable

    Raises
    ------
    ShapeError
        When the network has not two inputs and one output.
    """
    units = len(b1)
    if np.shape(W1) != (units, 2) or np.shape(W2) != (1, units):
        raise ShapeError(
            f"unit_shares: W1 is {np.shape(W1)} and W2 {np.shape(W2)}, expected ({units}, 2) and "
            f"(1, {units}) for {units} hidden units, two inputs and one output"
        )
    rows = 1 if units < 4 else 2
    columns = -(-(units + 1) // rows)
    _, axes = plt.subplots(rows, columns, figsize=(min(9.0, 2.6 * columns), 2.5 * rows))
    axes = np.atleast_1d(axes).ravel()

    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.08 * (high - low)
    sides = np.linspace(low - margin, high + margin, 120)  # (120, 2)
    grid = np.stack(np.meshgrid(*sides.T), axis=-1)  # (120, 120, 2)
    shares = activation(grid @ np.transpose(W1) + b1) * W2[0]  # (120, 120, H)
    top = np.abs(W2).max() or 1.0
    extent = (*sides[[0, -1], 0], *sides[[0, -1], 1])
    for unit, axis in enumerate(axes[:units]):
        look = {"cmap": DIVERGING, "vmin": -top, "vmax": top, "alpha": 0.75}
        axis.imshow(shares[..., unit], origin="lower", extent=extent, **look)
        unit_lines(axis, W1[[unit]], b1[[unit]])
        axis.set(title=f"unit {unit + 1}, times {W2[0, unit]:.2g}", xticks=[], yticks=[])
        axis.grid(False)
    last = axes[units]
    boundary(last, lambda P: activation(P @ np.transpose(W1) + b1) @ W2[0] + b2[0], X, y)
    unit_lines(last, W1, b1)
    last.set(title="the sum of all", xlabel="", ylabel="", xticks=[], yticks=[])
    for axis in axes[units + 1 :]:
        axis.set_axis_off()
