"""The learning-rate lab in JupyterLab: Python answers for a value that no page holds."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

import dlcore.labs
from dlcore.labs.lab import BUILD, bundle_is_built
from tests.require import require

pytestmark = pytest.mark.browser

CHAPTER = Path(__file__).parents[2] / "chapters" / "03_logistic_regression.ipynb"
RATE = 1.234  # between two stops of the slider


@pytest.fixture
def notebooks(tmp_path):
    """Return a folder with chapter 03, and with a notebook that only shows the lab."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cell = nbformat.v4.new_code_cell("import dlcore.labs\ndlcore.labs.learning_rate()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "lab.ipynb")
    if CHAPTER.exists():
        shutil.copy(CHAPTER, folder / "chapter.ipynb")
    return folder


@pytest.fixture
def jupyterlab(notebooks, tmp_path):
    """Start JupyterLab on a free port, with its settings in a folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "DLCORE"))}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR"):
        environment[name] = str(tmp_path / name.lower())
    environment |= {"JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "workspaces")}
    environment |= {"IPYTHONDIR": str(tmp_path / "ipython")}
    options = {
        "--ServerApp.port": port,
        "--ServerApp.root_dir": notebooks,
        "--IdentityProvider.token": "",
        "--ServerApp.open_browser": False,
        "--LabApp.news_url": "None",
        "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    log = (tmp_path / "jupyterlab.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        + [f"{name}={value}" for name, value in options.items()],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if server.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        assert server.poll() is None, Path(log.name).read_text()
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def enter(field, number):
    """Type a number as a reader does, so that the browser knows it was edited."""
    field.focus()
    field.press("ControlOrMeta+a")
    field.press_sequentially(str(number))
    field.press("Enter")


@pytest.mark.parametrize("notebook", ["lab.ipynb", "chapter.ipynb"])
def test_a_value_outside_the_grid_is_computed_by_python(open_page, jupyterlab, notebooks, notebook):
    require("the labs' bundle", bundle_is_built(), BUILD)
    require("chapter 03", (notebooks / notebook).exists(), "write it")
    lab = dlcore.labs.learning_rate()
    page = open_page()
    page.goto(f"{jupyterlab}/lab/tree/{notebook}?reset")
    page.get_by_text("| Idle").wait_for(timeout=60_000)  # the kernel is there
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    figure = page.locator("figure.lab[data-lab=learning-rate]")
    figure.wait_for(timeout=120_000)
    summary = figure.locator(".lab-summary")

    assert summary.text_content() == lab.text()
    assert "?" not in page.url  # JupyterLab's address is not the lab's

    field = figure.get_by_label(re.compile("^any value"))
    assert field.count() == 1
    enter(field, RATE)
    expected = f"Learning rate α: {RATE}. {lab.text(rate=RATE)}"
    page.wait_for_function(
        "([summary, text]) => summary.textContent === text",
        arg=[summary.element_handle(), expected],
        timeout=20_000,
    )
    enter(field, -1)
    page.get_by_text("rate is -1, expected a number from 0.0001 to 1000").wait_for()
    assert page.foreign == []
