"""Exercises of chapter 04, a shallow network.

One hidden layer of tanh units and one output: ``X`` (N, D), ``W1`` (H, D), ``b1`` (H,),
``W2`` (1, H), ``b2`` (1,), and column vectors of scores, probabilities and labels, (N, 1).
"""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import datasets
from dlcore.activations import relu, sigmoid
from dlcore.layers import affine_forward


def _small_net():
    """Two inputs, three hidden units, numbers that fit on a line."""
    W1 = np.array([[1.0, -1.0], [0.5, 0.0], [0.0, 2.0]])
    return W1, np.array([0.1, -0.2, 0.3]), np.array([[2.0, -2.0, 0.5]]), np.array([0.25])


def _seeded_net(rng, D, H, C=1):
    return (
        rng.standard_normal((H, D)),
        rng.standard_normal(H),
        rng.standard_normal((C, H)),
        rng.standard_normal(C),
    )


# tanh-backward


def _stretched(dA, A, c, s, slope=lambda T: 1 - T**2):
    return dA * (c * s) * slope(A / c)


TANH_BACKWARD = Exercise(
    name="tanh-backward",
    verifies="the gradient pulled back through a stretched tanh, from its output alone",
    reference=lambda dA, A, c, s: _stretched(dA, A, c, s),
    returns=("dZ",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0, -1.0]]), np.array([[0.0, 0.9, -1.8]]), 3.0, 0.5),
        "saturated units": (np.array([[3.0, -3.0]]), np.array([[2.0, -1.9999]]), 2.0, 4.0),
        "a seeded batch": (
            rng.standard_normal((4, 3)), 1.7 * np.tanh(rng.standard_normal((4, 3))), 1.7, 0.6
        ),
        "as many rows as columns, c below 1": (
            rng.standard_normal((3, 3)), 0.4 * np.tanh(rng.standard_normal((3, 3))), 0.4, 1.5
        ),
    },
    mistakes={
        "the upstream gradient dA is left out": lambda dA, A, c, s: _stretched(1.0, A, c, s),
        "the factor s of the inner derivative is left out": (
            lambda dA, A, c, s: _stretched(dA, A, c, 1.0)
        ),
        "c and s are left out: this is the slope of tanh itself": (
            lambda dA, A, c, s: dA * (1 - A**2)
        ),
        "A is not divided by c inside: tanh(s Z) is A / c, not A": (
            lambda dA, A, c, s: dA * c * s * (1 - A**2)
        ),
        "the factor c in front is left out": lambda dA, A, c, s: _stretched(dA / c, A, c, s),
        "the tanh is taken once more: A / c is tanh(s Z) already": (
            lambda dA, A, c, s: _stretched(dA, A, c, s, lambda T: 1 - np.tanh(T) ** 2)
        ),
        "the square is missing: the derivative of tanh is 1 - tanh²": (
            lambda dA, A, c, s: _stretched(dA, A, c, s, lambda T: 1 - T)
        ),
        "the square is in the wrong place: 1 - tanh², not (1 - tanh)²": (
            lambda dA, A, c, s: _stretched(dA, A, c, s, lambda T: (1 - T) ** 2)
        ),
        "the sigmoid's derivative T (1 - T) takes the place of tanh's": (
            lambda dA, A, c, s: _stretched(dA, A, c, s, lambda T: T * (1 - T))
        ),
        "1 / s takes the place of s": lambda dA, A, c, s: _stretched(dA, A, c, 1 / s),
    },
    hints=(
        "Let T = tanh(s Z), so A = c T. Which derivative of T by Z does the chain rule give?",
        "The derivative of A by Z is c · s · (1 - T²), and T can be had from A.",
        "T = A / c. Local derivative times upstream gradient, entry by entry.",
    ),
)  # fmt: skip


# shallow-forward


