"""The posters beside what the pages draw, and on a page where no script runs."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.book import alone
from tests.book.chromium import NARROW, WIDE
from tests.book.conftest import served
from tests.book.keyboard import settle
from tests.byhand.labs.bundle import build, layouts, posters
from tests.byhand.labs.names import LABS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the bundle and the posters, for labs on pages of their own."""
    folder = tmp_path_factory.mktemp("posters")
    build(folder)
    posters().write(folder, posters().NAMES)
    return folder


@pytest.fixture(scope="module")
def url_of(folder):
    """Return ``url_of(name)``: the address of a lab's own page."""
    with served(folder) as url:
        yield lambda name: f"{url}/{alone.page(folder, name).name}"


# Give each drawing the size that it has in the poster.
SIZE = """places => document.querySelectorAll('.lab-drawing').forEach((node, i) => {
  const {width, height} = places[i];
  const fills = node.classList.contains('lab-stretch');
  Object.assign(node.style, {width: `${width}px`, flex: 'none', minHeight: 0,
    height: fills ? `${height}px` : 'auto'});
})"""
FRAMES = """async () => {
  for (let frame = 0; frame < 6; frame++) await new Promise(requestAnimationFrame);
}"""
# The words that lie outside of their drawing, where they would cover a title or be cut off.
OUTSIDE = """() => [...document.querySelectorAll('.lab-drawing')].flatMap(node => {
  const {left, right, top, bottom} = node.getBoundingClientRect();
  return [...node.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < left - 4 || box.right > right + 4 ||
      box.top < top - 4 || box.bottom > bottom + 4);
  }).map(text => text.textContent);
})"""
# Then leave nothing on the page but the drawings, each where it is in the poster.
ALONE = """places => {
  const sheet = document.createElement('div');
  sheet.className = 'lab';
  sheet.style = 'position: absolute; inset: 0; background: var(--lab-ground); ' +
    'font-family: var(--lab-text)';
  document.querySelectorAll('.lab-drawing').forEach((node, i) => {
    const {x, y, width, height} = places[i];
    const box = document.createElement('div');
    box.className = 'lab-drawing';
    box.style = `position: absolute; left: ${x}px; top: ${y}px; width: ${width}px; ` +
      `height: ${height}px; overflow: hidden`;
    box.append(node.firstElementChild);
    sheet.append(box);
  });
  document.body.replaceChildren(sheet);
}"""
SIDES = ("x", "y", "width", "height")
VISIBLE = 60  # of 255: as far is a color from another one
ALIKE = 0.0008  # the share of pixels, of those of a panel


def shot(page):
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), int)


def apart(live, poster):
    """Return the share of pixels that have another color in the poster, and around there, too.

    A line that is moved by a tenth of a pixel, as in a poster, may be drawn a pixel beside.
    """
    moves = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    off = [np.abs(live - np.roll(poster, move, axis=(0, 1))).max(axis=-1) for move in moves]
    return np.mean(np.min(off, axis=0) > VISIBLE)


def shares(page, address, folder, lab):
    """Return what is apart in each panel of a lab's page and its poster."""
    (places,) = layouts([lab])
    page.goto(address)
    settle(page)
    page.evaluate(SIZE, places)
    page.evaluate(FRAMES)  # until the drawings have noticed
    settle(page)
    assert page.evaluate(OUTSIDE) == []
    page.evaluate(ALONE, places)
    live = shot(page)
    page.goto((folder / f"{lab.name}.svg").as_uri())
    poster = shot(page)
    found = []
    for x, y, width, height in ([place[side] for side in SIDES] for place in places):
        box = np.s_[y : y + height, x : x + width]
        found.append(apart(live[box], poster[box]))
    return found


LARGE = {"viewport": {"width": 1300, "height": 1000}, "reduced_motion": "reduce"}


@pytest.mark.parametrize("name", LABS)
def test_a_poster_shows_what_the_page_shows_at_first(open_page, url_of, folder, name):
    found = shares(open_page(**LARGE), url_of(name), folder, alone.lab(name))
    assert max(found) < ALIKE


def test_a_page_at_other_settings_is_not_like_the_poster(open_page, url_of, folder):
    address = f"{url_of('learning_rate')}?learning-rate.iteration=30"
    found = shares(open_page(**LARGE), address, folder, alone.lab("learning_rate"))
    assert min(found) > ALIKE


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_without_script_there_is_a_poster_and_a_sentence(open_page, url_of, folder, theme, size):
    page = open_page(java_script_enabled=False, viewport=size)
    page.goto(url_of("learning_rate"))
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    poster = page.locator("figure.lab noscript img")
    assert poster.is_visible()
    assert len(poster.get_attribute("alt")) > 40
    assert page.locator(".lab-summary").is_visible()
    box, figure = poster.bounding_box(), page.locator("figure.lab").bounding_box()
    assert figure["x"] < box["x"]
    assert box["x"] + box["width"] < figure["x"] + figure["width"]
    with Image.open(folder / "learning-rate.png") as png:
        width, height = png.size
    assert box["height"] / box["width"] == pytest.approx(height / width, rel=0.01)
    ground = shot(page)[round(box["y"]) + 3, round(box["x"] + box["width"] / 2)]
    assert tuple(ground) == (247, 248, 250)  # the card's, also in a dark theme
