"""How far two arrays are apart, as one number for the ledger."""

import numpy as np


def worst_error(got, expected):
    """Return max |got - expected| / max |expected|: the worst entry on the array's own scale."""
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    assert got.shape == expected.shape, f"shapes differ: {got.shape} and {expected.shape}"
    return float(np.max(np.abs(got - expected)) / (np.max(np.abs(expected)) or 1.0))


def worst_relative_error(got, expected):
    """Return max |got - expected| / |expected|: each entry on its own scale.

    Below the smallest normal number, where floats lose digits, that number is the scale.
    """
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    assert got.shape == expected.shape, f"shapes differ: {got.shape} and {expected.shape}"
    return float(
        np.max(np.abs(got - expected) / np.maximum(np.abs(expected), np.finfo(float).tiny))
    )
