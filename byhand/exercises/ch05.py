"""Exercises of chapter 05, back-propagation.

Batches are rows: ``X`` (N, D), ``W`` (D', D), ``b`` (D',). One example is an array with one axis.
"""

import itertools

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore import datasets, losses, training
from dlcore.activations import log_softmax, sigmoid
from dlcore.layers import (
    Affine,
    Tanh,
    affine_backward,
    affine_forward,
    relu_backward,
    relu_forward,
)
from dlcore.losses import quadratic
from dlcore.network import Sequential
from dlcore.optimizers import GradientDescent

# affine-relu: one layer, used twice


def _twice(dA2, X, W, A1, A2, *, upper=True, lower=True, gate1=True, gate2=True, read1=None):
    dZ2 = dA2 * (A2 > 0) if gate2 else dA2
    dA1, dW2, db2 = affine_backward(dZ2, (A1, W))
    dZ1 = dA1 * (A1 > 0) if gate1 else dA1
    dX, dW1, db1 = affine_backward(dZ1, (X if read1 is None else read1, W))
    return dX, upper * dW2 + lower * dW1, upper * db2 + lower * db1


def _twice_case(rng, N, D):
    X, W, b = rng.standard_normal((N, D)), rng.standard_normal((D, D)), rng.standard_normal(D)
    A1, _ = relu_forward(X @ W.T + b)
    A2, _ = relu_forward(A1 @ W.T + b)
    return rng.standard_normal((N, D)), X, W, A1, A2


def _twice_by_hand():
    W = np.array([[1.0, -1.0], [2.0, 1.0]])  # b is 0
    X, A1, A2 = np.array([[2.0, 1.0]]), np.array([[1.0, 5.0]]), np.array([[0.0, 7.0]])
    return np.array([[3.0, 2.0]]), X, W, A1, A2


def _twice_changed(change):
    return lambda dA2, X, W, A1, A2: change(X, *_twice(dA2, X, W, A1, A2))


AFFINE_RELU = Exercise(
    name="affine-relu",
    verifies="the gradients of a layer that is used twice: one share from each use",
    reference=lambda dA2, X, W, A1, A2: _twice(dA2, X, W, A1, A2),
    returns=("dX", "dW", "db"),
    cases=lambda rng: {
        "one example, the first unit of the upper use is off": _twice_by_hand(),
        "four examples, three units": _twice_case(rng, 4, 3),
        "as many examples as units": _twice_case(rng, 4, 4),
    },
    mistakes={
        "the share of the lower use is missing: W and b are used there too": (
            lambda *a: _twice(*a, lower=False)
        ),
        "the share of the upper use is missing: W and b are used there too": (
            lambda *a: _twice(*a, upper=False)
        ),
        "both gates are missing: where A is 0 the signal stops": lambda *a: _twice(
            *a, gate1=False, gate2=False
        ),
        "the gate of the lower use is missing": lambda *a: _twice(*a, gate1=False),
        "the gate of the upper use is missing": lambda *a: _twice(*a, gate2=False),
        "the lower use gets A1 as its input: it reads X": lambda dA2, X, W, A1, A2: _twice(
            dA2, X, W, A1, A2, read1=A1
        ),
        "ReLU is applied to the signal: the gates depend on A1 and A2": (
            lambda dA2, X, W, A1, A2: _twice(np.maximum(dA2, 0), X, W, A1, A2, gate2=False)
        ),
        "the gates are in the wrong order: the upper use has A2": (
            lambda dA2, X, W, A1, A2: (
                lambda dZ2: (
                    lambda dZ1: (dZ1 @ W, dZ2.T @ A1 + dZ1.T @ X, (dZ1 + dZ2).sum(axis=0))
                )(dZ2 @ W * (A2 > 0))
            )(dA2 * (A1 > 0))
        ),
        "dW is transposed: its rows belong to the units, as W's do": _twice_changed(
            lambda X, dX, dW, db: (dX, dW.T, db)
        ),
        "the mean is taken over the examples: a layer only sums": _twice_changed(
            lambda X, dX, dW, db: (dX, dW / len(X), db / len(X))
        ),
        "the shares of the two uses are halved: they add": _twice_changed(
            lambda X, dX, dW, db: (dX, dW / 2, db / 2)
        ),
        "W is transposed on the way down: (N, D) times (D, D) needs W as it is": (
            lambda dA2, X, W, A1, A2: (
                lambda dZ2: (
                    lambda dZ1: (dZ1 @ W.T, dZ2.T @ A1 + dZ1.T @ X, (dZ1 + dZ2).sum(axis=0))
                )(dZ2 @ W.T * (A1 > 0))
            )(dA2 * (A2 > 0))
        ),
    },
    hints=(
        "First write the backward pass as if there were two layers with weights of their own.",
        "That gives two gradients for W: dZ2.T @ A1 and dZ1.T @ X. How do shares of one array "
        "combine?",
        "dZ2 = dA2 * (A2 > 0), dZ1 = (dZ2 @ W) * (A1 > 0). dW and db add both shares, and "
        "dX = dZ1 @ W.",
    ),
)


