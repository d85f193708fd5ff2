"""Slow results, one module each: ``SETTINGS``, and ``compute(settings)``, which returns the values.

What decides a value lives in the recipe and in dlcore: both are hashed (see ``byhand.results``),
and nothing else is. A recipe rounds its values to the digits that two machines agree on.
"""
