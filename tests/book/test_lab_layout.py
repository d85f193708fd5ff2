"""How the labs are laid out: on a laptop, a phone, paper, with forced colors, large text, rtl.

One page with all labs is opened for all of it.
"""

import pytest

from tests.book.chromium import NARROW, new_tab
from tests.book.keyboard import settle
from tests.book.visits import FRAMES
from tests.byhand.labs.names import LABS

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1300, "height": 900}

# Some labs still train: that moves nothing.
DRAWN = """() => [...document.querySelectorAll('figure.lab')].every(
  figure => figure.querySelector('.lab-panels svg'))"""

# Of each lab: its name, the boxes of its picture and of what is shown of its controls.
BOXES = """() => [...document.querySelectorAll('figure.lab')].map(figure => {
  const box = nodes => {
    const all = nodes.map(node => node.getBoundingClientRect());
    const side = (pick, name) => Math.round(pick(...all.map(each => each[name])));
    return {top: side(Math.min, 'top'), left: side(Math.min, 'left'),
            right: side(Math.max, 'right'), bottom: side(Math.max, 'bottom')};
  };
  const shown = [...figure.querySelectorAll('.lab-control, .lab-more')]
    .filter(node => node.checkVisibility({visibilityProperty: true}));
  return {name: figure.dataset.lab, figure: box([figure]), controls: box(shown),
          picture: box([figure.querySelector('.lab-panels')])};
})"""


@pytest.fixture(scope="module")
def labs(browser, alone_url):
    """Return ``labs(size)``: the page with all labs, in a window of this size."""
    page = new_tab(browser, viewport=LAPTOP)
    page.goto(alone_url("all"))
    page.wait_for_function(DRAWN, timeout=60_000)

    def labs(size):
        page.set_viewport_size(size)
        page.evaluate(FRAMES)
        page.evaluate(FRAMES)
        return page

    yield labs
    page.context.close()


def overlap(boxes):
    """Return the labs where the controls do not stand beside the picture."""
    return [b["name"] for b in boxes if b["controls"]["left"] < b["picture"]["right"]]


def test_a_laptop_shows_a_picture_and_its_controls_at_once(labs):
    boxes = labs(LAPTOP).evaluate(BOXES)
    assert len(boxes) == len(LABS)
    assert overlap(boxes) == []
    high = {
        b["name"]: height
        for b in boxes
        if (
            height := max(b[part]["bottom"] for part in ("picture", "controls"))
            - b["picture"]["top"]
        )
        > 700
    }
    assert high == {}


def test_a_phone_keeps_the_picture_in_sight_while_a_control_moves(labs):
    page = labs(NARROW)
    stays = page.evaluate("""async () => {
      const stays = {};
      for (const figure of document.querySelectorAll('figure.lab')) {
        if (!figure.querySelector('.lab-low')) continue;
        [...figure.querySelectorAll('.lab-control')].at(-1).scrollIntoView({block: 'end'});
        const {top, bottom} = figure.querySelector('.lab-main').getBoundingClientRect();
        stays[figure.dataset.lab] = [Math.round(top), Math.round(bottom)];
      }
      scrollTo(0, 0);
      return stays;
    }""")
    assert len(stays) >= 15
    assert {name: top for name, (top, _) in stays.items() if top < 0} == {}
    half = NARROW["height"] / 2 + 1
    assert {name: low - top for name, (top, low) in stays.items() if low - top > half} == {}


def test_what_can_be_hit_is_large_enough(labs):
    page = labs(LAPTOP)
    small = page.evaluate("""() => [...document.querySelectorAll(
        'figure.lab :is(input, select, button, summary)')].flatMap(node => {
      const {width, height} = node.getBoundingClientRect();
      return width > 0 && Math.min(width, height) < 24 ? [node.outerHTML.slice(0, 80)] : [];
    })""")
    assert small == []


