import re

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore.errors import ShapeError
from dlcore.layers import conv2d_backward, conv2d_forward

GEOMETRIES = [
    (5, 3, 1, 0, 1), (6, 3, 2, 1, 1), (6, 2, 3, 0, 1), (7, 3, 1, 2, 2), (4, 1, 2, 0, 1),
]  # fmt: skip


def products(n, k, stride, padding, dilation):
    """Return how many products the gradient of each pixel is a sum of, by backprop of ones."""
    X, W = np.ones((1, 1, n, 1)), np.ones((1, 1, k, 1))
    options = {"stride": (stride, 1), "padding": (padding, 0), "dilation": (dilation, 1)}
    Z, cache = conv2d_forward(X, W, np.zeros(1), **options)
    return conv2d_backward(np.ones_like(Z), cache)[0][0, 0, :, 0].astype(int), Z.size


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_a_line_for_each_product(geometry, count, words):
    n, k, stride, padding, dilation = geometry
    shares, outputs = products(*geometry)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    for pixel, number in enumerate(shares):
        plotting.one_axis(n, k, pixel=pixel, **options)
        assert count("share") == number
        assert count("share") + count("other share") == outputs * k
        (total,) = (text for text in words() if text.startswith(f"$dX_{{{pixel}}} = "))
        assert total.count("delta") == number
        plt.close()


def test_one_axis_by_hand(words):
    plotting.one_axis(5, 3, stride=2, padding=1, pixel=1)
    assert "$dX_{1} = W_{0}\\,\\delta_{1} + W_{2}\\,\\delta_{0}$" in words()


def test_the_plane_multiplies_the_pairs_of_its_axes(count, words):
    """Every pair of the rows meets every pair of the columns, as conv2d counts them."""
    rows, columns = (6, 3, 2, 1, 1), (7, 2, 1, 0, 2)
    n, k, stride, padding, dilation = zip(rows, columns, strict=True)
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    X, W = np.ones((1, 1, *n)), np.ones((1, 1, *k))
    Z, cache = conv2d_forward(X, W, np.zeros(1), **options)
    shares = conv2d_backward(np.ones_like(Z), cache)[0][0, 0].astype(int)
    np.testing.assert_array_equal(shares, np.outer(products(*rows)[0], products(*columns)[0]))
    for pixel in [(0, 0), (1, 3), (5, 6), (2, 2)]:
        plotting.six_indices(n, k, pixel=pixel, **options)
        assert count("meeting") == shares[pixel]
        assert count("meeting") + count("output") == Z.size
        assert sum("W_" in text and "cdot" in text for text in words()) == shares[pixel]
        plt.close()


def test_the_weight_where_two_pairs_meet_is_the_one_that_belongs_there(words):
    plotting.six_indices(5, 3, stride=2, padding=1, pixel=(1, 3))
    found = [text for text in words() if "cdot" in text]
    assert found == [
        f"$W_{{{i},{j}}}$\n$\\cdot\\,\\delta_{{{u},{v}}}$"
        for u, v in np.ndindex(3, 3)
        for i, j in [(1 + 1 - 2 * u, 3 + 1 - 2 * v)]
        if 0 <= i < 3 and 0 <= j < 3
    ]
    assert "2 pairs of rows × 2 of columns = 4 pairs per filter" in words()
    first = "W_{f,c,0,0}\\,\\delta_{f,1,2}"
    more = "\\mathrm{3\\ more\\ products}"
    assert f"$dX_{{c,1,3}} = \\sum_f \\,({first} + {more})$" in words()


def test_two_products_are_both_written_out(words):
    plotting.six_indices(5, 3, stride=2, padding=1, pixel=(1, 2))
    first, second = "W_{f,c,0,1}\\,\\delta_{f,1,1}", "W_{f,c,2,1}\\,\\delta_{f,0,1}"
    assert f"$dX_{{c,1,2}} = \\sum_f \\,({first} + {second})$" in words()


@pytest.mark.parametrize(("filters", "behind"), [(1, 0), (2, 1), (3, 2), (64, 2)])
def test_sheets_stand_for_filters(filters, behind, count):
    plotting.six_indices(4, 2, filters=filters)
    assert count("sheet") == behind


def test_a_pixel_that_hears_nothing_has_the_gradient_zero(count, words):
    plotting.six_indices(6, 3, stride=4, pixel=(3, 3))
    assert count("meeting") == 0
    assert "$dX_{c,3,3} = 0$" in words()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plotting.one_axis(2, 3), ShapeError, "one_axis: a kernel that covers 3 does not"),
        (lambda: plotting.one_axis(3, 3, pixel=3), ValueError, "one_axis: pixel is 3, expected a"),
        (lambda: plotting.one_axis(3, 3, stride=0), ValueError, "one_axis: stride is 0, expected"),
        (lambda: plotting.six_indices(2, 3), ShapeError, "six_indices: a kernel that covers 3 do"),
        (lambda: plotting.six_indices(3, 3, pixel=(0, 3)), ValueError, "six_indices: pixel is 3"),
        (lambda: plotting.six_indices(3, 3, filters=0), ValueError, "six_indices: filters is 0,"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match="^" + re.escape(message)):
        call()
