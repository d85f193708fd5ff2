"""The lab ``batchnorm`` shows what a batch does to its members."""

import numpy as np
import pytest

import byhand.labs


@pytest.fixture(scope="module")
def lab():
    return byhand.labs.batchnorm()


def test_an_example_that_moves_moves_what_its_batch_is_normalized_by(lab):
    low, high = (lab.values(followed=place) for place in (-3.0, 3.0))
    assert low["mean"] + 1 < high["mean"]
    assert low["run_mean"] == high["run_mean"]
    inference = [lab.values(mode="test", followed=place)["z"] for place in (-3.0, 0.0, 3.0)]
    assert np.ptp(np.diff(inference)) == pytest.approx(0)  # a straight line: no batch has a say


def test_no_member_of_a_batch_comes_out_farther_than_its_size_allows(lab):
    for batch in (2, 4, 16):
        far = lab.compute(lab.settings(batch=batch, followed=3.0))["series"]["normal"]
        assert max(far) <= np.sqrt(batch - 1) + 1e-6


def test_shift_and_scale_do_not_show_in_training(lab):
    plain, moved = (
        lab.values(shift=shift, scale=scale) for shift, scale in ((0.0, 1.0), (6.0, 3.0))
    )
    assert plain["with_cost"] == pytest.approx(moved["with_cost"], abs=1e-3)
    assert plain["without_cost"] != pytest.approx(moved["without_cost"], abs=1e-2)


def test_a_batch_of_one_comes_out_at_beta(lab):
    for place in (-3.0, 1.5):
        assert lab.values(batch=1, beta=0.5, followed=place)["z"] == pytest.approx(0.5)
