"""Batch normalization: every feature gets the mean and scale that it learns."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import (
    ShapeError,
    as_float,
    as_int,
    require_examples,
    require_float,
    require_upstream,
)
from dlcore.initializers import zeros
from dlcore.precision import half_in_single
from dlcore.protocols import Layer


def batchnorm_forward(X, gamma, beta, *, eps=1e-5):
    """Normalize each feature over the batch, then scale by ``gamma`` and shift by ``beta``.

    A feature is a column of (N, D), or a channel of (N, C, H, W): then the mean is over N, H and W.
    The variance is the biased one, divided by the count. Of a single value it is 0: then Z is
    ``beta``, and no gradient comes through. Squares limit X to 1e154, in float32 to 1e19.

    Equation: eq-bn-forward, eq-bn-images

    Source: Ioffe and Szegedy (2015), algorithm 1.

    Parameters
    ----------
    X : array of floats, shape (N, D) or (N, C, H, W)
    gamma, beta : array, shape (D,) or (C,)
    eps : float
        Added to the variance; >= 0.

    Returns
    -------
    Z : array, the shape of ``X``
    cache : tuple
        For ``batchnorm_backward``. Its last two entries are the batch's mean and variance.

    Raises
    ------
    TypeError
        When one of the arrays is not one of floats, or ``eps`` not a number.
    ShapeError
        When ``X`` does not have two or four axes, the others do not fit it, or it is empty.
    ValueError
        When ``eps`` is negative.
    """
    _check("batchnorm_forward", X, gamma=gamma, beta=beta)
    require_examples("batchnorm_forward", "X", X)
    return _normalize(X, gamma, beta, as_float("batchnorm_forward", "eps", eps, ge=0))


@half_in_single
def _normalize(X, gamma, beta, eps):
    """Return what ``batchnorm_forward`` does; an empty batch passes through."""
    count = _count(X)
    mean = X.sum(axis=_batch_axes(X)) / count
    centered = X - _along_features(mean, X)
    var = _sum_of_products(centered, centered) / count
    return _scaled(centered, gamma, beta, mean, var, eps)


def _scaled(centered, gamma, beta, mean, var, eps):
    """Scale and shift what is centered; return Z and what the way back needs."""
    scale = (var + eps) ** -0.5  # X_hat = centered * scale
    Z = centered * _along_features(gamma * scale, centered)
    Z += _along_features(beta, centered)
    return Z, (centered, gamma, scale, mean, var)


@half_in_single
def batchnorm_backward(dZ, cache):
    """Pull dL/dZ back through the normalization, whose mean and variance depend on X too.

    dX is dX_hat without its mean and without its part along X_hat, over the standard deviation.

    Equation: eq-bn-backward, eq-bn-images-backward

    Source: Ioffe and Szegedy (2015), section 3, simplified.

    Parameters
    ----------
    dZ : array, the shape of X
    cache : what ``batchnorm_forward`` returned

    Returns
    -------
    dX : array, the shape of X
    dgamma, dbeta : array, the shape of ``gamma``

    Raises
    ------
    TypeError
        When ``dZ`` is not an array of floats.
    ShapeError
        When ``dZ`` does not have X's shape.
    """
    centered, gamma, scale, *_ = cache
    require_upstream("batchnorm_backward", "dZ", dZ, "Z", centered.shape)
    count = _count(dZ)
    dbeta = dZ.sum(axis=_batch_axes(dZ))
    dgamma = _sum_of_products(dZ, centered) * scale  # sum of dZ X_hat
    dX = dZ - _along_features(dbeta / count, dZ)
    dX -= centered * _along_features(scale * dgamma / count, dZ)  # X_hat (mean of dZ X_hat)
    dX *= _along_features(gamma * scale, dZ)
    return dX, dgamma, dbeta


def batchnorm_inference(X, gamma, beta, mean, var, *, eps=1e-5):
    """Normalize by a given mean and variance, so that no example depends on the others.

    Equation: eq-bn-inference

    Source: Ioffe and Szegedy (2015), algorithm 2.

    Parameters
    ----------
    X : array of floats, shape (N, D) or (N, C, H, W)
    gamma, beta, mean, var : array, shape (D,) or (C,)
    eps : float
        As in training.

    Returns
    -------
    Z : array, the shape of ``X``

    Raises
    ------
    TypeError
        When one of the arrays is not one of floats, or ``eps`` not a number.
    ShapeError
        When ``X`` does not have two or four axes, or the others do not fit it.
    ValueError
        When ``eps`` is negative.
    """
    _check("batchnorm_inference", X, gamma=gamma, beta=beta, mean=mean, var=var)
    eps = as_float("batchnorm_inference", "eps", eps, ge=0)
    return _normalize_by(X, gamma, beta, mean, var, eps)[0]


@half_in_single
def _normalize_by(X, gamma, beta, mean, var, eps):
    """Return what ``_normalize`` does, with a given mean and variance."""
    return _scaled(X - _along_features(mean, X), gamma, beta, mean, var, eps)


@half_in_single
def _inference_backward(dZ, cache):
    """Pull dL/dZ back through ``batchnorm_inference``; mean and variance are constants."""
    centered, gamma, scale, *_ = cache
    require_upstream("BatchNorm.backward", "dZ", dZ, "Z", centered.shape)
    dX = dZ * _along_features(gamma * scale, dZ)
    dgamma = _sum_of_products(dZ, centered) * scale
    return dX, dgamma, dZ.sum(axis=_batch_axes(dZ))


def _batch_axes(X):
    return (0,) if X.ndim == 2 else (0, 2, 3)


def _count(X):
    """Return how many numbers a mean is over; 1 for an empty batch, whose sums are 0."""
    return max(1, X.size // X.shape[1])


def _sum_of_products(A, B):
    """Sum ``A B`` over the batch, feature by feature."""
    if A.ndim == 2:
        return np.einsum("nc,nc->c", A, B)
    return np.einsum("nchw,nchw->nc", A, B).sum(axis=0)  # by example: short sums round less


def _along_features(array, X):
    """Reshape one number a feature, (C,), so that it broadcasts along X's axis 1."""
    return array.reshape(-1, *(1,) * (X.ndim - 2))


