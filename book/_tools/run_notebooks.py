"""Run the notebooks in place and store their text outputs: ``python book/_tools/run_notebooks.py``.

nbval compares the stored outputs with fresh ones. Not stored are pictures, the HTML of cells that
nbval does not compare (a lab's is large), and whatever differs from run to run. Paths given on the
command line limit the run to those notebooks.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from quiet_kernels import run_unwatched  # noqa: E402


def run(path):
    """Run one notebook and write it back."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        coalesce_streams=True,  # how a stream is cut depends on the load
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": path.parent}},
    )
    client.execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            strip(output, not_compared="nbval-ignore-output" in cell.metadata.get("tags", []))
    # The version of Python is the reader's own.
    notebook.metadata.get("language_info", {}).pop("version", None)
    nbformat.write(notebook, path)


def strip(output, not_compared):
    """Drop the parts of an output that are not stored."""
    data = output.get("data", {})
    for kind in ("image/png", "image/svg+xml"):
        data.pop(kind, None)
        output.get("metadata", {}).pop(kind, None)
    if not_compared:
        data.pop("text/html", None)


def main():
    """Run the given notebooks, or all."""
    run_unwatched(ROOT / "_build" / "ipython_build")
    paths = [Path(name).resolve() for name in sys.argv[1:]]
    others = [ROOT / "book" / name for name in ("errata.ipynb", "own_data.ipynb")]
    for path in paths or [*sorted(ROOT.glob("chapters/*.ipynb")), *others]:
        print(path, flush=True)
        run(path)


if __name__ == "__main__":
    main()
