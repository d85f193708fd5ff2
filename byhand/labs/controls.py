"""The controls of a lab: what the reader may change.

Each has ``name``, ``label``, a start ``value``, and

- ``kind``: which browser control draws it (``browser/controls.js``, or the lab's own file),
- ``check(value)``: the value as the state function takes it, or an error,
- ``text(value)``: the value as a reader reads it,
- ``spec()``: what the browser needs to know.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import ClassVar

from byhand.labs.computation import graph_of
from byhand.labs.formula import parse
from byhand.labs.text import show

READERS = {"surface": parse, "graph": graph_of}  # of a formula; both refuse what is none


@dataclass(frozen=True, kw_only=True)
class Control:
    """What every control has.

    Parameters
    ----------
    name : str
        The parameter of the state function, and the name in the page's address.
    label : str
    off : dict, optional
        ``{"scheme": ["zeros"]}``: hidden when the control ``scheme`` is at ``"zeros"``, because
        then this one has no effect. The name may also be that of a value of the state.
    rare : bool, optional
        Whether it is folded under "More": a first reader does not need it.
    """

    name: str
    label: str
    off: Mapping = field(default_factory=dict)
    rare: bool = False

    def spec(self):
        """Return the control for the browser."""
        return {
            "kind": self.kind,
            "name": self.name,
            "label": self.label,
            "value": self.value,
            "off": {name: list(values) for name, values in self.off.items()},
            "rare": self.rare,
        }


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A number that is chosen from a list of stops.

    Parameters
    ----------
    name, label, off, rare
        As in ``Control``.
    values : sequence of numbers, increasing
        The stops; a logarithmic slider has logarithmic stops.
    value : number
        The start value, one of the stops.
    bounds : pair of numbers, optional
        With a kernel the reader may enter any number between them, and Python computes it.
    words : dict, optional
        ``{0: "as published"}``: what is read at a stop instead of its number.
    """

    kind: ClassVar[str] = "slider"
    values: Sequence
    value: float
    bounds: tuple | None = None
    words: Mapping = field(default_factory=dict)

    def check(self, value):
        """Return ``value`` if it is a stop or lies between the bounds.

        A browser writes 2.0 as 2; here it is a float again, where the stops are.
        """
        if value in self.values:
            return self.values[self.values.index(value)]
        if not self.bounds:
            stops = ", ".join(map(show, self.values))
            raise ValueError(f"{self.name} is {value!r}, expected one of {stops}")
        low, high = self.bounds
        whole = all(isinstance(stop, int) for stop in self.values)
        allowed = int if whole else int | float
        if not isinstance(value, allowed) or not low <= value <= high:
            number = "a whole number" if whole else "a number"
            raise ValueError(
                f"{self.name} is {value!r}, expected {number} from {show(low)} to {show(high)}"
            )
        return value if whole else float(value)

    def text(self, value):
        """Return the number itself: a template formats it."""
        return value

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {
            "values": list(self.values),
            "bounds": self.bounds,
            "words": {show(value): words for value, words in self.words.items()},
        }


@dataclass(frozen=True, kw_only=True)
class Scrubber(Slider):
    """A slider through the run, with buttons to step, to step back and to play.

    Its position is the index into the state's series, so it has no effect on the state. Where the
    series are shorter than ``values``, the run ends there.

    Parameters
    ----------
    name, label, off, rare, values, value, bounds, words
        As in ``Slider``.
    frame : int
        Milliseconds a stop while it plays.
    """

    kind: ClassVar[str] = "scrubber"
    frame: int = 120

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {"frame": self.frame}


@dataclass(frozen=True, kw_only=True)
class Select(Control):
    """One of a few named options.

    Parameters
    ----------
    name, label, off, rare
        As in ``Control``.
    options : dict of value to str
        What the state function gets, and what the reader reads.
    value : str
        The start value, a key of ``options``.
    """

    kind: ClassVar[str] = "select"
    options: Mapping
    value: str

    @property
    def values(self):
        """The values, in order."""
        return list(self.options)

    def check(self, value):
        """Return ``value`` if it is an option."""
        if value in self.options:
            return value
        raise ValueError(f"{self.name} is {value!r}, expected one of {', '.join(self.options)}")

    def text(self, value):
        """Return the option as the reader reads it."""
        return self.options[value]

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {"options": list(self.options.items()), "values": self.values}


