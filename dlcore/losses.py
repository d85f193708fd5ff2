"""Losses: ``loss(scores, targets) -> value, dscores``.

Each is the mean over the batch, and the factor 1/N stands here and nowhere else: a layer's
backward only sums. The mean divides first and sums then, so it is finite wherever the loss of every
example is. Half precision is computed in single, and the value stays in single.
"""

import numpy as np

from dlcore.activations import log_softmax, sigmoid
from dlcore.errors import (
    ShapeError,
    require_array,
    require_float,
    require_labels,
    require_real,
    require_same_shape,
)
from dlcore.precision import half_in_single


def _check_labels(function, name, scores, targets, allowed, likely):
    require_real(function, targets=targets)
    if targets.shape != scores.shape:
        require_same_shape(function, **{name: scores, "targets": targets})
    if scores.ndim != 1 and scores.shape[1:] != (1,):
        raise ShapeError(
            f"{function}: {name} has shape {scores.shape}, expected (N,) or (N, 1); "
            "did the network end in more than one output?"
        )
    if scores.size == 0:
        raise ShapeError(f"{function}: {name} is empty, shape {scores.shape}; an empty batch?")
    if not ((targets == allowed[0]) | (targets == allowed[1])).all():
        raise ValueError(
            f"{function}: targets range from {targets.min()} to {targets.max()}, expected only "
            f"{allowed[0]} and {allowed[1]}; {likely}"
        )


@half_in_single
def binary_cross_entropy(probabilities, targets):
    """Cross-entropy of predicted probabilities: -mean(y log a + (1 - y) log(1 - a)).

    The form in which the loss is derived. A probability that rounds to 0 or 1 makes it infinite;
    ``logistic`` takes scores and has no such limit.

    Equation: eq-bce, eq-cost, eq-bce-derivative, eq-cross-entropy-derived

    Parameters
    ----------
    probabilities : array of floats, shape (N,) or (N, 1)
        Strictly between 0 and 1.
    targets : array, the shape of ``probabilities``
        Labels in {0, 1}.

    Returns
    -------
    value : float
    dprobabilities : array, the shape of ``probabilities``

    Raises
    ------
    TypeError
        When the probabilities are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, there are several numbers an example, or there is no example.
    ValueError
        When a probability is not strictly between 0 and 1, or a target not in {0, 1}.
    """
    a, y = probabilities, targets
    require_float("binary_cross_entropy", probabilities=a)
    likely = "labels of -1 and 1 belong to logistic_pm1"
    _check_labels("binary_cross_entropy", "probabilities", a, y, (0, 1), likely)
    if not np.all((a > 0) & (a < 1)):
        raise ValueError(
            f"binary_cross_entropy: probabilities range from {a.min()} to {a.max()}, expected "
            "strictly between 0 and 1; pass the scores to losses.logistic instead"
        )
    y = y.astype(a.dtype)
    N = a.size
    value = -((y * np.log(a) + (1 - y) * np.log(1 - a)) / N).sum()
    da = (a - y) / (a * (1 - a)) / N
    return value, da


@half_in_single
def logistic(scores, targets):
    """Cross-entropy of sigmoid(scores) with labels 0 and 1, stable for every finite score.

    ``log(1 + exp(s)) - y s``, written as ``max(s, 0) - y s + log(1 + exp(-|s|))``. The first
    two terms cancel exactly where the answer is right, so a tiny loss keeps all its digits.

    Equation: eq-logistic-01, eq-logistic-stable, eq-logistic-delta

    Parameters
    ----------
    scores : array of floats, shape (N,) or (N, 1)
    targets : array, the shape of ``scores``
        Labels in {0, 1}, integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (sigmoid(s) - y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, there are several scores an example, or there is no example.
    ValueError
        When a target is not in {0, 1}.
    """
    s, y = scores, targets
    require_float("logistic", scores=s)
    likely = "labels of -1 and 1 belong to logistic_pm1"
    _check_labels("logistic", "scores", s, y, (0, 1), likely)
    y = y.astype(s.dtype, copy=False)
    N = s.size
    e = np.exp(-np.abs(s))
    value = ((np.maximum(s, 0.0) - y * s + np.log1p(e)) / N).sum()
    ds = (np.where(s >= 0, 1.0, e) / (1.0 + e) - y) / N  # sigmoid(s) - y
    return value, ds


