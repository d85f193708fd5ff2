"""Sentences with live numbers, filled alike by Python and by the browser (``browser/text.js``).

A template names a value as ``{cost}`` or, with a number format, ``{cost:.3f}``. In a product it is
``{slope:factor .2f}``, in brackets where it is negative; in a sum ``{bias:term .2f}``, with its
sign apart; and counted things are ``{step:d batch}``, in the plural unless there is one.
"""

import math
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
NUMBER = re.compile(r"(\+?),?(?:d|\.(\d+)([fg%]))")
SPEC = re.compile(
    rf"(?:(?P<role>factor|term)(?: |$))?(?P<number>{NUMBER.pattern})?(?: ?(?P<noun>[a-z]{{3,}}))?"
)
SMALL = 1e-4  # what has fewer digits is written with a power of ten
POWER = re.compile(r"e([+-]?)(\d+)")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def show(value, spec=None):
    """Write one value as the browser does.

    Ties round away from zero and a minus sign is a real one, as in d3-format. A power of ten is
    written out, ``4.47·10⁵⁷``.

    Parameters
    ----------
    value : str, int or float
    spec : str, optional
        A number format such as ``".3f"``, ``"+.2f"``, ``".3g"``, ``",d"`` or ``".1%"``. Without
        it a number is written with the fewest digits that tell it from its neighbors. Before it
        may stand ``factor`` or ``term``, behind it the singular of what is counted.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When ``spec`` is not one that both sides understand, or the number is not finite.
    """
    match = SPEC.fullmatch(spec or "")
    if not match:
        raise ValueError(
            f"show: the format is {spec!r}, expected one such as '.3f', '+.2f', '.3g', ',d', "
            "'.1%', 'factor .2f', 'term .2f', 'd batch'"
        )
    role, number, noun = match["role"], match["number"], match["noun"]
    text = value if isinstance(value, str) else _number(value, number)
    if role == "factor" and text.startswith("−"):
        text = f"({text})"
    elif role == "term":
        text = f"− {text[1:]}" if text.startswith("−") else f"+ {text}"
    return f"{text} {noun if text in ('1', '−1') else _plural(noun)}" if noun else text


def _plural(noun):
    if noun.endswith(("s", "ch")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeo" else f"{noun}s"


def _number(value, spec):
    if not math.isfinite(value):
        raise ValueError(
            f"show: the value is {value}, expected a finite number; did a run diverge?"
        )
    if spec is None:
        return _typeset(_shortest(value))
    plus, digits, kind = NUMBER.fullmatch(spec).groups()
    if kind is None:
        return _typeset(format(round(value), spec))
    number = Decimal(value * 100 if kind == "%" else value)
    with localcontext(rounding=ROUND_HALF_UP):
        if kind == "g":  # a Decimal keeps the zeros at its end, as d3-format does
            after = int(digits) - 1
            number = Decimal(f"{number:.{after}e}") if number else Decimal(0).scaleb(-after)
        small = kind == "g" and 0 < abs(value) < SMALL
        text = format(number, f"{plus}.{after}e" if small else spec.replace("%", "f"))
    if not plus and not text.strip("-0."):
        text = text.removeprefix("-")  # what rounds to zero has no sign
    return _typeset(text) + ("%" if kind == "%" else "")


def _typeset(text):
    powers = POWER.sub(
        lambda match: (
            f"·10{'⁻' if match[1] == '-' else ''}{match[2].lstrip('0').translate(RAISED)}"
        ),
        text,
    )
    return re.sub(r"^([+-]?)1·", r"\1", powers).replace("-", "−")


def _shortest(value):
    if abs(value) < 1e-6 and value:
        return repr(value).replace("e-0", "e-")
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def fill(template, values):
    """Fill one template.

    Parameters
    ----------
    template : str
    values : dict of str to str, int, float or None

    Returns
    -------
    str or None
        None when one of the named values is None: the sentence does not apply.

    Raises
    ------
    ValueError
        When the template names an unknown value.
    """
    names = [match[1] for match in FIELD.finditer(template)]
    if unknown := sorted(set(names) - set(values)):
        raise ValueError(
            f"fill: {template!r} names {', '.join(unknown)}, expected only {', '.join(values)}; "
            "is it a control, or a key of the state or of its series?"
        )
    if any(values[name] is None for name in names):
        return None
    return FIELD.sub(lambda match: show(values[match[1]], match[2]), template)


def join(templates, values):
    """Fill the templates that apply, one sentence after the other."""
    return " ".join(filter(None, (fill(template, values) for template in templates)))
