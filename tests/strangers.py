"""Stand-ins for things that look like arrays and are none: pandas' tables, PyTorch's tensors."""

import numpy as np


class DataFrame:
    """What of a pandas DataFrame a check can see: columns with names, and an order of rows."""

    def __init__(self, values):
        self._values = np.asarray(values)
        self.shape, self.ndim, self.size = (
            getattr(self._values, a) for a in ("shape", "ndim", "size")
        )
        self.dtypes = [self._values.dtype] * (self.shape[1] if self.ndim > 1 else 1)
        self.index = range(len(self._values) if self.ndim else 0)
        self.iloc = self._values

    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype=dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        values = [x._values if isinstance(x, DataFrame) else x for x in inputs]
        return type(self)(getattr(ufunc, method)(*values, **kwargs))

    def __len__(self):
        return len(self._values)

    def to_numpy(self):
        return self._values


class Series(DataFrame):
    """A column of one: it has a dtype as an array has."""

    @property
    def dtype(self):
        return self._values.dtype


class Tensor:
    """What of a PyTorch tensor a check can see: a dtype that is not NumPy's, and no protocols."""

    def __init__(self, values):
        self._values = np.asarray(values)
        self.shape, self.ndim, self.dtype = self._values.shape, self._values.ndim, "torch.float64"

    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype=dtype)

    def numpy(self):
        return self._values
