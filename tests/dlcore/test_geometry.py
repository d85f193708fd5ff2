"""The arithmetic of windows: by hand, by counting, and what is refused."""

import numpy as np
import pytest

from dlcore import geometry


@pytest.mark.parametrize(
    ("n", "k", "s", "p", "expected"),
    [(5, 3, 2, 0, (2, 0)), (6, 3, 2, 0, (2, 1)), (5, 3, 1, 1, (5, 0)), (3, 3, 5, 0, (1, 0)),
     (227, 11, 4, 0, (55, 0)), (2, 2, 4, 3, (2, 2))],
)  # fmt: skip
def test_windows(n, k, s, p, expected):
    assert geometry.windows(n, k, stride=s, padding=p) == expected


@pytest.mark.parametrize(
    ("n", "k", "s", "expected"),
    [
        (5, 3, 1, (1, 1)),
        (6, 3, 2, (0, 1)),
        (4, 1, 2, (0, 0)),
        (224, 7, 2, (2, 3)),
        (5, 4, 1, (1, 2)),
    ],
)
def test_same_padding(n, k, s, expected):
    assert geometry.same_padding(n, k, stride=s) == expected


def test_uses_are_the_windows_that_hold_a_pixel():
    for n, k, s, p in np.ndindex(8, 5, 4, 4):
        n, k, s = n + 1, k + 1, s + 1
        if k > n + 2 * p:
            continue
        count, _ = geometry.windows(n, k, stride=s, padding=p)
        held = [sum(u * s <= y + p < u * s + k for u in range(count)) for y in range(n)]
        assert geometry.uses(n, k, stride=s, padding=p).tolist() == held


@pytest.mark.parametrize(
    ("layers", "expected"),
    [([], (1, 1)), ([(3, 1)] * 3, (7, 1)), ([(3, 2), (3, 1)], (7, 2)),
     ([[2, 1, 3], (2, 2)], (5, 2)), ([(5, 1), (2, 2), (5, 1), (2, 2)], (16, 4))],
)  # fmt: skip
def test_receptive_field(layers, expected):
    assert geometry.receptive_field(layers) == expected


def test_conv_cost():
    assert geometry.conv_cost(64, 128, (3, 3), (32, 32)) == (73_728, 75_497_472)
    assert geometry.conv_cost(64, 64, (3, 2), (5, 4), groups=64) == (384, 7_680)
    assert geometry.conv_cost(4, 6, (1, 1), (2, 2), groups=2) == (12, 48)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: geometry.windows(4, 5), ValueError, "windows: k is 5, expected at most 4"),
        (lambda: geometry.windows(4, 0), ValueError, "windows: k is 0"),
        (lambda: geometry.windows(4.5, 2), TypeError, "windows: n is 4.5"),
        (lambda: geometry.windows(4, 2, padding=-1), ValueError, "padding is -1"),
        (lambda: geometry.same_padding(4, 2, stride=0), ValueError, "same_padding: stride is 0"),
        (lambda: geometry.uses(4, 5), ValueError, "more padding"),
        (lambda: geometry.receptive_field((3, 1)), TypeError, r"one layer alone is \[\(3, 1\)\]"),
        (lambda: geometry.receptive_field([(3, 1, 0)]), ValueError, "dilation is 0"),
        (lambda: geometry.receptive_field([(3,)]), TypeError, "expected .kernel, stride"),
        (lambda: geometry.conv_cost(4, 6, (3, 3), (2, 2), groups=4), ValueError, "groups is 4"),
        (lambda: geometry.conv_cost(4, 6, (3, 0), (2, 2)), ValueError, "kW is 0"),
    ],
)
def test_what_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
