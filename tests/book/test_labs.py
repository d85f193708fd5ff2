"""Every control of every lab, in the built book and on pages of their own."""

import math
import re
from urllib.parse import urlencode, urlsplit

import numpy as np
import pytest

from benchmarks.labs import ends as ends_of
from benchmarks.labs import late, measure, paces
from byhand.labs import pen
from byhand.labs.lenet import drawn
from tests.book import alone, axe, keyboard
from tests.book.chromium import NO_STORAGE
from tests.book.finger import PHONE, Finger
from tests.book.keyboard import UNFOLD, USABLE, key_for, reset_button, settle, usable
from tests.book.pages import holding
from tests.book.visits import visits
from tests.book.walk import settings_in, walk
from tests.byhand.labs.chaos import chaotic
from tests.byhand.labs.ends import ends
from tests.byhand.labs.names import LABS

pytestmark = pytest.mark.browser

# In the built book; before it is built, on pages of their own.
PLACES = holding('class="lab"') or [f"alone/{name}" for name in LABS]

CENTER = """e => {
  const {x, y, width, height} = e.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""


def go(page, address):
    """Open a page with a lab."""
    page.goto(address)
    settle(page)
    return page


def look(figure):
    """Return a lab's drawings, without what Plot counts or focus lights, and its sentence."""
    panels, said = (figure.query_selector(part) for part in (".lab-panels", ".lab-summary"))
    return re.sub(r"plot-clip-\d+| ?lab-lit", "", panels.inner_html()), said.inner_text()


def summary(page):
    return page.locator(".lab-summary").first.inner_text()


def lab_on(lab, control):
    """Return settings at which the control has an effect."""
    others = {other.name: other for other in lab.controls}
    on = {
        name: next(value for value in others[name].values if value not in off)
        for name, off in control.off.items()
        if name in others
    }
    for name, off in control.off.items():
        if name not in others and lab.values(**on).get(name) in off:  # a state's value
            on |= next(
                {other.name: value}
                for other in lab.controls
                for value in other.values
                if lab.values(**on | {other.name: value})[name] not in off
            )
    return on


# --- every lab, where it stands in the book ---


@visits(PLACES, "http")
def test_drawings_are_named_images(seen):
    labels = seen.locator(".lab-panels svg").evaluate_all(
        "all => all.map(svg => [svg.getAttribute('role'), svg.getAttribute('aria-label')])"
    )
    assert labels
    wrong = [
        (role, label)
        for role, label in labels
        if role != "img" or not label or "undefined" in label
    ]
    assert wrong == []


# In the book axe cannot tell what lies behind some sentences, so it looks at the bare labs, too.
@visits([*PLACES, "alone/all"])
def test_both_themes_are_readable(visit, seen):
    assert [fault["text"] for fault in visit.faults if "figure.lab" in fault["inside"]] == []
    background = seen.locator("figure.lab").first.evaluate(
        "f => getComputedStyle(f).backgroundColor.match(/[0-9.]+/g).map(Number)"
    )
    assert (background[0] < 100) == (visit.theme == "dark")


@visits(PLACES, "http")
def test_tab_reaches_every_enabled_control(seen):
    wanted = set(seen.locator(USABLE).evaluate_all("all => all.map(c => c.id)"))
    seen.locator("figure.lab").first.evaluate("""f => {
      f.tabIndex = -1; f.focus(); f.removeAttribute('tabindex');
      window.reached = [];
      document.addEventListener('focusin', event => window.reached.push(event.target.id));
    }""")
    for _ in range(20):
        for _ in range(20):
            seen.keyboard.press("Tab")
        missed = wanted.difference(seen.evaluate("window.reached"))
        if not missed:
            break
    assert missed == set()


@visits(PLACES, "http")
def test_narrow_screens_need_no_sideways_scrolling(narrow):
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 360
    outside = narrow.locator("figure.lab").evaluate_all(
        """figures => figures.flatMap(figure => {
          const {left, right} = figure.getBoundingClientRect();
          if (left < 0 || right > innerWidth) return [figure.outerHTML.slice(0, 80)];
          return [...figure.querySelectorAll('*:not(svg *, noscript, script, option)')]
            .filter(e => e.getClientRects().length)
            .filter(e => e.getBoundingClientRect().right > right + 1
                      || e.getBoundingClientRect().left < left - 1)
            .map(e => e.outerHTML.slice(0, 80));
        })"""
    )
    assert outside == []


@pytest.fixture
def moved(visit):
    """Return a page on which a key has moved each slider and list of each lab."""
    if visit.before is None:
        page = visit.to_use()
        settle(page)  # those that are far away, too
        figures = page.query_selector_all("figure.lab")
        visit.before = [look(figure) for figure in figures]
        for figure in figures:
            assert reset_button(figure).is_disabled()
            figure.evaluate(UNFOLD)
            for control in filter(usable, figure.query_selector_all("input[type=range], select")):
                control.focus()
                page.keyboard.press(key_for(control))
        settle(page)
    return visit.page


@visits(PLACES)
def test_the_address_holds_the_state(moved, page):
    names = moved.locator("figure.lab").evaluate_all("all => all.map(f => f.dataset.lab)")
    assert all(f"{name}." in moved.url for name in names)
    assert moved.url.endswith(f"#lab-{names[-1]}")
    go(page, moved.url)  # in another tab, which knows nothing but the address
    for i in range(len(names)):
        was, now = (p.locator(".lab-summary").nth(i).inner_text() for p in (moved, page))
        assert was.endswith(now)
        assert was != now  # the first also says what was changed


