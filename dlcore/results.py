"""Moved to ``byhand.results``."""

raise ImportError("dlcore.results is now byhand.results; write: from byhand import results")
