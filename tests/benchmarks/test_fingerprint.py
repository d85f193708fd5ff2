"""A hash changes with the code under a function, and with nothing else."""

import ast

import pytest

from benchmarks.fingerprint import FIELDS, Code, hash_of, skeleton
from benchmarks.freshness import recipe_names
from byhand.results import FOLDER

ROOT = FOLDER.parent
RECIPE = "benchmarks.recipes.slow"
EVERY_SYNTAX = """
@cache
async def f(a, /, b: int = 1, *c, d=2.5, **e) -> None:
    "What documents a function counts here: who parses a file drops it."
    async with a as x, b: pass
    async for i in a: await i
    return (yield from [lambda: ..., {**e, "é": 1j}, {1}, b"\\xff"])

class A(B, metaclass=C):
    x: int = 1
    def g(self):
        nonlocal y
        global z
        del y[1:2:3, ...]
        while not -1 < +2 <= ~3 != 4 > 5 >= 6: break
        else: continue
        for k, *l in (1,): assert k, "no"
        try: raise E from None
        except (F, G) as h: pass
        finally: y += 1 - 2 * 3 / 4 // 5 % 6 ** 7 << 8 >> 9 | 10 ^ 11 & 12 @ 13
        try: pass
        except* H: pass
        import os.path as p
        from . import q
        return [a if b else c for a in b if c for d in e], {a: b for a in c}, {a for b in c}

match v:
    case 1 | None | [a, *_] | {"k": w, **r} | B(c, d=2) as s if t is not u or t in u and v is w: 0
    case _ if v == 3 and 1 not in v: print(f"{v!r:>{n}.2f} {n:{m}}", (n := 10), (x for x in y))
with a: yield a
if a.b: c = d
"""


def fingerprint(repository, *names):
    return Code(repository.root).fingerprint(RECIPE, names or ("draws", "draw", "collect"))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("benchmarks/recipes/slow.py", "+ seed", "- seed"),
        ("benchmarks/recipes/slow.py", "SCALES = {3: 30}", "SCALES = {3: 31}"),  # used by draw
        ("dlcore/layers/affine.py", "TWO * x", "x * TWO"),
        ("dlcore/layers/affine.py", "TWO = 2", "TWO = 2.0"),  # used by the class
        ("dlcore/errors.py", "check(x):\n    pass", "check(x):\n    x + 1"),  # imported by affine
        ("dlcore/losses.py", "x**2", "x * x"),  # used as an attribute of its module
        ("dlcore/training.py", '"done"', '"Done"'),  # imported under another name
        ("dlcore/layers/__init__.py", "layers.affine", "layers.relu"),
        ("benchmarks/recipes/slow.py", "import numpy", "import scipy"),
    ],
)
def test_a_change_of_the_code_under_a_function_changes_its_hash(repository, file, old, new):
    repository.edit("benchmarks/recipes/slow.py", "SCALES[3]", "np.abs(SCALES[3])")
    before = fingerprint(repository, "draw")
    repository.edit(file, old, new)
    assert fingerprint(repository, "draw") != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("benchmarks/recipes/slow.py", '"""A recipe."""', "# Why not."),
        ("benchmarks/recipes/slow.py", '"""Compute."""', '"""Compute\n    more."""'),
        ("benchmarks/recipes/slow.py", '"seeds": 2', '"seeds": 3'),  # used by no function
        ("dlcore/layers/affine.py", '"""Return 2 x."""', ""),
        ("dlcore/layers/affine.py", "TWO * x", "(\n            TWO  # twice\n            * x)"),
        ("dlcore/layers/relu.py", "return x", "return -x"),
        ("dlcore/layers/__init__.py", "\n", "\nfrom dlcore.layers.relu import ReLU as Rectifier\n"),
        ("dlcore/losses.py", "x**3", "x**4"),
        ("dlcore/losses.py", "def cube", "def fourth(x):\n    return x**4\n\n\ndef cube"),
        ("dlcore/errors.py", "require(x):\n    pass", "require(x):\n    x + 1"),
        ("byhand/plotting.py", "matplotlib", "json"),
        ("dlcore/__init__.py", '"1"', '"2"'),
        ("dlcore/layers/affine.py", "import partial", "import cache, partial"),
    ],
)
def test_other_changes_do_not(repository, file, old, new):
    before = fingerprint(repository)
    repository.edit(file, old, new)
    assert fingerprint(repository) == before


def test_each_function_of_a_recipe_has_its_own_hash(repository):
    before = {name: fingerprint(repository, name) for name in ("draws", "draw", "collect")}
    repository.edit("benchmarks/recipes/slow.py", "sum(found.values())", "len(found)")
    after = {name: fingerprint(repository, name) for name in before}
    assert [name for name in before if before[name] != after[name]] == ["collect"]


@pytest.mark.parametrize(
    ("definition", "changed"),
    [
        ("try:\n    def helper(): pass\nexcept ImportError: pass", "Helper"),
        ("if True:\n    class helper: pass", "Helper"),
        ("async def helper(): pass", "Helper"),
        ("helper, other = 1, 2", "Other"),
        ("helper = []\nhelper.append(1)", "2"),
    ],
)
def test_a_definition_is_found_however_it_is_made(repository, definition, changed):
    repository.edit("dlcore/losses.py", "def cube", f"{definition}\n\n\ndef cube")
    repository.edit("dlcore/losses.py", "return x**2", "return helper")
    before = fingerprint(repository, "draw")
    old = {"Other": "other", "2": "append(1)", "Helper": "pass"}[changed]
    new = {"Other": "third", "2": "append(2)", "Helper": "print()"}[changed]
    repository.edit("dlcore/losses.py", old, new)
    assert fingerprint(repository, "draw") != before