# errors: with a shortcut


def _slope(z):
    return 1 - np.tanh(z) ** 2


def _errors(da, z1, z2, z3, W2, W3, V, *, slope=_slope, short=1, long=1):
    delta3 = da * slope(z3)
    delta2 = W3.T @ delta3 * slope(z2)
    return (long * W2.T @ delta2 + short * V.T @ delta3) * slope(z1), delta2, delta3


def _errors_case(rng, *sizes):
    z1, z2, z3 = (rng.standard_normal(size) for size in sizes)
    W2 = rng.standard_normal((sizes[1], sizes[0]))
    W3 = rng.standard_normal((sizes[2], sizes[1]))
    V = rng.standard_normal((sizes[2], sizes[0]))
    return rng.standard_normal(sizes[2]), z1, z2, z3, W2, W3, V


ERRORS = Exercise(
    name="errors",
    verifies="the errors of three layers, along both ways down",
    reference=lambda da, z1, z2, z3, W2, W3, V: _errors(da, z1, z2, z3, W2, W3, V),
    returns=("delta1", "delta2", "delta3"),
    cases=lambda rng: {
        "scores of zero, where each slope is 1": (
            np.array([1.0, -1.0]),
            *np.zeros((3, 2)),
            np.array([[1.0, 2.0], [0.0, -1.0]]),
            np.array([[3.0, 1.0], [0.0, 2.0]]),
            np.array([[1.0, 4.0], [2.0, -3.0]]),
        ),
        "4, 3 and 2 units": _errors_case(rng, 4, 3, 2),
        "three units in each layer": _errors_case(rng, 3, 3, 3),
    },
    mistakes={
        "the shortcut is missing: layer 1 acts on layer 3 through V as well": lambda *a: _errors(
            *a, short=0
        ),
        "only the shortcut is there: layer 1 acts through layer 2 as well": lambda *a: _errors(
            *a, long=0
        ),
        "the slope of layer 1 is missing on the shortcut: it belongs to both ways": (
            lambda da, z1, z2, z3, W2, W3, V: (
                _errors(da, z1, z2, z3, W2, W3, V, short=0)[0] + V.T @ (da * _slope(z3)),
                *_errors(da, z1, z2, z3, W2, W3, V)[1:],
            )
        ),
        "the slope of layer 1 is missing: it multiplies what both ways bring": (
            lambda da, z1, z2, z3, W2, W3, V: _errors(da, 0 * z1, z2, z3, W2, W3, V)
        ),
        "the shortcut is given da: what arrives there is delta3": (
            lambda da, z1, z2, z3, W2, W3, V: (
                _errors(da, z1, z2, z3, W2, W3, V, short=0)[0] + V.T @ da * _slope(z1),
                *_errors(da, z1, z2, z3, W2, W3, V)[1:],
            )
        ),
        "the slopes are missing": lambda da, z1, z2, z3, W2, W3, V: _errors(
            da, 0 * z1, 0 * z2, 0 * z3, W2, W3, V
        ),
        "the slope of the output layer is missing": lambda da, z1, z2, z3, W2, W3, V: _errors(
            da, z1, z2, 0 * z3, W2, W3, V
        ),
        "1 - z² takes the place of 1 - tanh²(z): z is not yet a tanh": lambda *arguments: _errors(
            *arguments, slope=lambda z: 1 - z**2
        ),
        "the slope is the sigmoid's, a (1 - a): these are tanh units": lambda *arguments: _errors(
            *arguments, slope=lambda z: sigmoid(z) * sigmoid(-z)
        ),
        "tanh takes the place of its derivative 1 - tanh²": lambda *arguments: _errors(
            *arguments, slope=np.tanh
        ),
        "the order is turned around: delta1 comes first": lambda *arguments: _errors(*arguments)[
            ::-1
        ],
        "the weights are not transposed: a signal goes down through W.T": (
            lambda da, z1, z2, z3, W2, W3, V: _errors(da, z1, z2, z3, W2.T, W3.T, V.T)
        ),
    },
    hints=(
        "delta3 and delta2 are as without the shortcut. Which scores does layer 1 act on?",
        "On those of layer 2, through W2, and on those of layer 3, through V. The chain rule adds "
        "the two.",
        "delta1 = (W2.T @ delta2 + V.T @ delta3) * (1 - np.tanh(z1) ** 2).",
    ),
)


