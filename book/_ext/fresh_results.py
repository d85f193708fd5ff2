"""Refuse to publish numbers that the present code would not give.

A page shows stored results as they are. So the build stops when one is stale or missing: see
``benchmarks/freshness.py``.
"""

import sys
from pathlib import Path

from sphinx.errors import ExtensionError

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.freshness import StaleResult, require_fresh


def check(app, config):
    """Stop when a stored result is not fresh."""
    try:
        require_fresh(Path(app.srcdir))
    except StaleResult as error:
        raise ExtensionError(f"fresh_results: {error}") from None


def setup(app):
    """Connect to Sphinx, before caches of earlier states are deleted."""
    app.connect("config-inited", check, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
