"""Exercises of chapter 10, initialization."""

import itertools

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.layers import affine_forward, sigmoid_backward, sigmoid_forward

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


# init-spread: derive it

INIT_SPREAD = Exercise(
    name="init-spread",
    verifies="the spread you derived for a unit with two slopes",
    reference=lambda n_in, right, left: np.sqrt(2 / (n_in * (right**2 + left**2))),
    returns=("spread",),
    cases=lambda rng: {
        "ReLU: the slopes 1 and 0": (8, 1.0, 0.0),
        "a leak on the left": (50, 1.0, 0.2),
        "the absolute value": (200, 1.0, -1.0),
        "steep on the left, falling on the right": (30, -0.5, 3.0),
        "flat on the right": (12, 0.0, 0.7),
    },
    mistakes={
        "the variance is returned: asked is the standard deviation": lambda n_in, right, left: (
            2 / (n_in * (right**2 + left**2))
        ),
        "the slopes are added before they are squared: each half has its own mean square": (
            lambda n_in, right, left: np.sqrt(2 / (n_in * max((right + left) ** 2, 1e-300)))
        ),
        "the slopes are not squared: a mean square changes with the square": (
            lambda n_in, right, left: np.sqrt(2 / (n_in * (abs(right) + abs(left))))
        ),
        "each slope is taken for all scores: it holds for half of them": (
            lambda n_in, right, left: np.sqrt(1 / (n_in * (right**2 + left**2)))
        ),
        "the left slope is left out": lambda n_in, right, left: np.sqrt(
            2 / (n_in * max(right**2, 1e-300))
        ),
        "the slope of ReLU on the right is taken, 1, in place of the given one": (
            lambda n_in, right, left: np.sqrt(2 / (n_in * (1 + left**2)))
        ),
        "the number of inputs is left out": lambda n_in, right, left: np.sqrt(
            2 / (right**2 + left**2)
        ),
        "the bound of uniform weights is returned, √3 times as large: asked is the standard "
        "deviation": lambda n_in, right, left: np.sqrt(6 / (n_in * (right**2 + left**2))),
        "the 2 is outside of the root: it belongs to the variance": lambda n_in, right, left: (
            2 / np.sqrt(n_in * (right**2 + left**2))
        ),
    },
    hints=(
        "Which share of the mean square of z comes from the positive scores? What does the unit "
        "make of that share?",
        "Half of it, times the square of the right slope; and the other half times the square of "
        "the left one. This factor, n_in and the variance have to make 1.",
        "The variance is 2 / (n_in * (right**2 + left**2)), and asked is its root.",
    ),
    numbers={
        "it holds for half": "given", "√3 times": "given", "Half of it": "given",
        "the other half": "given",
    },
)  # fmt: skip


# init-uniform: derive it

INIT_UNIFORM = Exercise(
    name="init-uniform",
    verifies="the share of a signal that uniform weights keep",
    reference=lambda bound, n_in, depth: (n_in * bound**2 / 6) ** depth,
    returns=("share",),
    entrywise=True,
    cases=lambda rng: {
        "one layer": (0.6, 5, 1),
        "the default, ten layers of 100 units": (0.1, 100, 10),
        "no layer at all": (0.3, 7, 0),
        "a bound that is too large, three layers": (1.5, 40, 3),
    },
    mistakes={
        "ReLU is left out: it halves the mean square": lambda bound, n_in, depth: (
            (n_in * bound**2 / 3) ** depth
        ),
        "the variance is taken to be the squared bound: most weights are smaller": (
            lambda bound, n_in, depth: (n_in * bound**2 / 2) ** depth
        ),
        "the variance is that of an interval of length b, b²/12: this one is 2b long": (
            lambda bound, n_in, depth: (n_in * bound**2 / 24) ** depth
        ),
        "the bound is not squared": lambda bound, n_in, depth: (n_in * bound / 6) ** depth,
        "the depth multiplies: it is an exponent": lambda bound, n_in, depth: (
            depth * n_in * bound**2 / 6
        ),
        "the number of inputs is left out": lambda bound, n_in, depth: (bound**2 / 6) ** depth,
        "the root is taken: asked is the share of the mean square": lambda bound, n_in, depth: (
            (n_in * bound**2 / 6) ** (depth / 2)
        ),
    },
    hints=(
        "The variance of a number with mean 0 is the integral of x² times its density, which is "
        "1/(2b) between -b and b.",
        "It is b²/3. What do one layer's weights and its ReLU make of the mean square?",
        "One layer multiplies by n_in * bound**2 / 6.",
    ),
)  # fmt: skip