# scale


def _scale(dY, X, gamma):
    return dY * gamma, np.sum(dY * X, axis=0), dY.sum(axis=0)


SCALE = Exercise(
    name="scale",
    verifies="the gradients of a scale and a shift for each column",
    reference=_scale,
    returns=("dX", "dgamma", "dbeta"),
    cases=lambda rng: {
        "two examples, two columns": (
            np.array([[1.0, 2.0], [0.0, -1.0]]),
            np.array([[3.0, 1.0], [2.0, 2.0]]),
            np.array([2.0, -1.0]),
        ),
        "five examples, three columns": (
            rng.standard_normal((5, 3)),
            rng.standard_normal((5, 3)),
            rng.standard_normal(3),
        ),
        "as many examples as columns": (
            rng.standard_normal((4, 4)),
            rng.standard_normal((4, 4)),
            rng.standard_normal(4),
        ),
    },
    mistakes={
        "dgamma is not summed: every example uses the same gamma": lambda dY, X, gamma: (
            dY * gamma,
            dY * X,
            dY.sum(axis=0),
        ),
        "the parameters' gradients are means: a layer only sums": lambda dY, X, gamma: (
            dY * gamma,
            np.mean(dY * X, axis=0),
            dY.mean(axis=0),
        ),
        "X is left out of dgamma": lambda dY, X, gamma: (
            dY * gamma,
            dY.sum(axis=0),
            dY.sum(axis=0),
        ),
        "gamma is left out of dX": lambda dY, X, gamma: (dY, *_scale(dY, X, gamma)[1:]),
        "dgamma and dbeta are swapped": lambda dY, X, gamma: (
            dY * gamma,
            dY.sum(axis=0),
            np.sum(dY * X, axis=0),
        ),
        "the sum runs over the columns: sum over the examples, axis 0": lambda dY, X, gamma: (
            dY * gamma,
            np.sum(dY * X, axis=1),
            dY.sum(axis=1),
        ),
        "dgamma is a matrix product; gamma acts on each entry by itself": lambda dY, X, gamma: (
            dY * gamma,
            dY.T @ X,
            dY.sum(axis=0),
        ),
        "the signal is divided by gamma on the way back": lambda dY, X, gamma: (
            dY / gamma,
            *_scale(dY, X, gamma)[1:],
        ),
    },
    hints=(
        "Y_ni depends on X_ni, gamma_i and beta_i, each of them once. What are the three slopes?",
        "They are gamma_i, X_ni and 1. X has an entry for each n, so no sum is left for it. For "
        "gamma and beta the sum over n stays.",
        "dX = dY * gamma. dgamma = np.sum(dY * X, axis=0). dbeta is the same without X.",
    ),
)


# softmax-layer: derive it


def _log_softmax_layer(dA, A):
    return dA - np.exp(A) * np.sum(dA, axis=1, keepdims=True)


