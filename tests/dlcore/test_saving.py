"""Saved parameters: the same bits again, from the same network, or an error."""

import os
import pickle

import numpy as np
import pytest

from dlcore import saving
from dlcore.errors import ShapeError
from dlcore.layers import Affine, BatchNorm, PReLU, ReLU, Tanh
from dlcore.network import Sequential
from tests.device_array import DeviceArray


def network(hidden=3):
    return Sequential(fc1=Affine(2, hidden), prelu=PReLU(), fc2=Affine(hidden, 1))


def start(seed=0, dtype=np.float64, **options):
    return network(**options).init(np.random.default_rng(seed), dtype=dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_the_same_bits_again(tmp_path, dtype, kind):
    params, path = start(dtype=dtype), kind(tmp_path / "net.npz")
    saving.save(path, params)
    loaded = saving.load(path, start(seed=1))
    np.testing.assert_array_equal(loaded.theta, params.theta)
    assert loaded.theta.dtype == dtype
    assert loaded.layout.shapes == params.layout.shapes
    X = np.ones((4, 2), dtype)
    np.testing.assert_array_equal(network().forward(loaded, X)[0], network().forward(params, X)[0])


def test_extreme_values_survive(tmp_path):
    params = start()
    theta = np.resize([np.nan, np.inf, -0.0, 5e-324, 1.7e308], params.theta.size)
    saving.save(tmp_path / "net.npz", params.like(theta))
    np.testing.assert_array_equal(saving.load(tmp_path / "net.npz", params).theta, theta)


def test_the_file_is_plain_numpy(tmp_path):
    params = start()
    saving.save(tmp_path / "net.npz", params)
    with np.load(tmp_path / "net.npz", allow_pickle=False) as file:
        assert sorted(file) == ["fc1.W", "fc1.b", "fc2.W", "fc2.b", "prelu.alpha"]
        np.testing.assert_array_equal(file["fc1.W"], params["fc1.W"])


def test_buffers_are_saved_too(tmp_path):
    net = Sequential(fc=Affine(2, 3), norm=BatchNorm(3))
    params = net.init(np.random.default_rng(0))
    X = np.random.default_rng(1).standard_normal((8, 2))
    _, cache = net.forward(params, X, train=True)
    params = net.update_buffers(params, cache)
    saving.save(tmp_path / "net.npz", params)
    fresh = net.init(np.random.default_rng(2))
    loaded = saving.load(tmp_path / "net.npz", fresh)
    assert not np.array_equal(loaded.buffers, fresh.buffers)
    np.testing.assert_array_equal(loaded.buffers, params.buffers)
    np.testing.assert_array_equal(net.forward(loaded, X)[0], net.forward(params, X)[0])
    bare = Sequential(fc=Affine(2, 3)).init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"has norm\..*which the network does not know"):
        saving.load(tmp_path / "net.npz", bare)


def test_a_network_without_parameters(tmp_path):
    params = Sequential(relu=ReLU()).init(np.random.default_rng(0))
    saving.save(tmp_path / "net.npz", params)
    assert saving.load(tmp_path / "net.npz", params).theta.size == 0


def test_the_order_of_layers_does_not_matter(tmp_path):
    one = Sequential(a=Affine(2, 3), b=Affine(3, 2)).init(np.random.default_rng(0))
    saving.save(tmp_path / "net.npz", one)
    other = Sequential(b=Affine(3, 2), a=Affine(2, 3)).init(np.random.default_rng(1))
    loaded = saving.load(tmp_path / "net.npz", other)
    for name, array in one.items():
        np.testing.assert_array_equal(loaded[name], array)


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (network(hidden=4), r"has fc1.W \(3, 2\), expected \(4, 2\); has fc1.b \(3,\), expected"),
        (Sequential(fc1=Affine(2, 3), prelu=PReLU(), fc3=Affine(3, 1)),
         r"lacks fc3.W \(1, 3\); lacks fc3.b \(1,\); has fc2.W \(1, 3\), which the network does"),
        (Sequential(fc1=Affine(2, 3), tanh=Tanh(), fc2=Affine(3, 1)),
         r"has prelu.alpha \(\), which the network does not know"),
        (Sequential(fc1=Affine(2, 3), prelu=PReLU(3), fc2=Affine(3, 1)),
         r"has prelu.alpha \(\), expected \(3,\)"),
        (Sequential(fc1=Affine(3, 2), prelu=PReLU(), fc2=Affine(3, 1)),  # as many numbers
         r"has fc1.W \(3, 2\), expected \(2, 3\)"),
    ],
)  # fmt: skip
def test_a_file_of_another_network_is_refused(tmp_path, net, message):
    saving.save(tmp_path / "net.npz", start())
    with pytest.raises(ShapeError, match=f"^load: .*net.npz {message}.*another network"):
        saving.load(tmp_path / "net.npz", net.init(np.random.default_rng(0)))


