"""Exercises that answer: ``check("sigmoid", my_function)``, ``hint``, ``failing``.

One file per chapter (``ch03.py``) declares its exercises. ``trial`` runs an answer beside the
reference, ``watch`` notes what overflows, ``diagnosis`` says in words how two results differ,
``causes`` finds the known mistake behind it, and ``checking`` reports. ``memory`` keeps what
was passed.
"""

from byhand.exercises.checking import check, failing, hint, progress
from byhand.exercises.memory import forget_progress

__all__ = ["check", "failing", "forget_progress", "hint", "progress"]
