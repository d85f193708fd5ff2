"""Augmentation: random changes of images that leave their label what it is.

Each takes a batch ``X`` (N, C, H, W) and a generator, changes every image on its own, and returns a
new batch. ``training.fit`` calls one on every minibatch when it is given as ``augment``; constants
are set with ``functools.partial(random_crop, size=28, padding=2)``.
"""

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_float,
    as_int,
    as_pair,
    require_float,
    require_ndim,
    require_rng,
)
from dlcore.precision import half_in_single


def _check(function, X, rng):
    require_float(function, X=X)
    require_ndim(function, "X", X, 4, "(N, C, H, W)", "an image alone is X[np.newaxis]")
    require_rng(function, rng)


def mirror(X, rng, *, probability=0.5):
    """Flip some of the images left to right.

    Source: Krizhevsky, Sutskever and Hinton (2012), section 4.1.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    rng : Generator or RandomState
    probability : float
        That an image is flipped; from 0 to 1.

    Returns
    -------
    array, the shape and dtype of ``X``

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats, ``rng`` no generator, or ``probability`` no number.
    ShapeError
        When ``X`` does not have four axes.
    ValueError
        When ``probability`` is not in [0, 1].
    """
    _check("mirror", X, rng)
    probability = as_float("mirror", "probability", probability, ge=0, le=1, kind="a probability")
    flipped = rng.random((len(X), 1, 1, 1)) < probability  # (N, 1, 1, 1)
    return np.where(flipped, X[:, :, :, ::-1], X)


def random_crop(X, rng, *, size, padding=0):
    """Cut a window out of each image, at a random place.

    Source: Krizhevsky, Sutskever and Hinton (2012), section 4.1.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    rng : Generator or RandomState
    size : int or pair of int
        Height and width of the window.
    padding : int
        Zeros added around each image first; with ``size`` as before, the image is shifted.

    Returns
    -------
    array, shape ``(N, C, *size)``

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats, ``rng`` no generator, or ``padding`` no whole number.
    ShapeError
        When ``X`` does not have four axes.
    ValueError
        When ``size`` is not an int or a pair, ``padding`` is negative, or the window does not fit.
    """
    _check("random_crop", X, rng)
    height, width = as_pair("random_crop", "size", size, ge=1)
    padding = as_int("random_crop", "padding", padding, ge=0)
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, _, H, W = X.shape
    if height > H or width > W:
        raise ValueError(
            f"random_crop: size is {(height, width)}, expected at most {(H, W)}, the images with "
            "their padding; more padding?"
        )
    top = (rng.random(N) * (H - height + 1)).astype(int)  # (N,)
    left = (rng.random(N) * (W - width + 1)).astype(int)  # (N,)
    windows = np.lib.stride_tricks.sliding_window_view(X, (height, width), axis=(2, 3))
    return windows[np.arange(N, like=X), :, top, left]  # (N, C, H', W', h, w) -> (N, C, h, w)


def color_shift(X, rng, *, sd=0.1):
    """Add a random constant to each channel of each image.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    rng : Generator or RandomState
    sd : float
        The standard deviation of the constants, in the units of ``X``; >= 0.

    Returns
    -------
    array, the shape and dtype of ``X``

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats, ``rng`` no generator, or ``sd`` no number.
    ShapeError
        When ``X`` does not have four axes.
    ValueError
        When ``sd`` is negative or not finite.
    """
    _check("color_shift", X, rng)
    sd = as_float("color_shift", "sd", sd, ge=0, kind="a standard deviation")
    shift = sd * rng.standard_normal((*X.shape[:2], 1, 1))  # (N, C, 1, 1)
    return X + shift.astype(X.dtype)


@half_in_single
def color_components(X):
    """Return the directions in which the colors of a data set vary, and how much.

    The principal components of its pixels, each a point in the space of the C channels.

    Equation: eq-reg-color-covariance, eq-deep-covariance

    Source: Krizhevsky, Sutskever and Hinton (2012), section 4.1.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
        The training set.

    Returns
    -------
    variances : array, shape (C,)
        The eigenvalues of the covariance of the channels, smallest first.
    directions : array, shape (C, C)
        Their eigenvectors: ``directions[:, i]`` belongs to ``variances[i]``.

    Raises
    ------
    TypeError
        When ``X`` is not an array of floats.
    ShapeError
        When ``X`` does not have four axes, or holds no pixel.
    """
    require_float("color_components", X=X)
    require_ndim("color_components", "X", X, 4, "(N, C, H, W)", "color images only")
    if X.size == 0:
        raise ShapeError(f"color_components: X has shape {X.shape}, expected at least one pixel")
    C = X.shape[1]
    pixels = X.swapaxes(0, 1).reshape(C, -1)  # (C, N H W)
    pixels = pixels - pixels.mean(axis=1, keepdims=True)
    covariance = pixels @ pixels.T / pixels.shape[1]  # (C, N H W) (N H W, C) -> (C, C)
    variances, directions = np.linalg.eigh(covariance)
    return variances, directions


def pca_color(X, rng, *, components, sd=0.1):
    """Shift each image's color along the directions in which the data set's colors vary.

    Every pixel of an image gets the same sum over i of alpha_i lambda_i p_i, with eigenvalues
    lambda, eigenvectors p, and one alpha a direction and image from N(0, sd²).

    Equation: eq-reg-pca-color, eq-deep-pca

    Source: Krizhevsky, Sutskever and Hinton (2012), section 4.1.

    Parameters
    ----------
    X : array of floats, shape (N, C, H, W)
    rng : Generator or RandomState
    components : tuple
        What ``color_components`` returned for the training set.
    sd : float
        The standard deviation of the alphas, >= 0; 0.1 in the paper.

    Returns
    -------
    array, the shape and dtype of ``X``

    Raises
    ------
    TypeError
        When ``X`` or a component is not an array of floats, ``rng`` no generator, or ``sd`` no
        number.
    ShapeError
        When ``X`` does not have four axes, or the components are not those of so many channels.
    ValueError
        When ``sd`` is negative or not finite.
    """
    _check("pca_color", X, rng)
    if not isinstance(components, tuple | list) or len(components) != 2:
        raise TypeError(
            f"pca_color: components is {components!r}, expected a pair (variances, directions); "
            "what color_components returned?"
        )
    variances, directions = components
    require_float("pca_color", variances=variances, directions=directions)
    N, C = X.shape[:2]
    if variances.shape != (C,) or directions.shape != (C, C):
        raise ShapeError(
            f"pca_color: X has {C} channels but the components shapes {variances.shape} and "
            f"{directions.shape}, expected {(C,)} and {(C, C)}; do they come from another data set?"
        )
    sd = as_float("pca_color", "sd", sd, ge=0, kind="a standard deviation")
    alpha = sd * rng.standard_normal((N, C))
    shift = (alpha * variances) @ directions.T  # (N, C) (C,) (C, C) -> (N, C)
    return X + shift.reshape(N, C, 1, 1).astype(X.dtype)