@visits(PLACES)
def test_reset_goes_back_to_the_start(visit, moved):
    figures = moved.query_selector_all("figure.lab")
    for figure, before in zip(figures, visit.before, strict=True):
        assert look(figure) != before
        reset = reset_button(figure)
        reset.focus()
        moved.keyboard.press("Space")
        settle(moved)
        assert look(figure) == before
        assert reset.is_disabled()
        assert figure.evaluate("f => f.contains(document.activeElement)"), "the focus was lost"
        assert f"{figure.get_attribute('data-lab')}." not in urlsplit(moved.url).query
    assert "?" not in moved.url
    visit.restored()


# --- every lab, on a page of its own ---


@pytest.fixture(scope="session", params=LABS)
def name(request):
    """Return the name of each lab; its tests run one after the other."""
    return request.param


def test_first_summary_is_pythons_and_stays_when_it_is_pinned(page, alone_url, name):
    go(page, alone_url(name))
    assert summary(page) == alone.lab(name).text()
    drawings = page.locator(".lab-now svg").count()
    page.get_by_role("button", name="Pin these settings").click()
    page.locator(".lab-pinned[aria-busy=false]").wait_for()
    assert page.locator(".lab-pinned-summary").inner_text() == alone.lab(name).text()
    assert page.locator(".lab-pinned svg").count() == drawings
    assert page.errors == []


def test_summary_names_the_changed_value_and_the_numbers_are_pythons(page, alone_url, name):
    lab = alone.lab(name)
    for control in lab.controls:
        settings = lab_on(lab, control) | {control.name: ends(control)[-1]}
        query = urlencode({f"{lab.name}.{key}": value for key, value in settings.items()})
        go(page, f"{alone_url(name)}?{query}")
        assert summary(page) == lab.text(**settings)
        page.query_selector("figure.lab").evaluate(UNFOLD)
        field = page.get_by_label(control.label, exact=True)
        key = "Home" if control.kind != "select" else "ArrowUp"
        if field.get_attribute("role") == "group":  # a field for each of many numbers
            field = field.locator("input:enabled, button:enabled").first
            key = key_for(field)
        if control.kind == "formula":
            key = "5"
        field.focus()
        page.keyboard.press(key)
        settle(page)
        assert summary(page).startswith(f"{control.label}: ")


def test_every_control_works_from_the_keyboard(page, alone_url, name, subtests):
    go(page, alone_url(name))
    names = keyboard.names(page)
    assert len(names) >= 5
    assert all(names), "a control has no label"
    for label, control in zip(names, keyboard.controls(page), strict=True):
        with subtests.test(control=label):
            keyboard.use(page, control)
    assert page.errors == []
    assert page.foreign == []


def test_a_finger_that_scrolls_changes_nothing(open_page, alone_url, name):
    page = go(open_page(**PHONE), alone_url(name))
    finger, first = Finger(page), (page.url, summary(page))
    for target in filter(visible, page.query_selector_all(".lab-drawing, .lab input[type=range]")):
        finger.swipe(target, 4, -150, x=0.2)
        assert (page.url, summary(page)) == first, target.evaluate("e => e.outerHTML")[:200]
    assert page.evaluate("scrollY") > 0
    assert page.errors == []


def test_a_random_walk_finds_no_fault(page, alone_url, name, request):
    walks = request.config.getoption("--walks")
    lab = alone.lab(name)
    for seed in range(walks or 1):
        go(page, alone_url(name))
        rng, done = np.random.default_rng(seed), []
        for action in walk(page, rng, 40 if walks else 8):
            done.append(action)
            assert page.errors == [], done
        settings = settings_in(page.url, lab)
        said = summary(page)
        if "is chaotic" not in said and not chaotic(lab.compute(lab.settings(**settings))):
            assert said.endswith(lab.text(**settings)), done
        drawn = drawings(page)
        go(page, page.url)  # in one go, what the walk has drawn step by step
        assert drawings(page) == drawn, done


def drawings(page):
    """Return the drawings that nothing points at, without those whose height a walk decides."""
    page.mouse.move(0, 0)
    boxes = page.locator(".lab-drawing:not(.lab-stretch)")
    markup = boxes.evaluate_all("boxes => boxes.map(box => box.innerHTML)")
    return [re.sub(r'plot-clip-\d+| ?lab-lit| class=""', "", drawing) for drawing in markup]


def visible(element):
    return element.bounding_box() is not None


# --- one lab at a time ---


def test_a_browser_that_refuses_a_new_address_is_asked_again(page, alone_url):
    go(page, alone_url("learning_rate"))
    page.evaluate("""() => {
      const push = history.pushState.bind(history);
      history.pushState = () => { throw new DOMException('too many', 'SecurityError'); };
      setTimeout(() => { history.pushState = push; }, 500);
    }""")
    rate = page.get_by_label("Learning rate α", exact=True)
    rate.focus()
    page.keyboard.press("End")
    assert summary(page).startswith("Learning rate α: 100. ")
    page.wait_for_url("**/*?learning-rate.rate=100*")
    assert page.errors == []


def test_an_address_with_nonsense_is_survived(page, alone_url):
    nonsense = "?learning-rate.rate=fast&learning-rate.iteration=&learning-rate.speed=3&x=1"
    go(page, alone_url("learning_rate") + nonsense)
    assert summary(page) == alone.lab("learning_rate").text()
    assert page.errors == []


def test_labs_of_one_page_do_not_disturb_each_other(page, alone_url):
    go(page, alone_url("all"))
    before = page.locator(".lab-summary").all_inner_texts()
    page.locator("#lab-learning-rate").get_by_label("Learning rate α", exact=True).focus()
    page.keyboard.press("ArrowRight")
    after = page.locator(".lab-summary").all_inner_texts()
    changed = [name for name, old, new in zip(LABS, before, after, strict=True) if old != new]
    assert changed == ["learning_rate"]


