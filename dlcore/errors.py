"""The errors that dlcore raises, and the checks that raise them.

A message names the function, what came, what was expected and the likely mistake.

``require_…`` looks at an argument and returns nothing; of an array it looks only at attributes, so
it costs next to nothing and a GPU need not wait. ``as_…`` reads an option, and returns it as a
Python number: NumPy's float64 would turn a float32 array into float64.
"""

import operator
from contextlib import contextmanager
from math import inf
from numbers import Number, Real
from types import ModuleType

import numpy as np
from numpy import ndarray


class ShapeError(ValueError):
    """Arrays whose shapes do not fit together."""


class GradientMismatch(AssertionError):
    """A gradient that differs from its numerical approximation."""


class VacuousCheck(ValueError):
    """A gradient check that could not fail, such as one where every gradient is zero."""


def require_array(function, **arrays):
    """Raise TypeError when one of the arrays is none.

    An array is what speaks NumPy's protocols, from whatever library. Two of NumPy's own kinds are
    refused: ``*`` of a matrix is a matrix product, and sums leave out what a mask hides.

    Parameters
    ----------
    function : str
        Who asks: the first word of the message.
    **arrays
        The arrays by the names that the caller knows them by.

    Raises
    ------
    TypeError
        Naming the first that is not an array.
    """
    for name, array in arrays.items():
        if type(array) is not ndarray:  # what most arrays are; others are looked at closely
            _require_protocols(function, name, array, "an array")


def require_float(function, **arrays):
    """Raise TypeError when one of the arrays does not hold floating-point numbers.

    Parameters
    ----------
    function : str
        Who asks.
    **arrays
        The arrays by name.

    Raises
    ------
    TypeError
        Naming the first that is not an array of floats.
    """
    for name, array in arrays.items():
        if type(array) is ndarray and array.dtype.kind == "f":
            continue  # nearly always: one look, for speed
        _require_protocols(function, name, array, "an array of floats")
        if array.dtype.kind != "f":
            raise TypeError(
                f"{function}: {name} has dtype {array.dtype}, expected floating point; "
                f"{_as_floats(name, array.dtype)}"
            )


def require_integer(function, **arrays):
    """Raise TypeError when one of the arrays does not hold integers.

    Parameters
    ----------
    function : str
        Who asks.
    **arrays
        The arrays by name.

    Raises
    ------
    TypeError
        Naming the first that is not an array of integers.
    """
    for name, array in arrays.items():
        if type(array) is not ndarray:
            _require_protocols(function, name, array, "an array of integers")
        if array.dtype.kind not in "iu":
            hint = _NUMBERED if array.dtype.kind in "USTO" else f"{name}.astype(int)?"
            raise TypeError(
                f"{function}: {name} has dtype {array.dtype}, expected integers, such as numbers "
                f"of classes; {hint}"
            )


def require_real(function, **arrays):
    """Raise TypeError when one of the arrays does not hold real numbers; bools and integers do.

    Parameters
    ----------
    function : str
        Who asks.
    **arrays
        The arrays by name.

    Raises
    ------
    TypeError
        Naming the first that is not an array of real numbers.
    """
    for name, array in arrays.items():
        if type(array) is not ndarray:
            _require_protocols(function, name, array, "an array of numbers")
        if array.dtype.kind not in "fiub":
            hint = f"; {_NUMBERED}" if array.dtype.kind in "USTO" else ""
            raise TypeError(
                f"{function}: {name} has dtype {array.dtype}, expected real numbers{hint}"
            )


def require_labels(function, targets, C):
    """Raise an error when an array does not hold numbers of classes. It looks at all of them.

    Parameters
    ----------
    function : str
        Who asks.
    targets : array of int, shape (N,)
    C : int
        How many classes there are.

    Raises
    ------
    TypeError
        When the labels are not integers.
    ValueError
        When one of them is not in 0 to C - 1.
    """
    require_integer(function, targets=targets)
    if np.any((targets < 0) | (targets >= C)):
        hint = (
            "for one score an example there are losses.logistic and binary_accuracy"
            if C == 1
            else "do the labels start at 1, or are there too few outputs?"
        )
        raise ValueError(
            f"{function}: targets range from {targets.min()} to {targets.max()}, expected 0 to "
            f"{C - 1} for {C} class{'es' * (C > 1)}; {hint}"
        )


# Names of classes become their numbers, and the names stay.
_NUMBERED = "labels in words? names, numbers = np.unique(labels, return_inverse=True)"


def _as_floats(name, dtype):
    """Return the likely way from another dtype to floats."""
    if dtype.kind == "u":
        return f"are these pixel values? {name} / 255.0"
    if dtype.kind in "ib":
        return f"{name}.astype(float)?"
    if dtype.kind == "c":
        return "a complex number is none of them"
    return f"{name}.astype(float), if all of it are numbers?"