def _columns(X, W1, b1, W2, b2, hidden=np.tanh):
    A1 = hidden(W1 @ X + b1[:, np.newaxis])  # (H, D) (D, N) -> (H, N)
    return W2 @ A1 + b2[:, np.newaxis]  # (C, H) (H, N) -> (C, N)


SHALLOW_FORWARD = Exercise(
    name="shallow-forward",
    verifies="the scores of a network with one hidden layer, one example per column",
    reference=lambda X, W1, b1, W2, b2: _columns(X, W1, b1, W2, b2),
    returns=("scores",),
    cases=lambda rng: {
        "one example, three hidden units": (np.array([[1.0], [2.0]]), *_small_net()),
        "five examples, two outputs": (rng.standard_normal((3, 5)), *_seeded_net(rng, 3, 4, 2)),
        "as many of everything": (rng.standard_normal((2, 2)), *_seeded_net(rng, 2, 2, 2)),
        "one hidden unit": (rng.standard_normal((3, 6)), *_seeded_net(rng, 3, 1)),
    },
    mistakes={
        "the tanh is missing: two affine layers in a row are one": lambda X, W1, b1, W2, b2: (
            _columns(X, W1, b1, W2, b2, hidden=lambda Z: Z)
        ),
        "ReLU takes the place of tanh": lambda X, W1, b1, W2, b2: _columns(
            X, W1, b1, W2, b2, hidden=relu
        ),
        "the sigmoid takes the place of tanh": lambda X, W1, b1, W2, b2: _columns(
            X, W1, b1, W2, b2, hidden=sigmoid
        ),
        "b1 is left out": lambda X, W1, b1, W2, b2: _columns(X, W1, 0 * b1, W2, b2),
        "b2 is left out": lambda X, W1, b1, W2, b2: _columns(X, W1, b1, W2, 0 * b2),
        "b1 is added after the tanh": lambda X, W1, b1, W2, b2: (
            W2 @ (np.tanh(W1 @ X) + b1[:, np.newaxis]) + b2[:, np.newaxis]
        ),
        "a tanh follows the output too: scores are the affine output": lambda X, W1, b1, W2, b2: (
            np.tanh(_columns(X, W1, b1, W2, b2))
        ),
        "the sigmoid is applied: asked are the scores": lambda X, W1, b1, W2, b2: sigmoid(
            _columns(X, W1, b1, W2, b2)
        ),
        "the scores come as rows, (N, C): here each example is a column": (
            lambda X, W1, b1, W2, b2: _columns(X, W1, b1, W2, b2).T
        ),
        "the biases run along the examples: b1 has one entry per row of W1 @ X": (
            lambda X, W1, b1, W2, b2: W2 @ np.tanh(W1 @ X + b1) + b2
        ),
        "X is taken as rows: here each column of X is one example": (
            lambda X, W1, b1, W2, b2: np.tanh(X @ W1.T + b1) @ W2.T + b2
        ),
    },
    hints=(
        "Write the shapes first: W1 is (H, D) and X is (D, N). Which product is (H, N)?",
        "A layer is W @ X + b for one column. For all columns the bias has to be a column too.",
        "b1[:, np.newaxis] is (H, 1) and is added to every column of W1 @ X. The output layer "
        "does the same with W2 and b2, without a tanh.",
    ),
)


# shallow-backward


def _shortcut(*, delta=lambda A2, y: A2 - y, slope=lambda A1: 1 - A1**2, end=lambda *d: d):
    """Return the backward pass with a shortcut, or one with a slip."""

    def backward(X, A1, A2, W1, W2, V, y):
        D2 = delta(A2, y) / len(X)  # (N, 1)
        D1 = D2 @ W2 * slope(A1)  # (N, 1) (1, H) -> (N, H)
        return end(D1.T @ X, D2.T @ A1, D2.T @ X, D1 @ W1 + D2 @ V)

    return backward


