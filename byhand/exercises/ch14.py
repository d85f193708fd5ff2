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


def _fold(gamma, beta, mean, var, eps, W, b):
    scale = gamma / np.sqrt(var + eps)
    return W * scale, b + W @ (beta - scale * mean)


def _changed_fold(change):
    return lambda gamma, beta, mean, var, eps, W, b: change(
        gamma / np.sqrt(var + eps), beta, mean, W, b
    )


def _fold_case(rng, d_out, d_in, eps=EPS):
    return (
        *rng.standard_normal((3, d_in)),
        0.5 + rng.random(d_in),
        eps,
        rng.standard_normal((d_out, d_in)),
        rng.standard_normal(d_out),
    )


FOLD = Exercise(
    name="bn-fold",
    verifies="batch normalization folded into the affine layer that reads it",
    reference=_fold,
    returns=("W_folded", "b_folded"),
    cases=lambda rng: {
        "one unit": (
            np.array([3.0, 2.0]), np.array([0.5, 1.0]), np.array([2.5, -1.0]),
            np.array([4.0, 0.25]), 0.0, np.array([[2.0, 1.0]]), np.array([1.0]),
        ),
        "three inputs, a large eps": _fold_case(rng, 2, 3, eps=0.5),
        "a square matrix": _fold_case(rng, 3, 3),
    },
    mistakes={
        "beta is scaled too: it is added after the scale": _changed_fold(
            lambda s, beta, mean, W, b: (W * s, b + W @ (s * (beta - mean)))
        ),
        "the mean is not scaled: it is subtracted before the scale": _changed_fold(
            lambda s, beta, mean, W, b: (W * s, b + W @ (beta - mean))
        ),
        "beta is forgotten": _changed_fold(
            lambda s, beta, mean, W, b: (W * s, b - W @ (s * mean))
        ),
        "the mean is forgotten": _changed_fold(lambda s, beta, mean, W, b: (W * s, b + W @ beta)),
        "the layer's own bias is forgotten": _changed_fold(
            lambda s, beta, mean, W, b: (W * s, W @ (beta - s * mean))
        ),
        "the shift goes through the folded weights: those have the scale in them already": (
            _changed_fold(lambda s, beta, mean, W, b: (W * s, b + (W * s) @ (beta - s * mean)))
        ),
        "eps is left out of the square root": lambda gamma, beta, mean, var, eps, W, b: _fold(
            gamma, beta, mean, var, 0.0, W, b
        ),
        "gamma is divided by the variance, not by its square root": (
            lambda gamma, beta, mean, var, eps, W, b: _fold(
                gamma, beta, mean, (var + eps) ** 2, 0.0, W, b
            )
        ),
        "the weights are not scaled, only the bias is changed": _changed_fold(
            lambda s, beta, mean, W, b: (W.copy(), b + W @ (beta - s * mean))
        ),
    },
    hints=(
        "Write down what one unit computes: the sum over j of "
        "w_j (gamma_j (a_j - mean_j) / sqrt(var_j + eps) + beta_j), plus b.",
        "Everything that multiplies a_j is the new weight; the rest is the new bias.",
        "scale = gamma / sqrt(var + eps). Column j of W gets scale[j], and W @ (beta - scale * "
        "mean) is added to b.",
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
        "dX is not divided by the standard deviation": _with_dx(
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


def _divided(dY, X_hat, gamma, std, count):
    means = (total.sum(axis=AXES, keepdims=True) / count for total in (dY, dY * X_hat))
    mean, along = means
    return (gamma / std).reshape(1, -1, 1, 1) * (dY - mean - X_hat * along)


IMAGES = Exercise(
    name="bn-images",
    verifies="the bug is gone: every place of every picture counts as an example",
    reference=_images,
    returns=("dX",),
    planted=lambda dY, X_hat, gamma, std: _divided(dY, X_hat, gamma, std, len(dY)),
    cases=lambda rng: {
        "one channel": _images_case(rng, (2, 1, 1, 2)),
        "three channels": _images_case(rng, (2, 3, 2, 2)),
        "every size different": _images_case(rng, (4, 3, 2, 5)),
    },
    mistakes={
        "the sums run over the batch only: a channel's places share the mean, too": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, axes=0)
        ),
        "the sums run over rows and columns only: all examples share the mean": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, axes=(2, 3))
        ),
        "the path through the mean is missing, which was right": lambda dY, X_hat, gamma, std: (
            _one_line(dY, X_hat, gamma, std, mean=False)
        ),
        "the path through the standard deviation is missing, which was right": (
            lambda dY, X_hat, gamma, std: _one_line(dY, X_hat, gamma, std, along=False)
        ),
        "gamma is left out, which was right": lambda dY, X_hat, gamma, std: _images(
            dY, X_hat, np.ones_like(gamma), std
        ),
        "the sums are divided by all numbers of the array: a channel has its own mean": (
            lambda dY, X_hat, gamma, std: _divided(dY, X_hat, gamma, std, dY.size)
        ),
        "the sums are divided by the places of one picture: all examples share the mean": (
            lambda dY, X_hat, gamma, std: _divided(dY, X_hat, gamma, std, dY.shape[2] * dY.shape[3])
        ),
    },
    hints=(
        "With pictures of a single pixel the code is right. Which of its lines does not know how "
        "many pixels there are?",
        "How many numbers go into one mean?",
        "len(dY) counts the examples. A mean over the axes 0, 2 and 3 is over N H W numbers.",
    ),
    numbers={"axes 0,": "given", " 2 and": "given", "and 3 is": "given"},
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


