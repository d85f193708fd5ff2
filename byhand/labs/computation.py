"""A formula as a graph of gates, run forward and backward (lab ``autograd``).

``browser/computation.js`` is the same in the browser; ``GATES`` gives it the words.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from byhand.labs.grammar import Language, read
from byhand.labs.text import show

VARIABLES = "wxyzb"
FUNCTIONS = dict.fromkeys(
    ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "abs"), 1
) | {"max": 2, "min": 2}
LANGUAGE = Language(VARIABLES, FUNCTIONS, powers=True)
MOST, DEEPEST = 16, 9  # gates, and gates in a row, that a drawing has room for
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
EPS = 1e-4  # of the differences; relative to values above 1


@dataclass(frozen=True)
class Gate:
    """One operation: its arithmetic, and how it is written.

    Parameters
    ----------
    value : callable
        From the arguments to the value.
    slopes : callable
        From the arguments and the value to the local derivatives, one an argument.
    said : str
        With ``{u}`` and ``{v}`` for the arguments.
    derivatives : sequence of str
        The local derivatives as markup, ``{q}`` being the value.
    python : str
        The same with ``dlcore.autograd``.
    sign : str
        In a box, where no argument is a number.
    """

    value: object
    slopes: object
    said: str
    derivatives: tuple
    python: str
    sign: str


def infix(sign, value, slopes, derivatives, python=None):
    """Return a gate whose sign stands between its arguments."""
    python = python or f"{{u}} {sign} {{v}}".replace("×", "*").replace("−", "-")
    return Gate(value, slopes, f"{{u}} {sign} {{v}}", derivatives, python, sign)


def function(name, value, slopes, *derivatives, python=None, sign=None):
    """Return a gate with a name in front of its arguments."""
    arguments = ", ".join(["{u}", "{v}"][: len(derivatives)])
    python = python or f"autograd.{name}({{u}})"
    return Gate(value, slopes, f"{name}({arguments})", derivatives, python, sign or name)


def power_slopes(u, v, q):
    """Return the slopes of u^v; by v that of 0^v is 0."""
    by_u = v * u ** (v - 1) if v else 0.0
    return by_u, q * np.log(u) if u or v <= 0 else 0.0


GATES = {
    "+": infix("+", lambda u, v: u + v, lambda u, v, q: (1.0, 1.0), ("1", "1")),
    "-": infix("−", lambda u, v: u - v, lambda u, v, q: (1.0, -1.0), ("1", "(−1)")),
    "*": infix("×", lambda u, v: u * v, lambda u, v, q: (v, u), ("{v}", "{u}")),
    "/": infix("/", lambda u, v: u / v, lambda u, v, q: (1 / v, -q / v), ("1/{v}", "(−{u}/{v}²)")),
    "^": Gate(
        lambda u, v: u**v,
        power_slopes,
        "{u}^{v}",
        ("{v} {u}<sup>{v}−1</sup>", "{q} log {u}"),
        "{u} ** {v}",
        "^",
    ),
    "neg": Gate(lambda u: -u, lambda u, q: (-1.0,), "−{u}", ("(−1)",), "-{u}", "· (−1)"),
    "exp": function("exp", np.exp, lambda u, q: (q,), "{q}"),
    "log": function("log", np.log, lambda u, q: (1 / u,), "1/{u}"),
    "sqrt": function("sqrt", np.sqrt, lambda u, q: (0.5 / q,), "1/(2 {q})", python="{u} ** 0.5"),
    "sin": function("sin", np.sin, lambda u, q: (np.cos(u),), "cos {u}"),
    "cos": function("cos", np.cos, lambda u, q: (-np.sin(u),), "(−sin {u})"),
    "tanh": function("tanh", np.tanh, lambda u, q: (1 - q * q,), "(1 − {q}²)"),
    "sigmoid": function(
        "sigmoid",
        lambda u: 1 / (1 + np.exp(-u)),
        lambda u, q: (q * (1 - q),),
        "{q}(1 − {q})",
        python="1 / (1 + autograd.exp(-{u}))",
        sign="σ",
    ),
    "relu": function("relu", lambda u: max(u, 0.0), lambda u, q: (float(u > 0),), "relu′({u})"),
    "abs": function(
        "abs",
        abs,
        lambda u, q: (float(np.sign(u)),),
        "abs′({u})",
        python="autograd.relu({u}) + autograd.relu(-{u})",
    ),
    "max": function(
        "max",
        max,
        lambda u, v, q: (float(u >= v), float(u < v)),
        "∂max/∂{u}",
        "∂max/∂{v}",
        python="{u} + autograd.relu({v} - {u})",
    ),
    "min": function(
        "min",
        min,
        lambda u, v, q: (float(u <= v), float(u > v)),
        "∂min/∂{u}",
        "∂min/∂{v}",
        python="{u} - autograd.relu({u} - {v})",
    ),
}
POWERS = {  # where the exponent is no number, and where the base is one
    "node": "autograd.exp({v} * autograd.log({u}))",
    "number": "autograd.exp({v} * np.log({u}))",
}
WHY = {  # a gate has no value there
    "log": "the logarithm needs a number above 0",
    "sqrt": "a square root needs a number that is not below 0",
    "/": "nothing can be divided by 0",
    "^": "a number below 0 has powers with whole exponents only",
    "zero": "0 has no power with an exponent below 0",
    "large": "it is larger than a float can be",
}
KINKS = {
    "relu": "its slope is 0 on the left of 0 and 1 on the right; at 0 dlcore takes 0, and a "
    "central difference finds the mean",
    "abs": "its slope is −1 on the left of 0 and 1 on the right; at 0 it is taken as 0",
    "max": "its arguments are equal, and the first one gets the whole gradient",
    "min": "its arguments are equal, and the first one gets the whole gradient",
}


# --- the graph ---


@dataclass(frozen=True)
class Node:
    """A number, a variable or a gate.

    Parameters
    ----------
    op : str
        A key of ``GATES``, the letter of a variable, or ``"number"``.
    of : tuple of int
        The nodes that a gate reads; they stand before it.
    name : str
        As a reader reads it.
    number : float, optional
    """

    op: str
    of: tuple
    name: str
    number: float | None = None


@cache
def graph_of(text):
    """Return the graph of a formula: what is written twice is one node.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of Node
        In an order in which each node can be computed; the last is the root.

    Raises
    ------
    ValueError
        Where it is no formula, or one that has no room, no variable or no value.
    """
    found = {}
    add(read(text, LANGUAGE), found)
    nodes = list(named(list(found)))
    if nodes[-1].op == "number":
        raise ValueError(f"no variable stands in it, expected one of {', '.join(VARIABLES)}")
    gates = sum(node.op in GATES for node in nodes)
    if gates > MOST:
        raise ValueError(f"its graph has {gates} gates, expected at most {MOST}")
    deep = max(depths(nodes))
    if deep > DEEPEST:
        raise ValueError(f"{deep} gates stand in a row, expected at most {DEEPEST}")
    return tuple(nodes)


def add(tree, found):
    """Add a tree's nodes to those that are found, each once; return the place of the last.

    Parameters
    ----------
    tree : tuple
    found : dict of (op, of, number) to int
        The nodes, and their places.
    """
    op, *parts = tree
    if op == "number":
        key = op, (), *parts
    elif op in VARIABLES:
        key = op, (), None
    else:
        of = tuple(add(part, found) for part in parts)
        key = op, of, folded(op, [list(found)[i][2] for i in of])
        if key[2] is not None:
            key = "number", (), key[2]
    return found.setdefault(key, len(found))


def folded(op, numbers):
    """Return what a gate makes of numbers alone, else None."""
    if None in numbers:
        return None
    with np.errstate(all="ignore"):
        value = float(GATES[op].value(*map(np.float64, numbers)))
    if not np.isfinite(value):
        written = said(op, [nameless(number) for number in numbers])
        raise ValueError(f"{written} has no value, expected numbers that have one")
    return value


def named(found):
    """Yield the nodes with their names, without numbers that were folded into others."""
    used = {len(found) - 1}
    for i in reversed(range(len(found))):
        used |= set(found[i][1]) if i in used else set()
    places = {old: new for new, old in enumerate(sorted(used))}
    gates = 0
    for i in places:
        op, of, number = found[i]
        gates += op in GATES
        if op in GATES:
            name = "f" if i == len(found) - 1 else f"q{gates}".translate(LOWERED)
        else:
            name = op if number is None else nameless(number)
        yield Node(op, tuple(places[k] for k in of), name, number)


def nameless(number):
    """Write a number that stands in a formula."""
    return show(float(f"{number:.6g}"))


def depths(nodes):
    """Return for each node the gates on the longest way to it."""
    found = []
    for node in nodes:
        found.append(1 + max(found[i] for i in node.of) if node.of else 0)
    return found


def fill(template, arguments):
    """Put the arguments of a gate into a template."""
    u, v = [*arguments, ""][:2]
    return template.replace("{u}", u).replace("{v}", v)


def said(op, arguments):
    """Write a gate with its arguments, negative numbers in brackets where a sign is near."""
    between = op not in FUNCTIONS
    return fill(GATES[op].said, map(bracketed, arguments) if between else arguments)


def bracketed(text):
    """Return a number's text as a factor."""
    return f"({text})" if text.startswith("−") else text


