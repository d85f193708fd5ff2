"""Local response normalization by hand, against PyTorch, and its errors."""

import numpy as np
import pytest

from dlcore import reference
from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.layers import LRN, lrn_backward, lrn_forward
from tests.dlcore.layers.geometry import pytorch
from tests.measure import worst_error


def test_by_hand():
    X = np.array([[1.0, 2.0, 3.0]])
    A, _ = lrn_forward(X, k=1.0, n=3, alpha=1.0, beta=1.0)
    np.testing.assert_allclose(A, [[1 / 6, 2 / 15, 3 / 14]], rtol=1e-15)
    A, _ = lrn_forward(X, k=1.0, n=2, alpha=1.0, beta=1.0)  # itself and the one before
    np.testing.assert_allclose(A, [[1 / 2, 2 / 6, 3 / 14]], rtol=1e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 40])
@pytest.mark.parametrize("shape", [(2, 6, 3, 4), (3, 1, 2, 2), (4, 7)])
def test_sums_over_more_or_fewer_channels(shape, n):
    X, dA = np.random.default_rng(0).standard_normal((2, *shape))
    options = {"k": 1.5, "n": n, "alpha": 0.4, "beta": 0.6}
    A, cache = lrn_forward(X, **options)
    dX = lrn_backward(dA, cache)
    check_gradient(lambda X: np.sum(dA * lrn_forward(X, **options)[0]), X, dX)
    expected, expected_cache = reference.lrn_forward(X, **options)
    assert worst_error(A, expected) <= 1e-14
    assert worst_error(dX, reference.lrn_backward(dA, expected_cache)) <= 1e-14


@pytest.mark.oracle
@pytest.mark.parametrize("n", [1, 2, 4, 5])
def test_agrees_with_pytorch_which_divides_alpha_by_n(n):
    torch = pytorch()
    X, dA = np.random.default_rng(0).standard_normal((2, 2, 6, 3, 4))
    tensor = torch.tensor(X, requires_grad=True)
    expected = torch.nn.functional.local_response_norm(tensor, n, alpha=0.1 * n, beta=0.75, k=2.0)
    (gradient,) = torch.autograd.grad(expected, tensor, torch.tensor(dA))
    A, cache = lrn_forward(X, n=n, alpha=0.1)
    assert worst_error(A, expected.detach().numpy()) <= 1e-12
    assert worst_error(lrn_backward(dA, cache), gradient.numpy()) <= 1e-12


def test_bad_arguments_are_refused():
    with pytest.raises(
        ShapeError, match=r"lrn_forward: X has shape \(3,\), expected \(N, C, ...\)"
    ):
        lrn_forward(np.ones(3))
    for options, message in (
        ({"n": 0}, "n is 0, expected a whole number >= 1"),
        ({"k": 0.0}, "k is 0.0, expected a number > 0"),
        ({"alpha": -1}, "alpha is -1, expected a number >= 0"),
        ({"beta": np.inf}, "beta is inf, expected a number"),
    ):
        with pytest.raises(ValueError, match=f"^lrn_forward: {message}$"):
            lrn_forward(np.ones((2, 3)), **options)
        with pytest.raises(ValueError, match=f"^LRN: {message}$"):
            LRN(**options)