@half_in_single
def logistic_pm1(scores, targets):
    """Cross-entropy of sigmoid(scores) with labels -1 and 1: mean of -log sigmoid(y s).

    Equation: eq-logistic-labels, eq-logistic-pm1, eq-logistic-pm1-delta

    Parameters
    ----------
    scores : array of floats, shape (N,) or (N, 1)
    targets : array, the shape of ``scores``
        Labels in {-1, 1}, integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        -y sigmoid(-y s) / N.

    Raises
    ------
    TypeError, ShapeError
        As in ``logistic``.
    ValueError
        When a target is not in {-1, 1}.
    """
    s, y = scores, targets
    require_float("logistic_pm1", scores=s)
    likely = "labels of 0 and 1 belong to logistic"
    _check_labels("logistic_pm1", "scores", s, y, (-1, 1), likely)
    y = y.astype(s.dtype, copy=False)
    margin = y * s
    N = s.size
    value = ((np.maximum(-margin, 0.0) + np.log1p(np.exp(-np.abs(margin)))) / N).sum()
    ds = -y * sigmoid(-margin) / N
    return value, ds


def _one_hot(function, scores, targets):
    """Check scores (N, C) and labels (N,), and mark each example's label in an array (N, C)."""
    require_float(function, scores=scores)
    if scores.ndim != 2 or scores.size == 0:
        raise ShapeError(
            f"{function}: scores has shape {scores.shape}, expected (N, C): a row an example, a "
            "column a class, and at least one of each; did the network end in a flat output?"
        )
    require_array(function, targets=targets)
    N, C = scores.shape
    if targets.shape != (N,):
        one_hot = targets.shape == scores.shape
        raise ShapeError(
            f"{function}: targets has shape {targets.shape}, expected {(N,)}, one label an "
            f"example; {'one-hot rows? pass targets.argmax(axis=1)' if one_hot else 'a column?'}"
        )
    require_labels(function, targets, C)
    return targets[:, np.newaxis] == np.arange(C, like=scores)  # (N, 1) (C,) -> (N, C)


@half_in_single
def softmax_cross_entropy(scores, targets):
    """Cross-entropy of softmax(scores) with the labels: mean of -s_y + log sum_j exp(s_j).

    Equation: eq-softmax-cross-entropy, eq-softmax-delta

    Source: Bridle (1990). Stable for every finite score, because ``log_softmax`` is: the loss of
    an example is infinite only where the difference of two of its scores is.

    Parameters
    ----------
    scores : array of floats, shape (N, C)
    targets : array of int, shape (N,)
        The class of each example, 0 to C - 1.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (softmax(s) - one-hot y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the labels not one of integers.
    ShapeError
        When the shapes do not fit, or there is no example or no class.
    ValueError
        When a label is not a class.
    """
    right = _one_hot("softmax_cross_entropy", scores, targets)  # (N, C)
    log_p = log_softmax(scores)  # (N, C)
    N = len(scores)
    value = -(log_p[right] / N).sum()  # the entries of the labels, (N,)
    dscores = (np.exp(log_p) - right) / N
    return value, dscores