def _trained_batch(rng, N, D, H):
    X, y = rng.standard_normal((N, D)), rng.integers(2, size=(N, 1))
    W1, b1, W2, b2 = _small_net() if (D, H) == (2, 3) else _seeded_net(rng, D, H)
    V = rng.standard_normal((1, D))
    A1 = np.tanh(X @ W1.T + b1)
    return X, A1, sigmoid(A1 @ W2.T + X @ V.T + b2), W1, W2, V, y


SHALLOW_BACKWARD = Exercise(
    name="shallow-backward",
    verifies="all gradients of a network with a shortcut",
    reference=lambda X, A1, A2, W1, W2, V, y: _shortcut()(X, A1, A2, W1, W2, V, y),
    returns=("dW1", "dW2", "dV", "dX"),
    cases=lambda rng: {
        "one example": _trained_batch(rng, 1, 2, 3),
        "four examples, three hidden units": _trained_batch(rng, 4, 2, 3),
        "as many hidden units as inputs": _trained_batch(rng, 5, 2, 2),
        "thirty examples": _trained_batch(rng, 30, 3, 5),
    },
    mistakes={
        "the sign is flipped: the error is A2 - y, not y - A2": _shortcut(
            delta=lambda A2, y: y - A2
        ),
        "the sum over the examples is not divided by N": _shortcut(
            delta=lambda A2, y: len(y) * (A2 - y)
        ),
        "the mean is taken twice: 1/N is there once, in the cost": _shortcut(
            delta=lambda A2, y: (A2 - y) / len(y)
        ),
        "a factor A2 (1 - A2) is there: with the cross-entropy it cancels": _shortcut(
            delta=lambda A2, y: (A2 - y) * A2 * (1 - A2)
        ),
        "the derivative of tanh, 1 - A1², is missing": _shortcut(slope=np.ones_like),
        "the tanh is taken once more: A1 is tanh(Z1) already": _shortcut(
            slope=lambda A1: 1 - np.tanh(A1) ** 2
        ),
        "the hidden layer gets ReLU's derivative": _shortcut(slope=lambda A1: A1 > 0),
        "dX has the hidden path only: X reaches the scores through V, too": (
            lambda X, A1, A2, W1, W2, V, y: _shortcut()(X, A1, A2, W1, W2, 0 * V, y)
        ),
        "dX has the shortcut only: X reaches the scores through the hidden units, too": (
            lambda X, A1, A2, W1, W2, V, y: _shortcut()(X, A1, A2, 0 * W1, W2, V, y)
        ),
        "W1's gradient is transposed: dW1 has W1's shape (H, D)": _shortcut(
            end=lambda dW1, dW2, dV, dX: (dW1.T, dW2, dV, dX)
        ),
        "V's gradient is transposed: dV has V's shape (1, D)": _shortcut(
            end=lambda dW1, dW2, dV, dX: (dW1, dW2, dV.T, dX)
        ),
        "dV takes the place of dW2 and dW2 that of dV: the order is dW1, dW2, dV, dX": _shortcut(
            end=lambda dW1, dW2, dV, dX: (dW1, dV, dW2, dX)
        ),
        "W2 is left out on the way back to the hidden layer": (
            lambda X, A1, A2, W1, W2, V, y: (
                _shortcut()(X, A1, A2, W1, np.ones_like(W2), V, y)
            )
        ),
    },
    hints=(
        "Start at the scores: D2 = (A2 - y) / N. What multiplies W2 in the score is A1, and what "
        "multiplies V is X.",
        "The error of the hidden layer is the same as without the shortcut, because V does not "
        "lie between the hidden units and the score.",
        "X has two paths to the score, so dX is a sum of two products: D1 with W1, D2 with V.",
    ),
    numbers={"two paths": "given", "two products": "given"},
)  # fmt: skip


# collapse


def _collapse(W1, b1, W2, b2, W3, b3):
    return W3 @ W2 @ W1, W3 @ (W2 @ b1 + b2) + b3


def _three(rng, D, H1, H2, C):
    sizes = ((H1, D), H1, (H2, H1), H2, (C, H2), C)
    return tuple(rng.standard_normal(size) for size in sizes)


