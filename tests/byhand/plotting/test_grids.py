import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from byhand.plotting._canvas import FRAMES
from dlcore.errors import ShapeError


def kernels(k):
    """Return how many kernels are drawn, by their colored cells."""
    color = plt.matplotlib.colors.to_rgba(FRAMES[0][2])
    cells = [patch for patch in plt.gca().patches if patch.get_facecolor() == color]
    return len(cells) / k**2


@pytest.mark.parametrize(("C", "F", "G"), [(2, 3, 1), (4, 2, 2), (3, 3, 3), (4, 8, 4)])
def test_there_is_a_kernel_where_a_filter_reads_a_channel(C, F, G):
    plotting.filter_grid(C, F, k=2, groups=G)
    assert kernels(2) == C * F / G
    dots = [text for text in plt.gca().texts if text.get_text() == "·"]
    assert len(dots) == C * F - C * F // G
    names = [text.get_text() for text in plt.gca().texts]
    assert all(f"map {f}" in names for f in range(F))


def test_a_dot_stands_where_channel_and_filter_are_of_different_groups():
    plotting.filter_grid(2, 2, groups=2)
    found = [text.get_position() for text in plt.gca().texts if text.get_text() == "·"]
    (x0, y0), (x1, y1) = sorted(found)
    assert x0 < x1
    assert y0 > y1  # filter 0 misses the lower channel, filter 1 the upper
    assert np.isfinite([x0, x1, y0, y1]).all()


def test_what_does_not_fit():
    with pytest.raises(ShapeError, match="groups is 2, expected"):
        plotting.filter_grid(3, 2, groups=2)
    with pytest.raises(ShapeError, match="a kernel of 5"):
        plotting.filter_grid(1, 1, n=4, k=5)
    with pytest.raises(ValueError, match="channels is 0"):
        plotting.filter_grid(0, 1)