def test_a_link_in_the_text_moves_the_lab(page, alone_url):
    go(page, alone_url("learning_rate"))
    page.get_by_role("link", name="five").click()
    assert summary(page) == alone.lab("learning_rate").text(rate=5.0)


def test_play_runs_to_the_end_and_can_be_paused(page, alone_url):
    go(page, alone_url("learning_rate"))
    play = page.get_by_role("button", name="Play: iteration")
    slider = page.get_by_label("Iteration", exact=True)
    play.click()
    assert play.inner_text() == "Pause"
    page.wait_for_function("e => e.value > 22", arg=slider.element_handle())
    play.click()
    paused = slider.input_value()
    page.wait_for_timeout(300)
    assert slider.input_value() == paused
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    play.click()
    page.wait_for_function("e => e.value === e.max", arg=slider.element_handle())
    assert play.inner_text() == "Play"
    assert page.get_by_role("button", name="Step: iteration").first.is_disabled()
    play.click()  # from the start again
    page.wait_for_function("e => e.value > 0 && e.value < 20", arg=slider.element_handle())


def test_play_does_not_animate_for_those_who_asked_for_less_motion(open_page, alone_url):
    page = go(open_page(reduced_motion="reduce"), alone_url("learning_rate"))
    page.get_by_role("button", name="Play: iteration").click()
    assert page.get_by_label("Iteration", exact=True).input_value() == "60"


def told(page, text):
    """Return what the lab must reply to an answer: right or not by a sign and in words."""
    reply = alone.lab("learning_rate").answers[text]
    return re.sub("^Yes", "✓ Right", re.sub("^Not", "✗ Not so. Not", reply))


def test_a_prediction_is_answered_beside_its_buttons_and_remembered(page, alone_url):
    lab = alone.lab("learning_rate")
    right = next(text for text, reply in lab.answers.items() if reply.startswith("Yes"))
    answer = page.locator(".lab-question output")
    for text in lab.answers:
        go(page, alone_url("learning_rate"))
        page.get_by_role("button", name=text).click()
        page.reload()
        settle(page)
        assert answer.inner_text() == told(page, text)
        assert summary(page) == lab.text(**lab.reveal)  # whose settings the address has kept
        marked = [button.inner_text() for button in page.query_selector_all(".lab-question button")]
        own = "✓" if text == right else "✗"
        assert [words[0] for words in marked if words[0] in "✓✗"].count(own) == 1
        assert f"✓ {right}" in marked
        assert page.get_by_role("button", name=text).is_disabled()
        page.get_by_role("button", name="Reset").click()
        assert answer.inner_text() == ""
        assert page.get_by_role("button", name=text).is_enabled()
        assert page.evaluate("localStorage.length") == 0


def test_a_browser_that_refuses_storage_still_answers_a_prediction(open_page, alone_url):
    page = open_page()
    page.add_init_script(NO_STORAGE)
    go(page, alone_url("learning_rate"))
    page.locator(".lab-question button").first.click()
    assert page.locator(".lab-question output").inner_text().startswith("✗ Not so.")
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".lab-question output").inner_text() == ""
    assert page.errors == []


LIT = """() => [...document.querySelectorAll('.lab-lit')].map(
  part => `${part.tagName.toLowerCase()} ${part.dataset.of}`)"""


def test_a_name_lights_its_term_number_control_code_and_mark(open_page, alone_url):
    page = go(open_page(has_touch=True), alone_url("learning_rate"))
    rate = ["div rate", "span rate", "i rate", "span rate", "span rate"]  # control, sentence, α, …
    page.get_by_label("Learning rate α").focus()
    assert page.evaluate(LIT) == rate
    page.keyboard.press("ArrowRight")
    assert page.evaluate(LIT) == rate  # of what is drawn anew
    summary = page.locator(".lab-summary")
    summary.locator("[data-of=start]").hover()
    cost = page.evaluate(LIT)
    marks = {"g cost", "g cost iteration", "g start from1 from2"}
    assert {"span cost", "span start"} | marks == set(cost)
    page.mouse.move(0, 0)
    summary.locator("[data-of=iteration]").tap()
    assert {"div iteration", "span iteration", "g cost iteration"} == set(page.evaluate(LIT))
    page.locator(".lab-note").tap()
    assert page.evaluate(LIT) == []


@pytest.mark.parametrize("name", LABS)
def test_marks_keys_and_terms_name_what_the_sentences_say(page, alone_url, name):
    """A name that no sentence, control or state has lights nothing: it is misspelled."""
    lab = alone.lab(name)
    known = set(lab.values()) | {control.name for control in lab.controls}
    go(page, alone_url(name))
    named = page.evaluate("""() => [...document.querySelectorAll('[data-of]')].flatMap(
      part => part.getAttribute('data-of').split(' '))""")
    assert {re.sub(r"-\d+$", "", name) for name in named} <= known  # the third term of {sum}: sum-2
    assert page.locator(".lab-panels svg [data-of]").count() > 0


MOVING = "document.getAnimations().filter(({effect}) => effect.target.closest('svg')).length"


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_step_moves_the_marks_from_where_they_were(open_page, alone_url, motion):
    page = go(open_page(reduced_motion=motion), alone_url("learning_rate"))
    step, lab = page.get_by_role("button", name="Step:"), alone.lab("learning_rate")
    page.wait_for_timeout(200)
    moving, text = page.evaluate(f"""() => {{
      const step = [...document.querySelectorAll('button')].find(b => b.textContent === 'Step');
      step.click();
      return [{MOVING}, document.querySelector('.lab-summary').textContent];
    }}""")
    assert (moving > 0) == (motion == "no-preference")
    assert text.endswith(lab.text(iteration=21))  # what is said does not move
    page.wait_for_function(f"{MOVING} === 0")
    assert step.is_enabled()


