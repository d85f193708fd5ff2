"""A test of the ledger computes with dlcore, or ``book/equations_alone.toml`` says why not."""

import tomllib
from pathlib import Path

import pytest
from ledger_helpers import TestCode

ROOT = Path(__file__).parents[2]
REASONS = tomllib.loads((ROOT / "book" / "equations_alone.toml").read_text(encoding="utf-8"))
FOLDERS = ("tests/dlcore", "tests/byhand", "tests/equations")


def ledger_tests(code):
    """Return the tests below ``FOLDERS`` with the mark ``ledger``, as ``Function`` objects."""
    paths = [path for folder in FOLDERS for path in (code.root / folder).rglob("test_*.py")]
    modules = [code.module(path.relative_to(code.root).as_posix()) for path in sorted(paths)]
    return [
        module.function(name)
        for module in modules
        for name, node in module.definitions.items()
        if any("mark.ledger" in line for line in decorators(module, node))
    ]


def decorators(module, node):
    return [module.lines[part.lineno - 1] for part in getattr(node, "decorator_list", [])]


def faults(code, reasons):
    """Return a sentence for each test without dlcore or a reason, and for each stale reason."""
    tests = ledger_tests(code)
    alone = {(test.path, test.name) for test in tests if not code.reaches(test, "dlcore")}
    given = {(path, name) for path, named in reasons.items() for name in named}
    found = [
        f"{path}::{name} computes with no name of dlcore: let it, or give the reason"
        for path, name in sorted(alone - given)
    ]
    found += [f"{path}::{name} does, or is gone: take it off" for path, name in given - alone]
    empty = [name for named in reasons.values() for name, why in named.items() if not why.strip()]
    return found + [f"{name}: the reason is empty" for name in empty]


def test_each_test_of_the_ledger_computes_with_dlcore_or_says_why_not():
    code = TestCode(ROOT)
    assert len(ledger_tests(code)) > 300
    assert faults(code, REASONS) == []


WITH = """
import pytest
from dlcore.losses import quadratic
from dlcore import metrics


def helper():
    return quadratic(1, 2)


@pytest.mark.ledger("eq-a")
def test_far(ledger):
    ledger("loops", helper(), 0)


@pytest.mark.ledger("eq-b")
@pytest.mark.parametrize("n", [1])
def test_near(ledger, n):
    ledger("loops", metrics.paired(n, n).mean, 0)


@pytest.mark.ledger("eq-c")
def test_alone(ledger):
    quadratic_root = 2
    ledger("loops", quadratic_root, 0)


def test_without_ledger():
    print(quadratic(1, 2))
"""


@pytest.fixture
def code(tmp_path):
    (tmp_path / "tests/equations").mkdir(parents=True)
    (tmp_path / "tests/equations/test_it.py").write_text(WITH)
    return TestCode(tmp_path)


def test_what_reaches_nothing_is_found(code):
    assert [test.name for test in ledger_tests(code)] == ["test_far", "test_near", "test_alone"]
    (fault,) = faults(code, {})
    assert fault.startswith("tests/equations/test_it.py::test_alone computes with no name")


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"test_alone": "an identity", "test_far": "an identity"}, "test_far does, or is gone"),
        ({"test_alone": "an identity", "test_gone": "an identity"}, "test_gone does, or is gone"),
        ({"test_alone": " "}, "test_alone: the reason is empty"),
    ],
)
def test_a_reason_that_is_stale_or_empty_is_found(code, named, message):
    (fault,) = faults(code, {"tests/equations/test_it.py": named})
    assert message in fault
