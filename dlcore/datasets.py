"""Small data sets: points in the plane, and images of digits.

Planar sets return ``X`` (N, 2) of float64 and labels ``y`` (N,) in {0, 1}. Every draw comes from
the ``rng`` that is passed in.
"""

import numpy as np
from sklearn import datasets as sklearn_datasets

from dlcore.errors import require_rng


def _random_state(rng):
    """Return what scikit-learn takes: a RandomState on the stream of ``rng``."""
    return (
        rng if isinstance(rng, np.random.RandomState) else np.random.RandomState(rng.bit_generator)
    )


def circles(rng, n=300, noise=0.05):
    """Two noisy circles, one inside the other (scikit-learn's ``make_circles``).

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all.
    noise : float
        Standard deviation of the noise; the outer circle has radius 1.

    Returns
    -------
    X : array, shape (n, 2)
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    """
    require_rng("circles", rng)
    return sklearn_datasets.make_circles(n, noise=noise, random_state=_random_state(rng))


def moons(rng, n=300, noise=0.2):
    """Two interleaved half circles (scikit-learn's ``make_moons``).

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all.
    noise : float
        Standard deviation of the noise; the half circles have radius 1.

    Returns
    -------
    X : array, shape (n, 2)
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    """
    require_rng("moons", rng)
    return sklearn_datasets.make_moons(n, noise=noise, random_state=_random_state(rng))


def planar_flower(rng, n=400, noise=0.2):
    """A rose with eight petals, r = 4 sin(4 t): class 0 in its first half turn, 1 in its second.

    Petals of the two classes lie between each other, so no line separates them.

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all, half of each class.
    noise : float
        Standard deviation of the noise on angle and radius; the petals reach out to 4.

    Returns
    -------
    X : array, shape (n, 2)
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    """
    require_rng("planar_flower", rng)
    y = np.arange(n) % 2
    t = np.pi * (y + rng.random(n)) + noise * rng.standard_normal(n)  # (n,)
    r = 4 * np.sin(4 * t) + noise * rng.standard_normal(n)  # (n,)
    return np.stack([r * np.cos(t), r * np.sin(t)], axis=1), y


def xor(rng, n=200, noise=0.25):
    """Four clouds at (±1, ±1): class 1 where the signs differ. No line separates them.

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all, as equal a number a cloud as possible.
    noise : float
        Standard deviation of a cloud. With 0 the points lie on the corners.

    Returns
    -------
    X : array, shape (n, 2)
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    """
    require_rng("xor", rng)
    corner = np.arange(n) % 4
    x0, x1 = 2 * (corner // 2) - 1, 2 * (corner % 2) - 1
    X = np.stack([x0, x1], axis=1) + noise * rng.standard_normal((n, 2))
    return X, (x0 != x1).astype(int)


def digits(classes=None):
    """Handwritten digits, 8 by 8 pixels, grey values 0 to 16 (scikit-learn's ``load_digits``).

    Parameters
    ----------
    classes : sequence of int, optional
        Keep only these digits.

    Returns
    -------
    images : array of float64, shape (N, 1, 8, 8)
        0 is background, 16 full ink.
    labels : array of int, shape (N,)
        The digit.

    Raises
    ------
    ValueError
        When a class is not a digit from 0 to 9.
    """
    bunch = sklearn_datasets.load_digits()
    images, labels = bunch.images[:, np.newaxis], bunch.target
    if classes is None:
        return images, labels
    if unknown := set(classes) - set(range(10)):
        raise ValueError(f"digits: classes has {sorted(unknown)}, expected digits from 0 to 9")
    keep = np.isin(labels, list(classes))
    return images[keep], labels[keep]