COLLAPSE = Exercise(
    name="collapse",
    verifies="one affine layer that does what three do in a row",
    reference=_collapse,
    returns=("W", "b"),
    cases=lambda rng: {
        "small numbers": (
            np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([1.0, 2.0]),
            np.array([[0.0, 1.0], [3.0, 1.0]]), np.array([0.5, -1.0]),
            np.array([[2.0, -1.0]]), np.array([0.25]),
        ),
        "layers of different sizes": _three(rng, 2, 4, 3, 5),
        "two units everywhere": _three(rng, 2, 2, 2, 2),
    },
    mistakes={
        "the biases do not pass through the layers above them: a later W maps them too": (
            lambda W1, b1, W2, b2, W3, b3: (
                W3 @ W2 @ W1, np.resize(b1, b3.shape) + np.resize(b2, b3.shape) + b3
            )
        ),
        "b1 is left out": lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, W3 @ b2 + b3),
        "b2 is left out": lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, W3 @ W2 @ b1 + b3),
        "b3 is left out": lambda W1, b1, W2, b2, W3, b3: (
            W3 @ W2 @ W1, W3 @ (W2 @ b1 + b2)
        ),
        "b1 passes through the third layer only: it meets the second one first": (
            lambda W1, b1, W2, b2, W3, b3: (
                W3 @ W2 @ W1, W3 @ (np.resize(b1, b2.shape) + b2) + b3
            )
        ),
        "the third layer is left out": lambda W1, b1, W2, b2, W3, b3: (W2 @ W1, W2 @ b1 + b2),
        "the product is in the wrong order: W1 acts first, so it stands next to x": (
            lambda W1, b1, W2, b2, W3, b3: (W1 @ W2 @ W3, W3 @ (W2 @ b1 + b2) + b3)
        ),
        "W is transposed: a batch's product has W.T, but W itself is (D_out, D_in)": (
            lambda W1, b1, W2, b2, W3, b3: ((W3 @ W2 @ W1).T, W3 @ (W2 @ b1 + b2) + b3)
        ),
    },
    hints=(
        "Make one layer of the first two, as in the text. What remains to be done?",
        "The third layer maps what the first two have made: insert their W and b into it.",
        "W is W3 @ W2 @ W1, and b is W3 @ (W2 @ b1 + b2) + b3.",
    ),
    numbers={"Make one": "given", "first two": "given"},
)  # fmt: skip


# xor-net

CORNERS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def _labels_at_the_corners(net):
    """Predict with a ReLU net: any weights that separate the corners are right."""
    W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in net)
    A1, _ = affine_forward(CORNERS, W1, b1)
    scores, _ = affine_forward(relu(A1), W2, b2)
    if W1.shape[0] > 2:
        raise ValueError(f"W1 has {W1.shape[0]} rows, one per hidden unit; two units are enough")
    return (scores[:, 0] > 0).astype(int)


def _xor_net(W2=((1, 1),), b2=(-1,), W1=((1, -1), (-1, 1)), b1=(0, 0)):
    return tuple(np.array(array, dtype=float) for array in (W1, b1, W2, b2))


