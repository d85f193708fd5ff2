"""The data sets: shapes, classes, determinism, and agreement with their sources."""

import functools
import gzip
import hashlib
import http.server
import itertools
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets as sklearn_datasets

from dlcore import datasets
from dlcore.datasets import (
    blobs,
    breast_cancer,
    circles,
    digits,
    mnist,
    moons,
    noisy_boundary,
    planar_flower,
    spirals,
    xor,
)
from tests.require import require

try:
    import pooch
except ImportError:
    pooch = None

PLANAR = [circles, moons, planar_flower, spirals, xor]
DRAWN = [*PLANAR, noisy_boundary, blobs]


@pytest.mark.parametrize("make", PLANAR)
@given(n=st.integers(4, 50), seed=st.integers(0, 3))
def test_shapes_and_classes_of_any_size(make, n, seed):
    X, y = make(np.random.default_rng(seed), n)
    assert X.shape == (n, 2)
    assert X.dtype == np.float64
    assert y.shape == (n,)
    assert y.dtype.kind == "i"
    assert set(y) == {0, 1}
    assert abs(n - 2 * y.sum()) <= 1 + (make is xor)  # xor: as equal a number a cloud as possible


@pytest.mark.parametrize("make", DRAWN)
@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_the_generator_decides(make, generator):
    rng = generator(5)
    X, y = make(rng)
    again, y_again = make(generator(5))
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, y_again)
    assert not np.array_equal(X, make(generator(6))[0])
    assert not np.array_equal(X, make(rng)[0])  # the stream has moved on


@pytest.mark.parametrize("make", DRAWN)
def test_nothing_draws_from_the_global_state(make):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make(np.random.default_rng(0))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("make", DRAWN)
@pytest.mark.parametrize("rng", [0, None])
def test_a_bare_seed_is_refused(make, rng):
    with pytest.raises(TypeError, match=f"^{make.__name__}: rng is {rng}, expected a generator"):
        make(rng)


@pytest.mark.parametrize("make", DRAWN)
@pytest.mark.parametrize(
    ("n", "error", "message"),
    [
        (0, ValueError, "n is 0, expected a whole number >= 1"),
        (-3, ValueError, "n is -3, expected a whole number >= 1"),
        (300.0, TypeError, "n is 300.0, expected a whole number"),
        ("300", TypeError, "n is '300', expected a whole number"),
        (True, TypeError, "n is True, expected a whole number"),
        (None, TypeError, "n is None, expected a whole number"),
        ((100, 200), TypeError, r"n is \(100, 200\), expected a whole number"),
    ],
)
def test_a_number_of_points_that_is_none_is_refused(make, n, error, message):
    with pytest.raises(error, match=f"^{make.__name__}: {message}"):
        make(np.random.default_rng(0), n)


OPTIONS = [(make, "noise") for make in [*PLANAR, blobs]] + [(spirals, "turns")]


@pytest.mark.parametrize(("make", "option"), OPTIONS)
@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf"), -1])
def test_an_option_out_of_its_range_is_refused(make, option, value):
    with pytest.raises(ValueError, match=f"^{make.__name__}: {option} is {value}, expected .*>= 0"):
        make(np.random.default_rng(0), **{option: value})


@pytest.mark.parametrize(("make", "option"), [*OPTIONS, (noisy_boundary, "flip")])
@pytest.mark.parametrize("value", [None, "0.1", True, [0.1], 0.1j])
def test_an_option_that_is_no_number_is_refused(make, option, value):
    kind = "a probability" if option == "flip" else "a finite number"
    expected = f"^{make.__name__}: {option} is {re.escape(repr(value))}, expected {kind}"
    with pytest.raises(TypeError, match=expected):
        make(np.random.default_rng(0), **{option: value})


@pytest.mark.parametrize("make", DRAWN)
def test_numbers_of_numpy_are_numbers(make):
    option = "flip" if make is noisy_boundary else "noise"
    ours = make(np.random.default_rng(0), np.int32(20), **{option: np.float32(0.5)})
    np.testing.assert_array_equal(ours[0], make(np.random.default_rng(0), 20, **{option: 0.5})[0])


