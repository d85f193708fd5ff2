"""Small mistakes, made mechanically in the source of a right answer: one mutant for each place."""

import ast
import copy

BINARY = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult], ast.Pow: [ast.Mult], ast.Mod: [ast.FloorDiv],
}  # fmt: skip
COMPARED = {
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.LtE], ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq],
}  # fmt: skip
NAMES = {
    "sum": ["mean", "prod"], "mean": ["sum"], "max": ["min"], "min": ["max"], "argmax": ["argmin"],
    "maximum": ["minimum"], "minimum": ["maximum"], "exp": ["log"], "log": ["exp", "log2"],
    "sqrt": ["abs"], "zeros": ["ones"], "zeros_like": ["ones_like"], "T": [None], "cos": ["sin"],
    "tanh": ["sin"], "floor": ["ceil"], "ceil": ["floor"], "expm1": ["exp"], "log1p": ["log"],
}  # fmt: skip


def mutants(source):
    """Yield (what was changed, source of a mutant), one after the other.

    Parameters
    ----------
    source : str
        Python.

    Yields
    ------
    tuple of str
        ``("line 3: a + b -> a - b", source)``.
    """
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for change in _changes(node):
            other = copy.deepcopy(tree)
            same = next(n for i, n in enumerate(ast.walk(other)) if i == place)
            new = change(same)
            if new is not same:
                other = _Replace(same, new).visit(other)
            text = ast.unparse(ast.fix_missing_locations(other))
            if text == ast.unparse(tree):
                continue
            before, after = ast.unparse(node), ast.unparse(new) if new else "(nothing)"
            yield f"line {node.lineno}: {before} -> {after}", text


class _Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def _changes(node):
    """Yield functions that change a node, or return another one for it."""
    if isinstance(node, ast.BinOp):
        yield from (_with("op", kind()) for kind in BINARY.get(type(node.op), ()))
        yield lambda n: n.left  # a term or a factor is lost
        yield lambda n: n.right
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow | ast.FloorDiv):
            yield lambda n: ast.BinOp(n.right, n.op, n.left)
    elif isinstance(node, ast.Compare):
        yield from (_with("ops", [kind()]) for kind in COMPARED.get(type(node.ops[0]), ()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield lambda n: n.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield _with("value", node.value + 1)
        if node.value not in (0, 1):
            yield _with("value", node.value - 1)
        if node.value:
            yield _with("value", 0)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield _with("value", not node.value)
    elif isinstance(node, ast.Attribute):
        yield from (_renamed(name) for name in NAMES.get(node.attr, ()))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (_with("id", name) for name in NAMES.get(node.id, ()) if name)
    elif isinstance(node, ast.Call):
        if len(node.args) >= 2:
            yield lambda n: ast.Call(n.func, [n.args[1], n.args[0], *n.args[2:]], n.keywords)
        if node.args:
            yield lambda n: n.args[0]  # the call is lost
        for i in range(len(node.keywords)):
            yield lambda n, i=i: ast.Call(n.func, n.args, n.keywords[:i] + n.keywords[i + 1 :])
    elif isinstance(node, ast.AugAssign):
        yield lambda n: ast.Assign([n.target], n.value, lineno=n.lineno)
        yield lambda n: ast.Pass()
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        yield lambda n: ast.Return(ast.Tuple(n.value.elts[::-1], ast.Load()))
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield lambda n: n.value  # the index or slice is lost


def _with(field, value):
    def change(node):
        setattr(node, field, value)
        return node

    return change


def _renamed(name):
    return _with("attr", name) if name else lambda node: node.value
