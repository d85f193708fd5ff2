"""The lab ``decay`` of chapter 12: what its sentences claim."""

import numpy as np
import pytest

import byhand.labs
from byhand.labs.decay import (
    CURVATURES,
    LIMIT,
    NOISE,
    PER_EPOCH,
    SCHEDULES,
    ball,
    descend,
    noise,
    radius,
)
from tests.byhand.labs.bundle import browser_states, with_mistake
from tests.byhand.labs.ends import ends


@pytest.fixture
def lab():
    return byhand.labs.decay()


def everywhere(lab):
    """Return settings with every schedule, without a warm-up and with one."""
    constants = {"rate": 0.3, "decay": 0.2, "share": 0.9, "k": 1.5, "every": 3}
    return [
        lab.settings(schedule=schedule, warmup=warmup, **constants)
        for schedule in SCHEDULES
        for warmup in (0, 50)
    ]


def distance(found, expected):
    """Return how far numbers are apart, relative to their size from 1 up; words must agree."""
    if isinstance(expected, dict):
        return max(distance(found[name], entry) for name, entry in expected.items())
    if isinstance(expected, list):
        assert len(found) == len(expected)
        return max(map(distance, found, expected))
    if isinstance(found, str | None) or isinstance(expected, str | None):
        return 0 if found == expected else np.inf
    return abs(found - expected) / max(1, abs(expected))


def browser_errors(lab, **where):
    """Return the worst distance of the browser's state from Python's, for each of the settings."""
    settings = everywhere(lab)
    states = browser_states(lab, settings, **where)
    return {
        (some["schedule"], some["warmup"]): distance(state, lab.compute(some))
        for some, state in zip(settings, states, strict=True)
    }


def test_the_browser_runs_as_dlcore_does(lab):
    errors = browser_errors(lab)
    assert len(errors) == 2 * len(SCHEDULES)
    assert max(errors.values()) < 1e-10, errors


@pytest.mark.parametrize(
    ("right", "wrong", "schedules"),
    [
        ("(1 + decay * epoch)", "(1 - decay * epoch)", {"inverse_time"}),
        ("share ** epoch", "share ** (epoch + 1)", {"exponential"}),
        ("k / Math.sqrt(epoch + 1)", "k / Math.sqrt(epoch + 2)", {"inverse_sqrt_epoch"}),
        ("k / Math.sqrt(step + 1)", "k / Math.sqrt(step + 2)", {"inverse_sqrt_step"}),
        ("Math.floor(epoch / every)", "epoch / every", {"staircase"}),
        ("(1 - part) * heights", "part * heights", {"drawn"}),
        ("(Math.PI * step) / STEPS", "(Math.PI * step) / 2 / STEPS", {"cosine"}),
        ("* value + noise[step][i]", "* value - noise[step][i]", set(SCHEDULES)),
    ],
)
def test_a_wrong_run_is_found(lab, tmp_path, right, wrong, schedules):
    errors = browser_errors(lab, browser=with_mistake(tmp_path, "labs/decay.js", right, wrong))
    assert {schedule for (schedule, _), error in errors.items() if error > 1e-3} == schedules


def test_a_rate_that_falls_too_fast_stops_on_the_way(lab):
    start, fast = lab.values(), lab.values(**lab.reveal)
    assert start["radius"] == pytest.approx(0.15, abs=5e-3)  # as the question says
    assert start["radius"] < start["still"] / 3
    assert fast["radius"] > 2 * fast["still"]  # as the answers say
    assert (start["total"], fast["total"]) == pytest.approx((10, 2), abs=0.2)


def test_both_runs_are_one_when_the_rate_is_constant(lab):
    found = lab.values(schedule="constant")
    assert found["radius"] == found["still"]
    assert lab.values(schedule="constant", warmup=100, step=200)["radius"] != found["still"]


def test_every_schedule_but_the_steepest_ends_below_the_constant_rate(lab):
    for schedule in SCHEDULES:
        found = lab.values(schedule=schedule, k=2.0)
        if schedule != "constant":
            assert found["radius"] < found["still"] / 2
            assert found["now"] < found["rate"] / 2


def test_only_the_constants_that_are_enabled_matter(lab):
    base = lab.settings()
    for control in lab.controls:
        for schedule in SCHEDULES if control.off else ():
            at = base | {"schedule": schedule}
            moved = lab.compute(at | {control.name: ends(control)[0]})
            same = moved["path"] == lab.compute(at)["path"]
            assert same == (schedule in control.off["schedule"])


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.4])
def test_the_ball_is_that_of_many_runs(rate):
    rng, sigma = np.random.default_rng(0), 2.5
    w = np.zeros((4000, 2))
    for _ in range(600):
        w = w - rate * (CURVATURES * w + sigma * rng.standard_normal(w.shape))
    measured = np.sqrt((w**2).sum(axis=1).mean())
    assert ball(rate, sigma) == pytest.approx(measured, rel=0.05)


def test_the_ball_shrinks_with_the_root_of_rate_over_batch():
    assert ball(0.001, 1.0) / ball(0.004, 1.0) == pytest.approx(0.5, rel=0.01)
    assert ball(0.1, NOISE / np.sqrt(64)) == pytest.approx(ball(0.1, NOISE / np.sqrt(16)) / 2)


def test_above_the_limit_a_constant_rate_diverges(lab):
    assert LIMIT == 0.5
    assert ball(LIMIT, 1.0) is None
    assert lab.values(rate=0.4)["still"] < 5
    assert lab.values(rate=0.6)["still"] > 1e6
    assert lab.values(rate=0.6)["limit"] == LIMIT
    assert lab.values(rate=0.5)["limit"] is None
    assert lab.values(rate=0.6, share=0.8)["radius"] < 1  # and the rate that falls comes back


def test_the_path_is_gradient_descent_in_the_noise():
    path = descend([0.1, 0.05, 0.0], deviation=2.0)
    gradient = CURVATURES * path[1] + 2.0 * noise()[1]
    np.testing.assert_allclose(path[2], path[1] - 0.05 * gradient, rtol=1e-14)
    assert radius(path, 0) == pytest.approx(np.hypot(*path[0]))
    assert radius(path, 1) == pytest.approx(np.hypot(*path[1]))


def test_an_epoch_has_ten_steps(lab):
    rates = lab.compute(lab.settings())["rates"]
    assert PER_EPOCH == 10
    assert [len(set(rates[i : i + 10])) for i in range(0, 400, 10)] == [1] * 40
    np.testing.assert_allclose(rates[::10], 0.1 * 0.9 ** np.arange(41), rtol=1e-12)