# init-factor: find the bug


def _rows(W):
    return W.shape[0]


def _total(units=_rows, slope=lambda s: np.mean(s**2), size=lambda W: np.mean(W**2), last=None):
    """Return the product of the layers' factors, or a wrong one."""

    def answer(Ws, slopes):
        pairs = list(zip(Ws, slopes, strict=True))[:last]
        return float(np.prod([units(W) * size(W) * slope(s) for W, s in pairs]))

    return answer


def _narrowing(rng, *widths):
    Ws = [rng.standard_normal((m, n)) / np.sqrt(n) for n, m in itertools.pairwise(widths)]
    return Ws, [rng.random((6, n)) for n in widths[:-1]]


INIT_FACTOR = Exercise(
    name="init-factor",
    verifies="the bug is gone: the factor is right for layers of any width",
    reference=lambda Ws, slopes: _total()(Ws, slopes),
    returns=("factor",),
    entrywise=True,
    planted=_total(units=lambda W: W.shape[1]),
    cases=lambda rng: {
        "one matrix from two units to one": (
            [np.array([[1.0, -2.0]])], [np.array([[1.0, 0.5], [0.0, 1.0]])]
        ),
        "8, 5 and 2 units": _narrowing(rng, 8, 5, 2),
        "from 3 units to 9, and to 4": _narrowing(rng, 3, 9, 4),
    },
    mistakes={
        "the slopes are not squared, which was right": _total(slope=np.mean),
        "the mean slope is squared: the mean of the squares was right": _total(
            slope=lambda s: np.mean(s) ** 2
        ),
        "the number of units is left out": _total(units=lambda W: 1),
        "the number of entries takes the place of the number of units": _total(
            units=lambda W: W.size
        ),
        "the mean of both numbers of units is taken, as in Xavier's rule": _total(
            units=lambda W: sum(W.shape) / 2
        ),
        "the squares are added up over the whole matrix: their mean was right": _total(
            size=lambda W: np.sum(W**2)
        ),
        "the slopes are left out": _total(slope=lambda s: 1.0),
        "the last matrix is left out": _total(last=-1),
        "the larger of both numbers of units is taken": _total(units=lambda W: max(W.shape)),
    },
    hints=(
        "Measure one layer from 300 units to 100: by which factor does the mean square of an error "
        "change?",
        "An error of a lower unit is a sum over the units that read it. Which axis of W counts "
        "them?",
        "W.shape[0].",
    ),
    numbers={"from 300": "given", "to 100": "given"},
)  # fmt: skip


# init-bounds: predict, then measure


def _largest(W):
    return np.linalg.svd(W, compute_uv=False).max()


def _looseness(Ws, x, *, stretch=_largest, order=1, length=np.linalg.norm, start=np.linalg.norm):
    bound, image = start(x), x
    for W in Ws[::order]:
        bound, image = bound * stretch(W), W @ image
    return float(bound / length(image))


