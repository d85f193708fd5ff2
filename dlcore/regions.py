"""The pieces of the input on which a network of ReLUs is one affine map: how many, and which."""

import math

import numpy as np

from dlcore.errors import ShapeError, as_int
from dlcore.layers import Affine, ReLU
from dlcore.network import Sequential

TINY = 1e-12  # a line so near a corner, as a share of the polygon's size, does not cut it off


def max_regions(units, inputs):
    """Return into how many regions a layer of ReLUs can cut its input at most.

    Equation: eq-ua-regions, eq-ua-regions-step

    Parameters
    ----------
    units : int
        Of the layer; each contributes one hyperplane.
    inputs : int
        Dimensions of the input, at least 1.

    Returns
    -------
    int
        Reached by every layer whose hyperplanes are in general position.

    Raises
    ------
    TypeError, ValueError
        When one of them is not a whole number in its range.
    """
    units = as_int("max_regions", "units", units, ge=0)
    inputs = as_int("max_regions", "inputs", inputs, ge=1)
    return sum(math.comb(units, j) for j in range(inputs + 1))


def linear_regions(net, params, window):
    """Return the regions of a network of ReLUs on two inputs, inside a convex window.

    Equation: eq-ua-regions-window, eq-ua-regions-layers

    Layer by layer: inside a region every unit's score is an affine function, so its zeros are a
    straight line, and the line cuts the region in two where it meets it. A layer of m units
    cuts each region into ``max_regions(m, 2)`` at most.

    Parameters
    ----------
    net : Sequential
        ``Affine`` and ``ReLU`` layers, in any number; the first reads two inputs.
    params : Parameters
    window : array, shape (K, 2)
        The corners of a convex polygon, in order.

    Returns
    -------
    polygons : list of array, each of shape (k, 2)
        The corners of each region. They fill the window.
    patterns : array of bool, shape (number of regions, number of ReLUs)
        Which units are on in each of them. No two rows are alike.

    Raises
    ------
    TypeError
        When the network has another layer.
    ShapeError
        When the network reads no two inputs, or the window is not (K, 2) with at least three rows.
    """
    window = np.array(window, dtype=float)
    if window.ndim != 2 or window.shape[1] != 2 or len(window) < 3:
        raise ShapeError(
            f"linear_regions: window has shape {window.shape}, expected (K, 2), the corners of a "
            "polygon in order"
        )
    if not isinstance(net, Sequential):
        raise TypeError(f"linear_regions: net is a {type(net).__name__}, expected a Sequential")
    regions = [(window, np.eye(2), np.zeros(2), ())]  # corners, A, c, pattern: z = A x + c
    for name, layer in net.layers.items():
        if isinstance(layer, Affine):
            W, b = params[f"{name}.W"], params[f"{name}.b"]
            if W.shape[1] != len(regions[0][2]):
                raise ShapeError(
                    f"linear_regions: {name} reads {W.shape[1]} inputs, expected "
                    f"{len(regions[0][2])}; the first layer reads the plane"
                )
            regions = [(P, W @ A, W @ c + b, on) for P, A, c, on in regions]
        elif isinstance(layer, ReLU):
            regions = [piece for region in regions for piece in _rectified(*region)]
        else:
            raise TypeError(
                f"linear_regions: {name} is a {type(layer).__name__}, expected Affine or ReLU"
            )
    return [P for P, *_ in regions], np.array([on for *_, on in regions], dtype=bool)


def _rectified(polygon, A, c, before):
    """Yield the pieces of a region behind a layer of ReLUs."""
    pieces = [polygon]
    for row, offset in zip(A, c, strict=True):
        pieces = [part for piece in pieces for part in _cut(piece, row, offset)]
    for piece in pieces:
        on = A @ piece.mean(axis=0) + c > 0
        yield piece, A * on[:, np.newaxis], c * on, (*before, *on.tolist())


def _cut(polygon, row, offset):
    """Return a convex polygon's parts on the two sides of a line, or itself."""
    height = polygon @ row + offset
    size = np.abs(height).max()
    if height.min() >= -TINY * size or height.max() <= TINY * size:
        return [polygon]
    after, next_height = np.roll(polygon, -1, axis=0), np.roll(height, -1)
    sides = ([], [])
    for p, q, u, v in zip(polygon, after, height, next_height, strict=True):
        if u >= 0:
            sides[0].append(p)
        if u <= 0:
            sides[1].append(p)
        if u * v < 0:
            crossing = p + (q - p) * (u / (u - v))
            sides[0].append(crossing)
            sides[1].append(crossing)
    return [np.array(side) for side in sides]