def test_the_benchmark_times_every_control(browser, page, alone_url):
    rows = measure(browser, alone_url("learning_rate"), rounds=2)
    go(page, alone_url("learning_rate"))
    assert [control for _, control, _ in rows] == keyboard.names(page)
    assert {lab for lab, _, _ in rows} == {"learning-rate"}
    assert all(0 < median < 20_000 for _, _, median in rows)


def test_the_benchmark_times_redraws_and_answers_on_a_slowed_processor(browser, alone_url):
    times = paces(browser, alone_url("learning_rate"))
    assert len(times) >= 8  # each of two sliders, twice to and twice fro
    assert all(0 < redraw < answer < 20_000 for redraw, answer in times)
    redraw, answer = ends_of(times)
    assert late(redraw, answer) == (redraw > 16 or answer > 50)


def test_axe_finds_a_fault_that_is_planted_in_a_lab(page, alone_url):
    go(page, alone_url("learning_rate"))
    assert axe.faults(page) == []
    page.locator("figure.lab .lab-control-head label").first.evaluate("label => label.remove()")
    (fault,) = axe.faults(page)
    assert fault["text"].startswith("label: ")
    assert fault["inside"] == ["figure.lab"]


def test_axe_finds_a_pale_sentence(page, alone_url):
    go(page, alone_url("learning_rate"))
    page.add_style_tag(content=".lab-summary { color: #999; background: #aaa }")
    faults = [fault["text"] for fault in axe.faults(page)]
    assert any(text.startswith('color-contrast: <output class="lab-summary"') for text in faults)


def test_a_target_can_be_drawn_with_the_pointer(page, alone_url):
    go(page, alone_url("bumps"))
    panel = page.locator("#lab-bumps .lab-draw-on").first
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    assert page.get_by_label("Its height", exact=True).is_hidden()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.2 * box["height"], steps=20)
    page.mouse.up()
    assert page.get_by_label("Target", exact=True).input_value() == "drawn"
    assert page.get_by_label("Its height", exact=True).is_visible()
    lab = alone.lab("bumps")
    drawing = re.search(r"bumps\.drawing=(\w+)", page.url)[1]
    rising = [int(digit, 36) for digit in drawing[7:14]]
    assert rising == sorted(rising)
    assert rising[-1] > rising[0] + 3
    assert summary(page).endswith(lab.text(target="drawn", drawing=drawing))


@pytest.mark.parametrize("way", ["sideways", "after a rest", "tap", "again"])
def test_a_finger_draws(open_page, alone_url, way):
    flat = "0" * 21
    page = go(open_page(**PHONE), f"{alone_url('bumps')}?bumps.target=drawn&bumps.drawing={flat}")
    finger, panel = Finger(page), page.query_selector("#lab-bumps .lab-draw-on")
    with finger.on(panel, x=0.3, y=0.6) as move:
        if way == "sideways":
            move(100, 5)
            move(20, -60)
        elif way == "after a rest":
            page.wait_for_function("word => !location.search.includes(word)", arg=flat)
            move(4, -60)
    if way == "again":  # the drawing is held now, and lets itself be drawn up and down
        finger.swipe(panel, 0, -60, x=0.7, y=0.6)
    (word,) = re.findall(r"bumps\.drawing=(\w+)", page.url)
    raised = [i for i, digit in enumerate(word) if digit != "0"]
    assert raised
    assert (max(raised) - min(raised) > 3) == (way in ("sideways", "again"))
    page.locator(".lab-held").wait_for(state="detached")  # it lets go after a while
    finger.swipe(panel, 0, 100)
    assert f"bumps.drawing={word}" in page.url


def test_a_finger_moves_a_slider_sideways(open_page, alone_url):
    page = go(open_page(**PHONE), alone_url("learning_rate"))
    slider = page.query_selector("input[type=range]")
    Finger(page).swipe(slider, 90, 0, x=0.2)
    moved = slider.input_value()
    assert "learning-rate.rate=" in page.url
    with Finger(page).on(slider, x=0.1):
        pass
    assert int(slider.input_value()) < int(moved)


def test_a_target_can_be_drawn_with_the_keyboard(page, alone_url):
    go(page, alone_url("bumps") + "?bumps.target=drawn&bumps.drawing=" + "0" * 21)
    point, height = (page.get_by_label(x, exact=True) for x in ("Point to move", "Its height"))
    point.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    height.focus()
    page.keyboard.press("End")
    assert "bumps.drawing=0k" + "0" * 19 in page.url
    assert summary(page).startswith("Its height: 1. ")
    point.focus()
    page.keyboard.press("ArrowRight")
    assert height.get_attribute("aria-valuetext") == "0"


def test_a_series_can_be_drawn_where_a_day_is_moved_before(page, alone_url):
    go(page, alone_url("ewa"))
    panel = page.locator("#lab-ewa .lab-draw-on")
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    at = box["x"] + 0.5 * box["width"], box["y"] + 0.1 * box["height"]
    page.mouse.click(*at)
    day = re.search(r"ewa\.day=(\d+)", page.url)[1]
    lab = alone.lab("ewa")
    assert 160 < int(day) < 205
    assert summary(page) == f"Day t: {day}. {lab.text(day=int(day))}"
    page.get_by_label("Series", exact=True).select_option("drawn")
    page.mouse.click(*at)
    day, drawing = (re.search(rf"ewa\.{name}=(\w+)", page.url)[1] for name in ("day", "drawing"))
    assert 14 <= int(day) <= 18
    assert drawing[int(day) - 1] == "u"
    assert summary(page).endswith(lab.text(series="drawn", drawing=drawing, day=int(day)))
    height = page.get_by_label("Value of day t", exact=True)
    height.focus()
    page.keyboard.press("Home")
    assert summary(page).startswith("Value of day t: 0. ")
    assert page.errors == []


