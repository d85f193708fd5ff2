"""Exercises of chapter 11, regularization."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import regularizers

# l2-penalty


def _l2(W, lam, m):
    return regularizers.l2(W, lam, m)


L2_PENALTY = Exercise(
    name="l2-penalty",
    verifies="the penalty, and the gradient that it adds",
    reference=lambda W, lam, m: _l2(W, lam, m),
    returns=("penalty", "dW"),
    cases=lambda rng: {
        "two weights": (np.array([[3.0, -4.0]]), 0.7, 211),
        "a matrix": (rng.standard_normal((3, 4)), 2.5, 40),
    },
    mistakes={
        "the 2 below the line is left out": lambda W, lam, m: (
            lam / m * np.sum(W**2),
            lam / m * W,
        ),
        "the penalty is not divided by m": lambda W, lam, m: (lam / 2 * np.sum(W**2), lam * W),
        "the gradient still has the 2 below the line": lambda W, lam, m: (
            lam / (2 * m) * np.sum(W**2),
            lam / (2 * m) * W,
        ),
        "the root of the sum is taken: the norm is squared": lambda W, lam, m: (
            lam / (2 * m) * np.linalg.norm(W),
            lam / m * W,
        ),
        "the spectral norm is taken: np.linalg.norm(W), without a 2, is the Frobenius norm": (
            lambda W, lam, m: (lam / (2 * m) * np.linalg.norm(W, 2) ** 2, lam / m * W)
        ),
        "absolute values are summed: that is L1": lambda W, lam, m: (
            lam / m * np.sum(np.abs(W)),
            lam / m * np.sign(W),
        ),
    },
    hints=(
        "A sum over all entries of W, whatever its shape: np.sum.",
        "The derivative of w² is 2w, and the 2 cancels.",
    ),
)


# soft-threshold

SOFT_THRESHOLD = Exercise(
    name="soft-threshold",
    verifies="the minimum of a square and an absolute value",
    reference=lambda w_hat, lam: regularizers.soft_threshold(w_hat, lam / 2),
    returns=("w",),
    cases=lambda rng: {
        "four weights": (np.array([2.0, 0.5, -0.3, -1.0]), 0.8),
        "at and around the threshold": (np.array([0.4, -0.4, 0.39, -0.41, 0.0]), 0.8),
        "a matrix": (rng.standard_normal((3, 4)), 1.2),
    },
    mistakes={
        "the threshold is λ: it is half of it": lambda w_hat, lam: regularizers.soft_threshold(
            w_hat, lam
        ),
        "small weights are cut and the others left as they were: a hard threshold": (
            lambda w_hat, lam: np.where(np.abs(w_hat) > lam / 2, w_hat, 0.0)
        ),
        "the sign is lost": lambda w_hat, lam: np.maximum(np.abs(w_hat) - lam / 2, 0),
        "the maximum with 0 is missing: weights cross zero": (
            lambda w_hat, lam: np.sign(w_hat) * (np.abs(w_hat) - lam / 2)
        ),
        "every weight is divided: that is L2": lambda w_hat, lam: w_hat / (1 + lam),
    },
    hints=(
        "Work on the size |ŵ| and put the sign back at the end.",
        "np.maximum(..., 0) stops at zero. The threshold is lam / 2.",
    ),
)


# dropout


def _dropout(X, U, keep_prob):
    mask = (U < keep_prob) / keep_prob
    return X * mask, mask


DROPOUT = Exercise(
    name="dropout",
    verifies="inverted dropout and its mask",
    reference=lambda X, U, keep_prob: _dropout(X, U, keep_prob),
    returns=("A", "mask"),
    cases=lambda rng: {
        "four units": (np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.1, 0.9, 0.7, 0.95]), 0.8),
        "a batch": (rng.standard_normal((5, 6)), rng.random((5, 6)), 0.8),
        "keep everything": (rng.standard_normal(5), rng.random(5), 1.0),
    },
    mistakes={
        "nothing is divided by keep_prob": lambda X, U, keep_prob: (
            X * (U < keep_prob),
            (U < keep_prob) * 1.0,
        ),
        "units are dropped with probability keep_prob: it is the one to keep": (
            lambda X, U, keep_prob: (X * (U >= keep_prob) / keep_prob, (U >= keep_prob) / keep_prob)
        ),
        "the output is divided by keep_prob, and the mask is not: backward would forget it": (
            lambda X, U, keep_prob: (X * (U < keep_prob) / keep_prob, (U < keep_prob) * 1.0)
        ),
        "it is multiplied by keep_prob instead of divided": lambda X, U, keep_prob: (
            X * (U < keep_prob) * keep_prob,
            (U < keep_prob) * keep_prob,
        ),
    },
    hints=(
        "U < keep_prob is True with probability keep_prob.",
        "Put the division into the mask: 1 / keep_prob where a unit is kept, 0 elsewhere.",
    ),
)


# adaptive-penalty

ADAPTIVE_PENALTY = Exercise(
    name="adaptive-penalty",
    verifies="dropout's penalty on a linear model",
    reference=lambda w, X, keep_prob: (
        (1 - keep_prob) / keep_prob * np.sum(w**2 * np.mean(X**2, axis=0))
    ),
    returns=("added",),
    cases=lambda rng: {
        "one example, two inputs": (np.array([1.0, 2.0]), np.array([[1.0, 3.0]]), 0.8),
        "a batch": (rng.standard_normal(4), rng.standard_normal((10, 4)) + 1, 0.5),
    },
    mistakes={
        "the fraction is upside down": lambda w, X, keep_prob: (
            keep_prob / (1 - keep_prob) * np.sum(w**2 * np.mean(X**2, axis=0))
        ),
        "it is not divided by keep_prob": lambda w, X, keep_prob: (
            (1 - keep_prob) * np.sum(w**2 * np.mean(X**2, axis=0))
        ),
        "the mean is squared: the mean of the squares is meant": lambda w, X, keep_prob: (
            (1 - keep_prob) / keep_prob * np.sum(w**2 * np.mean(X, axis=0) ** 2)
        ),
        "the inputs are left out: that is plain L2": lambda w, X, keep_prob: (
            (1 - keep_prob) / keep_prob * np.sum(w**2)
        ),
        "the examples are summed: a mean is meant": lambda w, X, keep_prob: (
            (1 - keep_prob) / keep_prob * np.sum(w**2 * np.sum(X**2, axis=0))
        ),
    },
    hints=(
        "It is the variance of the prediction, averaged over the examples.",
        "np.mean(X**2, axis=0) has shape (D,), like w.",
    ),
)


# early-stopping


def _stop(costs, patience, *, better=lambda cost, best: cost < best, late=0):
    kept = 0
    for epoch, cost in enumerate(costs):
        if better(cost, costs[kept]):
            kept = epoch
        if epoch - kept >= patience + late:
            return epoch, kept
    return len(costs) - 1, kept


def _stop_by_the_one_before(costs, patience):
    better = [0, *(i for i in range(1, len(costs)) if costs[i] < costs[i - 1])]
    for epoch in range(len(costs)):
        kept = max(i for i in better if i <= epoch)
        if epoch - kept >= patience:
            return epoch, kept
    return len(costs) - 1, better[-1]


EARLY_STOPPING = Exercise(
    name="early-stopping",
    verifies="when training stops, and which weights are kept",
    reference=lambda costs, patience: _stop(costs, patience),
    returns=("stopped", "kept"),
    cases=lambda rng: {
        "down and up": ([0.9, 0.5, 0.6, 0.7, 0.8, 0.4], 2),
        "one bad epoch": ([0.9, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7, 0.8], 3),
        "never": ([0.5, 0.4, 0.3], 2),
        "never, and the best is not the last": ([0.5, 0.3, 0.4], 2),
        "the first is the best": ([0.3, 0.5, 0.4, 0.6], 2),
        "better one epoch too late": ([0.9, 0.5, 0.6, 0.7, 0.4], 2),
        "level from the start": ([0.4, 0.4, 0.4, 0.4], 2),
        "level": ([0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4], 3),
        "better than the one before only": ([0.9, 0.5, 0.7, 0.6, 0.8, 0.7, 0.9, 0.8], 2),
    },
    mistakes={
        "it stops one epoch late": lambda costs, patience: _stop(costs, patience, late=1),
        "it looks at all costs first: nobody knows the future": lambda costs, patience: (
            min(int(np.argmin(costs)) + patience, len(costs) - 1),
            int(np.argmin(costs)),
        ),
        "a cost that is only equal counts as better": lambda costs, patience: _stop(
            costs, patience, better=lambda cost, best: cost <= best
        ),
        "each cost is compared with the one before: the best so far counts": (
            _stop_by_the_one_before
        ),
        "the last epoch's weights are kept": lambda costs, patience: (
            (_stop(costs, patience)[0],) * 2
        ),
    },
    hints=(
        "Go through the epochs and remember the best one so far.",
        "Stop as soon as epoch - kept >= patience. After the loop: it never stopped.",
    ),
)


EXERCISES = [L2_PENALTY, SOFT_THRESHOLD, DROPOUT, ADAPTIVE_PENALTY, EARLY_STOPPING]
