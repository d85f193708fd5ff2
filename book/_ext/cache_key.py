"""Run the notebooks again when the code or the results that they read change.

jupyter-cache looks at a notebook's own cells only. So its folder's name is a hash of everything
else: the library, the labs' posters, the pinned packages, the stored results and their recipes.
The folder's name is also a setting of myst-nb that makes Sphinx read every page again when it
changes.
"""

import hashlib
import shutil
from pathlib import Path

PATTERNS = (
    "dlcore/**/*.py",
    "byhand/**/*.py",
    "byhand/**/*.toml",
    "byhand/labs/static/*.svg",
    "requirements.txt",
    "benchmarks/recipes/*.py",
    "results/*.json",
)


def digest(root):
    """Return a hash of the names and contents of all files that a notebook's outputs rest on."""
    total = hashlib.sha256()
    for path in sorted(p for pattern in PATTERNS for p in Path(root).glob(pattern)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return total.hexdigest()[:16]


def set_cache_path(app, config):
    """Point myst-nb to this state's cache and delete the caches of earlier states."""
    caches = Path(app.outdir).parent / "jupyter_cache"
    current = caches / digest(app.srcdir)
    for other in caches.glob("*"):
        if other != current:
            shutil.rmtree(other)
    config.nb_execution_cache_path = str(current)


def setup(app):
    """Connect to Sphinx."""
    app.connect("config-inited", set_cache_path)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
