"""How far two arrays are apart, as one number for the ledger."""

import numpy as np


def worst_error(got, expected):
    """Return the largest entry of |got - expected| / max(1, |expected|).

    Absolute for numbers below one, relative above.
    """
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    assert got.shape == expected.shape, f"shapes differ: {got.shape} and {expected.shape}"
    return float(np.max(np.abs(got - expected) / np.maximum(1.0, np.abs(expected))))
