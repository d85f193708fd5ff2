"""Moved to ``byhand.labs``."""

raise ImportError("dlcore.labs is now byhand.labs; write: from byhand import labs")
