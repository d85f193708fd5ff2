"""Small data sets: points in the plane, and images of digits.

Planar sets return ``X`` (N, 2) of float64 and labels ``y`` (N,) in {0, 1}. Every draw comes from
the ``rng`` that is passed in.
"""

import gzip
import zlib
from pathlib import Path

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


def spirals(rng, n=300, noise=0.1, turns=1.5):
    """Two interleaved spirals, from the center out to radius 1 (or a little more, with noise).

    Source: Lang and Witbrock (1988), the two-spirals problem, with random points.

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all, half of each class.
    noise : float
        Standard deviation of the noise on the points, as a share of the distance between
        neighboring arms.
    turns : float
        How often each spiral goes around.

    Returns
    -------
    X : array, shape (n, 2)
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    """
    require_rng("spirals", rng)
    y = np.arange(n) % 2
    r = np.sqrt(rng.random(n))  # (n,): evenly spread along the arms
    angle = 2 * np.pi * turns * r + np.pi * y  # (n,)
    X = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)  # (n, 2)
    return X + noise / (2 * turns) * rng.standard_normal((n, 2)), y


def noisy_boundary(rng, n=411, flip=0.15):
    """Points of a square above (1) or below (0) a wave, with some labels flipped.

    The boundary is x1 = sin(2 x0) / 2. Nobody can be right about more than the share 1 - ``flip``
    of new points, so what a network scores beyond that on its training set is overfitting.

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all. The book trains on the first 211 and tests on the other 200.
    flip : float
        The probability that a label is flipped, from 0 to 1.

    Returns
    -------
    X : array, shape (n, 2)
        In the square from -1 to 1.
    y : array of int, shape (n,)

    Raises
    ------
    TypeError
        When ``rng`` is not a generator.
    ValueError
        When ``flip`` is not a probability.
    """
    require_rng("noisy_boundary", rng)
    if not 0 <= flip <= 1:
        raise ValueError(f"noisy_boundary: flip is {flip}, expected a probability from 0 to 1")
    x0, x1 = rng.uniform(-1, 1, (2, n))
    above = x1 > 0.5 * np.sin(2 * x0)
    flipped = rng.random(n) < flip
    return np.stack([x0, x1], axis=1), (above ^ flipped).astype(int)


def digits(classes=None, *, size=8):
    """Handwritten digits, 8 by 8 pixels, grey values 0 to 16 (scikit-learn's ``load_digits``).

    Parameters
    ----------
    classes : sequence of int, optional
        Keep only these digits.
    size : int
        8, or 32 for LeNet-5: every pixel becomes a square of 3 by 3, and a margin of 4 goes
        around, so that a stroke's end can lie in the middle of every receptive field.

    Returns
    -------
    images : array of float64, shape (N, 1, size, size)
        0 is background, 16 full ink.
    labels : array of int, shape (N,)
        The digit.

    Raises
    ------
    ValueError
        When a class is not a digit from 0 to 9, or there is no such size.
    """
    if size not in (8, 32):
        raise ValueError(f"digits: size is {size}, expected 8 or 32")
    bunch = sklearn_datasets.load_digits()
    images, labels = bunch.images[:, np.newaxis], bunch.target
    if size == 32:
        images = images.repeat(3, axis=2).repeat(3, axis=3)  # (N, 1, 24, 24)
        images = np.pad(images, ((0, 0), (0, 0), (4, 4), (4, 4)))  # (N, 1, 32, 32)
    if classes is None:
        return images, labels
    if unknown := set(classes) - set(range(10)):
        raise ValueError(f"digits: classes has {sorted(unknown)}, expected digits from 0 to 9")
    keep = np.isin(labels, list(classes))
    return images[keep], labels[keep]


MNIST_URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
MNIST_FILES = {  # of each split: images, labels, and the sha256 that each file must have
    "test": {
        "t10k-images-idx3-ubyte.gz":
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz":
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
    "train": {
        "train-images-idx3-ubyte.gz":
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz":
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
}  # fmt: skip


def mnist(path=None, *, split="test"):
    """Handwritten digits, 28 by 28 pixels: 10,000 of the test split, 60,000 of the train split.

    The grey values are the files' own bytes, so layers refuse them until they are divided:
    ``images / 255``, or ``images / np.float32(255)``.

    Source: LeCun, Cortes and Burges (1998), the MNIST database.

    Parameters
    ----------
    path : str or Path, optional
        A folder with the files ``t10k-images-idx3-ubyte.gz`` and so on. Without it they are
        downloaded once (12 MB for both splits) into the user's cache, and their hashes checked.
    split : str
        ``"test"``, which is enough for the book's experiments, or ``"train"``.

    Returns
    -------
    images : array of uint8, shape (N, 1, 28, 28)
        0 is background, 255 full ink.
    labels : array of int, shape (N,)
        The digit.

    Raises
    ------
    ValueError
        When there is no such split, or a file is not what its name says.
    FileNotFoundError
        When the folder lacks a file.
    ConnectionError
        When a file can not be downloaded.
    """
    if split not in MNIST_FILES:
        raise ValueError(f'mnist: split is {split!r}, expected "test" or "train"')
    names = MNIST_FILES[split]
    if path is None:
        images, labels = (_read_idx(_download(name, names)) for name in names)
    else:
        images, labels = (_read_idx(Path(path).expanduser() / name) for name in names)
    if images.shape != (len(labels), 28, 28):
        raise ValueError(
            f"mnist: images have shape {images.shape} and labels {labels.shape}, expected "
            "(N, 28, 28) and (N,); are the files those of another data set?"
        )
    return images[:, np.newaxis], labels.astype(int)


def _download(name, names):
    """Return the path of an MNIST file in the user's cache; download it the first time."""
    try:
        import pooch
    except ImportError as error:
        error.add_note("mnist downloads with pooch: pip install pooch; or pass mnist(path=FOLDER)")
        raise
    try:
        file = pooch.retrieve(
            MNIST_URL + name, f"sha256:{names[name]}", fname=name, path=pooch.os_cache("dlcore")
        )
    except OSError as error:
        raise ConnectionError(
            f"mnist: can not download {MNIST_URL}{name}; without a network, put "
            f"{' and '.join(names)} into a folder, and pass mnist(path=FOLDER)"
        ) from error
    return Path(file)


def _read_idx(path):
    """Read a gzipped IDX file of bytes: 0, 0, 8, number of axes, the size of each, the entries."""
    if not path.exists():
        raise FileNotFoundError(f"mnist: there is no {path}; mnist() without path downloads it")
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"mnist: {path} is no gzip file, or a damaged one") from error
    axes = content[3] if content[:3] == b"\x00\x00\x08" else 0
    shape = np.frombuffer(content[4 : 4 + 4 * axes], ">i4")
    entries = np.frombuffer(content[4 + 4 * axes :], np.uint8)
    if axes == 0 or entries.size != np.prod(shape):
        raise ValueError(f"mnist: {path} is no IDX file of bytes, or a damaged one")
    return entries.reshape(shape).copy()  # what frombuffer returns is read-only
