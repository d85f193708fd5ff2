"""Every verdict in the browser equals the native one, word for word.

Left out are the size of a right answer's rounding error, and the numbers that a trained network has
reached: another processor's rounding changes both.
"""

import json
import re

import pytest

from byhand.exercises.checking import exercises_by_chapter
from tests.live import compare, verdicts
from tests.live.compare import ROOT

VARIANTS = ROOT / "tests" / "byhand" / "exercises" / "variants"
EXERCISES = exercises_by_chapter()
TRAINED = {name for table in EXERCISES.values() for name, each in table.items() if each.goals}
NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]\d+)?")
ERROR = re.compile(r"; (largest error \S+|no rounding error at all)\.$")
ZERO = re.compile(r"0\.0*e\+00")  # beside numbers that are rounding
WRITE = "from pathlib import Path\nPath({path!r}).write_text({text!r});"
ASK = "import json, verdicts\nprint(json.dumps(verdicts.verdicts({chapter!r}, {path!r})))"


@pytest.fixture(scope="module")
def asking(engine):
    """Return the engine, with the file that asks for verdicts."""
    text = (ROOT / "tests" / "live" / "verdicts.py").read_text("utf-8")
    write = WRITE.format(path="/tmp/asking/verdicts.py", text=text)
    assert engine.run(f"import os, sys\nos.mkdir('/tmp/asking')\n{write}")["ok"]
    assert engine.run("sys.path.append('/tmp/asking')")["ok"]
    return engine


@pytest.mark.parametrize("chapter", EXERCISES)
def test_no_verdict_differs(asking, chapter):
    file = VARIANTS / f"ch{chapter}.py"
    path = f"/tmp/asking/{file.name}"
    assert asking.run(WRITE.format(path=path, text=file.read_text("utf-8")))["ok"]
    result = asking.run(ASK.format(chapter=chapter, path=path))
    assert result["ok"], result["outputs"]
    here = said(json.loads(result["out"]))
    native = said(verdicts.verdicts(chapter, file))
    assert {told: (here[told], native[told]) for told in native if here[told] != native[told]} == {}
    assert len(here) == len(native) > 0


def said(found):
    """Return status and text of each verdict, without what rounding decides."""
    return {
        told: (status, _without_rounding(told.partition(":")[0], " ".join(text.split())))
        for told, (status, text) in found.items()
    }


def _without_rounding(name, text):
    if name in TRAINED:
        return NUMBER.sub("a number", text)
    return ZERO.sub("rounding", compare.rounded(ERROR.sub("", text)))
