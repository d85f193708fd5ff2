"""``bind(loss_start=losses[0])``: name a value that the words of the page state."""

import math
import numbers

import numpy as np

MIME = "application/papermill.record/text/plain"  # what myst-nb's glue writes, and nobody shows
DIGITS = 6  # of a value that is no integer; words state fewer


def bind(**values):
    """Name values of this cell, for the numbers in the words of its page.

    It shows nothing. The values are stored with the notebook, whole numbers as they are and others
    rounded to six digits; metadata ``numbers`` of the cells with the words say which number is
    which value, and the build fails when the two differ.

    Parameters
    ----------
    **values : float or int
        ``bind(loss_start=losses[0], wins=7)``. A name is bound once per page.

    Raises
    ------
    TypeError
        When a value is no number: an array, a truth value, a text.
    ValueError
        When it is not finite, or when the name is ``given``, which means no name.
    """
    written = {name: _written(name, value) for name, value in values.items()}
    try:
        from IPython import get_ipython
    except ImportError:  # exercises and results need no notebook, and neither does a plain script
        return
    if get_ipython() is None:
        return
    from IPython.display import display

    for name, text in written.items():
        book = {"name": name, "mime_prefix": MIME.removesuffix("text/plain")}
        display({MIME: text}, raw=True, metadata={"scrapbook": book})


def _written(name, value):
    """Return a value as it is stored."""
    if name == "given":
        raise ValueError(
            "bind: the name 'given' marks numbers without a value; choose another name"
        )
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        shape = f" of shape {value.shape}" if isinstance(value, np.ndarray) else ""
        raise TypeError(
            f"bind: {name} is {type(value).__name__}{shape}, expected one real number; "
            "take one entry, or len(...) or .mean() of it"
        )
    if not math.isfinite(value):
        raise ValueError(
            f"bind: {name} is {value}, expected a finite number; did the training diverge?"
        )
    if isinstance(value, numbers.Integral):
        return str(int(value))
    return f"{float(value) + 0.0:.{DIGITS}g}"
