"""What the address of a page does to its labs: Back and Forward, links, pins, frames, locks."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.book import alone
from tests.book.keyboard import settle

pytestmark = pytest.mark.browser

RATE, ITERATION = "Learning rate α", "Iteration"


def open_at(page, address):
    """Open a page with labs, and wait until they stand."""
    page.goto(address)
    settle(page)
    return page


@pytest.fixture
def lab(page, alone_url):
    """Return a page with the lab of the learning rate."""
    return open_at(page, alone_url("learning_rate"))


def query(page):
    """Return what the page's address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def summary(page):
    return page.locator(".lab-summary").first.inner_text()


def drag(page, slider, *shares):
    """Drag a slider's thumb over these shares of its width, in many steps."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + shares[0] * box["width"], y)
    page.mouse.down()
    for share in shares[1:]:
        page.mouse.move(box["x"] + share * box["width"], y, steps=8)
    page.mouse.up()


# --- Back and Forward ---

# What an address says of the lab beside its rate.
START = {
    f"learning-rate.{name}": value
    for name, value in (("iteration", "20"), ("from1", "2"), ("from2", "3"))
}


def test_back_undoes_one_gesture_and_forward_does_it_again(lab):
    first, entries = lab.url, lab.evaluate("history.length")
    rate, iteration = (lab.get_by_label(name, exact=True) for name in (RATE, ITERATION))
    drag(lab, rate, 0.2, 0.5, 0.9)
    dragged = query(lab)["learning-rate.rate"]
    iteration.focus()
    for _ in range(5):  # one after the other, without a pause
        lab.keyboard.press("ArrowRight")
    moved = query(lab)
    assert lab.evaluate("history.length") == entries + 2
    lab.go_back()
    assert query(lab) == START | {"learning-rate.rate": dragged}
    assert summary(lab) == alone.lab("learning_rate").text(rate=float(dragged))
    assert iteration.input_value() == "20"
    lab.go_back()
    assert lab.url == first
    assert summary(lab) == alone.lab("learning_rate").text()
    lab.go_forward()
    lab.go_forward()
    assert query(lab) == moved
    assert iteration.input_value() == "25"
    assert lab.errors == []


def test_keys_with_a_pause_between_them_are_two_gestures(lab):
    entries = lab.evaluate("history.length")
    lab.get_by_label(ITERATION, exact=True).focus()
    lab.keyboard.press("ArrowRight")
    lab.wait_for_timeout(1100)
    lab.keyboard.press("ArrowRight")
    assert lab.evaluate("history.length") == entries + 2


def test_a_play_is_one_gesture(lab):
    entries = lab.evaluate("history.length")
    lab.get_by_role("button", name="Play: iteration").click()
    slider = lab.get_by_label(ITERATION, exact=True).element_handle()
    lab.wait_for_function("e => e.value > 30", arg=slider)
    lab.get_by_role("button", name="Play: iteration").click()
    assert lab.evaluate("history.length") <= entries + 2  # with the pause


def test_back_restores_every_lab_of_a_page(page, alone_url):
    open_at(page, alone_url("three"))
    before = page.locator(".lab-summary").all_inner_texts()
    for name in ("ewa", "race"):
        page.locator(f"#lab-{name} input[type=range]").first.press("ArrowRight")
    settle(page)
    assert page.locator(".lab-summary").all_inner_texts() != before
    page.go_back()
    page.go_back()
    settle(page)
    assert page.locator(".lab-summary").all_inner_texts() == before
    assert page.errors == []


# --- links ---


@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_a_link_that_opens_elsewhere_leaves_the_lab(lab, key):
    before = summary(lab)
    with lab.context.expect_page() as opened:
        lab.get_by_role("link", name="five").click(modifiers=[key])
    assert summary(lab) == before
    opened.value.wait_for_load_state()
    assert summary(opened.value) == alone.lab("learning_rate").text(rate=5.0)


def test_a_link_to_the_settings_can_be_copied(open_page, alone_url):
    page = open_at(open_page(permissions=["clipboard-read", "clipboard-write"]), alone_url("three"))
    page.locator("#lab-ewa input[type=range]").first.press("ArrowRight")
    page.locator("#lab-learning-rate").get_by_label(RATE, exact=True).press("End")
    page.locator("#lab-learning-rate").get_by_role("button", name="Copy a link").click()
    page.get_by_text("Copied").first.wait_for()
    link = urlsplit(page.evaluate("navigator.clipboard.readText()"))
    assert dict(parse_qsl(link.query)) == START | {"learning-rate.rate": "100"}
    assert link.fragment == "lab-learning-rate"


def test_where_nothing_can_be_copied_the_link_is_selected(lab):
    lab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    lab.get_by_role("button", name="Copy a link").click()
    field = lab.get_by_role("textbox", name="Link to these settings")
    assert field.input_value().endswith("#lab-learning-rate")
    selected = field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)")
    assert selected == field.input_value()


# --- pins ---


def test_pinned_settings_stay_and_travel_with_the_link(page, open_page, alone_url):
    lab = alone.lab("learning_rate")
    open_at(page, f"{alone_url('learning_rate')}?learning-rate.rate=5")
    page.get_by_role("button", name="Pin these settings").click()
    assert page.get_by_role("button", name="Pin these settings").is_disabled()
    page.get_by_label(RATE, exact=True).press("End")
    pinned = page.locator(".lab-pinned")
    assert pinned.locator(".lab-pinned-summary").inner_text() == lab.text(rate=5.0)
    assert "Pinned. Learning rate α: 5." in pinned.inner_text()
    assert "Now. Learning rate α: 100." in page.locator(".lab-now").inner_text()
    assert pinned.get_by_role("img").count() == page.locator(".lab-now").get_by_role("img").count()
    assert summary(page).endswith(lab.text(rate=100))
    other = open_at(open_page(), page.url)  # it knows nothing but the address
    assert other.locator(".lab-pinned-summary").inner_text() == lab.text(rate=5.0)
    assert summary(other) == lab.text(rate=100)
    other.get_by_role("button", name="Swap").click()
    assert other.locator(".lab-pinned-summary").inner_text() == lab.text(rate=100)
    assert summary(other) == f"Swapped. {lab.text(rate=5.0)}"
    other.get_by_role("button", name="Unpin").click()
    assert other.locator(".lab-pinned").is_hidden()
    assert not any(".pin." in name for name in query(other))
    other.go_back()
    assert other.locator(".lab-pinned-summary").inner_text() == lab.text(rate=100)
    assert page.errors == other.errors == []


# --- for teachers ---


def test_one_lab_can_stand_alone(page, alone_url):
    page.goto(f"{alone_url('three')}?embed=race&race.rate=0.03")
    page.locator("#lab-race:not([data-busy]) .lab-panels").wait_for()
    assert page.locator("figure.lab:visible").count() == 1
    assert page.locator("h1").is_hidden()
    assert summary(page.locator("#lab-race")) == alone.lab("race").text(rate=0.03)
    link = page.get_by_role("link", name="Labs")
    assert link.get_attribute("href") == f"{urlsplit(page.url).path}#lab-race"
    page.locator("#lab-race input[type=range]").first.press("ArrowRight")
    assert query(page)["embed"] == "race"
    assert page.errors == []


def test_an_unknown_lab_leaves_the_page_as_it_is(lab):
    said = []
    lab.on("console", lambda message: said.append(message.text))
    lab.goto(f"{lab.url}?embed=races&learning-rate.hide=speed")
    settle(lab)
    assert lab.locator("h1").is_visible()
    assert said == [
        "embed is races, expected one of learning-rate",
        "lab learning-rate: hide names speed, expected some of rate, iteration, from1, from2",
    ]


def test_controls_can_be_hidden_and_locked(page, alone_url):
    address = f"{alone_url('race')}?race.hide=noise,beta2&race.lock=x1,x2,rate&race.x1=1"
    open_at(page, address)
    names = {control.name: control.label for control in alone.lab("race").controls}
    for name in ("noise", "beta2"):
        assert page.get_by_label(names[name], exact=True).is_hidden()
    for name in ("x1", "x2", "rate"):
        assert page.get_by_label(names[name], exact=True).is_disabled()
    before = summary(page)
    panel = page.locator(".lab-draw-on").first
    panel.click(position={"x": 100, "y": 60})
    assert summary(page) == before
    page.get_by_label(names["kappa"], exact=True).press("ArrowRight")
    page.get_by_role("button", name="Reset").click()
    settle(page)
    assert summary(page) == before == alone.lab("race").text(x1=1.0)
    assert page.errors == []
