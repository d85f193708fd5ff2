"""Augmentation: each image on its own, and nothing lost that should stay."""

import functools

import numpy as np
import pytest

from dlcore.augment import color_components, color_shift, mirror, pca_color, random_crop
from dlcore.errors import ShapeError
from tests.device_array import DeviceArray, DeviceGenerator


def images(N=200, dtype=np.float64):
    return np.random.default_rng(0).random((N, 3, 5, 7)).astype(dtype)


COMPONENTS = color_components(images())
AUGMENTATIONS = {
    "mirror": mirror,
    "random_crop": functools.partial(random_crop, size=(4, 6), padding=1),
    "color_shift": color_shift,
    "pca_color": functools.partial(pca_color, components=COMPONENTS),
}
each = pytest.mark.parametrize("name", AUGMENTATIONS)


def test_mirror_flips_half_of_the_images():
    X = images(1000)
    flipped = mirror(X, np.random.default_rng(1))
    is_flipped = (flipped == X[:, :, :, ::-1]).all(axis=(1, 2, 3))
    is_kept = (flipped == X).all(axis=(1, 2, 3))
    np.testing.assert_array_equal(is_flipped, ~is_kept)
    assert is_flipped.mean() == pytest.approx(0.5, abs=0.05)
    np.testing.assert_array_equal(mirror(X, np.random.default_rng(1), probability=0), X)
    everything = mirror(X, np.random.default_rng(1), probability=1)
    np.testing.assert_array_equal(everything, X[:, :, :, ::-1])


def test_a_crop_is_a_window_of_its_image():
    X = images(1000)
    crops = random_crop(X, np.random.default_rng(1), size=(3, 4))
    assert crops.shape == (1000, 3, 3, 4)
    windows = np.lib.stride_tricks.sliding_window_view(X, (3, 4), axis=(2, 3))
    found = (windows == crops[:, :, np.newaxis, np.newaxis]).all(axis=(1, 4, 5))  # (N, 3, 4)
    np.testing.assert_array_equal(found.sum(axis=(1, 2)), 1)
    np.testing.assert_allclose(found.mean(axis=0), 1 / 12, atol=0.03)  # every place is as likely


def test_a_padded_crop_shifts_the_image():
    X = np.ones((500, 1, 4, 4))
    shifted = random_crop(X, np.random.default_rng(1), size=4, padding=2)
    assert shifted.shape == X.shape
    assert set(np.unique(shifted)) == {0, 1}
    assert {int(count) for count in shifted.sum(axis=(1, 2, 3))} == {4, 6, 8, 9, 12, 16}
    np.testing.assert_array_equal(random_crop(X, np.random.default_rng(1), size=4), X)


def test_a_color_shift_is_one_constant_a_channel():
    X = images(5000)
    shift = color_shift(X, np.random.default_rng(1), sd=0.2) - X
    np.testing.assert_allclose(shift, np.broadcast_to(shift[:, :, :1, :1], X.shape), atol=1e-14)
    np.testing.assert_allclose(shift[:, :, 0, 0].std(axis=0), 0.2, rtol=0.05)
    np.testing.assert_allclose(np.corrcoef(shift[:, :, 0, 0].T), np.eye(3), atol=0.05)


def test_the_components_are_those_of_the_covariance():
    rng = np.random.default_rng(0)
    X = np.einsum("ij,njhw->nihw", rng.standard_normal((3, 3)), rng.standard_normal((20, 3, 4, 5)))
    variances, directions = color_components(X + 7)
    covariance = np.cov(X.swapaxes(0, 1).reshape(3, -1), bias=True)
    np.testing.assert_allclose(directions * variances @ directions.T, covariance, rtol=1e-12)
    np.testing.assert_allclose(directions.T @ directions, np.eye(3), atol=1e-12)
    assert list(variances) == sorted(variances)


def test_pca_color_adds_one_sum_of_components_an_image():
    X = images(20_000)
    variances, directions = COMPONENTS
    shift = pca_color(X, np.random.default_rng(1), components=COMPONENTS) - X
    np.testing.assert_allclose(shift, np.broadcast_to(shift[:, :, :1, :1], X.shape), atol=1e-14)
    alpha = shift[:, :, 0, 0] @ directions / variances  # (N, C)
    np.testing.assert_allclose(alpha.std(axis=0), 0.1, rtol=0.02)  # 0.1, and not its root
    np.testing.assert_allclose(alpha.mean(axis=0), 0, atol=0.003)
    np.testing.assert_allclose(np.corrcoef(alpha.T), np.eye(3), atol=0.03)