SOFTMAX_LAYER = Exercise(
    name="softmax-layer",
    verifies="what you derived: the signal through a layer that mixes each row",
    reference=_log_softmax_layer,
    returns=("dS",),
    cases=lambda rng: {
        "two rows of three": (
            np.array([[1.0, 0.0, 0.0], [2.0, 0.5, -1.0]]),
            np.log([[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]]),
        ),
        "a seeded batch of four rows": (
            rng.standard_normal((4, 4)),
            log_softmax(rng.standard_normal((4, 4))),
        ),
        "a row that is nearly sure": (
            rng.standard_normal((1, 3)),
            log_softmax(np.array([[9.0, 0.0, -9.0]])),
        ),
    },
    mistakes={
        "the sum over the row is missing: an entry of S reaches the whole row": lambda dA, A: (
            dA - np.exp(A) * dA
        ),
        "only the sum is there: A_j itself depends on S_j, with slope 1": lambda dA, A: (
            -np.exp(A) * np.sum(dA, axis=1, keepdims=True)
        ),
        "the logarithms take the place of the probabilities, which are exp(A)": lambda dA, A: (
            dA - A * np.sum(dA, axis=1, keepdims=True)
        ),
        "the sum is weighed by the probabilities, as for softmax without the logarithm": (
            lambda dA, A: dA - np.sum(dA * np.exp(A), axis=1, keepdims=True)
        ),
        "the backward pass of softmax itself is taken: this layer has a logarithm too": (
            lambda dA, A: np.exp(A) * (dA - np.sum(dA * np.exp(A), axis=1, keepdims=True))
        ),
        "the sum runs over the examples: it belongs to a row, axis 1": lambda dA, A: (
            dA - np.exp(A) * np.sum(dA, axis=0)
        ),
        "the sum runs over everything, not over each row": lambda dA, A: (
            dA - np.exp(A) * np.sum(dA)
        ),
        "the sign of the sum is wrong": lambda dA, A: (
            dA + np.exp(A) * np.sum(dA, axis=1, keepdims=True)
        ),
        "the mean takes the place of the sum": lambda dA, A: (
            dA - np.exp(A) * np.mean(dA, axis=1, keepdims=True)
        ),
    },
    hints=(
        "Write A_i = S_i - log t with t the sum of exp(S_k). What is the derivative of log t by "
        "S_j?",
        "It is exp(S_j) / t, which is P_j = exp(A_j). So A_i has the slope delta_ij - P_j.",
        "Contract: dS_j is dA_j minus P_j times the sum of dA over the row; axis=1, keepdims=True.",
    ),
)


# bytes

BYTES = Exercise(
    name="bytes",
    verifies="the peak at its lowest, for one more forward pass",
    reference=lambda: (10 + 10) * 32 * 512 * 4,
    returns=("bytes",),
    mistakes={
        "all outputs are held, as if none were computed again": lambda: 100 * 32 * 512 * 4,
        "the batch is forgotten: each of the 32 examples has outputs of its own": lambda: (
            20 * 512 * 4
        ),
        "an entry has 8 bytes: float32 takes 4": lambda: 20 * 32 * 512 * 8,
        "entries are counted and not bytes": lambda: 20 * 32 * 512,
        "only the kept outputs are counted: those of one stretch are held as well": lambda: (
            10 * 32 * 512 * 4
        ),
        "k is answered, and the bytes are asked": lambda: 10,
    },
    hints=(
        "At the peak 100/k + k outputs are held. For which k is that smallest?",
        "Its derivative 1 - 100/k² is zero at k = 10. How many bytes does one output of 512 units "
        "take for 32 examples?",
    ),
    numbers={
        "peak 100/k": "given",
        "derivative 1 -": "given",
        "k = 10": "given",
        "512 units": "given",
        "32 examples": "given",
    },
)


# two-layer-network


def _network(X, Y, W1, b1, W2, b2, *, gate=relu_backward, dA2=None):
    Z1, cache1 = affine_forward(X, W1, b1)
    A1, opened = relu_forward(Z1)
    A2, cache2 = affine_forward(A1, W2, b2)
    J, right_dA2 = quadratic(A2, Y)
    dA1, dW2, db2 = affine_backward(right_dA2 if dA2 is None else dA2(A2, Y), cache2)
    _, dW1, db1 = affine_backward(gate(dA1, opened), cache1)
    return J, dW1, db1, dW2, db2


