"""In JupyterLab Python answers for a value that no page holds, and figures have captions."""

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

import byhand.labs
from byhand.labs.lab import BUILD, bundle_is_built
from tests.require import require

pytestmark = pytest.mark.browser

SOURCES = {
    "learning_rate": "import byhand.labs\nbyhand.labs.learning_rate()",
    "hidden_units": "import byhand.labs\nbyhand.labs.hidden_units()",
    "init": "import byhand.labs\nbyhand.labs.init()",
    "bound": "from byhand import bind\nprint('before')\nbind(wins=1234567)\nprint('behind')",
    "figures": """import matplotlib.pyplot as plt
from byhand import plotting
for svg in (False, True):
    plt.plot([3, 2])
    caption = f"It falls to ${2 - svg}$, *sharply*, by {{eq}}`eq-a`."
    plotting.show(f"fig-{'ab'[svg]}", caption, alt="A line.", svg=svg)
""",
}
LINK = '<a href="?learning-rate.rate=5&amp;learning-rate.iteration=60#lab-learning-rate">five</a>'
CHAPTER = Path(__file__).parents[2] / "chapters" / "03_logistic_regression.ipynb"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """Return a folder with chapter 03, and with notebooks of one cell."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, source in SOURCES.items():
        text, cell = nbformat.v4.new_markdown_cell(LINK), nbformat.v4.new_code_cell(source)
        notebook = nbformat.v4.new_notebook(cells=[text, cell])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{name}.ipynb")
    if CHAPTER.exists():
        shutil.copy(CHAPTER, folder)
    return folder


@pytest.fixture(scope="module")
def jupyterlab(notebooks, tmp_path_factory):
    """Start JupyterLab on a free port, with its settings in a folder of its own."""
    tmp_path = tmp_path_factory.mktemp("jupyter")
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
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:  # as it may once a kernel was restarted
            server.kill()
            server.wait(timeout=30)
        log.close()


def enter(field, number):
    """Type a number as a reader does, so that the browser knows it was edited."""
    field.focus()
    field.press("ControlOrMeta+a")
    field.press_sequentially(str(number))
    field.press("Enter")


def run_all(page, address):
    """Open a notebook and run all of its cells."""
    page.goto(address)
    page.get_by_text("| Idle").wait_for(timeout=60_000)  # the kernel is there
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.mark.parametrize(
    ("notebook", "factory", "setting", "value", "wrong", "message"),
    [
        (
            CHAPTER.stem,
            byhand.labs.learning_rate,
            "rate",
            1.234,  # between two stops of the slider
            -1,
            "rate is -1, expected a number from 0.0001 to 1000",
        ),
        (
            "learning_rate",
            byhand.labs.learning_rate,
            "rate",
            1.234,
            -1,
            "rate is -1, expected a number from 0.0001 to 1000",
        ),
        (
            "hidden_units",
            byhand.labs.hidden_units,
            "units",
            30,
            2.5,
            "units is 2.5, expected a whole number from 1 to 200",
        ),
        (
            "init",
            byhand.labs.init,
            "gain",
            0.123,  # which the browser trains
            1000,
            "gain is 1000, expected a number from 0.01 to 100",
        ),
    ],
    ids=["chapter", "learning-rate", "hidden-units", "init"],
)
def test_python_answers_for_a_value_that_no_page_holds(
    open_page, jupyterlab, notebooks, notebook, factory, setting, value, wrong, message
):
    require("the labs' bundle", bundle_is_built(), BUILD)
    assert (notebooks / f"{notebook}.ipynb").exists()
    lab = factory()
    page = open_page()
    run_all(page, f"{jupyterlab}/lab/tree/{notebook}.ipynb?reset")
    figure = page.locator(f"figure.lab[data-lab={lab.name}]:not([data-busy])")
    figure.wait_for(timeout=120_000)
    summary = figure.locator(".lab-summary")
    assert summary.text_content() == lab.text()
    assert "?" not in page.url  # JupyterLab's address is not the lab's

    start = figure.locator(".lab-panels").inner_html()
    field = figure.get_by_label(re.compile("^any value")).first
    assert field.is_visible()
    enter(field, value)
    label = next(control.label for control in lab.controls if control.name == setting)
    page.wait_for_function(
        "([summary, text]) => summary.textContent === text",
        arg=[summary.element_handle(), f"{label}: {value}. {lab.text(**{setting: value})}"],
        timeout=20_000,
    )
    assert figure.locator(".lab-panels").inner_html() != start
    enter(field, wrong)
    page.get_by_text(message).wait_for()
    assert page.foreign == []


def test_a_link_in_a_notebook_moves_the_lab(open_page, jupyterlab):
    require("the labs' bundle", bundle_is_built(), BUILD)
    page = open_page()
    run_all(page, f"{jupyterlab}/lab/tree/learning_rate.ipynb?reset")
    figure = page.locator("figure.lab:not([data-busy])")
    figure.wait_for(timeout=120_000)
    page.get_by_role("link", name="five").click()
    said = byhand.labs.learning_rate().text(rate=5.0, iteration=60)
    assert figure.locator(".lab-summary").inner_text() == said
    assert page.locator(".lm-TabBar-tab").get_by_text("learning_rate.ipynb").count() == 1
    assert page.locator("dialog, .jp-Dialog").count() == 0  # no file of that name was looked for


END_KERNELS = """async () => {
  const [, token] = document.cookie.match(/_xsrf=([^;]*)/);
  for (const {id} of await (await fetch('/api/kernels')).json())
    await fetch(`/api/kernels/${id}`, {method: 'DELETE', headers: {'X-XSRFToken': token}});
}"""


def test_a_lab_whose_kernel_has_gone_says_so_and_leaves_its_poster(
    open_page, jupyterlab, notebooks
):
    require("the labs' bundle", bundle_is_built(), BUILD)
    page = open_page()
    run_all(page, f"{jupyterlab}/lab/tree/learning_rate.ipynb?reset")
    figure, poster = page.locator("figure.lab:not([data-busy])"), page.locator("figure.lab-still")
    figure.wait_for(timeout=120_000)
    assert poster.count() == 1
    assert not poster.is_visible()
    page.keyboard.press("ControlOrMeta+s")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")

    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    enter(figure.get_by_label(re.compile("^any value")).first, 1.234)
    page.get_by_text("Python has stopped. Run this cell again").wait_for(timeout=60_000)

    page.goto(f"{jupyterlab}/lab/tree/learning_rate.ipynb?reset")
    poster.wait_for(timeout=60_000)
    assert "Run this cell to bring the figure to life." in poster.inner_text()
    assert page.locator("figure.lab").count() == 0
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.evaluate(END_KERNELS)  # the server may not come to it


def test_a_bound_value_is_not_shown(open_page, jupyterlab):
    page = open_page()
    run_all(page, f"{jupyterlab}/lab/tree/bound.ipynb?reset")
    outputs = page.locator(".jp-Cell-outputArea")
    outputs.get_by_text("behind").wait_for(timeout=60_000)
    assert outputs.inner_text().split() == ["before", "behind"]


def test_a_figure_stands_above_its_caption(open_page, jupyterlab):
    page = open_page()
    run_all(page, f"{jupyterlab}/lab/tree/figures.ipynb?reset")
    outputs = page.locator(".jp-OutputArea-output")
    outputs.nth(3).wait_for(timeout=60_000)
    assert outputs.count() == 4  # inline shows no figure again
    for picture, caption in ((0, 1), (2, 3)):
        assert outputs.nth(picture).locator("img").is_visible()
        text = outputs.nth(caption)
        assert text.locator("em").inner_text() == "sharply"
        text.locator(".katex, mjx-container").wait_for()
        assert "$" not in text.inner_text()
        above, below = (outputs.nth(place).bounding_box() for place in (picture, caption))
        assert above["y"] + above["height"] <= below["y"] + 1
