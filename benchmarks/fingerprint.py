"""What a function of the repository rests on, and a hash of it.

A function rests on its own code and on every function, class and constant of the repository that
it uses, or that one of those uses. So a new loss beside the one that it uses does not change its
hash. Comments, docstrings and layout do not count as code. The hash is equal on every machine and
on every supported version of Python.

The standard library is enough: the build imports this module.
"""

import ast
import copy
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

# The syntax of Python 3.11, a node and its fields a line, as in the documentation of ast. Left out
# are ctx, kind, type_comment and type_ignores, which no value depends on. What a newer Python adds
# to a node does not count, so that the hash stays what it is.
GRAMMAR = """
FunctionDef name args body decorator_list returns
AsyncFunctionDef name args body decorator_list returns
ClassDef name bases keywords body decorator_list
Return value
Delete targets
Assign targets value
AugAssign target op value
AnnAssign target annotation value simple
For target iter body orelse
AsyncFor target iter body orelse
While test body orelse
If test body orelse
With items body
AsyncWith items body
Match subject cases
Raise exc cause
Try body handlers orelse finalbody
TryStar body handlers orelse finalbody
Assert test msg
Import names
ImportFrom module names level
Global names
Nonlocal names
Expr value
Pass
Break
Continue
BoolOp op values
NamedExpr target value
BinOp left op right
UnaryOp op operand
Lambda args body
IfExp test body orelse
Dict keys values
Set elts
ListComp elt generators
SetComp elt generators
DictComp key value generators
GeneratorExp elt generators
Await value
Yield value
YieldFrom value
Compare left ops comparators
Call func args keywords
FormattedValue value conversion format_spec
JoinedStr values
Constant value
Attribute value attr
Subscript value slice
Starred value
Name id
List elts
Tuple elts
Slice lower upper step
And
Or
Add
Sub
Mult
MatMult
Div
Mod
Pow
LShift
RShift
BitOr
BitXor
BitAnd
FloorDiv
Invert
Not
UAdd
USub
Eq
NotEq
Lt
LtE
Gt
GtE
Is
IsNot
In
NotIn
comprehension target iter ifs is_async
ExceptHandler type name body
arguments posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults
arg arg annotation
keyword arg value
alias name asname
withitem context_expr optional_vars
match_case pattern guard body
MatchValue value
MatchSingleton value
MatchSequence patterns
MatchMapping keys patterns rest
MatchClass cls patterns kwd_attrs kwd_patterns
MatchStar name
MatchAs pattern name
MatchOr patterns
"""
FIELDS = {node: fields for node, *fields in map(str.split, GRAMMAR.strip().splitlines())}
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def hash_of(*parts):
    """Hash what JSON can hold.

    Parameters
    ----------
    *parts
        The order of a dict's keys does not count.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def skeleton(node):
    """Return a syntax tree as nested tuples of text, without positions.

    ``ast.dump`` will not do: what it prints differs between versions of Python.

    Parameters
    ----------
    node : ast.AST, list, str, number, bytes, Ellipsis or None

    Returns
    -------
    tuple
        A node as its type and the skeletons of its fields, a constant as its type and how it is
        written in ASCII.

    Raises
    ------
    TypeError
        When the node is none of Python 3.11's.
    """
    if isinstance(node, list):
        return tuple(map(skeleton, node))
    if isinstance(node, ast.JoinedStr):  # Python 3.12 puts empty texts into some f-strings
        texts = [part for part in node.values if getattr(part, "value", None) != ""]
        return "JoinedStr", skeleton(texts)
    kind = type(node).__name__
    if not isinstance(node, ast.AST):
        return kind, ascii(node)
    if kind not in FIELDS:
        raise TypeError(
            f"fingerprint.skeleton: no node {kind} is in the syntax of Python 3.11, the oldest "
            f"that the book supports (line {getattr(node, 'lineno', 'unknown')}); write it in an "
            "older way?"
        )
    return kind, *(skeleton(getattr(node, field, None)) for field in FIELDS[kind])


@dataclass(frozen=True)
class Module:
    """A module's syntax.

    Parameters
    ----------
    path : Path
        Of its file; that of a package is called ``__init__.py``.
    statements : list of (set of str, ast.stmt)
        Each statement after the names that it binds, without the imports from the repository.
    imports : dict of str to list of (str, str)
        What each name that is imported from the repository stands for: a module, and a name there.
    """

    path: Path
    statements: list
    imports: dict


class Code:
    """The code of a repository, each module and each name of it read once.

    Parameters
    ----------
    root : str or Path
        The folder that the packages are in.
    """

    def __init__(self, root):
        self.root = Path(root)
        self._modules, self._found, self._skeletons = {}, {}, {}

    def fingerprint(self, module, names):
        """Hash what some names of a module rest on.

        Parameters
        ----------
        module : str
            Such as ``"benchmarks.recipes.lenet"``.
        names : sequence of str
            Such as ``["draw"]``.

        Returns
        -------
        str

        Raises
        ------
        FileNotFoundError
            When there is no such module.
        LookupError
            When a module does not define a name that is asked for or imported from it.
        ValueError
            When an import from the repository cannot be followed.
        TypeError
            When the code needs a newer Python than 3.11.
        """
        reached = self.reached(module, names)
        for key in reached.keys() - self._skeletons.keys():
            self._skeletons[key] = skeleton(reached[key])
        return hash_of([[key[0], self._skeletons[key]] for key in sorted(reached)])

    def reached(self, module, names):
        """Return what some names of a module rest on.

        Parameters
        ----------
        module : str
        names : sequence of str

        Returns
        -------
        dict of (str, int, str) to ast.stmt
            Each statement by its module, its place there, and the name that led to it.
        """
        found, seen = {}, set()
        waiting = [end for name in names for end in self._import(module, name)]
        while waiting:
            module, name = target = waiting.pop()
            if target in seen:
                continue
            seen.add(target)
            if target not in self._found:
                self._found[target] = self._find(module, name)
            statements, targets = self._found[target]
            found |= statements
            waiting += targets
        return found

    def _find(self, module, name):
        """Return the statements that define a name, by their keys, and the targets they use."""
        statements, targets = {}, []
        if name is None:  # all of the module, and all that it passes on
            for imported in self._parsed(module).imports:
                targets += self._ends(module, imported)
        for place, (bound, statement) in enumerate(self._parsed(module).statements):
            if name is None or name in bound or not bound:
                if isinstance(statement, ast.Import | ast.ImportFrom) and name is not None:
                    statement = _only(statement, name)
                statements[module, place, name or ""] = statement
                for used, attribute in _uses(statement):
                    targets += self._targets(module, used, attribute)
        return statements, targets

    def constant(self, module, name):
        """Return the value of a constant that a module writes out.

        Parameters
        ----------
        module, name : str

        Returns
        -------
        object

        Raises
        ------
        FileNotFoundError
            When there is no such module.
        ValueError
            When it does not have the constant, or has to be run to know the value.
        """
        found = [node for bound, node in self._parsed(module).statements if name in bound]
        try:
            (assignment,) = found
            return ast.literal_eval(assignment.value)
        except (AttributeError, ValueError) as error:
            raise ValueError(
                f"fingerprint: {self._file(module)} must have one assignment to {name}, of "
                "numbers, strings, lists and dicts that are written out; is something computed?"
            ) from error

    def _targets(self, module, used, attribute):
        """Return what a name in a module, or an attribute of it, stands for: (module, name).

        The name is None for a module as a whole.
        """
        return [
            target
            for module, name in self._ends(module, used)
            for target in (
                [(module, name)]
                if name or attribute is None
                else self._ends(module, attribute) or [(module, None)]
            )
        ]

    def _ends(self, module, name):
        """Return where a name of a module is defined, which may be another module."""
        parsed = self._parsed(module)
        ends = [end for source in parsed.imports.get(name, []) for end in self._import(*source)]
        if any(name in bound for bound, _ in parsed.statements):
            ends.append((module, name))
        if not ends and parsed.path.name == "__init__.py":
            submodule = f"{module}.{name}"
            ends = [(submodule, None)] if self._file(submodule).exists() else []
        return ends

    def _import(self, module, name):
        """Return where a name is defined that must be there."""
        if ends := self._ends(module, name):
            return ends
        raise LookupError(
            f"fingerprint: {self._file(module)} has no {name}, which is imported from it or asked "
            "for; is it misspelled, or made in a way that its code does not show?"
        )

    def _parsed(self, module):
        if module not in self._modules:
            self._modules[module] = self._parse(module)
        return self._modules[module]

    def _parse(self, module):
        path = self._file(module)
        if not path.exists():
            raise FileNotFoundError(f"fingerprint: there is no {path}")
        tree = ast.parse(path.read_text(encoding="utf-8"), path)
        imports = {}
        for node in ast.walk(tree):
            if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
                del node.body[0]
            if self._is_ours(node):
                for alias in self._aliases(node, path):
                    sources = imports.setdefault(alias.asname or alias.name, [])
                    sources.append((node.module, alias.name))
        statements = [(self._bound(node), node) for node in tree.body if not self._is_ours(node)]
        return Module(path, statements, imports)

    def _file(self, module):
        path = self.root.joinpath(*module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _is_ours(self, node):
        """Tell whether a node is an import from the repository."""
        match node:
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module, _, level):
                modules = [module if level == 0 else ""]
            case _:
                modules = []
        return any((self.root / name.partition(".")[0]).is_dir() for name in modules)

    def _aliases(self, node, path):
        """Return what an import from the repository asks for."""
        if isinstance(node, ast.Import) or node.level or node.names[0].name == "*":
            raise ValueError(
                f"fingerprint: {path}, line {node.lineno}: what `{ast.unparse(node)}` brings "
                "cannot be followed; write: from PACKAGE import NAME"
            )
        return node.names

    def _bound(self, node):
        """Return the names that a statement binds in its module."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return {node.name}
        if isinstance(node, ast.Import | ast.ImportFrom):
            return set() if self._is_ours(node) else set(map(_bound_by, node.names))
        own = {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()
        return own.union(*map(self._bound, ast.iter_child_nodes(node)))


def _bound_by(alias):
    return alias.asname or alias.name.partition(".")[0]


def _only(statement, name):
    """Return an import statement without the names that are not asked for."""
    statement = copy.copy(statement)
    statement.names = [alias for alias in statement.names if _bound_by(alias) == name]
    return statement


def _uses(node):
    """Yield each name in a syntax tree with the attribute read from it, or None."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield node.value.id, node.attr
    elif isinstance(node, ast.Name):
        yield node.id, None
    else:
        for child in ast.iter_child_nodes(node):
            yield from _uses(child)
