"""A finger on the screen, as Chromium's touch events."""

from contextlib import contextmanager

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


class Finger:
    """One finger on a page that was opened with the options ``PHONE``.

    Parameters
    ----------
    page : Playwright's page
    """

    def __init__(self, page):
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind, *points):
        touched = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    @contextmanager
    def on(self, element, x=0.5, y=0.5):
        """Put the finger down at these shares of an element; yield what moves it by pixels."""
        element.evaluate("e => e.scrollIntoView({block: 'center'})")
        box = element.bounding_box()
        place = [box["x"] + x * box["width"], box["y"] + y * box["height"]]
        self._send("touchStart", place)

        def move(across, down, steps=6):
            for _ in range(steps):
                place[0] += across / steps
                place[1] += down / steps
                self._send("touchMove", place)

        yield move
        self._send("touchEnd")

    def swipe(self, element, across, down, **start):
        """Swipe from an element."""
        with self.on(element, **start) as move:
            move(across, down)
