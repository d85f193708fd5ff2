"""LeNet-5's partly connected convolution."""

import numpy as np
import pytest

from dlcore.errors import ShapeError
from dlcore.layers import Conv2dConnected, conv2d_connected_forward, conv2d_forward

# Table I of LeCun et al. (1998): 6 maps that read 3 channels, 9 that read 4, 1 that reads all 6.
ROWS = [
    "012", "123", "234", "345", "045", "015", "0123", "1234", "2345", "0345", "0145", "0125",
    "0134", "1245", "0235", "012345",
]  # fmt: skip
C3 = tuple(tuple(str(c) in row for c in range(6)) for row in ROWS)


def test_the_number_of_parameters_of_c3():
    params = Conv2dConnected(C3, 5).init(np.random.default_rng(0))
    assert params["W"].shape == (60, 5, 5)
    assert params["b"].shape == (16,)
    assert params["W"].size + params["b"].size == 1516


def test_a_filter_does_not_see_channels_that_it_is_not_connected_to():
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((2, 6, 7, 8)), rng.standard_normal((60, 5, 5)), np.zeros(16)
    Z, _ = conv2d_connected_forward(X, W, b, C3)
    for c in range(6):
        changed = X.copy()
        changed[:, c] += 1.0
        sees = (conv2d_connected_forward(changed, W, b, C3)[0] != Z).any(axis=(0, 2, 3))
        np.testing.assert_array_equal(sees, [row[c] for row in C3])


def test_fully_connected_it_is_the_convolution():
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((4, 3, 2, 3)), np.ones(4)
    table = np.ones((4, 3), dtype=bool)
    Z, _ = conv2d_connected_forward(X, W.reshape(12, 2, 3), b, table, stride=(1, 2), padding=1)
    np.testing.assert_array_equal(Z, conv2d_forward(X, W, b, stride=(1, 2), padding=1)[0])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            ((True, False), (False, False)),
            "expected filters that each read a channel; is a row all",
        ),
        ((), "expected filters that each read a channel"),
        (((True, False), (True,)), "expected rows of bools, a row a filter .*; all of one length"),
        ((True, False), "expected rows of bools"),
        (3, "expected rows of bools"),
    ],
)
def test_a_table_that_connects_nothing_is_refused(table, message):
    with pytest.raises(ValueError, match=rf"^Conv2dConnected: connections is .*, {message}"):
        Conv2dConnected(table, 3)


def test_a_table_may_be_an_array():
    layer = Conv2dConnected(np.array([[1, 0], [1, 1]]), 3)
    assert layer == Conv2dConnected(((True, False), (True, True)), 3)
    assert hash(layer) == hash(Conv2dConnected([[True, False], [True, True]], np.int64(3)))


def test_start_values_know_how_many_channels_a_filter_reads():
    table = ((True,) + (False,) * 99,) * 100 + ((True,) * 100,)
    W = Conv2dConnected(table, 5).init(np.random.default_rng(0))["W"]
    assert W[:100].std() == pytest.approx((2 / 25) ** 0.5, rel=0.05)
    assert W[100:].std() == pytest.approx((2 / 2500) ** 0.5, rel=0.05)


@pytest.mark.parametrize(
    ("X", "W", "b", "table", "message"),
    [
        ((1, 2, 5, 5), (3, 2, 2), (2,), ((1, 1), (0, 0)), r"W holds 3 kernels but .* 2 entries"),
        ((1, 3, 5, 5), (2, 2, 2), (2,), ((1, 1), (0, 0)),
         r"connections has shape \(2, 2\), expected \(2, 3\).* transposed\?"),
        ((1, 2, 5, 5), (2, 1, 2, 2), (2,), ((1, 1), (0, 0)),
         r"W has shape \(2, 1, 2, 2\), expected 3 axes \(K, kH, kW\)"),
        ((1, 2, 2, 5), (2, 3, 3), (2,), ((1, 1), (0, 0)), r"a window of \(3, 3\) does not fit"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit(X, W, b, table, message):
    with pytest.raises(ShapeError, match=f"^conv2d_connected_forward: {message}"):
        conv2d_connected_forward(np.ones(X), np.ones(W), np.ones(b), table)
