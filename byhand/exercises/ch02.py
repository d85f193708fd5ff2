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
        p, q = x + y, max(y, z)
        return q, sum_path * q + max_path * p * (y > z), p * (z > y)

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
        "Name what each gate makes: p = x + y, q = max(y, z), f = p q. Which gates read y?",
        "The product swaps: df/dp is q and df/dq is p.",
        "dx = q. dz is p if z is the larger one, else 0. dy is q, plus p if y is the larger one.",
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
    verifies="a row pulled back to the weights of a tanh layer",
    reference=lambda v, x, W, b: np.outer(v * _slope(x, W, b), x),
    returns=("vJ",),
    without=frozenset({"diag", "diagflat"}),
    cases=lambda rng: {
        "three units, two inputs": (np.array([1.0, -2.0, 0.5]), *SMALL_LAYER),
        "as many units as inputs": (rng.standard_normal(3), *_layer(rng, 3, 3)),
        "two units, six inputs": (rng.standard_normal(2), *_layer(rng, 2, 6)),
        "one unit, one input": (rng.standard_normal(1), *_layer(rng, 1, 1)),
    },
    mistakes={
        "the derivative of tanh is left out": lambda v, x, W, b: np.outer(v, x),
        "v is left out": lambda v, x, W, b: np.outer(_slope(x, W, b), x),
        "the bias is left out of the sum": lambda v, x, W, b: np.outer(v * _slope(x, W, 0 * b), x),
        "the square is missing: the derivative of tanh is 1 - a²": lambda v, x, W, b: np.outer(
            v * (1 - np.tanh(W @ x + b)), x
        ),
        "tanh takes the place of its derivative": lambda v, x, W, b: np.outer(
            v * np.tanh(W @ x + b), x
        ),
        "the result is transposed: it has the shape of W": lambda v, x, W, b: np.outer(
            x, v * _slope(x, W, b)
        ),
        "v is pulled back to the inputs: asked are the weights": lambda v, x, W, b: (
            (v * _slope(x, W, b)) @ W
        ),
        "the weights are multiplied in: the derivative of W x by W holds x and no W": (
            lambda v, x, W, b: np.outer(v * _slope(x, W, b), x) * W
        ),
        "the input is left out: z changes by x_j where W_ij changes by 1": lambda v, x, W, b: (
            np.outer(v * _slope(x, W, b), np.ones_like(x))
        ),
    },
    hints=(
        "The weight W_ij takes part in z_i only, and is multiplied by x_j there.",
        "So a_i changes by (1 - a_i²) x_j times the change of W_ij, and v_i weighs it.",
        "Entry (i, j) is v_i (1 - a_i²) x_j: np.outer of a vector (m,) and of x.",
    ),
    numbers={"(1 - a_i²) x_j times": "given", "v_i (1 -": "given"},
)


def _along_weights(U, x, W, b):
    return _slope(x, W, b) * (U @ x)


def _weights_case(rng, m, n):
    return rng.standard_normal((m, n)), *_layer(rng, m, n)