def test_spirals_need_a_turn():
    with pytest.raises(ValueError, match=r"^spirals: turns is 0, expected > 0"):
        spirals(np.random.default_rng(0), turns=0)


def generators(seed):
    """Return pairs of generators on the same stream: ours, and what scikit-learn takes of it."""
    yield np.random.RandomState(seed), np.random.RandomState(seed)
    for kind in (np.random.PCG64, np.random.MT19937):
        yield np.random.Generator(kind(seed)), np.random.RandomState(kind(seed))


CENTERS = [1, 2, 3, 7, [[0, 0]], [[-1.5, 2], [3, 4]], np.arange(12.0).reshape(4, 3)]


@pytest.mark.parametrize("noise", [0, 0.05, 0.2, 3.0, 1e-300, 1e300])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 99, 100, 300])
def test_moons_circles_and_blobs_are_those_of_scikit_learn_to_the_last_bit(n, noise):
    theirs = {
        moons: sklearn_datasets.make_moons,
        circles: sklearn_datasets.make_circles,
    } | {
        functools.partial(blobs, centers=centers): functools.partial(make_blobs, centers=centers)
        for centers in CENTERS
    }
    for ours, scikit_learn in theirs.items():
        for rng, random_state in itertools.chain(generators(0), generators(n)):
            X, y = ours(rng, n, noise=noise)
            expected, labels = scikit_learn(n, noise=noise, random_state=random_state)
            assert X.tobytes() == expected.tobytes()
            assert y.tobytes() == labels.tobytes()
            assert (X.shape, X.dtype) == (expected.shape, expected.dtype)
            assert (y.shape, y.dtype) == (labels.shape, labels.dtype)
            # Both have drawn as much. A RandomState keeps half of a pair of normal draws.
            if isinstance(rng, np.random.RandomState):
                assert rng.standard_normal() == random_state.standard_normal()
            assert rng.random() == random_state.random_sample()


def make_blobs(n, *, centers, noise, random_state):
    return sklearn_datasets.make_blobs(
        n, centers=centers, cluster_std=float(noise), random_state=random_state
    )


def test_blobs_lie_around_their_centers():
    X, y = blobs(np.random.default_rng(0), 3001, centers=[[0, 0, 5], [9, 9, 9]], noise=0.5)
    assert X.shape == (3001, 3)
    np.testing.assert_array_equal(np.bincount(y), [1501, 1500])
    np.testing.assert_allclose(X[y == 0].mean(axis=0), [0, 0, 5], atol=0.05)
    np.testing.assert_allclose(X[y == 1].std(axis=0), 0.5, atol=0.03)
    X, y = blobs(np.random.default_rng(0), 5, centers=2, noise=0)
    assert len(np.unique(X, axis=0)) == 2
    assert np.abs(X).max() <= 10


@pytest.mark.parametrize(
    "centers",
    [0, -1, 2.5, True, "3", None, [], [[]], [1, 2], [[1, 2], [3]], [[1, np.nan]], [["a", "b"]]],
    ids=repr,
)
def test_centers_that_are_none_are_refused(centers):
    message = rf"^blobs: centers is {re.escape(repr(centers))}, expected a whole number >= 1, or an"
    with pytest.raises(ValueError, match=message):
        blobs(np.random.default_rng(0), centers=centers)


def test_the_published_circles_and_moons():
    np.random.seed(1)  # noqa: NPY002, as the published code does
    X, y = sklearn_datasets.make_circles(300, noise=0.05)
    ours, labels = circles(np.random.RandomState(1), 300, 0.05)
    np.testing.assert_array_equal(ours, X)
    np.testing.assert_array_equal(labels, y)
    np.random.seed(3)  # noqa: NPY002
    X, y = sklearn_datasets.make_moons(300, noise=0.2)
    ours, labels = moons(np.random.RandomState(3), 300, 0.2)
    np.testing.assert_array_equal(ours, X)
    np.testing.assert_array_equal(labels, y)


