"""Exercises of chapter 04, a shallow network.

One hidden layer of tanh units and one output: ``X`` (N, D), ``W1`` (H, D), ``b1`` (H,),
``W2`` (1, H), ``b2`` (1,), and column vectors of scores, probabilities and labels, (N, 1).
"""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.activations import relu, sigmoid
from dlcore.layers import affine_backward, affine_forward, tanh_backward


def _small_net():
    """Two inputs, three hidden units, numbers that fit on a line."""
    W1 = np.array([[1.0, -1.0], [0.5, 0.0], [0.0, 2.0]])
    return W1, np.array([0.1, -0.2, 0.3]), np.array([[2.0, -2.0, 0.5]]), np.array([0.25])


def _seeded_net(rng, D, H):
    return (
        rng.standard_normal((H, D)),
        rng.standard_normal(H),
        rng.standard_normal((1, H)),
        rng.standard_normal(1),
    )


# tanh-backward

TANH_BACKWARD = Exercise(
    name="tanh-backward",
    verifies="the gradient pulled back through tanh, from its output alone",
    reference=lambda dA, A: tanh_backward(dA, A),
    returns=("dZ",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0, -1.0]]), np.array([[0.0, 0.5, -0.8]])),
        "saturated units": (np.array([[3.0, -3.0]]), np.array([[1.0, -0.9999]])),
        "a seeded batch": (rng.standard_normal((4, 3)), np.tanh(rng.standard_normal((4, 3)))),
        "float32": (np.ones((2, 2), np.float32), np.float32([[0.1, 0.2], [0.3, 0.4]])),
    },
    mistakes={
        "the upstream gradient dA is left out": lambda dA, A: 1 - A**2,
        "the tanh is taken once more: A is tanh(Z) already": lambda dA, A: (
            dA * (1 - np.tanh(A) ** 2)
        ),
        "the square is missing: the derivative is 1 - A², not 1 - A": lambda dA, A: dA * (1 - A),
        "the sigmoid's derivative A (1 - A) takes the place of tanh's": lambda dA, A: (
            dA * A * (1 - A)
        ),
        "tanh is applied to the gradient: going backward takes its derivative": lambda dA, A: (
            dA * np.tanh(A)
        ),
        "the brackets are missing: dA * 1 - A² is dA - A²": lambda dA, A: dA - A**2,
        "the two are multiplied as matrices; tanh acts on each entry, so use *": lambda dA, A: (
            dA @ (1 - A**2)
        ),
    },
    hints=(
        "The derivative of tanh can be written with its output alone. You do not need Z.",
        "tanh'(z) = 1 - tanh²(z). Which of your arguments is tanh(z)?",
        "Local derivative times upstream gradient, entry by entry: dA times (1 - A squared).",
    ),
)


# shallow-forward


def _forward(X, W1, b1, W2, b2, hidden=np.tanh):
    A1 = hidden(X @ W1.T + b1)  # (N, D) (D, H) -> (N, H)
    return A1 @ W2.T + b2  # (N, H) (H, 1) -> (N, 1)


