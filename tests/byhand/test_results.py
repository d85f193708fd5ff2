"""Stored results are read with the standard library alone, or the message says what to do."""

import json
import subprocess
import sys

import pytest

from byhand import results

RECORD = {"hash": {}, "settings": {"seed": 0}, "values": {"value": 1}, "versions": {}}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder of results with one of them, ``slow``."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "slow.json").write_text(json.dumps(RECORD))
    monkeypatch.setattr(results, "FOLDER", folder)
    return folder


def test_a_result_is_what_stands_in_the_file(folder):
    assert results.load("slow") == RECORD


def test_reading_needs_the_standard_library_only():
    code = "import sys; from byhand import results; results.load('lenet'); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {module.partition(".")[0] for module in run.stdout.split()}
    assert "byhand" in loaded
    assert not loaded & {"numpy", "dlcore", "benchmarks"}


def test_a_result_that_does_not_exist_lists_those_that_do(folder):
    (folder / "other.json").write_text("{}")
    message = r"^results.load: there is no result 'solw' in .*, there are: other, slow; .* "
    with pytest.raises(FileNotFoundError, match=message + "Run: python -m benchmarks results solw"):
        results.load("solw")


def test_an_empty_folder_has_none(folder):
    (folder / "slow.json").unlink()
    with pytest.raises(FileNotFoundError, match="there are: none; "):
        results.load("slow")


def test_without_a_clone_the_message_says_so(folder):
    (folder / "slow.json").unlink()
    folder.rmdir()
    with pytest.raises(FileNotFoundError, match=r"install dlcore from a clone .*pip install -e \."):
        results.load("slow")


@pytest.mark.parametrize("text", ["", '{"values": ', "<<<<<<< HEAD\n{}\n"])
def test_a_damaged_file_is_named_with_the_command(folder, text):
    (folder / "slow.json").write_text(text)
    message = r"^results.load: .*slow.json is no JSON .* Run: python -m benchmarks results slow$"
    with pytest.raises(ValueError, match=message):
        results.load("slow")


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        ({"settings": {}, "versions": {}}, "values"),
        ({"values": 1}, "settings, versions"),
        ([], "settings, values, versions"),
    ],
)
def test_a_file_without_its_keys_is_named_with_the_command(folder, record, missing):
    (folder / "slow.json").write_text(json.dumps(record))
    message = rf"^results.load: .*slow.json lacks {missing}; .* Run: python -m benchmarks results s"
    with pytest.raises(ValueError, match=message):
        results.load("slow")


@pytest.mark.parametrize("name", [None, 4, ["slow"], b"slow"])
def test_a_name_is_a_string(folder, name):
    with pytest.raises(TypeError, match=r'^results.load: name is .*, expected a string such as "'):
        results.load(name)


@pytest.mark.parametrize("name", ["../slow", "results/slow", "results\\slow", "/etc/slow"])
def test_a_name_is_no_path(folder, name):
    with pytest.raises(ValueError, match=r"^results.load: name is .*; leave out the folder\?$"):
        results.load(name)
