"""A random walk through a lab, as somebody who plays: keys, clicks, links, the drawing."""

from urllib.parse import parse_qs, urlsplit

from tests.book.keyboard import UNFOLD, settle, usable

KEYS = {"range": ["Home", "End", "ArrowRight", "ArrowLeft", "PageUp"], "number": ["ArrowUp"],
        "text": ["5", "Backspace"]}  # fmt: skip
PAUSE = """() => [...document.querySelectorAll('figure.lab button')]
  .filter(button => button.textContent === 'Pause').forEach(button => button.click())"""
SHOWN = """() => [location.search,
  document.querySelector('.lab-stage').innerHTML.replace(/plot-clip-[0-9]+/g, '')]"""
PARTS = "figure.lab :is(input, select, button):not([readonly]), .lab-draw-on"


def walk(page, rng, actions):
    """Do so many things; yield what was done after each, once the lab stands.

    Where a setting changes the drawing must change, too: else the control is dead.
    """
    page.query_selector("figure.lab").evaluate(UNFOLD)
    address, drawing = page.evaluate(SHOWN)
    for _ in range(actions):
        parts = [part for part in page.query_selector_all(PARTS) if usable(part)]
        done = act(page, parts[rng.integers(len(parts))], rng)
        page.evaluate(PAUSE)
        settle(page)
        before = address, drawing
        address, drawing = page.evaluate(SHOWN)
        assert address == before[0] or drawing != before[1], f"a dead control: {done}"
        yield done


def act(page, part, rng):
    """Use one part of a lab; return what was done."""
    tag, kind, words = part.evaluate("e => [e.tagName, e.type, e.id + e.textContent.slice(0, 30)]")
    if tag == "SELECT":
        options = part.evaluate("e => [...e.options].map(option => option.value)")
        part.select_option(options[rng.integers(len(options))])
        return f"choose in {words}"
    if tag == "DIV":
        box = part.bounding_box()
        x, y = rng.random(2)
        part.scroll_into_view_if_needed()
        part.click(position={"x": x * (box["width"] - 2) + 1, "y": y * (box["height"] - 2) + 1})
        return f"click the drawing at {x:.2f}, {y:.2f}"
    part.scroll_into_view_if_needed()
    if tag == "BUTTON" or kind == "checkbox":
        part.click()
        return f"click {words}"
    keys = KEYS[kind]
    key = keys[rng.integers(len(keys))]
    part.press(key)
    return f"press {key} on {words}"


def settings_in(address, lab):
    """Return the settings that an address holds, as the lab's own values."""
    query = parse_qs(urlsplit(address).query)
    found = {}
    for control in lab.controls:
        for word in query.get(f"{lab.name}.{control.name}", []):
            values = {str_of(value): value for value in getattr(control, "values", ())}
            found[control.name] = values.get(word, word)
    return found


def str_of(value):
    """Write a value as JavaScript's String does."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)
