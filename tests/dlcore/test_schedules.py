"""Learning-rate schedules, by hand and beside PyTorch's."""

import math

import pytest

from dlcore.schedules import (
    cosine,
    exponential,
    inverse_sqrt_epoch,
    inverse_sqrt_step,
    inverse_time,
    staircase,
    warmup,
)
from tests.require import require

try:
    import torch
except ImportError:
    torch = None


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        # The notes' table: lr 0.2 and a decay rate of 1.
        (lambda t: inverse_time(t, lr=0.2, decay_rate=1), [0.2, 0.1, 0.2 / 3, 0.05]),
        (lambda t: exponential(t, lr=0.2, decay_rate=0.5), [0.2, 0.1, 0.05, 0.025]),
        (lambda t: inverse_sqrt_epoch(t + 1, lr=0.2), [0.2, 0.2 / math.sqrt(2), 0.2 / 3**0.5, 0.1]),
        (lambda t: inverse_sqrt_step(4 * t + 4, lr=0.2, k=3), [0.3, 0.6 / 8**0.5, 0.6 / 12**0.5]),
        (lambda t: staircase(t, lr=0.2, every=2), [0.2, 0.2, 0.1, 0.1, 0.05]),
        (lambda t: staircase(t, lr=1.0, every=1, factor=0.1), [1.0, 0.1, 0.01]),
        (lambda t: warmup(t, lr=0.2, steps=4), [0.05, 0.1, 0.15, 0.2, 0.2, 0.2]),
        (lambda t: warmup(t, lr=0.2, steps=1), [0.2, 0.2]),
        (lambda t: cosine(t, lr=0.2, steps=3), [0.2, 0.15, 0.05, 0, 0]),
        (lambda t: cosine(t, lr=0.2, steps=2, final=0.1), [0.2, 0.15, 0.1, 0.1]),
        (lambda t: warmup(t, cosine(t, 0.2, 4), steps=2), [0.1, 0.1 * (1 + 0.5**0.5), 0.1]),
    ],
)
def test_by_hand(schedule, rates):
    got = [schedule(t) for t in range(len(rates))]
    assert got == pytest.approx(rates, rel=1e-14, abs=1e-17)
    assert all(type(rate) is float for rate in got)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("schedule", "name", "options"),
    [
        (lambda t: exponential(t, 0.1, 0.9), "ExponentialLR", {"gamma": 0.9}),
        (lambda t: staircase(t, 0.1, 7, 0.3), "StepLR", {"step_size": 7, "gamma": 0.3}),
        (lambda t: cosine(t, 0.1, 30, 0.01), "CosineAnnealingLR", {"T_max": 30, "eta_min": 0.01}),
        (lambda t: warmup(t, 0.1, 8), "LinearLR", {"start_factor": 1 / 8, "total_iters": 7}),
    ],
)
def test_thirty_epochs_beside_pytorch(schedule, name, options):
    require("PyTorch", torch is not None, "pip install torch==2.13.0")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    theirs = getattr(torch.optim.lr_scheduler, name)(optimizer, **options)
    for epoch in range(30):
        assert schedule(epoch) == pytest.approx(theirs.get_last_lr()[0], rel=1e-12)
        optimizer.step()
        theirs.step()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inverse_sqrt_epoch(0, 0.1),
         r"inverse_sqrt_epoch: epoch is 0, expected a number >= 1; .*, pass epoch \+ 1"),
        (lambda: inverse_sqrt_step(0, 0.1),
         r"inverse_sqrt_step: step is 0, expected a number >= 1; counted from 0, pass step \+ 1"),
        (lambda: inverse_time(-1, 0.1, 1), "inverse_time: epoch is -1, expected a number >= 0$"),
        (lambda: inverse_time(1, 0.1, 0), "inverse_time: decay_rate is 0, expected a number > 0"),
        (lambda: exponential(1, -0.1, 1), "exponential: lr is -0.1, expected a number > 0"),
        (lambda: inverse_sqrt_step(1, 0.1, k=0), "inverse_sqrt_step: k is 0"),
        (lambda: staircase(1, 0.1, 0), "staircase: every is 0"),
        (lambda: staircase(1, 0.1, 1, math.nan), "staircase: factor is nan"),
        (lambda: warmup(1, 0.1, 0), "warmup: steps is 0"),
        (lambda: cosine(math.nan, 0.1, 5), "cosine: step is nan"),
        (lambda: cosine(1, 0.1, 5, -1), "cosine: final is -1, expected a number >= 0"),
    ],
)  # fmt: skip
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()
