"""The affine layer by hand, and its errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcore.errors import ShapeError
from dlcore.gradcheck import check_gradient
from dlcore.initializers import xavier_normal, zeros
from dlcore.layers import Affine, affine_backward, affine_forward

X = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]])
W = np.array([[1.0, -1.0], [0.0, 2.0]])
b = np.array([0.5, -0.5])


def test_forward_by_hand():
    Z, _ = affine_forward(X, W, b)
    np.testing.assert_array_equal(Z, [[-0.5, 3.5], [-0.5, 7.5], [1.5, -2.5]])


def test_backward_by_hand():
    _, cache = affine_forward(X, W, b)
    dZ = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
    dX, dW, db = affine_backward(dZ, cache)
    np.testing.assert_array_equal(dX, [[1, -1], [0, 2], [2, 2]])
    np.testing.assert_array_equal(dW, [[1, 0], [3, 2]])
    np.testing.assert_array_equal(db, [3, 3])


@given(
    N=st.integers(0, 5), d_in=st.integers(1, 5), d_out=st.integers(1, 5), seed=st.integers(0, 99)
)
def test_shapes_and_gradients_of_any_size(N, d_in, d_out, seed):
    rng = np.random.default_rng(seed)
    X, W, b = (rng.standard_normal(shape) for shape in ((N, d_in), (d_out, d_in), (d_out,)))
    Z, cache = affine_forward(X, W, b)
    assert Z.shape == (N, d_out)
    dZ = rng.standard_normal(Z.shape)
    grads = affine_backward(dZ, cache)
    assert [grad.shape for grad in grads] == [X.shape, W.shape, b.shape]
    if N:
        check_gradient(lambda W: np.sum(dZ * affine_forward(X, W, b)[0]), W, grads[1])


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (((5, 3), (2, 4), (2,)),
         r"X has 3 columns but W expects 4 \(X \(5, 3\), W \(2, 4\)\); .* pass X transposed\?"),
        (((5, 3), (3, 4), (3,)),
         r"X has 3 columns but W expects 4 .*; did you pass W transposed\?"),
        (((5, 1, 8, 8), (2, 64), (2,)),
         r"X has shape \(5, 1, 8, 8\), expected 2 axes \(N, D_in\); flatten images first\?"),
        (((3,), (2, 3), (2,)), r"X has shape \(3,\), expected 2 axes"),
        (((5, 3), (3,), (1,)),
         r"W has shape \(3,\), expected 2 axes \(D_out, D_in\); a single unit has shape"),
        (((5, 3), (2, 3), (2, 1)),
         r"b has shape \(2, 1\), expected \(2,\), .*is b a column or a row of a matrix\?"),
        (((5, 3), (2, 3), (3,)), r"b has shape \(3,\), expected \(2,\)"),
        (((5, 3), (2, 3), ()), r"b has shape \(\), expected \(2,\)"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(shapes, message):
    with pytest.raises(ShapeError, match=f"^affine_forward: {message}"):
        affine_forward(*map(np.zeros, shapes))


def test_an_upstream_gradient_that_would_broadcast_is_refused():
    _, cache = affine_forward(X, W, b)
    with pytest.raises(ShapeError, match=r"dZ has shape \(1, 2\), expected Z's \(3, 2\)"):
        affine_backward(np.ones((1, 2)), cache)


def test_start_values():
    rng = np.random.default_rng(0)
    params = Affine(3, 5).init(rng)
    assert params["W"].shape == (5, 3)
    np.testing.assert_array_equal(params["b"], np.zeros(5))
    again = Affine(3, 5).init(np.random.default_rng(0))
    np.testing.assert_array_equal(params["W"], again["W"])
    expected = xavier_normal(np.random.default_rng(0), (5, 3), 3, 5)
    given = Affine(3, 5, xavier_normal).init(np.random.default_rng(0))["W"]
    np.testing.assert_array_equal(given, expected)
    assert not Affine(3, 5, zeros).init(rng)["W"].any()
