"""The ledger's machinery: what is recorded, what fails, and what the file looks like."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
INI = """
[pytest]
addopts = --strict-markers -p no:cacheprovider
markers =
    ledger(label): as in this repository
"""
GOOD = """
import pytest

@pytest.mark.ledger("eq-a")
def test_a(ledger):
    ledger("central differences", 1e-9, tolerance=1e-7)
    ledger("loops", 0, tolerance=1e-15)

@pytest.mark.ledger("eq-b", "eq-c")
@pytest.mark.parametrize("n", [1, 2])
def test_b(ledger, n):
    ledger("by hand", 1e-16 * n, 1e-15, label="eq-b")
    ledger("by hand", 0.0, 0, label="eq-c")
"""


@pytest.fixture
def run(pytester):
    """Return a function that runs pytest with the ledger on the source of a test module."""

    def run(source, *options):
        pytester.makeconftest(CONFTEST)
        pytester.makeini(INI)
        pytester.makepyfile(test_it=source)
        return pytester.runpytest("--ledger=build/deep/ledger.json", *options)

    run.file = pytester.path / "build" / "deep" / "ledger.json"
    return run


def one_test(body, marker='@pytest.mark.ledger("eq-a")'):
    return f"import pytest\n\n{marker}\ndef test_it(ledger):\n    {body}\n"


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_the_file(run, options):
    result = run(GOOD, *options)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["ledger: 6 rows for 3 equations in *ledger.json"])
    content = json.loads(run.file.read_text())
    assert content["versions"].keys() == {"python", "numpy", "torch"}
    assert content["rows"][0] == {
        "label": "eq-a",
        "test": "test_it.py::test_a",
        "against": "central differences",
        "error": 1e-9,
        "tolerance": 1e-7,
        "recorded": False,
    }
    keys = [(row["label"], row["test"], row["against"]) for row in content["rows"]]
    assert keys == sorted(keys)
    assert [label for label, *_ in keys] == ["eq-a"] * 2 + ["eq-b"] * 2 + ["eq-c"] * 2
    assert [path.name for path in run.file.parent.iterdir()] == ["ledger.json"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            one_test("ledger('loops', 2e-9, 1e-9)"),
            "*eq-a against loops: error 2.0e-09 > tolerance 1e-09*",
        ),
        (one_test("ledger('loops', float('nan'), 1e-9)"), "*eq-a against loops: the error is nan*"),
        (one_test("ledger('loops', float('inf'), 1e-9)"), "*eq-a against loops: the error is inf*"),
        (one_test("ledger('loops', -1e-5, 1e-9)"), "*eq-a against loops: the error is -1e-05*"),
        (one_test("pass"), "*marked ledger, but recorded no error for*eq-a*"),
        (
            one_test("ledger('loops', 0, 0, label='eq-a')", '@pytest.mark.ledger("eq-a", "eq-b")'),
            "*marked ledger, but recorded no error for*eq-b*",
        ),
        (
            one_test("ledger('loops', 0, 0)", '@pytest.mark.ledger("eq-a", "eq-b")'),
            "*say which label*",
        ),
        (one_test("ledger('loops', 0, 0, label='eq-z')"), "*eq-z is not in this test's marker*"),
        (
            one_test("ledger('a loop', 0, 0)"),
            "*'a loop' does not begin with a word of book/oracles*",
        ),
        (one_test("ledger('loops:over all', 0, 0)"), "*does not begin with a word*"),
        (one_test("ledger('a sample: many', 0, 0.1)"), "*does not say how many draws*"),
        (one_test("ledger('loops: over all', 0, 1e-4)"), "*'loops: over all' is exact, and a *"),
        (one_test("ledger('loops', 0, 0)", ""), "*say which label: this test measures*"),
    ],
)
def test_a_failure_leaves_no_file(run, source, message):
    run.file.parent.mkdir(parents=True)
    run.file.write_text("yesterday's")
    result = run(GOOD + source.removeprefix("import pytest\n"))
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines([message, "ledger: *ledger.json not written*"])
    assert list(run.file.parent.iterdir()) == []


def test_a_broken_module_leaves_no_file(run):
    assert run("import no_such_module").ret != 0
    assert not run.file.exists()


def test_a_skipped_test_may_pass_on_a_recorded_error(run):
    body = "ledger('PyTorch', 1e-15, 1e-12, recorded=True); pytest.skip('no torch')"
    run(one_test(body)).assert_outcomes(skipped=1)
    (row,) = json.loads(run.file.read_text())["rows"]
    assert row["recorded"] is True


def test_without_the_option_nothing_is_written(pytester):
    pytester.makeconftest(CONFTEST)
    pytester.makeini(INI)
    pytester.makepyfile(GOOD)
    pytester.runpytest().assert_outcomes(passed=3)
    assert not list(pytester.path.rglob("*.json"))


REQUIRE = (Path(__file__).parent / "require.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("ci", [None, "true"])
@pytest.mark.parametrize("present", [True, False])
def test_a_missing_tool_skips_and_under_ci_fails(pytester, monkeypatch, ci, present):
    monkeypatch.setenv("CI", ci) if ci else monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(
        require=REQUIRE,
        test_it=f"""
            from require import require

            def test_it():
                require("Chromium", {present}, "apt-get install chromium")
        """,
    )
    result = pytester.runpytest("-rsf", "-p", "no:cacheprovider")
    outcome = "passed" if present else "failed" if ci else "skipped"
    result.assert_outcomes(**{outcome: 1})
    if not present:
        result.stdout.fnmatch_lines(["*Chromium is missing*apt-get install chromium*"])


def test_without_pytorch_the_oracle_shows_its_record(pytester):
    """In a process of its own: this one may have PyTorch loaded."""
    code = (
        "import sys; sys.modules['torch'] = None; import pytest; sys.exit(pytest.main("
        "['tests/dlcore/test_oracle.py', '-q', '-m', 'oracle', '--ledger', sys.argv[1]]))"
    )
    path = pytester.path / "ledger.json"
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=Path(__file__).parents[1],
        env={key: value for key, value in os.environ.items() if key != "CI"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    assert "PyTorch is missing; to run this test: pip install torch==" in run.stdout
    rows = json.loads(path.read_text())["rows"]
    assert len(rows) > 10
    assert {row["recorded"] for row in rows} == {True}
    assert {row["against"].partition(", ")[0] for row in rows} == {"PyTorch: 2.13.0"}
