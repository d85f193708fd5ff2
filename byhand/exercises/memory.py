"""What a reader has passed, and how many hints were shown: one small file, on this machine only.

It lies in the user's data folder, or in the folder that ``BYHAND_DATA`` names; where that is empty,
in CI and while the book is built, nothing is read or written. A file that is broken or cannot be
written never disturbs an exercise: then the progress of this session is kept in memory.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

FILE = "progress.json"
_here = {"passed": [], "hints": {}}  # of this session


def passed():
    """Return the names of the exercises that were passed, in this order."""
    return list(_now()["passed"])


def note_passed(name):
    """Remember that an exercise was passed.

    Parameters
    ----------
    name : str
    """
    now = _now()
    if name not in now["passed"]:
        now["passed"].append(name)
        _keep(now)


def next_hint(name, count):
    """Return the number of the next hint of an exercise, and remember that it was shown.

    Parameters
    ----------
    name : str
    count : int
        How many hints there are; the last one comes again.

    Returns
    -------
    int
        From 1.
    """
    now = _now()
    number = min(now["hints"].get(name, 0) + 1, count)
    if now["hints"].get(name) != number:
        now["hints"][name] = number
        _keep(now)
    return number


def forget_progress():
    """Forget which exercises were passed and which hints were shown; the file is deleted."""
    _here.update(passed=[], hints={})
    with contextlib.suppress(OSError):
        if path := _path():
            path.unlink(missing_ok=True)
    print("Forgotten: all exercises are open again.")


def _now():
    """Return what is stored and what this session knows, as far as it makes sense."""
    stored = {}
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if path := _path():
            stored = json.loads(path.read_text(encoding="utf-8"))
    stored = stored if isinstance(stored, dict) else {}
    names, hints = stored.get("passed"), stored.get("hints")
    names = names if isinstance(names, list) else []
    hints = hints if isinstance(hints, dict) else {}
    return {
        "passed": list(dict.fromkeys(n for n in [*names, *_here["passed"]] if isinstance(n, str))),
        "hints": {n: k for n, k in {**hints, **_here["hints"]}.items() if _is_count(k)},
    }


def _is_count(value):
    return type(value) is int and value > 0


def _keep(now):
    """Write the file anew, whole or not at all."""
    _here.update(now)
    with contextlib.suppress(OSError):
        if path := _path():
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f"{FILE}.{os.getpid()}")
            new.write_text(json.dumps(now, indent=1), encoding="utf-8")
            new.replace(path)


def _path():
    """Return where the file lies, or None where nothing is to be stored."""
    chosen = os.environ.get("BYHAND_DATA")
    if chosen is not None:
        return Path(chosen) / FILE if chosen else None
    built = os.environ.get("CI") or os.environ.get("DLCORE_LABS") == "static"
    if built or sys.platform in ("emscripten", "wasi"):
        return None
    with contextlib.suppress(RuntimeError):  # a user without a home
        return _data_folder(Path.home()) / "gradients-by-hand" / FILE
    return None


def _data_folder(home):
    """Return the user's folder for data, by the convention of the platform."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