INIT_BOUNDS = Exercise(
    name="init-bounds",
    verifies="how far a bound by singular values is from what a random signal meets",
    reference=lambda Ws, x: _looseness(Ws, x),
    returns=("looseness",),
    entrywise=True,
    predicts="your prediction for ten layers of 64 units",
    cases=lambda rng: {
        "one shear": ([np.array([[0.5, 2.0], [0.0, 0.5]])], np.array([3.0, 0.0])),
        "a stretch and a turn": (
            [np.diag([3.0, 0.5]), np.array([[0.0, -1.0], [2.0, 0.0]])], np.array([1.0, 2.0])
        ),
        "three matrices": ([rng.standard_normal((3, 3)) for _ in range(3)], rng.standard_normal(3)),
        "ten layers of 64 units": (
            [rng.standard_normal((64, 64)) / 8 for _ in range(10)], rng.standard_normal(64)
        ),
    },
    mistakes={
        "eigenvalues are taken: a shear stretches by more than any of them": lambda Ws, x: (
            _looseness(Ws, x, stretch=lambda W: np.abs(np.linalg.eigvals(W)).max())
        ),
        "the smallest singular values are taken: that is the lower bound": lambda Ws, x: (
            _looseness(Ws, x, stretch=lambda W: np.linalg.svd(W, compute_uv=False).min())
        ),
        "all singular values are multiplied: the bound has the largest of each matrix": (
            lambda Ws, x: _looseness(
                Ws, x, stretch=lambda W: np.linalg.svd(W, compute_uv=False).prod()
            )
        ),
        "the root of the sum of all squared entries takes the place of the largest singular "
        "value": lambda Ws, x: _looseness(Ws, x, stretch=np.linalg.norm),
        "the length of x is left out of the bound": lambda Ws, x: (
            _looseness(Ws, x, start=lambda x: 1.0)
        ),
        "the ratio is upside down": lambda Ws, x: 1 / _looseness(Ws, x),
        "the squared length is taken below": lambda Ws, x: (
            _looseness(Ws, x, length=lambda z: z @ z)
        ),
        "the matrices are applied in the opposite order: W1 comes first": lambda Ws, x: (
            _looseness(Ws, x, order=-1)
        ),
        "the largest singular value of the whole product is taken: the bound goes layer by layer": (
            lambda Ws, x: float(
                _largest(np.linalg.multi_dot([np.eye(len(x)), *Ws[::-1]]))
                * np.linalg.norm(x) / _looseness_image(Ws, x)
            )
        ),
    },
    hints=(
        "What is the largest singular value of one such matrix? Draw one and look.",
        "np.linalg.svd(W, compute_uv=False) gives the singular values. Multiply the largest of "
        "each matrix with the length of x.",
        "Apply the matrices one after the other, W1 first, and divide the bound by the length of "
        "what comes out.",
    ),
)  # fmt: skip


def _looseness_image(Ws, x):
    for W in Ws:
        x = W @ x
    return np.linalg.norm(x)


# init-clip


def _all_length(grads):
    return np.sqrt(sum(np.sum(g**2) for g in grads))


def _clip(grads, max_norm, *, length=_all_length):
    factor = max_norm / max(max_norm, length(grads))
    return tuple(factor * g for g in grads)


def _layers(rng, *shapes, size=1.0):
    return [size * rng.standard_normal(shape) for shape in shapes]


