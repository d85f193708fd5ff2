"""What is chosen in a lab's picture: a drag or a click moves the control that belongs to it."""

import re

import pytest

from tests.book import alone
from tests.book.keyboard import settle

pytestmark = pytest.mark.browser


class Picture:
    """One panel of a lab that is alone on its page; places are shares of the panel.

    Parameters
    ----------
    page : Playwright's page
    name : str
        The function that makes the lab.
    title : str
        What the panel's title holds.
    """

    def __init__(self, page, name, title):
        self.page, self.lab = page, alone.lab(name)
        self.drawing = page.locator(".lab-panel", has_text=title).locator(".lab-draw-on").first
        self.drawing.scroll_into_view_if_needed()

    def _at(self, x, y):
        box = self.drawing.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def drag(self, *places):
        """Put the mouse down at the first place, and move it to the others."""
        first, *others = (self._at(*place) for place in places)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for place in others:
            self.page.mouse.move(*place, steps=4)
        self.page.mouse.up()
        settle(self.page)

    def setting(self, name):
        """Return what the address says of a control; None where it is at its start."""
        found = re.search(rf"[?&]{self.lab.name}\.{name}=([^&#]+)", self.page.url)
        return found and found[1]

    def says(self, **settings):
        """Tell whether the sentence is Python's at these settings."""
        return self.page.locator(".lab-summary").inner_text().endswith(self.lab.text(**settings))


@pytest.fixture
def picture(page, alone_url):
    """Return ``picture(name, title, query)``: a panel of a lab; no error may come of its use."""

    def picture(name, title, query=""):
        page.goto(alone_url(name) + query)
        settle(page)
        return Picture(page, name, title)

    yield picture
    assert page.errors == []


def test_the_bell_of_scores_is_moved_and_stretched(picture):
    bell = picture("activations", "The function g")
    bell.drag((0.54, 0.7), (0.7, 0.7))
    mean = float(bell.setting("mean"))
    assert 2.5 < mean < 5
    assert bell.says(mean=mean)
    slope = Picture(bell.page, "activations", "Its slope")
    slope.drag((0.75, 0.75), (0.9, 0.75))
    spread = float(slope.setting("spread"))
    assert 2 < spread <= 4
    assert slope.says(mean=mean, spread=spread)


def test_the_start_of_a_run_is_dragged_and_its_chart_scrubbed(picture):
    surface = picture("learning_rate", "Cost surface")
    surface.drag((0.3, 0.3), (0.4, 0.25))
    start = {name: float(surface.setting(name)) for name in ("from1", "from2")}
    assert -1.5 < start["from1"] < 0.5
    assert 1 < start["from2"] < 3
    assert surface.says(**start)
    cost = Picture(surface.page, "learning_rate", "Cost J")
    cost.drag((0.3, 0.5), (0.9, 0.5))
    iteration = int(cost.setting("iteration"))
    assert 45 < iteration < 58
    assert cost.says(iteration=iteration, **start)


def test_the_map_grows_with_a_path_that_leaves_it(picture):
    surface = picture("learning_rate", "Cost surface", "?learning-rate.rate=100.0")
    ends = surface.drawing.locator("svg").evaluate("svg => svg.scale('x').domain")
    assert ends[0] < -50
    assert ends[1] > 50
    surface.drag((0.5, 0.5), (0.5, 0.4))
    assert surface.setting("iteration") == "0"


def test_an_input_of_the_graph_is_dragged_and_its_gates_are_clicked(picture):
    graph = picture("graph", "Graph")
    first = graph.drawing.locator("rect").first.bounding_box()  # w₀
    box = graph.drawing.bounding_box()
    x = (first["x"] + first["width"] / 2 - box["x"]) / box["width"]
    y = (first["y"] + first["height"] / 2 - box["y"]) / box["height"]
    graph.drag((x, y), (x - 48 / box["width"], y))
    assert graph.setting("w0") == "0"
    assert graph.says(w0=0.0)
    gate = graph.drawing.locator("rect").nth(5)  # p₀
    for walk in ("16", "1"):
        gate.click(force=True)
        settle(graph.page)
        assert graph.setting("walk") == walk
    assert graph.says(w0=0.0, walk=1)


def test_an_array_of_the_debugger_is_clicked_and_its_line_is_mended(picture):
    arrays = picture("backprop_debugger", "The way forward")
    arrays.drawing.get_by_text("dW₁", exact=True).click(force=True)
    settle(arrays.page)
    assert arrays.setting("step") == "10"
    assert arrays.says(step=10)
    arrays.drawing.get_by_text("dZ₁", exact=True).click(force=True)
    settle(arrays.page)
    line = Picture(arrays.page, "backprop_debugger", "The line that runs")
    line.drawing.get_by_text("click to mend").click(force=True)
    settle(arrays.page)
    assert line.setting("mistake") == "none"
    assert line.says(mistake="none", step=9)


def test_a_unit_is_chosen_by_its_map_and_is_not_trained_again(picture):
    maps = picture("hidden_units", "Each unit adds")
    maps.drawing.locator("rect").nth(2).click(force=True)
    assert maps.page.locator("[data-busy]").count() == 0  # at once
    assert maps.setting("unit") == "3"
    assert maps.says(unit=3)
    slider = maps.page.get_by_label("Unit shown", exact=True)
    assert slider.get_attribute("max") == "3"  # of the 20 that a network can have
    chart = Picture(maps.page, "hidden_units", "Accuracy")
    chart.drag((0.25, 0.5))
    iteration = int(chart.setting("iteration"))
    assert 0 < iteration < 500
    assert chart.says(unit=3, iteration=iteration)


def test_a_bad_start_is_dragged_up_the_sigmoid_and_its_wait_is_drawn(picture):
    start = picture("slow_start", "Where it stands")
    start.drag((0.6, 0.5), (0.75, 0.3))
    w, b = (float(start.setting(name)) for name in "wb")
    assert w == b >= 2.5
    output = Picture(start.page, "slow_start", "Output a")
    last = output.drawing.locator("svg").evaluate("svg => svg.scale('x').domain[1]")
    assert last == 2000  # the quadratic cost waits longer than 300 epochs
    output.drag((0.9, 0.5))
    epoch = int(output.setting("epoch"))
    assert epoch > 1500
    assert output.says(w=w, b=b, epoch=epoch)


def test_a_single_bump_is_dragged_and_its_sliders_go_along(picture):
    bumps = picture("bumps", "The single bumps")
    bumps.drag((0.3, 0.5), (0.3, 0.25))
    heights = bumps.setting("heights")
    assert bumps.setting("way") == "own"
    bump = int(bumps.setting("bump"))
    assert 3 <= bump <= 4
    assert bumps.says(way="own", heights=heights)
    height = bumps.page.get_by_label("Its height, of your own", exact=True)
    height.press("Home")
    settle(bumps.page)
    lower = heights[: bump - 1] + "0" + heights[bump:]
    assert bumps.setting("heights") == lower
    assert bumps.says(way="own", heights=lower)
