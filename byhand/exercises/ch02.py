"""Exercises of chapter 02, calculus."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.activations import sigmoid

# normal-equations


def _fit(X, y):
    solution = np.linalg.lstsq(np.column_stack([X, np.ones(len(X))]), y)[0]
    return solution[:-1], solution[-1]


def _through_the_origin(X, y):
    return np.linalg.lstsq(X, y)[0], 0.0


def _ones_first(X, y):
    solution = np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), y)[0]
    return solution[:-1], solution[-1]


def _centered_inputs_only(X, y):
    w = np.linalg.lstsq(X - X.mean(axis=0), y)[0]
    return w, y.mean()


NORMAL_EQUATIONS = Exercise(
    name="normal-equations",
    verifies="the plane of least squares with its intercept",
    reference=_fit,
    returns=("w", "b"),
    without=frozenset({"inv"}),
    cases=lambda rng: {
        "the three points of the text": (
            np.array([[0.0], [1.0], [2.0]]),
            np.array([1.0, 3.0, 4.0]),
        ),
        "points on a plane": (
            np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
            np.array([1.0, 3.0, 0.0, 2.0]),
        ),
        "thirty points, four features": (rng.standard_normal((30, 4)), rng.standard_normal(30)),
    },
    mistakes={
        "the intercept is left out: the line is forced through the origin": _through_the_origin,
        "the column of ones is the first, so its weight is the first, not the last": _ones_first,
        "the intercept is the mean of y: that is right only where the features have mean 0": (
            _centered_inputs_only
        ),
        "y is not multiplied by X transposed, but by ones": lambda X, y: (
            np.linalg.solve(X.T @ X, np.full(X.shape[1], y.sum())),
            y.mean(),
        ),
        "all weights come back as one array: w without the last, and the last alone, are asked": (
            lambda X, y: np.append(*_fit(X, y))
        ),
    },
    hints=(
        "The intercept is a weight whose input is always 1. Give X one more column.",
        "With X1 the larger matrix, solve (X1.T @ X1) w = X1.T @ y.",
        "np.linalg.solve(A, c) solves A w = c. The last entry belongs to the ones.",
    ),
)


# graph-backward


def _paths(*, sum_path=True, max_path=True):
    """Return the gradients of (x + y) max(y, z), with or without one of y's two paths."""

    def gradients(x, y, z):
        q, m = x + y, max(y, z)
        return m, sum_path * m + max_path * q * (y > z), q * (z > y)

    return gradients


GRAPH_BACKWARD = Exercise(
    name="graph-backward",
    verifies="a graph in which one input is read twice",
    reference=_paths(),
    returns=("dx", "dy", "dz"),
    cases=lambda rng: {
        "x = 1, y = 2, z = 0": (1.0, 2.0, 0.0),
        "the maximum is z": (1.0, 2.0, 5.0),
        "all below zero": (-3.0, -1.5, -2.0),
        "seeded numbers": tuple(rng.standard_normal(3)),
    },
    mistakes={
        "the path from y through the maximum is left out: two gates read y": _paths(max_path=False),
        "the path from y through the sum is left out: two gates read y": _paths(sum_path=False),
        "the maximum hands its gradient to both: only the larger input gets it": lambda x, y, z: (
            max(y, z),
            max(y, z) + x + y,
            x + y,
        ),
        "the maximum hands its gradient to the smaller one": lambda x, y, z: (
            max(y, z),
            max(y, z) + (x + y) * (z > y),
            (x + y) * (y > z),
        ),
        "the product does not swap: each factor's gradient is the other factor": lambda x, y, z: (
            x + y,
            x + y + max(y, z) * (y > z),
            max(y, z) * (z > y),
        ),
        "y's two contributions are multiplied: paths add up": lambda x, y, z: (
            max(y, z),
            max(y, z) * (x + y) * (y > z),
            (x + y) * (z > y),
        ),
    },
    hints=(
        "Name what each gate makes: q = x + y, m = max(y, z), L = q m. Which gates read y?",
        "The product swaps: dL/dq is m and dL/dm is q.",
        "dx = m. dz is q if z is the larger one, else 0. dy is m, plus q if y is the larger one.",
    ),
)


# layer-vjp and layer-jvp


def _slope(x, W, b):
    return 1 - np.tanh(W @ x + b) ** 2


