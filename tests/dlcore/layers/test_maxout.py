"""The maxout layer by hand, what it can be, and its errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.initializers import zeros
from dlcore.layers import Maxout, maxout_backward, maxout_forward

# One unit of two pieces: x0 - x1 + 1 and 2 x1.
W, b = np.array([[[1.0, -1.0], [0.0, 2.0]]]), np.array([[1.0, 0.0]])
X = np.array([[3.0, 1.0], [0.0, 2.0]])


def test_by_hand():
    A, cache = maxout_forward(X, W, b)
    np.testing.assert_array_equal(A, [[3], [4]])  # of 3 and 2, of -1 and 4
    dX, dW, db = maxout_backward(np.array([[10.0], [1.0]]), cache)
    np.testing.assert_array_equal(dX, [[10, -10], [0, 2]])
    np.testing.assert_array_equal(dW, [[[30, 10], [0, 2]]])
    np.testing.assert_array_equal(db, [[10, 1]])


def test_of_equal_pieces_the_first_gets_the_gradient():
    _, cache = maxout_forward(X, np.zeros((1, 3, 2)), np.zeros((1, 3)))
    np.testing.assert_array_equal(maxout_backward(np.ones((2, 1)), cache)[2], [[2, 0, 0]])


def test_relu_and_the_absolute_value_are_maxouts():
    x = np.linspace(-2, 2, 9)[:, np.newaxis]
    relu, _ = maxout_forward(x, np.array([[[1.0], [0.0]]]), np.zeros((1, 2)))
    np.testing.assert_array_equal(relu, np.maximum(x, 0))
    size, _ = maxout_forward(x, np.array([[[1.0], [-1.0]]]), np.zeros((1, 2)))
    np.testing.assert_array_equal(size, np.abs(x))


@given(
    N=st.integers(0, 4), d_in=st.integers(1, 4), d_out=st.integers(1, 4), k=st.integers(1, 4),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_shapes_and_gradients_of_any_size(N, d_in, d_out, k, seed):
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(shape) for shape in ((N, d_in), (d_out, k, d_in), (d_out, k))]
    A, cache = maxout_forward(*arrays)
    assert A.shape == (N, d_out)
    dA = rng.standard_normal(A.shape)
    grads = maxout_backward(dA, cache)
    assert [grad.shape for grad in grads] == [array.shape for array in arrays]
    if N:
        X, W, b = arrays
        check_gradient(
            lambda W: np.sum(dA * maxout_forward(X, W, b)[0]), W, grads[1], tolerance=1e-6
        )


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((5, 3), (2, 3), (2,)),
         r"W has shape \(2, 3\), expected 3 axes \(D_out, k, D_in\); an affine layer's W lacks"),
        (((5, 3), (2, 4, 5), (2, 4)),
         r"X has 3 columns but W expects 5 .*units, pieces, inputs"),
        (((5, 1, 3), (2, 4, 3), (2, 4)), r"X has shape \(5, 1, 3\).*flatten images first\?"),
        (((5, 3), (2, 4, 3), (2,)), r"b has shape \(2,\), expected \(2, 4\).*too few"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(shapes, message):
    with pytest.raises(ShapeError, match=f"^maxout_forward: {message}"):
        maxout_forward(*map(np.zeros, shapes))


def test_start_values():
    params = Maxout(4, 3, 2).init(np.random.default_rng(0))
    assert params["W"].shape == (3, 2, 4)
    np.testing.assert_array_equal(params["b"], np.zeros((3, 2)))
    assert not Maxout(4, 3, 2, zeros).init(np.random.default_rng(0))["W"].any()
