"""The table of the labs' milliseconds, and when the benchmark fails."""

from contextlib import nullcontext

import pytest

from benchmarks import labs

ROWS = [("ewa", "Decay β", 12.4), ("ewa", "Reset", labs.BUDGET + 1.0)]


@pytest.fixture
def measured(monkeypatch):
    """Pretend that a book of one page was measured; return the rows, to change them."""
    rows = list(ROWS)
    monkeypatch.setattr(labs, "find_chromium", lambda: "chromium")
    monkeypatch.setattr(labs, "holding", lambda text: ["chapters/01_ewa"])
    monkeypatch.setattr(labs, "launched", nullcontext)
    monkeypatch.setattr(labs, "new_tab", lambda browser: None)
    monkeypatch.setattr(labs, "measure", lambda page, address, rounds: rows)
    return rows


def test_the_table_marks_what_is_over_the_budget():
    first, *lines = labs.table(ROWS).splitlines()
    assert first.split() == ["lab", "control", "median"]
    assert lines[0].split() == ["ewa", "Decay", "β", "12", "ms"]
    assert lines[1].split() == ["ewa", "Reset", "101", "ms", "over", "the", "budget"]


def test_a_median_over_the_budget_fails_the_benchmark(measured, capsys):
    with pytest.raises(SystemExit) as stopped:
        labs.main(rounds=3)
    assert stopped.value.code == 1
    assert "over the budget: 1 of 2 controls" in capsys.readouterr().out
    measured.pop()
    labs.main(rounds=3)
    assert "over the budget: 0 of 1 controls" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("missing", "hint"),
    [("find_chromium", "apt-get install chromium-headless-shell"), ("holding", "make book")],
)
def test_what_is_missing_is_named(measured, monkeypatch, missing, hint):
    monkeypatch.setattr(labs, missing, lambda *_: None)
    with pytest.raises(SystemExit, match=hint):
        labs.main(rounds=3)
