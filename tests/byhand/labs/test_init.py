"""The lab ``init`` shows what the chapter says."""

import numpy as np
import pytest

import byhand.labs


def test_init_shows_what_vanishes_and_explodes():
    lab = byhand.labs.init()
    assert lab.values()["verdict"] == "they vanish"
    assert lab.values(activation="tanh")["verdict"] == "they get through"
    assert lab.values(activation="tanh", gain=3.0, depth=30)["verdict"] == "they explode"
    assert lab.values(scheme="zeros", activation="relu")["verdict"] == "there are none"
    he = lab.values(scheme="he", activation="relu", width=32)
    np.testing.assert_allclose(np.log10(he["squares"][:4]), np.log10(he["q"][:4]), atol=0.35)
    zeros = lab.values(scheme="zeros", activation="relu")
    assert zeros["costs"] == pytest.approx([np.log(2)] * len(zeros["costs"]))


def test_chaos_is_said_where_it_is():
    lab = byhand.labs.init()
    chaos = {"activation": "tanh", "scheme": "xavier", "gain": 5.0, "depth": 12, "width": 32}
    words = "This training is chaotic: with all weights larger by 1·10⁻¹² of themselves it ends at"
    assert words not in lab.text()
    assert words in lab.text(**chaos)
