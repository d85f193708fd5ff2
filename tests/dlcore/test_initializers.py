"""Start values: their spread, and that published runs can be reproduced."""

import copy
import pickle

import numpy as np
import pytest

from dlcore.initializers import he_normal, initializer, lecun_normal, normal, xavier_normal, zeros
from dlcore.layers import RBF, Affine, Conv2d, Conv2dConnected, ConvTranspose2d, Maxout
from dlcore.models.lenet import uniform_by_fan_in

ALL = [zeros, normal(0.01), xavier_normal, he_normal, lecun_normal, uniform_by_fan_in]


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (zeros, 0),
        (normal(0.01), 0.01**2),
        (xavier_normal, 2 / (300 + 100)),
        (he_normal, 2 / 300),
        (lecun_normal, 1 / 300),
        (uniform_by_fan_in, (2.4 / 300) ** 2 / 3),
    ],
)
def test_mean_and_variance(initializer, variance):
    W = initializer(np.random.default_rng(0), (100, 300), 300, 100)
    assert W.shape == (100, 300)
    assert W.dtype == np.float64
    assert abs(W.mean()) <= 4 * np.sqrt(variance / W.size)  # four standard errors
    np.testing.assert_allclose(W.var(), variance, rtol=4 * np.sqrt(2 / W.size))


@pytest.mark.parametrize("initializer", [normal(10.0), xavier_normal, he_normal])
def test_a_random_state_reproduces_what_randn_drew(initializer):
    np.random.seed(3)  # noqa: NPY002, as the published code does
    drawn = np.random.randn(4, 2)  # noqa: NPY002
    W = initializer(np.random.RandomState(3), (4, 2), 2, 4)
    scale = {"xavier_normal": np.sqrt(2 / 6), "he_normal": 1.0}.get(repr(initializer), 10.0)
    np.testing.assert_allclose(W, scale * drawn, rtol=1e-15)


@pytest.mark.parametrize("generator", [np.random.default_rng, np.random.RandomState])
def test_zeros_draws_nothing(generator):
    rng = generator(0)
    rng.standard_normal()  # a RandomState keeps the second of a pair
    zeros(rng, (3, 2), 2, 3)
    other = generator(0)
    assert rng.standard_normal() == other.standard_normal(2)[1]


@pytest.mark.parametrize("scale", [-1, np.nan, np.inf])
def test_a_scale_that_is_no_deviation_is_refused(scale):
    with pytest.raises(ValueError, match=rf"^normal: scale is {scale}, expected a standard dev"):
        normal(scale)
    with pytest.raises(TypeError, match=r"^normal: scale is .*Generator.*, expected a standard d"):
        normal(np.random.default_rng(0))


@pytest.mark.parametrize("initializer", ALL, ids=repr)
def test_arguments_are_checked(initializer):
    name = repr(initializer).split("(")[0]
    with pytest.raises(TypeError, match=rf"^{name}: rng is 0, expected a generator .*default_rng"):
        initializer(0, (3, 2), 2, 3)


@pytest.mark.parametrize("initializer", [xavier_normal, he_normal, lecun_normal, zeros], ids=repr)
def test_a_unit_without_inputs_is_refused(initializer):
    with pytest.raises(ValueError, match=rf"^{initializer}: fan_in is 0, expected a number of un"):
        initializer(np.random.default_rng(0), (3, 0), 0, 3)


@pytest.mark.parametrize("initializer", ALL, ids=repr)
def test_they_can_be_sent_to_another_process_and_copied(initializer):
    for again in (pickle.loads(pickle.dumps(initializer)), copy.deepcopy(initializer)):
        assert again == initializer
    draws = [make(np.random.default_rng(0), (3, 2), 2, 3) for make in (initializer, again)]
    np.testing.assert_array_equal(*draws)


def test_they_print_as_they_are_written():
    assert repr(normal(np.float32(0.5))) == "normal(0.5)"
    assert repr(he_normal) == "he_normal"


@pytest.mark.parametrize("wrong", [0.01, None, normal, [he_normal]])
@pytest.mark.parametrize(
    "make",
    [
        lambda weights: Affine(2, 3, weights),
        lambda weights: Maxout(2, 3, 2, weights),
        lambda weights: RBF(2, 3, weights),
        lambda weights: Conv2d(2, 3, 5, weights=weights),
        lambda weights: Conv2dConnected(((True,),), 5, weights=weights),
        lambda weights: ConvTranspose2d(2, 3, 5, weights=weights),
    ],
)
def test_what_is_no_initializer_is_refused(make, wrong):
    message = r"^\w+: weights is .*, expected an initializer, such as he_normal or normal\(0.01\)$"
    with pytest.raises(TypeError, match=message):
        make(wrong)


def test_a_reader_can_write_another():
    @initializer
    def constant(rng, shape, fan_in, fan_out):
        return 1.0 / fan_in + 0.0 * rng.standard_normal(shape)

    assert repr(constant) == "constant"
    np.testing.assert_array_equal(constant(np.random.default_rng(0), (1, 2), 2, 1), [[0.5, 0.5]])
    with pytest.raises(ValueError, match=r"^constant: fan_out is 0"):
        constant(np.random.default_rng(0), (0, 2), 2, 0)
