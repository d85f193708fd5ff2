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

# affine-relu


def _affine_relu(dA, X, W, A):
    return affine_backward(dA * (A > 0), (X, W))


def _affine_relu_case(rng, N, D, H):
    X, W = rng.standard_normal((N, D)), rng.standard_normal((H, D))
    A, _ = relu_forward(X @ W.T + rng.standard_normal(H))
    return rng.standard_normal((N, H)), X, W, A


def _affine_relu_by_hand():
    X, W = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 1.0]])
    return np.array([[0.5, 2.0, -1.0]]), X, W, np.array([[1.0, 0.0, 3.0]])


AFFINE_RELU = Exercise(
    name="affine-relu",
    verifies="the three gradients of an affine layer with its ReLU",
    reference=_affine_relu,
    returns=("dX", "dW", "db"),
    cases=lambda rng: {
        "one example, the middle unit is off": _affine_relu_by_hand(),
        "four examples, three inputs, two units": _affine_relu_case(rng, 4, 3, 2),
        "as many units as inputs": _affine_relu_case(rng, 5, 3, 3),
    },
    mistakes={
        "the gate is missing: where A is 0 the signal stops": lambda dA, X, W, A: affine_backward(
            dA, (X, W)
        ),
        "ReLU is applied to the signal: the gate depends on A, not on dA": lambda dA, X, W, A: (
            affine_backward(np.maximum(dA, 0), (X, W))
        ),
        "the signal is multiplied by A itself: the slope is 1 where A > 0": lambda dA, X, W, A: (
            affine_backward(dA * A, (X, W))
        ),
        "the gate is the wrong way around: it is open where A > 0": lambda dA, X, W, A: (
            affine_backward(dA * (A <= 0), (X, W))
        ),
        "the gate is used for dX only: dW and db need the signal after the gate too": (
            lambda dA, X, W, A: (dA * (A > 0) @ W, *affine_backward(dA, (X, W))[1:])
        ),
        "the gate is forgotten for db": lambda dA, X, W, A: (
            *_affine_relu(dA, X, W, A)[:2],
            dA.sum(axis=0),
        ),
        "dW is transposed: it has W's shape (D', D)": lambda dA, X, W, A: (
            _affine_relu(dA, X, W, A)[0],
            _affine_relu(dA, X, W, A)[1].T,
            _affine_relu(dA, X, W, A)[2],
        ),
        "the mean is taken over the examples: a layer only sums": lambda dA, X, W, A: (
            _affine_relu(dA, X, W, A)[0],
            _affine_relu(dA, X, W, A)[1] / len(X),
            _affine_relu(dA, X, W, A)[2] / len(X),
        ),
        "db sums over the units: it has one entry a unit, so sum over the examples": (
            lambda dA, X, W, A: (*_affine_relu(dA, X, W, A)[:2], (dA * (A > 0)).sum(axis=1))
        ),
        "W is transposed in dX: (N, D') times (D', D) needs W as it is": lambda dA, X, W, A: (
            dA * (A > 0) @ W.T,
            *_affine_relu(dA, X, W, A)[1:],
        ),
    },
    hints=(
        "Go back in the opposite order: ReLU came last, so its gate comes first.",
        "dZ is dA where A > 0, and 0 elsewhere. All three gradients start from dZ.",
        "dX = dZ @ W; dW has W's shape, so it is dZ.T @ X; db sums dZ over the examples.",
    ),
)


# errors


def _slope(z):
    return 1 - np.tanh(z) ** 2


def _errors(da, z1, z2, z3, W2, W3, *, slope=_slope):
    delta3 = da * slope(z3)
    delta2 = W3.T @ delta3 * slope(z2)
    return W2.T @ delta2 * slope(z1), delta2, delta3


def _errors_case(rng, *sizes):
    z1, z2, z3 = (rng.standard_normal(size) for size in sizes)
    W2 = rng.standard_normal((sizes[1], sizes[0]))
    W3 = rng.standard_normal((sizes[2], sizes[1]))
    return rng.standard_normal(sizes[2]), z1, z2, z3, W2, W3


