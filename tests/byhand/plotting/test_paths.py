import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting._canvas import ORANGE

WEIGHTS = [np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([[0.5, -2, 7], [8, 9, -1.5]])]


def test_the_path_is_marked_and_nothing_else():
    plotting.path(WEIGHTS, [1, 2, 0])
    marked = {line.get_label() for line in plt.gca().lines if line.get_color() == ORANGE}
    assert marked == {"0: 1 to 2", "1: 2 to 0"}
    thick = {p.get_label() for p in plt.gca().patches if p.get_linewidth() > 2}
    assert thick == {"unit 0.1", "unit 1.2", "unit 2.0"}


def test_it_carries_its_weights_and_slopes(words):
    plotting.path(WEIGHTS, [1, 2, 0], slopes=[np.array([0.1, 0.2, 0.3]), np.array([0.4, 0.6])])
    assert {"6", "7", "0.3", "0.4"} <= set(words())
    assert not {"0.1", "0.2", "0.6", "8"} & set(words())


@pytest.mark.parametrize(
    ("units", "slopes", "message"),
    [
        ([1, 2], None, "units has 2 entries, expected 3"),
        ([1, 3, 0], None, r"units\[1\] is 3"),
        ([1, 2, 0], [np.ones(3)], "slopes has 1 entries, expected 2"),
    ],
)
def test_errors(units, slopes, message):
    with pytest.raises(ValueError, match=message):
        plotting.path(WEIGHTS, units, slopes=slopes)
