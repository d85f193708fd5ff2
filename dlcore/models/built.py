"""Networks whose parameters are written down instead of learned: the proofs of chapter 08.

Each function returns a network *and* its parameters.
"""

import numpy as np

from dlcore.errors import as_int
from dlcore.layers import Affine, ReLU, Sigmoid
from dlcore.network import Layout, Parameters, Sequential


class _Affine(Affine):
    """An affine layer that may have no units, or read none: a single bump needs none."""

    def __post_init__(self):
        """Ask for no size: these weights are never drawn."""


def _built(layers, *arrays):
    """Return a network, and parameters that hold the weights and biases given in order."""
    names = [
        f"{name}.{key}"
        for name, layer in layers.items()
        if isinstance(layer, Affine)
        for key in ("W", "b")
    ]
    shapes = {name: array.shape for name, array in zip(names, arrays, strict=True)}
    theta = np.concatenate([array.ravel() for array in arrays])
    return Sequential(**layers), Parameters(theta, Layout(shapes))


def _heights(function, values):
    """Return the values as floats, in an array with at least one entry."""
    values = np.array(values, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"{function}: got heights of shape {values.shape}, expected (n,) with n of at least 1"
        )
    return values


def staircase(heights, steepness):
    """Return a network of sigmoid steps: n bumps side by side on [0, 1], each with its height.

    Equation: eq-ua-staircase

    Two neighbors share the step between them, so n bumps take n - 1 hidden units. The first bump
    has no left end and the last no right end.

    Parameters
    ----------
    heights : array, shape (n,)
        Of the bumps on [0, 1/n], [1/n, 2/n], ...
    steepness : float
        The weight w of every hidden unit.

    Returns
    -------
    net : Sequential
        One input, n - 1 sigmoid units, one score.
    params : Parameters

    Raises
    ------
    ValueError
        When there is no height.
    """
    heights = _heights("staircase", heights)
    n = len(heights)
    steps = np.arange(1, n) / n  # where one bump ends and the next begins
    layers = {"steps": _Affine(1, n - 1), "sigmoid": Sigmoid(), "out": _Affine(n - 1, 1)}
    return _built(
        layers,
        np.full((n - 1, 1), float(steepness)),  # (n - 1, 1)
        -steepness * steps,  # (n - 1,)
        np.diff(heights)[np.newaxis],  # (1, n - 1)
        heights[:1],  # (1,)
    )


def hats(values):
    """Return a network of ReLUs that runs straight from each value to the next on [0, 1].

    Equation: eq-ua-interpolant

    Parameters
    ----------
    values : array, shape (n,)
        At n knots, evenly spaced from 0 to 1; a single one makes a constant.

    Returns
    -------
    net : Sequential
        One input, n - 1 ReLU units, one score.
    params : Parameters

    Raises
    ------
    ValueError
        When there is no value.
    """
    values = _heights("hats", values)
    units = len(values) - 1
    knots = np.arange(units) / max(units, 1)  # all but the last, after which nothing changes
    slopes = np.diff(values) * units
    layers = {"kinks": _Affine(1, units), "relu": ReLU(), "out": _Affine(units, 1)}
    return _built(
        layers,
        np.ones((units, 1)),
        0.0 - knots,  # not -0.0
        np.diff(slopes, prepend=0.0)[np.newaxis],  # (1, n - 1), how much the slope changes
        values[:1],
    )


def towers(heights, steepness, sharpness):
    """Return a network of towers: one over each cell of a grid on the square, cube, ... [0, 1]^D.

    Equation: eq-ua-tower

    The first hidden layer makes steps along each input, the second has one unit a cell, which
    answers only where the bumps of all D inputs are up.

    Parameters
    ----------
    heights : array, shape (n,) * D
        Of the towers; the first axis is the first input.
    steepness : float
        The weight w of every unit of the first hidden layer.
    sharpness : float
        The weight v of every unit of the second.

    Returns
    -------
    net : Sequential
        D inputs, D (n - 1) and n^D sigmoid units, one score.
    params : Parameters

    Raises
    ------
    ValueError
        When the grid does not have as many cells along each axis.
    """
    heights = np.array(heights, dtype=float)
    n, D = len(heights), heights.ndim
    if set(heights.shape) != {n}:
        raise ValueError(f"towers: heights has shape {heights.shape}, expected (n,) * D, a cube")
    steps = np.arange(1, n) / n
    up = np.eye(n, n - 1, -1)  # bump j begins with step j - 1; the first needs none
    down = np.eye(n, n - 1)  # and ends with step j; the last does not
    bump, first = up - down, np.eye(n)[0]  # (n, n - 1), (n,): p_j = bump_j a + first_j
    cells = np.indices(heights.shape).reshape(D, -1)  # (D, n^D)
    layers = {
        "steps": _Affine(D, D * (n - 1)),
        "sigmoid1": Sigmoid(),
        "cells": _Affine(D * (n - 1), n**D),
        "sigmoid2": Sigmoid(),
        "out": Affine(n**D, 1),
    }
    return _built(
        layers,
        steepness * np.repeat(np.eye(D), n - 1, axis=0),  # (D (n - 1), D)
        np.tile(-steepness * steps, D),
        sharpness * np.concatenate([bump[cell] for cell in cells], axis=1),  # (n^D, D (n - 1))
        sharpness * (first[cells].sum(axis=0) - (D - 0.5)),
        heights.reshape(1, -1),
        np.zeros(1),
    )