XOR_NET = Exercise(
    name="xor-net",
    verifies="two ReLU units and a line on top of them solve XOR at the four corners",
    reference=lambda: _xor_net(),
    returns=("labels at --, -+, +-, ++",),
    view=_labels_at_the_corners,
    mistakes={
        "every score is positive: the sum of the two units is never below 0, so b2 has to be": (
            lambda: _xor_net(b2=(1,))
        ),
        "no score is positive (0 counts as 0); so it is with the net of the text": lambda: _xor_net(
            W2=((0, 0),), b2=(0,)
        ),
        "the labels are swapped: this is 1 where the signs agree; turn the signs of W2 and b2": (
            lambda: _xor_net(W2=((-1, -1),), b2=(1,))
        ),
        "only the corner (1, -1) is found: the other unit needs its own corner, (-1, 1)": (
            lambda: _xor_net(W2=((1, 0),))
        ),
        "only the corner (-1, 1) is found: the other unit needs its own corner, (1, -1)": (
            lambda: _xor_net(W2=((0, 1),))
        ),
        "the net computes OR: the second unit must pull the corner (1, 1) down": (
            lambda: _xor_net(W1=((1, 1), (0, 0)), b1=(2, 0), W2=((1, 0),))
        ),
        "the net computes AND: only (1, 1) is positive": (
            lambda: _xor_net(W1=((1, 1), (0, 0)), W2=((1, 0),))
        ),
    },
    hints=(
        "Give each hidden unit one of the two corners of class 1. For which weights is a unit "
        "positive at (1, -1) and at no other corner?",
        "relu(x1 - x2) is 2 at (1, -1) and 0 at the other three. Turn the signs for the other "
        "unit. W1 is (2, 2), one row per unit.",
        "Add the two units, W2 = [[1, 1]]: the sum is 2 or 0, and b2 = [-1] lies between.",
    ),
    numbers={
        "one of": "given",
        "two corners": "given",
        "is 2 at": "given",
        "and 0 at": "given",
        "other three": "given",
        "is 2 or": "given",
        "or 0,": "given",
    },
)


# symmetry


def _canonical(W1, b1, W2, sign=np.sign, key=np.abs, end=lambda *net: net):
    s = sign(W2[0])  # (H,)
    order = np.argsort(key(W2[0]))
    return end((s[:, np.newaxis] * W1)[order], (s * b1)[order], (s * W2)[:, order])


SYMMETRY = Exercise(
    name="symmetry",
    verifies="equal networks become one and the same",
    reference=lambda W1, b1, W2: _canonical(W1, b1, W2),
    returns=("W1", "b1", "W2"),
    cases=lambda rng: {
        "three units": (
            np.array([[1.0, -1.0], [0.5, 0.25], [0.0, 2.0]]),
            np.array([0.1, -0.2, 0.3]),
            np.array([[2.0, -1.0, -3.0]]),
        ),
        "as many units as inputs": (
            rng.standard_normal((3, 3)), rng.standard_normal(3), np.array([[-0.7, 0.2, -0.5]])
        ),
        "six units": _seeded_net(rng, 2, 6)[:3],
        "all outgoing weights negative": (
            rng.standard_normal((4, 2)), rng.standard_normal(4),
            np.array([[-0.3, -2.0, -1.0, -4.0]]),
        ),
    },
    mistakes={
        "what a unit reads keeps its sign while its outgoing weight is turned": (
            lambda W1, b1, W2: (
                W1[np.argsort(np.abs(W2[0]))], b1[np.argsort(np.abs(W2[0]))],
                np.sort(np.abs(W2), axis=1),
            )
        ),
        "each bias keeps its sign: tanh(-z) = -tanh(z) needs all of z turned": (
            lambda W1, b1, W2: _canonical(
                W1, b1, W2, end=lambda W1, b, W2_: (W1, b1[np.argsort(np.abs(W2[0]))], W2_)
            )
        ),
        "the signs are not turned": lambda W1, b1, W2: _canonical(W1, b1, W2, sign=np.ones_like),
        "the order is that of the outgoing weights before their signs are turned": (
            lambda W1, b1, W2: _canonical(W1, b1, W2, key=lambda w: w)
        ),
        "the largest outgoing weight comes first: the smallest should": (
            lambda W1, b1, W2: _canonical(W1, b1, W2, key=lambda w: -np.abs(w))
        ),
        "each unit stays in its place": (
            lambda W1, b1, W2: _canonical(W1, b1, W2, key=lambda w: np.arange(len(w)))
        ),
        "each row of W1 stays in its place: a unit takes its row along": (
            lambda W1, b1, W2: (np.sign(W2[0])[:, np.newaxis] * W1, *_canonical(W1, b1, W2)[1:])
        ),
        "the units go back to where they came from: argsort lists the old unit of each new place": (
            lambda W1, b1, W2: _canonical(
                W1, b1, W2, key=lambda w: np.argsort(np.argsort(np.argsort(np.abs(w))))
            )
        ),
        "each outgoing weight is negative: positive is asked": (
            lambda W1, b1, W2: _canonical(W1, b1, W2, sign=lambda w: -np.sign(w))
        ),
    },
    hints=(
        "Where does hidden unit k appear? It is row k of W1, entry k of b1 and column k of W2.",
        "np.sign(W2[0]) holds the sign that each unit has to be multiplied by, in all three "
        "places. np.abs(W2[0]) then holds its outgoing weight.",
        "np.argsort of these outgoing weights lists the units in the order that is asked for; "
        "W1[order], b1[order] and W2[:, order] put them there.",
    ),
    numbers={"all three places": "given"},
)  # fmt: skip


