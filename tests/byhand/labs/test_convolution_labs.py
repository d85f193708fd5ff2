"""What the convolution labs compute in the browser by themselves is what Python computes."""

import numpy as np
import pytest

import byhand.labs
from tests.byhand.labs.bundle import browser_states

RUNS = 30


def random_settings(lab, rng):
    """Return one setting of every control that the state depends on."""
    stops = {
        control.name: list(getattr(control, "options", None) or control.values)
        for control in lab.controls
    }
    return {name: stops[name][rng.integers(len(stops[name]))] for name in lab.depends}


@pytest.mark.parametrize("name", ["conv_arithmetic", "conv_backward", "conv_matrix"])
def test_browser_and_python_give_the_same_states(name):
    lab = getattr(byhand.labs, name)()
    rng = np.random.default_rng(0)
    settings = [random_settings(lab, rng) for _ in range(RUNS)]
    for some, state in zip(settings, browser_states(lab, settings), strict=True):
        expected = lab.compute(some)
        near = {k: pytest.approx(v, rel=1e-12) for k, v in expected.items() if type(v) is float}
        assert state == expected | near, some
