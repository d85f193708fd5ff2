"""Exercises that answer: ``check("sigmoid", my_function)`` and ``hint("sigmoid")``.

One file a chapter (``ch03.py``) declares its exercises. ``checking`` runs an answer beside the
reference, and ``diagnosis`` says in words how two results differ.
"""

from byhand.exercises.checking import check, hint

__all__ = ["check", "hint"]