@pytest.mark.parametrize(
    ("name", "title"),
    [("conv_arithmetic", "Output"), ("conv_backward", "Image"), ("conv_matrix", "What comes out")],
)
def test_a_cell_can_be_chosen_with_the_pointer(page, alone_url, name, title):
    go(page, alone_url(name))
    lab = alone.lab(name)
    scrubber = next(control for control in lab.controls if control.kind == "scrubber")
    drawing = page.locator(".lab-panel", has_text=title).locator(".lab-draw-on")
    assert scrubber.value != scrubber.values[2]
    drawing.locator("rect").nth(2).click(force=True)  # its number lies on top of it
    assert summary(page).startswith(f"{scrubber.label}: {scrubber.values[2]}. ")
    assert summary(page).endswith(lab.text(**{scrubber.name: scrubber.values[2]}))
    box = drawing.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 1, box["y"] + box["height"] - 1)  # beside them
    assert summary(page).endswith(lab.text(**{scrubber.name: scrubber.values[2]}))


def test_the_window_of_a_convolution_is_dragged_and_its_numbers_are_typed(page, alone_url):
    go(page, alone_url("conv_arithmetic"))
    lab = alone.lab("conv_arithmetic")
    panels = page.locator(".lab-panel")
    cells = panels.filter(has_text="Input").locator("rect")
    centers = [cells.nth(k).evaluate(CENTER) for k in (6, 8)]
    page.mouse.move(*centers[0])
    page.mouse.down()
    page.mouse.move(*centers[1], steps=6)  # held in its middle, it goes two columns on
    page.mouse.up()
    assert summary(page) == f"Output: 3. {lab.text(out=3)}"
    page.keyboard.type("-7")  # the field of the cell under the pointer has the focus
    assert summary(page) == f"Number: X[0, 1, 3] is −7. {lab.text(out=3, edits='0h2')}"
    assert "conv-arithmetic.edits=0h2" in page.url
    panels.filter(has_text="Kernel").locator("rect").nth(4).click(force=True)
    page.keyboard.press("ArrowUp")
    assert summary(page).endswith(lab.text(out=3, edits="0h2gib"))
    assert page.errors == []


def test_a_term_of_a_sum_lights_up_with_its_weight_and_its_pixel(page, alone_url):
    go(page, alone_url("conv_arithmetic"))
    panels = page.locator(".lab-panel")
    page.locator(".lab-equation [data-of='sum0-5']").hover()
    lit = page.evaluate("""() => [...document.querySelectorAll('.lab-lit')].map(part =>
      [part.closest('.lab-panel')?.innerText.trim().split(/\\s/)[0] ?? part.textContent,
       [...part.parentNode.children].indexOf(part)])""")
    assert lit == [["Input", 7], ["Kernel", 5], ["Weight", 5], ["+ 0·1", 5]]
    panels.filter(has_text="Kernel").locator("rect").nth(5).hover(force=True)
    assert page.locator(".lab-lit").count() == 4


def test_what_a_pointer_rests_on_is_shown_and_not_kept(page, alone_url):
    go(page, alone_url("conv_arithmetic"))
    panels, equation = page.locator(".lab-panel"), page.locator(".lab-equation")
    before = page.url, summary(page), equation.inner_text()
    panels.filter(has_text="Output").locator("rect").nth(3).hover(force=True)
    sums = alone.lab("conv_arithmetic").values(out=4)
    assert sums["sum0"] in equation.inner_text()
    assert (page.url, summary(page)) == before[:2]
    page.mouse.move(1, 1)
    assert (page.url, summary(page), equation.inner_text()) == before


def test_a_drawing_that_is_none_is_survived(page, alone_url):
    go(page, alone_url("bumps") + "?bumps.drawing=../.&bumps.bumps=12")
    assert summary(page) == alone.lab("bumps").text()
    assert page.errors == []


def test_the_start_of_the_race_can_be_dragged(page, alone_url):
    go(page, alone_url("race"))
    panel = page.locator("#lab-race .lab-draw-on").first
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.2 * box["height"], steps=10)
    page.mouse.up()
    settle(page)
    x1, x2 = (
        float(page.get_by_label(name, exact=True).get_attribute("aria-valuetext"))
        for name in ("Start x₁", "Start x₂")
    )
    assert 0.5 < x1 < 1.1
    assert 0.7 < x2 < 1.3
    assert summary(page).startswith(f"Start: ({x1:g}, {x2:g}). ")
    assert summary(page).endswith(alone.lab("race").text(x1=x1, x2=x2))
    page.mouse.move(box["x"] + 2, box["y"] + 2)  # beside the map: its corner
    page.mouse.down()
    page.mouse.up()
    assert summary(page).startswith("Start: (−1.95, 1.45). ")
    assert page.errors == []


