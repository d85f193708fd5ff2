"""The perceptron: a threshold on a weighted sum, and Rosenblatt's rule for its weights.

Labels are -1 and 1. There is no bias: give every example a last feature of 1, and the last weight
is the bias.
"""

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_float,
    as_int,
    require_examples,
    require_float,
    require_ndim,
    require_real,
)


def signed_distance(X, w, b=0.0):
    """Return how far each example lies from the line ``w x + b = 0``.

    Positive on the side to which ``w`` points.

    Equation: eq-distance

    Parameters
    ----------
    X : array of floats, shape (N, D)
    w : array of floats, shape (D,)
        Not all zero.
    b : float

    Returns
    -------
    array, shape (N,)

    Raises
    ------
    TypeError
        When X or w is not an array of floats, or b no number.
    ShapeError
        When the shapes do not fit.
    ValueError
        When w is zero, which has no line.
    """
    _require_fit("signed_distance", X, w)
    b = as_float("signed_distance", "b", b)
    length = np.sqrt((w * w).sum())
    if not length > 0:
        raise ValueError(
            f"signed_distance: w is {w}, expected an entry other than 0; a zero w has no line"
        )
    return (X @ w + b) / length


def perceptron_step(w, x, t):
    """Return the weights after one example: w + t x where t w x <= 0, else w.

    Equation: eq-perceptron

    Source: Rosenblatt (1958).

    Parameters
    ----------
    w : array of floats, shape (D,)
    x : array of floats, shape (D,)
    t : number in {-1, 1}

    Returns
    -------
    array, shape (D,)
        ``w`` itself where the example is right.

    Raises
    ------
    TypeError
        When w or x is not an array of floats.
    ShapeError
        When their shapes differ.
    ValueError
        When t is neither -1 nor 1.
    """
    require_float("perceptron_step", w=w, x=x)
    _require_fit("perceptron_step", x[np.newaxis] if x.ndim == 1 else x, w)
    if np.ndim(t) or isinstance(t, bool) or t not in (-1, 1):
        raise ValueError(f"perceptron_step: t is {t!r}, expected -1 or 1; a label of 0 means -1")
    return w + t * x if t * (w @ x) <= 0 else w


def learn(X, t, *, passes=1000):
    """Go through the examples in their order until a whole pass brings no mistake.

    Parameters
    ----------
    X : array of floats, shape (N, D)
    t : array of {-1, 1}, shape (N,)
    passes : int
        The most that are made; where no line separates the classes it would never end.

    Returns
    -------
    w : array, shape (D,)
        From zero.
    mistakes : int
        Steps that changed ``w``.

    Raises
    ------
    TypeError, ValueError, ShapeError
        When X is no array of floats, t does not fit it or holds other labels, or passes is no whole
        number of at least 1.
    """
    _require_labels("learn", X, t)
    passes = as_int("learn", "passes", passes, ge=1)
    w, mistakes = np.zeros_like(X[0]), 0
    for _ in range(passes):
        before = mistakes
        for x, label in zip(X, t, strict=True):
            moved = perceptron_step(w, x, int(label))
            mistakes += moved is not w
            w = moved
        if mistakes == before:
            break
    return w, mistakes


def mistake_bound(X, t, w):
    """Return (rho / gamma)**2, which the perceptron's mistakes never exceed.

    rho is the length of the longest example, and gamma the distance of the nearest one from the
    line ``w x = 0``.

    Equation: eq-perceptron-bound

    Source: Novikoff (1962).

    Parameters
    ----------
    X : array of floats, shape (N, D)
    t : array of {-1, 1}, shape (N,)
    w : array of floats, shape (D,)
        Any weights that separate the classes.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError, ShapeError
        When arguments do not fit, t holds other labels, or ``w`` does not separate the classes.
    """
    _require_labels("mistake_bound", X, t)
    gamma = float((t * signed_distance(X, w)).min())
    if not gamma > 0:
        raise ValueError(
            f"mistake_bound: the smallest margin is {gamma:g}, expected more than 0; w does not "
            "separate the classes"
        )
    return float((X * X).sum(axis=1).max()) / gamma**2


def _require_fit(function, X, w):
    require_float(function, X=X, w=w)
    require_ndim(function, "X", X, 2, "(N, D)", "one example is X[np.newaxis]")
    if w.shape != X.shape[1:]:
        raise ShapeError(
            f"{function}: w has shape {w.shape}, expected {X.shape[1:]}, a weight for each feature"
        )


def _require_labels(function, X, t):
    require_float(function, X=X)
    require_ndim(function, "X", X, 2, "(N, D)", "one example is X[np.newaxis]")
    require_examples(function, "X", X)
    require_real(function, t=t)
    if t.shape != X.shape[:1]:
        raise ShapeError(f"{function}: t has shape {t.shape}, expected {X.shape[:1]}")
    if not ((t == -1) | (t == 1)).all():
        raise ValueError(
            f"{function}: t ranges from {t.min()} to {t.max()}, expected only -1 and 1; labels of "
            "0 and 1 are 2 y - 1"
        )
