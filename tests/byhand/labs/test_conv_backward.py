"""The lab ``conv-backward``: the shares, the correlation with zeros, and dlcore say the same."""

import numpy as np
import pytest

from byhand.labs import conv_backward
from byhand.labs.conv_backward import VIEWS, arrays, shares
from dlcore.layers import conv2d_backward

GEOMETRIES = [  # H, W, kh, kw, stride, padding, channels, filters
    (6, 6, 3, 3, 2, 0, 1, 1),
    (5, 8, 1, 4, 1, 3, 2, 1),
    (7, 5, 5, 2, 3, 1, 1, 3),
    (9, 7, 2, 3, 4, 0, 2, 2),
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("upstream", ["random", "ones", "single"])
def test_three_ways_agree(geometry, upstream, view):
    X, weights, dZ, cache = arrays(*geometry, upstream)
    expected = dict(zip(VIEWS, conv2d_backward(dZ, cache), strict=True))[view]
    found = shares(X, weights, dZ, *geometry[4:6])[view]
    state = conv_backward().state(*geometry, upstream, view)
    entries = expected[0] if view == "dX" else expected
    for k, (entry, value) in enumerate(np.ndenumerate(entries)):
        assert sum(d * w for d, w in found.get(entry, [])) == value
        assert state["series"]["right"][k] == state["series"]["value"][k]
        assert state["series"]["count"][k] == len(found.get(entry, []))
    assert (state["silent"] or 0) == sum(entry not in found for entry in np.ndindex(entries.shape))
    assert state["total"] == entries.size


def test_what_the_question_says():
    lab = conv_backward()
    counts = lab.compute(lab.settings())["series"]["count"]
    middle = lab.settings()["entry"] - 1
    assert counts[middle] == 4
    assert counts[lab.reveal["entry"] - 1] == 2
