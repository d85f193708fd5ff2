"""Moved to ``byhand.plotting``."""

raise ImportError("dlcore.plotting is now byhand.plotting; write: from byhand import plotting")
