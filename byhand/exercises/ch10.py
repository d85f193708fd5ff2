"""Exercises of chapter 10, initialization."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.optimizers import clip_by_norm

# init-score

INIT_SCORE = Exercise(
    name="init-score",
    verifies="how the spread of a score follows from weights and inputs",
    reference=lambda n_in, var_w, mean_x, var_x: n_in * var_w * (var_x + mean_x**2),
    returns=("variance",),
    cases=lambda rng: {
        "inputs with mean 0": (100, 0.02, 0.0, 1.5),
        "inputs with another mean": (4, 0.25, -2.0, 0.5),
        "inputs that are all the same": (10, 2.0, 3.0, 0.0),
    },
    mistakes={
        "the mean of the inputs is left out: it is their mean square that counts": (
            lambda n_in, var_w, mean_x, var_x: n_in * var_w * var_x
        ),
        "the mean is added without its square": (
            lambda n_in, var_w, mean_x, var_x: n_in * var_w * (var_x + mean_x)
        ),
        "the mean square is the variance minus the squared mean: it is the sum": (
            lambda n_in, var_w, mean_x, var_x: n_in * var_w * (var_x - mean_x**2)
        ),
        "the variances are averaged over the inputs: a score is a sum": (
            lambda n_in, var_w, mean_x, var_x: var_w * (var_x + mean_x**2)
        ),
        "it grows with n_in squared: the terms are independent, so their variances add up": (
            lambda n_in, var_w, mean_x, var_x: n_in**2 * var_w * (var_x + mean_x**2)
        ),
        "the square root is taken: asked is the variance": (
            lambda n_in, var_w, mean_x, var_x: np.sqrt(n_in * var_w * (var_x + mean_x**2))
        ),
    },
    hints=(
        "n_in terms, each with mean 0. Which expectation is the variance of one term?",
        "𝔼[w²] 𝔼[x²]. The second is not the variance of x, unless its mean is 0.",
        "𝔼[x²] = var_x + mean_x**2.",
    ),
)  # fmt: skip


# init-spread


def _spreads(forward, xavier, he):
    return lambda n_in, n_out: (forward(n_in, n_out), xavier(n_in, n_out), he(n_in, n_out))


def _forward(n_in, n_out):
    return np.sqrt(1 / n_in)


def _xavier(n_in, n_out):
    return np.sqrt(2 / (n_in + n_out))


def _he(n_in, n_out):
    return np.sqrt(2 / n_in)


INIT_SPREAD = Exercise(
    name="init-spread",
    verifies="three rules for the spread of start weights",
    reference=lambda n_in, n_out: _spreads(_forward, _xavier, _he)(n_in, n_out),
    returns=("forward", "xavier", "he"),
    cases=lambda rng: {
        "300 inputs, 100 units": (300, 100),
        "as many units as inputs": (50, 50),
        "2 inputs, 10 units": (2, 10),
    },
    mistakes={
        "variances are returned: asked are standard deviations": _spreads(
            lambda n, m: 1 / n, lambda n, m: 2 / (n + m), lambda n, m: 2 / n
        ),
        "n_in and n_out are swapped": lambda n_in, n_out: _spreads(_forward, _xavier, _he)(
            n_out, n_in
        ),
        "in Xavier's rule the 2 is missing: the mean of the two numbers is (n_in + n_out)/2": (
            _spreads(_forward, lambda n, m: np.sqrt(1 / (n + m)), _he)
        ),
        "Xavier's rule is taken as that of its uniform form, with a 6": _spreads(
            _forward, lambda n, m: np.sqrt(6 / (n + m)), _he
        ),
        "the bounds of uniform weights are returned, √3 times as large: asked are standard "
        "deviations": lambda n_in, n_out: tuple(
            np.sqrt(3) * s for s in _spreads(_forward, _xavier, _he)(n_in, n_out)
        ),
        "in He's rule the 2 is outside of the root: it belongs to the variance": _spreads(
            _forward, _xavier, lambda n, m: 2 / np.sqrt(n)
        ),
        "He's rule has no 2: half of the mean square is lost in ReLU": _spreads(
            _forward, _xavier, _forward
        ),
        "He's rule uses n_out, the backward form: asked is the forward one": _spreads(
            _forward, _xavier, lambda n, m: np.sqrt(2 / m)
        ),
    },
    hints=(
        "Each rule is a variance. What is the standard deviation?",
        "1/n_in, 2/(n_in + n_out) and 2/n_in are the variances.",
    ),
)


# init-factor

INIT_FACTOR = Exercise(
    name="init-factor",
    verifies="by how much the errors grow through a layer",
    reference=lambda W, slopes: len(W) * np.mean(W**2) * np.mean(slopes**2),
    returns=("factor",),
    cases=lambda rng: {
        "two units, three inputs": (
            np.array([[1.0, -1.0, 2.0], [0.0, 3.0, 1.0]]), np.array([1.0, 0.5, 0.0])
        ),
        "a square matrix with ReLU's slopes": (
            rng.standard_normal((6, 6)), (rng.random((4, 6)) < 0.5) * 1.0
        ),
        "small slopes": (rng.standard_normal((8, 3)), 0.25 * rng.random((5, 3))),
    },
    mistakes={
        "n_in is used: an error is a sum over the units that read, the rows of W": (
            lambda W, slopes: W.shape[1] * np.mean(W**2) * np.mean(slopes**2)
        ),
        "the slopes are not squared": lambda W, slopes: (
            len(W) * np.mean(W**2) * np.mean(slopes)
        ),
        "the mean slope is squared: the mean of the squares is meant": lambda W, slopes: (
            len(W) * np.mean(W**2) * np.mean(slopes) ** 2
        ),
        "the weights' squares are added up over the whole matrix": lambda W, slopes: (
            len(W) * np.sum(W**2) * np.mean(slopes**2)
        ),
        "the number of units is missing": lambda W, slopes: np.mean(W**2) * np.mean(slopes**2),
        "the slopes are left out": lambda W, slopes: len(W) * np.mean(W**2),
        "the square root is taken: asked is the factor of the mean square": lambda W, slopes: (
            np.sqrt(len(W) * np.mean(W**2) * np.mean(slopes**2))
        ),
    },
    hints=(
        "Three factors: a number of units, a mean over W, a mean over the slopes.",
        "Which axis of W counts the units that read? The first.",
        "len(W), np.mean(W**2), np.mean(slopes**2).",
    ),
)  # fmt: skip


# init-bounds


def _bounds(sizes):
    def answer(Ws):
        values = [sizes(W) for W in Ws]
        return np.prod([min(v) for v in values]), np.prod([max(v) for v in values])

    return answer


def _singular(W):
    return np.linalg.svd(W, compute_uv=False)


INIT_BOUNDS = Exercise(
    name="init-bounds",
    verifies="the least and the largest factor of a product of matrices, layer by layer",
    reference=lambda Ws: _bounds(_singular)(Ws),
    returns=("least", "largest"),
    cases=lambda rng: {
        "one shear": ([np.array([[0.5, 2.0], [0.0, 0.5]])],),
        "a stretch and a turn": ([np.diag([3.0, 0.5]), np.array([[0.0, -1.0], [1.0, 0.0]])],),
        "three matrices": ([rng.standard_normal((3, 3)) for _ in range(3)],),
    },
    mistakes={
        "eigenvalues are taken: a shear stretches by more than any of them": _bounds(
            lambda W: np.abs(np.linalg.eigvals(W))
        ),
        "the entries are taken": _bounds(lambda W: np.abs(W).ravel()),
        "the two are swapped": lambda Ws: _bounds(_singular)(Ws)[::-1],
        "the factors are added: a product multiplies them": lambda Ws: (
            sum(_singular(W).min() for W in Ws), sum(_singular(W).max() for W in Ws)
        ),
        "the singular values are squared: those of W transposed times W lack their root": _bounds(
            lambda W: _singular(W) ** 2
        ),
        "the singular values of the whole product are returned: asked is the layers' bound": (
            lambda Ws: (
                _singular(np.linalg.multi_dot([*Ws, np.eye(len(Ws[0]))])).min(),
                _singular(np.linalg.multi_dot([*Ws, np.eye(len(Ws[0]))])).max(),
            )
        ),
    },
    hints=(
        "np.linalg.svd(W, compute_uv=False) gives the singular values of one matrix.",
        "Multiply the smallest of all matrices, and multiply the largest.",
    ),
)  # fmt: skip


# init-clip


def _length(grad):
    return np.sqrt(np.sum(grad**2))


INIT_CLIP = Exercise(
    name="init-clip",
    verifies="a gradient that is shortened and keeps its direction",
    reference=lambda grad, max_norm: clip_by_norm(grad, max_norm),
    returns=("grad",),
    cases=lambda rng: {
        "too long": (np.array([3.0, 4.0]), 1.0),
        "short enough": (np.array([3.0, 4.0]), 10.0),
        "a matrix": (3 * rng.standard_normal((3, 4)), 2.0),
        "no gradient at all": (np.zeros(3), 1.0),
    },
    mistakes={
        "a gradient of length 0 is divided by its length": lambda grad, max_norm: (
            grad * np.minimum(1.0, max_norm / np.sqrt(np.sum(grad**2)))
        ),
        "each entry is clipped: that turns the gradient": lambda grad, max_norm: np.clip(
            grad, -max_norm, max_norm
        ),
        "short gradients are made longer: the factor is at most 1": lambda grad, max_norm: (
            grad * max_norm / max(_length(grad), 1e-300)
        ),
        "max_norm is missing: the result has length 1": lambda grad, max_norm: (
            grad / _length(grad) if _length(grad) > max_norm else grad
        ),
        "the length is not under a root": lambda grad, max_norm: (
            grad * min(1.0, max_norm / max(np.sum(grad**2), 1e-300))
        ),
        "the fraction is upside down": lambda grad, max_norm: (
            grad * min(1.0, _length(grad) / max_norm)
        ),
        "a gradient that is too long is dropped: it should be shortened": lambda grad, max_norm: (
            0 * grad if _length(grad) > max_norm else grad
        ),
    },
    hints=(
        "One factor for all entries: 1, or max_norm divided by the length.",
        "Division by zero: divide by max(max_norm, length) in place of the length.",
    ),
)


EXERCISES = [INIT_SCORE, INIT_SPREAD, INIT_FACTOR, INIT_BOUNDS, INIT_CLIP]
