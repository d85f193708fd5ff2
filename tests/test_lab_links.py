"""The links in the text that set a lab name stops of its controls, and stand on its page."""

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

import byhand.labs
from byhand.labs import Lab
from tests.byhand.labs.names import LABS

ROOT = Path(__file__).parents[1]
LINK = re.compile(r'<a href="(\?[^"]*)">(.*?)</a>', re.DOTALL)
FORMULA = re.compile(r"\$[^$]*\$")
SHOWN = re.compile(r"\blabs\.(\w+)\(\)")
PAGES = sorted([*ROOT.glob("chapters/*.ipynb"), ROOT / "book" / "intro.md"])
MAKES = {getattr(byhand.labs, name)().name: name for name in LABS}


def sources(path):
    """Return the text of a page's cells."""
    if path.suffix == ".md":
        return [path.read_text(encoding="utf-8")]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


def value_of(control, text):
    """Return the stop that is written so in an address."""
    for value in control.values:
        if text == str(value) or (not isinstance(value, str) and float(text) == value):
            return value
    raise ValueError(
        f"{control.name}={text}, expected one of {', '.join(map(str, control.values))}"
    )


def settings_of(lab, query):
    """Return the settings that a link asks for, those now and those that are pinned."""
    controls = {control.name: control for control in lab.controls}
    now, pinned = {}, {}
    for key, text in parse_qsl(query, strict_parsing=True):
        start = f"{lab.name}.pin." if key.startswith(f"{lab.name}.pin.") else f"{lab.name}."
        name = key.removeprefix(start)
        assert name in controls, key
        chosen = pinned if start.endswith(".pin.") else now
        chosen[name] = value_of(controls[name], text)
    return now, pinned


def faults(cells):
    """Yield what is wrong with the links of a page."""
    shown = {name for cell in cells for name in SHOWN.findall(cell)}
    for link, words in (found for cell in cells for found in LINK.findall(cell)):
        if not re.search(r"\w", FORMULA.sub("", words)):
            yield f"{link}: a formula alone is no name for a link: take a word before it in"
        address = urlsplit(unescape(link))
        name = MAKES.get(address.fragment.removeprefix("lab-"))
        if name not in shown:
            yield f"{link}: the page has no such lab"
            continue
        lab: Lab = getattr(byhand.labs, name)()
        try:
            for settings in settings_of(lab, address.query):
                lab.settings(**settings)
        except (AssertionError, ValueError) as error:
            yield f"{link}: {error}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_link_to_a_setting_names_stops(path):
    assert list(faults(sources(path))) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_lab_of_a_chapter_has_a_link_to_a_setting(path):
    text = "".join(sources(path))
    for name in SHOWN.findall(text):
        if name in LABS and path.suffix == ".ipynb":
            assert f'#lab-{getattr(byhand.labs, name)().name}">' in text, name


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("?race.rate=0.03#lab-race", None),
        ("?race.surface=saddle&race.x1=0.8#lab-race", None),
        ("?race.rate=0.03&race.pin.rate=0.02#lab-race", None),
        ("?race.pin.rate=0.031#lab-race", "rate=0.031, expected one of"),
        ("?race.rate=0.031#lab-race", "rate=0.031, expected one of 0.001"),
        ("?race.speed=1#lab-race", "race.speed"),
        ("?ewa.day=1#lab-ewa", "the page has no such lab"),
        ("?race.surface=hill#lab-race", "surface=hill, expected one of ravine"),
    ],
)
def test_a_wrong_link_is_found(link, fault):
    found = list(faults([f'Try <a href="{link}">this</a>.', "labs.race()"]))
    assert (fault is None) == (found == [])
    assert fault is None or fault in found[0]


def test_a_link_whose_name_is_a_formula_is_found():
    (found,) = faults(
        ['At <a href="?race.rate=0.03#lab-race">$\\alpha = 0.03$</a>.', "labs.race()"]
    )
    assert "a formula alone is no name" in found
