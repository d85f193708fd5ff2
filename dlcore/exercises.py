"""Moved to ``byhand.exercises``."""

raise ImportError("dlcore.exercises is now byhand.exercises; write: from byhand import check, hint")
