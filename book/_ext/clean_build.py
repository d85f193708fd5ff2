"""Forget a build that had warnings.

Sphinx keeps what it has read, so a page that warned once is silent in the next build, and ``-W``
would pass then. Without its environment the next build reads every page again.
"""

from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME


def forget(app, exception):
    """Delete the stored environment when something was wrong."""
    if exception or app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app):
    """Connect to Sphinx."""
    app.connect("build-finished", forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
