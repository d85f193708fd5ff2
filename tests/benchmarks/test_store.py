"""Files of draws survive what can happen to them, and nothing is half-written."""

import json

import numpy as np
import pytest

from benchmarks import store

LINES = [store.line(f"seed {seed}", f"hash {seed}", seed / 3, [seed, 0.1]) for seed in range(3)]


@pytest.fixture
def path(tmp_path):
    """Return a file of two draws."""
    path = tmp_path / "slow.jsonl"
    for line in LINES[:2]:
        store.append_draw(path, line)
    return path


def test_a_draw_is_a_line_that_says_all():
    record = json.loads(LINES[1])
    assert record == {
        "key": "seed 1",
        "hash": "hash 1",
        "seconds": 0.333,
        "versions": store.versions(),
        "value": [1, 0.1],
    }
    assert record["versions"]["numpy"] == np.__version__
    assert "\n" not in LINES[1]
    assert ", " not in LINES[1]


def test_what_is_appended_is_read(path):
    store.append_draw(path, LINES[2])
    draws = store.read_draws(path)
    assert list(draws) == ["hash 0", "hash 1", "hash 2"]
    assert [draw["value"] for draw in draws.values()] == [[0, 0.1], [1, 0.1], [2, 0.1]]
    assert path.read_text() == "".join(f"{line}\n" for line in LINES)


def test_no_file_has_no_draws(tmp_path):
    assert store.read_draws(tmp_path / "slow.jsonl") == {}


@pytest.mark.parametrize("cut", range(1, len(LINES[1]) + 1))
def test_a_torn_last_line_is_no_line(path, cut):
    path.write_bytes(path.read_bytes()[: -cut - 1])  # the line's end, and more of it
    assert list(store.read_draws(path)) == ["hash 0"]


def test_a_last_line_without_its_end_counts_when_it_is_whole(path):
    path.write_bytes(path.read_bytes()[:-1])
    assert list(store.read_draws(path)) == ["hash 0", "hash 1"]


@pytest.mark.parametrize(
    "text", ["<<<<<<< HEAD", "", "[]", "3", '{"key": "seed 5"}', "\udcff not UTF-8"]
)
def test_what_is_no_draw_is_left_out_wherever_it_stands(path, text):
    path.write_bytes(text.encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes())
    assert list(store.read_draws(path)) == ["hash 0", "hash 1"]


def test_of_two_draws_with_one_hash_the_later_counts(path):
    store.append_draw(path, store.line("seed 0 again", "hash 0", 0.5, "new"))
    assert store.read_draws(path)["hash 0"]["value"] == "new"


def test_a_file_is_replaced_as_a_whole(path):
    draws = store.read_draws(path)
    store.write_draws(path, [draws["hash 1"]])
    assert path.read_text() == LINES[1] + "\n"
    assert [path.name for path in path.parent.iterdir()] == ["slow.jsonl"]


def test_a_failed_write_leaves_the_old_file_alone(path):
    before = path.read_text()
    with pytest.raises(TypeError):
        store.write_draws(path, [{"value": np.ones(2)}])
    with pytest.raises(TypeError):
        store.write_result(path, {"values": np.ones(2)})
    assert path.read_text() == before
    assert [path.name for path in path.parent.iterdir()] == ["slow.jsonl"]


def test_a_write_that_is_killed_leaves_the_old_file_alone(path, monkeypatch):
    before = path.read_text()

    def killed(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(store.os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        store.write_draws(path, [])
    assert path.read_text() == before


def test_a_result_does_not_depend_on_the_order_of_keys(tmp_path):
    path = tmp_path / "slow.json"
    store.write_result(path, {"values": {"y": 1, "x": 2}, "settings": {}})
    first = path.read_text()
    store.write_result(path, {"settings": {}, "values": {"x": 2, "y": 1}})
    assert path.read_text() == first
    assert json.loads(first) == {"settings": {}, "values": {"x": 2, "y": 1}}
