"""Small data sets: points in the plane, images of digits, measurements of cells.

Planar sets return ``X`` (N, 2) of float64 and labels ``y`` (N,) in {0, 1}; ``blobs`` has a label
for each cloud. Every draw comes from the ``rng`` that is passed in. What is said to be
scikit-learn's equals it to the last bit.
"""

import functools
import gzip
import math
import os
import struct
import zlib
from numbers import Integral
from pathlib import Path

import numpy as np

from dlcore.errors import as_float, as_int, needs_extra, require_rng

DATA = Path(__file__).parent / "data"


def _require_drawing(function, rng, n, **options):
    """Raise an error when ``n`` points cannot be drawn: each option is a number, from 0 on."""
    require_rng(function, rng)
    as_int(function, "n", n, ge=1)
    for name, value in options.items():
        as_float(function, name, value, ge=0, kind="a finite number")


def _random_state(rng):
    """Return a RandomState on the stream of ``rng``: its draws are those of scikit-learn."""
    return np.random.RandomState(rng.bit_generator) if isinstance(rng, np.random.Generator) else rng


def _shuffled(random, classes):
    """Return the points of all classes in random order, and the number of each point's class."""
    X = np.concatenate(classes)
    y = np.repeat(np.arange(len(classes)), [len(points) for points in classes])
    order = random.permutation(len(y))
    return X[order], y[order]


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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` not a number.
    ValueError
        When ``n`` is not positive, or ``noise`` is below zero or not finite.
    """
    _require_drawing("circles", rng, n, noise=noise)
    random = _random_state(rng)
    t, s = (np.linspace(0, 2 * np.pi, m, endpoint=False) for m in (n // 2, n - n // 2))
    outer = np.stack([np.cos(t), np.sin(t)], axis=1)
    inner = 0.8 * np.stack([np.cos(s), np.sin(s)], axis=1)
    X, y = _shuffled(random, [outer, inner])
    return X + random.normal(scale=noise, size=X.shape), y


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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` not a number.
    ValueError
        When ``n`` is not positive, or ``noise`` is below zero or not finite.
    """
    _require_drawing("moons", rng, n, noise=noise)
    random = _random_state(rng)
    t, s = (np.linspace(0, np.pi, m) for m in (n // 2, n - n // 2))
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    lower = np.stack([1 - np.cos(s), 1 - np.sin(s) - 0.5], axis=1)
    X, y = _shuffled(random, [upper, lower])
    return X + random.normal(scale=noise, size=X.shape), y


def blobs(rng, n=300, centers=3, noise=1.0):
    """Round clouds, one a class (scikit-learn's ``make_blobs``).

    Parameters
    ----------
    rng : Generator or RandomState
    n : int
        Points in all, as equal a number a cloud as possible.
    centers : int or array, shape (K, D)
        How many clouds, whose centers are drawn from the square from -10 to 10; or the centers
        themselves, in a space of any dimension.
    noise : float
        Standard deviation of a cloud, along each axis.

    Returns
    -------
    X : array, shape (n, D)
        D is 2 where the centers are drawn.
    y : array of int, shape (n,)
        The number of the cloud, from 0 to K - 1.

    Raises
    ------
    TypeError
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` not a number.
    ValueError
        When ``n`` is not positive, ``noise`` is below zero or not finite, or ``centers`` is
        neither a positive number nor an array of centers.
    """
    _require_drawing("blobs", rng, n, noise=noise)
    random = _random_state(rng)
    centers = _centers(random, centers)
    sizes = [len(range(cloud, n, len(centers))) for cloud in range(len(centers))]
    return _shuffled(
        random,
        [
            random.normal(center, noise, (size, len(center)))
            for center, size in zip(centers, sizes, strict=True)
        ],
    )


def _centers(random, centers):
    """Return the centers (K, D) of blobs, drawn where only their number is given."""
    if isinstance(centers, Integral) and not isinstance(centers, bool) and centers >= 1:
        return random.uniform(-10, 10, (centers, 2))
    try:
        points = np.array(centers, dtype=float)
    except (TypeError, ValueError):
        points = np.empty(0)
    if points.ndim != 2 or points.size == 0 or not np.isfinite(points).all():
        raise ValueError(
            f"blobs: centers is {centers!r}, expected a whole number >= 1, or an array (K, D) of "
            "finite numbers; one row a center?"
        )
    return points


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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` not a number.
    ValueError
        When ``n`` is not positive, or ``noise`` is below zero or not finite.
    """
    _require_drawing("planar_flower", rng, n, noise=noise)
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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` not a number.
    ValueError
        When ``n`` is not positive, or ``noise`` is below zero or not finite.
    """
    _require_drawing("xor", rng, n, noise=noise)
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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``noise`` or ``turns`` not a
        number.
    ValueError
        When ``n`` or ``turns`` is not positive, or ``noise`` is below zero or not finite.
    """
    _require_drawing("spirals", rng, n, noise=noise, turns=turns)
    if turns == 0:
        raise ValueError("spirals: turns is 0, expected > 0; without a turn the arms are lines")
    y = np.arange(n) % 2
    r = np.sqrt(rng.random(n))  # (n,): evenly spread along the arms
    angle = 2 * np.pi * turns * r + np.pi * y  # (n,)
    X = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)  # (n, 2)
    return X + float(noise) / (2 * turns) * rng.standard_normal((n, 2)), y


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
        When ``rng`` is not a generator, ``n`` not a whole number, or ``flip`` not a number.
    ValueError
        When ``n`` is not positive, or ``flip`` is not a probability.
    """
    _require_drawing("noisy_boundary", rng, n)
    if not 0 <= as_float("noisy_boundary", "flip", flip, kind="a probability") <= 1:
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
    TypeError
        When ``classes`` is one digit or a text, or ``size`` is not a whole number.
    ValueError
        When a class is not a digit from 0 to 9, or there is none, or there is no such size.
    """
    as_int("digits", "size", size)
    if size not in (8, 32):
        raise ValueError(f"digits: size is {size}, expected 8 or 32")
    wanted = range(10) if classes is None else _wanted_digits(classes)
    images, labels = _read_digits()
    kept = np.isin(labels, wanted)
    images, labels = images[kept], labels[kept]  # copies, which are the caller's own
    if size == 32:
        images = images.repeat(3, axis=2).repeat(3, axis=3)  # (N, 1, 24, 24)
        images = np.pad(images, ((0, 0), (0, 0), (4, 4), (4, 4)))  # (N, 1, 32, 32)
    return images, labels


def _wanted_digits(classes):
    """Return the classes as a list of digits."""
    try:
        wanted = None if isinstance(classes, str) else list(classes)
    except TypeError:
        wanted = None
    if wanted is None:
        raise TypeError(
            f"digits: classes is {classes!r}, expected a sequence of digits; classes=[3, 8]?"
        )
    unknown = [
        digit
        for digit in wanted
        if isinstance(digit, bool) or not isinstance(digit, Integral) or not 0 <= digit <= 9
    ]
    if unknown:
        raise ValueError(f"digits: classes has {unknown}, expected digits from 0 to 9")
    if not wanted:
        raise ValueError("digits: classes is empty, expected at least one digit; None keeps all")
    return wanted


@functools.cache
def _read_digits():
    """Return all images (1797, 1, 8, 8) and labels: each line has 64 pixels in base 17, a label."""
    words = (DATA / "digits.txt").read_bytes().split()
    pixels = np.frombuffer(b"".join(words[::2]), np.uint8)
    levels = np.frombuffer(b"0123456789abcdefg", np.uint8)
    images = levels.searchsorted(pixels).astype(float).reshape(-1, 1, 8, 8)
    return images, np.array(words[1::2]).astype(int)


# The columns of ``breast_cancer``: of each measurement of a cell nucleus the mean over the nuclei,
# the standard error of that mean, and the mean of the three largest.
BREAST_CANCER_FEATURES = tuple(
    form.format(measurement)
    for form in ("mean {}", "{} error", "worst {}")
    for measurement in (
        "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
        "concave points", "symmetry", "fractal dimension",
    )
)  # fmt: skip


def breast_cancer():
    """Cell nuclei of 569 breast masses, measured (scikit-learn's ``load_breast_cancer``).

    ``BREAST_CANCER_FEATURES`` names the columns. Their scales differ widely, from thousandths to
    thousands, so divide each by its standard deviation before training.

    Source: Street, Wolberg and Mangasarian (1993).

    Returns
    -------
    X : array, shape (569, 30)
    y : array of int, shape (569,)
        0 is malignant (212 masses), 1 is benign (357), as in scikit-learn.
    """
    X, y = _read_breast_cancer()
    return X.copy(), y.copy()


@functools.cache
def _read_breast_cancer():
    """Return X and y: below the names, each line has 30 numbers and the label."""
    table = np.loadtxt(DATA / "breast_cancer.csv", delimiter=",", skiprows=1)
    return table[:, :-1], table[:, -1].astype(int)


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
    NotADirectoryError
        When ``path`` is a file.
    TypeError
        When ``path`` is neither a text nor a Path.
    ConnectionError
        When a file cannot be downloaded.
    ModuleNotFoundError
        When there is no path, and pooch, which downloads, is not installed.
    """
    if split not in list(MNIST_FILES):
        raise ValueError(f'mnist: split is {split!r}, expected "test" or "train"')
    names = MNIST_FILES[split]
    if path is None:
        files = [_download(name, names) for name in names]
    else:
        files = [_find(_folder(path), name) for name in names]
    images, labels = _read_idx(files[0], axes=3), _read_idx(files[1], axes=1)
    if images.shape != (len(labels), 28, 28) or len(labels) == 0:
        raise ValueError(
            f"mnist: images have shape {images.shape} and labels {labels.shape}, expected "
            "(N, 28, 28) and (N,); are the files those of another data set?"
        )
    if labels.max() > 9:
        raise ValueError(
            f"mnist: {files[1]} has labels up to {labels.max()}, expected digits from 0 to 9; is "
            "the file that of another data set?"
        )
    return images[:, np.newaxis], labels.astype(int)


def _download(name, names):
    """Return the path of an MNIST file in the user's cache; download it the first time."""
    with needs_extra("mnist", "data", "or pass mnist(path=FOLDER)"):
        import pooch
    try:
        file = pooch.retrieve(
            MNIST_URL + name, f"sha256:{names[name]}", fname=name, path=pooch.os_cache("dlcore")
        )
    except OSError as error:
        raise ConnectionError(
            f"mnist: cannot download {MNIST_URL}{name}; without a network, put "
            f"{' and '.join(names)} into a folder, and pass mnist(path=FOLDER)"
        ) from error
    return Path(file)


def _folder(path):
    """Return the folder that a path names."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"mnist: path is {path!r}, expected a folder, as a text or a Path")
    folder = Path(path).expanduser()
    if folder.is_dir():
        return folder
    if folder.exists():
        raise NotADirectoryError(f"mnist: {folder} is a file, expected the folder that it lies in")
    hint = f'did you mean split="{path}"?' if path in MNIST_FILES else "is the path right?"
    raise FileNotFoundError(f"mnist: there is no folder {folder}; {hint}")


def _find(folder, name):
    """Return the path of a file in a folder; where it is missing, see what else lies there."""
    path = folder / name
    if path.is_file():
        return path
    plain = name.removesuffix(".gz")
    dotted = plain.replace("-idx", ".idx")
    hints = {
        plain: f"compress it: python -m gzip {plain}",
        f"{dotted}.gz": f"rename it to {name}",
        dotted: f"rename it to {plain}, and compress it: python -m gzip {plain}",
    }
    for other, hint in hints.items():
        if (folder / other).is_file():
            raise FileNotFoundError(f"mnist: there is no {path}, but there is {other}; {hint}")
    raise FileNotFoundError(f"mnist: there is no {path}; mnist() without path downloads it")


def _read_idx(path, axes):
    """Read a gzipped IDX file of bytes: 0, 0, 8, number of axes, the size of each, the entries."""
    content = _decompress(path)
    damaged = f"mnist: {path} is no IDX file of bytes, or a damaged one"
    if len(content) < 4 or content[:3] != b"\x00\x00\x08":
        raise ValueError(
            f"{damaged}; it starts with {content[:4].hex(' ') or 'nothing'}, expected "
            f"00 00 08 {axes:02x}"
        )
    found = content[3]
    size = start = 4 + 4 * found
    if len(content) >= start:
        shape = struct.unpack(f">{found}I", content[4:start])
        size += math.prod(shape)
    if len(content) != size:
        raise ValueError(
            f"{damaged}; it has {len(content)} bytes, but {size} by its header; was it cut off?"
        )
    if found != axes:
        expected = {1: "(N,)", 3: "(N, 28, 28)"}[axes]
        hint = {1: "the labels", 3: "the images"}.get(found, "another data set")
        raise ValueError(
            f"mnist: {path} has an array of shape {shape}, expected {expected}; does it hold "
            f"{hint} under a wrong name?"
        )
    entries = np.frombuffer(content, np.uint8, offset=start)
    return entries.reshape(shape).copy()  # what frombuffer returns is read-only


def _decompress(path):
    content = path.read_bytes()
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        hint = "was its download cut off?"
        if content.startswith(b"\x00\x00\x08"):
            hint = f"is it unzipped? remove .gz from its name, and: python -m gzip {path.stem}"
        elif content.lstrip().startswith(b"<"):
            hint = "is it a web page, saved under this name?"
        raise ValueError(f"mnist: {path} is no gzip file, or a damaged one; {hint}") from error
