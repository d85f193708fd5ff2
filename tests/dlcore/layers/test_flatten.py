"""Flatten by hand."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import flatten_backward, flatten_forward


def test_the_last_axis_runs_fastest():
    A, cache = flatten_forward(np.array([[[1.0, 2.0], [3.0, 4.0]]]))
    np.testing.assert_array_equal(A, [[1, 2, 3, 4]])
    np.testing.assert_array_equal(flatten_backward(2 * A, cache), [[[2, 4], [6, 8]]])


@pytest.mark.parametrize("shape", [(3,), (3, 2), (0, 2, 3), (3, 0)])
def test_any_number_of_axes(shape):
    A, cache = flatten_forward(np.ones(shape))
    assert A.shape == (shape[0], int(np.prod(shape[1:])))
    assert flatten_backward(A, cache).shape == shape


def test_a_number_is_refused():
    with pytest.raises(ShapeError, match=r"flatten_forward: X has shape \(\), expected"):
        flatten_forward(np.array(1.0))