INIT_CLIP = Exercise(
    name="init-clip",
    verifies="a gradient of many arrays that is shortened and keeps its direction",
    reference=lambda grads, max_norm: _clip(grads, max_norm),
    returns=("grads",),
    view=lambda answer: np.concatenate([np.ravel(np.asarray(g, dtype=float)) for g in answer]),
    cases=lambda rng: {
        "two numbers, too long": ([np.array([3.0]), np.array([4.0])], 1.0),
        "short enough": ([np.array([[0.3, 0.4]]), np.array([0.1])], 2.0),
        "a matrix and a vector": (_layers(rng, (3, 4), (3,), size=3.0), 2.0),
        "each array is short, all of them are not": (_layers(rng, *[(2, 2)] * 6, size=0.5), 1.6),
        "no gradient at all": ([np.zeros(3), np.zeros((2, 3))], 1.0),
    },
    mistakes={
        "each array is clipped by itself: that turns the whole gradient": lambda grads, max_norm: (
            tuple(_clip([g], max_norm)[0] for g in grads)
        ),
        "each entry is clipped: that turns the gradient": lambda grads, max_norm: tuple(
            np.clip(g, -max_norm, max_norm) for g in grads
        ),
        "the lengths of the arrays are added: their squares add up": lambda grads, max_norm: _clip(
            grads, max_norm, length=lambda grads: sum(np.linalg.norm(g) for g in grads)
        ),
        "the largest of the arrays' lengths is taken": lambda grads, max_norm: _clip(
            grads, max_norm, length=lambda grads: max(np.linalg.norm(g) for g in grads)
        ),
        "the length is not under a root": lambda grads, max_norm: _clip(
            grads, max_norm, length=lambda grads: _all_length(grads) ** 2
        ),
        "short gradients are made longer: the factor is at most 1": lambda grads, max_norm: tuple(
            g * max_norm / max(_all_length(grads), 1e-300) for g in grads
        ),
        "max_norm is missing: the result has length 1": lambda grads, max_norm: tuple(
            g / _all_length(grads) if _all_length(grads) > max_norm else g for g in grads
        ),
        "the fraction is upside down": lambda grads, max_norm: tuple(
            g * max(1.0, _all_length(grads) / max_norm) for g in grads
        ),
        "a gradient that is too long is dropped: it should be shortened": lambda grads, max_norm: (
            tuple(0 * g if _all_length(grads) > max_norm else g for g in grads)
        ),
    },
    hints=(
        "How long is the vector that has the entries of all arrays? One factor for all of them "
        "follows from it.",
        "The square of its length is the sum of the squares of all entries. The factor is 1, or "
        "max_norm divided by the length.",
        "Division by zero: divide max_norm by max(max_norm, length).",
    ),
    numbers={"result has length 1": "given"},
)


# init-start: design


def _up_and_down(weights):
    """Send a signal up and an error down through layers of moved sigmoids.

    Returns the factor of the errors' mean square from the top scores to those of layer 1, twice
    (it has a least and a largest value to keep), and the mean square of the outputs.
    """
    rng = np.random.default_rng(7)
    weights = np.asarray(weights, dtype=float)
    a, delta = rng.standard_normal((2, 50, weights.shape[-1]))
    caches = []
    for W in weights:
        s, cache = sigmoid_forward(affine_forward(a, W, np.zeros(len(W)))[0])
        a = s - 0.5
        caches.append(cache)
    top = np.mean(delta**2)
    for W, cache in zip(weights[:0:-1], caches[-2::-1], strict=True):
        delta = sigmoid_backward(delta @ W, cache)
    factor = float(np.mean(delta**2) / top)
    return factor, factor, float(np.mean(a**2))


INIT_START = Exercise(
    name="init-start",
    verifies="a start for a unit that no rule of the chapter was made for",
    reference=lambda draws: np.sqrt(25 / draws.shape[-1]) * draws,
    returns=("weights",),
    view=_up_and_down,
    goals={
        "least factor": ("at least", 0.1),
        "largest factor": ("at most", 10),
        "mean square": ("at least", 0.01),
    },
    cases=lambda rng: {
        f"network {k}": (np.random.default_rng([k, 3]).standard_normal((20, 100, 100)),)
        for k in (1, 2, 3)
    },
    mistakes={},
    hints=(
        "The slope of the sigmoid at 0 is 1/4. Which variance makes the factor of the errors 1, "
        "if all scores are near 0?",
        "It is 16/D. The scores are not all near 0, so the slopes are a little smaller: what "
        "follows for the weights?",
        "Scale the draws by the root of a number between 24 and 32, divided by D.",
    ),
    numbers={
        "slope of the sigmoid at 0": "given",
        "errors 1, if": "given",
        "It is 16": "given",
        "between 24": "given",
        "and 32": "given",
    },
)  # fmt: skip


EXERCISES = [
    INIT_SCORE,
    INIT_SPREAD,
    INIT_UNIFORM,
    INIT_FACTOR,
    INIT_BOUNDS,
    INIT_CLIP,
    INIT_START,
]