# one-unit: prove


ONE_UNIT = Exercise(
    name="one-unit",
    verifies="the line that a single hidden unit draws",
    reference=lambda b1, w2, b2: b1 + np.arctanh(b2 / w2),
    returns=("t",),
    cases=lambda rng: {
        "one network": (np.array([0.5]), np.array([2.0]), np.array([1.0])),
        "outgoing weights below zero": (
            np.array([0.5, 0.0, -1.0]), np.array([-2.0, -1.0, -4.0]), np.array([1.0, -0.5, 3.0])
        ),
        "no output bias": (np.array([1.0, -2.0]), np.array([3.0, -3.0]), np.zeros(2)),
        "ten networks": (
            rng.standard_normal(10), 2 + rng.random(10), rng.uniform(-2, 2, size=10)
        ),
    },
    mistakes={
        "the output's bias is left out: b2 moves the line": lambda b1, w2, b2: b1,
        "the sign is flipped: the score is 0 where tanh is -b2/w2, and -artanh(-r) = artanh(r)": (
            lambda b1, w2, b2: b1 - np.arctanh(b2 / w2)
        ),
        "tanh takes the place of its inverse": lambda b1, w2, b2: b1 + np.tanh(b2 / w2),
        "b2/w2 is not passed through the inverse of tanh": lambda b1, w2, b2: b1 + b2 / w2,
        "b2 is not divided by w2": lambda b1, w2, b2: b1 + np.arctanh(np.clip(b2, -0.99, 0.99)),
        "the size of w2 is taken, without its sign": (
            lambda b1, w2, b2: b1 + np.arctanh(b2 / np.abs(w2))
        ),
        "b1 is left out": lambda b1, w2, b2: np.arctanh(b2 / w2),
        "everything has the opposite sign: w · x + t is 0 on the line": (
            lambda b1, w2, b2: -b1 - np.arctanh(b2 / w2)
        ),
    },
    hints=(
        "On the boundary the score is 0. What is the output of the hidden unit there?",
        "tanh rises everywhere, so it has an inverse, artanh (np.arctanh), and tanh(z) takes one "
        "value at one z only.",
        "w2 tanh(z) + b2 = 0 means z = artanh(-b2/w2), and z is w · x + b1. artanh is odd.",
    ),
    numbers={
        "is 0. What": "given", "takes one": "given", "at one z": "given", "= 0 means": "given",
    },
)  # fmt: skip


# stale-step: find the bug


def _step(stale=False, share=len, slope=lambda A1: 1 - A1**2, sign=1, end=lambda *net: net):
    """Return a step of gradient descent on a shallow network, or one with a slip."""

    def step(X, y, W1, b1, W2, b2, rate):
        rate = sign * rate
        A1 = np.tanh(X @ W1.T + b1)  # (N, H)
        D2 = (sigmoid(A1 @ W2.T + b2) - y) / share(X)  # (N, 1)
        new_W2 = W2 - rate * D2.T @ A1
        D1 = D2 @ (new_W2 if stale else W2) * slope(A1)  # (N, H)
        new_b2 = b2 - rate * D2.sum(axis=0)
        return end(W1 - rate * D1.T @ X, b1 - rate * D1.sum(axis=0), new_W2, new_b2)

    return step