def test_a_module_that_passes_a_name_on_is_followed(repository):
    repository.edit("dlcore/training.py", "def fit", "from dlcore.errors import require\n\ndef fit")
    repository.edit("benchmarks/recipes/slow.py", "import losses", "import losses, training")
    repository.edit("benchmarks/recipes/slow.py", "losses.square", "training.require")
    before = fingerprint(repository, "draw")
    repository.edit("dlcore/errors.py", "require(x):\n    pass", "require(x):\n    x + 1")
    assert fingerprint(repository, "draw") != before


def test_an_import_inside_a_function_is_followed(repository):
    local = "from dlcore.losses import cube\n            return cube, train("
    repository.edit("benchmarks/recipes/slow.py", "return train(", local.replace(" " * 8, ""))
    before = fingerprint(repository, "draw")
    repository.edit("dlcore/losses.py", "x**3", "x**4")
    assert fingerprint(repository, "draw") != before


@pytest.mark.parametrize("how", ['getattr(layers, "ReLU")', "layers.chosen_later"])
def test_a_package_used_as_a_whole_counts_as_a_whole(repository, how):
    repository.edit("benchmarks/recipes/slow.py", "import losses", "import layers, losses")
    repository.edit("benchmarks/recipes/slow.py", "losses.square", how)
    before = fingerprint(repository, "draw")
    repository.edit("dlcore/layers/relu.py", "return x", "return -x")
    assert fingerprint(repository, "draw") != before


@pytest.mark.parametrize(
    "statement", ["import dlcore.losses", "from dlcore.losses import *", "from . import other"]
)
def test_an_import_that_can_not_be_followed_is_refused(repository, statement):
    repository.edit("dlcore/training.py", "def fit", f"{statement}\n\n\ndef fit")
    message = r"^fingerprint: .*training.py, line 1: what `.*` brings cannot be followed; write: f"
    with pytest.raises(ValueError, match=message):
        fingerprint(repository)


def test_a_name_that_is_not_there_is_named(repository):
    repository.edit("dlcore/training.py", "def fit", "def fitted")
    with pytest.raises(LookupError, match=r"^fingerprint: .*training.py has no fit, which is imp"):
        fingerprint(repository)
    with pytest.raises(LookupError, match=r"^fingerprint: .*slow.py has no drew, "):
        fingerprint(repository, "drew")


def test_a_module_that_does_not_exist_is_named(repository):
    with pytest.raises(FileNotFoundError, match=r"^fingerprint: there is no .*other.py$"):
        Code(repository.root).fingerprint("benchmarks.recipes.other", ["draw"])


def test_a_constant_is_read_and_not_run(repository):
    constant = Code(repository.root).constant
    assert constant(RECIPE, "SETTINGS") == {"seeds": 2, "scale": 3}
    repository.edit("benchmarks/recipes/slow.py", '"scale": 3', '"scale": 1 + 2')
    message = r"^fingerprint: .*slow.py must have one assignment to {}, .* is something computed\?$"
    for name in ("SETTINGS", "NOTHING", "draw"):
        with pytest.raises(ValueError, match=message.format(name)):
            Code(repository.root).constant(RECIPE, name)


def test_the_hash_is_the_same_on_every_python():
    """The number was the same on Python 3.11, 3.12, 3.13, 3.14 and 3.15."""
    assert hash_of(skeleton(ast.parse(EVERY_SYNTAX).body)) == "ad6870b353af7e66"


def test_the_syntax_above_has_every_node():
    found = {type(node).__name__ for node in ast.walk(ast.parse(EVERY_SYNTAX))}
    assert FIELDS.keys() <= found


def test_a_field_that_a_newer_python_adds_does_not_count():
    statement = ast.parse("import dlcore").body[0]
    before = skeleton(statement)

    class Import(ast.Import):
        _fields = (*ast.Import._fields, "is_lazy")

    assert skeleton(Import(names=statement.names, is_lazy=1)) == before


def test_a_node_that_a_newer_python_adds_is_refused():
    class TemplateStr(ast.expr):
        _fields = ("values",)

    with pytest.raises(
        TypeError, match=r"^fingerprint.skeleton: no node TemplateStr is in the syn"
    ):
        skeleton(ast.Expr(value=TemplateStr(values=[])))


@pytest.mark.parametrize(
    "constants", [("1", "1.0"), ("1", "True"), ('"a"', 'b"a"'), ("1.0", "1j"), ("...", "None")]
)
def test_constants_that_look_alike_are_told_apart(constants):
    first, second = (skeleton(ast.parse(constant).body) for constant in constants)
    assert first != second


def test_the_recipe_of_chapter_04_rests_on_what_it_uses():
    reached = Code(ROOT).reached("benchmarks.recipes.shallow_units", ["draw", "collect"])
    modules = {module for module, _, _ in reached}
    assert modules >= {
        "benchmarks.recipes.shallow_units",
        "dlcore.layers.affine",
        "dlcore.losses",
        "dlcore.network",
        "dlcore.training",
    }
    assert not modules & {"dlcore.layers.relu", "dlcore.reference", "byhand.plotting"}


@pytest.mark.parametrize("name", recipe_names(ROOT))
def test_no_draw_rests_on_the_settings_as_a_whole(name):
    """Or one more seed would make every draw stale."""
    reached = Code(ROOT).reached(f"benchmarks.recipes.{name}", ["draw"])
    assert "SETTINGS" not in {bound for _, _, bound in reached}
