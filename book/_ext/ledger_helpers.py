"""What a test of the ledger uses of its own modules: the functions and tables that hold formulas.

A row whose code is a test would hide the formula when the test calls a helper for it. So the row
shows, too, every function, fixture and table of the tests that the test reaches, one by one, as
the syntax tree says. What only measures or skips is left out, and so is all that is no test code.
"""

import ast
import textwrap
from functools import cached_property
from pathlib import Path

from ledger_records import Function

MEASURES = {"tests.measure", "tests.require"}


class TestCode:
    """The modules of the package ``tests`` under ``root``, read when they are asked for."""

    __test__ = False  # pytest would take it for a test

    def __init__(self, root):
        self.root = Path(root)
        self.modules = {}

    def module(self, path):
        """Return the module at a path from the root."""
        if path not in self.modules:
            self.modules[path] = Module(path, (self.root / path).read_text("utf8"))
        return self.modules[path]

    def reaches(self, test, package):
        """Say whether the test, or a helper of it, reads a name that its module has from a package.

        Parameters
        ----------
        test : Function
        package : str
            "dlcore".
        """
        parts = [test, *self.helpers(test)]
        return any(self.module(part.path).reads(part.name, package) for part in parts)

    def helpers(self, test):
        """Return what the test reaches, as ``Function`` objects: its own module's first.

        Parameters
        ----------
        test : Function
        """
        found, waiting = {}, [(test.path, test.name.partition(".")[0])]
        while waiting:
            path, name = waiting.pop()
            module = self.module(path)
            if name in module.definitions and (path, name) not in found:
                found[path, name] = module.definitions[name]
                waiting += [(path, other) for other in names_of(module.definitions[name])]
            elif name in module.imports:
                other, original = module.imports[name]
                if (self.root / other).exists():
                    waiting.append((other, original))
        del found[test.path, test.name.partition(".")[0]]
        order = sorted(found, key=lambda key: (key[0] != test.path, key[0], found[key].lineno))
        return [self.module(path).function(name) for path, name in order]


class Module:
    """What one module of the tests defines and imports at its top."""

    def __init__(self, path, text):
        self.path = path
        self.lines = text.splitlines()
        self.tree = ast.parse(text)

    @cached_property
    def definitions(self):
        """The syntax tree of each function, class and assigned name."""
        found = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign):
                names = {part.id for to in node.targets for part in ast.walk(to) if is_name(part)}
                found |= dict.fromkeys(names, node)
        return found

    @cached_property
    def imports(self):
        """The file and the name behind each name from the package ``tests``."""
        return {
            alias.asname or alias.name: (f"{node.module.replace('.', '/')}.py", alias.name)
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests.")
            if node.module not in MEASURES
            for alias in node.names
        }

    def reads(self, name, package):
        """Say whether a definition reads a name that is imported from a package."""
        nodes = filter(is_name, ast.walk(self.definitions[name]))
        return any(self.packages.get(node.id) == package for node in nodes)

    @cached_property
    def packages(self):
        """The package behind each name that the module imports from one."""
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)]
        return {
            alias.asname or alias.name: (node.module or "").partition(".")[0]
            for node in nodes
            for alias in node.names
        }

    def function(self, name):
        """Return a definition as a ``Function``."""
        node = self.definitions[name]
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        source = textwrap.dedent("\n".join(self.lines[first - 1 : node.end_lineno]))
        return Function(name, self.path, first, node.end_lineno, source, ())


def is_name(node):
    """Say whether a node of the syntax tree is a name."""
    return isinstance(node, ast.Name)


def names_of(node):
    """Return the names that a definition takes from outside: what it reads, and its fixtures."""
    names = list(filter(is_name, ast.walk(node)))
    stored = {name.id for name in names if isinstance(name.ctx, ast.Store)}
    read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    if isinstance(node, ast.Assign):
        return read
    arguments = {arg.arg for arg in ast.walk(node) if isinstance(arg, ast.arg)}
    own = {arg.arg for arg in node.args.args} if isinstance(node, ast.FunctionDef) else set()
    return (read - stored - arguments) | own
