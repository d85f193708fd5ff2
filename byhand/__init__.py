"""What *Gradients by Hand* teaches with: figures, labs, exercises, stored results.

It stands on ``dlcore``, the book's library, which knows nothing of it::

    from byhand import check, hint, labs, plotting

====== ==================================================================================
part   what it is for
====== ==================================================================================
check  ``check("sigmoid", mine)`` answers an exercise, ``hint("sigmoid")`` helps
claim  ``claim("he-beats-small", metrics.paired(he, small), "…")``: a sentence with its draws
labs   the interactive figures, ``interact`` and the predictions
plotting  the book's plots
results   the slow results that the pages read
====== ==================================================================================

Exercises and results need NumPy alone; what is drawn or moved needs ``pip install dlcore[book]``.
"""

import importlib

__all__ = ["ClaimError", "check", "claim", "hint"]

_HOMES = {"ClaimError": "claims", "claim": "claims", "check": "exercises", "hint": "exercises"}


def __getattr__(name):
    """Import what is asked for only then: not every part needs it."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"byhand.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'byhand' has no attribute {name!r}")