def sawtooth(depth):
    """Return a ReLU network of this depth, two units per layer, that folds [0, 1] again and again.

    Equation: eq-ua-tent

    Parameters
    ----------
    depth : int
        Hidden layers; the output zigzags between 0 and 1 in ``2**depth`` straight pieces.

    Returns
    -------
    net : Sequential
    params : Parameters

    Raises
    ------
    ValueError
        When the depth is not positive.
    """
    if depth < 1:
        raise ValueError(f"sawtooth: depth is {depth}, expected at least one hidden layer")
    kinks, fold = np.array([0.0, -0.5]), np.array([[2.0, -4.0]])
    layers, arrays = {}, []
    for i in range(1, depth + 1):
        into = np.ones((2, 1)) if i == 1 else np.ones((2, 1)) @ fold  # (2, 1) or (2, 2)
        layers |= {f"fc{i}": Affine(into.shape[1], 2), f"relu{i}": ReLU()}
        arrays += [into, kinks]
    return _built(layers | {"out": Affine(2, 1)}, *arrays, fold, np.zeros(1))


def folds(inputs, depth):
    """Return a ReLU network that folds the square, cube, ... [0, 1]^D in every layer.

    Equation: eq-ua-regions-fold

    Parameters
    ----------
    inputs : int
        D; each has its own two units per layer.
    depth : int
        Hidden layers.

    Returns
    -------
    net : Sequential
        The sum of the zigzags of all inputs, each in ``2**depth`` straight pieces.
    params : Parameters

    Raises
    ------
    TypeError, ValueError
        When one of them is not a whole number of at least 1.
    """
    D = as_int("folds", "inputs", inputs, ge=1)
    depth = as_int("folds", "depth", depth, ge=1)
    one, params = sawtooth(depth)
    each = np.eye(D)
    layers, arrays = {}, []
    for i in range(1, depth + 1):
        W, b = params[f"fc{i}.W"], params[f"fc{i}.b"]
        layers |= {f"fc{i}": Affine(D * W.shape[1], 2 * D), f"relu{i}": one.layers[f"relu{i}"]}
        arrays += [np.kron(each, W), np.tile(b, D)]
    out = np.tile(params["out.W"], D)  # (1, 2D): the zigzags are added up
    return _built(layers | {"out": Affine(2 * D, 1)}, *arrays, out, np.zeros(1))


def random_steps(units, unit, rng):
    """Return a network with one hidden layer and start values for training it on [0, 1].

    Each unit steps, or kinks, at a random place of the interval and faces left or right. The usual
    initializers put every kink at 0, the interval's end.

    Parameters
    ----------
    units : int
    unit : str
        "sigmoid", with weights of 20 or -20, or "relu", with weights of 1 or -1.
    rng : Generator or RandomState

    Returns
    -------
    net : Sequential
    params : Parameters

    Raises
    ------
    ValueError
        When the unit is another one.
    """
    known = {"sigmoid": (Sigmoid(), 20.0), "relu": (ReLU(), 1.0)}
    if unit not in known:
        raise ValueError(f"random_steps: unit is {unit!r}, expected {' or '.join(known)}")
    activation, slope = known[unit]
    weights = slope * np.where(rng.random(units) < 0.5, -1.0, 1.0)
    places = rng.random(units)
    layers = {"steps": _Affine(1, units), unit: activation, "out": _Affine(units, 1)}
    return _built(
        layers,
        weights[:, np.newaxis],
        -weights * places,
        rng.standard_normal((1, units)) / max(units, 1) ** 0.5,
        np.zeros(1),
    )
