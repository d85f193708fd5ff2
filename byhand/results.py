"""Slow results: computed once, kept as JSON in ``results/``, read by the pages.

``benchmarks/recipes/NAME.py`` says how ``results/NAME.json`` is computed, and
``python -m benchmarks results`` computes what is missing or stale. A stored result carries a hash
of its settings and of the code under it: the recipe, and every function, class and constant of
dlcore that it uses, or that one of those uses. So a new loss beside the one that a recipe uses
does not make the result stale. Comments, docstrings and layout do not count as code.
"""

import ast
import copy
import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path

from dlcore.errors import StaleResult

REPOSITORY = Path(__file__).resolve().parents[1]


def load(name):
    """Read a stored result, and make sure that today's code would compute the same.

    Parameters
    ----------
    name : str
        Of ``results/NAME.json``.

    Returns
    -------
    dict
        ``"values"`` is what the recipe computed, ``"settings"`` and ``"versions"`` with what.

    Raises
    ------
    FileNotFoundError
        When there is no such result, or dlcore is not installed from a clone of the repository.
    StaleResult
        When the recipe, its settings or the dlcore code under it changed since.
    """
    path = _result(name)
    if not path.exists():
        raise FileNotFoundError(
            f"results.load: there is no {path}; {_command(name)}"
            if path.parent.is_dir()
            else f"results.load: there is no folder {path.parent}; stored results belong to the "
            "repository, so install dlcore from a clone of it: pip install -e ."
        )
    record = json.loads(path.read_text(encoding="utf-8"))
    if record["hash"] != fingerprint(name, record["settings"]):
        raise StaleResult(
            f"results.load: results/{name}.json was computed with other code or settings; "
            f"{_command(name)}"
        )
    return record


def save(name, settings, values):
    """Write ``results/NAME.json``, whole or not at all.

    Parameters
    ----------
    name : str
    settings, values : dict
        What JSON can hold.
    """
    versions = {"python": platform.python_version()}
    versions |= {package: _version(package) for package in ("numpy", "scikit-learn", "torch")}
    record = {
        "hash": fingerprint(name, settings),
        "settings": settings,
        "values": values,
        "versions": versions,
    }
    path = _result(name)
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(path)


def fingerprint(name, settings):
    """Hash the settings and the code that a result depends on.

    Parameters
    ----------
    name : str
        Of the recipe.
    settings : dict

    Returns
    -------
    str
        Equal on every machine and every supported version of Python.

    Raises
    ------
    FileNotFoundError
        When there is no such recipe.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    if not (recipe := _file(_recipe(name))).exists():
        raise FileNotFoundError(f"results.fingerprint: there is no recipe {recipe}")
    found = _reached(_recipe(name))
    for key in sorted(found):
        digest.update(f"{key[0]}: {_skeleton(found[key])}".encode())
    return digest.hexdigest()


def _recipe(name):
    return f"benchmarks.recipes.{name}"


def _result(name):
    return REPOSITORY / "results" / f"{name}.json"


def _command(name):
    return f"run: python -m benchmarks results {name}"


def _version(package):
    try:
        return metadata.version(package).split("+")[0]  # PyTorch adds "+cpu"
    except metadata.PackageNotFoundError:
        return None


def _reached(recipe):
    """Return what a recipe rests on: ``{(module, position, name): syntax tree}``.

    Follows names from statement to statement, starting with all of the recipe.
    """
    found, seen, modules, waiting = {}, set(), {}, [(recipe, None)]
    while waiting:
        module, name = target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        if module not in modules:
            tree = _parse(module)
            modules[module] = tree, _imports(tree)
        tree, imports = modules[module]
        if name is None and _is_package(module):  # all of it, and all that it passes on
            waiting += [_find(*origin) for origin in imports.values()]
        for position, statement in enumerate(tree.body):
            bound = _bound_names(statement)
            if name is None or name in bound or not bound:
                if isinstance(statement, ast.Import | ast.ImportFrom) and name is not None:
                    statement = _only(statement, name)
                found[module, position, name or ""] = statement
                for used, attribute in _uses(statement):
                    origin = _find(*imports[used]) if used in imports else (module, used)
                    if origin[1] is None and attribute:
                        origin = _find(origin[0], attribute)
                    waiting.append(origin)
    return found


def _is_package(module):
    return REPOSITORY.joinpath(*module.split(".")).is_dir()


def _file(module):
    path = REPOSITORY.joinpath(*module.split("."))
    return path / "__init__.py" if _is_package(module) else path.with_suffix(".py")


def _parse(module):
    """Return a module's syntax tree without the docstrings."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        may_have_one = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if may_have_one and ast.get_docstring(node) is not None:
            del node.body[0]
    return tree


def _imports(tree):
    """Return what the names that a module imports from dlcore stand for: (module, name)."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dlcore"
        for alias in node.names
    }


def _find(module, name):
    """Return where ``from module import name`` ends: (module, name), or (submodule, None).

    A package's ``__init__`` may pass on a name that another module defines.
    """
    if _is_package(module):
        passed_on = _imports(_parse(module))
        if name in passed_on:
            return _find(*passed_on[name])
        if _file(f"{module}.{name}").exists():
            return f"{module}.{name}", None
    return module, name


def _bound_names(statement):
    """Return the names that a statement of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in statement.names}
    nodes = ast.walk(statement)
    return {node.id for node in nodes if isinstance(node, ast.Name) and type(node.ctx) is ast.Store}


def _only(statement, name):
    """Return an import statement without the names that are not asked for."""
    statement = copy.copy(statement)
    statement.names = [alias for alias in statement.names if name in (alias.asname, alias.name)]
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


def _skeleton(node):
    """Return a syntax tree as nested tuples, without positions and empty fields.

    ``ast.dump`` will not do: what it prints differs between versions of Python.
    """
    if isinstance(node, list):
        return tuple(map(_skeleton, node))
    if not isinstance(node, ast.AST):
        return node
    fields = ((name, value) for name, value in ast.iter_fields(node) if value not in (None, []))
    return type(node).__name__, *((name, _skeleton(value)) for name, value in fields)