def _network_case(rng, N, D, H, C):
    return (
        rng.standard_normal((N, D)),
        rng.standard_normal((N, C)),
        rng.standard_normal((H, D)),
        rng.standard_normal(H),
        rng.standard_normal((C, H)),
        rng.standard_normal(C),
    )


def _changed(change):
    """Return the network with its results changed: ``change(X, J, dW1, db1, dW2, db2)``."""

    def network(X, Y, W1, b1, W2, b2):
        return change(X, *_network(X, Y, W1, b1, W2, b2))

    return network


TWO_LAYER_NETWORK = Exercise(
    name="two-layer-network",
    verifies="the cost and all four gradients of your own network",
    reference=lambda X, Y, W1, b1, W2, b2: _network(X, Y, W1, b1, W2, b2),
    returns=("J", "dW1", "db1", "dW2", "db2"),
    cases=lambda rng: {
        "one example, one unit is off": (
            np.array([[1.0, 2.0]]),
            np.array([[1.0]]),
            np.array([[1.0, 0.5], [-1.0, 0.25]]),
            np.array([0.5, -0.5]),
            np.array([[2.0, -1.0]]),
            np.array([0.5]),
        ),
        "five examples, two outputs": _network_case(rng, 5, 3, 4, 2),
        "as many inputs as units and outputs": _network_case(rng, 6, 3, 3, 3),
        "a hundred examples": _network_case(rng, 100, 2, 5, 1),
    },
    mistakes={
        "the sign is turned: the error of the output is A2 - Y": lambda X, Y, W1, b1, W2, b2: (
            _network(X, Y, W1, b1, W2, b2, dA2=lambda A2, Y: (Y - A2) / len(Y))
        ),
        "the gradients lack 1/N: the cost is a mean": lambda X, Y, W1, b1, W2, b2: _network(
            X, Y, W1, b1, W2, b2, dA2=lambda A2, Y: A2 - Y
        ),
        "1/N is there twice: once in the error of the output is enough": (
            lambda X, Y, W1, b1, W2, b2: _network(
                X, Y, W1, b1, W2, b2, dA2=lambda A2, Y: (A2 - Y) / len(Y) ** 2
            )
        ),
        "the error is doubled: with the ½ of the cost the 2 cancels": (
            lambda X, Y, W1, b1, W2, b2: _network(
                X, Y, W1, b1, W2, b2, dA2=lambda A2, Y: 2 * (A2 - Y) / len(Y)
            )
        ),
        "the gate of the ReLU is missing on the way back": lambda X, Y, W1, b1, W2, b2: _network(
            X, Y, W1, b1, W2, b2, gate=lambda dA, opened: dA
        ),
        "ReLU is applied to the signal, where its gate belongs": lambda X, Y, W1, b1, W2, b2: (
            _network(X, Y, W1, b1, W2, b2, gate=lambda dA, opened: np.maximum(dA, 0))
        ),
        "the ½ of the cost is missing": _changed(lambda X, J, *grads: (2 * J, *grads)),
        "the cost is a sum: it is the mean over the examples": _changed(
            lambda X, J, *grads: (len(X) * J, *grads)
        ),
        "dW1 is transposed: it has W1's shape (H, D)": _changed(
            lambda X, J, dW1, *others: (J, dW1.T, *others)
        ),
        "dW2 is transposed: it has W2's shape (C, H)": _changed(
            lambda X, J, dW1, db1, dW2, db2: (J, dW1, db1, dW2.T, db2)
        ),
        "the cost is divided by the outputs too, as np.mean does": lambda X, Y, W1, b1, W2, b2: (
            _network(X, Y, W1, b1, W2, b2)[0] / Y.shape[1],
            *_network(X, Y, W1, b1, W2, b2)[1:],
        ),
        "the output layer has a ReLU too: asked is none": lambda X, Y, W1, b1, W2, b2: (
            quadratic(np.maximum(np.maximum(X @ W1.T + b1, 0) @ W2.T + b2, 0), Y)[0],
            *_network(X, Y, W1, b1, W2, b2)[1:],
        ),
    },
    hints=(
        "Forward first, and keep Z1 (or A1): Z1, A1, A2, then J, the sum of squares over 2 N.",
        "Backward starts with dZ2 = (A2 - Y) / N, the only place for N. dW2 and db2 follow from "
        "it and A1.",
        "dZ1 is dZ2 @ W2 where Z1 > 0, else 0. dW1 and db1 follow from it and X, as in the layer "
        "above.",
    ),
)


