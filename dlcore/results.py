"""Slow results: computed once, kept as JSON in ``results/``, read by the pages.

``benchmarks/recipes/NAME.py`` says how ``results/NAME.json`` is computed, and
``python -m benchmarks results`` computes what is missing or stale. A stored result carries a hash
of its settings and of the code under it: the recipe, and every dlcore module that it imports, or
that one of those imports. Comments, docstrings and layout do not count as code.
"""

import ast
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
    for path in sorted(_sources(_recipe(name))):
        digest.update(path.relative_to(REPOSITORY).as_posix().encode())
        digest.update(repr(_skeleton(_parse(path))).encode())
    return digest.hexdigest()


def _recipe(name):
    return REPOSITORY / "benchmarks" / "recipes" / f"{name}.py"


def _result(name):
    return REPOSITORY / "results" / f"{name}.json"


def _command(name):
    return f"run: python -m benchmarks results {name}"


def _version(package):
    try:
        return metadata.version(package).split("+")[0]  # PyTorch adds "+cpu"
    except metadata.PackageNotFoundError:
        return None


def _parse(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def _sources(path):
    """Return ``path`` and, however indirectly, every file of dlcore that it imports."""
    found, waiting = set(), [path]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(_parse(path))
    return found


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            pairs = [alias.name.rpartition(".")[::2] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            pairs = [(node.module, alias.name) for alias in node.names]
        else:
            continue
        for module, name in pairs:
            if module.split(".")[0] == "dlcore":
                yield _file_of(module, name)


def _file_of(module, name):
    """Return the file that defines ``name`` for ``from module import name``.

    A package's ``__init__`` that only passes a name on is not a source itself, so a new layer does
    not make every older result stale.
    """
    path = REPOSITORY.joinpath(*module.split("."))
    if not path.is_dir():
        return path.with_suffix(".py")
    init = path / "__init__.py"
    for node in ast.walk(_parse(init)):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            if name == (alias.asname or alias.name):
                return _file_of(node.module, alias.name)
    for submodule in (path / f"{name}.py", path / name / "__init__.py"):
        if submodule.exists():
            return submodule
    return init


def _skeleton(node):
    """Return a syntax tree as nested tuples: no positions, no docstrings, no empty fields.

    ``ast.dump`` will not do: what it prints differs between versions of Python.
    """
    if isinstance(node, list):
        return tuple(map(_skeleton, node))
    if not isinstance(node, ast.AST):
        return node
    fields = dict(ast.iter_fields(node))
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
        has_docstring = ast.get_docstring(node) is not None
        fields["body"] = node.body[1:] if has_docstring else node.body
    return type(node).__name__, *(
        (name, _skeleton(value)) for name, value in fields.items() if value not in (None, [])
    )
