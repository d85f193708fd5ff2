"""A surface as a formula of x and y, with all its slopes and curvatures.

``byhand.labs.grammar`` reads it. Its tree becomes a function of (x, y) that returns a jet: the
value, its two slopes and its three curvatures (f, fx, fy, fxx, fxy, fyy), each by the rules of
differentiation. ``browser/formula.js`` is the same in the browser.
"""

import re
from functools import cache

import numpy as np

from byhand.labs.grammar import Language, read

# --- jets ---


def constant(value):
    """Return the jet of a number."""
    return np.float64(value), 0.0, 0.0, 0.0, 0.0, 0.0


def plus(a, b):
    """Return the jet of a + b."""
    return tuple(p + q for p, q in zip(a, b, strict=True))


def times(a, b):
    """Return the jet of a b, by the product rule."""
    f, fx, fy, fxx, fxy, fyy = a
    g, gx, gy, gxx, gxy, gyy = b
    return (
        f * g,
        fx * g + f * gx,
        fy * g + f * gy,
        fxx * g + 2 * fx * gx + f * gxx,
        fxy * g + fx * gy + fy * gx + f * gxy,
        fyy * g + 2 * fy * gy + f * gyy,
    )


def chain(a, value, slope, curvature):
    """Return the jet of g(a) from g, g' and g'' at a, by the chain rule."""
    _, fx, fy, fxx, fxy, fyy = a
    return (
        value,
        slope * fx,
        slope * fy,
        curvature * fx * fx + slope * fxx,
        curvature * fx * fy + slope * fxy,
        curvature * fy * fy + slope * fyy,
    )


def power(a, n):
    """Return the jet of a^n for a number n."""
    f = a[0]
    first = n * f ** (n - 1) if n else 0.0
    second = n * (n - 1) * f ** (n - 2) if n * (n - 1) else 0.0
    return chain(a, f**n, first, second)


FUNCTIONS = {
    "sin": lambda a: chain(a, np.sin(a[0]), np.cos(a[0]), -np.sin(a[0])),
    "cos": lambda a: chain(a, np.cos(a[0]), -np.sin(a[0]), -np.cos(a[0])),
    "exp": lambda a: chain(a, np.exp(a[0]), np.exp(a[0]), np.exp(a[0])),
    "sqrt": lambda a: power(a, 0.5),
}
VARIABLES = {
    "x": lambda x, y: (x, 1.0, 0.0, 0.0, 0.0, 0.0),
    "y": lambda x, y: (y, 0.0, 1.0, 0.0, 0.0, 0.0),
}
OPERATIONS = {
    "neg": lambda a: times(constant(-1.0), a),
    "+": plus,
    "-": lambda a, b: plus(a, times(constant(-1.0), b)),
    "*": times,
    "/": lambda a, b: times(a, power(b, -1.0)),
}
RULES = OPERATIONS | FUNCTIONS
SURFACE = Language("".join(VARIABLES), dict.fromkeys(FUNCTIONS, 1))


@cache
def parse(text):
    """Return the function of (x, y) that a formula stands for.

    Parameters
    ----------
    text : str

    Returns
    -------
    callable
        From x and y, arrays or numbers, to their jets.

    Raises
    ------
    ValueError
        Where it is no formula: what came, behind what, and what was expected.
    """
    tree = read(text, SURFACE)

    def jet(x, y):
        with np.errstate(all="ignore"):
            return jet_of(tree, np.float64(x), np.float64(y))

    return jet


def jet_of(tree, x, y):
    """Return the jet of a tree at (x, y)."""
    name, *parts = tree
    if name == "number":
        return constant(*parts)
    if name in VARIABLES:
        return VARIABLES[name](x, y)
    if name == "^":
        base, (_, exponent) = parts
        return power(jet_of(base, x, y), exponent)
    return RULES[name](*(jet_of(part, x, y) for part in parts))


def written(text, variables="xy"):
    """Write a formula as a person does, as markup: raised exponents, real signs.

    Parameters
    ----------
    text : str
        A formula that can be read.
    variables : str
        Their letters.
    """
    text = re.sub(rf"([{variables}])|[a-z]+", lambda m: f"<i>{m[0]}</i>" if m[1] else m[0], text)
    text = re.sub(r"\s*\^\s*(-?)\s*([\d.]+|<i>.</i>)", r"<sup>\1\2</sup>", text)
    return text.replace("*", "·").replace("-", "−")
