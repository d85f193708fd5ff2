"""Start values: their spread, and that published runs can be reproduced."""

import numpy as np
import pytest

from dlcore.initializers import he_normal, lecun_normal, normal, xavier_normal, zeros


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (zeros, 0),
        (normal(0.01), 0.01**2),
        (xavier_normal, 2 / (300 + 100)),
        (he_normal, 2 / 300),
        (lecun_normal, 1 / 300),
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
    scale = {"xavier_normal": np.sqrt(2 / 6), "he_normal": 1.0}.get(initializer.__name__, 10.0)
    np.testing.assert_allclose(W, scale * drawn, rtol=1e-15)


def test_zeros_draws_as_many_numbers_as_the_others():
    rng, other = np.random.default_rng(0), np.random.default_rng(0)
    zeros(rng, (3, 2), 2, 3)
    he_normal(other, (3, 2), 2, 3)
    assert rng.random() == other.random()


def test_a_negative_scale_is_refused():
    with pytest.raises(ValueError, match=r"^normal: scale is -1, expected a standard deviation"):
        normal(-1)
