"""Which stored results are what today's code and settings would give.

A result rests on the settings of its recipe ``benchmarks/recipes/NAME.py``, on the code under the
recipe's functions, and on its stored draws. A draw rests on its arguments and on the code under
``draw``, and on nothing else.

The standard library is enough: the build imports this module.
"""

import json

from benchmarks import store
from benchmarks.fingerprint import Code, hash_of

FUNCTIONS = ("draws", "draw", "collect")  # of a recipe


class StaleResult(RuntimeError):
    """Stored results that are not what the code and the settings of today would give."""


def recipe_names(root):
    """Return the names of a repository's recipes, in order."""
    return sorted(path.stem for path in (root / "benchmarks" / "recipes").glob("[!_]*.py"))


def module_of(name):
    """Return the module of a recipe."""
    return f"benchmarks.recipes.{name}"


def settings_of(code, name):
    """Return the settings of a recipe, as JSON would give them back."""
    return json.loads(json.dumps(code.constant(module_of(name), "SETTINGS")))


def basis(root, code, name):
    """Return what a result rests on now.

    Parameters
    ----------
    root : Path
        Of the repository.
    code : Code
        Of the same repository.
    name : str
        Of the recipe.

    Returns
    -------
    dict of str to str
        Hashes of the ``"settings"``, of the ``"code"``, and of the stored ``"draws"``.
    """
    stored = store.read_draws(store.draws_path(root, name)).values()
    return {
        "settings": hash_of(settings_of(code, name)),
        "code": code.fingerprint(module_of(name), FUNCTIONS),
        "draws": hash_of([[draw["key"], draw["hash"]] for draw in stored]),
    }


def save(root, code, name, values):
    """Write a result, with what it rests on and with what its draws were computed.

    Parameters
    ----------
    root : Path
    code : Code
    name : str
    values : dict
        What JSON can hold.
    """
    rests_on = basis(root, code, name)
    record = {
        "hash": {part: rests_on[part] for part in ("code", "draws")},
        "settings": settings_of(code, name),
        "values": values,
        "versions": _versions(store.read_draws(store.draws_path(root, name)).values()),
    }
    store.write_result(store.result_path(root, name), record)


def _versions(draws):
    """Return what the draws were computed with; of several versions all."""
    packages = {package for draw in draws for package in draw["versions"]}
    found = {
        package: sorted({draw["versions"].get(package) or "" for draw in draws} - {""})
        for package in packages
    }
    return {package: ", ".join(versions) or None for package, versions in found.items()}


def why_stale(root, code, name):
    """Say why a result is not what the code and the settings of today would give.

    Parameters
    ----------
    root : Path
    code : Code
    name : str

    Returns
    -------
    str
        ``"missing"``, ``"damaged"``, or what changed, such as ``"settings, code"``; empty when the
        result is fresh.
    """
    try:
        record = json.loads(store.result_path(root, name).read_text(encoding="utf-8"))
        stored = {"settings": hash_of(record["settings"]), **record["hash"]}
    except FileNotFoundError:
        return "missing"
    except (ValueError, KeyError, TypeError):
        return "damaged"
    if not record.keys() >= {"values", "versions"}:
        return "damaged"
    rests_on = basis(root, code, name)
    return ", ".join(part for part in rests_on if stored.get(part) != rests_on[part])


def orphans(root):
    """Return the stored files whose recipe is gone, relative to the repository."""
    results = root / "results"
    stored = [*results.glob("*.json"), *results.glob("draws/*.jsonl")]
    names = recipe_names(root)
    return sorted(path.relative_to(root).as_posix() for path in stored if path.stem not in names)


def require_fresh(root):
    """Raise an error when a stored result is stale or missing, or has no recipe.

    Parameters
    ----------
    root : Path

    Raises
    ------
    StaleResult
        Naming all of them, and the command that renews them.
    """
    code = Code(root)
    reasons = {name: why_stale(root, code, name) for name in recipe_names(root)}
    stale = {name: reason for name, reason in reasons.items() if reason}
    complaints = []
    if stale:
        listed = ", ".join(f"{name} ({reason})" for name, reason in stale.items())
        complaints.append(f"stale results: {listed}; run: python -m benchmarks results")
    if left := orphans(root):
        complaints.append(f"no recipe computes {', '.join(left)}; delete, or bring the recipe back")
    if complaints:
        raise StaleResult("\n".join(complaints))