def number(value):
    """Write a number of the graph: three digits, and no zeros at their end."""
    size = abs(value)
    text = show(value, ",.0f" if 1000 <= size < 1e6 else ".3g")
    return re.sub(r"^(−?\d+)\.(\d*?)0*$", lambda m: m[1] + (m[2] and f".{m[2]}"), text)


# --- the run ---


def forward(nodes, inputs):
    """Return the value of each node; None from the first on that has none.

    Parameters
    ----------
    nodes : sequence of Node
    inputs : dict of str to float
    """
    values = []
    with np.errstate(all="ignore"):
        for node in nodes:
            value = inputs.get(node.op, node.number)
            if node.of:
                read = [values[i] for i in node.of]
                value = None if None in read else GATES[node.op].value(*read)
            finite = value is not None and np.isfinite(value)
            values.append(np.float64(value) if finite else None)
            if not finite:
                return values + [None] * (len(nodes) - len(values))
    return values


@dataclass(frozen=True)
class Share:
    """What one gate sends to one of the nodes that it read: local derivative times gradient.

    Parameters
    ----------
    stop : int
        Of the walk.
    gate, to, argument : int
        The nodes, and which argument of the gate it is.
    local, upstream, before : float
        ``before`` is what the node had received.
    """

    stop: int
    gate: int
    to: int
    argument: int
    local: float
    upstream: float
    before: float

    @property
    def share(self):
        """The product."""
        return self.local * self.upstream

    @property
    def after(self):
        """The gradient of the node so far."""
        return self.before + self.share


