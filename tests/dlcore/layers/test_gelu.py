"""The GELU layer by hand, and how far its tanh form is from the exact one."""

import math

import numpy as np
import pytest

from dlcore.activations import gelu
from dlcore.layers import GELU, gelu_backward, gelu_forward


def exact(z):
    return z * (1 + math.erf(z / math.sqrt(2))) / 2


def test_by_hand():
    Z = np.array([[-1.0, 0.0, 1.0]])
    A, cache = GELU().forward({}, Z, train=True, rng=None)
    u = math.sqrt(2 / math.pi) * 1.044715
    np.testing.assert_allclose(
        A, [[-(1 - math.tanh(u)) / 2, 0, (1 + math.tanh(u)) / 2]], rtol=1e-14
    )
    np.testing.assert_allclose(gelu_backward(np.full((1, 3), 2.0), cache)[0, 1], 1)  # half of 2


def test_the_tanh_form_is_within_5e_4_of_the_exact_one():
    z = np.linspace(-12, 12, 24001)
    gap = np.abs(gelu(z) - [exact(number) for number in z])
    assert 4e-4 < gap.max() < 5e-4


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_far_out_it_is_zero_or_the_identity(dtype):
    large = np.finfo(dtype).max
    Z = np.array([-large, -60, 60, large], dtype=dtype)
    A, cache = gelu_forward(Z)
    np.testing.assert_array_equal(A, [0, 0, 60, large])
    np.testing.assert_array_equal(gelu_backward(np.ones_like(Z), cache), [0, 0, 1, 1])
