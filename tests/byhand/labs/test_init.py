"""The lab ``init``: the browser computes what dlcore does, and shows what the chapter says."""

import json

import numpy as np
import pytest

import byhand.labs
from tests.byhand.labs.bundle import BROWSER, run_node

CASES = [
    {},
    {"activation": "tanh"},
    {"scheme": "he", "activation": "relu", "depth": 20, "width": 32},
    {"scheme": "normal", "gain": 0.2, "activation": "tanh", "depth": 5, "width": 6},
    {"scheme": "constant", "gain": 2.0, "depth": 3},
    {"scheme": "zeros", "activation": "relu"},
]


def test_the_browser_computes_what_dlcore_does(tmp_path):
    lab = byhand.labs.init()
    cases = [
        {"settings": lab.settings(**c), "state": lab.compute(lab.settings(**c))} for c in CASES
    ]
    shared = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in lab.shared().items()
    }
    path = tmp_path / "init.json"
    path.write_text(json.dumps({"shared": shared, "cases": cases}), encoding="utf-8")
    errors = run_node(
        BROWSER.parents[2] / "tests/byhand/labs/init_errors.mjs", BROWSER / "labs/init.js", path
    )
    assert len(errors) == len(CASES)
    assert max(errors) < 1e-10, errors


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