def test_the_map_of_momentum_can_be_walked_on(page, alone_url):
    go(page, alone_url("race"))
    panel = page.locator("#lab-race .lab-draw-on").nth(1)
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.8 * box["height"])
    page.mouse.down()
    settle(page)
    assert "diverges along the steepest direction" in summary(page)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.15 * box["height"], steps=5)
    page.mouse.up()
    settle(page)
    rate, beta = (re.search(rf"race\.{name}=([\d.]+)", page.url)[1] for name in ("rate", "beta"))
    assert 0.02 < float(rate) < 0.08
    assert 0.85 < float(beta) < 0.99
    assert summary(page).startswith(f"α: {rate}, β: {beta}. ")
    assert "swings along every direction" in summary(page)
    assert summary(page).endswith(alone.lab("race").text(rate=float(rate), beta=float(beta)))
    chart = page.locator("#lab-race .lab-draw-on").nth(2)
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 18, box["y"] + 0.5 * box["height"])
    assert summary(page).startswith("Step: 15")
    assert page.errors == []


def test_a_surface_can_be_written(page, alone_url):
    go(
        page, alone_url("race") + "?race.surface=own&race.own=x%5E"
    )  # which is none: the start stays
    lab = alone.lab("race")
    assert summary(page) == lab.text(surface="own")
    field = page.get_by_label("Your surface f(x, y)", exact=True)
    field.fill("x^2 + 10y^2 +")
    fault = page.locator("#lab-race .lab-fault")
    assert fault.inner_text().startswith("Not read: the formula ends behind “x^2 + 10y^2 +”")
    assert field.get_attribute("aria-invalid") == "true"
    assert summary(page) == lab.text(surface="own")
    field.press_sequentially(" xy")
    settle(page)
    own = "x^2 + 10y^2 + xy"
    assert summary(page) == f"Your surface f(x, y): {own}. {lab.text(surface='own', own=own)}"
    assert fault.inner_text() == ""
    go(page, page.url)
    assert field.input_value() == own
    assert page.errors == []


def test_a_formula_is_typed_chosen_walked_through_and_its_inputs_are_dragged(page, alone_url):
    lab = alone.lab("autograd")
    go(page, alone_url("autograd") + "?autograd.formula=x%5E%3Cb%3E&autograd.x=2")  # none: "x^<b>"
    assert summary(page) == lab.text(x=2.0)
    field = page.get_by_label("Formula f", exact=True)
    field.fill("sqrt(x y) + <img src=x>")
    fault = page.locator("#lab-autograd .lab-fault")
    assert fault.inner_text().startswith("Not read: “<” came behind “sqrt(x y) +”, expected a")
    assert summary(page) == lab.text(x=2.0)
    field.fill("sqrt(x y) + x")
    assert fault.inner_text() == ""
    own = {"formula": "sqrt(x y) + x", "x": 2.0}
    assert summary(page).endswith(lab.text(**own))
    choice = page.get_by_label("Examples: formula f", exact=True)
    assert choice.input_value() == ""  # the reader's own
    boxes = page.locator("#lab-autograd .lab-panels svg [aria-label], .lab-panels svg rect")
    boxes.nth(3).click(force=True)  # q₂, on its way forward or back
    step = int(re.search(r"autograd\.step=(\d+)", page.url)[1])
    assert "q₂" in lab.values(**own, step=step)["doing"]
    assert summary(page) == f"Step: {step}. {lab.text(**own, step=step)}"
    x, y = boxes.nth(0).evaluate(CENTER)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 24, y, steps=4)
    page.mouse.up()
    dragged = float(re.search(r"autograd\.x=([\d.]+)", page.url)[1])
    assert dragged == 2.5
    assert summary(page) == f"x: 2.5. {lab.text(**own | {'x': 2.5}, step=step)}"
    page.keyboard.press("ArrowRight")  # on the slider of what was dragged
    assert summary(page).startswith("x: 2.75. ")
    choice.select_option("x to the power x")
    assert field.input_value() == "x^x"
    assert page.get_by_label("y", exact=True).is_hidden()
    assert summary(page).endswith(lab.text(formula="x^x", x=2.75, step=step))
    assert page.errors == []


def test_the_best_score_of_a_challenge_is_kept_until_it_is_forgotten(page, alone_url):
    go(page, alone_url("bumps") + "?bumps.unit=relu&bumps.bumps=15")
    best, forget = page.locator(".lab-best"), page.get_by_role("button", name="Forget the best")
    assert best.inner_text() == "You have no score yet."  # an address is no try
    assert "Par is 13, " in page.locator(".lab-challenge").inner_text()
    assert forget.is_hidden()
    said = []
    for _ in range(3):  # 12 hats are too far from the curve
        page.get_by_label("Number of bumps n", exact=True).press("ArrowLeft")
        settle(page)
        said.append(best.inner_text())
    kept = "Your best is 13, which is par."
    assert said == ["Your best is 14, not yet par.", kept, kept]
    page.reload()
    settle(page)
    assert best.inner_text() == kept
    page.get_by_label("Hidden units", exact=True).select_option("sigmoid")
    page.get_by_label("Weights", exact=True).select_option("trained")
    settle(page)
    page.get_by_label("Number of bumps n", exact=True).press("ArrowLeft")
    page.get_by_label("Number of bumps n", exact=True).press("ArrowLeft")
    settle(page)
    assert re.fullmatch(r"Your best is (9|10), better than par\.", best.inner_text())
    forget.click()
    assert best.inner_text() == "You have no score yet."
    assert page.evaluate("localStorage.length") == 0
    assert page.errors == []


