"""The data sets: shapes, classes, determinism, and agreement with their sources."""

import functools
import gzip
import hashlib
import http.server
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import datasets as sklearn_datasets

from dlcore import datasets
from dlcore.datasets import (
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


@pytest.mark.parametrize("make", [*PLANAR, noisy_boundary])
@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_the_generator_decides(make, generator):
    rng = generator(5)
    X, y = make(rng)
    again, y_again = make(generator(5))
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, y_again)
    assert not np.array_equal(X, make(generator(6))[0])
    assert not np.array_equal(X, make(rng)[0])  # the stream has moved on


@pytest.mark.parametrize("make", [*PLANAR, noisy_boundary])
def test_nothing_draws_from_the_global_state(make):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make(np.random.default_rng(0))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("make", [*PLANAR, noisy_boundary])
@pytest.mark.parametrize("rng", [0, None])
def test_a_bare_seed_is_refused(make, rng):
    with pytest.raises(TypeError, match=f"^{make.__name__}: rng is {rng}, expected a generator"):
        make(rng)


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


def test_some_digits():
    images, labels = digits(classes=(3, 8))
    assert set(labels) == {3, 8}
    everything, every_label = digits()
    np.testing.assert_array_equal(images, everything[(every_label == 3) | (every_label == 8)])
    assert len(images) == len(labels) == 183 + 174


def test_a_class_that_is_no_digit_is_refused():
    with pytest.raises(ValueError, match=r"^digits: classes has \[10\], expected digits from 0"):
        digits(classes=(1, 10))


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


def idx(array):
    """Return the bytes of a gzipped IDX file."""
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


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
    place = Path(__file__).resolve().parents[3] / "shared" / "data" / "mnist-t10k"
    if not place.is_dir():
        pytest.skip(f"no MNIST files in {place}")
    images, labels = mnist(place)
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
        (gzip.compress(b"text"), "is no IDX file of bytes, or a damaged one"),
        (gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 9, 1, 2])), "is no IDX file of bytes"),
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
    message = r"can not download http://.*put t10k-images.* and t10k-labels.* into a folder"
    with pytest.raises(ConnectionError, match=f"^mnist: {message}"):
        mnist()


def test_the_published_files_and_hashes():
    names = [name for files in datasets.MNIST_FILES.values() for name in files]
    assert len(set(names)) == 4
    hashes = [value for files in datasets.MNIST_FILES.values() for value in files.values()]
    assert all(len(value) == 64 and set(value) <= set("0123456789abcdef") for value in hashes)
    assert len(set(hashes)) == 4
