"""Setting up on a fresh machine: what make does, what stops it, and what the README says."""

import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.require import require

ROOT = Path(__file__).parents[1]
FILES = ["Makefile", "_config.yml", "_toc.yml", "conftest.py", "package.json", "package-lock.json"]
FILES += ["pyproject.toml", "requirements.txt", "requirements-dev.txt"]
FOLDERS = ["book/_tools", "chapters", "dlcore", "byhand/labs/browser", "tests"]
FOLDERS += ["benchmarks/recipes", "results"]
TOOLS = ["sh", "find", "touch"]
GOOD = 'case "$1" in --version) echo Python {};; esac'


def program(path, script):
    """Write a program, such as an interpreter that only says its version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


class Clone:
    """A fresh clone, as far as make looks at it, on a machine with no Python but those given."""

    def __init__(self, folder):
        require("make", shutil.which("make") is not None, "apt-get install make")
        self.folder, self.bin = folder / "clone", folder / "bin"
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        for name in (*FILES, "book/_tools/check_python.sh"):
            shutil.copy(ROOT / name, self.folder / name)
        self.bin.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))

    def ready(self, version):
        """Make the .venv of a Python that was set up."""
        program(self.folder / ".venv/bin/python", GOOD.format(version))
        (self.folder / ".venv/ready").touch()

    def make(self, *arguments, **options):
        """Return what make would do, and what it says when it stops."""
        return subprocess.run(
            [shutil.which("make"), "-n", *arguments],
            cwd=self.folder,
            env={"PATH": str(self.bin), "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **options,
        )


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def test_a_fresh_clone_gets_an_environment_and_then_packages(clone):
    program(clone.bin / "python3", GOOD.format("3.12.1"))
    steps = clone.make("test").stdout
    venv, packages = steps.index('bin/python3" -m venv'), steps.index("-r requirements.txt")
    assert venv < packages < steps.index("npm ci") < steps.index("-m pytest chapters")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo Python 3.9.18", "bin/python3 is Python 3.9.18, but the book needs 3.11: install"),
        ("echo Python 2.7.18 >&2", "bin/python3 is Python 2.7.18, but the book needs 3.11"),
        ("echo no such version; exit 127", "bin/python3 does not run: install Python 3.11 or"),
        (
            'case "$1" in --version) echo Python 3.11.2;; *) exit 1;; esac',
            "bin/python3 lacks the module venv or ensurepip: on Debian, apt-get install python3-v",
        ),
        (None, "there is no python3: install Python 3.11 or newer; if it has another name: make P"),
    ],
)
def test_a_python_that_will_not_do_stops_make_with_one_line(clone, script, message):
    if script:
        program(clone.bin / "python3", script)
    done = clone.make("book")
    assert done.returncode != 0
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert message in line


def test_a_named_python_is_taken_instead(clone):
    program(clone.bin / "python3", GOOD.format("3.9.18"))
    program(clone.bin / "python3.12", GOOD.format("3.12.1"))
    assert 'bin/python3.12" -m venv' in clone.make("PYTHON=python3.12", "book").stdout
    clone.ready("3.12.1")
    assert "venv" not in clone.make("lab").stdout.replace(".venv/bin", "")


@pytest.mark.parametrize("version", ["3.9.18", None])
def test_an_environment_that_will_not_do_is_made_anew(clone, version):
    program(clone.bin / "python3", GOOD.format("3.12.1"))
    clone.ready(version)
    if version is None:
        (clone.folder / ".venv/bin/python").unlink()
        (clone.folder / ".venv/bin/python").symlink_to("/no/such/python")
    assert 'bin/python3" -m venv --clear .venv' in clone.make("lab").stdout


def test_an_environment_of_another_python_is_made_anew_when_one_is_named(clone):
    program(clone.bin / "python3", GOOD.format("3.12.1"))
    clone.ready("3.11.2")
    assert "venv --clear" not in clone.make("lab").stdout
    assert 'bin/python3" -m venv --clear .venv' in clone.make("PYTHON=python3", "lab").stdout


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_packages_are_installed_again_when_the_requirements_change(clone, name):
    program(clone.bin / "python3", GOOD.format("3.11.2"))
    clone.ready("3.11.2")
    assert "pip install" not in clone.make("lab").stdout
    later = (clone.folder / ".venv/ready").stat().st_mtime + 10
    os.utime(clone.folder / name, (later, later))
    steps = clone.make("lab").stdout
    assert "pip install" in steps
    assert "--clear" not in steps


@pytest.mark.parametrize("part", [".", "_build"])
def test_a_folder_that_can_not_be_written_stops_make_with_one_line(part):
    with tempfile.TemporaryDirectory() as folder:
        clone = Clone(Path(folder))
        program(clone.bin / "python3", GOOD.format("3.11.2"))
        others = {"user": "nobody"} if os.geteuid() == 0 else {}  # root may write everywhere
        Path(folder).chmod(0o755)
        clone.folder.chmod(0o777)
        (clone.folder / "_build").mkdir(mode=0o755)
        (clone.folder / "_build").chmod(0o777)
        assert clone.make("book", **others).returncode == 0
        (clone.folder / part).chmod(0o555)
        done = clone.make("book", **others)
        (clone.folder / part).chmod(0o777)
        assert done.returncode != 0
        (line,) = done.stderr.splitlines()
        assert "or its _build cannot be written, and all that make makes lands there" in line


def readme_commands():
    """Return the plain commands of each target in the README's table."""
    rows = re.findall(r"^\| `make (\w+)` \|.*\| (.*) \|$", (ROOT / "README.md").read_text(), re.M)
    return {target: re.findall(r"`([^`]+)`", commands) for target, commands in rows}


@pytest.mark.parametrize(("target", "commands"), readme_commands().items())
def test_the_plain_commands_of_the_readme_are_those_of_make(clone, target, commands):
    program(clone.bin / "python3", GOOD.format("3.11.2"))
    steps = clone.make(target).stdout.replace(".venv/bin/", "")
    for command in commands:
        assert re.search(rf"^{re.escape(command)}( |$)", steps, re.M), command


def test_the_workflow_runs_the_plain_commands_on_every_system_and_python():
    job = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf8"))["jobs"]["test"]
    steps = [step["run"] for step in job["steps"] if "run" in step]
    plain = readme_commands()
    packages = [command for command in plain["book"] if command.startswith("npm")]
    assert steps == ["python -m pip install -r requirements.txt", *packages, *plain["test"]]
    matrix = job["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["system"]] == ["ubuntu", "windows", "macos"]
    lowest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert lowest["requires-python"] == f">={matrix['python'][0]}"


def test_the_readmes_examples_run(tmp_path, monkeypatch):
    """One after the other in one namespace, as a reader types them, beside a table of their own."""
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf8"), re.S)
    assert len(examples) == 3
    monkeypatch.chdir(tmp_path)
    Path("flowers.csv").write_text("length,width,species\n1.5,2,rose\n2,1,iris\n3,4,rose\n")
    found = {}
    for example in examples:
        exec(example, found)
    assert len(found["history"].cost) == 6000
    assert found["hidden"].shape == (400, 4)
    assert found["tuned"].layer("body") == found["params"].only(found["net"][:2])
    assert 1e-4 < found["best"] < 10
    assert (list(found["names"]), list(found["y"])) == (["iris", "rose"], [1, 0, 1])