# bn-merge


def _merge(n1, mean1, var1, n2, mean2, var2):
    n = n1 + n2
    mean = (n1 * mean1 + n2 * mean2) / n
    return mean, (n1 * (var1 + (mean1 - mean) ** 2) + n2 * (var2 + (mean2 - mean) ** 2)) / n


def _with_var(change):
    def wrong(n1, mean1, var1, n2, mean2, var2):
        mean, var = _merge(n1, mean1, var1, n2, mean2, var2)
        return mean, change(n1, mean1, var1, n2, mean2, var2, mean, var)

    return wrong


def _merge_case(rng, n1, n2, d):
    return (
        n1, rng.standard_normal(d), 0.5 + rng.random(d), n2, 2 * rng.standard_normal(d),
        0.5 + rng.random(d),
    )  # fmt: skip


MERGE = Exercise(
    name="bn-merge",
    verifies="mean and variance of a batch that lies on two machines",
    reference=_merge,
    returns=("mean", "var"),
    cases=lambda rng: {
        "1, 3 and 8": (2, np.array([2.0]), np.array([1.0]), 1, np.array([8.0]), np.array([0.0])),
        "unequal parts": _merge_case(rng, 5, 12, 3),
        "equal parts": _merge_case(rng, 4, 4, 2),
    },
    mistakes={
        "the means' distance is left out: the parts differ from each other, too": _with_var(
            lambda n1, mean1, var1, n2, mean2, var2, mean, var: (n1 * var1 + n2 * var2) / (n1 + n2)
        ),
        "the larger part counts like the smaller one": lambda n1, mean1, var1, n2, mean2, var2: (
            _merge(1, mean1, var1, 1, mean2, var2)
        ),
        "the standard deviations are averaged in the place of the variances": (
            lambda n1, mean1, var1, n2, mean2, var2: _merge(
                n1, mean1, np.sqrt(var1), n2, mean2, np.sqrt(var2)
            )
        ),
        "the sum is divided by the number of examples less 1: the variance is the biased one": (
            _with_var(
                lambda n1, mean1, var1, n2, mean2, var2, mean, var: var * (n1 + n2) / (n1 + n2 - 1)
            )
        ),
        "the distances are not squared": _with_var(
            lambda n1, mean1, var1, n2, mean2, var2, mean, var: (
                (n1 * (var1 + abs(mean1 - mean)) + n2 * (var2 + abs(mean2 - mean))) / (n1 + n2)
            )
        ),
        "the whole distance of the two means is taken: what counts is that from the common mean": (
            _with_var(
                lambda n1, mean1, var1, n2, mean2, var2, mean, var: (
                    (n1 * var1 + n2 * var2) / (n1 + n2) + (mean1 - mean2) ** 2
                )
            )
        ),
        "the variances are added": _with_var(
            lambda n1, mean1, var1, n2, mean2, var2, mean, var: var1 + var2
        ),
    },
    hints=(
        "The mean is a weighted one. For the variance, ask first for the mean square of all "
        "scores.",
        "The mean square of one part is var1 + mean1**2.",
        "Weigh the two mean squares by n1 and n2, and subtract the square of the common mean.",
    ),
    numbers={"less 1: the": "given"},
)  # fmt: skip


# bn-settle: derive


def _settle(rate, lam, size):
    return (rate**2 * size**2 / (1 - (1 - rate * lam) ** 2)) ** 0.25