SHALLOW_FORWARD = Exercise(
    name="shallow-forward",
    verifies="the scores of a network with one hidden layer",
    reference=lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, b2),
    returns=("scores",),
    cases=lambda rng: {
        "one example, three hidden units": (np.array([[1.0, 2.0]]), *_small_net()),
        "four examples": (
            np.array([[1.0, 2.0], [0.0, 0.0], [-1.0, 0.5], [2.0, -2.0]]),
            *_small_net(),
        ),
        "as many hidden units as inputs": (rng.standard_normal((5, 2)), *_seeded_net(rng, 2, 2)),
        "one hidden unit": (rng.standard_normal((6, 3)), *_seeded_net(rng, 3, 1)),
    },
    mistakes={
        "the tanh is missing: two affine layers in a row are one": lambda X, W1, b1, W2, b2: (
            _forward(X, W1, b1, W2, b2, hidden=lambda Z: Z)
        ),
        "ReLU takes the place of tanh": lambda X, W1, b1, W2, b2: _forward(
            X, W1, b1, W2, b2, hidden=relu
        ),
        "the sigmoid takes the place of tanh": lambda X, W1, b1, W2, b2: _forward(
            X, W1, b1, W2, b2, hidden=sigmoid
        ),
        "b1 is left out": lambda X, W1, b1, W2, b2: _forward(X, W1, 0 * b1, W2, b2),
        "b2 is left out": lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, 0 * b2),
        "b1 is added after the tanh": lambda X, W1, b1, W2, b2: (
            (np.tanh(X @ W1.T) + b1) @ W2.T + b2
        ),
        "a tanh follows the output too: scores are the affine output": lambda X, W1, b1, W2, b2: (
            np.tanh(_forward(X, W1, b1, W2, b2))
        ),
        "the sigmoid is applied: asked are the scores": lambda X, W1, b1, W2, b2: sigmoid(
            _forward(X, W1, b1, W2, b2)
        ),
        "the scores are flat: one column for the one output, (N, 1), is expected": (
            lambda X, W1, b1, W2, b2: _forward(X, W1, b1, W2, b2)[:, 0]
        ),
        "W1 is not transposed: (N, D) times (D, H) needs W1.T": lambda X, W1, b1, W2, b2: (
            np.tanh(X @ W1 + b1) @ W2.T + b2
        ),
        "examples are taken as columns: here each row of X is one, so Z = X W.T + b": (
            lambda X, W1, b1, W2, b2: W2 @ np.tanh(W1 @ X.T + b1[:, None]) + b2
        ),
    },
    hints=(
        "Write the shapes first: X is (N, D) and W1 is (H, D). Which product is (N, H)?",
        "A layer is X @ W.T + b: a batch is rows, so W is transposed. Do it twice, with tanh "
        "after the first only.",
        "A1 = tanh of X @ W1.T + b1, of shape (N, H); the scores are the same with A1, W2, b2.",
    ),
)


# shallow-backward


def _shallow_backward(X, A1, A2, W2, y):
    dA1, dW2, db2 = affine_backward((A2 - y) / len(X), (A1, W2))
    dZ1 = tanh_backward(dA1, A1)  # (N, H)
    return dZ1.T @ X, dZ1.sum(axis=0), dW2, db2


def _wrong_backward(*, delta=lambda A2, y: A2 - y, slope=lambda A1: 1 - A1**2, end=lambda *d: d):
    """Return a backward pass with another delta, another slope of tanh, or another last line."""

    def backward(X, A1, A2, W2, y):
        dZ2 = delta(A2, y) / len(X)  # (N, 1)
        dZ1 = dZ2 @ W2 * slope(A1)  # (N, 1) (1, H) -> (N, H)
        return end(dZ1.T @ X, dZ1.sum(axis=0), dZ2.T @ A1, dZ2.sum(axis=0))

    return backward


def _trained_batch(X, y, W1, b1, W2, b2):
    A1 = np.tanh(X @ W1.T + b1)
    return X, A1, sigmoid(A1 @ W2.T + b2), W2, y


def _backward_cases(rng):
    X = np.array([[1.0, 2.0], [0.0, 0.5], [-1.0, 0.5], [2.0, -2.0]])
    y = np.array([[1], [0], [0], [1]])
    return {
        "one example": _trained_batch(X[:1], y[:1], *_small_net()),
        "four examples, three hidden units": _trained_batch(X, y, *_small_net()),
        "as many hidden units as inputs": _trained_batch(
            rng.standard_normal((5, 2)), rng.integers(2, size=(5, 1)), *_seeded_net(rng, 2, 2)
        ),
        "thirty examples": _trained_batch(
            rng.standard_normal((30, 3)), rng.integers(2, size=(30, 1)), *_seeded_net(rng, 3, 5)
        ),
    }


