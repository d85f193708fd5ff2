"""``Lab``: an interactive figure that is alive in the published page and in a notebook."""

import html
import inspect
import itertools
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from byhand.kernel import has_kernel
from byhand.labs.challenges import Challenge
from byhand.labs.controls import Scrubber
from byhand.labs.text import fill, join

STATIC = Path(__file__).parent / "static"
BUILD = "npm ci && npm run build"

MISSING = "To bring this figure to life"  # without its bundle

READABLE = " !$()*,/:;<=>?@'[]{}|"  # in an address: beside letters, what an attribute holds


@dataclass(frozen=True, kw_only=True)
class Lab:
    """An interactive figure: what can be changed, what dlcore computes, how it is told.

    How it is drawn stands in ``browser/labs/NAME.js``. Shown as the last value of a cell it is a
    live widget, or in a published page (``DLCORE_LABS=static``, or no kernel) a figure that holds
    every state it needs.

    Sentences are templates (see ``byhand.labs.text``) over three kinds of names: the settings, the
    state, and the state's series at the scrubber's position.

    Parameters
    ----------
    name : str
        ``learning-rate``: the figure's id is ``lab-learning-rate``.
    title : str
    note : str
        What the data are and what is held fixed, in a sentence or two.
    controls : sequence of controls
    state : callable
        ``state(**settings) -> dict`` of numbers and strings and, under ``series``, of lists with
        one entry for each of the scrubber's stops, up to where the run ends. Its parameters name
        the controls that it depends on. A value of None leaves out the sentences that name it.
    shared : callable
        ``shared() -> dict``: what every state shares and the drawing needs, such as the points.
    summary : sequence of str
        Templates: what the figure shows, with its numbers.
    equation : sequence of str
        Templates with HTML markup, one line each: the equation with its live numbers.
    code : str
        Template: the dlcore line that computes it.
    alt : str
        Template: what is seen in the poster, the picture of the lab at its start settings, which
        ``browser/posters.py`` draws when the bundle is built.
    question : str
        What the reader is asked to predict before moving anything.
    answers : dict of str to str
        What the reader can answer, and what the lab replies: to the right answer, and to no other,
        with a sentence that begins with ``Yes``.
    reveal : dict
        The settings that the lab goes to after an answer, so that the reader sees what happens.
    challenge : Challenge, optional
        What a reader can try to reach.
    precomputed : bool
        Whether every state is computed here and put into the page. If not, the browser computes
        them with ``browser/engine.js`` (and this class only the first).
    """

    name: str
    title: str
    note: str
    controls: Sequence
    state: Callable
    shared: Callable
    summary: Sequence
    equation: Sequence
    code: str
    alt: str
    question: str
    answers: Mapping
    reveal: Mapping
    challenge: Challenge | None = None
    precomputed: bool = True

    def __post_init__(self):
        names = [control.name for control in self.controls]
        if unknown := set(self.depends) - set(names):
            raise ValueError(
                f"Lab {self.name!r}: state takes {', '.join(sorted(unknown))}, expected only "
                f"controls, which are {', '.join(names)}"
            )
        if self.settings(**self.reveal) == self.settings():
            raise ValueError(
                f"Lab {self.name!r}: reveal is where the lab starts; then an answer moves nothing"
            )
        if (right := sum(map(_confirms, self.answers.values()))) != 1:
            raise ValueError(
                f"Lab {self.name!r}: {right} replies begin with Yes, expected one, to the answer "
                "that is right"
            )

    def __repr__(self):
        return f"Lab({self.name!r})"

    @property
    def depends(self):
        """The names of the controls that the state depends on."""
        return tuple(inspect.signature(self.state).parameters)

    def settings(self, **changes):
        """Return the start settings with these changes.

        Raises
        ------
        ValueError
            When there is no such control, or the value is not one it can take.
        """
        settings = {control.name: control.value for control in self.controls} | changes
        if unknown := set(changes) - {control.name for control in self.controls}:
            names = ", ".join(control.name for control in self.controls)
            raise ValueError(
                f"Lab {self.name!r}: unknown setting {', '.join(sorted(unknown))}, expected {names}"
            )
        try:
            return {
                control.name: control.check(settings[control.name]) for control in self.controls
            }
        except ValueError as error:
            raise ValueError(f"Lab {self.name!r}: {error}") from None

    def compute(self, settings):
        """Return the state at these settings, as it is put into the page.

        Parameters
        ----------
        settings : dict
            Only those that the state depends on are used.

        Returns
        -------
        dict
            Precomputed states are rounded to six digits, which is more than a picture shows.
        """
        state = self.state(**{name: settings[name] for name in self.depends})
        return _plain(state, digits=6 if self.precomputed else 17)

    def values(self, **changes):
        """Return everything that a sentence can name, at the start settings with these changes."""
        settings = self.settings(**changes)
        state = self._start if settings == self.settings() else self.compute(settings)
        return self._values(settings, state)

    def _values(self, settings, state):
        texts = {control.name: control.text(settings[control.name]) for control in self.controls}
        series, now = state.get("series", {}), {}
        for control in self.controls:
            if isinstance(control, Scrubber) and series:
                position = list(control.values).index(settings[control.name])
                position = min(position, *(len(entries) - 1 for entries in series.values()))
                texts[control.name] = control.text(control.values[position])
                now = {key: entries[position] for key, entries in series.items()}
        return texts | {key: state[key] for key in state if key != "series"} | now

    def text(self, **changes):
        """Say what the figure shows, at the start settings with these changes.

        Raises
        ------
        ValueError
            When there is no such control, or the value is not one it can take.
        """
        return join(self.summary, self.values(**changes))

    @cached_property
    def _start(self):
        return self.compute(self.settings())

    @cached_property
    def _shared(self):
        return _plain(self.shared(), digits=17)

    @cached_property
    def _challenge(self):
        return self.challenge and _plain(self.challenge.spec(self), digits=17)

    @cached_property
    def _states(self):
        grid = [c.values for name in self.depends for c in self.controls if c.name == name]
        return [
            self.compute(dict(zip(self.depends, point, strict=True)))
            for point in itertools.product(*grid)
        ]

    def spec(self, *, live=False, states=True):
        """Return what the browser needs, ready for JSON.

        Parameters
        ----------
        live : bool
            Whether a kernel answers for values that are not in the page.
        states : bool
            Whether the states come along, where they are computed here.
        """
        return {
            "name": self.name,
            "title": self.title,
            "note": self.note,
            "controls": [control.spec() for control in self.controls],
            "depends": self.depends,
            "states": self._states if states and self.precomputed else None,
            "shared": self._shared,
            "summary": list(self.summary),
            "equation": list(self.equation),
            "code": self.code,
            "question": self.question,
            "answers": [
                {"text": text, "reply": reply, "right": _confirms(reply)}
                for text, reply in self.answers.items()
            ],
            "reveal": dict(self.reveal),
            "challenge": self._challenge,
            "live": live,
        }

    def poster(self, kind):
        """Return the picture of the lab at its start settings, for where no script runs.

        Parameters
        ----------
        kind : str
            ``svg`` or ``png``.

        Returns
        -------
        bytes or None
            None where it is not drawn: it is made with the bundle.
        """
        path = STATIC / f"{self.name}.{kind}"
        return path.read_bytes() if path.exists() else None

    def _picture(self):
        """Return the poster, or what it would show, as HTML."""
        svg, alt = self.poster("svg"), html.escape(fill(self.alt, self.values()))
        if svg is None:
            return f"<p>{alt}</p>"
        address = quote(svg.decode().replace('"', "'"), safe=READABLE)
        return f'<img src="data:image/svg+xml,{address}" alt="{alt}">'

    def html(self):
        """Return the figure as HTML that needs only ``labs.js`` and ``labs.css`` on its page."""
        picture = self._picture()
        if bundle_is_built():
            data = json.dumps(
                self.spec(), allow_nan=False, separators=(",", ":"), ensure_ascii=False
            )
            data = data.replace("<", "\\u003c")  # which could end the script element early
            body = (
                f'<noscript>{picture}</noscript>\n<script type="application/json">{data}</script>'
            )
        else:
            body = f"{picture}\n<p>{MISSING}: <code>{html.escape(BUILD)}</code></p>"
        return (
            f'<figure class="lab" id="lab-{self.name}" data-lab="{self.name}">\n'
            f'<figcaption class="lab-title">{html.escape(self.title)}</figcaption>\n{body}\n'
            f'<output class="lab-summary" aria-live="polite">{html.escape(self.text())}</output>\n'
            "</figure>"
        )

    def still(self):
        """Return the poster as HTML that says how to bring the figure to life."""
        return (
            f'<figure class="lab-still">\n{self._picture()}\n'
            f"<figcaption>{html.escape(self.text())} Run this cell to bring the figure to life."
            "</figcaption>\n</figure>"
        )

    def _forms(self, page):
        """Return every form of a cell's output that needs no widget: a page, the poster, words."""
        png, text = self.poster("png"), self.text()
        return {
            "text/html": page,
            **({} if png is None else {"image/png": png}),
            "text/plain": text if bundle_is_built() else f"{text}\n{MISSING}: {BUILD}",
        }

    def _view(self):
        """Return the widget's form, with the words for those who have no widgets, and metadata."""
        from byhand.labs.widget import LabWidget

        view, metadata = LabWidget(self)._repr_mimebundle_()
        return view | {"text/plain": self.text()}, metadata

    def _repr_mimebundle_(self, include=None, exclude=None):
        if not (is_live() and bundle_is_built()):
            return self._forms(self.html())
        view, metadata = self._view()
        return view | self._forms(self.still()), metadata

    def _ipython_display_(self):
        """Show the live figure, and behind it its poster, which stays when the kernel has gone.

        JupyterLab shows of an output without its kernel only that a model is missing, whatever else
        the output holds; so the poster is one of its own, which the live figure's style hides.

        Raises
        ------
        NotImplementedError
            Where one output is enough; IPython then asks for the mimebundle.
        """
        if not (is_live() and bundle_is_built()) or "VSCODE_PID" in os.environ:
            raise NotImplementedError
        from IPython.display import display

        view, metadata = self._view()
        display(view, metadata=metadata, raw=True)
        display(self._forms(self.still()), raw=True)


def bundle_is_built():
    """Tell whether ``npm run build`` has made the browser's files."""
    return all((STATIC / name).exists() for name in ("labs.js", "labs.css"))


def bundle():
    """Return the browser's script and style."""
    return tuple((STATIC / name).read_text(encoding="utf-8") for name in ("labs.js", "labs.css"))


def static_pages():
    """Tell whether the environment asks for figures that need no kernel: a book is being built."""
    return os.environ.get("DLCORE_LABS") == "static"


def is_live():
    """Tell whether a kernel is there that a widget can talk to."""
    return has_kernel() and not static_pages()


def _confirms(reply):
    return bool(re.match(r"Yes\b", reply))


def _plain(value, digits):
    """Turn arrays and NumPy's numbers into lists and Python's, rounded to significant digits."""
    if isinstance(value, Mapping):
        return {key: _plain(entry, digits) for key, entry in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry, digits) for entry in value]
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    return value
