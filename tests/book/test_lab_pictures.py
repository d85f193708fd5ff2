"""What can be chosen in a lab's picture is chosen there, and goes on by keyboard."""

import re

import pytest

from byhand.labs.text import show
from tests.book import alone
from tests.book.finger import PHONE, Finger
from tests.book.keyboard import settle

pytestmark = pytest.mark.browser


def go(page, address):
    """Open a page with a lab."""
    page.goto(address)
    settle(page)
    return page


def summary(page):
    return page.locator(".lab-summary").first.inner_text()


def equation(page):
    return page.locator(".lab-equation").first.inner_text()


def panel(page, title):
    """Return the drawing under a title, on the screen."""
    found = page.locator(".lab-panel", has_text=title).locator(".lab-draw-on").first
    found.scroll_into_view_if_needed()
    return found


def center(rect):
    """Return the middle of a part of a drawing, on the screen."""
    return rect.evaluate("""node => {
      const {x, y, width, height} = node.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    }""")


def largest(drawing):
    """Return the places of a drawing's two largest squares, the largest first."""
    squares = drawing.locator(".of-share rect")
    sizes = [part.bounding_box()["width"] for part in squares.all()]
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])
    return [center(squares.nth(k)) for k in order[:2]]


# --- architectures: the networks as blocks ---


def test_a_layer_of_either_network_tells_its_arithmetic(page, alone_url):
    go(page, alone_url("architectures"))
    lab = alone.lab("architectures")
    theirs, ours = largest(panel(page, "The networks"))  # VGG-16's fc6, AlexNet's
    before = equation(page)
    page.mouse.move(*ours)
    assert "37,748,736 weights + 4,096 biases" in equation(page)
    assert "architectures.layer" not in page.url  # it rests there, and does not stay
    page.mouse.move(*theirs)
    assert "102,760,448 weights + 4,096 biases" in equation(page)
    page.mouse.move(0, 0)
    assert equation(page) == before
    page.mouse.click(*ours)
    assert summary(page) == f"Layer: 11. {lab.text(layer=11)}"
    assert "architectures.layer=11" in page.url
    page.mouse.click(*theirs)
    swapped = {"net": "vgg16", "beside": "alexnet", "layer": 19}
    assert summary(page) == f"Network: VGG-16. Layer: 19. {lab.text(**swapped)}"
    assert largest(panel(page, "The networks"))[0] == pytest.approx(theirs, abs=1)  # it stays
    assert page.get_by_label("Beside it", exact=True).input_value() == "alexnet"
    assert page.errors == []


def test_a_row_of_the_ledger_and_a_ring_of_the_map_can_be_chosen(page, alone_url):
    go(page, alone_url("architectures"))
    lab = alone.lab("architectures")
    row = panel(page, "Each layer").locator("text", has_text=re.compile("^conv2$")).first
    page.mouse.click(*center(row))
    assert summary(page) == f"Layer: 4. {lab.text(layer=4)}"
    ring = panel(page, "All five").locator("text", has_text="LeNet-5").first
    page.mouse.click(*center(ring))
    assert summary(page) == f"Network: LeNet-5. {lab.text(net='lenet5', layer=4)}"


def test_every_network_takes_the_same_room(page, alone_url):
    go(page, alone_url("architectures"))
    panels = page.locator(".lab-panels")
    heights = set()
    for net in ("lenet5", "alexnet", "vgg16"):
        page.get_by_label("Network", exact=True).select_option(net)
        for beside in ("none", "vgg11"):
            page.get_by_label("Beside it", exact=True).select_option(beside)
            heights.add(panels.bounding_box()["height"])
    assert len(heights) == 1


def test_a_finger_chooses_a_layer(open_page, alone_url):
    page = go(open_page(**PHONE), alone_url("architectures"))
    drawing = panel(page, "The networks")
    place, box = largest(drawing)[1], drawing.bounding_box()
    share = [(at - box[side]) / box[size] for at, side, size in
             zip(place, "xy", ("width", "height"), strict=True)]  # fmt: skip
    with Finger(page).on(drawing.element_handle(), x=share[0], y=share[1]):
        pass
    assert "architectures.layer=11" in page.url


# --- search: nine points of one's own ---