SHALLOW_BACKWARD = Exercise(
    name="shallow-backward",
    verifies="all four gradients of the mean cost",
    reference=_shallow_backward,
    returns=("dW1", "db1", "dW2", "db2"),
    cases=_backward_cases,
    mistakes={
        "the sign is flipped: the error is A2 - y, not y - A2": _wrong_backward(
            delta=lambda A2, y: y - A2
        ),
        "the sum over the examples is not divided by N": _wrong_backward(
            delta=lambda A2, y: len(y) * (A2 - y)
        ),
        "the mean is taken twice: 1/N is there once, in the cost": _wrong_backward(
            delta=lambda A2, y: (A2 - y) / len(y)
        ),
        "a factor A2 (1 - A2) is there: with the cross-entropy it cancels": _wrong_backward(
            delta=lambda A2, y: (A2 - y) * A2 * (1 - A2)
        ),
        "the sigmoid is taken twice: A2 holds probabilities already": _wrong_backward(
            delta=lambda A2, y: sigmoid(A2) - y
        ),
        "the derivative of tanh, 1 - A1², is missing": _wrong_backward(
            slope=lambda A1: np.ones_like(A1)
        ),
        "the tanh is taken once more: A1 is tanh(Z1) already": _wrong_backward(
            slope=lambda A1: 1 - np.tanh(A1) ** 2
        ),
        "the square is missing: the derivative of tanh is 1 - A1²": _wrong_backward(
            slope=lambda A1: 1 - A1
        ),
        "the hidden layer gets the sigmoid's derivative A1 (1 - A1)": _wrong_backward(
            slope=lambda A1: A1 * (1 - A1)
        ),
        "the hidden layer gets ReLU's derivative": _wrong_backward(slope=lambda A1: A1 > 0),
        "W1's gradient is transposed: dW1 has W1's shape (H, D)": _wrong_backward(
            end=lambda dW1, db1, dW2, db2: (dW1.T, db1, dW2, db2)
        ),
        "W2's gradient is transposed: dW2 has W2's shape (1, H)": _wrong_backward(
            end=lambda dW1, db1, dW2, db2: (dW1, db1, dW2.T, db2)
        ),
        "keepdims is there: db1 has b1's shape (H,)": _wrong_backward(
            end=lambda dW1, db1, dW2, db2: (dW1, db1[np.newaxis], dW2, db2)
        ),
        "the output layer's come first: the order asked for is dW1, db1, dW2, db2": (
            _wrong_backward(end=lambda dW1, db1, dW2, db2: (dW2, db2, dW1, db1))
        ),
        "W2 is left out on the way back to the hidden layer": lambda X, A1, A2, W2, y: (
            _shallow_backward(X, A1, A2, np.ones_like(W2), y)
        ),
        "X and A1 are swapped: each layer's dW takes the input of that layer": (
            lambda X, A1, A2, W2, y: (
                ((A2 - y) @ W2 * (1 - A1**2) / len(X)).T @ A1,
                _shallow_backward(X, A1, A2, W2, y)[1],
                (A2 - y).T @ X / len(X),
                _shallow_backward(X, A1, A2, W2, y)[3],
            )
        ),
    },
    hints=(
        "Start at the scores: dZ2 = (A2 - y) / N. Each layer's dW is its own dZ, transposed, "
        "times its input; db sums dZ over the examples.",
        "Back through W2, from (N, 1) to (N, H): dA1 = dZ2 @ W2. Then through the tanh, with its "
        "output A1.",
        "dZ1 = dA1 * (1 - A1**2). The last two lines are those of the output layer, with dZ1 in "
        "the place of dZ2 and X in the place of A1.",
    ),
)


# collapse


