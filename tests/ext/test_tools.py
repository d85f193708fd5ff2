"""The small programs in book/_tools: run the notebooks, set up JupyterLab."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "book" / "_tools"

PLOT = """
from IPython.display import HTML, display
import matplotlib.pyplot as plt
print("text")
display(HTML("<b>kept</b>"))
_ = plt.plot([1, 2])
"""
SHOWN = """
from byhand import plotting
plt.plot([1, 2])
plotting.show("fig-a", f"Ends at {2}.", alt="A line.")
plt.plot([1, 2])
plotting.show("fig-b", "Sharp.", alt="Lines.", svg=True)
"""
LAB = 'display(HTML("<figure>large</figure>"))'
EDIT = """
from pathlib import Path
import sys
sys.path.insert(0, ".")
Path("library.py").write_text("def answer():\\n    return 'old'\\n")
"""


def run(*arguments, **options):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def notebook(small_book):
    """Return a function that writes a notebook and gives its path."""
    book = small_book()

    def write(*cells):
        book.write_notebook("chapters/05_tried.ipynb", *cells)
        return book.root / "chapters/05_tried.ipynb"

    return write


def test_notebooks_keep_text_and_lose_pictures_and_the_html_of_labs(notebook):
    path = notebook(PLOT, (LAB, {"tags": ["nbval-ignore-output"]}, []))
    run(TOOLS / "run_notebooks.py", path)
    first = path.read_text()
    _, plot, lab = nbformat.read(path, as_version=4).cells
    stream, html, picture = plot.outputs
    assert stream.text == "text\n"
    assert html.data["text/html"] == "<b>kept</b>"
    assert list(picture.data) == ["text/plain"]
    assert list(lab.outputs[0].data) == ["text/plain"]
    run(TOOLS / "run_notebooks.py", path)
    assert path.read_text() == first


def test_captions_and_alternative_texts_are_stored_and_compared(notebook):
    path = notebook(PLOT, SHOWN)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run(TOOLS / "run_notebooks.py", path, env=environment)
    outputs = nbformat.read(path, as_version=4).cells[-1].outputs
    assert [output.data for output in outputs] == [
        {"text/plain": "A line."},
        {"text/markdown": "Ends at 2."},
        {"text/plain": "Lines."},
        {"text/markdown": "Sharp."},
    ]
    assert outputs[0].metadata == {"byhand": {"figure": "fig-a"}}
    stored = path.read_text()
    compare = ["-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", path]
    shutil.copy(ROOT / "conftest.py", path.parent)
    run(*compare, env=environment)
    path.write_text(stored.replace('"Ends at 2."', '"Ends at 3."'))
    with pytest.raises(AssertionError):
        run(*compare, env=environment)


def test_a_kernel_of_make_lab_uses_edited_code_at_once(notebook, tmp_path):
    config = json.loads(
        run("-m", "jupyterlab", f"--config={TOOLS / 'lab_config.py'}", "--show-config-json")
    )
    assert config["LabApp"]["news_url"] is None
    assert config["LabApp"]["extension_manager"] == "readonly"
    assert config.get("ServerApp", {}).get("allow_root", False) == (os.geteuid() == 0)
    edit = EDIT.replace("'old'", "'new, and long enough to change the size'")
    path = notebook(
        EDIT, "import library\nprint(library.answer())", edit, "print(library.answer())"
    )
    environment = os.environ | {"IPYTHONDIR": str(ROOT / "_build" / "ipython")}
    run("-m", "nbconvert", "--to=notebook", "--execute", "--inplace", path, env=environment)
    cells = nbformat.read(path, as_version=4).cells
    assert cells[2].outputs[0].text == "old\n"
    assert cells[4].outputs[0].text == "new, and long enough to change the size\n"
