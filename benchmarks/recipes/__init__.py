"""Slow results, one module each, computed draw by draw: ``python -m benchmarks results``.

A recipe has

- ``SETTINGS``: numbers, strings, lists and dicts, all written out,
- ``draws(settings)``: a readable key for each draw, and the arguments that decide it, and only
  those: a draw is computed again when its own arguments change or the code under ``draw``,
- ``draw(**arguments)``: one run, which returns what JSON can hold,
- ``collect(settings, found)``: the values that the pages read, from what the draws returned by
  their keys.

It may have ``ALONE = True``, when it measures time or memory and nothing else may run meanwhile,
and ``NEEDS``, what must be here to compute it: ``"MNIST"`` (then ``draw`` is also given
``mnist_path``, the folder of the files or None) or ``"torch"``.

Values are rounded to the digits that two machines agree on.
"""
