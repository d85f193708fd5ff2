"""Two values of a control, for the tests that go through all of them."""

import numpy as np

from byhand.labs import Drawing


def ends(control):
    """Return two values that are far apart; those of a drawing are not in a list."""
    if isinstance(control, Drawing):
        top, points = np.base_repr(control.levels, 36).lower(), len(control.value)
        return "0" * points, ((top + "0") * points)[:points]
    return control.values[0], control.values[-1]
