"""Notes where finite numbers become inf or nan, also where Python has no floating-point flags.

NumPy warns of an overflow because the processor raises a flag. A Python that was compiled to
WebAssembly has no flags, and NumPy says nothing there. ``Watched`` arrays look at each result
instead, and note the warning that NumPy would have given.
"""

import functools

import numpy as np

# Ufuncs that reach inf by a division by zero; the others do by an overflow.
POLES = {
    "arctanh", "divide", "floor_divide", "log", "log10", "log1p", "log2", "power", "reciprocal",
    "remainder", "true_divide",
}  # fmt: skip
SIGNS = {
    "absolute": ", as abs() does", "equal": " (==)", "greater": " (>)", "greater_equal": " (>=)",
    "less": " (<)", "less_equal": " (<=)", "not_equal": " (!=)", "remainder": " (%)",
}  # fmt: skip


@functools.cache
def has_flags():
    """Whether NumPy warns of an overflow here."""
    try:
        with np.errstate(over="raise"):
            np.exp(np.array([1e4]))
    except FloatingPointError:
        return True
    return False


class NotAllowed(Exception):
    """A function was used that the text of the exercise leaves out."""


class Watched(np.ndarray):
    """An array whose results are watched; they are watched, too.

    ``notes`` is a set that all arrays of a run share: the texts of NumPy's warnings. ``without``
    holds names of functions of NumPy that raise ``NotAllowed``.
    """

    notes, without = frozenset(), frozenset()

    def __array_finalize__(self, source):
        self.notes = getattr(source, "notes", set())
        self.without = getattr(source, "without", frozenset())

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        self._require_allowed("np", ufunc.__name__)
        if out is not None:
            options["out"] = tuple(map(_plain, out))
        inputs = [_plain(x) for x in inputs]
        before = _Look(ufunc.__name__, inputs)  # the call may write into an input
        with np.errstate(all="ignore"):
            result = getattr(ufunc, method)(*inputs, **options)
        self.notes.update(before.warnings(result))
        return out[0] if out is not None and len(out) == 1 else self._like(result)

    def __array_function__(self, function, types, arguments, options):
        self._require_allowed(function.__module__.replace("numpy", "np"), function.__name__)
        with np.errstate(all="ignore"):
            result = function(*_plain(arguments), **_plain(options))
        return self._like(result)

    def _like(self, result):
        return watched(result, self.notes, self.without)

    def _require_allowed(self, module, name):
        if name in self.without:
            raise NotAllowed(f"{module}.{name}{SIGNS.get(name, '')}")


def watched(value, notes, without=frozenset()):
    """Return a value whose arrays of floats are watched, in tuples and lists, too.

    Parameters
    ----------
    value : anything
    notes : set of str
        Where the warnings are noted.
    without : set of str
        Names of functions of NumPy that are not to be used.
    """
    if isinstance(value, tuple | list):
        parts = [watched(part, notes, without) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, np.ndarray | np.floating) and np.asarray(value).dtype.kind == "f":
        array = np.asarray(value).view(Watched)
        array.notes, array.without = notes, without
        return array
    return value


def unwatched(value):
    """Return a value as NumPy would have given it: arrays, and numbers for arrays of one number."""
    if isinstance(value, tuple | list):
        parts = [unwatched(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, Watched):
        return value.view(np.ndarray) if value.ndim else value.view(np.ndarray)[()]
    return value


def _plain(value):
    """Return a value with plain arrays inside, those of 0 dimensions, too."""
    if isinstance(value, Watched):
        return value.view(np.ndarray)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(map(_plain, value))
    return value


class _Look:
    """What a ufunc is given, as far as its warnings depend on it."""

    def __init__(self, name, inputs):
        self.name = name
        numbers = _floats(x for x in inputs if isinstance(x, np.ndarray | np.generic | float))
        self.nan = any(np.isnan(x).any() for x in numbers)
        self.finite = all(np.isfinite(x).all() for x in numbers)
        self.pole = name in POLES and _at_pole(name, inputs)

    def warnings(self, result):
        """Yield NumPy's warnings about a result."""
        results = _floats(result if isinstance(result, tuple) else (result,))
        if not self.nan and any(np.isnan(part).any() for part in results):
            yield f"invalid value encountered in {self.name}"
        if self.finite and any(np.isinf(part).any() for part in results):
            yield f"{'divide by zero' if self.pole else 'overflow'} encountered in {self.name}"


def _floats(values):
    arrays = map(np.asarray, values)
    return [array for array in arrays if array.dtype.kind == "f"]


def _at_pole(name, inputs):
    """Whether a ufunc that has a pole meets it, rather than 1e300 / 1e-300 or 10.0 ** 400."""
    if name == "power":
        return bool(np.any((np.asarray(inputs[0]) == 0) & (np.asarray(inputs[1]) < 0)))
    return not name.endswith("divide") or bool(np.any(np.asarray(inputs[1]) == 0))
