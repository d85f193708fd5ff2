"""Exercises of chapter 13, hyperparameters."""

import numpy as np

from byhand.exercises.checking import Exercise

# log-uniform


def _log_uniform(share, low, high):
    return low * (high / low) ** share


LOG_UNIFORM = Exercise(
    name="log-uniform",
    verifies="draws of which each power of ten is as likely as the next",
    reference=_log_uniform,
    returns=("values",),
    cases=lambda rng: {
        "ends and middle": (np.array([0.0, 0.5, 1.0]), 1e-4, 1.0),
        "a range that does not start at a power of ten": (np.array([0.25, 0.75]), 0.02, 5.0),
        "many draws": (rng.random(20), 1e-6, 1e-2),
    },
    mistakes={
        "the values are uniform: most of them lie in the last decade": lambda share, low, high: (
            low + share * (high - low)
        ),
        "the exponents are returned; raise 10 to them": lambda share, low, high: (
            np.log10(low) + share * (np.log10(high) - np.log10(low))
        ),
        "natural logarithms, but powers of 10: use one base for both": lambda share, low, high: (
            10 ** (np.log(low) + share * (np.log(high) - np.log(low)))
        ),
        "share 0 gives high: the two ends are exchanged": lambda share, low, high: _log_uniform(
            share, high, low
        ),
        "low and high are used as exponents; they are values": lambda share, low, high: (
            10 ** (low + share * (high - low))
        ),
        "the range always starts at 0.0001 and ends at 1; use low and high": lambda share, *_: (
            10 ** (4 * share - 4)
        ),
    },
    hints=(
        "Which quantity is uniform: the value, or its exponent?",
        "Draw r between log10(low) and log10(high): r = log10(low) + share * (their difference).",
        "Then 10 ** r. It is the same as low * (high / low) ** share.",
    ),
)


# beta-draw


def _beta_draw(share, low, high):
    return 1 - (1 - low) * ((1 - high) / (1 - low)) ** share


BETA_DRAW = Exercise(
    name="beta-draw",
    verifies="betas whose distance from 1 is log-uniform",
    reference=_beta_draw,
    returns=("beta",),
    cases=lambda rng: {
        "from 0.9 to 0.999": (np.array([0.0, 0.5, 1.0]), 0.9, 0.999),
        "from 0.5 to 0.99": (np.array([0.1, 0.6]), 0.5, 0.99),
        "many draws": (rng.random(20), 0.8, 0.9999),
    },
    mistakes={
        "beta itself is uniform: draw its distance from 1": lambda share, low, high: (
            low + share * (high - low)
        ),
        "beta itself is log-uniform: draw its distance from 1": _log_uniform,
        "the distance from 1 is returned instead of beta": lambda share, low, high: (
            1 - _beta_draw(share, low, high)
        ),
        "the distance from 1 is uniform, not log-uniform": lambda share, low, high: (
            1 - ((1 - high) + share * (high - low))
        ),
        "share 0 gives high: the two ends are exchanged": lambda share, low, high: _beta_draw(
            share, high, low
        ),
    },
    hints=(
        "An average reaches back 1 / (1 - beta) steps. Which number should be log-uniform?",
        "The distance d = 1 - beta goes from 1 - low, at share 0, to 1 - high, at share 1.",
        "d = (1 - low) * ((1 - high) / (1 - low)) ** share, and beta = 1 - d.",
    ),
)


# enough-trials


def _enough_trials(q, p):
    return int(np.ceil(np.log1p(-p) / np.log1p(-q)))


ENOUGH_TRIALS = Exercise(
    name="enough-trials",
    verifies="how many random trials are enough",
    reference=_enough_trials,
    returns=("n",),
    cases=lambda rng: {
        "the best 5% with 95%": (0.05, 0.95),
        "the best 1% with 95%": (0.01, 0.95),
        "the best half with 90%": (0.5, 0.9),
        "the best 2% with 99.9%": (0.02, 0.999),
    },
    mistakes={
        "rounded down: one trial short of the probability": lambda q, p: int(
            np.log1p(-p) / np.log1p(-q)
        ),
        "not rounded: half a trial cannot be run": lambda q, p: np.log1p(-p) / np.log1p(-q),
        "p / q: the probabilities of single trials do not add up": lambda q, p: int(np.ceil(p / q)),
        "1 / q: that many are needed on average, not with probability p": lambda q, p: int(
            np.ceil(1 / q)
        ),
        "log p / log q: take the logarithms of 1 - p and 1 - q": lambda q, p: int(
            np.ceil(np.log(p) / np.log(q))
        ),
    },
    hints=(
        "With which probability do all n trials miss the best share q?",
        "(1 - q) ** n, and that must be at most 1 - p. Take logarithms; both are negative.",
        "n >= log(1 - p) / log(1 - q), rounded up to a whole number.",
    ),
)


# zoom


def _zoom(low, high, best, keep):
    factor = (high / low) ** (keep / 2)
    return max(low, best / factor), min(high, best * factor)


def _unclipped(low, high, best, keep):
    factor = (high / low) ** (keep / 2)
    return best / factor, best * factor


def _shifted(low, high, best, keep):
    new_low, new_high = _unclipped(low, high, best, keep)
    over, under = max(new_high / high, 1.0), max(low / new_low, 1.0)
    return new_low / over * under, new_high / over * under


ZOOM = Exercise(
    name="zoom",
    verifies="the next range of a search from coarse to fine, on a logarithmic scale",
    reference=_zoom,
    returns=("low", "high"),
    cases=lambda rng: {
        "in the middle": (1e-4, 1.0, 1e-2, 0.5),
        "not in the middle": (1e-4, 1.0, 3e-3, 0.3),
        "near the upper end": (1e-4, 1.0, 0.7, 0.4),
        "near the lower end": (0.01, 100.0, 0.02, 0.6),
    },
    mistakes={
        "the new range is not cut off where the old one ends": _unclipped,
        "the new range is centered on a linear scale": lambda low, high, best, keep: (
            max(low, best - keep * (high - low) / 2),
            min(high, best + keep * (high - low) / 2),
        ),
        "twice too long: keep is the whole length, so half of it goes to each side": (
            lambda low, high, best, keep: _zoom(low, high, best, 2 * keep)
        ),
        "the new range is moved to fit, not cut off": _shifted,
        "best is left out: the range is centered on the old middle": (
            lambda low, high, best, keep: _zoom(low, high, np.sqrt(low * high), keep)
        ),
        "the logarithms are returned; go back to values": lambda low, high, best, keep: tuple(
            np.log10(_zoom(low, high, best, keep))
        ),
    },
    hints=(
        "How long is the old range in the logarithm? log(high / low). The new one is keep of that.",
        "Half of it goes to each side of log(best). Back from the logarithm: best times and "
        "divided by (high / low) ** (keep / 2).",
        "Cut off with max(low, ...) and min(high, ...).",
    ),
)


EXERCISES = [LOG_UNIFORM, BETA_DRAW, ENOUGH_TRIALS, ZOOM]
