"""The scans find nothing in any chapter."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
import open_findings  # noqa: E402

SCANS = open_findings.scans()


@pytest.mark.parametrize("path", open_findings.chapters(), ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", SCANS)
def test_a_chapter_is_clean(path, kind):
    assert [finding.message for finding in SCANS[kind](path)] == []


def test_what_is_open_is_printed(capsys, monkeypatch):
    finding = open_findings.Finding("in 7 of", "tied to no value: in 7 of 9")
    monkeypatch.setattr(open_findings, "scans", lambda: {"numbers": lambda path: [finding]})
    open_findings.main(["numbers", "16"])
    shown = capsys.readouterr().out
    assert shown == ("16_convolution_backprop, numbers: 1 open\n  tied to no value: in 7 of 9\n")
    with pytest.raises(SystemExit):
        open_findings.main(["words"])
    assert "no scan finds words; there are numbers" in capsys.readouterr().err


def test_a_scan_is_a_file_with_its_kind_in_its_name(tmp_path):
    (tmp_path / "scan_dots.py").write_text("def findings(path):\n    yield path\n")
    assert importlib.util.find_spec("scan_dots") is None
    assert list(open_findings.scans(tmp_path)["dots"]("here")) == ["here"]
    sys.path.remove(str(tmp_path))