def test_pca_color_by_hand():
    """Two channels that are always equal: the color moves along (1, 1) alone."""
    X = np.random.default_rng(0).random((50, 1, 4, 4)).repeat(2, axis=1)
    components = color_components(X)
    np.testing.assert_allclose(components[0], [0, 2 * X[:, 0].var()], atol=1e-15)
    shift = (pca_color(X, np.random.default_rng(1), components=components) - X)[:, :, 0, 0]
    np.testing.assert_allclose(shift[:, 0], shift[:, 1], atol=1e-15)
    alpha = 0.1 * np.random.default_rng(1).standard_normal((50, 2))[:, 1]
    expected = np.abs(alpha) * components[0][1] / np.sqrt(2)
    np.testing.assert_allclose(np.abs(shift[:, 0]), expected, rtol=1e-12)


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_what_all_have_in_common(name, dtype, generator):
    augment, X = AUGMENTATIONS[name], images(6, dtype)
    X.setflags(write=False)
    changed = augment(X, generator(0))
    assert changed.dtype == dtype
    assert not np.shares_memory(changed, X)
    np.testing.assert_array_equal(changed, augment(X, generator(0)))
    assert not np.array_equal(changed, augment(X, generator(1)))
    fortran = augment(np.asfortranarray(X), generator(0))
    np.testing.assert_array_equal(fortran, changed)
    assert augment(X[:0], generator(0)).shape == (0, *changed.shape[1:])


@each
def test_arrays_of_another_library(name):
    augment, X = AUGMENTATIONS[name], images(6)
    if name == "pca_color":
        augment = functools.partial(pca_color, components=tuple(map(DeviceArray, COMPONENTS)))
    changed = augment(DeviceArray(X), DeviceGenerator(0))
    assert isinstance(changed, DeviceArray)
    expected = AUGMENTATIONS[name](X, np.random.default_rng(0))
    np.testing.assert_array_equal(changed.host, expected)


@each
def test_what_is_no_batch_of_images_is_refused(name):
    augment = AUGMENTATIONS[name]
    with pytest.raises(TypeError, match=rf"^{name}: X has dtype uint8.*pixel values"):
        augment(np.zeros((2, 3, 5, 7), np.uint8), np.random.default_rng(0))
    with pytest.raises(ShapeError, match=rf"^{name}: X has shape \(3, 5, 7\).*np.newaxis"):
        augment(np.zeros((3, 5, 7)), np.random.default_rng(0))
    with pytest.raises(TypeError, match=rf"^{name}: rng is None"):
        augment(images(2), None)


@pytest.mark.parametrize("size", [6, (5, 8)])
def test_a_window_that_does_not_fit_is_refused(size):
    with pytest.raises(ValueError, match=r"^random_crop: size is .*expected at most \(5, 7\)"):
        random_crop(images(2), np.random.default_rng(0), size=size)


@pytest.mark.parametrize("size", [0, (3, 0), 2.0, (1, 2, 3)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match=r"^random_crop: size is .*expected an int >= 1 or a pair"):
        random_crop(images(2), np.random.default_rng(0), size=size)


def test_options_may_be_numpys():
    crop = random_crop(images(2), np.random.default_rng(0), size=np.int64(3), padding=np.int8(1))
    assert crop.shape == (2, 3, 3, 3)
    X = images(2, np.float32)
    for augment in (functools.partial(mirror, probability=np.float64(0.5)),
                    functools.partial(color_shift, sd=np.float64(0.5))):  # fmt: skip
        assert augment(X, np.random.default_rng(0)).dtype == np.float32


@pytest.mark.parametrize(
    ("augment", "error", "message"),
    [
        (functools.partial(mirror, probability=2), ValueError,
         "mirror: probability is 2, expected a probability >= 0 and <= 1"),
        (functools.partial(random_crop, size=3, padding=-1), ValueError,
         "random_crop: padding is -1, expected a whole number >= 0"),
        (functools.partial(color_shift, sd=-1), ValueError,
         "color_shift: sd is -1, expected a standard deviation >= 0"),
        (functools.partial(pca_color, components=COMPONENTS, sd="1"), TypeError,
         "pca_color: sd is '1', expected a standard deviation >= 0"),
        (functools.partial(pca_color, components=COMPONENTS[0]), TypeError,
         "pca_color: components is array.*, expected a pair .*what color_components returned"),
        (functools.partial(pca_color, components=(COMPONENTS[0].tolist(), COMPONENTS[1])),
         TypeError, "pca_color: variances is a list"),
    ],
)  # fmt: skip
def test_bad_options(augment, error, message):
    with pytest.raises(error, match=f"^{message}"):
        augment(images(2), np.random.default_rng(0))


def test_components_of_other_images_are_refused():
    message = r"^pca_color: X has 1 channels but the components shapes \(3,\) and \(3, 3\)"
    with pytest.raises(ShapeError, match=message):
        pca_color(images(2)[:, :1], np.random.default_rng(0), components=COMPONENTS)
    with pytest.raises(ShapeError, match=r"^color_components: X has shape \(0, 3, 5, 7\)"):
        color_components(images(0))
