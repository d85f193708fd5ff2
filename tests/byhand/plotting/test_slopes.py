import matplotlib.pyplot as plt
import pytest

from byhand import plotting

PANEL = (["z1", "z2"], ["x1", "x2", "x3"], [["a", "", "b"], ["", "c", ""]], [(0, 0, 2, 1)])


def test_each_value_is_a_circle_and_each_slope_stands_at_its_arrow(count, words):
    plotting.slope_graph([["x"], ["g", "h"], ["f"]], [[[3], [5]], [[7, -2]]])
    assert [count(name) for name in "xghf"] == [1, 1, 1, 1]
    assert {"3", "5", "7", "−2"} <= set(words())
    places = {text.get_text(): text.get_position() for text in plt.gca().texts}
    assert places["x"][0] < places["3"][0] < places["g"][0]
    assert places["3"][1] < places["5"][1]  # the slope of g above that of h
    assert places["7"][1] < places["−2"][1]


@pytest.mark.parametrize(
    ("stages", "slopes", "message"),
    [
        ([["x"]], [], "stages has 1 entries, expected two or more"),
        ([["x"], ["x"]], [[[1]]], "expected each name once"),
        ([["x"], ["f"]], [], "slopes has 0 entries, expected 1"),
        ([["x"], ["g", "h"]], [[[1, 2]]], r"shape \(1, 2\), expected \(2, 1\).*transposed"),
    ],
)
def test_a_graph_that_cannot_be_drawn_is_refused(stages, slopes, message):
    with pytest.raises(ValueError, match=message):
        plotting.slope_graph(stages, slopes)


def test_the_jacobians_of_a_layer_have_as_many_entries_as_the_layer_has_slopes(count):
    plotting.layer_jacobians(2, 3)
    assert count("kernel") == 2 * 3 + 3 + 3 * 2 + 2 * 3 * 2
    assert count("plain") == 6 + 3 * 4 + 12
    assert count("block") == 3 + 2


def test_a_layer_has_whole_numbers_of_inputs_and_units():
    with pytest.raises(TypeError, match="layer_jacobians: inputs"):
        plotting.layer_jacobians(2.5, 3)


def test_entries_that_are_not_zero_are_colored_and_blocks_framed(count):
    plotting.jacobians({"one": PANEL, "two": PANEL})
    assert [count(label) for label in ("kernel", "plain", "block")] == [6, 6, 2]


def test_a_panel_that_does_not_fit_goes_to_the_next_line():
    plotting.jacobians({"one": PANEL, "two": PANEL}, across=6)
    tops = {t.get_text(): t.get_position()[1] for t in plt.gca().texts}
    assert tops["two"] > tops["one"] + 3


@pytest.mark.parametrize(
    ("panels", "message"),
    [
        ({}, "panels is empty"),
        ({"one": (["z"], ["x"], [["a", "b"]], [])}, r"'one' has rows of \[2\] entries"),
        ({"one": (["z", "y"], ["x"], [["a"]], [])}, "expected 2 rows of 1"),
    ],
)
def test_entries_that_do_not_fit_their_names_are_refused(panels, message):
    with pytest.raises(ValueError, match=message):
        plotting.jacobians(panels)