@half_in_single
def svm_hinge(scores, targets):
    """Multiclass hinge: mean of sum over i ≠ y of max(0, s_i - s_y + 1).

    Equation: eq-hinge, eq-hinge-gradient

    Source: Weston and Watkins (1999). At the kink, a margin of exactly 1, the derivative is 0.

    Parameters
    ----------
    scores : array of floats, shape (N, C)
    targets : array of int, shape (N,)
        The class of each example, 0 to C - 1.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        1/N for each class that comes too close, minus their number over N for the label.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the labels not one of integers.
    ShapeError
        When the shapes do not fit, or there is no example or no class.
    ValueError
        When a label is not a class.
    """
    right = _one_hot("svm_hinge", scores, targets)  # (N, C)
    excess = np.where(right, 0.0, scores - scores[right][:, np.newaxis] + 1)  # (N, C)
    N = len(scores)
    value = np.sum(np.maximum(excess, 0.0).sum(axis=1) / N)  # (N, C) -> (N,) -> ()
    too_close = excess > 0  # (N, C)
    dscores = (too_close - right * too_close.sum(axis=1, keepdims=True)) / N
    return value, dscores.astype(scores.dtype)


def _check_regression(function, scores, targets):
    require_float(function, scores=scores)
    require_real(function, targets=targets)
    require_same_shape(function, scores=scores, targets=targets)
    if scores.ndim == 0 or scores.size == 0:
        raise ShapeError(
            f"{function}: scores has shape {scores.shape}, expected (N, ...) with at least one "
            "number; an empty batch?"
        )


@half_in_single
def squared_error(scores, targets):
    """Squared distance from the targets, summed over outputs: mean of sum_j (s_j - y_j)².

    A square is infinite where a difference is larger than 1e154, in float32 than 1e19.

    Equation: eq-squared-error, eq-squared-error-gradient

    Source: Legendre (1805) and Gauss (1809), least squares.

    Parameters
    ----------
    scores : array of floats, shape (N, ...)
    targets : array, the shape of ``scores``

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        2 (s - y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, or there is no example.
    """
    _check_regression("squared_error", scores, targets)
    difference = scores - targets.astype(scores.dtype)  # (N, ...)
    N = len(scores)
    return np.sum(difference**2 / N), 2 * (difference / N)


@half_in_single
def quadratic(scores, targets):
    """Half the squared distance from the targets: mean of ½ ‖y - a‖².

    The half cancels the 2 of the derivative. A square overflows as in ``squared_error``.

    Equation: eq-quadratic, eq-bp-quadratic, eq-bp-quadratic-gradient

    Source: Rumelhart, Hinton and Williams (1986), equation 3, as a mean.

    Parameters
    ----------
    scores : array of floats, shape (N, ...)
    targets : array, the shape of ``scores``

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (a - y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, or there is no example.
    """
    _check_regression("quadratic", scores, targets)
    difference = scores - targets.astype(scores.dtype)  # (N, ...)
    N = len(scores)
    return 0.5 * np.sum(difference**2 / N), difference / N


@half_in_single
def gaussian_nll(scores, targets):
    """Minus the log-likelihood of targets from a normal distribution with its own variance.

    Column 0 of the scores is the mean m, column 1 the logarithm r of the variance; the loss of an
    example is ½ r + ½ (y - m)² exp(-r). The constant ½ log 2π is left out. Where y = m the loss
    falls with r without bound. It is infinite only where (y - m)² exp(-r) is.

    Equation: eq-gaussian-nll, eq-gaussian-nll-gradient

    Source: Nix and Weigend (1994).

    Parameters
    ----------
    scores : array of floats, shape (N, 2)
    targets : array, shape (N,)

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (m - y) exp(-r) / N, and ½ (1 - (y - m)² exp(-r)) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When an example has not two scores and one target, or there is no example.
    """
    require_float("gaussian_nll", scores=scores)
    require_real("gaussian_nll", targets=targets)
    if scores.ndim != 2 or scores.shape[1:] != (2,) or scores.size == 0:
        raise ShapeError(
            f"gaussian_nll: scores has shape {scores.shape}, expected (N, 2): the mean and the "
            "logarithm of the variance of at least one example; an output layer with one unit?"
        )
    if targets.shape != scores.shape[:1]:
        raise ShapeError(
            f"gaussian_nll: targets has shape {targets.shape}, expected {scores.shape[:1]}, one "
            "number per example; a column?"
        )
    mean, r = scores[:, 0], scores[:, 1]  # (N,)
    N = len(scores)
    # exp(-r) in four factors: it may overflow where its product with a small distance does not.
    most = np.log(np.finfo(scores.dtype).max) - 1  # beyond it any distance but 0 is infinite
    root = np.exp(np.minimum(-r / 4, most))  # (N,)
    u = (mean - targets.astype(scores.dtype)) * root * root  # in standard deviations, (N,)
    value = (0.5 * r / N + 0.5 * u**2 / N).sum()
    return value, np.stack([u * root * root / N, 0.5 * (1 - u**2) / N], axis=1)


