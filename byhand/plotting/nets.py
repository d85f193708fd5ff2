"""A fully connected network as a graph of its units."""

import numpy as np

from byhand.plotting._canvas import BLUE, GRAY, INK, ORANGE, PALE, SHADE, canvas, points, write
from byhand.plotting._layers import in_a_row
from dlcore.errors import ShapeError, as_int, needs_extra
from dlcore.layers import Affine
from dlcore.network import Sequential
from dlcore.parameters import Parameters

with needs_extra("byhand.plotting", "book"):
    from matplotlib.patches import Circle


def network(layers, *, weights=None, names=None, units=None, most=6, axis=None):
    """Draw a fully connected network: a circle per unit, a line per weight.

    Of a large layer the first units and the last one are drawn, with dots between them. With
    ``weights`` a positive one is a full orange line and a negative one a dashed blue line, the
    wider the larger.

    Parameters
    ----------
    layers : sequence of int, or Sequential
        Units of each layer, the inputs first; or a network, whose affine layers count.
    weights : sequence of array, or Parameters, optional
        An array of shape (D_out, D_in) for each step from a layer to the next; or the parameters of
        the network.
    names : sequence of str, optional
        One for each layer, the inputs too. A network brings its own.
    units : sequence of (sequence of str or None), optional
        What stands in the units of each layer.
    most : int
        Circles of a layer, at least 3.
    axis : matplotlib axes, optional
        A new figure by default.

    Raises
    ------
    ShapeError
        When an array of weights does not fit its layers.
    TypeError, ValueError
        When there are fewer than two layers, a number of units is not a whole number, names, units
        or arrays are too many or too few, or the network has branches or no affine layers.
    """
    most = as_int("network", "most", most, ge=3)
    if isinstance(layers, Sequential):
        sizes, own, weights = _read(layers, weights)
        names = own if names is None else names
    else:
        sizes = [as_int("network", "layers", n, ge=1, kind="numbers of units") for n in layers]
    if len(sizes) < 2:
        raise ValueError(f"network: layers is {sizes}, expected the inputs and at least one layer")
    _require_count("names", names, len(sizes))
    _require_count("units", units, len(sizes))
    for layer, labels in enumerate(units or []):
        if labels is not None:
            _require_count(f"units[{layer}]", labels, sizes[layer])
    _require_count("weights", weights, len(sizes) - 1)
    for step, W in enumerate(weights or []):
        if np.shape(W) != (sizes[step + 1], sizes[step]):
            raise ShapeError(
                f"network: weights[{step}] has shape {np.shape(W)}, expected "
                f"{(sizes[step + 1], sizes[step])}, (D_out, D_in); transposed?"
            )

    shown = [_shown(n, most) for n in sizes]
    rows = max(len(places) + (len(places) < n) for places, n in zip(shown, sizes, strict=True))
    pitch, top = 2.1 if len(sizes) < 6 else 1.7, 0.55
    width, foot = pitch * (len(sizes) - 1) + 1.7, 0.75 if names is None else 1.15
    high = top + max(rows, 2) + foot
    axis, unit = canvas(axis, width, high, unit=0.62)
    letters = points(unit, 0.24)
    middle = top + max(rows, 2) / 2
    where = []
    for layer, (places, n) in enumerate(zip(shown, sizes, strict=True)):
        x = 0.85 + pitch * layer
        slots = len(places) + (len(places) < n)
        ys = [middle + slot - (slots - 1) / 2 for slot in range(slots)]
        if len(places) < n:
            gap = ys.pop(-2)
            for shift in (-0.2, 0, 0.2):
                axis.add_patch(Circle((x, gap + shift), 0.05, color=INK, label="dots"))
        where.append([(x, y) for y in ys])

    limit = max((np.abs(W).max() for W in weights or []), default=1) or 1
    for step in range(len(sizes) - 1):
        for (j, start), (i, end) in (
            (a, b)
            for a in zip(shown[step], where[step], strict=True)
            for b in zip(shown[step + 1], where[step + 1], strict=True)
        ):
            look = {"color": "0.55", "linewidth": 0.9}
            if weights is not None:
                share = weights[step][i, j] / limit
                color, dashes = (ORANGE, "-") if share >= 0 else (BLUE, (0, (3, 1.2)))
                look = {"color": color, "linestyle": dashes, "linewidth": 0.4 + 3.2 * abs(share)}
                look["alpha"] = 0.35 + 0.6 * abs(share)
            axis.plot(*zip(start, end, strict=True), zorder=1, label=f"{step}: {j} to {i}", **look)
    for layer, (places, circles) in enumerate(zip(shown, where, strict=True)):
        face = PALE if layer == 0 else SHADE if layer == len(sizes) - 1 else "white"
        for number, place in zip(places, circles, strict=True):
            axis.add_patch(
                Circle(place, 0.3, facecolor=face, edgecolor="0.2", linewidth=1.2, zorder=2,
                       label=f"unit {layer}.{number}")
            )  # fmt: skip
            if units is not None and units[layer] is not None:
                write(axis, *place, units[layer][number], letters)
        x, foot_y = circles[0][0], top + max(rows, 2) + 0.35
        write(axis, x, foot_y, f"{sizes[layer]:,}", letters + 1, weight="bold")
        if names is not None:
            write(axis, x, foot_y + 0.42, names[layer], letters, color=GRAY)


def _require_count(name, values, count):
    if values is not None and len(values) != count:
        hints = {
            "weights": "; an array from each layer to the next",
            "names": "; the inputs count too",
            "units": "; the inputs count too, and None leaves a layer without",
        }
        raise ValueError(
            f"network: {name} has {len(values)} entries, expected {count}{hints.get(name, '')}"
        )


def _shown(n, most):
    """Return the numbers of the units that are drawn; between the last two stand the dots."""
    return list(range(n)) if n <= most else [*range(most - 2), n - 1]


def _read(net, params):
    """Return the sizes, names and weights of a network's affine layers."""
    layers = in_a_row("network", net)
    affine = {name: layer for name, layer in layers.items() if isinstance(layer, Affine)}
    if not affine:
        raise TypeError(
            "network: the network has no affine layers, expected some; volumes draws convolutions"
        )
    sizes = [next(iter(affine.values())).d_in, *(layer.d_out for layer in affine.values())]
    if isinstance(params, Parameters):
        params = [params[f"{name}.W"] for name in affine]
    return sizes, ["input", *affine], params
