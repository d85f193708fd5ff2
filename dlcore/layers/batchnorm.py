"""Batch normalization: every feature gets the mean and scale that it learns."""

from dataclasses import dataclass

import numpy as np

from dlcore.errors import ShapeError, require_float, require_same_shape


def batchnorm_forward(X, gamma, beta, *, eps=1e-5):
    """Normalize each feature over the batch, then scale by ``gamma`` and shift by ``beta``.

    A feature is a column of (N, D), or a channel of (N, C, H, W): then the mean is over N, H and W.
    The variance is the biased one, divided by the count.

    Equation: eq-bn-forward, eq-bn-images

    Source: Ioffe and Szegedy (2015), algorithm 1.

    Parameters
    ----------
    X : array of floats, shape (N, D) or (N, C, H, W)
    gamma, beta : array, shape (D,) or (C,)
    eps : float
        Added to the variance.

    Returns
    -------
    Z : array, the shape of ``X``
    cache : tuple
        For ``batchnorm_backward``. Its last two entries are the batch's mean and variance.

    Raises
    ------
    TypeError
        When ``X`` holds integers.
    ShapeError
        When ``X`` does not have two or four axes, or the others do not fit it.
    """
    _check("batchnorm_forward", X, gamma=gamma, beta=beta)
    count = _count(X)
    mean = X.sum(axis=_batch_axes(X)) / count
    centered = X - _along_features(mean, X)
    var = _sum_of_products(centered, centered) / count
    scale = (var + eps) ** -0.5  # X_hat = centered * scale
    Z = centered * _along_features(gamma * scale, X)
    Z += _along_features(beta, X)
    return Z, (centered, gamma, scale, mean, var)


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
    ShapeError
        When ``dZ`` does not have X's shape.
    """
    centered, gamma, scale, *_ = cache
    require_same_shape("batchnorm_backward", dZ=dZ, X=centered)
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
        When ``X`` holds integers.
    ShapeError
        When ``X`` does not have two or four axes, or the others do not fit it.
    """
    _check("batchnorm_inference", X, gamma=gamma, beta=beta, mean=mean, var=var)
    Z = X - _along_features(mean, X)
    Z *= _along_features(gamma * (var + eps) ** -0.5, X)
    Z += _along_features(beta, X)
    return Z


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
    require_float(function, X=X)
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


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalization that remembers, for use after training, a mean and variance.

    In training they are averaged over the batches, exponentially weighted. Such an average starts
    at 0 and is too small at first; the same average of ones, ``weight``, is what it has to be
    divided by.

    Parameters
    ----------
    features : int
        D of (N, D), C of (N, C, H, W).
    decay : float
        Of the averages.
    eps : float
        Added to the variance.
    """

    features: int
    decay: float = 0.9
    eps: float = 1e-5

    def init(self, rng):
        """Set ``gamma`` to one and ``beta`` to zero."""
        beta = 0.0 * rng.standard_normal(self.features)
        return {"gamma": beta + 1.0, "beta": beta}

    def init_buffers(self, params):
        """Start the averages at zero."""
        zeros = 0.0 * params["gamma"]
        return {"mean": zeros, "var": zeros, "weight": zeros[:1]}

    def update_buffers(self, params, cache):
        """Return the averages with this batch's mean and variance in them; none after inference."""
        if cache[0] is None:
            return {}
        *_, mean, var = cache
        batch = {"mean": mean, "var": var, "weight": 1.0}
        return {
            name: self.decay * params[name] + (1.0 - self.decay) * now
            for name, now in batch.items()
        }

    def forward(self, params, X, *, train, rng):
        """Call ``batchnorm_forward`` in training, else ``batchnorm_inference``."""
        gamma, beta = params["gamma"], params["beta"]
        if train:
            return batchnorm_forward(X, gamma, beta, eps=self.eps)
        seen = params["weight"] > 0  # before the first batch: mean 0, variance 1
        weight = np.where(seen, params["weight"], 1.0)
        mean, var = params["mean"] / weight, np.where(seen, params["var"] / weight, 1.0)
        Z = batchnorm_inference(X, gamma, beta, mean, var, eps=self.eps)
        return Z, (None, X, gamma, mean, var)

    def backward(self, dZ, cache):
        """Call ``batchnorm_backward``, or pull dL/dZ back through the inference form."""
        if cache[0] is not None:
            dX, dgamma, dbeta = batchnorm_backward(dZ, cache)
        else:
            _, X, gamma, mean, var = cache
            require_same_shape("BatchNorm.backward", dZ=dZ, X=X)
            scale = (var + self.eps) ** -0.5
            dX = dZ * _along_features(gamma * scale, dZ)
            dgamma = _sum_of_products(dZ, X - _along_features(mean, X)) * scale
            dbeta = dZ.sum(axis=_batch_axes(dZ))
        return dX, {"gamma": dgamma, "beta": dbeta}