def _step_case(rng, N, D, H, rate):
    net = _small_net() if (D, H) == (2, 3) else _seeded_net(rng, D, H)
    return rng.standard_normal((N, D)), rng.integers(2, size=(N, 1)), *net, rate


STALE_STEP = Exercise(
    name="stale-step",
    verifies="the bug is gone: a step of gradient descent",
    reference=lambda X, y, W1, b1, W2, b2, rate: _step()(X, y, W1, b1, W2, b2, rate),
    returns=("W1", "b1", "W2", "b2"),
    planted=_step(stale=True),
    cases=lambda rng: {
        "one example": _step_case(rng, 1, 2, 3, 1.0),
        "six examples": _step_case(rng, 6, 2, 3, 0.5),
        "as many of everything": _step_case(rng, 3, 3, 3, 0.5),
        "thirty examples": _step_case(rng, 30, 4, 5, 2.0),
    },
    mistakes={
        "the step goes uphill: the gradient is subtracted": _step(sign=-1),
        "the sum over the examples is not divided by N": _step(share=lambda X: 1),
        "the slope of tanh is left out, which was right": _step(slope=np.ones_like),
        "the square of the slope is lost, which was there": _step(slope=lambda A1: 1 - A1),
        "the output layer stays as it was: W2 needs its step, too": (
            lambda X, y, W1, b1, W2, b2, rate: (
                *_step()(X, y, W1, b1, W2, b2, rate)[:2], W2, _step()(X, y, W1, b1, W2, b2, rate)[3]
            )
        ),
        "the hidden layer stays as it was": (
            lambda X, y, W1, b1, W2, b2, rate: (
                W1, b1, *_step()(X, y, W1, b1, W2, b2, rate)[2:]
            )
        ),
        "the output layer comes first: the order is W1, b1, W2, b2": _step(
            end=lambda W1, b1, W2, b2: (W2, b2, W1, b1)
        ),
    },
    hints=(
        "Compare the gradient that a step used with one of differences: (old - new) / rate.",
        "W2 and b2 get the right step, W1 and b1 do not. Which lines do W1 and b1 depend on?",
        "The printed equations hold the W2 of the forward pass everywhere.",
    ),
)  # fmt: skip


# twins: predict, then measure


def _gap(X, y, W1, b1, W2, b2, rate, steps, norm=np.linalg.norm, step=None, over=True):
    def apart(W):
        return norm(W[1] - W[0])

    start, move = apart(W1), step or _step()
    for _ in range(steps):
        W1, b1, W2, b2 = move(X, y, W1, b1, W2, b2, rate)
    return float(apart(W1) / start if over else apart(W1))


def _twins(H, off):
    W1 = np.full((H, 2), 0.5)
    W1[1, 0] += off
    return W1, np.zeros(H), np.full((1, H), 0.5), np.zeros(1)


def _flower():
    X, y = datasets.planar_flower(np.random.default_rng(0), 400)
    return X, y[:, np.newaxis]


