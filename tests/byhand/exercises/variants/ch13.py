"""Right answers of chapter 13 in other styles."""

import math

import numpy as np


def trials_by_counting(q, p):
    n, missed = 0, 1.0
    while missed > 1 - p:
        n, missed = n + 1, missed * (1 - q)
    return n


def zoom_in_logs(low, high, best, keep):
    a, b, c = np.log10([low, high, best])
    half = keep * (b - a) / 2
    return 10 ** max(a, c - half), 10 ** min(b, c + half)


def zoom_clipped(low, high, best, keep):
    half = keep / 2 * np.log(high / low)
    return np.clip(best * np.exp([-half, half]), low, high)


VARIANTS = {
    "log-uniform": [
        lambda share, low, high: 10 ** (np.log10(low) + share * np.log10(high / low)),
        lambda share, low, high: np.exp((1 - share) * np.log(low) + share * np.log(high)),
    ],
    "beta-draw": [
        lambda share, low, high: 1 - np.exp(
            (1 - share) * np.log1p(-low) + share * np.log1p(-high)
        ),
        lambda share, low, high: 1 - (1 - low) ** (1 - share) * (1 - high) ** share,
    ],
    "enough-trials": [
        trials_by_counting,
        lambda q, p: math.ceil(math.log(1 - p) / math.log(1 - q)),
    ],
    "zoom": [zoom_in_logs, zoom_clipped],
}  # fmt: skip
