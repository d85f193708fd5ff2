"""A stand-in for the arrays of a GPU library such as CuPy, for machines that have no GPU.

``DeviceArray`` wraps a NumPy array and speaks NumPy's protocols. Like CuPy's arrays it refuses to
mix with NumPy's and to turn into one unasked, and a reduction gives an array without axes rather
than a number.
"""

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class DeviceArray(NDArrayOperatorsMixin):
    """An array that lives elsewhere.

    ``transfers`` counts how often one was turned into a Python number: each makes a GPU wait.
    """

    transfers = 0

    def __init__(self, array):
        self.host = np.asarray(array)

    def __array__(self, dtype=None, copy=None):
        raise TypeError("Implicit conversion to a NumPy array is not allowed")

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **kwargs):
        if out:
            kwargs["out"] = out
        return wrap(getattr(ufunc, method)(*map(unwrap, inputs), **unwrap(kwargs)))

    def __array_function__(self, function, types, args, kwargs):
        if function in (np.asarray, np.array) and isinstance(args[0], DeviceArray):
            raise TypeError("Implicit conversion to a NumPy array is not allowed")
        return wrap(function(*unwrap(args), **unwrap(kwargs)))

    def __getitem__(self, index):
        return wrap(self.host[unwrap(index)])

    def __setitem__(self, index, value):
        self.host[unwrap(index)] = unwrap(value)

    def __len__(self):
        return len(self.host)

    def __float__(self):
        DeviceArray.transfers += 1
        return float(self.host)

    def __int__(self):
        DeviceArray.transfers += 1
        return int(self.host)

    def __bool__(self):
        DeviceArray.transfers += 1
        return bool(self.host)

    def __repr__(self):
        return f"DeviceArray({self.host!r})"

    def __getattr__(self, name):
        """Pass on the attributes and methods that an array has: ``shape``, ``T``, ``sum`` ..."""
        if name not in ALLOWED:
            raise AttributeError(f"DeviceArray has no {name}")
        attribute = getattr(self.host, name)
        if not callable(attribute):
            return wrap(attribute)
        return lambda *args, **kwargs: wrap(attribute(*unwrap(args), **unwrap(kwargs)))


# fmt: off
ALLOWED = {
    "T", "all", "any", "argmax", "argmin", "astype", "copy", "dtype", "max", "mean", "min", "ndim",
    "prod", "ravel", "repeat", "reshape", "shape", "size", "squeeze", "std", "sum", "swapaxes",
    "transpose", "var",
}
# fmt: on


class DeviceGenerator:
    """Draws what ``np.random.default_rng(seed)`` draws, as device arrays."""

    def __init__(self, seed):
        self._rng = np.random.default_rng(seed)

    def __getattr__(self, name):
        return lambda *args: wrap(getattr(self._rng, name)(*args))


def wrap(value):
    """Put every NumPy array and scalar in ``value`` on the device."""
    if isinstance(value, np.ndarray | np.generic):
        return DeviceArray(value)
    if isinstance(value, tuple | list):
        return type(value)(map(wrap, value))
    return value


def unwrap(value):
    """Take every device array in ``value`` off the device; a NumPy array there is an error."""
    if isinstance(value, DeviceArray):
        return value.host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'> in an operation on the device")
    if isinstance(value, tuple | list):
        return type(value)(map(unwrap, value))
    if isinstance(value, dict):
        return {key: unwrap(item) for key, item in value.items()}
    return value
