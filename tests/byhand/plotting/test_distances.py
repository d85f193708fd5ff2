"""The half-plane of a unit: the line, its normal and its distances."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from byhand import plotting
from dlcore.errors import ShapeError


def lines_of(axis, style):
    return [line.get_xydata() for line in axis.lines if line.get_linestyle() == style]


@pytest.mark.parametrize("w", [(3.0, 4.0), (-1.0, 0.0), (0.0, 2.0)])
@pytest.mark.parametrize("b", [-5.0, 1.0])
def test_the_line_is_where_the_score_is_zero(w, b):
    _, axis = plt.subplots()
    assert plotting.line_distance(axis, w, b, point=(1.0, 2.0)) is None
    line = next(xy for xy in lines_of(axis, "-") if len(xy) == 2)
    np.testing.assert_allclose(line @ w + b, 0, atol=1e-12)
    (foot,) = lines_of(axis, "--")
    assert np.hypot(*foot[1]) == pytest.approx(abs(b) / np.hypot(*w))
    (dotted,) = lines_of(axis, ":")
    np.testing.assert_allclose(dotted[1] @ w + b, 0, atol=1e-12)
    label = f"{(np.dot(w, (1, 2)) + b) / np.hypot(*w):+.2f}".replace("-", "\N{MINUS SIGN}")
    assert label in [text.get_text() for text in axis.texts]
    (shaded,) = axis.patches
    middle = shaded.get_xy()[:4].mean(axis=0)
    assert middle @ w + b > 0


def test_a_line_through_the_origin_has_no_distance():
    _, axis = plt.subplots()
    plotting.line_distance(axis, (1.0, 1.0), 0.0)
    assert not lines_of(axis, "--")


def test_errors_say_what_is_wrong():
    _, axis = plt.subplots()
    with pytest.raises(ShapeError, match="two weights"):
        plotting.line_distance(axis, (1.0, 2.0, 3.0), 0.0)
    with pytest.raises(ValueError, match="it has no line"):
        plotting.line_distance(axis, (0.0, 0.0), 1.0)
