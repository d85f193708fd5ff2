"""What *Gradients by Hand* teaches with: figures, labs, exercises, stored results.

It stands on ``dlcore``, the book's library, which knows nothing of it::

    from byhand import check, hint, labs, plotting

====== ==================================================================================
part   what it is for
====== ==================================================================================
check  ``check("sigmoid", mine)`` answers an exercise, ``hint("sigmoid")`` helps
bind   ``bind(loss=losses[-1])`` names a value for the words of its page
labs   the interactive figures, ``interact`` and the predictions
plotting  the book's plots
results   the slow results that the pages read
====== ==================================================================================

Exercises and results need NumPy alone; what is drawn or moved needs ``pip install dlcore[book]``.
"""

import importlib

__all__ = ["bind", "check", "hint"]

_MODULES = {"bind": "byhand.words", "check": "byhand.exercises", "hint": "byhand.exercises"}


def __getattr__(name):
    """Import a function when it is asked for: not every part needs all."""
    if name in _MODULES:
        return getattr(importlib.import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'byhand' has no attribute {name!r}")