def test_a_rate_can_be_drawn(page, alone_url):
    go(page, alone_url("decay"))
    lab = alone.lab("decay")
    panel = page.locator("#lab-decay .lab-draw-on").first
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    settle(page)
    drawing = re.search(r"decay\.drawing=(\w+)", page.url)[1]
    fallen = [round(20 * 0.9 ** (2 * i)) for i in range(21)]  # the schedule that it starts from
    heights = [int(digit, 36) for digit in drawing]
    assert sum(a != b for a, b in zip(heights, fallen, strict=True)) == 1
    assert summary(page).startswith("Rate drawn at step ")
    assert summary(page).endswith(lab.text(schedule="drawn", drawing=drawing))
    height = page.get_by_label("Drawn rate at this step, of α₀", exact=True)
    height.press("End")
    settle(page)
    assert summary(page).endswith(lab.text(schedule="drawn", drawing=drawing[:-1] + "k"))
    assert page.errors == []


def test_an_example_is_dragged_and_the_others_of_its_batch_come_out_elsewhere(page, alone_url):
    go(page, alone_url("batchnorm"))
    panel = page.locator("#lab-batchnorm .lab-draw-on").first
    ends = "all => all.map(dot => dot.getAttribute('transform') ?? dot.getAttribute('cx'))"
    others = panel.locator("circle")
    before = others.evaluate_all(ends)
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"], steps=4)
    page.mouse.up()
    settle(page)
    (followed,) = re.findall(r"batchnorm\.followed=(-?[0-9.]+)", page.url)
    assert float(followed) < 0
    assert summary(page).startswith("The followed example goes in at ")
    assert summary(page).endswith(alone.lab("batchnorm").text(followed=float(followed)))
    after = others.evaluate_all(ends)
    assert before[:3] == after[:3]  # they go in where they were
    assert all(left != right for left, right in zip(before[3:6], after[3:6], strict=True))
    assert page.errors == []


def test_a_layer_is_chosen_with_the_pointer(page, alone_url):
    go(page, alone_url("init"))
    page.get_by_text("More", exact=True).click()
    layer = page.get_by_label("Layer shown large", exact=True)
    assert layer.get_attribute("aria-valuetext") == "10"  # of the 30 that a network can have
    panel = page.locator("#lab-init .lab-draw-on").nth(2)
    panel.scroll_into_view_if_needed()
    box = panel.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    chosen = int(layer.get_attribute("aria-valuetext"))
    assert 2 <= chosen <= 3
    assert summary(page).startswith(f"Layer {chosen} shown large. ")
    page.get_by_role("button", name="Draw others").click()
    settle(page)
    assert summary(page).endswith(alone.lab("init").text(seed=2))
    assert page.errors == []


def test_one_optimizer_always_runs(page, alone_url):
    go(page, alone_url("race") + "?race.optimizers=gd-adam")
    adam = page.get_by_label("★ Adam", exact=True)
    adam.uncheck()
    settle(page)
    assert summary(page) == "Optimizers: ● gradient descent. " + alone.lab("race").text(
        optimizers="gd"
    )
    assert page.get_by_label("● gradient descent", exact=True).is_disabled()
    assert page.get_by_label("Adam's β₂", exact=True).is_hidden()
    adam.check()
    assert page.get_by_label("● gradient descent", exact=True).is_enabled()
    assert page.get_by_label("Adam's β₂", exact=True).is_visible()


def test_a_control_without_effect_is_hidden_and_no_lab_gets_lower(page, alone_url):
    go(page, alone_url("off"))
    rate = page.get_by_label("Learning rate α", exact=True)
    iteration = page.get_by_label("Iteration", exact=True)
    assert rate.is_visible()
    place = page.locator("figure.lab").bounding_box()
    iteration.focus()
    page.keyboard.press("Home")
    assert rate.is_hidden()
    assert page.locator("figure.lab").bounding_box() == place
    page.keyboard.press("ArrowRight")
    assert rate.is_visible()


def test_a_control_without_effect_at_a_state_is_hidden(page, alone_url):
    go(page, alone_url("architectures"))
    batch = page.get_by_label("Batch", exact=True)
    assert batch.is_visible()
    page.get_by_label("Image side", exact=True).press("ArrowRight")  # AlexNet cannot read 24 × 24
    assert batch.is_hidden()


def test_a_cell_of_the_input_is_chosen_in_the_picture_and_typed(page, alone_url):
    go(page, alone_url("pooling"))
    lab = alone.lab("pooling")
    cells = page.locator(".lab-panel", has_text="Input X").locator("rect")
    page.mouse.click(*cells.nth(7).evaluate(CENTER))
    assert summary(page) == f"Cell: row 1, column 2. {lab.text(cell=7)}"
    number = page.get_by_label("Number at row 1, column 2", exact=True)
    assert number.evaluate("node => node === document.activeElement")
    page.keyboard.type("-7")  # it is selected, so this takes its place
    start = lab.controls[0].value
    word = start[:7] + "2" + start[8:]
    assert summary(page) == f"Input: row 1, column 2 is −7. {lab.text(cells=word, cell=7)}"
    assert f"pooling.cells={word}" in page.url
    number.fill("12")  # out of bounds: nothing happens, and leaving the field restores it
    assert f"pooling.cells={word}" in page.url
    page.keyboard.press("Tab")
    assert number.input_value() == "-7"
    assert page.errors == []


def pixel(page, row, column, side=16):
    """Return where on the screen a cell of the sheet is, in lenet or softmax."""
    box = page.locator(".lab-draw-on").first.bounding_box()
    unit = min(box["width"] - 8, 384) / side
    return box["x"] + 4 + (column + 0.5) * unit, box["y"] + 4 + (row + 0.5) * unit


