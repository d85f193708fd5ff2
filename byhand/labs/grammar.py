"""What a formula says: read by recursive descent, one function a rule, and never run as code.

::

    sum       product (("+" | "-") product)*
    product   signed (("*" | "/")? signed)*      2xy and 2(x + 1) are products, too
    signed    ("+" | "-") signed | power
    power     atom ("^" exponent)?
    exponent  "-"? number                        or "-"? power, where a language has such powers
    atom      number | variable | function "(" sum ("," sum)* ")" | "(" sum ")"

What it says becomes a tree of tuples: ``("number", 2.0)``, ``("x",)``, ``("neg", tree)``,
``("+", tree, tree)``, ``("sin", tree)``. ``browser/grammar.js`` is the same in the browser.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 80  # letters
DEEPEST = 20  # brackets in brackets
SIGNS = str.maketrans({"−": "-", "·": "*", "×": "*", "÷": "/"})  # as a person writes them


@dataclass(frozen=True)
class Language:
    """Which names a formula may hold.

    Parameters
    ----------
    variables : str
        Their letters.
    functions : dict of str to int
        How many arguments each one takes.
    powers : bool
        Whether an exponent may be any power, not a number alone.
    """

    variables: str
    functions: Mapping
    powers: bool = False

    @property
    def token(self):
        """The regular expression of a token: a number, a word or a sign."""
        return re.compile(rf"\s*(?:(\d+\.?\d*|\.\d+)|([{self.variables}]|[a-z]+)|([-+*/^(),]))")

    @property
    def atoms(self):
        """What a formula may begin with, in words."""
        return f"a number, {', '.join([*self.variables, *self.functions])} or ("


def read(text, language):
    """Return the tree of a formula.

    Parameters
    ----------
    text : str
    language : Language

    Returns
    -------
    tuple

    Raises
    ------
    ValueError
        Where it is no formula: what came, behind what, and what was expected.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the formula has {len(text)} letters, expected at most {LONGEST}")
    reader = Reader(text.translate(SIGNS), language)
    found = reader.sum()
    if reader.next is not None:
        reader.refuse("+, -, *, / or the end")
    return found


class Reader:
    """Reads a formula from left to right; each rule of the grammar is a method."""

    def __init__(self, text, language):
        self.text = text
        self.language = language
        self.left = list(self.tokens())
        self.at = 0  # where the last token ended
        self.depth = 0

    def tokens(self):
        """Yield each number, word and sign, with the place where it ends."""
        at = 0
        while self.text[at:].strip():
            match = self.language.token.match(self.text, at)
            if not match:
                self.at, self.left = at, [(self.text[at:].strip()[0], at)]
                self.refuse(f"{self.language.atoms} or +, -, *, /, ^")
            at = match.end()
            yield match[match.lastindex], at

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

    def deeper(self):
        """Count what stands in something else."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"brackets or signs are {self.depth} deep, expected {DEEPEST} at most")

    def sum(self):
        """Read a sum."""
        total = self.product()
        while self.next in ("+", "-"):
            total = self.take(), total, self.product()
        return total

    def product(self):
        """Read a product; its sign may be left out before a letter or a bracket."""
        total = self.signed()
        while self.next is not None and self.next not in "+-),^":
            signs = self.next in ("*", "/")
            sign = self.take() if signs else "*"
            if not signs and number(self.next):
                self.refuse("+, -, *, / or the end")
            total = sign, total, self.signed()
        return total

    def signed(self):
        """Read a power with the signs before it."""
        if self.next not in ("+", "-"):
            return self.power()
        self.deeper()
        minus = self.take() == "-"
        signed = self.signed()
        self.depth -= 1
        return ("neg", signed) if minus else signed

    def power(self):
        """Read an atom and its exponent."""
        atom = self.atom()
        if self.next != "^":
            return atom
        self.take()
        self.deeper()
        minus = self.next == "-" and self.take()
        if not (self.language.powers or number(self.next)):
            self.refuse("a number")
        exponent = self.power() if self.language.powers else ("number", float(self.take()))
        self.depth -= 1
        if not minus:
            return "^", atom, exponent
        kind, *value = exponent
        return "^", atom, ("number", -value[0]) if kind == "number" else ("neg", exponent)

    def atom(self):
        """Read a number, a variable, a function of sums, or a sum in brackets."""
        if number(self.next):
            return "number", float(self.take())
        if self.next and self.next in self.language.variables:
            return (self.take(),)
        name = self.take() if self.next in self.language.functions else None
        if self.next != "(":
            self.refuse("(" if name else self.language.atoms)
        self.deeper()
        self.take()
        found = [self.sum()]
        for _ in range(self.language.functions.get(name, 1) - 1):
            if self.next != ",":
                self.refuse("+, -, *, / or ,")
            self.take()
            found.append(self.sum())
        if self.next != ")":
            self.refuse("+, -, *, / or )")
        self.take()
        self.depth -= 1
        return (name, *found) if name else found[0]


def number(token):
    """Return whether a token is a number."""
    return token is not None and token[0] in "0123456789."
