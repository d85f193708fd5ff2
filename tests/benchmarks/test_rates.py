"""The rate with the lowest median cost is chosen, and whether both its neighbors were tried."""

import pytest

from benchmarks.rates import chosen, require_chosen


@pytest.mark.parametrize(
    ("medians", "rate", "inner"),
    [([3, 1, 2], 0.1, True), ([1, 2, 3], 0.01, False), ([3, 2, 1], 1.0, False)],
)
def test_the_lowest_median_decides(medians, rate, inner):
    costs = [[m - 0.5, m, 100.0] for m in medians]
    assert chosen([0.01, 0.1, 1.0], costs) == {"median": medians, "rate": rate, "inner": inner}


def test_one_extreme_draw_does_not_decide():
    assert chosen([0.1, 1.0], [[1.0, 1.0, 100.0], [2.0, 2.0, 2.0]])["rate"] == 0.1


def test_the_first_of_equal_rates_is_taken():
    assert chosen([0.1, 1.0], [[1.0], [1.0]])["rate"] == 0.1


def test_a_choice_that_is_written_down_has_to_be_that_of_the_draws():
    costs = {0.1: [3.0, 5.0], 0.3: [1.0, 2.0], 1.0: [4.0, 4.0]}
    require_chosen("side", 0.3, costs)
    with pytest.raises(ValueError, match=r"^side: SETTINGS say 1.0, but the draws choose 0.3$"):
        require_chosen("side", 1.0, costs)
