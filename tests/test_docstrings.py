"""Public names have numpydoc docstrings: every parameter, what comes back, shapes, errors."""

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap

import pytest

import byhand
import dlcore
from dlcore import protocols, reference
from tests.test_levels import MOVED

UNDER_TEST = [
    module.name
    for package in (dlcore, byhand)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if module.name.removeprefix("dlcore.") not in MOVED
    and not any(part.startswith("_") for part in module.name.split("."))
]


def public(module):
    """Return the public functions and classes that a module defines, and the classes' methods."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(inspect.unwrap(thing)):  # an initializer is wrapped in an object
            yield name, thing
        elif inspect.isclass(thing):
            yield name, thing
            for method_name, method in vars(thing).items():
                its_own = getattr(method, "__qualname__", None) == f"{name}.{method_name}"
                if inspect.isfunction(method) and its_own and not method_name.startswith("_"):
                    yield f"{name}.{method_name}", method


def is_for_readers(thing):
    """Tell whether readers call ``thing``: of labs and exercises, what the package lists."""
    package = ".".join(thing.__module__.split(".")[:2])
    if package not in ("byhand.labs", "byhand.exercises"):
        return True
    return thing.__qualname__ in importlib.import_module(package).__all__


PROTOCOLS = {protocols.Layer, protocols.Loss, protocols.Optimizer}  # nobody calls them

THINGS = [
    pytest.param(thing, id=f"{module_name}.{name}".removeprefix("dlcore."))
    for module_name in UNDER_TEST
    for name, thing in public(importlib.import_module(module_name))
]


def sections(doc):
    """Split a docstring into its numpydoc sections: ``{"Parameters": text, ...}``."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(doc), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def entries(section):
    """Return the entries of a section as pairs: the head line, and the indented description."""
    parts = re.split(r"^(\S.*)$", section, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def documented_names(section):
    """Return the names that the entries of a Parameters section explain."""
    heads = [head.split(" : ")[0] for head, _ in entries(section)]
    return [name.strip("* ") for head in heads for name in head.split(",")]


def body_of(function):
    """Return a function's syntax tree, without those of the functions inside it."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    nodes, waiting = [], list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return nodes


@pytest.mark.parametrize("module_name", UNDER_TEST)
def test_every_module_says_what_it_is(module_name):
    assert importlib.import_module(module_name).__doc__


@pytest.mark.parametrize("thing", THINGS)
def test_docstring(thing):
    doc = thing.__doc__
    assert doc, "no docstring"
    summary = inspect.cleandoc(doc).split("\n")[0]
    assert re.search(r"[.:?]$", summary), f"the first line is no sentence: {summary!r}"

    if inspect.isclass(thing) and (issubclass(thing, Exception) or thing in PROTOCOLS):
        return
    parameters = [name for name in inspect.signature(thing).parameters if name != "self"]
    is_short = "\n" not in inspect.cleandoc(doc)
    if is_short and (not parameters or "." in thing.__qualname__):
        return  # a layer's protocol, or an accessor: the class explains it
    if is_short and thing.__module__ == reference.__name__:
        return  # the fast function of the same name has the shapes
    if not is_for_readers(thing):
        return

    found = sections(doc)
    if inspect.isclass(thing) and "Parameters" not in found:
        found = sections(thing.__base__.__doc__)  # the fields are inherited
    if parameters:
        assert documented_names(found.get("Parameters", "")) == parameters
    for section in ("Parameters", "Returns"):
        for head, body in entries(found.get(section, "")):
            if re.search(r": .*\barray\b", head) and not head.startswith("cache"):
                assert re.search(r"shape|axes", head + body), f"no shape: {head!r}"
    if inspect.isclass(thing):
        return
    nodes = body_of(thing)
    if any(isinstance(node, ast.Return) and node.value is not None for node in nodes):
        assert "Returns" in found
    if any(isinstance(node, ast.Raise) and node.exc is not None for node in nodes):
        assert "Raises" in found