def test_a_point_is_dragged_on_the_map_and_goes_on_by_keyboard(page, alone_url):
    go(page, alone_url("search"))
    lab = alone.lab("search")
    box = panel(page, "One task").bounding_box()
    assert page.get_by_label("Its learning rate", exact=True).is_hidden()
    corner = box["x"] + box["width"] - 16, box["y"] + 22  # the largest rate, the other at 1
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0] - 80, corner[1] + 80, steps=5)
    page.mouse.up()
    across, up = (re.search(rf"search\.{name}=(\w+)", page.url)[1] for name in ("across", "up"))
    assert "search.point=9" in page.url
    start = lab.settings()
    assert across[:8] + up[:8] == start["across"][:8] + start["up"][:8]  # the others stay
    assert across[8] < "k"
    assert up[8] < "k"
    own = {"method": "own", "point": "9", "across": across, "up": up}
    assert summary(page).endswith(lab.text(**own))
    assert "Your own nine points try 4 rates and reach" in summary(page)
    rate = page.get_by_label("Its learning rate", exact=True)
    assert rate.evaluate("node => node === document.activeElement")
    page.keyboard.press("Home")
    assert summary(page).startswith("Its learning rate: 0.0001")
    page.get_by_label("Your point", exact=True).select_option("1")
    page.get_by_label("Its other value", exact=True).press("End")
    assert f"search.up=k{up[1:]}" in page.url
    assert page.errors == []


def test_play_lets_the_tasks_run_by(page, alone_url):
    go(page, alone_url("search"))
    page.get_by_role("button", name="Play: tasks").click()
    page.wait_for_function("document.querySelector('.lab-summary').textContent.includes('of 3 t')")
    page.get_by_role("button", name="Play: tasks").click()
    (stop,) = re.findall(r"search\.tasks=(\d+)", page.url)
    settle(page)
    assert summary(page).endswith(alone.lab("search").text(tasks=int(stop)))
    assert (
        page.get_by_text("best setting of task", exact=False).inner_text().endswith(f"task {stop}")
    )


def test_a_number_of_trials_is_chosen_on_its_chart(page, alone_url):
    go(page, alone_url("search"))
    box = panel(page, "All tasks").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 16, box["y"] + 0.5 * box["height"])
    assert summary(page) == f"Trials: 90. {alone.lab('search').text(budget=90)}"


# --- lenet: what a unit reads, and strokes that are taken back ---


def test_a_unit_that_is_pointed_at_shows_the_products_of_its_sum(page, alone_url):
    go(page, alone_url("lenet"))
    lab = alone.lab("lenet")
    unit = page.locator(".lab-panel", has_text="What the unit reads").locator("svg")
    state = lab.compute(lab.settings())

    def told(inputs, factors):
        pairs = zip(inputs, factors, strict=True)
        return ", ".join(f"{show(x, '.2f')} times {show(w, 'factor .2f')}" for x, w in pairs)

    label = unit.get_attribute("aria-label")
    assert label == f"What the unit reads: {told(state['inputs'], state['factors'])}"
    assert unit.locator("rect").count() == unit.locator("text tspan").count() / 2 == 25
    total = sum(x * w for x, w in zip(state["inputs"], state["factors"], strict=True))
    assert total == pytest.approx(state["products"])
    maps = panel(page, "Every feature map")
    box = maps.bounding_box()
    page.mouse.move(box["x"] + 4 + 5, box["y"] + 18 + 5)  # C1's first map, its first unit
    first = lab.compute(lab.settings(place=0))
    assert unit.get_attribute("aria-label").endswith(told(first["inputs"], first["factors"]))
    assert "lenet.place" not in page.url
    page.mouse.move(0, 0)
    assert unit.get_attribute("aria-label") == label


def test_strokes_are_undone_one_by_one_and_cleared(page, alone_url):
    go(page, alone_url("lenet"))
    lab = alone.lab("lenet")
    undo, clear = (page.get_by_role("button", name=name) for name in ("Undo the", "Clear all"))
    assert undo.is_disabled()
    assert clear.is_disabled()
    sheet = panel(page, "Input: draw here")
    box = sheet.bounding_box()
    words = []
    for row in (0.3, 0.6):
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + row * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + row * box["height"], steps=6)
        page.mouse.up()
        words.append(re.search(r"lenet\.edits=(\w+)", page.url)[1])
    page.get_by_role("button", name="Move the pen down").click()  # a stroke of its own
    undo.click()
    assert f"lenet.edits={words[1]}" in page.url
    undo.click()
    assert f"lenet.edits={words[0]}" in page.url
    assert summary(page).endswith(lab.text(edits=words[0]))
    clear.click()
    assert re.search(r"lenet\.edits=0{256}\w\w", page.url)
    assert clear.is_disabled()
    undo.click()  # takes the clearing back
    assert f"lenet.edits={words[0]}" in page.url
    undo.click()
    assert "lenet.edits" not in page.url
    assert undo.is_disabled()
    assert page.errors == []


# --- conv-matrix: rows, columns and letters ---


