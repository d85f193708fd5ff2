"""``interact``: ipywidgets' with a kernel, one run with the start values in a published page."""

from collections.abc import Iterable, Mapping
from enum import EnumMeta
from inspect import Parameter, signature
from numbers import Integral, Real

from byhand.labs.lab import static_pages


def interact(function=None, /, **abbreviations):
    """Run ``function`` again whenever the reader moves one of the controls.

    With a kernel this is ``ipywidgets.interact``. While the book is built (``DLCORE_LABS=static``)
    it runs ``function`` once, with the values that the controls would start at, and creates no
    widget.

    Parameters
    ----------
    function : callable
        Left out when used as ``@interact(x=(0, 10))``.
    **abbreviations
        A number or text; ``(min, max)`` or ``(min, max, step)``; a list or dict of options.

    Returns
    -------
    callable
        ``function`` itself, or the decorator.

    Raises
    ------
    ValueError
        When a parameter has neither an abbreviation nor a default.
    """
    if not static_pages():
        import ipywidgets

        return ipywidgets.interact(function, **abbreviations)
    if function is None:
        return lambda function: interact(function, **abbreviations)
    from IPython.display import display

    result = function(**start_values(function, abbreviations))
    if result is not None:
        display(result)
    return function


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
        When a parameter has neither an abbreviation nor a default.
    """
    values, left = {}, dict(abbreviations)
    for name, parameter in signature(function).parameters.items():
        if parameter.kind == Parameter.VAR_KEYWORD:
            values |= {key: _start(key, left[key], Parameter.empty) for key in left}
            continue
        abbreviation = left.pop(name, parameter.default)
        if abbreviation is Parameter.empty:
            abbreviation = parameter.annotation
        values[name] = _start(name, abbreviation, parameter.default)
    return values


def _start(name, abbreviation, default):
    """Return the start value of the control that one abbreviation stands for."""
    has_default = default is not Parameter.empty
    match abbreviation:
        case str() | bool() | Real():
            return abbreviation
        case tuple((Real(), Real(), *step)) if len(step) <= 1:
            low, high, *step = abbreviation
            whole = all(isinstance(number, Integral) for number in abbreviation)
            if has_default and isinstance(default, Integral if whole else Real):
                return type(high)(min(max(default, low), high))
            middle = low + (high - low) // 2 if whole else low + (high - low) / 2
            if step:
                middle = low + int((middle - low) / step[0]) * step[0]
            return middle
        case EnumMeta():
            return next(iter(abbreviation))
        case type() if abbreviation in (str, bool, int, float):
            return abbreviation()
        case Iterable():
            options = _options(abbreviation)
            return default if has_default and default in options else options[0]
        case _ if hasattr(abbreviation, "value"):  # ipywidgets.fixed, or a widget
            return abbreviation.value
    raise ValueError(
        f"interact: no control fits {name}, which got {abbreviation!r}; expected a number, a text, "
        "(min, max), (min, max, step), or a list or dict of options"
    )


def _options(abbreviation):
    """Return the values of a list, of a list of (label, value) pairs, or of a dict."""
    if isinstance(abbreviation, Mapping):
        return list(abbreviation.values())
    options = list(abbreviation)
    if all(isinstance(option, tuple) and len(option) == 2 for option in options):
        return [value for _, value in options]
    return options