def test_a_digit_can_be_drawn_with_the_pointer(page, alone_url):
    go(page, alone_url("lenet"))
    lab = alone.lab("lenet")
    page.get_by_label("Digit", exact=True).select_option("empty")
    page.locator("#lab-lenet .lab-draw-on").first.scroll_into_view_if_needed()
    corners = [(3, 4), (3, 11), (12, 7)]
    page.mouse.move(*pixel(page, *corners[0]))
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*pixel(page, *corner))  # in one go: the pen fills the gap
    page.mouse.up()
    edits = re.search(r"lenet\.edits=(\w+)", page.url)[1]
    down = [(3 + t, math.floor(11 - 4 * t / 9 + 0.5)) for t in range(10)]
    assert edits == drawn("empty", [[(3, c) for c in range(4, 12)], down])
    assert lab.values(digit="empty", edits=edits)["answer"] == "7"
    assert summary(page).endswith(lab.text(digit="empty", edits=edits))
    assert page.errors == []


def test_a_digit_can_be_drawn_and_erased_with_the_keyboard(page, alone_url):
    go(page, alone_url("lenet") + "?lenet.digit=empty")
    lab = alone.lab("lenet")
    down = page.get_by_role("button", name="Move the pen down")
    down.focus()
    for _ in range(9):  # there are seven; then the pen stays
        page.keyboard.press("Enter")
    assert "lenet.edits=" + drawn("empty", [[(r, 8) for r in range(8, 16)]]) in page.url
    page.get_by_label("Pen", exact=True).select_option("eraser")
    up = page.get_by_role("button", name="Move the pen up")
    up.focus()
    for _ in range(8):
        page.keyboard.press("Space")
    assert "lenet.edits=" + "0" * 256 + "78" in page.url
    page.get_by_label("Pen", exact=True).select_option("lifted")
    up.focus()
    page.keyboard.press("Space")
    assert summary(page).startswith("Move the pen: row 6, column 8. ")
    assert summary(page).endswith(lab.text(digit="empty", pen="lifted"))


def test_a_click_on_a_map_chooses_its_unit(page, alone_url):
    go(page, alone_url("lenet"))
    panels = page.locator("#lab-lenet .lab-draw-on")
    panels.nth(2).scroll_into_view_if_needed()
    box = panels.nth(2).bounding_box()
    page.mouse.click(box["x"] + 10, box["y"] + 30)
    assert summary(page).startswith("C1: number 0. ")
    panels.nth(1).scroll_into_view_if_needed()
    box = panels.nth(1).bounding_box()
    page.mouse.click(box["x"] + 50, box["y"] + box["height"] - 8)
    assert page.get_by_label("Layer", exact=True).input_value() == "output"
    assert summary(page).startswith("Output: unit 9. ")
    assert page.get_by_label("Place in the map", exact=True).is_hidden()
    assert summary(page).endswith(alone.lab("lenet").text(layer="output", map=9))


def test_an_image_is_drawn_on_and_a_click_on_a_template_labels_it(page, alone_url):
    go(page, alone_url("softmax") + "?softmax.digit=empty")
    lab = alone.lab("softmax")
    slider = page.get_by_label("Steps on this image alone", exact=True)
    assert slider.is_hidden()  # without a label there is nothing to learn
    page.locator(".lab-draw-on").first.scroll_into_view_if_needed()
    page.mouse.move(*pixel(page, 1, 4, side=8))
    page.mouse.down()
    page.mouse.move(*pixel(page, 6, 4, side=8))
    page.mouse.up()
    edits = re.search(r"softmax\.edits=(\w+)", page.url)[1]
    assert edits == pen.drawn(np.zeros((8, 8)), [[(r, 4) for r in range(1, 7)]], "0" * 64 + "22")
    assert summary(page).endswith(lab.text(digit="empty", edits=edits))
    templates = page.locator(".lab-draw-on").nth(1)
    box = templates.bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 40)
    labeled = lab.text(digit="empty", edits=edits, truth="1")
    assert summary(page) == f"Label y: a 1. {labeled}"
    assert slider.is_visible()
    page.locator(".lab-draw-on").nth(2).scroll_into_view_if_needed()
    bars = page.locator(".lab-draw-on").nth(2).bounding_box()
    page.mouse.click(bars["x"] + 80, bars["y"] + bars["height"] - 12)
    assert summary(page).startswith("Label y: a 9. ")
    assert page.errors == []


def test_the_templates_appear_while_it_plays(page, alone_url):
    go(page, alone_url("softmax") + "?softmax.step=0")
    shades = ".lab-panels svg rect[fill-opacity]"
    before = page.locator(shades).count()
    page.get_by_role("button", name="Play:").click()
    page.wait_for_function("!document.querySelector('button:disabled[aria-label^=Back]')")
    page.wait_for_function(
        f"before => document.querySelectorAll('{shades}').length > before + 300", arg=before
    )
    assert page.errors == []


def test_a_seed_is_chosen_among_the_ends_of_all_and_shown_while_the_pointer_rests(page, alone_url):
    go(page, alone_url("residual"))
    lab = alone.lab("residual")
    ends = page.locator(".lab-draw-on")
    ends.scroll_into_view_if_needed()
    box, first, url = ends.bounding_box(), summary(page), page.url
    place = (box["x"] + 0.99 * box["width"], box["y"] + 8 + 46 * 1.25)
    before = page.locator(".lab-panel-title").first.inner_text()
    page.mouse.move(*place)
    largest = int(np.argmax(lab.compute(lab.settings())["series"]["residual_top"]))
    changed = "before => document.querySelector('.lab-panel-title').innerText !== before"
    page.wait_for_function(changed, arg=before)
    assert (summary(page), page.url) == (first, url)
    page.mouse.click(*place)
    assert summary(page) == f"Seed: {largest}. {lab.text(seed=largest)}"
    assert page.errors == []