def backward(nodes, values):
    """Return the shares of a run backward, in its order; the last may be one that is not finite."""
    total = [0.0] * (len(nodes) - 1) + [1.0]
    shares, stop = [], 1 + sum(node.op in GATES for node in nodes)
    for k in reversed(range(len(nodes))):
        node = nodes[k]
        if not node.of:
            continue
        stop += 1
        with np.errstate(all="ignore"):
            slopes = GATES[node.op].slopes(*(values[i] for i in node.of), values[k])
        for argument, i in enumerate(node.of):
            if nodes[i].op == "number":
                continue
            share = Share(stop, k, i, argument, float(slopes[argument]), total[k], total[i])
            shares.append(share)
            if not np.isfinite(share.after):
                return shares
            total[i] = share.after
    return shares


def difference(nodes, inputs, name):
    """Return the central difference of the root by a variable, None where it has none."""
    h = EPS * max(1.0, abs(inputs[name]))
    above, below = (forward(nodes, inputs | {name: inputs[name] + side})[-1] for side in (h, -h))
    if above is None or below is None:
        return None
    found = (float(above) - float(below)) / (2 * h)
    return found if np.isfinite(found) else None


def why(op, arguments):
    """Say why a gate has no value."""
    if op == "^" and not arguments[0]:
        return WHY["zero"]
    if op == "^" and arguments[0] > 0:
        return WHY["large"]
    return WHY.get(op if op != "/" or not arguments[1] else "", WHY["large"])
