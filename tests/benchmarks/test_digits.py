"""The benchmarks that train: on little data, and for a step."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import digits, steps
from tests.require import require

try:
    import torch
except ImportError:
    torch = None


def test_arrays_and_loops_compute_the_same_gradient():
    ours, loops = (step() for step in digits.companion_steps().values())
    assert ours.size == 31_504
    np.testing.assert_allclose(ours, loops, rtol=1e-3, atol=1e-6)


def test_each_seed_holds_out_another_fifth():
    experiment = digits.EXPERIMENTS["LeNet-5 as published, digits"]
    X, y, X_test, y_test = experiment.images(None, 0)
    assert (X.shape, X_test.shape) == ((1437, 1, 32, 32), (360, 1, 32, 32))
    assert (len(y), len(y_test), X.dtype) == (1437, 360, np.float32)
    assert (X.min(), X.max()) == pytest.approx((-0.1, 1.175))
    assert not np.array_equal(y_test, experiment.images(None, 1)[3])


def test_an_experiment_in_short(capsys, monkeypatch):
    short = replace(digits.EXPERIMENTS["LeNet-5, modern, digits"], epochs=2)
    monkeypatch.setattr(digits, "EXPERIMENTS", {"short": short})
    monkeypatch.setattr(digits, "run_each", lambda f, cases, name: [f(*case) for case in cases])
    monkeypatch.setattr(digits, "interleave", lambda functions, rounds: {})
    monkeypatch.setattr(digits, "table", lambda timings: "")
    digits.main(names=["short"], seeds=2)
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("short"))
    mean, _, least, most, seconds = map(float, row.split()[1:])
    assert 70 < least <= mean <= most <= 100
    assert seconds > 0


@pytest.mark.oracle
@pytest.mark.parametrize("name", steps.STEPS)
def test_both_libraries_take_the_same_steps(name):
    require("PyTorch", torch is not None, "pip install torch==2.13.0")
    timings = steps.compare(steps.STEPS[name], rounds=1)
    assert timings.keys() == {"dlcore", "PyTorch"}
