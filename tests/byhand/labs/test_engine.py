"""The browser's arithmetic is dlcore's."""

import json
from pathlib import Path

import numpy as np

from byhand.labs.activations import FUNCTIONS
from tests.byhand.labs.bundle import BROWSER, run_node, with_mistake
from tests.byhand.labs.write_fixtures import ELEMENTWISE, PATH, fixtures

TOLERANCE = 1e-10


def engine_errors(browser=BROWSER):
    """Run the engine under Node on the fixtures; return its worst error for each."""
    return run_node(Path(__file__).parent / "engine_errors.mjs", browser, PATH)


def test_engine_agrees_with_dlcore():
    errors = engine_errors()
    for name in ("none", *ELEMENTWISE):
        assert f"training {name} end" in errors
    assert len(errors) == 99 + 2 * 2 * len(FUNCTIONS) + 4 * 4
    assert max(errors.values()) < TOLERANCE, errors


def test_a_wrong_engine_is_found(tmp_path):
    right = "dX[n * dIn + j] += d * W[i * dIn + j];"
    errors = engine_errors(with_mistake(tmp_path, "engine.js", right, right.replace("+=", "=")))
    assert errors["affine dX"] > 0.1
    assert errors["affine dW"] < TOLERANCE


def test_a_wrong_adam_is_found(tmp_path):
    for right, wrong in (("1 - beta2 ** t", "1 - beta1 ** t"), ("/ ofS) + eps", "/ ofS) * eps")):
        errors = engine_errors(with_mistake(tmp_path, "optimizers.js", right, wrong))
        assert errors["regression 5 end"] > 1e-3
        assert errors["regression 5 gradient"] < TOLERANCE


def test_a_mask_that_is_not_used_again_is_found(tmp_path):
    right = "mask ? dropoutBackward(dX, mask) : dX"
    errors = engine_errors(with_mistake(tmp_path, "network.js", right, "dX"))
    assert errors["dropout gradient"] > 1e-3
    assert errors["dropout cost"] < TOLERANCE


def test_fixtures_are_what_dlcore_computes():
    stored, now = json.loads(PATH.read_text(encoding="utf-8")), fixtures()
    assert _shape(stored) == _shape(now), "renew: python -m tests.byhand.labs.write_fixtures"
    for left, right in zip(_numbers(stored), _numbers(now), strict=True):
        np.testing.assert_allclose(
            left,
            right,
            rtol=1e-9,
            atol=1e-11,
            err_msg="renew: python -m tests.byhand.labs.write_fixtures",
        )


def _shape(value):
    if isinstance(value, dict):
        return {key: _shape(entry) for key, entry in value.items()}
    return len(value) if isinstance(value, list) else None


def _numbers(value):
    for entry in value.values():
        if isinstance(entry, dict):
            yield from _numbers(entry)
        else:
            yield entry
