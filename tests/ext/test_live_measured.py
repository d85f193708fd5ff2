"""book/live.toml is written from what running the chapters showed."""

import json
import tomllib

from tests.live import measured

REASON = 'Rounding decides "this".'


def test_what_was_noted_is_written_and_reasons_are_kept(tmp_path, monkeypatch, capsys):
    file, stored = tmp_path / "found.jsonl", tmp_path / "live.toml"
    stored.write_text(f"[03_b.differs]\ncell = {json.dumps(REASON)}\n", encoding="utf-8")
    monkeypatch.setattr(measured, "MEASURED", stored)
    booted, times = {"ms": 1500}, {"quick": 0.5, "long-cell": 7.4}
    measured.note(file, "03_b", booted, times, 65e6, {"cell": [1, 2]})
    measured.note(file, "02_a", booted, {"quick": 1.0}, 50e6, {})
    monkeypatch.setattr("sys.argv", ["measured", str(file), "--write"])
    measured.main()
    found = tomllib.loads(stored.read_text("utf-8"))
    assert found["03_b"] == {
        "seconds": 7.9,
        "megabytes": 65,
        "long": {"long-cell": 7},
        "differs": {"cell": REASON},
    }
    assert list(found) == ["02_a", "03_b"]
    assert "03_b" in capsys.readouterr().out
