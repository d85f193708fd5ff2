"""Every lab that trains in the browser computes what dlcore does, wherever its controls stand."""

import math

import numpy as np
import pytest

import byhand.labs
from tests.byhand.labs.bundle import BROWSER, browser_states, with_mistake
from tests.byhand.labs.chaos import chaotic, start_of
from tests.byhand.labs.names import LABS

TRAINED = [name for name in LABS if not getattr(byhand.labs, name)().precomputed]
# Of those that train long, fewer; --settings 60 draws 60 of each.
FEW = {"hidden_units": 6, "init": 6, "regularization": 6, "race": 20, "batchnorm": 20, "bumps": 20}
TOLERANCE = 1e-5  # steps with a large rate make much of the last digits


def drawn(lab, rng):
    """Return settings, a stop of each control."""
    stops = {control.name: list(getattr(control, "values", ())) for control in lab.controls}
    return lab.settings(**{name: v[rng.integers(len(v))] for name, v in stops.items() if v})


def apart(wanted, got, place=""):
    """Yield where the browser's state is another one; it may hold more than Python's."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            if key not in got:
                yield f"{place}.{key}: missing in the browser"
            else:
                yield from apart(value, got[key], f"{place}.{key}")
    elif isinstance(wanted, list | tuple | np.ndarray):
        entries = list(got.values()) if isinstance(got, dict) else got
        if len(wanted) != len(entries):
            yield f"{place}: {len(wanted)} entries, {len(entries)} in the browser"
            return
        for i, (left, right) in enumerate(zip(wanted, entries, strict=True)):
            yield from apart(left, right, f"{place}[{i}]")
    elif isinstance(wanted, float | np.floating) and math.isfinite(wanted):
        if got is None or not abs(wanted - got) <= TOLERANCE * max(1, abs(wanted)):
            yield f"{place}: {wanted}, {got} in the browser"
    elif isinstance(wanted, float | np.floating):
        if got is not None:  # JSON has no nan
            yield f"{place}: {wanted}, {got} in the browser"
    elif wanted != got:
        yield f"{place}: {wanted!r}, {got!r} in the browser"


def faults(name, count, browser=BROWSER):
    """Return settings at which the browser computes something else, each with what it is."""
    lab, rng = getattr(byhand.labs, name)(), np.random.default_rng(1)
    settings = [drawn(lab, rng) for _ in range(count)]
    found = []
    for some, theirs in zip(settings, browser_states(lab, settings, browser), strict=True):
        ours = dict(lab.compute(some))
        if chaotic(ours) or chaotic(theirs):
            ours, theirs = start_of(ours), start_of(theirs)
        found += [(some, place) for place in list(apart(ours, theirs))[:3]]
    return found


@pytest.mark.parametrize("name", TRAINED)
def test_the_browser_computes_what_dlcore_does(name, request):
    count = request.config.getoption("--settings") or FEW.get(name, 60)
    assert faults(name, count) == []


def test_a_mistake_in_the_browser_is_found(tmp_path):
    mistaken = with_mistake(tmp_path, "labs/decay.js", "1 / (1 + decay * epoch)", "1 / (1 + decay)")
    assert faults("decay", 60, mistaken)
