"""The list of published addresses, and the tool that looks them up in a built book."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_tools"))
import addresses  # noqa: E402

GAIN = {"kind": "slider", "name": "gain", "values": [0.1, 1.0, 10.0], "bounds": [0.01, 100.0]}
DEPTH = {"kind": "slider", "name": "depth", "values": [2, 5, 10], "bounds": None}
SCHEME = {"kind": "select", "name": "scheme", "values": ["zeros", "he"]}
OWN = {"kind": "formula", "name": "own", "value": "x^2 + y^2", "reads": "surface"}
CELLS = {"kind": "drawing", "name": "cells", "pattern": "[01]{4}", "value": "0110"}
PAGE = """<html><body><nav id="bar"></nav><article><section id="the-question"></section>
<span id="id7"></span><div id="equation-eq-x"></div>
<figure class="lab" id="lab-init"><script type="application/json">{}</script></figure>
</article></body></html>"""


@pytest.fixture
def html(tmp_path):
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "part.html").write_text("<p></p>")
    (tmp_path / "index.html").write_text("<p>go on</p>")
    spec = {"name": "init", "controls": [GAIN, DEPTH, SCHEME, CELLS, OWN]}
    page = PAGE.replace("{}", json.dumps(spec))
    (tmp_path / "chapters" / "10_init.html").write_text(page)
    return tmp_path


def test_pages_anchors_and_settings_of_labs_are_collected(html):
    found = [address.removeprefix("chapters/10_init.html") for address in addresses.collect(html)]
    assert found == [
        "",
        "#equation-eq-x",
        "#lab-init",
        "#the-question",
        "?init.cells=0110#lab-init",
        "?init.depth=10#lab-init",
        "?init.depth=2#lab-init",
        "?init.gain=0.1#lab-init",
        "?init.gain=10.0#lab-init",
        "?init.own=x%5E2%20%2B%20y%5E2#lab-init",
        "?init.scheme=he#lab-init",
        "?init.scheme=zeros#lab-init",
        "index.html",
    ]
    assert addresses.dead(html, addresses.collect(html)) == []


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("chapters/11_gone.html", "there is no such page"),
        ("chapters/10_init.html#the-answer", "nothing on the page has the id the-answer"),
        ("chapters/10_init.html#bar", "nothing on the page has the id bar"),
        ("chapters/10_init.html?init.width=4#lab-init", "no lab init with a control width"),
        ("chapters/10_init.html?race.gain=1#lab-init", "no lab race with a control gain"),
        ("chapters/10_init.html?init.gain=1000#lab-init", "gain of lab init can not be '1000'"),
        ("chapters/10_init.html?init.depth=11#lab-init", "depth of lab init can not be '11'"),
        ("chapters/10_init.html?init.depth=#lab-init", "depth of lab init can not be ''"),
        ("chapters/10_init.html?init.scheme=xavier", "scheme of lab init can not be 'xavier'"),
        ("chapters/10_init.html?init.cells=012#lab-init", "cells of lab init can not be '012'"),
        ("chapters/10_init.html?init.own=x%2B#lab-init", "own of lab init can not be 'x+'"),
    ],
)
def test_a_dead_address_is_named_with_what_to_do(html, address, message):
    (said,) = addresses.dead(html, ["index.html", address])
    assert said.startswith(address)
    assert message in said
    assert '<span id="OLD-ID"></span>' in said


def test_settings_between_the_stops_lead_somewhere(html):
    live = [
        "?init.gain=1.4&init.scheme=he#lab-init",
        "?init.depth=7",
        "?init.cells=1111",
        "?init.own=x",
    ]
    assert addresses.dead(html, [f"chapters/10_init.html{tail}" for tail in live]) == []


def test_the_tool_adds_and_never_takes_off(html, tmp_path, capsys):
    path = tmp_path / "addresses.txt"
    path.write_text("# A head.\nchapters/11_gone.html\n")
    addresses.main(["--html", str(html), "--list", str(path)])
    assert "13 addresses added" in capsys.readouterr().out
    listed = addresses.read_list(path)
    assert listed == sorted(["chapters/11_gone.html", *addresses.collect(html)])
    addresses.main(["--html", str(html), "--list", str(path)])
    assert "0 addresses added\nchapters/11_gone.html: there is no" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        addresses.main(["--html", str(tmp_path / "nowhere"), "--list", str(path)])


def test_the_books_list_holds_every_chapter_and_no_address_twice():
    listed = addresses.read_list()
    assert len(set(listed)) == len(listed) > 2000
    assert {f"chapters/{path.stem}.html" for path in ROOT.glob("chapters/*.ipynb")} <= set(listed)