# tanh-bug: find the bug


def _own(A1, A2):
    return 1 - A1**2


def _above(A1, A2):
    return 1 - A2**2


def _three_layers(end=lambda *grads: grads, slope1=_own, slope2=_above, share=len, top=True):
    """Return the gradients of a tanh network of three layers, or wrong ones."""

    def backward(X, A1, A2, A3, Y, W2, W3):
        D3 = (A3 - Y) / share(X) * (1 - A3**2 if top else 1.0)
        D2 = D3 @ W3 * slope2(A1, A2)
        D1 = D2 @ W2 * slope1(A1, A2)
        return end(D1.T @ X, D2.T @ A1, D3.T @ A2)

    return backward


def _three_layers_case(rng, N, D, H, C):
    W1, W2, W3 = (rng.standard_normal(shape) for shape in ((H, D), (H, H), (C, H)))
    X = rng.standard_normal((N, D))
    A1 = np.tanh(X @ W1.T)
    A2 = np.tanh(A1 @ W2.T)
    return X, A1, A2, np.tanh(A2 @ W3.T), rng.standard_normal((N, C)), W2, W3


TANH_BUG = Exercise(
    name="tanh-bug",
    verifies="the bug is gone: all three gradients are right",
    reference=lambda X, A1, A2, A3, Y, W2, W3: _three_layers()(X, A1, A2, A3, Y, W2, W3),
    returns=("dW1", "dW2", "dW3"),
    planted=_three_layers(slope1=_above),
    cases=lambda rng: {
        "one example": _three_layers_case(rng, 1, 2, 2, 1),
        "five examples": _three_layers_case(rng, 5, 3, 4, 2),
        "as many of everything": _three_layers_case(rng, 3, 3, 3, 3),
    },
    mistakes={
        "the slope of layer 1 is left out": _three_layers(slope1=lambda A1, A2: 1.0),
        "A1 has the place of A1²: the slope is one minus the square": _three_layers(
            slope1=lambda A1, A2: 1 - A1
        ),
        "the slope of layer 1 is taken of tanh(A1): A1 is a tanh already": _three_layers(
            slope1=lambda A1, A2: 1 - np.tanh(A1) ** 2
        ),
        "the slope of layer 2 is changed too, which was right": _three_layers(slope2=_own),
        "the wrong line is changed: the slope of layer 2 was right, that of layer 1 is not": (
            _three_layers(slope1=_above, slope2=_own)
        ),
        "the 1/N is left out, which was right": _three_layers(share=lambda X: 1),
        "the slope of the output layer is left out, which was right": _three_layers(top=False),
        "the gradients come back in the opposite order": _three_layers(end=lambda *g: g[::-1]),
    },
    hints=(
        "Which of the three gradients are wrong? numerical_gradient of dlcore.gradcheck tells.",
        "dW3 and dW2 are right, dW1 is not: the mistake is made between D2 and dW1.",
        "Each layer's slope is that of its own output.",
    ),
)


# small-reader: design


def _train_reader(X, Y, hidden=6):
    net = Sequential(fc1=Affine(64, hidden), tanh1=Tanh(), fc2=Affine(hidden, 10))
    params, _ = training.fit(
        net, net.init(np.random.default_rng(0)), X, Y.argmax(axis=1),
        loss=losses.softmax_cross_entropy, optimizer=GradientDescent(1.0), epochs=60,
        batch_size=20, rng=np.random.default_rng(0), progress=False,
    )  # fmt: skip
    return net, params


def _digits():
    images, digits = datasets.digits()
    return images.reshape(len(images), 64) / 16, digits


def _size_and_score(answer):
    """Measure a design: its parameters, and the percentage of the test images that it reads."""
    net, params = answer
    X, digits = _digits()
    scores, _ = net.forward(params, X[1300:])
    return params.theta.size, 100 * float(np.mean(scores.argmax(axis=1) == digits[1300:]))


