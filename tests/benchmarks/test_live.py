"""The table of the pages that run themselves."""

import json
import subprocess

import pytest

from benchmarks import live


def test_the_same_cells_run_without_a_browser():
    seconds = live.natively(["import time\nfrom byhand import labs", "time.sleep(0.05)", "1"])
    assert len(seconds) == 3
    assert 0.05 <= seconds[1] < 1


def test_a_cell_that_raises_is_no_measurement():
    with pytest.raises(subprocess.CalledProcessError):
        live.natively(["1 / 0"])


def test_a_row_has_sums_and_the_ratio():
    measured = {"boot": 1.25, "cells": [2.0, 6.0], "heap": 65e6}
    row = live.row("03_logistic_regression", measured, [1.0, 3.0])
    assert row.split() == ["03_logistic_regression", "1.2", "2.0", "8.0", "65", "4.0", "2.0"]
    assert len(live.HEAD) == len(row)


def test_a_cell_that_raises_in_the_browser_is_named(monkeypatch):
    class Engine:
        def __init__(self, *arguments):
            pass

        def boot(self):
            return {"ms": 1}

        def open(self):
            pass

        def run(self, source):
            return {"ok": False, "outputs": [{"ename": "NameError"}], "ms": 1, "heap": 1}

        def close(self):
            pass

    monkeypatch.setattr(live, "Engine", Engine)
    with pytest.raises(RuntimeError, match=r"a cell of chapters/03 raised: .*NameError"):
        live.in_browser(None, "", "chapters/03", ["x"])


def test_without_the_pages_it_says_what_comes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "HTML", tmp_path)
    with pytest.raises(SystemExit, match="make live comes first"):
        live.main([])


def test_the_manifest_lists_what_is_measured(tmp_path, monkeypatch, capsys):
    (tmp_path / "live").mkdir()
    pages = {"chapters/03_logistic_regression": {}, "chapters/11_regularization": {}}
    (tmp_path / "live" / "manifest.json").write_text(json.dumps({"pages": pages}))
    found = {"boot": 1.0, "cells": [1.0], "heap": 1e6}
    monkeypatch.setattr(live, "HTML", tmp_path)
    monkeypatch.setattr(live, "launched", lambda path: live.served(tmp_path))
    monkeypatch.setattr(live, "in_browser", lambda *arguments: found)
    monkeypatch.setattr(live, "natively", lambda sources: [0.5])
    live.main(["11"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["chapter", "11_regularization"]
