"""LeNet-5's trainable pooling by hand, and its errors."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import Subsample, avgpool2d_forward, subsample_backward, subsample_forward


def test_by_hand():
    X = np.arange(12.0).reshape(1, 1, 2, 6)[..., :5]  # the last column does not fill a window
    Z, cache = subsample_forward(X, np.array([2.0]), np.array([1.0]), size=2)
    np.testing.assert_array_equal(Z, [[[[29, 45]]]])
    dX, dw, db = subsample_backward(np.array([[[[1.0, 10.0]]]]), cache)
    np.testing.assert_array_equal(dX, [[[[2, 2, 20, 20, 0], [2, 2, 20, 20, 0]]]])
    np.testing.assert_array_equal(dw, [14 + 220])
    np.testing.assert_array_equal(db, [11])


def test_it_starts_as_average_pooling():
    X = np.random.default_rng(0).standard_normal((2, 3, 6, 4))
    layer = Subsample(3, (3, 2))
    Z, _ = layer.forward(layer.init(np.random.default_rng(0)), X, train=True, rng=None)
    np.testing.assert_allclose(Z, avgpool2d_forward(X, size=(3, 2))[0], rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("w", "b", "message"),
    [
        ((2,), (3,), r"w has shape \(2,\), expected \(3,\), one number for each of X's 3 channels"),
        ((3,), (), r"b has shape \(\), expected \(3,\)"),
    ],
)
def test_shapes_that_do_not_fit(w, b, message):
    with pytest.raises(ShapeError, match=f"^subsample_forward: {message}"):
        subsample_forward(np.ones((1, 3, 4, 4)), np.ones(w), np.ones(b), size=2)
