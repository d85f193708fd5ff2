"""What *Gradients by Hand* teaches with: figures, labs, exercises, stored results.

It stands on ``dlcore``, the book's library, which knows nothing of it::

    from byhand import bind, check, claim, failing, hint, labs, plotting

======== ================================================================================
part     what it is for
======== ================================================================================
check    ``check("sigmoid", mine)`` answers an exercise, ``hint("sigmoid")`` helps,
         ``failing("sigmoid")`` gives the arguments of the case that failed,
         ``progress()`` says what is passed and open, ``forget_progress()`` forgets it
bind     ``bind(loss=losses[-1])`` names a value for the words of its page
claim    ``claim("he-wins", metrics.paired(small, he), "…")``: a sentence with its draws
labs     the interactive figures, ``interact`` and the predictions
plotting the book's plots
results  the slow results that the pages read
======== ================================================================================

Exercises and results need NumPy alone; what is drawn or moved needs ``pip install dlcore[book]``.
"""

import importlib

__all__ = [
    "ClaimError",
    "bind",
    "check",
    "claim",
    "failing",
    "forget_progress",
    "hint",
    "progress",
]

_HOMES = {
    "ClaimError": "claims",
    "bind": "words",
    "check": "exercises",
    "claim": "claims",
    "failing": "exercises",
    "forget_progress": "exercises",
    "hint": "exercises",
    "progress": "exercises",
}


def __getattr__(name):
    """Import what is asked for only then: not every part needs it."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"byhand.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'byhand' has no attribute {name!r}")