class Bomb:
    """Something that writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_pickle_is_refused_and_not_run(tmp_path):
    trap = tmp_path / "trap"
    arrays = dict(start()) | {"fc1.b": np.array([Bomb(trap)] * 3, dtype=object)}
    np.savez(tmp_path / "net.npz", **arrays)
    (tmp_path / "plain.npz").write_bytes(pickle.dumps(Bomb(trap)))
    for name in ("net.npz", "plain.npz"):
        with pytest.raises(ValueError, match=r"^load: .* does not hold saved parameters"):
            saving.load(tmp_path / name, start())
    assert not trap.exists()


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "net.npz"
    saving.save(path, start())
    content = path.read_bytes()
    number = start()["fc1.W"][1, 1].tobytes()
    flipped = content.replace(number, number[::-1])
    assert flipped != content
    for damaged in (b"", b"PK\x03\x04", content[:-30], b"theta = 1, 2, 3", flipped):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"^load: .*"):
            saving.load(path, start())
    np.save(tmp_path / "array.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"^load: .*array.npy does not hold saved parameters"):
        saving.load(tmp_path / "array.npy", start())


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        saving.load(tmp_path / "net.npz", start())


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    saving.save(path, start())
    before = path.read_bytes()

    def full_disk(file, **arrays):
        file.write(b"half of it")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="no space left"):
        saving.save(path, start(seed=1))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_saving_replaces_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "net.npz"
    for seed in (0, 1):
        saving.save(path, start(seed=seed))
    np.testing.assert_array_equal(saving.load(path, start()).theta, start(seed=1).theta)
    assert list(tmp_path.iterdir()) == [path]


def test_arrays_of_another_library_are_refused(tmp_path):
    params = start()
    with pytest.raises(TypeError, match=r"^save: theta is a DeviceArray.*cupy.asnumpy"):
        saving.save(tmp_path / "net.npz", params.like(DeviceArray(params.theta)))
    assert list(tmp_path.iterdir()) == []


# --- a part of a file ---


def test_another_networks_first_layers_are_taken_over(tmp_path):
    path = tmp_path / "net.npz"
    saving.save(path, start())
    net = Sequential(fc1=Affine(2, 3), prelu=PReLU(), head=Affine(3, 5))
    fresh = net.init(np.random.default_rng(5), np.float32)
    loaded = saving.load(path, fresh, partial=True)
    np.testing.assert_array_equal(loaded["fc1.W"], start()["fc1.W"].astype(np.float32))
    np.testing.assert_array_equal(loaded["head.W"], fresh["head.W"])
    assert loaded.theta.dtype == np.float32
    assert not np.shares_memory(loaded.theta, fresh.theta)


def test_another_network_is_read_into_a_part_of_this_one(tmp_path):
    params = start(seed=1)
    saving.save(tmp_path / "body.npz", params)
    net = Sequential(body=network(), head=Affine(1, 1))
    whole = net.init(np.random.default_rng(2))
    head = whole.layer("head").copy()
    for name, array in saving.load(tmp_path / "body.npz", whole.layer("body")).items():
        whole.layer("body")[name] = array
    assert whole.layer("body") == params
    assert whole.layer("head") == head


def test_a_part_of_another_shape_is_refused_all_the_same(tmp_path):
    path = tmp_path / "net.npz"
    saving.save(path, start())
    other = network(hidden=4).init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"has fc1.W \(3, 2\), expected \(4, 2\).*a new name"):
        saving.load(path, other, partial=True)


def test_a_file_that_has_nothing_in_common_is_refused(tmp_path):
    path = tmp_path / "net.npz"
    saving.save(path, start())
    other = Sequential(hidden=Affine(2, 3)).init(np.random.default_rng(0))
    with pytest.raises(ShapeError, match=r"has none of hidden.W, hidden.b; another network's"):
        saving.load(path, other, partial=True)


def test_what_are_no_parameters_is_refused(tmp_path):
    for call in (saving.save, saving.load):
        with pytest.raises(TypeError, match=rf"^{call.__name__}: params is a Sequential, expected"):
            call(tmp_path / "net.npz", network())
    assert list(tmp_path.iterdir()) == []
