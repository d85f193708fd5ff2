"""``interact``: ipywidgets' with a kernel, one run with the start values in a published page."""

import sys
from collections.abc import Iterable, Mapping
from enum import EnumMeta
from inspect import Parameter, signature
from numbers import Integral, Real

from byhand.labs.lab import static_pages
from dlcore.errors import needs_extra


def interact(function=None, /, **abbreviations):
    """Run ``function`` again whenever the reader moves one of the controls.

    With a kernel this is ``ipywidgets.interact``. While the book is built (``DLCORE_LABS=static``)
    it runs ``function`` once, with the values that the controls would start at, and creates no
    widget. In a page that runs itself the page draws the controls.

    Parameters
    ----------
    function : callable
        Left out when used as a decorator, ``@interact(x=(0, 10))``.
    **abbreviations
        A number or text; ``(min, max)`` or ``(min, max, step)``; a list or dict of options.

    Returns
    -------
    None or callable
        Nothing, so that a cell may end in it; without ``function`` the decorator, which returns
        what it decorates.

    Raises
    ------
    ModuleNotFoundError
        When ipywidgets is not installed.
    ValueError
        When a parameter has neither an abbreviation nor a default, or no control fits it.
    """
    if function is None:
        return lambda function: interact(function, **abbreviations) or function
    page = sys.modules.get("byhand.live.session")  # where a page runs itself, it has been imported
    if page and page.current():
        page.current().interact(function, abbreviations)
        return None
    if not static_pages():
        with needs_extra("interact", "book"):
            import ipywidgets
        ipywidgets.interact(function, **abbreviations)
        return None
    with needs_extra("interact", "book"):
        from IPython.display import display
    result = function(**start_values(function, abbreviations))
    if result is not None:
        display(result)
    return None


def start_values(function, abbreviations):
    """Return the values that ``ipywidgets.interact`` would start with.

    Parameters
    ----------
    function : callable
    abbreviations : dict

    Returns
    -------
    dict
        Parameter name to value.

    Raises
    ------
    ValueError
        When a parameter has neither an abbreviation nor a default, or no control fits it.
    """
    return {name: _start(name, *rest) for name, *rest in parameters(function, abbreviations)}


def parameters(function, abbreviations):
    """Return each parameter that gets a control: its name, its abbreviation, its default.

    Parameters
    ----------
    function : callable
    abbreviations : dict

    Returns
    -------
    list of tuple
        The default is ``inspect.Parameter.empty`` where there is none.
    """
    found, left = [], dict(abbreviations)
    left.pop("clear_output", None)  # an option of ipywidgets', no parameter
    try:
        declared = signature(function).parameters
    except (TypeError, ValueError):  # some built-in functions have none
        return [(name, left[name], Parameter.empty) for name in left]
    for name, parameter in declared.items():
        if parameter.kind == Parameter.VAR_KEYWORD:
            found += [(key, left[key], Parameter.empty) for key in left]
        elif parameter.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY):
            abbreviation = left.pop(name, parameter.default)
            if abbreviation is Parameter.empty:
                abbreviation = parameter.annotation
            found.append((name, abbreviation, parameter.default))
    return found


def _start(name, abbreviation, default):
    """Return the start value of the control that one abbreviation stands for."""
    match abbreviation:
        case _ if _is_control(abbreviation):
            return abbreviation.get_interact_value()
        case tuple((Real(), Real()) | (Real(), Real(), Real())):
            return _slider(name, abbreviation, default)
        case EnumMeta():
            return next(iter(abbreviation), None)
        case type() if abbreviation in _FIELDS:
            return _FIELDS[abbreviation]
        case str():
            return str(abbreviation)
        case bool():
            return abbreviation
        case Integral():
            return int(abbreviation)
        case Real() if abbreviation == abbreviation:  # no nan
            return float(abbreviation)
        case Iterable() if not isinstance(abbreviation, tuple):
            return _dropdown(abbreviation, default)
    raise ValueError(
        f"interact: no control fits {name}, which got {abbreviation!r}; expected a number, a text, "
        "(min, max), (min, max, step), or a list or dict of options"
    )


_FIELDS = {str: "", bool: False, int: 0, Integral: 0, float: 0.0, Real: 0.0}


def _is_control(abbreviation):
    """Tell whether it is one of ipywidgets' controls, or its ``fixed``."""
    return hasattr(abbreviation, "get_interact_value") and not isinstance(abbreviation, type)


def _slider(name, abbreviation, default):
    """Return the start of a slider: the default, moved into the range, or the middle."""
    low, high, *step = abbreviation
    half = (high - low) // 2 if isinstance(high - low, Integral) else (high - low) / 2
    forward = all(size > 0 for size in step)
    middle = low + (int(half / step[0]) * step[0] if step and forward else half)
    if not (forward and low <= middle <= high):
        raise ValueError(
            f"interact: {name} is {abbreviation}, expected (min, max) or (min, max, step) with "
            "min <= max and step > 0"
        )
    kind = int if all(isinstance(number, Integral) for number in abbreviation) else float
    try:
        start = kind(default)
    except (TypeError, ValueError, OverflowError):  # there is none, or it is no number
        start = kind(middle)
    return min(max(start, kind(low)), kind(high))


def _dropdown(abbreviation, default):
    """Return the start of a dropdown: the option that equals the default, or the first."""
    values = [value for _, value in options(abbreviation)]
    first = values[0] if values else None
    if default is None:  # no option is chosen
        return None
    try:
        return next((value for value in values if value == default), first)
    except ValueError:  # from comparing arrays
        return first


def options(abbreviation):
    """Return what a list, a list of (label, value) pairs, or a dict offers.

    Parameters
    ----------
    abbreviation : iterable or mapping

    Returns
    -------
    list of tuple
        Pairs of a label and a value.
    """
    if isinstance(abbreviation, Mapping):
        return list(abbreviation.items())
    found = list(abbreviation)
    if all(isinstance(option, list | tuple) and len(option) == 2 for option in found):
        return [tuple(option) for option in found]
    return [(option, option) for option in found]