@dataclass(frozen=True, kw_only=True)
class Several(Control):
    """Any of a few named options, but at least one: a box to tick for each.

    A value is a word of the options that are ticked, in order, such as ``"gd-adam"``.

    Parameters
    ----------
    name, label, off, rare, options
        As in ``Select``; the names of options hold no ``"-"``.
    value : str
        What is ticked at the start.
    """

    kind: ClassVar[str] = "several"
    options: Mapping
    value: str

    @property
    def values(self):
        """The values: every choice but none, the smallest first."""
        sizes = range(1, len(self.options) + 1)
        return ["-".join(some) for size in sizes for some in combinations(self.options, size)]

    def check(self, value):
        """Return ``value`` if it is a choice of options."""
        if value in self.values:
            return value
        raise ValueError(
            f"{self.name} is {value!r}, expected some of {', '.join(self.options)} in this order, "
            f"such as {self.values[-1]!r}"
        )

    def text(self, value):
        """Return the chosen options as the reader reads them."""
        return ", ".join(self.options[option] for option in value.split("-"))

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {"boxes": list(self.options.items()), "values": self.values}


@dataclass(frozen=True, kw_only=True)
class Drawing(Control):
    """A curve that the reader draws: heights at evenly spaced points, written as one word.

    Each height is a digit to the base 36, so that 21 heights from 0 to 20 are a word of 21 signs
    from 0 to k, which fits into an address. The values cannot be listed: ``pattern`` says what
    they look like, and a lab with a drawing is not precomputed. The control that moves the points
    stands in the lab's own browser file.

    Parameters
    ----------
    name, label, off, rare
        As in ``Control``.
    value : str
        The drawing at the start.
    levels : int
        The greatest height, at most 35.
    """

    kind: ClassVar[str] = "drawing"
    value: str
    levels: int

    @property
    def pattern(self):
        """The regular expression of all values."""
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[: self.levels + 1]
        return f"[{digits}]{{{len(self.value)}}}"

    def check(self, value):
        """Return ``value`` if it is a word of as many heights as the start."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value):
            return value
        raise ValueError(f"{self.name} is {value!r}, expected a word like {self.value!r}")

    def text(self, value):
        """Return the word itself."""
        return value

    def heights(self, value):
        """Return the heights of a drawing, each from 0 to 1."""
        return [int(digit, 36) / self.levels for digit in value]

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {"pattern": self.pattern, "levels": self.levels}


@dataclass(frozen=True, kw_only=True)
class Formula(Control):
    """A formula that the reader writes, in the grammar of ``byhand.labs.grammar``.

    Parameters
    ----------
    name, label, off, rare
        As in ``Control``.
    value : str
        The formula at the start.
    examples : sequence of str
        Formulas that the browser proposes.
    titles : sequence of str, optional
        What the examples are called; with it they stand in a list to choose from.
    reads : str
        What the formula is read as, a key of ``READERS``.
    """

    kind: ClassVar[str] = "formula"
    value: str
    examples: Sequence
    titles: Sequence = ()
    reads: str = "surface"

    @property
    def values(self):
        """Formulas to try: there are more."""
        return list(self.examples)

    def check(self, value):
        """Return ``value`` if it is a formula."""
        if not isinstance(value, str):
            raise ValueError(f"{self.name} is {value!r}, expected a formula such as {self.value!r}")
        try:
            READERS[self.reads](value)
        except ValueError as error:
            raise ValueError(f"{self.name} is {value!r}: {error}") from None
        return value

    def text(self, value):
        """Return the formula itself."""
        return value

    def spec(self):
        """Return the control for the browser."""
        return super().spec() | {
            "examples": list(self.examples),
            "titles": list(self.titles),
            "reads": self.reads,
        }