@half_in_single
def poisson_nll(scores, targets):
    """Minus the log-likelihood of counts whose rate is exp(scores): mean of sum_j exp(s) - y s.

    The term log y! is left out, so the loss may be negative. It is infinite where exp(s) is, above
    a score of 709, in float32 of 88.

    Equation: eq-poisson-nll, eq-poisson-nll-gradient, eq-family-delta

    Source: Nelder and Wedderburn (1972), log-linear models.

    Parameters
    ----------
    scores : array of floats, shape (N, ...)
        The logarithms of the rates.
    targets : array, the shape of ``scores``
        Counts: whole numbers from 0 on, integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (exp(s) - y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, or there is no example.
    ValueError
        When a target is not a count.
    """
    _check_regression("poisson_nll", scores, targets)
    if not ((targets >= 0) & (targets == np.floor(targets))).all():
        raise ValueError(
            f"poisson_nll: targets range from {targets.min()} to {targets.max()}, expected whole "
            "numbers from 0 on; are they rates, or centered?"
        )
    y = targets.astype(scores.dtype)
    N = len(scores)
    rates = np.exp(scores)  # (N, ...)
    return np.sum(rates / N - y * (scores / N)), (rates - y) / N


@half_in_single
def multilabel_logistic(scores, targets):
    """Logistic losses of several labels that do not exclude each other, summed over the labels.

    Column c asks whether label c holds, with a sigmoid of its own. Stable as ``logistic`` is.

    Equation: eq-multilabel, eq-multilabel-gradient

    Parameters
    ----------
    scores : array of floats, shape (N, C)
    targets : array, the shape of ``scores``
        1 where an example has the label, else 0; integers or floats.

    Returns
    -------
    value : float
    dscores : array, the shape and dtype of ``scores``
        (sigmoid(s) - y) / N.

    Raises
    ------
    TypeError
        When the scores are not an array of floats, or the targets not one of numbers.
    ShapeError
        When the shapes differ, the scores are no table, or there is no example or no label.
    ValueError
        When a target is not in {0, 1}.
    """
    require_float("multilabel_logistic", scores=scores)
    require_real("multilabel_logistic", targets=targets)
    if scores.ndim != 2 or scores.size == 0:
        raise ShapeError(
            f"multilabel_logistic: scores has shape {scores.shape}, expected (N, C): a row per "
            "example, a column per label, and at least one of each; one label belongs to logistic"
        )
    if targets.shape != scores.shape:
        raise ShapeError(
            f"multilabel_logistic: targets has shape {targets.shape}, expected {scores.shape}, a 0 "
            "or 1 for each label; numbers of classes belong to softmax_cross_entropy"
        )
    if not ((targets == 0) | (targets == 1)).all():
        raise ValueError(
            f"multilabel_logistic: targets range from {targets.min()} to {targets.max()}, expected "
            "only 0 and 1; labels of -1 and 1? pass targets > 0"
        )
    s, y = scores, targets.astype(scores.dtype)
    N = len(s)
    e = np.exp(-np.abs(s))
    value = ((np.maximum(s, 0.0) - y * s + np.log1p(e)) / N).sum()
    return value, (np.where(s >= 0, 1.0, e) / (1.0 + e) - y) / N
