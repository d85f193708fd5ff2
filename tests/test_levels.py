"""Two rooms: each module of dlcore imports only lower ones, byhand stands on all of them."""

import ast
import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlcore

MOVED = {"exercises", "labs", "plotting", "results"}  # to byhand, and say so
ONLY_IN_BYHAND = {"matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython"}

FOLDER = Path(dlcore.__file__).parent
FILES = sorted(
    path
    for path in FOLDER.rglob("*.py")
    if path != FOLDER / "__init__.py" and path.stem not in MOVED
)


def module_of(path):
    """Return the parts of a file's module name below dlcore: ``("layers", "affine")``."""
    parts = path.relative_to(FOLDER).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported(path):
    """Return every module that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: relative import"
            if node.module == "dlcore":
                yield from (f"dlcore.{alias.name}" for alias in node.names)
            else:
                yield node.module


def graph():
    """Return for each module of dlcore (a package counts as one) the others that it imports."""
    found = {}
    for path in FILES:
        module = module_of(path)[0]
        names = (name.split(".") for name in imported(path))
        inner = {parts[1] for parts in names if parts[0] == "dlcore"}
        found[module] = found.get(module, set()) | inner - {module}
    return found


def test_the_walk_sees_the_whole_library():
    assert ("layers", "affine") in map(module_of, FILES)
    assert set(imported(FOLDER / "losses.py")) >= {"numpy", "dlcore.activations", "dlcore.errors"}
    assert graph()["losses"] >= {"activations", "errors"}


def test_the_table_in_the_docstring_is_the_depth_of_each_module():
    """How many others lie below a module, one on the other: so none imports its like or higher."""
    below = graph()

    @functools.cache
    def depth(module):  # a cycle would never end, and raises RecursionError
        return max((depth(other) + 1 for other in below[module]), default=0)

    table = re.sub(r",\n {7}", ", ", dlcore.__doc__)  # a row may go on in the next line
    rows = re.findall(r"^(\d)\s+(.+)$", table, flags=re.MULTILINE)
    documented = {int(level): row.split(", ") for level, row in rows}
    expected = {}
    for module in sorted(below):
        expected.setdefault(depth(module), []).append(module)
    assert documented == dict(sorted(expected.items()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(module_of(path)))
def test_what_a_module_may_not_import(path):
    module, *inner = module_of(path)
    for name in imported(path):
        package, *parts = name.split(".")
        assert package not in {"byhand", *ONLY_IN_BYHAND}, f"only byhand may import {name}"
        if package == "dlcore" and parts[0] == module == "layers" and inner:
            assert parts[1] == "_windows", f"layers may not import each other: {name}"


def test_the_package_itself_imports_nothing():
    assert list(imported(FOLDER / "__init__.py")) == []


def modules_after(code):
    """Return the modules that a fresh Python has loaded after running ``code``."""
    show = f"import sys; {code}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_dlcore_loads_nothing_heavy():
    loaded = modules_after("import dlcore")
    assert not loaded & {"numpy", "scipy", "sklearn", "torch", *ONLY_IN_BYHAND}


def test_dlcore_loads_no_plots_widgets_or_teaching():
    loaded = modules_after("import " + ", ".join(f"dlcore.{'.'.join(module_of(p))}" for p in FILES))
    assert "dlcore.training" in loaded
    assert not loaded & {"torch", "byhand", *ONLY_IN_BYHAND}


def packages_after(code):
    """Return the packages outside the standard library that ``code`` loads."""
    loaded = modules_after(code) - modules_after("pass")
    packages = {name.split(".")[0] for name in loaded} - sys.stdlib_module_names
    return {name for name in packages if "cython" not in name}  # of NumPy's generators


def test_dlcore_and_the_exercises_need_only_numpy_and_tqdm():
    every = ", ".join(f"dlcore.{'.'.join(module_of(path))}" for path in FILES)
    code = f"import {every}; from byhand import check, hint, results"
    code += "; from byhand.exercises import checking; checking.exercises_by_chapter()"
    assert packages_after(code) == {"numpy", "tqdm", "dlcore", "byhand"}


@pytest.mark.parametrize("name", sorted(MOVED))
@pytest.mark.parametrize(
    "form", ["import dlcore.{0}", "from dlcore import {0}", "from dlcore.{0}.inner import thing"]
)
def test_what_moved_to_byhand_says_so(name, form):
    with pytest.raises(ImportError, match=rf"^dlcore.{name} is now byhand.{name}; write: from byh"):
        exec(form.format(name))
