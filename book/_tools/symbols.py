r"""The symbols in LaTeX: ``symbols(r"\hat x_i^2")`` gives :math:`\hat x` with its index, and i.

A symbol is a letter with what makes another letter of it: its font, its accent, its primes, and a
name below or above it (``\text``, ``\max``, and H and W for height and width). An upright name such
as ``\operatorname{rot180}`` is a symbol too, and so are the operators in ``OPERATORS``. Indices,
powers and the parenthesis behind it are kept beside the letter; what stands in an index is read for
symbols itself.
"""

import re
from dataclasses import dataclass, field, replace

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\{?[.,]\}?\d+)*|\S", re.DOTALL)
GREEK = set(
    re.findall(
        r"\\[A-Za-z]+",
        r"\alpha\beta\gamma\delta\epsilon\varepsilon\zeta\eta\theta\vartheta\iota\kappa\lambda\mu\nu\xi"
        r"\pi\rho\varrho\sigma\tau\upsilon\phi\varphi\chi\psi\omega\ell"
        r"\Gamma\Delta\Theta\Lambda\Xi\Pi\Sigma\Phi\Psi\Omega",
    )
)
OPERATORS = {r"\odot", r"\otimes", r"\star", "*", r"\circ", r"\nabla", r"\partial"}
ACCENTS = {r"\hat", r"\tilde", r"\bar", r"\overline", r"\vec", r"\dot", r"\check"}
FONTS = {r"\mathcal", r"\mathbb", r"\mathbf", r"\boldsymbol", r"\mathfrak"}
BRACES = {r"\underbrace", r"\overbrace"}
TEXTS = {r"\text", r"\textbf", r"\textit"}  # words in a formula, names below a letter
NAMES = {r"\operatorname", r"\mathrm", r"\mathsf"}
EXTREMES = {r"\min", r"\max"}  # common alone, names below a letter
SPACES = {r"\,", r"\;", r"\!", r"\:", r"\ ", r"\\", r"\quad", r"\qquad"}
LINE_BREAK = re.compile(r"\\\\(\[[^\]]*(?:pt|em|ex)\])?")  # with the space that it asks for
SIZES = re.compile(r"\\(left|right|middle|[bB]igg?[lr]?|textstyle|displaystyle|limits)")
OPENING = {"(", "["}


@dataclass(frozen=True)
class Symbol:
    r"""One occurrence of a symbol.

    Attributes
    ----------
    letter : str
        With font, accent, primes and names, such as ``\hat{x}'`` or ``E_{\text{in}}``.
    below, above : tuple of str
        The parts of its index and of its power.
    behind : str
        The parenthesis or bracket that opens behind it, or an empty string.
    rows : tuple
        The rows of tokens of index and power.
    """

    letter: str
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    behind: str = ""
    rows: tuple = field(default=(), compare=False, repr=False)

    def __str__(self):
        """Write the symbol in LaTeX."""
        below, above = ("".join(spaced(part)) for part in (self.below, self.above))
        scripts = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
        written = (self.letter + scripts).replace("}}_{", "},")  # a name and an index
        return written + {"(": r"(\cdot)", "[": r"[\cdot]", "": ""}[self.behind]


def spaced(parts):
    """Return the parts with a space where a command would swallow the letter behind it."""
    for part, after in zip(parts, [*parts, ""][1:], strict=True):
        yield part + " " if part.startswith("\\") and after[:1].isalpha() else part


def symbols(latex):
    """Return the symbols of a formula, those in indices too.

    Parameters
    ----------
    latex : str

    Returns
    -------
    list of Symbol
    """
    return [item for row in rows(latex) for item in row if isinstance(item, Symbol)]


def rows(latex):
    """Return the rows of a formula: each a list of symbols and other tokens in their order."""
    found, waiting = [], [Reader(tokens(latex)).row()]
    while waiting:
        row = waiting.pop()
        waiting += [item for item in row if isinstance(item, list)]
        waiting += [inner for item in row if isinstance(item, Symbol) for inner in item.rows]
        found.append([item for item in row if not isinstance(item, list)])
    return [row for row in found if row]


def tokens(latex):
    r"""Return the tokens that mean something: no spaces, no sizes; ``\ast`` is ``*``."""
    latex = LINE_BREAK.sub(" ", latex)
    found = (token for token in TOKEN.findall(latex) if token not in SPACES)
    found = (token for token in found if not SIZES.fullmatch(token))
    return ["*" if token == r"\ast" else token for token in found]


