"""Exercises of chapter 14, batch normalization.

Vectors have shape (N, D), images (N, C, H, W).
"""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.averages import ewa

EPS = 1e-5

# bn-startup


def _startup(variances, decay):
    return ewa(variances, decay, bias_correction=True)[-1]


STARTUP = Exercise(
    name="bn-startup",
    verifies="the running variance with its start corrected",
    reference=_startup,
    returns=("variance",),
    cases=lambda rng: {
        "one batch": (np.array([[4.0, 1.0]]), 0.9),
        "two batches": (np.array([[4.0, 1.0], [2.0, 3.0]]), 0.5),
        "a long run": (rng.random((12, 3)) + 0.5, 0.8),
    },
    mistakes={
        "the start is not corrected: after one batch the average is too small": lambda v, d: ewa(
            v, d
        )[-1],
        "the average starts at the first variance, which then counts for too much": lambda v, d: (
            ewa(v, d)[-1] + d ** len(v) * v[0]
        ),
        "all batches count alike; the latest should count most": lambda v, d: v.mean(axis=0),
        "the decay weighs the new batch; it weighs the old average": lambda v, d: _startup(
            v, 1 - d
        ),
        "the correction is 1 - decay whatever the number of batches": lambda v, d: (
            ewa(v, d)[-1] / (1 - d)
        ),
        "the batches are taken in the wrong order, the last one first": lambda v, d: _startup(
            v[::-1], d
        ),
        "the last batch alone is returned": lambda v, d: v[-1].copy(),
    },
    hints=(
        "Start at zero. For each batch: the average becomes decay times itself plus 1 - decay "
        "times the new variance.",
        "Which share of the weights has been given out after T batches? 1 - decay ** T.",
        "Divide the average by that share.",
    ),
)


# bn-fold


def _fold(W, b, gamma, beta, mean, var, eps):
    scale = gamma / np.sqrt(var + eps)
    return scale[:, np.newaxis] * W, scale * (b - mean) + beta


def _changed_fold(change):
    return lambda W, b, gamma, beta, mean, var, eps: change(
        W, b, gamma, beta, mean, var, gamma / np.sqrt(var + eps)
    )


def _fold_case(rng, d_out, d_in):
    return (
        rng.standard_normal((d_out, d_in)),
        *rng.standard_normal((4, d_out)),
        0.5 + rng.random(d_out),
        EPS,
    )


FOLD = Exercise(
    name="bn-fold",
    verifies="batch normalization folded into the affine layer before it",
    reference=_fold,
    returns=("W_folded", "b_folded"),
    cases=lambda rng: {
        "one unit": (
            np.array([[2.0, 1.0]]), np.array([1.0]), np.array([3.0]), np.array([0.5]),
            np.array([2.5]), np.array([4.0]), 0.0,
        ),
        "three units, a large eps": (*_fold_case(rng, 3, 2)[:-1], 0.5),
        "a square matrix": _fold_case(rng, 3, 3),
    },
    mistakes={
        "beta is scaled too: it is added after the scale": _changed_fold(
            lambda W, b, gamma, beta, mean, var, s: (s[:, None] * W, s * (b - mean + beta))
        ),
        "the bias is not scaled: only the mean is": _changed_fold(
            lambda W, b, gamma, beta, mean, var, s: (s[:, None] * W, b - s * mean + beta)
        ),
        "the mean is forgotten": _changed_fold(
            lambda W, b, gamma, beta, mean, var, s: (s[:, None] * W, s * b + beta)
        ),
        "the old bias is forgotten": _changed_fold(
            lambda W, b, gamma, beta, mean, var, s: (s[:, None] * W, beta - s * mean)
        ),
        "eps is left out of the square root": lambda W, b, gamma, beta, mean, var, eps: _fold(
            W, b, gamma, beta, mean, var, 0.0
        ),
        "gamma is divided by the variance, not by its square root": (
            lambda W, b, gamma, beta, mean, var, eps: _fold(
                W, b, gamma, beta, mean, (var + eps) ** 2, 0.0
            )
        ),
        "the weights are not scaled, only the bias": _changed_fold(
            lambda W, b, gamma, beta, mean, var, s: (W.copy(), s * (b - mean) + beta)
        ),
    },
    hints=(
        "Write down what comes out for one unit: "
        "gamma * (w · a + b - mean) / sqrt(var + eps) + beta.",
        "Everything that multiplies a is the new weight; the rest is the new bias.",
        "scale = gamma / sqrt(var + eps). Row i of W gets scale[i]: scale[:, np.newaxis] * W.",
    ),
)  # fmt: skip


