"""Half precision is computed in single.

float16 ends at 65,504, has three digits, and turns 1e-8 into 0. Sums over many entries overflow or
stand still, squares overflow or vanish, and so does an eps. So whatever sums, squares or divides by
a count computes in float32 and gives back float16, right to its last digit. Entry by entry, and in
matrix products, which sum in float32 by themselves, float16 is as good as it can be.
"""

import functools

import numpy as np

_HALF, _SINGLE = np.dtype(np.float16), np.dtype(np.float32)


def single(array):
    """Return an array in half precision as float32, and whatever else as it is.

    Parameters
    ----------
    array : array, any shape, or anything else

    Returns
    -------
    array, the shape of ``array``
    """
    return array.astype(_SINGLE) if getattr(array, "dtype", None) == _HALF else array


def total(array, axis):
    """Sum along an axis, in single where the array is in half precision.

    Parameters
    ----------
    array : array of floats, any shape
    axis : int

    Returns
    -------
    array, the shape of ``array`` without that axis, and its dtype
    """
    if array.dtype.itemsize > 2:
        return array.sum(axis=axis)
    return array.sum(axis=axis, dtype=_SINGLE).astype(array.dtype)


def half_in_single(function):
    """Let a function compute in float32 where its first argument is in float16.

    The arrays that it returns are in float16 again. What else it returns stays in float32: a
    number, such as a loss, which may be larger than 65,504; and a cache, which backward reads.

    Parameters
    ----------
    function : callable
        Returns an array, or a tuple of arrays and other things.

    Returns
    -------
    callable
    """

    @functools.wraps(function)
    def in_single(*args, **options):
        first = args[0] if args else next(iter(options.values()), None)
        dtype = getattr(first, "dtype", None)
        if dtype is _SINGLE or dtype != _HALF:  # in this order for speed
            return function(*args, **options)
        options = {name: single(option) for name, option in options.items()}
        results = function(*map(single, args), **options)
        return tuple(map(_half, results)) if isinstance(results, tuple) else _half(results)

    return in_single


def _half(result):
    is_array = getattr(result, "dtype", None) == _SINGLE and result.ndim > 0
    return result.astype(_HALF) if is_array else result
