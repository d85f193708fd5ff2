"""What every run of the tests shares: its settings, and cells of notebooks that run twice."""

import os
import re

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

# NumPy is not imported yet; the workers and the notebooks' kernels inherit both. Small nets train
# faster on one BLAS thread, the more so where several run at once. A slow machine would show
# progress bars that a fast one does not.
# Nothing of a reader's progress is read or written.
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1", "BYHAND_DATA": ""}

# A number below 1e-8 is rounding, and another processor rounds otherwise: nbval compares the rest.
HINT = re.compile(r"^hint\(", re.MULTILINE)  # gives another hint each time
ROUNDING = {r"\d(\.\d+)?e-(0[89]|[1-9]\d)": "rounding"}


def pytest_collectstart(collector):
    """Tell nbval what not to compare."""
    if isinstance(collector, IPyNbFile):
        collector.sanitize_patterns |= ROUNDING
        collector.skip_compare += ("image/svg+xml",)  # as it does with image/png: not stored


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Run a cell again, as a reader does who presses Shift-Enter twice.

    nbval has compared the first run with the stored outputs. The second must pass the same.
    """
    result = yield
    if isinstance(item, IPyNbCell) and not HINT.search(item.cell.source):
        try:
            item.runtest()
        except NbCellError as error:
            error.args = (f"{error} when it runs again (id {item.cell.id})",)
            raise
    return result