SETTLE = Exercise(
    name="bn-settle",
    verifies="the length at which weights settle between a gradient and a decay",
    reference=_settle,
    returns=("length",),
    entrywise=True,
    cases=lambda rng: {
        "rate 0.5, decay 1": (0.5, 1.0, 4.0),
        "a small rate": (0.1, 0.02, 3.0),
        "a large decay": (0.5, 0.7, 0.2),
        "a large gradient": (0.3, 0.4, 6.0),
    },
    mistakes={
        "the square root is taken: the gradient shrinks with the length, too": lambda r, lam, g: (
            np.sqrt(r**2 * g**2 / (1 - (1 - r * lam) ** 2))
        ),
        "no root is taken: that is the fourth power of the length": lambda r, lam, g: (
            r**2 * g**2 / (1 - (1 - r * lam) ** 2)
        ),
        "the square of rate times decay is left out, which is not small in every case": (
            lambda r, lam, g: (r * g**2 / (2 * lam)) ** 0.25
        ),
        "step and weights are added as lengths: they are at a right angle": lambda r, lam, g: (
            np.sqrt(g / lam)
        ),
        "the decay is not multiplied by the rate": lambda r, lam, g: (
            (r**2 * g**2 / (1 - (1 - lam) ** 2)) ** 0.25
        ),
        "the rate is not squared: the step's squared length is": lambda r, lam, g: (
            (r * g**2 / (1 - (1 - r * lam) ** 2)) ** 0.25
        ),
        "the size of the gradient is not squared: the step's squared length has its square": (
            lambda r, lam, g: (r**2 * g / (1 - (1 - r * lam) ** 2)) ** 0.25
        ),
        "the decay takes its share of the squared length": lambda r, lam, g: (
            (r * g**2 / lam) ** 0.25
        ),
    },
    hints=(
        "The gradient is at a right angle to the weights. What does Pythagoras say of the squared "
        "length after one step, if the weights are first multiplied by 1 - rate * lam?",
        "At the length L the gradient has the length size / L. Write down that L² is the same "
        "after the step.",
        "L² = (1 - rate lam)² L² + rate² size² / L². Multiply by L² and solve for its square.",
    ),
)


# bn-whiten: design


def _features(d):
    rng = np.random.default_rng([14, d])
    return 5 + rng.standard_normal((200, d)) @ rng.standard_normal((d, d)) * 3.0


def _whiten(X):
    centered = X - X.mean(axis=0)
    values, axes = np.linalg.eigh(centered.T @ centered / len(X))
    return centered @ axes / np.sqrt(values)


def _bowl(features):
    """Measure the condition number with a bias, and how much of the raw features is still there."""
    Y = np.asarray(features, dtype=float)
    if Y.ndim != 2 or len(Y) != 200 or not np.all(np.isfinite(Y)) or not 2 <= Y.shape[1] <= 4:
        return np.inf, 0.0
    basis, X = np.column_stack([Y, np.ones(len(Y))]), _features(Y.shape[1])
    left = X - basis @ np.linalg.lstsq(basis, X, rcond=None)[0]
    return float(np.linalg.cond(basis.T @ basis)), float(1 - left.var() / X.var(axis=0).mean())


WHITEN = Exercise(
    name="bn-whiten",
    verifies="features whose bowl is round",
    reference=_whiten,
    returns=("features",),
    view=_bowl,
    goals={"condition number": ("at most", 1.01), "share kept": ("at least", 0.999)},
    cases=lambda rng: {f"{d} features": (_features(d),) for d in (2, 3, 4)},
    mistakes={},
    hints=(
        "Which matrix has to be the identity, once the means are 0?",
        "Along the eigenvectors of their covariance matrix the features are uncorrelated. What is "
        "still wrong with their scales?",
        "values, axes = np.linalg.eigh(C); then centered @ axes, each column divided by the root "
        "of its eigenvalue.",
    ),
    numbers={"means are 0": "given"},
)


# bn-dropout: predict, then measure


def _shrunk(a, p):
    return float(np.sqrt(a.var() / (np.mean(a**2) / p - a.mean() ** 2)))


SHRUNK = Exercise(
    name="bn-dropout",
    verifies="what dropout in front of batch normalization leaves of the outputs in use",
    reference=_shrunk,
    returns=("sd",),
    entrywise=True,
    predicts="your prediction for ReLU outputs at p = 0.2",
    cases=lambda rng: {
        "0 and 2, half kept": (np.array([0.0, 2.0]), 0.5),
        "mostly kept, a mean far from 0": (3 + rng.standard_normal(50), 0.8),
        "both signs": (rng.standard_normal(40) - 0.3, 0.6),
        "ReLU outputs at p = 0.2": (np.maximum(rng.standard_normal(4000), 0), 0.2),
    },
    mistakes={
        "the root is missing: that is the share of the variance": lambda a, p: _shrunk(a, p) ** 2,
        "the fraction is upside down: the layer divides by too much": lambda a, p: (
            1 / _shrunk(a, p)
        ),
        "the probabilities of keeping and of dropping are swapped": lambda a, p: _shrunk(a, 1 - p),
        "the kept values are not divided by p": lambda a, p: float(
            np.sqrt(a.var() / (p * np.mean(a**2) - p**2 * a.mean() ** 2))
        ),
        "the variance is taken to grow by the factor 1/p: the mean does not grow": lambda a, p: (
            float(np.sqrt(p))
        ),
    },
    hints=(
        "Which variance do the running averages hold, and which one do the values have in use?",
        "What comes out in use has the variance of a, divided by the running one.",
        "The running variance is mean(a**2) / p - mean(a)**2. Divide, and take the root.",
    ),
    numbers={"factor 1/p": "given"},
)


EXERCISES = [STARTUP, FOLD, MERGE, FROZEN, IMAGES, RMS, SETTLE, WHITEN, SHRUNK]