ERRORS = Exercise(
    name="errors",
    verifies="the errors of three layers, from the top down",
    reference=lambda da, z1, z2, z3, W2, W3: _errors(da, z1, z2, z3, W2, W3),
    returns=("delta1", "delta2", "delta3"),
    cases=lambda rng: {
        "scores of zero, where each slope is 1": (
            np.array([1.0, -1.0]),
            *np.zeros((3, 2)),
            np.array([[1.0, 2.0], [0.0, -1.0]]),
            np.array([[3.0, 1.0], [0.0, 2.0]]),
        ),
        "4, 3 and 2 units": _errors_case(rng, 4, 3, 2),
        "three units in each layer": _errors_case(rng, 3, 3, 3),
    },
    mistakes={
        "the slopes are missing": lambda da, z1, z2, z3, W2, W3: (W2.T @ W3.T @ da, W3.T @ da, da),
        "the slope of the output layer is missing": lambda da, z1, z2, z3, W2, W3: _errors(
            da, z1, z2, 0 * z3, W2, W3
        ),
        "the hidden layers have no slope": lambda da, z1, z2, z3, W2, W3: _errors(
            da, 0 * z1, 0 * z2, z3, W2, W3
        ),
        "1 - z² takes the place of 1 - tanh²(z): z is not yet a tanh": lambda *arguments: _errors(
            *arguments, slope=lambda z: 1 - z**2
        ),
        "the slope is the sigmoid's, a (1 - a): these are tanh units": lambda *arguments: _errors(
            *arguments, slope=lambda z: sigmoid(z) * sigmoid(-z)
        ),
        "tanh takes the place of its derivative 1 - tanh²": lambda da, z1, z2, z3, W2, W3: (
            W2.T @ (W3.T @ (da * np.tanh(z3)) * np.tanh(z2)) * np.tanh(z1),
            W3.T @ (da * np.tanh(z3)) * np.tanh(z2),
            da * np.tanh(z3),
        ),
        "each layer takes the slope of the layer above: δ of a layer needs its own z": (
            lambda da, z1, z2, z3, W2, W3: (
                W2.T @ (W3.T @ (da * _slope(z3) ** 2) * _slope(z2)),
                W3.T @ (da * _slope(z3) ** 2),
                da * _slope(z3),
            )
        ),
        "the order is turned around: delta1 comes first": lambda da, z1, z2, z3, W2, W3: _errors(
            da, z1, z2, z3, W2, W3
        )[::-1],
        "the weights are not transposed: a signal goes down through W.T": (
            lambda da, z1, z2, z3, W2, W3: (
                W2 @ (W3 @ (da * _slope(z3)) * _slope(z2)) * _slope(z1),
                W3 @ (da * _slope(z3)) * _slope(z2),
                da * _slope(z3),
            )
        ),
        "the weights are swapped: W3 lies between layers 2 and 3": (
            lambda da, z1, z2, z3, W2, W3: _errors(da, z1, z2, z3, W3, W2)
        ),
    },
    hints=(
        "Equation 1 gives delta3, equation 2 gives delta2 from it, and once more delta1.",
        "The slope of tanh is 1 - tanh². Each layer uses its own scores.",
        "delta2 = (W3.T @ delta3) * (1 - np.tanh(z2) ** 2). For delta1 lower every number by one.",
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
        "Write A_i = S_i - log s with s the sum of exp(S_k). What is the derivative of log s by "
        "S_j?",
        "It is exp(S_j) / s, which is P_j = exp(A_j). So A_i has the slope delta_ij - P_j.",
        "Contract: dS_j is dA_j minus P_j times the sum of dA over the row; axis=1, keepdims=True.",
    ),
)


# bytes

BYTES = Exercise(
    name="bytes",
    verifies="123 GB for a tensor that is never built",
    reference=lambda: (10 * 1000) * (1000 * 3072) * 4,
    returns=("bytes",),
    mistakes={
        "the batch is forgotten: each of the 10 examples has outputs of its own": lambda: (
            1000 * (1000 * 3072) * 4
        ),
        "an entry has 8 bytes: float32 takes 4": lambda: (10 * 1000) * (1000 * 3072) * 8,
        "entries are counted and not bytes": lambda: (10 * 1000) * (1000 * 3072),
        "the gradient of W is counted: the tensor has one for each output": lambda: 1000 * 3072 * 4,
        "a Jacobian is counted without its zeros: asked is the whole tensor ∂Z/∂W": lambda: (
            10 * 1000 * 3072 * 4
        ),
    },
    hints=(
        "One entry for each pair of an output and a weight. How many outputs has a batch of 10?",
        "10 · 1000 outputs and 1000 · 3072 weights; a float32 takes 4 bytes.",
    ),
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


def _three_layers(end=lambda *grads: grads, slope1=lambda A1, A2: 1 - A1**2, share=len, top=True):
    """Return the gradients of a tanh network of three layers, or wrong ones."""

    def backward(X, A1, A2, A3, Y, W2, W3):
        D3 = (A3 - Y) / share(X) * (1 - A3**2 if top else 1.0)
        D2 = D3 @ W3 * (1 - A2**2)
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
    planted=_three_layers(slope1=lambda A1, A2: 1 - A2**2),
    cases=lambda rng: {
        "one example": _three_layers_case(rng, 1, 2, 2, 1),
        "five examples": _three_layers_case(rng, 5, 3, 4, 2),
        "as many of everything": _three_layers_case(rng, 3, 3, 3, 3),
    },
    mistakes={
        "the slope of layer 1 is left out": _three_layers(slope1=lambda A1, A2: 1.0),
        "the square of layer 1's slope is missing": _three_layers(slope1=lambda A1, A2: 1 - A1),
        "the slope of layer 1 is taken of tanh(A1): A1 is a tanh already": _three_layers(
            slope1=lambda A1, A2: 1 - np.tanh(A1) ** 2
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