def test_paper_has_the_picture_and_its_sentence_in_light_colors(labs):
    page = labs({"width": 700, "height": 900})
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    try:
        shown = page.evaluate("""() => [...new Set(
          [...document.querySelectorAll('figure.lab *:not(svg *)')]
            .filter(node => node.checkVisibility({visibilityProperty: true}))
            .flatMap(node => [...node.classList])
            .filter(name => /^lab-(panels|summary|question|controls|code|title)$/.test(name)))]
          .sort()""")
        assert shown == ["lab-panels", "lab-summary", "lab-title"]
        assert page.locator("figure.lab button:visible").count() == 0
        ground = page.locator(".lab-panel").first.evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        assert ground == "rgb(255, 255, 255)"
        breaks = page.locator("figure.lab").first.evaluate(
            "node => getComputedStyle(node).breakInside"
        )
        assert breaks == "avoid"
    finally:
        page.emulate_media(media="screen")
        page.evaluate("document.documentElement.dataset.theme = 'light'")


def test_forced_colors_are_the_systems(labs):
    page = labs(LAPTOP)
    page.emulate_media(forced_colors="active")
    try:
        said = page.evaluate("""() => {
          const probe = document.body.appendChild(document.createElement('p'));
          probe.style.cssText = 'color: CanvasText; background: Canvas';
          const {color, backgroundColor} = getComputedStyle(probe);
          probe.remove();
          return [...document.querySelectorAll('.lab-panel')].filter(panel =>
            getComputedStyle(panel).backgroundColor !== backgroundColor
            || getComputedStyle(panel.querySelector('svg')).color !== color).length;
        }""")
        assert said == 0
    finally:
        page.emulate_media(forced_colors="none")


def test_text_of_double_size_and_from_right_to_left_stays_inside(labs):
    page = labs(LAPTOP)
    outside = """() => [...document.querySelectorAll('figure.lab')].flatMap(figure => {
      const {left, right} = figure.getBoundingClientRect();
      return [...figure.querySelectorAll('*:not(svg *, noscript, script, option, .lab-hidden)')]
        .filter(node => node.getClientRects().length)
        .filter(node => node.getBoundingClientRect().right > right + 1
                     || node.getBoundingClientRect().left < left - 1)
        .map(node => node.outerHTML.slice(0, 80));
    })"""
    root = "document.documentElement"
    page.evaluate(f"{root}.style.fontSize = '200%'; {root}.dir = 'rtl'")
    page.evaluate(FRAMES)
    try:
        assert page.evaluate(outside) == []
        assert page.evaluate(f"{root}.scrollWidth") <= LAPTOP["width"]
        directions = page.locator(".lab-drawing").evaluate_all(
            "all => [...new Set(all.map(node => getComputedStyle(node).direction))]"
        )
        assert directions == ["ltr"]
    finally:
        page.evaluate(f"{root}.style.fontSize = ''; {root}.dir = ''")


def test_a_lab_gets_no_lower(labs):
    page = labs(LAPTOP)
    figure = page.locator("#lab-backprop-debugger")
    heights = [figure.evaluate("node => node.offsetHeight")]
    for value in ("one", "batch"):
        figure.get_by_label("Data", exact=True).select_option(value)
        page.evaluate(FRAMES)
        heights.append(figure.evaluate("node => node.offsetHeight"))
    assert heights == sorted(heights)


def test_rare_controls_are_folded_until_an_address_sets_one(labs, page, alone_url):
    figure = labs(LAPTOP).locator("#lab-hidden-units")
    assert figure.get_by_label("Seed of the start weights").is_hidden()
    page.goto(alone_url("hidden_units") + "?hidden-units.seed=3")
    settle(page)
    assert page.get_by_label("Seed of the start weights").is_visible()
    page.get_by_text("More", exact=True).click()
    assert page.get_by_label("Seed of the start weights").is_hidden()


def test_a_lab_can_have_the_whole_screen(labs):
    page = labs(LAPTOP)
    button = page.locator("#lab-race").get_by_role("button", name="Full screen")
    button.click()
    page.wait_for_function("document.fullscreenElement?.id === 'lab-race'")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    page.wait_for_function("document.fullscreenElement === null")