TWINS = Exercise(
    name="twins",
    verifies="how far two units move apart that start nearly equal",
    reference=lambda X, y, W1, b1, W2, b2, rate, steps: _gap(X, y, W1, b1, W2, b2, rate, steps),
    returns=("ratio",),
    predicts="your prediction of the ratio after 1,000 steps on the flower",
    tolerance=1e-4,
    cases=lambda rng: {
        "one step on three points": (
            np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.0]]), np.array([[1], [0], [1]]),
            *_small_net(), 0.5, 1,
        ),
        "ten steps on ten points": (
            rng.standard_normal((10, 2)), rng.integers(2, size=(10, 1)), *_seeded_net(rng, 2, 4),
            0.7, 10,
        ),
        "a thousand steps on the flower": (*_flower(), *_twins(2, 1e-6), 0.5, 1000),
    },
    mistakes={
        "the last distance is not divided by the first": (
            lambda X, y, W1, b1, W2, b2, rate, steps: _gap(
                X, y, W1, b1, W2, b2, rate, steps, over=False
            )
        ),
        "the ratio is upside down": (
            lambda X, y, W1, b1, W2, b2, rate, steps: (
                1 / _gap(X, y, W1, b1, W2, b2, rate, steps)
            )
        ),
        "the squared distances are divided": (
            lambda X, y, W1, b1, W2, b2, rate, steps: (
                _gap(X, y, W1, b1, W2, b2, rate, steps) ** 2
            )
        ),
        "the largest entry of the difference takes the place of its length": (
            lambda X, y, W1, b1, W2, b2, rate, steps: _gap(
                X, y, W1, b1, W2, b2, rate, steps, norm=lambda d: np.abs(d).max()
            )
        ),
        "one step too few is taken": (
            lambda X, y, W1, b1, W2, b2, rate, steps: _gap(X, y, W1, b1, W2, b2, rate, steps - 1)
        ),
        "the steps go uphill": (
            lambda X, y, W1, b1, W2, b2, rate, steps: _gap(
                X, y, W1, b1, W2, b2, rate, steps, step=_step(sign=-1)
            )
        ),
        "the gradient is not divided by N": (
            lambda X, y, W1, b1, W2, b2, rate, steps: _gap(
                X, y, W1, b1, W2, b2, rate, steps, step=_step(share=lambda X: 1)
            )
        ),
    },
    hints=(
        "forward and backward of this chapter give the gradients; a step subtracts rate times "
        "each.",
        "A step in a loop: Z2, A1 = forward(X, W1, b1, W2, b2), then backward(X, A1, Z2, W2, y).",
        "The distance is np.linalg.norm(W1[1] - W1[0]), once before the loop and once after it.",
    ),
)  # fmt: skip


# ring: design


def _ring(units=3, steepness=1.0, radius=0.8, least=1.6):
    """Return units that look outward in all directions; their sum falls with the distance."""
    angles = 2 * np.pi * np.arange(units) / units
    W1 = -steepness * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return W1, np.full(units, steepness * radius), np.ones((1, units)), np.array([-least])


def _units_and_score(net):
    """Count the hidden units of a net, and measure it on 2,000 new points."""
    W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in net)
    X, y = datasets.circles(np.random.default_rng(12), 2000)
    scores = affine_forward(np.tanh(affine_forward(X, W1, b1)[0]), W2, b2)[0][:, 0]
    return len(W1), 100 * float(np.mean((scores > 0) == y))


RING = Exercise(
    name="ring",
    verifies="few units that enclose a region",
    reference=lambda: _ring(),
    returns=("W1", "b1", "W2", "b2"),
    view=_units_and_score,
    goals={"units": ("at most", 3), "percent": ("at least", 95)},
    mistakes={},
    hints=(
        "Class 1 is the inner circle. Each unit should say yes on its side of a line that passes "
        "outside of it, with the lines in three directions.",
        "A steep tanh makes a triangle with corners that reach outside. What does the sum of "
        "three gentle ones look like? Draw it with plt.contourf.",
        "W1 holds the unit vectors at 90, 210 and 330 degrees with a minus sign, b1 = 0.8 for all, "
        "W2 = 1 for all; then b2 sets the radius.",
    ),
    numbers={
        "Class 1 is": "given",
        "three directions": "given",
        "three gentle": "given",
        "at 90, ": "given",
        "210 and": "given",
        "330 degrees": "given",
        "= 0.8": "given",
        "W2 = 1": "given",
    },
)


EXERCISES = [
    TANH_BACKWARD,
    SHALLOW_FORWARD,
    SHALLOW_BACKWARD,
    COLLAPSE,
    XOR_NET,
    SYMMETRY,
    ONE_UNIT,
    STALE_STEP,
    TWINS,
    RING,
]