def test_a_row_of_the_matrix_and_a_pixel_that_it_reads_can_be_chosen(page, alone_url):
    go(page, alone_url("conv_matrix"))
    lab = alone.lab("conv_matrix")
    matrix, read = panel(page, "Matrix"), panel(page, "What it is applied to")
    box = matrix.bounding_box()
    row = box["x"] + 200, box["y"] + 4 + 26 * 4 + 13  # the fifth
    before = equation(page)
    page.mouse.move(*row)
    peeked = equation(page)
    assert peeked != before
    assert "conv-matrix.row" not in page.url
    page.mouse.click(*row)
    assert summary(page) == f"Row: 5. {lab.text(row=5)}"
    page.mouse.move(0, 0)
    assert equation(page) == peeked
    page.mouse.click(*center(read.locator("rect").nth(0)))  # only the first window holds it
    assert summary(page) == f"Row: 1. {lab.text(row=1)}"
    page.mouse.click(*center(read.locator("rect").nth(18)))  # row 3, column 3: its middle
    assert summary(page) == f"Row: 9. {lab.text(row=9)}"


@pytest.mark.parametrize("size", [5, 13])
def test_letters_and_columns_of_the_chosen_row_can_be_read_at_every_size(page, alone_url, size):
    go(page, f"{alone_url('conv_matrix')}?conv-matrix.size={size}")
    lab = alone.lab("conv_matrix")
    series = lab.compute(lab.settings(size=size))["series"]
    texts = (
        panel(page, "Matrix")
        .locator("text")
        .evaluate_all(
            "all => all.map(t => [t.textContent, Number.parseFloat(getComputedStyle(t).fontSize)])"
        )
    )
    assert min(size for _, size in texts) >= 10
    told = [text for text, _ in texts[-18:]]  # of the second row: nine letters, nine columns
    assert told[:9] == series["letters"][1].split(", ")
    assert told[9:] == [str(1 + k % 3 + size * (k // 3)) for k in range(9)]


# --- conv-backward: δ is typed where it stands ---


def test_an_output_is_clicked_and_its_upstream_gradient_typed(page, alone_url):
    go(page, alone_url("conv_backward"))
    lab = alone.lab("conv_backward")
    page.mouse.click(*center(panel(page, "From above").locator("rect").nth(3)))
    number = page.get_by_label("Number at δ[0, 1, 1]", exact=True)
    assert number.evaluate("node => node === document.activeElement")
    page.keyboard.type("-9")
    own = {"view": "dZ", "entry": 4, "edits": "0l0"}
    assert summary(page) == f"Number: δ[0, 1, 1] is −9. {lab.text(**own)}"
    page.get_by_label("Chosen", exact=True).select_option("dX")
    assert number.is_hidden()
    assert summary(page).endswith(lab.text(**own | {"view": "dX"}))
    assert page.errors == []


def test_a_phone_shows_the_numbers_of_the_gradient(open_page, alone_url):
    page = go(open_page(**PHONE), alone_url("conv_backward"))
    for title in ("Image", "From above", "Kernel", "The products"):
        texts = page.locator(".lab-panel", has_text=title).locator("svg text")
        sizes = texts.evaluate_all("""all => all.map(t => [
          Number.parseFloat(getComputedStyle(t).fontSize), t.textContent])""")
        assert min(size for size, _ in sizes) >= 9
        assert sum(bool(re.search(r"\d", text)) for _, text in sizes) >= 4


# --- what is pinned ---


def test_beside_what_is_pinned_the_sentence_now_stands_below_the_picture_now(page, alone_url):
    go(page, f"{alone_url('race')}?race.rate=0.03&race.pin.rate=0.02")
    picture, said, pinned, controls = (
        page.locator(part).bounding_box()
        for part in (".lab-now", ".lab-summary", ".lab-pinned", ".lab-controls")
    )
    assert said["x"] > pinned["x"] + pinned["width"]
    assert said["x"] == pytest.approx(picture["x"], abs=2)
    assert 0 <= said["y"] - (picture["y"] + picture["height"]) < 30
    assert controls["y"] > max(box["y"] + box["height"] for box in (said, pinned)) - 1


# --- charts of a run: a place on them is a step ---


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("batchnorm", "Its output, batch after batch"),
        ("batchnorm", "without batch norm"),
        ("decay", "Cost J"),
        ("race", "Cost on the moons"),
    ],
)
def test_a_click_on_a_chart_of_the_run_goes_there(page, alone_url, name, title):
    go(page, alone_url(name))
    lab = alone.lab(name)
    (scrubber,) = (control for control in lab.controls if control.kind == "scrubber")
    box = panel(page, title).bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 0.5 * box["height"])
    (near,) = re.findall(rf"{name}\.{scrubber.name}=(\d+)", page.url)
    page.mouse.click(box["x"] + box["width"] - 1, box["y"] + 0.5 * box["height"])
    far = re.findall(rf"{name}\.{scrubber.name}=(\d+)", page.url) or [str(scrubber.value)]
    assert int(near) < 0.2 * scrubber.values[-1]
    assert int(far[0]) == scrubber.values[-1]
    assert summary(page).endswith(lab.text(**{scrubber.name: scrubber.values[-1]}))
    assert page.errors == []
