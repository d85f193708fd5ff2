"""Numbers in the words of a chapter that differ from what its cells computed fail the build.

``make test`` compares them with the stored outputs; here they are compared with those of the
build's own run. ``book/_tools/numbers_in_words.py`` says how words and values are tied.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.util import logging

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "_tools"))

import numbers_in_words

logger = logging.getLogger(__name__)


def executed(env):
    """Return the values that the cells of the page being read bound in this build."""
    path = Path(env.mystnb_config.output_folder) / f"{env.docname}.glue.json"
    names = NbMetadataCollector.get_doc_data(env)[env.docname].get("glue")
    if not names:
        return {}  # a file may be left from an earlier build
    kept = json.loads(path.read_text("utf8"))
    return {name: Fraction(kept[name]["data"]["text/plain"]) for name in names}


def check(app, doctree):
    """Warn about each number that says something else."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    for problem in numbers_in_words.problems(path, executed(app.env), Path(app.srcdir)):
        logger.warning(
            "stated_numbers: %s", problem, location=app.env.docname, type="stated_numbers"
        )


def setup(app):
    """Connect to Sphinx."""
    app.connect("doctree-read", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