def _layer(rng, m, n):
    return rng.standard_normal(n), rng.standard_normal((m, n)), rng.standard_normal(m)


SMALL_LAYER = (
    np.array([1.0, -1.0]),
    np.array([[0.5, 0.0], [0.0, -1.0], [0.2, 0.1]]),
    np.array([0.0, -0.5, 0.4]),
)

LAYER_VJP = Exercise(
    name="layer-vjp",
    verifies="a row pulled back through a tanh layer",
    reference=lambda v, x, W, b: (v * _slope(x, W, b)) @ W,
    returns=("vJ",),
    without=frozenset({"diag", "diagflat"}),
    cases=lambda rng: {
        "three units, two inputs": (np.array([1.0, -2.0, 0.5]), *SMALL_LAYER),
        "as many units as inputs": (rng.standard_normal(3), *_layer(rng, 3, 3)),
        "two units, six inputs": (rng.standard_normal(2), *_layer(rng, 2, 6)),
    },
    mistakes={
        "the derivative of tanh is left out": lambda v, x, W, b: v @ W,
        "v is left out: this sums the rows of the Jacobian": lambda v, x, W, b: _slope(x, W, b) @ W,
        "the bias is left out of the sum": lambda v, x, W, b: (v * _slope(x, W, 0 * b)) @ W,
        "the square is missing: the derivative of tanh is 1 - a²": lambda v, x, W, b: (
            (v * (1 - np.tanh(W @ x + b))) @ W
        ),
        "the derivative is taken at v W: it belongs to the layer's own sum": lambda v, x, W, b: (
            (v @ W) * (1 - np.tanh(v @ W) ** 2)
        ),
        "the layer itself is applied to v: that is tanh, not its derivative": lambda v, x, W, b: (
            (v * np.tanh(W @ x + b)) @ W
        ),
        "the order is wrong: v meets the tanh first, then W": lambda v, x, W, b: (
            (W @ v) * _slope(x, W, b)
        ),
    },
    hints=(
        "The Jacobian is diag(1 - a²) W. v stands to its left: which does it meet first?",
        "Multiplying by a diagonal matrix is a product entry by entry.",
        "Multiply v by 1 - a**2, entry by entry, (m,). Then multiply by W from the right of it.",
    ),
)

LAYER_JVP = Exercise(
    name="layer-jvp",
    verifies="a direction pushed through a tanh layer",
    reference=lambda u, x, W, b: _slope(x, W, b) * (W @ u),
    returns=("Ju",),
    cases=lambda rng: {
        "three units, two inputs": (np.array([1.0, 2.0]), *SMALL_LAYER),
        "as many units as inputs": (rng.standard_normal(3), *_layer(rng, 3, 3)),
        "two units, six inputs": (rng.standard_normal(6), *_layer(rng, 2, 6)),
    },
    mistakes={
        "the derivative of tanh is left out": lambda u, x, W, b: W @ u,
        "the bias is added to the direction: a shift moves no differences": lambda u, x, W, b: (
            _slope(x, W, b) * (W @ u + b)
        ),
        "the bias is left out of the sum in which the tanh is taken": lambda u, x, W, b: (
            _slope(x, W, 0 * b) * (W @ u)
        ),
        "the derivative is taken at the direction u: it belongs to the point x": (
            lambda u, x, W, b: _slope(u, W, b) * (W @ u)
        ),
        "the layer is applied to x + u: that is a new value, not a derivative": (
            lambda u, x, W, b: np.tanh(W @ (x + u) + b)
        ),
        "a difference of two values is taken: the direction is not small": lambda u, x, W, b: (
            np.tanh(W @ (x + u) + b) - np.tanh(W @ x + b)
        ),
        "the vector is pulled back: from the right it meets W first, then the tanh": (
            lambda u, x, W, b: (u * _slope(x, W, b)) @ W
        ),
    },
    hints=(
        "The Jacobian is diag(1 - a²) W, and u stands to its right.",
        "W @ u has shape (m,). The bias does not move when x does.",
        "Multiply W @ u by 1 - a**2, where a is tanh of the layer's sum at x.",
    ),
)


# hessian


def _logistic_hessian(w, X, y, slope=lambda a: a * (1 - a)):
    return X.T @ (slope(sigmoid(X @ w))[:, np.newaxis] * X) / len(X)