class Reader:
    """Reads a row of tokens, by recursive descent."""

    def __init__(self, row):
        self.tokens = list(row)
        self.tokens.reverse()

    def peek(self):
        """Return the next token, an empty one at the end."""
        return self.tokens[-1] if self.tokens else ""

    def argument(self):
        """Take a group in braces, or the one token that stands for it; return its tokens."""
        if self.peek() in TEXTS | NAMES | FONTS:  # E_\text{in} without braces around
            return [self.tokens.pop(), "{", *self.argument(), "}"]
        if self.peek() != "{":
            return [self.tokens.pop()] if self.tokens else []
        depth, found = 0, []
        while self.tokens:
            token = self.tokens.pop()
            depth += (token == "{") - (token == "}")
            found.append(token)
            if not depth:
                break
        return found[1:-1]

    def row(self):
        """Return the items: symbols, other tokens, and a list for each row in a script."""
        items = []
        while self.tokens:
            items += self.scripts(self.base())
        return [
            replace(item, behind=after) if isinstance(item, Symbol) and after in OPENING else item
            for item, after in zip(items, [*map(as_token, items), ""][1:], strict=True)
        ]

    def base(self):
        """Return the items of one token with its arguments."""
        token = self.tokens.pop()
        if token == "{":
            self.tokens.append(token)
            return Reader(self.argument()).row()
        if token in (r"\begin", r"\end"):
            return self.environment(token)
        if token in BRACES:
            return self.braced()
        if token in ACCENTS:
            return accented(token, Reader(self.argument()).row())
        if token in FONTS:
            return [Symbol(f"{token}{{{''.join(self.argument())}}}")]
        if token in NAMES:
            if self.peek() == "*":
                self.tokens.pop()
            return [Symbol(f"\\operatorname{{{''.join(spaced(self.argument()))}}}")]
        if token in TEXTS:
            self.argument()
        return [Symbol(token)] if is_letter(token) or token in OPERATORS else [token]

    def braced(self):
        """Return the items over a brace, and what stands below it as a row of its own."""
        items = Reader(self.argument()).row()
        if self.peek() and self.peek() in "_^":
            self.tokens.pop()
            items = [*items, Reader(self.argument()).row()]
        return items

    def environment(self, token):
        r"""Skip the name of an environment, and the columns of an array."""
        if "".join(self.argument()) == "array" and token == r"\begin":
            self.argument()
        return [token]

    def scripts(self, items):
        """Return the items, the last with the primes, the index and the power behind it."""
        primes, below, above = "", [], []
        while self.peek() and self.peek() in "'_^":
            mark = self.tokens.pop()
            if mark == "'":
                primes += mark
            else:
                (below if mark == "_" else above).extend(self.argument())
        if not (primes or below or above):
            return items
        if not items or not isinstance(items[-1], Symbol) or items[-1].letter == "*":
            return [*items, Reader(below).row(), Reader(above).row()]
        *before, symbol = items
        (name_below, below), (name_above, above) = named(below, EXTREMES), named(above)
        letter = symbol.letter + primes
        letter += f"_{{{name_below}}}" if name_below else ""
        letter += f"^{{{name_above}}}" if name_above else ""
        inner = [Reader(script).row() for script in (below, above) if script != ["*"]]
        both = (symbol.below + parts(below), symbol.above + parts(above))
        return [
            *before,
            replace(symbol, letter=letter, below=both[0], above=both[1], rows=tuple(inner)),
        ]


def as_token(item):
    """Return an item if it is a token."""
    return item if isinstance(item, str) else ""


def is_letter(token):
    """Tell whether a token is a Latin or Greek letter."""
    return token in GREEK or (len(token) == 1 and token.isascii() and token.isalpha())


def accented(accent, row):
    """Put an accent on a letter; over a longer row it is a symbol of its own."""
    if len(row) == 1 and isinstance(row[0], Symbol):
        return [replace(row[0], letter=f"{accent}{{{row[0].letter}}}")]
    return [Symbol(accent), *row]


def named(row, extremes=()):
    r"""Split a script into the name in it, such as ``\text{in}``, and the rest.

    H and W alone are the names of height and width.
    """
    if row in (["H"], ["W"]):
        return row[0], []
    reader, name, rest = Reader(row), "", []
    while reader.tokens:
        token = reader.tokens.pop()
        if token in TEXTS or token in NAMES:
            name += f"\\text{{{''.join(reader.argument())}}}"
        elif token in extremes:
            name += token
        else:
            rest.append(token)
    return name, rest if any(token not in ",;" for token in rest) else []


def parts(row):
    """Return the parts that tell one index or power from another."""
    return tuple(token for token in row if token not in ("{", "}", ",", r"\top"))
