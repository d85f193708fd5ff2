"""Where the browser has a lab's states from: the page, the lab's own training, or the kernel."""

import json
from pathlib import Path

import numpy as np
import pytest

import byhand.labs
from tests.byhand.labs.bundle import BROWSER, run_node


def look_up(spec, settings):
    """Look each of the settings up twice in the browser's states; return what it tells."""
    script, asked = Path(__file__).parent / "jobs.mjs", {"spec": spec, "settings": settings}
    return run_node(script, BROWSER / "states.js", text=json.dumps(asked))


@pytest.mark.parametrize("name", ["epsilon", "untangle"])
def test_a_state_of_the_page_is_the_one_that_belongs_to_the_settings(name):
    lab, rng = getattr(byhand.labs, name)(), np.random.default_rng(0)
    stops = {control.name: list(control.values) for control in lab.controls}
    settings = [
        {name: values[rng.integers(len(values))] for name, values in stops.items()}
        for _ in range(20)
    ]
    told = look_up(lab.spec(), settings)
    assert told["asked"] == []
    assert told["found"][::2] == told["found"][1::2] == [lab.compute(some) for some in settings]


def test_without_states_in_the_page_the_lab_trains_to_the_last_stop():
    lab = byhand.labs.hidden_units()
    (first, second) = look_up(lab.spec(), [lab.settings()])["found"]
    (scrubber,) = (control for control in lab.controls if control.kind == "scrubber")
    assert first == second == {"some": lab.settings(), "stop": scrubber.values[-1]}


def test_between_the_stops_the_kernel_is_asked_once():
    lab = byhand.labs.learning_rate()
    right, wrong = lab.settings() | {"rate": 0.123}, lab.settings() | {"rate": -1}
    told = look_up(lab.spec(live=True), [right, wrong])
    assert told["asked"] == [right, wrong]
    assert told["arrived"] == 2
    assert told["found"] == [{"some": right}, {"some": right}, "below 0", "below 0"]