HESSIAN = Exercise(
    name="hessian",
    verifies="the curvature of the logistic cost",
    reference=lambda w, X, y: _logistic_hessian(w, X, y),
    returns=("H",),
    cases=lambda rng: {
        "two examples, two weights": (
            np.array([0.5, -1.0]),
            np.array([[1.0, 2.0], [3.0, 0.0]]),
            np.array([1, 0]),
        ),
        "ten examples, three weights": (
            rng.standard_normal(3),
            rng.standard_normal((10, 3)),
            rng.integers(2, size=10),
        ),
        "fewer examples than weights": (
            rng.standard_normal(4),
            rng.standard_normal((2, 4)),
            np.array([0, 1]),
        ),
    },
    mistakes={
        "the 1/N is left out": lambda w, X, y: len(X) * _logistic_hessian(w, X, y),
        "the derivative of the sigmoid is left out: that is the Hessian of least squares": (
            lambda w, X, y: _logistic_hessian(w, X, y, slope=np.ones_like)
        ),
        "the sigmoid itself stands where its derivative belongs": lambda w, X, y: _logistic_hessian(
            w, X, y, slope=lambda a: a
        ),
        "the gradient is returned: differentiate it once more": lambda w, X, y: (
            X.T @ (sigmoid(X @ w) - y) / len(X)
        ),
        "the gradient is multiplied with itself: that is no second derivative": lambda w, X, y: (
            np.outer(X.T @ (sigmoid(X @ w) - y) / len(X), X.T @ (sigmoid(X @ w) - y) / len(X))
        ),
        "the error a - y is still there: the labels drop out of the second derivative": (
            lambda w, X, y: X.T @ ((sigmoid(X @ w) - y)[:, np.newaxis] * X) / len(X)
        ),
        "the product is (N, N): the weights are what is differentiated by": lambda w, X, y: (
            X @ X.T / len(X)
        ),
    },
    hints=(
        "The gradient is a chain from w: a product with X, the sigmoid, a product with X.T / N.",
        "Its Jacobian is the product of three Jacobians; the middle one is diagonal, a (1 - a).",
        "X.T times (a (1 - a) as a column, times X), divided by N.",
    ),
)


# complex-step


def _complex_gradient(f, x, h=1e-100):
    return np.array([f(x + 1j * h * e).imag / h for e in np.eye(x.size)])


def _central(f, x, h=1e-6):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(x.size)])


def _product_of_exponentials(x):
    return np.exp(x[0]) * np.sin(x[1])


def _sum_of_cubes(x):
    return np.sum(x**3)


def _squire_and_trapp(x):
    return np.exp(x[0]) / np.sqrt(np.sin(x[0]) ** 3 + np.cos(x[0]) ** 3)


COMPLEX_STEP = Exercise(
    name="complex-step",
    verifies="a gradient with no subtraction in it",
    reference=lambda f, x: _complex_gradient(f, x),
    returns=("gradient",),
    tolerance=1e-12,
    cases=lambda rng: {
        "exp(x0) sin(x1)": (_product_of_exponentials, np.array([1.0, 0.5])),
        "a sum of cubes": (_sum_of_cubes, rng.standard_normal(5)),
        "one variable": (_squire_and_trapp, np.array([1.5])),
    },
    mistakes={
        "h is not small: its square is left as an error": lambda f, x: _complex_gradient(
            f, x, 0.01
        ),
        "it is not divided by h": lambda f, x: 1e-100 * _complex_gradient(f, x),
        "the real part is taken, which holds f itself": lambda f, x: np.array(
            [f(x + 1e-100j * e).real / 1e-100 for e in np.eye(x.size)]
        ),
        "all entries move at once: that is the sum of the derivatives": lambda f, x: np.full(
            x.size, f(x + 1e-100j).imag / 1e-100
        ),
        "differences are taken: ten digits is all that they give": _central,
        "the step is real: there is no imaginary part then": lambda f, x: 0 * x,
    },
    hints=(
        "The imaginary part of f(x + ih) is h f'(x), nearly. In Python i is written 1j.",
        "Move one entry at a time: x + 1j * h * e, with e a row of np.eye(x.size).",
        "For each row e take f(x + 1j * h * e).imag / h, and make an array of them.",
    ),
)


EXERCISES = (NORMAL_EQUATIONS, GRAPH_BACKWARD, LAYER_VJP, LAYER_JVP, HESSIAN, COMPLEX_STEP)