def _require_protocols(function, name, thing, expected):
    """Raise TypeError for what is no array, or one whose operators mean something else."""
    hint = ""
    if isinstance(thing, np.matrix):
        kind, hint = "an np.matrix", f"np.asarray({name}), since its * is a matrix product"
    elif isinstance(thing, np.ma.MaskedArray):
        kind, hint = "a masked array", f"{name}.filled(0), or the rows without a mask"
    elif hasattr(thing, "to_numpy") or hasattr(thing, "iloc"):
        kind, hint = _named(thing), f"{name}.to_numpy()"
    elif isinstance(thing, np.generic) or (
        hasattr(thing, "__array_ufunc__") and hasattr(thing, "dtype")
    ):
        return
    elif thing is None:
        kind = "None"
    else:
        kind = _named(thing)
        if hasattr(thing, "numpy"):
            hint = f"{name}.numpy()"
        elif isinstance(thing, list | tuple | range | Number):
            hint = f"np.array({name})"
    hint = f"; did you mean {hint}?" if hint else ""
    raise TypeError(f"{function}: {name} is {kind}, expected {expected}{hint}")


def _named(thing):
    """Return the name of a thing's type with an article: ``a list``, ``an int``."""
    kind = type(thing).__name__
    return f"{'an' if kind[0] in 'aeiouAEIO' else 'a'} {kind}"


def require_rng(function, rng):
    """Raise TypeError when ``rng`` cannot draw random numbers.

    Parameters
    ----------
    function : str
        Who asks.
    rng : object
        Should be a Generator or RandomState, from NumPy or from a library like it; not the module
        ``np.random``, whose one state everybody shares.

    Raises
    ------
    TypeError
        Naming what came instead, such as a bare seed.
    """
    if not hasattr(rng, "standard_normal") or isinstance(rng, ModuleType):
        raise TypeError(
            f"{function}: rng is {rng!r}, expected a generator of random numbers; "
            "np.random.default_rng(0)?"
        )


