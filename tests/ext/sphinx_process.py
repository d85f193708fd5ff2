"""Sphinx in a process of its own, forked, where the system can, from one that has loaded it."""

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path

FORK = "forkserver" in multiprocessing.get_all_start_methods()
PROCESSES = multiprocessing.get_context("forkserver" if FORK else "spawn")
if FORK:
    PROCESSES.set_forkserver_preload(["tests.ext.warm_sphinx"])

CONF = """
extensions = ["myst_nb", "sphinx_external_toc"]
external_toc_path = "_toc.yml"
nb_execution_mode = "off"
"""


def build(arguments, log):
    """Run ``sphinx-build`` in a process.

    Parameters
    ----------
    arguments : list of str
    log : Path
        Where everything goes that it writes.

    Returns
    -------
    int
        Its exit status.
    """
    process = PROCESSES.Process(target=_build, args=(arguments, log))
    process.start()
    process.join(timeout=300)
    process.kill()
    process.join()
    return process.exitcode


def _build(arguments, log):
    os.environ["NO_COLOR"] = "1"
    with open(log, "wb", buffering=0) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(_sphinx()(arguments))


def _sphinx():
    # Jupyter's libraries would compile a grammar of internet addresses, which takes 1.5 seconds.
    sys.modules["rfc3987_syntax"] = None
    from sphinx.cmd.build import main

    return main


def warm_up():
    """Build an empty book here, which loads what a build needs."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "conf.py").write_text(CONF, "utf8")
        (root / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf8")
        (root / "index.md").write_text("# A book\n\n```python\n1\n```\n", "utf8")
        _sphinx()(["-Q", "-b", "html", folder, str(root / "out")])