def test_circles_without_noise_lie_on_two_circles():
    X, y = circles(np.random.default_rng(0), 100, noise=0)
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y == 0, 1.0, 0.8), rtol=1e-12)


def test_the_flower_without_noise_lies_on_the_rose():
    X, y = planar_flower(np.random.default_rng(0), 400, noise=0)
    angle, radius = np.arctan2(X[:, 1], X[:, 0]), np.hypot(*X.T)
    np.testing.assert_allclose(radius, np.abs(4 * np.sin(4 * angle)), atol=1e-12)
    assert radius.max() > 3.9
    # Eight petals of 45 degrees, each of one class, four of either.
    petal = np.floor(angle / (np.pi / 4)).astype(int) % 8
    classes = [set(y[petal == k]) for k in range(8)]
    assert all(len(found) == 1 for found in classes)
    ring = [found.pop() for found in classes]
    assert sum(ring) == 4


def test_xor_without_noise_lies_on_the_corners():
    X, y = xor(np.random.default_rng(0), 200, noise=0)
    assert {tuple(row) for row in X} == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)
    _, counts = np.unique(X, axis=0, return_counts=True)
    np.testing.assert_array_equal(counts, 50)


def test_all_digits():
    images, labels = digits()
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == np.float64
    assert (images.min(), images.max()) == (0, 16)
    np.testing.assert_array_equal(np.unique(labels), np.arange(10))


def test_the_digits_are_those_of_scikit_learn_to_the_last_bit():
    images, labels = digits()
    theirs = sklearn_datasets.load_digits()
    assert images.tobytes() == theirs.images.tobytes()
    assert labels.tobytes() == theirs.target.tobytes()
    assert labels.dtype == theirs.target.dtype


