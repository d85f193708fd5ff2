"""What the scans find stands on the lists of open findings, and nothing else does."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
import open_findings  # noqa: E402
from open_findings import Finding, Lists  # noqa: E402

SCANS = open_findings.scans()


@pytest.mark.parametrize("path", open_findings.chapters(), ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", SCANS)
def test_a_chapter_has_exactly_the_open_findings_on_its_list(path, kind):
    new, mended = Lists().compare(path, kind, SCANS[kind](path))
    assert [finding.message for finding in new] == [], "mend it; lists only shrink"
    assert mended == [], "mended: take it off with book/_tools/open_findings.py --shrink"


def test_every_list_belongs_to_a_chapter_and_every_kind_to_a_scan():
    names = {path.stem for path in open_findings.chapters()}
    for path in (ROOT / "book" / "open").glob("*.toml"):
        assert path.stem in names
        assert set(Lists().read(path)) <= set(SCANS)


A, B, C = (Finding(key, f"05: {key}") for key in ("in 7 of", 'the "best"', "98.7% …"))


@pytest.fixture
def lists(tmp_path):
    lists = Lists(tmp_path)
    lists.write("chapters/05_topic.ipynb", {})
    lists.start("numbers", {Path("05_topic.ipynb"): [A, B, B], Path("06_clean.ipynb"): [C]})
    return lists


def test_what_is_on_the_list_passes(lists):
    assert lists.compare("05_topic.ipynb", "numbers", [B, A, B]) == ([], [])


def test_a_new_finding_fails_and_so_does_one_more_of_a_kind(lists):
    assert lists.compare("05_topic.ipynb", "numbers", [A, B, B, C]) == ([C], [])
    assert lists.compare("05_topic.ipynb", "numbers", [A, B, B, B]) == ([B], [])


def test_a_mended_finding_fails_until_it_is_taken_off(lists):
    assert lists.compare("05_topic.ipynb", "numbers", [B]) == ([], [A.key, B.key])
    assert lists.shrink("05_topic.ipynb", "numbers", [B]) == [A.key, B.key]
    assert lists.read("05_topic.ipynb") == {"numbers": [B.key]}


def test_shrinking_never_adds(lists):
    before = lists.file("05_topic.ipynb").read_text()
    assert lists.shrink("05_topic.ipynb", "numbers", [A, B, B, C]) == []
    assert lists.file("05_topic.ipynb").read_text() == before


def test_a_chapter_without_a_list_must_be_clean(lists):
    assert lists.read("06_clean.ipynb") == {}
    assert lists.compare("06_clean.ipynb", "numbers", [C]) == ([C], [])


def test_lists_of_a_kind_are_made_once(lists):
    lists.start("voice", {Path("05_topic.ipynb"): [C]})
    assert lists.read("05_topic.ipynb") == {"numbers": [A.key, B.key, B.key], "voice": [C.key]}
    lists.shrink("05_topic.ipynb", "voice", [])
    with pytest.raises(ValueError, match=r"'voice' is listed already, in 05_topic\.toml"):
        lists.start("voice", {Path("05_topic.ipynb"): [A]})


def test_a_scan_is_a_file_with_its_kind_in_its_name(tmp_path):
    (tmp_path / "scan_dots.py").write_text("def findings(path):\n    yield path\n")
    assert importlib.util.find_spec("scan_dots") is None
    assert list(open_findings.scans(tmp_path)["dots"]("here")) == ["here"]
    sys.path.remove(str(tmp_path))
