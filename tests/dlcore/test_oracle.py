"""dlcore against PyTorch; without it, the ledger gets the errors of the last ``make results``."""

import pytest

from benchmarks.recipes import oracle
from byhand import results
from tests.require import require

try:
    import torch
except ImportError:
    torch = None

VERSION = oracle.SETTINGS["torch"]
GROUPS = [
    pytest.param(labels, id=labels[0], marks=pytest.mark.ledger(*labels))
    for labels in oracle.COMPARISONS
]


def against(version, labels):
    """Return ``PyTorch: 2.13.0``, and how many geometries a line of labels goes through."""
    geometries = f", {oracle.GRIDS[labels]} geometries" if labels in oracle.GRIDS else ""
    return f"PyTorch: {version}{geometries}"


@pytest.mark.oracle
@pytest.mark.parametrize("labels", GROUPS)
def test_dlcore_agrees_with_pytorch(labels, ledger):
    if torch is None:
        record = results.load("oracle")
        for label in labels:
            error, oracles = record["values"][label], against(record["versions"]["torch"], labels)
            ledger(oracles, error, oracle.TOLERANCE, label=label, recorded=True)
    require("PyTorch", torch is not None, f"pip install torch=={VERSION}")
    seeds = oracle.seeds_of(labels, oracle.SETTINGS["seeds"])
    oracles = against(torch.__version__.split("+")[0], labels)
    for label, error in oracle.worst_errors(labels, seeds).items():
        ledger(oracles, error, oracle.TOLERANCE, label=label)


def test_the_grids_are_as_large_as_the_ledger_says():
    assert min(oracle.GRIDS.values()) >= 300
    assert oracle.GRIDS.keys() <= oracle.COMPARISONS.keys()


def test_the_recorded_errors_pass_too():
    record = results.load("oracle")
    labels = {label for labels in oracle.COMPARISONS for label in labels}
    assert record["values"].keys() == labels
    assert max(record["values"].values()) <= oracle.TOLERANCE
    assert record["versions"]["torch"] == VERSION


def test_the_record_is_computed_with_one_version_of_pytorch():
    require("PyTorch", torch is not None, f"pip install torch=={VERSION}")
    installed = torch.__version__.split("+")[0]
    draws = oracle.draws({"torch": installed, "seeds": 1})
    errors = oracle.collect({}, {key: oracle.draw(**draws[key]) for key in draws})
    assert errors.keys() == results.load("oracle")["values"].keys()
    assert all(error in [float(f"1e-{n}") for n in range(12, 16)] for error in errors.values())
    with pytest.raises(RuntimeError, match=rf"^oracle: needs torch 1.0, found {installed}"):
        oracle.draw(["eq-relu", "eq-relu-derivative"], version="1.0", seeds=1)
