"""Fold the code of cells that only import, draw or make claims: those with the tag ``hide-input``.

``kind`` says which cells these are, and tests/test_notebooks.py that they have the tag. Their
output stays in sight. A fold needs no script. myst-nb's own has a name for screen readers that is
not what is seen; this one is a bare ``<summary>``.
"""

import ast
import re

from myst_nb.sphinx_ import HideCodeCellNode

SUMMARIES = {
    "imports": "Show the imports",
    "drawing": "Show the code that draws",
    "claims": "Show the code of the claims",
}
DRAWING = 2 / 3  # of the statements, at least
CLAIMING = 1 / 2  # of the lines, at least
CLAIM = re.compile(r"(?P<made>claim)\(|bind\(|[\w, ]+ = .*\bresults\.load\(")


def kind(source):
    """Tell what a code cell is for, where that is no mathematics.

    Parameters
    ----------
    source : str

    Returns
    -------
    str or None
        ``"imports"``: it imports, sets the style and prints versions. ``"drawing"``: it defines
        nothing, and two thirds of its statements draw: they name ``plt``, ``plotting``, or what
        one of these gave, such as an axis. ``"claims"``: it defines nothing, makes a claim, and
        half of its lines load stored results, make claims or bind values.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic command
        return None
    if any(isinstance(node, ast.FunctionDef | ast.Lambda) for node in ast.walk(tree)):
        return None
    rest = [part for part in tree.body if not isinstance(part, ast.Import | ast.ImportFrom)]
    if len(rest) < len(tree.body):
        setup = [ast.unparse(part).startswith(("plotting.style(", "print(")) for part in rest]
        return "imports" if all(setup) else None
    found = list(draw(tree.body, {"plt", "plotting"}))
    if found and sum(found) >= DRAWING * len(found):
        return "drawing"
    return "claims" if claims(tree.body) else None


def claims(body):
    """Tell whether statements make a claim, and half of their lines do no more than that."""
    calls = {part: CLAIM.match(ast.unparse(part)) for part in body}
    lines = {part: part.end_lineno - part.lineno + 1 for part in body}
    own = sum(lines[part] for part, call in calls.items() if call)
    made = any(call and call["made"] for call in calls.values())
    return made and own >= CLAIMING * sum(lines.values())


def draw(body, names):
    """Yield for each simple statement, also inside loops, whether it draws.

    Parameters
    ----------
    body : list of ast.stmt
    names : set of str
        What draws; grows by the names of axes.
    """
    for part in body:
        if isinstance(part, ast.For):
            names |= axes_of(part.target, part.iter, names)
        if inner := [*getattr(part, "body", []), *getattr(part, "orelse", [])]:
            yield from draw(inner, names)
            continue
        draws = not isinstance(part, ast.Assert) and uses(part, names)
        if draws and isinstance(part, ast.Assign):
            names |= set().union(*map(names_in, part.targets))
        yield draws


def axes_of(target, iterable, names):
    """Return the variables of a loop that are taken from what draws."""
    pairs = [(target, iterable)]
    if isinstance(iterable, ast.Call) and isinstance(target, ast.Tuple):
        if ast.unparse(iterable.func) == "zip":
            pairs = zip(target.elts, iterable.args, strict=False)
        elif ast.unparse(iterable.func) == "enumerate":
            pairs = [(target.elts[1], iterable.args[0])]
    return set().union(*(names_in(left) for left, right in pairs if uses(right, names)))


def uses(node, names):
    """Tell whether one of the names occurs in it."""
    return bool(names_in(node) & names)


def names_in(node):
    """Return all the names in it but ``_``."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} - {"_"}


def visit(self, node):
    """Open a fold."""
    summary = SUMMARIES.get(kind(node.astext()), "Show the code")
    self.body.append(f'<details class="fold">\n<summary>{summary}</summary>\n')


def depart(self, node):
    """Close it."""
    self.body.append("</details>\n")


def setup(app):
    """Connect to Sphinx."""
    app.setup_extension("myst_nb")  # whose fold is overridden
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
