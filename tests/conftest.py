"""The ledger: tests that measure the error of an equation, and the file that collects them.

A test says which equations it measures, and hands each error to the fixture ``ledger``::

    @pytest.mark.ledger("eq-affine-backward")
    def test_affine_backward(ledger):
        ...
        ledger("central differences", error, tolerance=1e-7)

What it compares with is a word of ``book/oracles.toml``; details follow behind a colon.

``pytest -m ledger --ledger=PATH`` writes the rows to PATH as JSON. The file appears only when every
test passed, and appears whole: after a failure there is none, not even yesterday's.
"""

import json
import math
import platform
from importlib import metadata
from pathlib import Path

import hypothesis
import pytest

from tests.oracles import require_oracle

hypothesis.settings.register_profile("reproducible", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("reproducible")


def pytest_addoption(parser):
    parser.addoption("--ledger", metavar="PATH", help="write the ledger's rows to PATH (JSON)")
    words = "random settings of each lab at which the browser is compared with dlcore"
    parser.addoption("--settings", metavar="N", type=int, help=words)
    words = "random walks of 40 actions through each lab, instead of one of 8"
    parser.addoption("--walks", metavar="N", type=int, help=words)


def pytest_configure(config):
    path = config.getoption("--ledger")
    if path and not hasattr(config, "workerinput"):  # pytest-xdist's workers only report
        config.pluginmanager.register(LedgerFile(Path(path)))


class LedgerFile:
    """Collect the rows from the tests' reports; write them when the session has passed."""

    def __init__(self, path):
        self.path = path
        self.rows = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.rows += [row for name, row in report.user_properties if name == "ledger"]

    def pytest_sessionfinish(self, exitstatus):
        self.path.unlink(missing_ok=True)
        if exitstatus != pytest.ExitCode.OK:
            return
        versions = {"python": platform.python_version()}
        versions |= {package: _version(package) for package in ("numpy", "torch")}
        rows = sorted(self.rows, key=lambda row: (row["label"], row["test"], row["against"]))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(self.path.name + ".unfinished")
        unfinished.write_text(json.dumps({"versions": versions, "rows": rows}, indent=1) + "\n")
        unfinished.replace(self.path)

    def pytest_terminal_summary(self, terminalreporter, exitstatus):
        if exitstatus == pytest.ExitCode.OK:
            equations = len({row["label"] for row in self.rows})
            line = f"ledger: {len(self.rows)} rows for {equations} equations in {self.path}"
        else:
            line = f"ledger: {self.path} not written, because the run did not pass"
        terminalreporter.write_line(line)


def _version(package):
    try:
        return metadata.version(package).split("+")[0]  # PyTorch adds "+cpu"
    except metadata.PackageNotFoundError:
        return None


def _labels(item):
    return [label for marker in item.iter_markers("ledger") for label in marker.args]


@pytest.fixture
def ledger(request):
    """Return ``record(against, error, tolerance, *, label=None, recorded=False)``.

    It asserts that ``error`` is finite, at most ``tolerance`` and not negative (0 where a bound
    holds), and adds a row to the ledger.
    ``label`` may be left out in a test of one equation. ``recorded`` says that the error was
    measured in an earlier run (see ``tests/dlcore/test_oracle.py``).
    """
    labels = _labels(request.node)

    def record(against, error, tolerance, *, label=None, recorded=False):
        if label is None:
            assert len(labels) == 1, f"ledger: say which label: this test measures {labels}"
            label = labels[0]
        assert label in labels, f"ledger: {label} is not in this test's marker, which has {labels}"
        require_oracle(against, tolerance)
        error = float(error)
        assert 0 <= error < math.inf, f"ledger: {label} against {against}: the error is {error}"
        assert error <= tolerance, (
            f"ledger: {label} against {against}: error {error:.1e} > tolerance {tolerance:.0e}"
        )
        row = {
            "label": label,
            "test": request.node.nodeid,
            "against": against,
            "error": error,
            "tolerance": tolerance,
            "recorded": recorded,
        }
        request.node.user_properties.append(("ledger", row))

    return record


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Fail a test that promises an equation's error and does not record one."""
    result = yield
    recorded = {row["label"] for name, row in pyfuncitem.user_properties if name == "ledger"}
    if missing := set(_labels(pyfuncitem)) - recorded:
        pytest.fail(f"marked ledger, but recorded no error for {sorted(missing)}", pytrace=False)
    return result
