"""The command line: NumPy as it is installed, whatever the environment says."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as main

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["posix", "nt"])
def started(monkeypatch, request):
    """Return what was started instead of this process: the command and its environment."""
    calls = []

    def replace(path, command, env):
        assert path == command[0] == sys.executable
        calls.append((command, env))
        raise SystemExit(3)  # a process that is replaced does not go on

    def run(command, *, env, check):
        calls.append((command, env))
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(main, "os", SimpleNamespace(name=request.param, environ=os.environ))
    monkeypatch.setattr(main.os, "execve", replace, raising=False)
    monkeypatch.setattr(main.subprocess, "run", run)
    for name in main.OPENBLAS:
        monkeypatch.delenv(name, raising=False)
    return calls


def test_a_plain_environment_is_left_alone(started):
    main.as_installed()
    assert started == []


@pytest.mark.parametrize("name", main.OPENBLAS)
def test_what_changes_the_kernels_is_left_out(started, monkeypatch, name):
    monkeypatch.setenv(name, "Zen")
    monkeypatch.setattr(sys, "argv", ["benchmarks", "results", "lenet"])
    with pytest.raises(SystemExit) as caught:
        main.as_installed()
    assert caught.value.code == 3
    ((command, environment),) = started
    assert command[1:] == ["-m", "benchmarks", "results", "lenet"]
    assert environment == {key: value for key, value in os.environ.items() if key != name}


def test_other_kernels_can_be_asked_for(started, monkeypatch):
    with pytest.raises(SystemExit):
        main.as_installed("SkylakeX")
    assert started[0][1]["OPENBLAS_CORETYPE"] == "SkylakeX"
    monkeypatch.setenv("OPENBLAS_CORETYPE", "SkylakeX")
    main.as_installed("SkylakeX")  # in the process that was started
    assert len(started) == 1


def test_a_command_that_computes_nothing_goes_on_in_its_own_process():
    code = (
        "import os, benchmarks.__main__ as main; main.main(); print(os.environ[main.OPENBLAS[0]])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "stale"],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_CORETYPE": "Haswell"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "Haswell"