# bn-frozen


def _frozen(dZ, X, gamma, mean, var, eps):
    X_hat = (X - mean) / np.sqrt(var + eps)
    return gamma * dZ / np.sqrt(var + eps), (dZ * X_hat).sum(axis=0), dZ.sum(axis=0)


def _with_dx(change):
    def wrong(dZ, X, gamma, mean, var, eps):
        std = np.sqrt(var + eps)
        _, dgamma, dbeta = _frozen(dZ, X, gamma, mean, var, eps)
        return change(dZ, (X - mean) / std, gamma, std, dgamma, dbeta), dgamma, dbeta

    return wrong


def _with_dgamma(change):
    def wrong(dZ, X, gamma, mean, var, eps):
        dX, dgamma, dbeta = _frozen(dZ, X, gamma, mean, var, eps)
        return change(dX, dZ, X, mean, np.sqrt(var + eps), dgamma, dbeta)

    return wrong


FROZEN = Exercise(
    name="bn-frozen",
    verifies="the backward pass of batch normalization with frozen averages",
    reference=_frozen,
    returns=("dX", "dgamma", "dbeta"),
    cases=lambda rng: {
        "one feature": (
            np.array([[1.0], [0.5]]), np.array([[2.0], [5.0]]), np.array([3.0]),
            np.array([1.0]), np.array([4.0]), 0.0,
        ),
        "a large eps": (
            *rng.standard_normal((2, 4, 3)), *rng.standard_normal((2, 3)), 0.5 + rng.random(3), 0.5,
        ),
        "a seeded batch": (
            *rng.standard_normal((2, 5, 2)), *rng.standard_normal((2, 2)), 0.5 + rng.random(2), EPS,
        ),
    },
    mistakes={
        "the mean and the variance are treated as the batch's: here they are constants": _with_dx(
            lambda dZ, X_hat, gamma, std, dgamma, dbeta: (
                gamma / std * (dZ - dbeta / len(dZ) - X_hat * dgamma / len(dZ))
            )
        ),
        "the batch's own mean and variance take the place of the frozen ones": (
            lambda dZ, X, gamma, mean, var, eps: _frozen(
                dZ, X, gamma, X.mean(axis=0), X.var(axis=0), eps
            )
        ),
        "gamma is left out of dX": _with_dx(
            lambda dZ, X_hat, gamma, std, dgamma, dbeta: dZ / std
        ),
        "dX is not divided by the deviation": _with_dx(
            lambda dZ, X_hat, gamma, std, dgamma, dbeta: gamma * dZ
        ),
        "eps is left out of the square root": lambda dZ, X, gamma, mean, var, eps: _frozen(
            dZ, X, gamma, mean, var, 0.0
        ),
        "dgamma is taken with X and not with the normalized X": _with_dgamma(
            lambda dX, dZ, X, mean, std, dgamma, dbeta: (dX, (dZ * X).sum(axis=0), dbeta)
        ),
        "dgamma and dbeta are means: layers sum over the batch": _with_dgamma(
            lambda dX, dZ, X, mean, std, dgamma, dbeta: (dX, dgamma / len(dZ), dbeta / len(dZ))
        ),
    },
    hints=(
        "In the inference form each output depends on one input only: z = gamma * (x - mean) / std "
        "+ beta.",
        "So dz/dx = gamma / std, dz/dgamma = (x - mean) / std, and dz/dbeta = 1.",
        "dX keeps the shape (N, D); dgamma and dbeta are sums over axis 0.",
    ),
)  # fmt: skip


# bn-images

AXES = (0, 2, 3)


def _one_line(dY, X_hat, gamma, std, axes=AXES, mean=True, along=True):
    dX = dY.copy()
    if mean:
        dX = dX - dY.mean(axis=axes, keepdims=True)
    if along:
        dX = dX - X_hat * (dY * X_hat).mean(axis=axes, keepdims=True)
    return (gamma / std).reshape(1, -1, 1, 1) * dX


def _images(dY, X_hat, gamma, std):
    return _one_line(dY, X_hat, gamma, std)


def _images_case(rng, shape):
    dY, X = rng.standard_normal((2, *shape))
    std = np.sqrt(X.var(axis=AXES, keepdims=True) + EPS)
    X_hat = (X - X.mean(axis=AXES, keepdims=True)) / std
    return dY, X_hat, rng.standard_normal(shape[1]), std.ravel()