SMALL_READER = Exercise(
    name="small-reader",
    verifies="a network that is small and reads",
    reference=lambda X, Y: _train_reader(X, Y),
    returns=("net", "params"),
    view=_size_and_score,
    goals={"parameters": ("at most", 500), "percent": ("at least", 85)},
    seconds=60.0,
    cases=lambda rng: {"the digits": (_digits()[0][:1000], np.eye(10)[_digits()[1][:1000]])},
    mistakes={},
    hints=(
        "Count first: 64 inputs, H hidden units and 10 outputs have 64 H + H + 10 H + 10 "
        "parameters. How large may H be?",
        "H = 6 gives 460. Small batches take many steps in the time of one large one.",
        "training.fit with batches of 20, 60 epochs and a rate near 1 gets there, with "
        "softmax_cross_entropy as loss and Y.argmax(axis=1) as labels.",
    ),
    numbers={
        "64 inputs": "given",
        "10 outputs": "given",
        "64 H +": "given",
        "10 H +": "given",
        "+ 10 ": "given",
        "H = 6": "given",
        "gives 460": "given",
        "batches of 20": "given",
        "60 epochs": "given",
        "near 1 gets": "given",
    },
)


# fading-signal: predict, then measure


def _fade(delta, zs, Ws, slope=_slope, start=None):
    top = np.linalg.norm(delta) if start is None else start(delta)
    for z, W in zip(zs[::-1], Ws[::-1], strict=True):
        delta = W.T @ delta * slope(z)
    return float(np.linalg.norm(delta) / top)


def _fade_case(rng, *sizes):
    zs = [rng.standard_normal(size) for size in sizes[:-1]]
    Ws = [rng.standard_normal((m, n)) / np.sqrt(m) for n, m in itertools.pairwise(sizes)]
    return rng.standard_normal(sizes[-1]), zs, Ws


FADING_SIGNAL = Exercise(
    name="fading-signal",
    verifies="how much of a signal reaches the lowest layer",
    reference=lambda delta, zs, Ws: _fade(delta, zs, Ws),
    returns=("ratio",),
    predicts="your prediction of the ratio for ten layers of 64 units",
    cases=lambda rng: {
        "two layers of one unit": (np.array([2.0]), [np.array([1.0])], [np.array([[3.0]])]),
        "4, 3 and 2 units": _fade_case(rng, 4, 3, 2),
        "three layers of three": _fade_case(rng, 3, 3, 3),
        "ten layers of 64 units": _fade_case(rng, *[64] * 10),
    },
    mistakes={
        "the slopes are left out": lambda delta, zs, Ws: _fade(delta, zs, Ws, np.ones_like),
        "tanh takes the place of its slope": lambda delta, zs, Ws: _fade(delta, zs, Ws, np.tanh),
        "the length of the lowest error is not divided by that of the top": (
            lambda delta, zs, Ws: _fade(delta, zs, Ws, start=lambda delta: 1.0)
        ),
        "the ratio is upside down": lambda delta, zs, Ws: 1 / _fade(delta, zs, Ws),
        "the squared lengths are divided": lambda delta, zs, Ws: _fade(delta, zs, Ws) ** 2,
        "the scores are taken from the bottom up: the top layers come first": (
            lambda delta, zs, Ws: _fade(delta, [np.resize(z, W.shape[1]) for z, W in
                                                zip(zs[::-1], Ws, strict=True)], Ws)
        ),
        "the slopes of one layer too few are there: the lowest has its own": (
            lambda delta, zs, Ws: _fade(delta, [0 * zs[0], *zs[1:]], Ws)
        ),
    },
    hints=(
        "One step down is delta = W.T @ delta * (1 - np.tanh(z) ** 2), as in the second equation.",
        "zs and Ws are listed from the bottom up, and the signal comes from the top: "
        "zip(zs[::-1], Ws[::-1]).",
        "At the end divide np.linalg.norm of the lowest error by that of the one that came in.",
    ),
)  # fmt: skip


EXERCISES = [
    AFFINE_RELU,
    ERRORS,
    SCALE,
    SOFTMAX_LAYER,
    BYTES,
    TANH_BUG,
    FADING_SIGNAL,
    SMALL_READER,
    TWO_LAYER_NETWORK,
]