@contextmanager
def needs_extra(function, extra, instead=""):
    """Around an import: raise an error with the line that installs it when a package is missing.

    Parameters
    ----------
    function : str
        Who asks.
    extra : str
        The extra of dlcore that brings the package, such as ``"data"``.
    instead : str
        What else to do, for the message.

    Raises
    ------
    ModuleNotFoundError
        Naming the package and the extra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "a package").partition(".")[0]
        raise ModuleNotFoundError(
            f"{function}: {package} is not installed; pip install dlcore[{extra}]"
            f"{instead and f', {instead}'}",
            name=package,
        ) from error


def require_ndim(function, name, array, ndim, meaning, hint):
    """Raise ShapeError when ``array`` does not have ``ndim`` axes.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the array.
    array : array, any shape
    ndim : int
    meaning : str
        The expected shape in words, such as ``"(N, D_in)"``.
    hint : str
        The likely mistake, as a question.

    Raises
    ------
    ShapeError
        Naming the shape that came and the one that was expected.
    """
    if array.ndim != ndim:
        raise ShapeError(
            f"{function}: {name} has shape {array.shape}, expected {ndim} axes {meaning}; {hint}"
        )


def require_same_shape(function, *, likely="", **arrays):
    """Raise ShapeError when two arrays that must share a shape do not.

    Parameters
    ----------
    function : str
        Who asks.
    likely : str
        The likely mistake, as a question; by default it is read off the shapes.
    **arrays
        Exactly two arrays, by name.

    Raises
    ------
    TypeError
        When one of them is not an array.
    ShapeError
        Naming both arrays and both shapes.
    """
    array1, array2 = arrays.values()
    if type(array1) is not type(array2):
        require_array(function, **arrays)
    if array1.shape != array2.shape:
        name1, name2 = arrays
        raise ShapeError(
            f"{function}: {name1} has shape {array1.shape} but {name2} has {array2.shape}, "
            f"expected equal shapes; {likely or _why_shapes_differ(array1.shape, array2.shape)}"
        )


def _why_shapes_differ(shape1, shape2):
    if shape1 == shape2[::-1]:
        return "is one of them transposed?"
    if shape1 == (*shape2, 1) or shape2 == (*shape1, 1):
        return "is one a column (N, 1) and the other flat (N,)?"
    if len(shape1) != len(shape2):
        return "is there an axis too many, or one too few?"
    if shape1[1:] == shape2[1:]:
        return "do both come from the same batch?"
    return "do both belong to the same output?"


def require_upstream(function, name, array, of, shape):
    """Raise an error when an upstream gradient does not fit the output that it belongs to.

    Parameters
    ----------
    function : str
        Who asks, such as ``"relu_backward"``.
    name : str
        What the caller calls the gradient, such as ``"dA"``.
    array : array, any shape
    of : str
        The name of the output, such as ``"A"``.
    shape : tuple of int
        The shape of the output.

    Raises
    ------
    TypeError
        When it is not an array of floats.
    ShapeError
        Naming the shape that came and the output's. A gradient of another shape might broadcast.
    """
    if type(array) is not ndarray or array.dtype.kind != "f":
        require_float(function, **{name: array})
    if array.shape != shape:
        raise ShapeError(
            f"{function}: {name} has shape {array.shape}, expected {of}'s {shape}; does the cache "
            "come from another batch?"
        )


def require_examples(function, name, array):
    """Raise ShapeError when an array to take a mean of is empty.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the array.
    array : array, any shape

    Raises
    ------
    ShapeError
        Naming the shape.
    """
    if 0 in array.shape:
        raise ShapeError(
            f"{function}: {name} is empty, shape {array.shape}, expected at least one example; "
            "the mean of no examples is no number"
        )


def as_float(function, name, value, *, gt=-inf, ge=-inf, lt=inf, le=inf, kind="a number", hint=""):
    """Return an option as a Python float; refuse what is not a real, finite number in its range.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the option.
    value : float
        Or an int, or NumPy's numbers, or an array without axes; no bool.
    gt, ge, lt, le : float
        The range: greater than, greater or equal, less than, less or equal.
    kind : str
        What the option is, for the message, such as ``"a rate"``.
    hint : str
        The likely mistake, for the message.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        When the value is not a number.
    ValueError
        When it is nan, infinite or out of its range.
    """
    number = value
    if type(value) is not float:
        if not _is_real(value):
            raise TypeError(_wrong_option(function, name, repr(value), kind, gt, ge, lt, le, hint))
        number = float(value)
    if not (ge <= number <= le and gt < number < lt):  # also true for nan
        raise ValueError(_wrong_option(function, name, value, kind, gt, ge, lt, le, hint))
    return number


def as_int(function, name, value, *, ge=-inf, le=inf, kind="a whole number", hint=""):
    """Return an option as a Python int; refuse what is not a whole number in its range.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the option.
    value : int
        Or one of NumPy's; no bool, and no float.
    ge, le : int
        The range: greater or equal, less or equal.
    kind, hint : str
        As in ``as_float``.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        When the value is not a whole number.
    ValueError
        When it is out of its range.
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(_wrong_option(function, name, repr(value), kind, ge=ge, le=le, hint=hint))
    if not ge <= number <= le:
        raise ValueError(_wrong_option(function, name, value, kind, ge=ge, le=le, hint=hint))
    return number


def as_pair(function, name, value, *, ge):
    """Return an option as two Python ints, vertical and horizontal.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the option.
    value : int or pair of int
        One number stands for both.
    ge : int
        The least that each may be.

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        When the value is neither, or a number is too small.
    """
    try:
        vertical, horizontal = value if np.iterable(value) else (value, value)
        return (
            as_int(function, name, vertical, ge=ge),
            as_int(function, name, horizontal, ge=ge),
        )
    except (TypeError, ValueError):
        raise ValueError(
            f"{function}: {name} is {value!r}, expected an int >= {ge} or a pair of them, "
            "(vertical, horizontal)"
        ) from None


def as_int_or_pair(function, name, value, *, ge):
    """Return an option as one Python int or as two, whichever came; see ``as_pair``.

    Parameters
    ----------
    function, name : str
        Who asks, and what the caller calls the option.
    value : int or pair of int
    ge : int
        The least that each may be.

    Returns
    -------
    int or tuple of int

    Raises
    ------
    ValueError
        When the value is neither, or a number is too small.
    """
    pair = as_pair(function, name, value, ge=ge)
    return pair if np.iterable(value) else pair[0]


def _is_real(value):
    if isinstance(value, Real):
        return not isinstance(value, bool)
    dtype = getattr(value, "dtype", None)
    return getattr(value, "shape", None) == () and getattr(dtype, "kind", "") in tuple("iuf")


def _wrong_option(function, name, value, kind, gt=-inf, ge=-inf, lt=inf, le=inf, hint=""):
    bounds = {">": gt, ">=": ge, "<": lt, "<=": le}
    given = [f"{sign} {bound}" for sign, bound in bounds.items() if abs(bound) != inf]
    expected = " ".join([kind, " and ".join(given)]).strip()
    hint = f"; {hint}" if hint else ""
    return f"{function}: {name} is {value}, expected {expected}{hint}"