IMAGES = Exercise(
    name="bn-images",
    verifies="the backward pass of batch normalization for images",
    reference=_images,
    returns=("dX",),
    cases=lambda rng: {
        "one channel": _images_case(rng, (2, 1, 1, 2)),
        "three channels": _images_case(rng, (2, 3, 2, 2)),
        "every size different": _images_case(rng, (4, 3, 2, 5)),
    },
    mistakes={
        "the sums run over the batch only: a channel's places share the mean too": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, axes=0)
        ),
        "the sums run over rows and columns only: all examples share the mean": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, axes=(2, 3))
        ),
        "the path through the mean is missing": lambda dY, X_hat, gamma, std: _one_line(
            dY, X_hat, gamma, std, mean=False
        ),
        "the path through the deviation is missing": lambda dY, X_hat, gamma, std: _one_line(
            dY, X_hat, gamma, std, along=False
        ),
        "only the direct path is there: the mean and the deviation depend on X too": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, mean=False, along=False)
        ),
        "gamma is left out": lambda dY, X_hat, gamma, std: _images(
            dY, X_hat, np.ones_like(gamma), std
        ),
        "the result is not divided by the deviation": lambda dY, X_hat, gamma, std: _images(
            dY, X_hat, gamma, np.ones_like(std)
        ),
        "the sums are divided by N, not by N H W": lambda dY, X_hat, gamma, std: (
            (gamma / std).reshape(1, -1, 1, 1)
            * (
                dY
                - dY.sum(axis=AXES, keepdims=True) / len(dY)
                - X_hat * (dY * X_hat).sum(axis=AXES, keepdims=True) / len(dY)
            )
        ),
    },
    hints=(
        "It is the line for vectors. What counts as an example? Every place of every picture.",
        "Two means over the axes (0, 2, 3): of dY, and of dY * X_hat. keepdims=True keeps them in "
        "place.",
        "gamma and std have shape (C,): reshape(1, -1, 1, 1) puts them on axis 1.",
    ),
)


# bn-rms


def _rms(dY, X, eps):
    r = np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)
    Y = X / r
    return (dY - Y * (dY * Y).mean(axis=1, keepdims=True)) / r


def _rms_wrong(change):
    def wrong(dY, X, eps):
        r = np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)
        return change(dY, X, X / r, r)

    return wrong


RMS = Exercise(
    name="bn-rms",
    verifies="the backward pass of a normalization without a mean",
    reference=_rms,
    returns=("dX",),
    cases=lambda rng: {
        "3 and 4": (np.array([[1.0, 0.0]]), np.array([[3.0, 4.0]]), 0.0),
        "a large eps": (*rng.standard_normal((2, 3, 4)), 0.5),
        "a seeded batch": (*rng.standard_normal((2, 5, 3)), EPS),
    },
    mistakes={
        "only the direct path is there: r depends on x too": _rms_wrong(lambda dY, X, Y, r: dY / r),
        "a path through a mean is subtracted; there is none here": _rms_wrong(
            lambda dY, X, Y, r: (
                (dY - dY.mean(1, keepdims=True) - Y * (dY * Y).mean(1, keepdims=True)) / r
            )
        ),
        "the sum over the features is not divided by D": _rms_wrong(
            lambda dY, X, Y, r: (dY - Y * (dY * Y).sum(1, keepdims=True)) / r
        ),
        "the sums run over the batch; they run over the features of each example": _rms_wrong(
            lambda dY, X, Y, r: (dY - Y * (dY * Y).mean(0)) / r
        ),
        "X stands where the normalized Y belongs": _rms_wrong(
            lambda dY, X, Y, r: (dY - X * (dY * X).mean(1, keepdims=True)) / r
        ),
        "the sign of the second path is wrong: a larger r makes y smaller": _rms_wrong(
            lambda dY, X, Y, r: (dY + Y * (dY * Y).mean(1, keepdims=True)) / r
        ),
    },
    hints=(
        "Take one example. How does r change with x_j? Differentiate r² = mean(x²) + eps.",
        "2 r dr = 2 x_j dx_j / D, so dr/dx_j = x_j / (D r) = y_j / D. Now y_i = x_i / r.",
        "dy_i/dx_j = (1/r) (delta_ij - y_i y_j / D). Multiply by dy_i and sum over i.",
    ),
)


EXERCISES = [STARTUP, FOLD, FROZEN, IMAGES, RMS]
