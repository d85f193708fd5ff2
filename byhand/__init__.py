"""What *Gradients by Hand* teaches with: figures, labs, exercises, stored results.

It stands on ``dlcore``, the book's library, which knows nothing of it::

    from byhand import check, hint, labs, plotting

======== ==================================================================================
part     what it is for
======== ==================================================================================
check    ``check("sigmoid", mine)`` answers an exercise, ``hint("sigmoid")`` helps
labs     the interactive figures, ``interact`` and the predictions
plotting the book's plots
results  the slow results that the pages read
======== ==================================================================================

Exercises and results need NumPy alone; what is drawn or moved needs ``pip install dlcore[book]``.
"""

__all__ = ["check", "hint"]


def __getattr__(name):
    """Import ``check`` and ``hint`` when they are asked for: not every part needs them."""
    if name in __all__:
        from byhand import exercises

        return getattr(exercises, name)
    raise AttributeError(f"module 'byhand' has no attribute {name!r}")