def test_the_measurements_of_cells_are_those_of_scikit_learn_to_the_last_bit():
    X, y = breast_cancer()
    theirs = sklearn_datasets.load_breast_cancer()
    assert X.tobytes() == theirs.data.tobytes()
    assert y.tobytes() == theirs.target.tobytes()
    assert (X.shape, X.dtype, y.dtype) == ((569, 30), np.float64, theirs.target.dtype)
    assert list(theirs.target_names) == ["malignant", "benign"]
    np.testing.assert_array_equal(np.bincount(y), [212, 357])
    assert list(theirs.feature_names) == list(datasets.BREAST_CANCER_FEATURES)
    header = (datasets.DATA / "breast_cancer.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.split(",") == [*datasets.BREAST_CANCER_FEATURES, "benign"]


@pytest.mark.parametrize(
    "load",
    [digits, functools.partial(digits, [3]), functools.partial(digits, size=32), breast_cancer],
)
def test_what_is_loaded_is_the_callers_own(load):
    expected = [array.copy() for array in load()]
    for array in load():
        array[...] = 7
    for array, before in zip(load(), expected, strict=True):
        np.testing.assert_array_equal(array, before)


def test_the_files_are_plain_text_and_name_their_licence():
    for name in ("digits.txt", "breast_cancer.csv"):
        content = (datasets.DATA / name).read_bytes()
        assert content.isascii()
        assert b"\r" not in content
        assert len(content) < 125_000
        assert f"`{name}`" in (datasets.DATA / "README.md").read_text(encoding="utf-8")


def test_the_files_are_read_with_any_line_ends(tmp_path, monkeypatch):
    """Git may give a checkout on Windows its own line ends."""
    for name in ("digits.txt", "breast_cancer.csv"):
        content = (datasets.DATA / name).read_bytes()
        (tmp_path / name).write_bytes(content.replace(b"\n", b"\r\n"))
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    for read in (datasets._read_digits, datasets._read_breast_cancer):
        for again, cached in zip(read.__wrapped__(), read(), strict=True):
            np.testing.assert_array_equal(again, cached)


def test_all_but_the_download_works_without_scikit_learn_and_pooch():
    code = f"""
import sys
sys.modules["sklearn"] = sys.modules["scipy"] = sys.modules["pooch"] = None
import numpy as np
from dlcore import datasets
for make in {[make.__name__ for make in DRAWN]}:
    getattr(datasets, make)(np.random.default_rng(0))
datasets.digits(), datasets.breast_cancer()
try:
    datasets.mnist()
except ModuleNotFoundError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == (
        "mnist: pooch is not installed; pip install dlcore[data], or pass mnist(path=FOLDER)\n"
    )


def test_some_digits():
    images, labels = digits(classes=(3, 8))
    assert set(labels) == {3, 8}
    everything, every_label = digits()
    np.testing.assert_array_equal(images, everything[(every_label == 3) | (every_label == 8)])
    assert len(images) == len(labels) == 183 + 174


def test_a_class_that_is_no_digit_is_refused():
    with pytest.raises(ValueError, match=r"^digits: classes has \[10\], expected digits from 0"):
        digits(classes=(1, 10))
    with pytest.raises(
        ValueError, match=r"^digits: classes has \['3', 4.5, None, True\], expected"
    ):
        digits(classes=["3", 4.5, None, True, 8])
    with pytest.raises(ValueError, match=r"^digits: classes is empty, expected at least one digit"):
        digits(classes=[])


@pytest.mark.parametrize("classes", [3, np.int64(3), 3.5, "38", np.array(3)], ids=repr)
def test_classes_that_are_no_sequence_are_refused(classes):
    message = rf"^digits: classes is {re.escape(repr(classes))}, expected a sequence of digits; "
    with pytest.raises(TypeError, match=message):
        digits(classes)


@pytest.mark.parametrize("make", [tuple, set, np.array, iter, dict.fromkeys])
def test_classes_of_any_kind_of_sequence(make):
    np.testing.assert_array_equal(digits(make([8, 3]))[1], digits([3, 8])[1])


def test_spirals_without_noise_lie_on_two_spirals():
    X, y = spirals(np.random.default_rng(0), 200, noise=0, turns=2)
    radius = np.hypot(*X.T)
    assert radius.max() <= 1
    angle = 2 * np.pi * 2 * radius + np.pi * y
    np.testing.assert_allclose(X, (radius * [np.cos(angle), np.sin(angle)]).T, atol=1e-12)
    np.testing.assert_allclose(np.mean(radius**2), 0.5, atol=0.1)  # evenly along the arms


def test_the_arms_of_the_spirals_stay_apart():
    X, y = spirals(np.random.default_rng(0), 300)
    distance = np.hypot(*(X[:, np.newaxis] - X).transpose(2, 0, 1))  # (n, n)
    np.fill_diagonal(distance, np.inf)
    far = np.hypot(*X.T) > 0.3  # in the center they meet
    assert np.mean(y[distance.argmin(axis=1)] == y, where=far) > 0.97


def test_the_published_noisy_boundary():
    rng = np.random.RandomState(0)  # as the tables were made
    x = rng.uniform(-1, 1, (2, 411))
    y = (x[1] > 0.5 * np.sin(2 * x[0])) ^ (rng.rand(411) < 0.15)
    X, labels = noisy_boundary(np.random.RandomState(0))
    np.testing.assert_array_equal(X, x.T)
    np.testing.assert_array_equal(labels, y)
    assert labels[:211].sum() == 106
    assert labels[211:].sum() == 98


def test_nobody_beats_the_noisy_boundary_by_more_than_its_noise():
    X, y = noisy_boundary(np.random.default_rng(0), 20_000)
    truth = X[:, 1] > 0.5 * np.sin(2 * X[:, 0])
    assert np.mean(truth == y) == pytest.approx(0.85, abs=0.01)
    X, y = noisy_boundary(np.random.default_rng(0), 100, flip=0)
    np.testing.assert_array_equal(y, X[:, 1] > 0.5 * np.sin(2 * X[:, 0]))


@pytest.mark.parametrize("flip", [-0.1, 1.5, float("nan")])
def test_a_flip_that_is_no_probability_is_refused(flip):
    with pytest.raises(ValueError, match=r"^noisy_boundary: flip is .*expected a probability"):
        noisy_boundary(np.random.default_rng(0), flip=flip)


def test_digits_for_lenet():
    small, labels = digits()
    large, same_labels = digits(size=32)
    assert large.shape == (1797, 1, 32, 32)
    assert large.dtype == np.float64
    np.testing.assert_array_equal(same_labels, labels)
    np.testing.assert_array_equal(large[:, :, 5:28:3, 5:28:3], small)  # the squares' centers
    assert large.sum() == 9 * small.sum()
    assert not large[:, :, :4].any()
    assert digits(classes=(1, 7), size=32)[0].shape == (182 + 179, 1, 32, 32)
    with pytest.raises(ValueError, match=r"^digits: size is 28, expected 8 or 32"):
        digits(size=28)
    with pytest.raises(TypeError, match=r"^digits: size is '32', expected a whole number"):
        digits(size="32")


def idx(array):
    """Return the bytes of a gzipped IDX file."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return zipped(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


def zipped(content):
    """Return gzip's bytes, the same at any time of day."""
    return gzip.compress(content, mtime=0)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with five images as both splits of MNIST."""
    images = np.arange(5 * 28 * 28).astype(np.uint8).reshape(5, 28, 28)
    folder = tmp_path / "mnist"
    folder.mkdir()
    for files in datasets.MNIST_FILES.values():
        for name, array in zip(files, (images, np.array([3, 1, 4, 1, 5], np.uint8)), strict=True):
            (folder / name).write_bytes(idx(array))
    return folder


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("kind", [str, Path])
def test_mnist_from_a_folder(folder, kind, split):
    images, labels = mnist(kind(folder), split=split)
    assert images.shape == (5, 1, 28, 28)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images.ravel(), np.arange(5 * 784) % 256)
    np.testing.assert_array_equal(labels, [3, 1, 4, 1, 5])
    assert labels.dtype.kind == "i"
    images[0] = 0  # they are the caller's own


def test_the_real_digits():
    if "MNIST" not in os.environ:
        pytest.skip("set MNIST to a folder with MNIST's files, to read the test split from there")
    images, labels = mnist(os.environ["MNIST"])
    assert images.shape == (10_000, 1, 28, 28)
    assert (images.min(), images.max()) == (0, 255)
    np.testing.assert_array_equal(labels[:10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    np.testing.assert_array_equal(
        np.bincount(labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>not found</html>", "is no gzip file, or a damaged one"),
        (idx(np.zeros((5, 28, 28), np.uint8))[:-20], "is no gzip file, or a damaged one"),
        (zipped(b"text"), "is no IDX file of bytes, or a damaged one"),
        (zipped(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1, 2])), "is no IDX file of bytes"),
        (
            idx(np.zeros((6, 28, 28), np.uint8)),
            r"images have shape \(6, 28, 28\) and labels \(5,\)",
        ),
        (idx(np.zeros((5, 8, 8), np.uint8)), r"images have shape \(5, 8, 8\)"),
    ],
    ids=["no-gzip", "cut-off", "no-idx", "too-short", "other-count", "other-size"],
)
def test_damaged_mnist_files_are_refused(folder, content, message):
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(ValueError, match=f"^mnist: .*{message}"):
        mnist(folder)


def test_a_folder_without_mnist_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"^mnist: there is no .*t10k-images.*downloads it"):
        mnist(tmp_path)
    with pytest.raises(ValueError, match=r'^mnist: split is 3, expected "test" or "train"'):
        mnist(tmp_path, split=3)
    with pytest.raises(ValueError, match=r"^mnist: split is \['test'\], expected"):
        mnist(tmp_path, split=["test"])


IMAGES, LABELS = datasets.MNIST_FILES["test"]


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        (IMAGES, b"<!DOCTYPE html>", "is it a web page, saved under this name?"),
        (IMAGES, b"", "it starts with nothing, expected 00 00 08 03"),
        (IMAGES, b"abc", "was its download cut off?"),
        (IMAGES, zipped(b"abc"), "it starts with 61 62 63, expected 00 00 08 03"),
        (
            IMAGES,
            gzip.decompress(idx(np.zeros((5, 28, 28), np.uint8))),
            r"is it unzipped\? remove .gz from its name, and: python -m gzip t10k-images-idx3",
        ),
        (
            IMAGES,
            zipped(bytes([0, 0, 8, 3]) + 3 * bytes([255, 255, 255, 251])),
            r"it has 16 bytes, but \d+ by its header; was it cut off\?",
        ),
        (
            IMAGES,
            idx(np.zeros(5, np.uint8)),
            r"shape \(5,\), expected \(N, 28, 28\); does it hold the labels under a wrong name\?",
        ),
        (
            LABELS,
            idx(np.zeros((5, 28, 28), np.uint8)),
            r"shape \(5, 28, 28\), expected \(N,\); does it hold the images under a wrong name\?",
        ),
        (
            LABELS,
            idx(np.zeros((5, 5), np.uint8)),
            "does it hold another data set under a wrong name",
        ),
        (LABELS, idx(np.full(5, 26, np.uint8)), "has labels up to 26, expected digits from 0 to 9"),
    ],
    ids=[
        "web page",
        "empty",
        "three bytes",
        "no header",
        "unzipped",
        "negative sizes",
        "labels as images",
        "images as labels",
        "two axes",
        "letters",
    ],
)
def test_the_error_names_the_file_and_the_likely_mistake(folder, name, content, hint):
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=rf"^mnist: {re.escape(str(folder / name))} .*{hint}"):
        mnist(folder)


def test_files_without_an_image_are_refused(folder):
    (folder / IMAGES).write_bytes(idx(np.zeros((0, 28, 28), np.uint8)))
    (folder / LABELS).write_bytes(idx(np.zeros(0, np.uint8)))
    with pytest.raises(
        ValueError, match=r"^mnist: images have shape \(0, 28, 28\) and labels \(0,"
    ):
        mnist(folder)


@pytest.mark.parametrize(
    ("other", "hint"),
    [
        ("t10k-images-idx3-ubyte", "compress it: python -m gzip t10k-images-idx3-ubyte"),
        ("t10k-images.idx3-ubyte.gz", "rename it to t10k-images-idx3-ubyte.gz"),
        (
            "t10k-images.idx3-ubyte",
            "rename it to t10k-images-idx3-ubyte, and compress it: python -m gzip t10k",
        ),
    ],
    ids=["unzipped", "dotted", "dotted and unzipped"],
)
def test_a_file_under_another_name_is_found_and_named(folder, other, hint):
    (folder / IMAGES).rename(folder / other)
    message = f"^mnist: there is no .*{IMAGES}, but there is {other}; {hint}"
    with pytest.raises(FileNotFoundError, match=message):
        mnist(folder)


def test_the_command_in_the_hint_makes_the_file(folder):
    (folder / "t10k-images-idx3-ubyte").write_bytes(gzip.decompress((folder / IMAGES).read_bytes()))
    expected = mnist(folder)[0]
    (folder / IMAGES).unlink()
    with pytest.raises(FileNotFoundError, match="python -m gzip") as caught:
        mnist(folder)
    command = str(caught.value).partition("python ")[2].split()
    subprocess.run([sys.executable, *command], cwd=folder, check=True)
    np.testing.assert_array_equal(mnist(folder)[0], expected)


def test_a_path_that_is_no_folder_is_refused(folder):
    with pytest.raises(
        FileNotFoundError, match=r'^mnist: there is no folder train; .*split="train"'
    ):
        mnist("train")
    with pytest.raises(
        FileNotFoundError, match=r"^mnist: there is no folder .*nowhere; is the path"
    ):
        mnist(folder / "nowhere")
    with pytest.raises(
        NotADirectoryError, match=rf"^mnist: .*{IMAGES} is a file, expected the fold"
    ):
        mnist(folder / IMAGES)
    with pytest.raises(TypeError, match=r"^mnist: path is 0, expected a folder"):
        mnist(0)


@pytest.fixture(params=[IMAGES, LABELS])
def file(folder, request):
    """Return one of the two files of a folder, small and empty of ink, and what it holds."""
    content = {IMAGES: np.zeros((5, 28, 28), np.uint8), LABELS: np.zeros(5, np.uint8)}
    for name, array in content.items():
        (folder / name).write_bytes(idx(array))
    return folder / request.param, gzip.decompress(idx(content[request.param]))


def test_a_file_cut_anywhere_is_refused(folder, file):
    path, content = file
    whole = path.read_bytes()
    ends = [*range(min(40, len(content))), len(content) - 1]
    for cut in [whole[:end] for end in range(len(whole))] + [zipped(content[:end]) for end in ends]:
        path.write_bytes(cut)
        with pytest.raises(ValueError, match=rf"^mnist: {re.escape(str(path))} is no "):
            mnist(folder)


def test_a_flipped_bit_in_a_gzip_file_is_refused_or_changes_nothing(folder, file):
    path, _ = file
    whole, expected = path.read_bytes(), mnist(folder)
    read = 0
    for bit in range(8 * len(whole)):
        path.write_bytes(flipped(whole, bit))
        arrays, error = outcome(folder)
        if arrays:  # the bit stood in gzip's own remarks, such as the time
            read += 1
            for array, before in zip(arrays, expected, strict=True):
                np.testing.assert_array_equal(array, before)
        else:
            assert error.startswith(f"mnist: {path} is no gzip file, or a damaged one; ")
    assert 0 < read < 80


def test_a_flipped_bit_in_the_header_is_refused_and_in_an_entry_changes_it(folder, file):
    path, content = file
    header = 8 * (16 if path.name == IMAGES else 8)
    expected = mnist(folder)
    for bit in range(header + 8):
        path.write_bytes(zipped(flipped(content, bit)))
        arrays, error = outcome(folder)
        if arrays is None:
            assert bit < header or "has labels up to" in error
            assert error.startswith("mnist: ")
        else:
            assert bit >= header
            assert sum(np.sum(a != b) for a, b in zip(arrays, expected, strict=True)) == 1


def outcome(folder):
    """Return what mnist reads and None, or None and its error."""
    try:
        return mnist(folder), None
    except ValueError as error:
        return None, str(error)


def flipped(content, bit):
    """Return bytes with one bit flipped."""
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.fixture
def server(folder, tmp_path, monkeypatch):
    """Serve the folder, let mnist download from there into an empty cache, return the requests."""
    require("pooch", pooch is not None, "pip install pooch")

    requests = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            requests.append(self.path)

    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(datasets, "MNIST_URL", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache")
        hashes = {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in datasets.MNIST_FILES["test"]
        }
        monkeypatch.setitem(datasets.MNIST_FILES, "test", hashes)
        yield requests
        server.shutdown()
        thread.join()


def test_mnist_is_downloaded_once(server, folder):
    images, labels = mnist()
    assert len(server) == 2
    again, same_labels = mnist()
    assert len(server) == 2
    for got in (images, again):
        np.testing.assert_array_equal(got, mnist(folder)[0])
    np.testing.assert_array_equal(labels, same_labels)


@pytest.mark.usefixtures("server")
def test_a_download_with_another_hash_is_refused(folder):
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(idx(np.zeros(5, np.uint8)))
    with pytest.raises(ValueError, match=r"hash of downloaded file \(t10k-labels"):
        mnist()


@pytest.mark.usefixtures("server")
def test_without_a_network_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(datasets, "MNIST_URL", "http://127.0.0.1:9/")  # nobody listens there
    message = r"cannot download http://.*put t10k-images.* and t10k-labels.* into a folder"
    with pytest.raises(ConnectionError, match=f"^mnist: {message}"):
        mnist()


def test_the_published_files_and_hashes():
    names = [name for files in datasets.MNIST_FILES.values() for name in files]
    assert len(set(names)) == 4
    hashes = [value for files in datasets.MNIST_FILES.values() for value in files.values()]
    assert all(len(value) == 64 and set(value) <= set("0123456789abcdef") for value in hashes)
    assert len(set(hashes)) == 4
