"""Cells of notebooks can run again and in any order: their numbers stay the same."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from symtable import symtable

import nbformat
import numpy as np  # noqa: F401  (its BLAS is asked for its threads)
import pytest
import threadpoolctl
from nbformat import v4
from tqdm import tqdm

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from folds import kind  # noqa: E402

NOTEBOOKS = sorted([*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("book/*.ipynb")])


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def draws_from_another_cell(source):
    """Tell whether code uses a generator ``rng`` that it neither makes nor is passed."""
    cell = symtable(source, "a cell", "exec")
    waiting, used, made = [cell], False, False
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        if "rng" in scope.get_identifiers():
            name = scope.lookup("rng")
            used |= name.is_referenced() and (scope is cell or name.is_global())
            made |= name.is_assigned() and scope is cell
    return used and not made


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_that_draws_makes_its_own_generator(path):
    cells = code_cells(path)
    assert len(cells) > 10
    assert [cell.id for cell in cells if draws_from_another_cell(cell.source)] == []


@pytest.mark.parametrize(
    ("source", "borrowed"),
    [
        ("x = rng.random()", True),
        ("def draw():\n    return rng.random()", True),
        ("x = [rng.random() for _ in range(3)]", True),
        ("rng = np.random.default_rng(0)\nx = [rng.random() for _ in range(3)]", False),
        ("def draw(rng):\n    return [rng.random() for _ in range(3)]", False),
        ("x = train(net, rng=None)", False),
    ],
)
def test_a_borrowed_generator_is_found(source, borrowed):
    assert draws_from_another_cell(source) == borrowed


def not_for_readers(source):
    """Return what stands in code for the sake of a tool, and not of a reader."""
    return re.findall(r"^ *_ = .*|# *(?:fmt|ruff):.*|# *(?:noqa|type:).*", source, re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_code_is_written_for_readers(path):
    found = {cell.id: not_for_readers(cell.source) for cell in code_cells(path)}
    assert {name: lines for name, lines in found.items() if lines} == {}, (
        "let the last line return None, such as plotting.show(...), and let ruff have its way"
    )


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("_ = plotting.curves(axis, costs)", 1),
        ("if shown:\n    _ = labs.interact(draw, x=1)", 1),
        ("f = lambda x: x  # noqa: E731", 1),
        ("a = [\n 1, 2,\n]  # fmt: skip", 1),
        ("_, axis = plt.subplots()\nx_ = 1\nfor _ in x: print('_')", 0),
    ],
)
def test_what_is_not_for_readers_is_found(source, count):
    assert len(not_for_readers(source)) == count


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_that_import_draw_or_claim_are_folded_and_no_others(path):
    cells = code_cells(path)
    folded = {cell.id for cell in cells if "hide-input" in cell.metadata.get("tags", [])}
    assert folded == {cell.id for cell in cells if kind(cell.source)}


COUNT = "runs = globals().get('runs', 0) + 1"


def write_notebook(path, cells):
    """Write a notebook of code cells: id to source, stored text, tags."""
    kernel = {"name": "python3", "display_name": "Python 3"}
    notebook = v4.new_notebook(metadata={"kernelspec": kernel})
    for name, (source, text, tags) in cells.items():
        outputs = [v4.new_output("stream", text=text)] if text else []
        cell = v4.new_code_cell(source, id=name, execution_count=1, outputs=outputs)
        cell.metadata.tags = tags
        notebook.cells.append(cell)
    nbformat.write(notebook, path)


def test_a_cell_that_changes_when_it_runs_again_fails(tmp_path):
    cells = {
        "the-same": ("text = 'twice'\nprint(text)", "twice\n", []),
        "counts": (f"{COUNT}\nprint(runs)", "1\n", []),
        "fails": ("assert text == 'twice'\ntext = 'once'", "", []),
        "not-compared": (f"{COUNT}\nprint(runs)", "1\n", ["nbval-ignore-output"]),
        "raises": ("1 / 0", "", ["raises-exception", "nbval-ignore-output"]),
    }
    write_notebook(tmp_path / "tried.ipynb", cells)
    shutil.copy(ROOT / "conftest.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "--color=no", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "2 failed, 3 passed" in done.stdout
    assert "tried.ipynb::Cell 1" in done.stdout
    assert "Cell outputs differ when it runs again (id counts)" in done.stdout
    assert "Cell execution caused an exception when it runs again (id fails)" in done.stdout


def test_tests_run_on_one_thread_and_show_no_progress_bars():
    blas = threadpoolctl.ThreadpoolController().select(internal_api="openblas").info()
    assert {library["num_threads"] for library in blas} == {1}
    assert tqdm([]).disable
