"""The plain activation functions, stable for every finite input."""

import numpy as np

from dlcore.errors import require_float


def sigmoid(z):
    """Squash ``z`` into (0, 1): 1 / (1 + exp(-z)).

    Written with ``exp(-|z|)``, which can not overflow: for z >= 0 it is the formula above; for
    z < 0 numerator and denominator are multiplied by exp(z).

    Equation: eq-sigmoid, eq-sigmoid-stable

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("sigmoid", z=z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z):
    """Squash ``z`` into (-1, 1).

    Equation: eq-tanh

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("tanh", z=z)
    return np.tanh(z)


def relu(z):
    """Keep the positive part of ``z``: max(z, 0).

    Equation: eq-relu

    Parameters
    ----------
    z : array of floats, any shape

    Returns
    -------
    array, the shape and dtype of ``z``

    Raises
    ------
    TypeError
        When ``z`` holds integers.
    """
    require_float("relu", z=z)
    return np.maximum(z, 0.0)
