"""A surface as a formula of x and y, with all its slopes and curvatures.

A formula is read by recursive descent, one function a rule::

    sum      product (("+" | "-") product)*
    product  signed (("*" | "/")? signed)*      2xy and 2(x + 1) are products, too
    signed   ("+" | "-") signed | power
    power    atom ("^" "-"? number)?
    atom     number | "x" | "y" | function "(" sum ")" | "(" sum ")"

What it reads becomes a function of (x, y) that returns a jet: the value, its two slopes and its
three curvatures (f, fx, fy, fxx, fxy, fyy), each by the rules of differentiation, so a formula is
never run as code. ``browser/formula.js`` is the same in the browser.
"""

import re
from functools import cache

import numpy as np

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([xy]|[a-z]+)|([-+*/^()]))")
ITALIC = {"x": "<i>x</i>", "y": "<i>y</i>"}
LONGEST = 80  # letters
DEEPEST = 20  # brackets in brackets

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
    "+": plus,
    "-": lambda a, b: plus(a, times(constant(-1.0), b)),
    "*": times,
    "/": lambda a, b: times(a, power(b, -1.0)),
}
ATOMS = f"a number, {', '.join([*VARIABLES, *FUNCTIONS])} or ("

# --- the grammar ---


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
    if len(text) > LONGEST:
        raise ValueError(f"the formula has {len(text)} letters, expected at most {LONGEST}")
    reader = Reader(text)
    found = reader.sum()
    if reader.next is not None:
        reader.refuse("+, -, *, / or the end")

    def jet(x, y):
        with np.errstate(all="ignore"):
            return found(np.float64(x), np.float64(y))

    return jet


def tokens(text):
    """Return each number, word and sign of a formula, with the place where it ends."""
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            sign = text[at:].strip()[0]
            raise ValueError(f"“{sign}” came, expected {ATOMS} or +, -, *, /, ^")
        found.append((match[match.lastindex], match.end()))
        at = match.end()
    return found


class Reader:
    """Reads a formula from left to right; each rule of the grammar is a method."""

    def __init__(self, text):
        self.text = text
        self.left = tokens(text)
        self.at = 0  # where the last token ended
        self.depth = 0

    @property
    def next(self):
        """The next token, None at the end."""
        return self.left[0][0] if self.left else None

    def take(self):
        """Return the next token and go on."""
        token, self.at = self.left.pop(0)
        return token

    def refuse(self, expected):
        """Say what came, and what was expected."""
        came = f"“{self.next}” came" if self.left else "the formula ends"
        behind = self.text[: self.at].strip()
        raise ValueError(f"{came}{f' behind “{behind}”' if behind else ''}, expected {expected}")

    def sum(self):
        """Read a sum."""
        total = self.product()
        while self.next in ("+", "-"):
            total = both(OPERATIONS[self.take()], total, self.product())
        return total

    def product(self):
        """Read a product; its sign may be left out before a letter or a bracket."""
        total = self.signed()
        while self.next is not None and self.next not in ("+", "-", ")", "^"):
            signs = self.next in ("*", "/")
            sign = self.take() if signs else "*"
            if not signs and number(self.next):
                self.refuse("+, -, *, / or the end")
            total = both(OPERATIONS[sign], total, self.signed())
        return total

    def signed(self):
        """Read a power with the signs before it."""
        if self.next not in ("+", "-"):
            return self.power()
        self.deeper()
        factor = constant(-1.0 if self.take() == "-" else 1.0)
        signed = self.signed()
        self.depth -= 1
        return lambda x, y: times(factor, signed(x, y))

    def power(self):
        """Read an atom and its exponent."""
        atom = self.atom()
        if self.next != "^":
            return atom
        self.take()
        sign = -1.0 if self.next == "-" and self.take() else 1.0
        if not number(self.next):
            self.refuse("a number")
        exponent = sign * float(self.take())
        return lambda x, y: power(atom(x, y), exponent)

    def atom(self):
        """Read a number, a variable, a function of a sum, or a sum in brackets."""
        if number(self.next):
            value = constant(float(self.take()))
            return lambda x, y: value
        if self.next in VARIABLES:
            return VARIABLES[self.take()]
        outer = FUNCTIONS[self.take()] if self.next in FUNCTIONS else None
        if self.next != "(":
            self.refuse("(" if outer else ATOMS)
        self.deeper()
        self.take()
        inner = self.sum()
        if self.next != ")":
            self.refuse("+, -, *, / or )")
        self.take()
        self.depth -= 1
        return (lambda x, y: outer(inner(x, y))) if outer else inner

    def deeper(self):
        """Count what stands in something else."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"brackets or signs are {self.depth} deep, expected {DEEPEST} at most")


def both(operation, left, right):
    """Return the function whose jet comes from the jets of two others."""
    return lambda x, y: operation(left(x, y), right(x, y))


def number(token):
    """Return whether a token is a number."""
    return token is not None and token[0] in "0123456789."


def written(text):
    """Write a formula as a person does, as markup: raised exponents, real signs.

    Parameters
    ----------
    text : str
        A formula that ``parse`` reads.
    """
    text = re.sub(r"[xy]|[a-z]+", lambda word: ITALIC.get(word[0], word[0]), text)
    text = re.sub(r"\s*\^\s*(-?)\s*([\d.]+)", r"<sup>\1\2</sup>", text)
    return text.replace("*", "·").replace("-", "−")