def _check(function, X, **arrays):
    require_float(function, X=X, **arrays)
    if X.ndim not in (2, 4):
        raise ShapeError(
            f"{function}: X has shape {X.shape}, expected (N, D) or (N, C, H, W); is the axis of "
            "the batch missing?"
        )
    for name, array in arrays.items():
        if array.shape != X.shape[1:2]:
            raise ShapeError(
                f"{function}: {name} has shape {array.shape}, expected {X.shape[1:2]}, one number "
                f"for each of X's {X.shape[1]} features; are they on axis 1?"
            )


@dataclass(frozen=True, repr=False)
class BatchNorm(Layer):
    """Batch normalization that remembers, for use after training, a mean and variance.

    In training they are averaged over the batches, exponentially weighted, and a batch counts by
    its size. Such an average starts at 0 and is too small at first; the same average of the sizes,
    ``weight``, is what it has to be divided by. The variance is the unbiased one, so that small
    batches do not make it smaller.

    Equation: eq-bn-weighted

    Parameters
    ----------
    features : int
        D of (N, D), C of (N, C, H, W).
    decay : float
        Of the averages; >= 0 and < 1.
    eps : float
        Added to the variance; >= 0.

    Raises
    ------
    TypeError, ValueError
        When ``features`` is not a whole number >= 1, or another constant out of its range.
    """

    features: int
    decay: float = 0.9
    eps: float = 1e-5

    def __post_init__(self):
        object.__setattr__(self, "features", as_int("BatchNorm", "features", self.features, ge=1))
        decay = as_float("BatchNorm", "decay", self.decay, ge=0, lt=1, kind="a share")
        object.__setattr__(self, "decay", decay)
        object.__setattr__(self, "eps", as_float("BatchNorm", "eps", self.eps, ge=0))

    def init(self, rng):
        """Set ``gamma`` to one and ``beta`` to zero."""
        beta = zeros(rng, (self.features,), fan_in=1, fan_out=1)
        return {"gamma": beta + 1.0, "beta": beta}

    def init_buffers(self, params):
        """Start the averages at zero."""
        nothing = 0.0 * params["gamma"]
        return {"mean": nothing, "var": nothing, "weight": nothing[:1]}

    def update_buffers(self, params, cache):
        """Return the averages with this batch's mean and variance in them; none after inference."""
        train, (centered, *_, mean, var) = cache
        if not train:
            return {}
        size, count = len(centered), _count(centered)
        batch = {"mean": mean, "var": var * (count / (count - 1)), "weight": 1.0}
        return {
            name: self.decay * params[name] + (1.0 - self.decay) * size * now
            for name, now in batch.items()
        }

    def forward(self, params, X, *, train, rng):
        """Normalize by the batch in training, else by the averages; training needs two values."""
        gamma, beta = params["gamma"], params["beta"]
        if train:
            _check("BatchNorm.forward", X, gamma=gamma, beta=beta)
            if X.size == X.shape[1]:
                raise ShapeError(
                    f"BatchNorm.forward: X has shape {X.shape}, one value of each feature, "
                    "expected at least two in training: the variance of one is 0, and so is its "
                    "gradient; a larger batch, or train=False?"
                )
            Z, cache = _normalize(X, gamma, beta, self.eps)
            return Z, (train, cache)
        seen = params["weight"] > 0  # before the first batch: mean 0, variance 1
        weight = np.where(seen, params["weight"], 1.0)
        mean, var = params["mean"] / weight, np.where(seen, params["var"] / weight, 1.0)
        _check("BatchNorm.forward", X, gamma=gamma, beta=beta)
        Z, cache = _normalize_by(X, gamma, beta, mean, var, self.eps)
        return Z, (train, cache)

    def backward(self, dZ, cache):
        """Call ``batchnorm_backward``, or pull dL/dZ back through the inference form."""
        train, arrays = cache
        pull = batchnorm_backward if train else _inference_backward
        dX, dgamma, dbeta = pull(dZ, arrays)
        return dX, {"gamma": dgamma, "beta": dbeta}