def _collapse(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1 + b2


COLLAPSE = Exercise(
    name="collapse",
    verifies="one affine layer that does what two do in a row",
    reference=_collapse,
    returns=("W", "b"),
    cases=lambda rng: {
        "three hidden units, one output": _small_net(),
        "two layers of two units": (
            np.array([[1.0, 2.0], [0.0, -1.0]]),
            np.array([1.0, 2.0]),
            np.array([[0.0, 1.0], [3.0, 1.0]]),
            np.array([0.5, 0.0]),
        ),
        "five inputs, four hidden units, three outputs": (
            rng.standard_normal((4, 5)),
            rng.standard_normal(4),
            rng.standard_normal((3, 4)),
            rng.standard_normal(3),
        ),
    },
    mistakes={
        "b1 does not pass through the second layer: W2 maps it too": lambda W1, b1, W2, b2: (
            W2 @ W1,
            b1 + b2,
        ),
        "b1 is left out": lambda W1, b1, W2, b2: (W2 @ W1, b2),
        "b2 is left out": lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1),
        "W2 multiplies b2 too: b2 comes after the second product": lambda W1, b1, W2, b2: (
            W2 @ W1,
            W2 @ b1 + W2 @ np.resize(b2, b1.shape),
        ),
        "the product is in the wrong order: W1 acts first, so it stands next to x": (
            lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2)
        ),
        "W is transposed: a batch's product has W.T, but W itself is (D_out, D_in)": (
            lambda W1, b1, W2, b2: ((W2 @ W1).T, W2 @ b1 + b2)
        ),
    },
    hints=(
        "Write it for one column: z = W2 (W1 x + b1) + b2. Multiply out.",
        "What multiplies x is W. Everything without x is b.",
        "W is the product of the two matrices, W2 to the left; b is W2 times b1, plus b2.",
    ),
)


# xor-net

CORNERS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])


def _labels_at_the_corners(net):
    """Predict with a ReLU net: any weights that separate the corners are right."""
    W1, b1, W2, b2 = (np.asarray(array, dtype=float) for array in net)
    A1, _ = affine_forward(CORNERS, W1, b1)
    scores, _ = affine_forward(relu(A1), W2, b2)
    if W1.shape[0] > 2:
        raise ValueError(f"W1 has {W1.shape[0]} rows, one a hidden unit; two units are enough")
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
        "unit. W1 is (2, 2), one row a unit.",
        "Add the two units, W2 = [[1, 1]]: the sum is 2 or 0, and b2 = [-1] lies between.",
    ),
)


# symmetry


def _reorder(W1, b1, W2, order):
    return W1[order], b1[order], W2[:, order]


SYMMETRY = Exercise(
    name="symmetry",
    verifies="the hidden units change places and the network computes the same",
    reference=_reorder,
    returns=("W1", "b1", "W2"),
    cases=lambda rng: {
        "three units, the last comes first": (*_small_net()[:3], np.array([2, 0, 1])),
        "as many units as inputs and outputs": (
            rng.standard_normal((3, 3)),
            rng.standard_normal(3),
            rng.standard_normal((3, 3)),
            np.array([1, 2, 0]),
        ),
        "six units": (*_seeded_net(rng, 2, 6)[:3], rng.permutation(6)),
    },
    mistakes={
        "W2 stays as it was: its columns read the hidden units": lambda W1, b1, W2, order: (
            W1[order],
            b1[order],
            W2,
        ),
        "b1 stays as it was: each unit takes its bias along": lambda W1, b1, W2, order: (
            W1[order],
            b1,
            W2[:, order],
        ),
        "W1 stays as it was: its rows are the hidden units": lambda W1, b1, W2, order: (
            W1,
            b1[order],
            W2[:, order],
        ),
        "the columns of W1 are reordered: they belong to the inputs": (
            lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, order])
        ),
        "the rows of W2 are reordered: they belong to the outputs, its columns to the units": (
            lambda W1, b1, W2, order: (W1[order], b1[order], W2[order])
        ),
        "the units go back to where they came from: order lists the old unit of each new place": (
            lambda W1, b1, W2, order: _reorder(W1, b1, W2, np.argsort(order))
        ),
    },
    hints=(
        "Where does hidden unit j appear? Once in W1, once in b1, once in W2.",
        "It is row j of W1, entry j of b1 and column j of W2.",
        "An array of indices reorders an axis: b1[order] for the first one. For the columns of "
        "W2, keep all rows with a colon.",
    ),
)


EXERCISES = [TANH_BACKWARD, SHALLOW_FORWARD, SHALLOW_BACKWARD, COLLAPSE, XOR_NET, SYMMETRY]
