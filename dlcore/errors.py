"""The errors that dlcore raises, and the checks that raise them.

A message names the function, what came, what was expected and the likely mistake.
"""


class ShapeError(ValueError):
    """Arrays whose shapes do not fit together."""


class GradientMismatch(AssertionError):
    """A gradient that differs from its numerical approximation."""


class VacuousCheck(ValueError):
    """A gradient check that could not fail, such as one where every gradient is zero."""


class StaleResult(RuntimeError):
    """A stored result that was computed with other code or other settings."""


def require_float(function, **arrays):
    """Raise TypeError when one of the arrays does not hold floating-point numbers.

    Parameters
    ----------
    function : str
        Who asks: the first word of the message.
    **arrays
        The arrays by the names that the caller knows them by.

    Raises
    ------
    TypeError
        Naming the first array that is not floating point.
    """
    for name, array in arrays.items():
        dtype = getattr(array, "dtype", None)
        if dtype is None:
            if isinstance(array, float):
                continue
            raise TypeError(
                f"{function}: {name} is a {type(array).__name__}, expected an array of floats; "
                f"wrap it in np.array({name}, dtype=float)?"
            )
        if dtype.kind != "f":
            raise TypeError(
                f"{function}: {name} has dtype {dtype}, expected floating point; "
                "are these pixel values that still need to be divided by 255?"
            )


def require_rng(function, rng):
    """Raise TypeError when ``rng`` can not draw random numbers.

    Parameters
    ----------
    function : str
        Who asks.
    rng : object
        Should be a Generator or RandomState, from NumPy or from a library like it.

    Raises
    ------
    TypeError
        Naming what came instead, such as a bare seed.
    """
    if not hasattr(rng, "standard_normal"):
        raise TypeError(
            f"{function}: rng is {rng!r}, expected a generator of random numbers; "
            "np.random.default_rng(0)?"
        )


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


def require_same_shape(function, **arrays):
    """Raise ShapeError when two arrays that must share a shape do not.

    Parameters
    ----------
    function : str
        Who asks.
    **arrays
        Exactly two arrays, by name.

    Raises
    ------
    ShapeError
        Naming both arrays and both shapes.
    """
    (name1, array1), (name2, array2) = arrays.items()
    if array1.shape != array2.shape:
        raise ShapeError(
            f"{function}: {name1} has shape {array1.shape} but {name2} has {array2.shape}, "
            f"expected equal shapes; {_why_shapes_differ(array1.shape, array2.shape)}"
        )


def _why_shapes_differ(shape1, shape2):
    if shape1 == shape2[::-1]:
        return "is one of them transposed?"
    if len(shape1) != len(shape2):
        return "is one a column (N, 1) and the other flat (N,)?"
    return "do both come from the same batch?"


def require_array(function, **arrays):
    """Raise TypeError when one of them is no array, such as a list or a table with an index.

    Parameters
    ----------
    function : str
        Who asks.
    **arrays
        The arrays by name.

    Raises
    ------
    TypeError
        Naming the first that is none, and how to make one of it.
    """
    for name, array in arrays.items():
        if hasattr(array, "to_numpy"):  # pandas: rows are matched by label, not by place
            hint = f"{name}.to_numpy()"
        elif not hasattr(array, "dtype") or not hasattr(array, "shape"):
            hint = f"np.array({name})"
        else:
            continue
        kind = type(array).__name__
        raise TypeError(f"{function}: {name} is a {kind}, expected an array; {hint}?")


def require_whole(function, **numbers):
    """Raise TypeError when one of them is no whole number.

    Parameters
    ----------
    function : str
        Who asks.
    **numbers
        Python's or NumPy's integers, by name.

    Raises
    ------
    TypeError
        Naming the first that is none.
    """
    for name, number in numbers.items():
        if isinstance(number, bool) or not hasattr(number, "__index__"):
            raise TypeError(f"{function}: {name} is {number!r}, expected a whole number")
