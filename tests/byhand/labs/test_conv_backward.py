"""The lab ``conv-backward``: the shares, the correlation with zeros, and dlcore say the same."""

import numpy as np
import pytest

from byhand.labs import conv_backward
from byhand.labs.conv_backward import VIEWS, arrays, shares
from dlcore.layers import conv2d_backward, conv2d_forward
from tests.byhand.labs.bundle import browser_states

GEOMETRIES = [  # H, W, kh, kw, stride, padding, channels, filters
    (6, 6, 3, 3, 2, 0, 1, 1),
    (5, 8, 1, 4, 1, 3, 2, 1),
    (7, 5, 5, 2, 3, 1, 1, 3),
    (9, 7, 2, 3, 4, 0, 2, 2),
    (6, 7, 3, 2, 2, "same", 2, 2),
]


def of_dlcore(padded, weights, dZ, stride, padding, around):
    """Return the gradients, with dlcore's own padding where it has that one."""
    (top, bottom), (left, right) = around
    X = padded[:, top : padded.shape[1] - bottom, left : padded.shape[2] - right]
    own = padding != "same"
    given, p = (X, padding) if own else (padded, 0)
    b = np.zeros(len(weights))
    _, cache = conv2d_forward(given[None], weights, b, stride=stride, padding=p)
    dX, dW, db = conv2d_backward(dZ[None], cache)
    inside = slice(top, top + X.shape[1]), slice(left, left + X.shape[2])
    return {"dX": dX[0] if own else dX[0][:, *inside], "dW": dW, "db": db, "dZ": dZ}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("upstream", ["random", "ones", "single"])
def test_three_ways_agree(geometry, upstream, view):
    padded, weights, dZ, around = arrays(*geometry, upstream)
    stride, padding = geometry[4:6]
    entries = of_dlcore(padded, weights, dZ, stride, padding, around)[view]
    state = conv_backward().state(*geometry, upstream, view)
    assert state["total"] == entries.size
    assert state["series"]["value"] == [f"{v:.0f}".replace("-", "−") for v in entries.ravel() + 0]
    if view == "dZ":
        return
    found = shares(padded, weights, dZ, stride, around)[view]
    for k, (entry, value) in enumerate(np.ndenumerate(entries)):
        assert sum(d * w for d, w in found.get(entry, [])) == value
        assert state["series"]["right"][k] == state["series"]["value"][k]
        assert state["series"]["count"][k] == len(found.get(entry, []))
    assert (state["silent"] or 0) == sum(entry not in found for entry in np.ndindex(entries.shape))


def test_an_output_reaches_the_pixels_of_its_window_that_are_no_padding():
    state = conv_backward().state(5, 5, 3, 3, 2, 1, 2, 1, "ones", "dZ")
    assert state["series"]["pixels"] == [8, 12, 8, 12, 18, 12, 8, 12, 8]


def test_what_the_question_says():
    lab = conv_backward()
    counts = lab.compute(lab.settings())["series"]["count"]
    middle = lab.settings()["entry"] - 1
    assert counts[middle] == 4
    assert counts[lab.reveal["entry"] - 1] == 2


def test_a_number_that_is_typed_over_the_upstream_gradient_reaches_every_gradient():
    plain, typed = (conv_backward().values(view="dW", edits=edits) for edits in ("", "00i"))
    assert plain["total"] == typed["total"] == 9
    *_, dZ, _ = arrays(5, 5, 3, 3, 2, 0, 1, 1, "random", "00i")
    assert dZ[0, 0, 0] == 9  # i is the largest number
    assert conv_backward().values(view="dZ", entry=1, edits="00i")["value"] == "9"
    assert plain["value"] != typed["value"]
    # Places of larger outputs, or of none, change nothing.
    assert conv_backward().text(view="dX", edits="lkizzi") == conv_backward().text(view="dX")


def test_the_browser_reads_what_is_typed_as_dlcore_does():
    lab, rng = conv_backward(), np.random.default_rng(4)
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    settings = []
    for _ in range(40):
        places = sorted(set(rng.integers(0, 1296, 12).tolist()) | {0, 1, 20, 400})
        word = "".join(
            digits[at // 36] + digits[at % 36] + digits[rng.integers(19)] for at in places
        )
        chosen = {"view": list(VIEWS)[rng.integers(4)], "filters": str(rng.integers(1, 4))}
        settings.append(lab.settings(edits=word, **chosen))
    for some, got in zip(settings, browser_states(lab, settings), strict=True):
        series = lab.compute(some)["series"]
        assert {name: got["series"][name] for name in series} == series
