"""Let the built book run itself: ``make live`` writes ``_build/html/live`` and the pages' scripts.

The engine comes from PyPI, by the hash in requirements-live.txt, and is never committed. Everything
is made beside the book and moved into it when it is whole; the pages come last, so a run that is
interrupted leaves a book that works. ``--remove`` takes it out again.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import live_packs
from live_cells import cells_of, science_is_imported

ROOT = Path(__file__).parents[2]
PINS = ROOT / "requirements-live.txt"
MEASURED = ROOT / "book" / "live.toml"
STATIC = ROOT / "byhand" / "live" / "static"
FORMAT = 1
MARK = "<!-- live -->"
TAGS = (
    f'{MARK}<link rel="stylesheet" href="../live/page.css">'
    '<script defer src="../live/page.js" id="live-script" data-live="../live/"></script>'
    f"{MARK}"
)
SHOWN = ("numpy", "matplotlib", "scipy", "scikit-learn")  # the versions that a reader is told


class Missing(SystemExit):
    """Something that has to be there first is not; the text says how it comes."""


def fetch_wheel(folder):
    """Return the engine's wheel; pip downloads it once, and compares its hash.

    Parameters
    ----------
    folder : Path
        Where it is kept.
    """
    wanted = re.search(r"sha256:([0-9a-f]{64})", PINS.read_text(encoding="utf-8"))[1]
    for wheel in folder.glob("*.whl"):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() == wanted:
            return wheel
        wheel.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    print("Downloading the engine, about 100 MB, once.", flush=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--requirement={PINS}"]
    if subprocess.run([*command, *options, f"--dest={folder}"], check=False).returncode:
        raise Missing(
            "live: the engine could not be downloaded, and without it no page runs itself. The "
            f"book works without it. Its name and its hash stand in {PINS.name}."
        )
    return next(folder.glob("*.whl"))


def write_live(html, wheel, folder):
    """Write all files of ``live/`` into a folder, and return the manifest.

    Parameters
    ----------
    html : Path
        The built book.
    wheel : Path
    folder : Path
        Is made anew.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if not all((STATIC / name).is_file() for name in ("page.js", "page.css", "worker.js")):
        raise Missing("live: the scripts are not bundled yet: npm ci && npm run build")
    for path in sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css")]):
        shutil.copy(path, folder)
    with zipfile.ZipFile(wheel) as opened:
        module = live_packs.stripped(opened.read(f"{live_packs.ARTIFACTS}python-snapshot.wasm"))
        packs = {"engine": _write_pack(folder, "engine", module)}
        library = live_packs.library(opened)
        library["science"] |= live_packs.photographs()
        for name, files in library.items():
            packs[name] = _write_pack(folder, name, live_packs.packed(files))
        _write_licenses(folder / "licenses", live_packs.licenses(opened))
        here = _versions_here(opened)
    packs["book"] = _write_pack(folder, "book", live_packs.packed(live_packs.book(ROOT)))
    manifest = {
        "format": FORMAT,
        "engine": "wasi",
        "versions": {"here": here, "page": _versions_of_the_page()},
        "packs": packs,
        "pages": _write_pages(html, folder, packs),
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return manifest


def move_in(new, html):
    """Put a finished folder in the place of the book's ``live/``."""
    live, old = html / "live", new.with_name("live-old")
    shutil.rmtree(old, ignore_errors=True)
    if live.exists():
        live.rename(old)
    new.rename(live)
    shutil.rmtree(old, ignore_errors=True)


def mark_pages(html, names):
    """Add the script to the pages with these names, and take it out of all others.

    Parameters
    ----------
    html : Path
    names : collection of str
        Such as ``chapters/03_logistic_regression``.
    """
    for path in sorted(html.glob("chapters/*.html")):
        page = path.read_text(encoding="utf-8")
        plain = re.sub(f"{MARK}.*?{MARK}", "", page)
        named = path.relative_to(html).with_suffix("").as_posix() in names
        marked = plain.replace("</head>", f"{TAGS}</head>", 1) if named else plain
        if marked != page:
            new = path.with_suffix(".html.new")
            new.write_text(marked, encoding="utf-8")
            shutil.copystat(path, new)  # so that a server's copies stay valid where nothing changed
            os.replace(new, path)


def _write_pack(folder, name, content):
    """Write a pack and return what the manifest says about it."""
    zipped = live_packs.zipped(content)
    digest = hashlib.sha256(zipped).hexdigest()
    file = f"{name}-{digest[:8]}.pack"  # no .gz: some servers would unpack it on the way
    (folder / file).write_bytes(zipped)
    return {"file": file, "size": len(zipped), "unpacked": len(content), "sha256": digest}


def _write_licenses(folder, texts):
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_bytes(text)


def _write_pages(html, folder, packs):
    """Write the cells of each chapter; return the pages of the manifest."""
    (folder / "cells").mkdir()
    measured = tomllib.loads(MEASURED.read_text(encoding="utf-8"))
    pages = {}
    for path in sorted((html / "chapters").glob("*.html")):
        notebook = json.loads((ROOT / "chapters" / f"{path.stem}.ipynb").read_text("utf-8"))
        of_page = measured.get(path.stem, {})
        text = json.dumps(cells_of(notebook, of_page), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        file = f"cells/{path.stem}-{digest[:8]}.json"
        (folder / file).write_text(text, encoding="utf-8")
        names = ["engine", "python", "book"]
        names += ["science"] if science_is_imported(notebook, live_packs.SCIENCE) else []
        pages[f"chapters/{path.stem}"] = {
            "packs": names,
            "size": sum(packs[name]["size"] for name in names),
            "memory": int(of_page.get("megabytes", 0) * 1e6),
            "seconds": of_page.get("seconds", 0),
            "cells": file,
        }
    return pages


def _versions_here(wheel):
    """Return the versions inside the engine."""
    lines = wheel.read(f"{live_packs.ARTIFACTS}MANIFEST").decode().splitlines()
    found = {"python": next(line.split()[1] for line in lines if line.startswith("python "))}
    for line in lines:
        kind, name, version, *_ = [*line.split(), "", ""]
        if kind == "package" and name in SHOWN:
            found[name] = version
    return found


def _versions_of_the_page():
    """Return the versions with which the book was built."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in SHOWN
    }


def main():
    """Write it, or take it out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--remove", action="store_true", help="take it out of the book again")
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html", help="the book")
    parser.add_argument("--fetch", action="store_true", help="only download the engine")
    options = parser.parse_args()
    html = options.html.resolve()
    if options.remove:
        mark_pages(html, set())
        shutil.rmtree(html / "live", ignore_errors=True)
        return
    wheels = ROOT / "_build" / "live-wheel"
    if options.fetch:
        fetch_wheel(wheels)
        return
    if not (html / "chapters").is_dir():
        raise Missing("live: there is no built book; make book comes first")
    new = html.parent / "live-new"
    manifest = write_live(html, fetch_wheel(wheels), new)
    move_in(new, html)
    mark_pages(html, manifest["pages"])
    sizes = [page["size"] / 1e6 for page in manifest["pages"].values()]
    print(
        f"{len(sizes)} pages run themselves, each after {min(sizes):.0f} to {max(sizes):.0f} MB: "
        "make serve"
    )


if __name__ == "__main__":
    main()
