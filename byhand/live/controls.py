"""The controls that the page draws for ``interact``, in the browser's own elements."""

from dataclasses import asdict, dataclass
from enum import EnumMeta
from numbers import Integral, Real

from byhand.labs.interaction import options, parameters, start_values

MIME = "application/vnd.byhand.interact+json"
STEP = 0.1  # of a slider of real numbers, as ipywidgets has it


@dataclass(frozen=True)
class Control:
    """One control.

    Parameters
    ----------
    name : str
        Of the function's parameter.
    kind : str
        ``range``, ``choice``, ``flag``, ``text`` or ``number``.
    value : object
        At the start; of a choice the number of the option.
    limits : dict
        ``min``, ``max`` and ``step`` of a range.
    options : tuple
        Of a choice: pairs of what the page shows and what the function gets.
    whole : bool
        Whether a number is an integer.
    """

    name: str
    kind: str
    value: object
    limits: dict | None = None
    options: tuple = ()
    whole: bool = False

    def spec(self):
        """Return what the page needs, ready for JSON."""
        data = asdict(self) | (self.limits or {}) | {"label": self.name.replace("_", " ")}
        data["options"] = [str(label) for label, _ in self.options]
        del data["limits"], data["whole"]
        return data

    def read(self, values):
        """Return what the function gets.

        Parameters
        ----------
        values : dict
            Name to value, as the page gives it.

        Returns
        -------
        int or float or bool or str or one of the options
        """
        value = values.get(self.name, self.value)
        match self.kind:
            case "choice":
                return self.options[int(value)][1]
            case "flag":
                return bool(value)
            case "text":
                return str(value)
        return int(value) if self.whole else float(value)


def controls(function, abbreviations):
    """Return the controls that the abbreviations stand for.

    Parameters
    ----------
    function : callable
    abbreviations : dict
        Of ``byhand.labs.interact``.

    Returns
    -------
    list of Control

    Raises
    ------
    ValueError
        When a parameter has neither an abbreviation nor a default, or no control fits it.
    """
    start = start_values(function, abbreviations)
    return [
        _control(name, abbreviation, start[name])
        for name, abbreviation, _ in parameters(function, abbreviations)
    ]


def _control(name, abbreviation, start):
    match abbreviation:
        case tuple((Real(), Real()) | (Real(), Real(), Real())):
            low, high, *step = abbreviation
            whole = all(isinstance(number, Integral) for number in abbreviation)
            limits = {"min": low, "max": high, "step": step[0] if step else (1 if whole else STEP)}
            return Control(name, "range", start, limits, whole=whole)
        case bool() | str() | Real():
            return _field(name, start)
        case EnumMeta():
            return _choice(name, [(member.name, member) for member in abbreviation], start)
        case type():
            return _field(name, start)
    return _choice(name, options(abbreviation), start)


def _field(name, start):
    if isinstance(start, bool):
        return Control(name, "flag", start)
    if isinstance(start, str):
        return Control(name, "text", start)
    return Control(name, "number", start, whole=isinstance(start, Integral))


def _choice(name, pairs, start):
    chosen = next((number for number, (_, value) in enumerate(pairs) if value is start), 0)
    return Control(name, "choice", chosen, options=tuple(pairs))
