"""Passed exercises and hints survive the kernel, on this machine, and disturb nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from byhand import check, forget_progress, hint, progress
from byhand.exercises import memory as remembered
from byhand.exercises.checking import exercises_by_chapter

ROOT = Path(__file__).parents[3]
SIGMOID = exercises_by_chapter()["03"]["sigmoid"].reference


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("BYHAND_DATA", str(tmp_path / "data"))
    anew(monkeypatch)
    return tmp_path / "data"


def anew(monkeypatch):
    """Forget what the session knows, as a new kernel does."""
    monkeypatch.setattr(remembered, "_here", {"passed": [], "hints": {}})


def stored(folder):
    return json.loads((folder / "progress.json").read_text(encoding="utf-8"))


def test_what_is_passed_survives_the_kernel(folder, monkeypatch):
    check("sigmoid", lambda z: z)
    assert remembered.passed() == []
    check("sigmoid", SIGMOID)
    check("sigmoid", SIGMOID)
    check("predict", exercises_by_chapter()["03"]["predict"].reference)
    anew(monkeypatch)
    assert remembered.passed() == ["sigmoid", "predict"]
    assert [path.name for path in folder.iterdir()] == ["progress.json"]


def test_hints_go_on_after_a_new_start(folder, monkeypatch, capsys):
    hint("sigmoid")
    anew(monkeypatch)
    hint("sigmoid")
    for _ in range(3):
        hint("sigmoid")
    out = capsys.readouterr().out
    assert [out.count(f"Hint {k} of 3") for k in (1, 2, 3)] == [1, 1, 3]
    assert stored(folder)["hints"] == {"sigmoid": 3}


def test_progress_says_where_to_go_on(folder, capsys):
    progress()
    first = next(iter(exercises_by_chapter()["01"]))
    assert capsys.readouterr().out.endswith(f"Go on with {first}, in chapter 01.\n")
    check("sigmoid", SIGMOID)
    capsys.readouterr()
    progress()
    out = " ".join(capsys.readouterr().out.split())
    assert "Chapter 03: 1 of 10 passed; open: logistic-cost, logistic-gradient," in out
    assert out.endswith("Go on with logistic-cost, in chapter 03.")


def test_when_all_are_passed(folder, capsys):
    for chapter in exercises_by_chapter().values():
        for name in chapter:
            remembered.note_passed(name)
    progress()
    out = capsys.readouterr().out
    assert "Chapter 03: 10 of 10 passed.\n" in out
    assert out.endswith("All exercises are passed.\n")


def test_forgetting_deletes_the_file(folder, capsys):
    check("sigmoid", SIGMOID)
    forget_progress()
    assert list(folder.iterdir()) == []
    assert remembered.passed() == []
    forget_progress()
    assert "all exercises are open again" in capsys.readouterr().out


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", "7", "null", '{"passed": 3, "hints": [1]}', "[" * 100_000, "\ud800",
     '{"passed": [1, "sigmoid", null], "hints": {"sigmoid": "two", "predict": -1}}'],
)  # fmt: skip
def test_a_broken_file_does_no_harm(folder, broken):
    folder.mkdir()
    (folder / "progress.json").write_bytes(broken.encode("utf-8", "surrogatepass"))
    known = ["sigmoid"] if "null]" in broken else []
    assert remembered.passed() == known
    hint("sigmoid")
    check("predict", exercises_by_chapter()["03"]["predict"].reference)
    assert stored(folder)["passed"] == [*known, "predict"]
    assert stored(folder)["hints"] == {"sigmoid": 1}


def test_a_folder_that_cannot_be_made_does_no_harm(folder, capsys):
    folder.write_text("a file stands in the way")
    check("sigmoid", SIGMOID)
    hint("sigmoid")
    hint("sigmoid")
    assert remembered.passed() == ["sigmoid"]
    assert "Hint 2 of 3" in capsys.readouterr().out
    forget_progress()
    assert remembered.passed() == []


@pytest.mark.parametrize(
    "environment", [{"BYHAND_DATA": ""}, {"CI": "true"}, {"DLCORE_LABS": "static"}]
)
def test_builds_and_tests_leave_no_trace(tmp_path, environment):
    base = {
        "HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "PATH": "",
        "USERPROFILE": str(tmp_path),
    }
    code = "from byhand import hint; hint('sigmoid')"
    run = [sys.executable, "-B", "-c", code]
    subprocess.run(run, env=base | environment, check=True, capture_output=True)
    assert list(tmp_path.rglob("*")) == []
    subprocess.run(run, env=base, check=True, capture_output=True)
    assert [path.name for path in tmp_path.rglob("*.json")] == ["progress.json"]


@pytest.mark.parametrize(("platform", "variable", "expected"), [
    ("linux", None, ".local/share"),
    ("linux", "XDG_DATA_HOME", "chosen"),
    ("darwin", None, "Library/Application Support"),
    ("win32", "LOCALAPPDATA", "chosen"),
])  # fmt: skip
def test_the_folder_is_the_platforms(monkeypatch, tmp_path, platform, variable, expected):
    for name in ("BYHAND_DATA", "CI", "DLCORE_LABS", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "chosen"))
    assert remembered._path() == tmp_path / expected / "gradients-by-hand" / "progress.json"


def test_a_web_page_stores_nothing(monkeypatch):
    monkeypatch.delenv("BYHAND_DATA", raising=False)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("DLCORE_LABS", raising=False)
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert remembered._path() is None