LAYER_JVP = Exercise(
    name="layer-jvp",
    verifies="a change of all weights at once pushed through a tanh layer",
    reference=lambda U, x, W, b: _along_weights(U, x, W, b),
    returns=("JU",),
    cases=lambda rng: {
        "three units, two inputs": (np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.5]]), *SMALL_LAYER),
        "as many units as inputs": _weights_case(rng, 3, 3),
        "two units, six inputs": _weights_case(rng, 2, 6),
    },
    mistakes={
        "the derivative of tanh is left out": lambda U, x, W, b: U @ x,
        "the bias is added to the change: a shift moves no differences": lambda U, x, W, b: (
            _slope(x, W, b) * (U @ x + b)
        ),
        "the bias is left out of the sum in which the tanh is taken": lambda U, x, W, b: (
            _along_weights(U, x, W, 0 * b)
        ),
        "the derivative is taken at the direction U: it belongs to the weights W": (
            lambda U, x, W, b: _along_weights(U, x, U, b)
        ),
        "the layer is computed with W + U: that is a new value, not a derivative": (
            lambda U, x, W, b: np.tanh((W + U) @ x + b)
        ),
        "a difference of two values is taken: the change is not small": lambda U, x, W, b: (
            np.tanh((W + U) @ x + b) - np.tanh(W @ x + b)
        ),
        "tanh takes the place of its derivative": lambda U, x, W, b: np.tanh(W @ x + b) * (U @ x),
        "U is multiplied by W entry by entry: W says where, not how far": lambda U, x, W, b: (
            _slope(x, W, b) * ((U * W) @ x)
        ),
        "the input is left out: U is summed along its rows": lambda U, x, W, b: (
            _slope(x, W, b) * U.sum(axis=1)
        ),
    },
    hints=(
        "When W changes by U times a small number, by how much does z = W x + b change?",
        "z changes by U x times that number, and a by 1 - a² of it. The bias stays.",
        "Multiply U @ x by 1 - a**2, where a is tanh of the layer's sum.",
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
        "the examples' gradients are multiplied with themselves: that is no second derivative": (
            lambda w, X, y: X.T @ (((sigmoid(X @ w) - y) ** 2)[:, np.newaxis] * X) / len(X)
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


# second-difference: derive it


def _best_step(f, fourth, *, truncation=1 / 12, rounding=4.0):
    """Return the step at which truncation h² and rounding / h² have the smallest sum."""
    return (rounding * 2.0**-53 * abs(f) / (truncation * abs(fourth))) ** 0.25


SECOND_DIFFERENCE = Exercise(
    name="second-difference",
    verifies="what you derived: the best step of a second difference",
    reference=lambda f, fourth: _best_step(f, fourth),
    returns=("h",),
    tolerance=1e-6,
    cases=lambda rng: {
        "both are 1": (1.0, 1.0),
        "both below zero": (-2.0, -0.5),
        "a flat function of a large value": (1000.0, 0.01),
        "two seeded numbers": tuple(rng.standard_normal(2)),
    },
    mistakes={
        "the middle value's error is counted once: f(x) has the factor 2": (
            lambda f, fourth: _best_step(f, fourth, rounding=3.0)
        ),
        "two values are off and not three, one of them with the factor 2": (
            lambda f, fourth: _best_step(f, fourth, rounding=2.0)
        ),
        "a single value is off and not three, one of them with the factor 2": (
            lambda f, fourth: _best_step(f, fourth, rounding=1.0)
        ),
        "one of the two rests of fourth order is forgotten: 1/24 and 1/24 make 1/12": (
            lambda f, fourth: _best_step(f, fourth, truncation=1 / 24)
        ),
        "rounding is divided by h and not by h²": lambda f, fourth: (
            (24 * 2.0**-53 * abs(f / fourth)) ** (1 / 3)
        ),
        "the fourth power is not undone: the fourth root is missing": lambda f, fourth: (
            _best_step(f, fourth) ** 4
        ),
        "the square root is taken where the fourth root belongs": lambda f, fourth: (
            _best_step(f, fourth) ** 2
        ),
        "f is left out": lambda f, fourth: _best_step(1.0, fourth),
        "the fourth derivative is left out": lambda f, fourth: _best_step(f, 1.0),
        "f and its fourth derivative have changed places": lambda f, fourth: _best_step(fourth, f),
        "the unit roundoff is taken to be that of float32": lambda f, fourth: (
            _best_step(f, fourth) * 2.0 ** (29 / 4)
        ),
    },
    hints=(
        "Write f(x + h) and f(x - h) up to the fourth derivative and add them. What cancels?",
        "The truncation is h²/12 times the fourth derivative. Three values are rounded, one of "
        "them counts twice, and all is divided by h².",
        "Set the derivative of h²/12 |f''''| + 4 u |f| / h² to zero; u is the unit roundoff.",
    ),
    numbers={
        "h²/12 times": "given",
        "Three values": "given",
        "one of them": "given",
        "h²/12 |f": "given",
        "+ 4 u": "given",
    },
)


# reuse-bug: find the bug


def _swept(*, store=None, order=reversed, upstream=True, local=True):
    """Return a backward sweep over gates, or a wrong one."""

    def sweep(gates, values, wanted):
        grads = dict.fromkeys(values, 0.0) | {list(gates)[-1]: 1.0}
        for node, (reads, _, slopes) in order(list(gates.items())):
            for name, slope in zip(reads, slopes(*(values[r] for r in reads)), strict=True):
                share = (grads[node] if upstream else 1.0) * (slope if local else 1.0)
                grads[name] = store(grads[name], share) if store else grads[name] + share
        return [float(grads[name]) for name in wanted]

    return sweep


def _gates(inputs, **gates):
    """Return gates, the value of every node, and the inputs' names."""
    values = dict(inputs)
    for node, (reads, function, _) in gates.items():
        values[node] = function(*(values[name] for name in reads))
    return gates, values, list(inputs)


def _multiply(a, b):
    return a * b


def _swap(a, b):
    return b, a


def _add(a, b):
    return a + b


def _copy(a, b):
    return 1.0, 1.0


def _own_slope(p):
    return (np.exp(p),)


def _times(*reads):
    return list(reads), _multiply, _swap


def _plus(*reads):
    return list(reads), _add, _copy


def _reuse_cases(rng):
    x, y, z = rng.standard_normal(3)
    return {
        "f = x y + z, each read once": _gates(
            {"x": 2.0, "y": -3.0, "z": 1.0}, p=_times("x", "y"), f=_plus("p", "z")
        ),
        "f = (x + y) y": _gates({"x": 2.0, "y": 3.0}, p=_plus("x", "y"), f=_times("p", "y")),
        "f = x x, one gate reads x twice": _gates({"x": 3.0}, f=_times("x", "x")),
        "a gate's output is read twice": _gates(
            {"x": x, "y": y, "z": z},
            p=_times("x", "y"),
            e=(["p"], np.exp, _own_slope),
            q=_plus("p", "e"),
            r=_times("q", "p"),
            f=_plus("r", "z"),
        ),
    }


REUSE_BUG = Exercise(
    name="reuse-bug",
    verifies="the bug is gone: every path is counted",
    reference=lambda gates, values, wanted: _swept()(gates, values, wanted),
    returns=("gradients",),
    view=lambda answer: np.array(answer, dtype=float),
    planted=_swept(store=lambda old, share: share),
    cases=_reuse_cases,
    mistakes={
        "the first share that arrives is kept and the later ones are dropped": _swept(
            store=lambda old, share: old or share
        ),
        "the shares are multiplied: paths add up": _swept(
            store=lambda old, share: old * share if old else share
        ),
        "the shares are averaged: they are added": _swept(
            store=lambda old, share: (old + share) / 2 if old else share
        ),
        "the upstream gradient is left out, which was right": _swept(upstream=False),
        "the local gradient is left out, which was right": _swept(local=False),
        "the gates are walked from the inputs to the output: backward starts at the output": (
            _swept(order=lambda items: items)
        ),
    },
    hints=(
        "In which cases does it fail? Look for a name that two gates read, or one gate twice.",
        "Print grads after each gate for f = (x + y) y. What happens to the entry of y?",
        "A share is added to what has arrived before: += instead of =.",
    ),
    numbers={"two gates read": "given"},
)


# edge-formula: design


def _measure_formula(answer):
    """Measure a formula: its points, how far left it reaches, and its worst relative error."""
    offsets, weights = (np.asarray(part, dtype=float).ravel() for part in answer)
    pairs = [
        (np.exp, np.exp),
        (lambda x: np.exp(-2 * x), lambda x: -2 * np.exp(-2 * x)),
        (lambda x: np.sin(x + 0.5), lambda x: np.cos(x + 0.5)),
        (lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2),
        (lambda x: np.log(2 + x), lambda x: 1 / (2 + x)),
    ]
    errors = [
        abs(np.sum(weights * f(x + offsets)) / slope(x) - 1)
        for f, slope in pairs
        for x in (0.0, 0.01, 0.1, 0.3)
    ]
    return len(offsets), float(offsets.min(initial=0.0)), float(max(errors))


def _edge_formula(h=1e-4):
    return h * np.arange(4.0), np.array([-11.0, 18.0, -9.0, 2.0]) / (6 * h)


EDGE_FORMULA = Exercise(
    name="edge-formula",
    verifies="a formula that stays on one side and keeps ten digits",
    reference=lambda: _edge_formula(),
    returns=("offsets", "weights"),
    view=_measure_formula,
    goals={
        "points": ("at most", 4),
        "leftmost": ("at least", 0),
        "error": ("at most", 5e-11),
    },
    mistakes={},
    hints=(
        "With two points the best error is about 1e-8. Each further point can cancel one more "
        "term of Taylor's formula.",
        "For points at 0, h, 2h, 3h ask that the weights differentiate 1, x, x² and x³ exactly at "
        "0: four linear equations for four weights.",
        "np.linalg.solve on the transposed Vandermonde matrix gives them. Then choose h: "
        "truncation falls with h³, rounding grows with 1/h.",
    ),
    numbers={
        "With two points": "given",
        "about 1e-8": "given",
        "one more": "given",
        "four linear": "given",
        "four weights": "given",
    },
)


# random-direction: predict, then measure


def _mean_share(gradient, directions, *, length=True, each=True, size=np.abs):
    slopes = directions @ gradient
    if each:
        slopes = slopes / np.linalg.norm(directions, axis=1)
    return float(size(slopes).mean() / (np.linalg.norm(gradient) if length else 1.0))


RANDOM_DIRECTION = Exercise(
    name="random-direction",
    verifies="how much of the steepest slope a random direction meets",
    reference=lambda gradient, directions: _mean_share(gradient, directions),
    returns=("share",),
    predicts="your prediction of the share with 10,000 parameters",
    cases=lambda rng: {
        "two directions in the plane": (
            np.array([3.0, 4.0]),
            np.array([[2.0, 0.0], [0.0, -1.0]]),
        ),
        "ten directions, five parameters": (
            2 * rng.standard_normal(5),
            rng.standard_normal((10, 5)),
        ),
        "as many directions as parameters": (
            rng.standard_normal(4),
            3 * rng.standard_normal((4, 4)),
        ),
        "200 directions, 10,000 parameters": (
            rng.standard_normal(10_000),
            rng.standard_normal((200, 10_000)),
        ),
    },
    mistakes={
        "the directions are not brought to length 1": lambda gradient, directions: _mean_share(
            gradient, directions, each=False
        ),
        "the slope is not divided by the length of the gradient": lambda gradient, directions: (
            _mean_share(gradient, directions, length=False)
        ),
        "the sign is kept: up and down cancel in the mean": lambda gradient, directions: (
            _mean_share(gradient, directions, size=np.asarray)
        ),
        "the squares are averaged: asked is the mean of the sizes": lambda gradient, directions: (
            np.mean((directions @ gradient / np.linalg.norm(directions, axis=1)) ** 2)
            / np.linalg.norm(gradient) ** 2
        ),
        "the largest share is returned: asked is the mean": lambda gradient, directions: (
            np.abs(directions @ gradient / np.linalg.norm(directions, axis=1)).max()
            / np.linalg.norm(gradient)
        ),
        "a sum over the directions is returned: asked is the mean": lambda gradient, directions: (
            _mean_share(gradient, directions) * len(directions)
        ),
    },
    hints=(
        "The slope along a direction of length 1 is its product with the gradient.",
        "directions @ gradient gives one product per row. Divide by the rows' lengths, "
        "np.linalg.norm(directions, axis=1).",
        "Take absolute values, their mean, and divide by np.linalg.norm(gradient).",
    ),
)


EXERCISES = (
    NORMAL_EQUATIONS,
    GRAPH_BACKWARD,
    REUSE_BUG,
    LAYER_VJP,
    LAYER_JVP,
    HESSIAN,
    RANDOM_DIRECTION,
    SECOND_DIFFERENCE,
    EDGE_FORMULA,
    COMPLEX_STEP,
)
