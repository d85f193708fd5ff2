"""Exercises of chapter 19, AlexNet and VGG."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.layers import lrn_backward, lrn_forward

# deep-parameters

PARAMETERS = Exercise(
    name="deep-parameters",
    verifies="weights and biases of a convolution, with groups",
    reference=lambda k, c_in, c_out, groups: (k**2 * c_in // groups + 1) * c_out,
    returns=("count",),
    cases=lambda rng: {
        "AlexNet's first layer": (11, 3, 96, 1),
        "AlexNet's second layer, in two groups": (5, 96, 256, 2),
        "a kernel of one pixel": (1, 8, 4, 1),
        "four groups": (3, 8, 12, 4),
    },
    mistakes={
        "the biases are missing": lambda k, c_in, c_out, groups: k**2 * c_in // groups * c_out,
        "there is one bias in all: each filter has its own": (
            lambda k, c_in, c_out, groups: k**2 * c_in // groups * c_out + 1
        ),
        "there is one bias for each group: each filter has its own": (
            lambda k, c_in, c_out, groups: k**2 * c_in // groups * c_out + groups
        ),
        "there is a bias for each input channel: each filter has one": (
            lambda k, c_in, c_out, groups: k**2 * c_in // groups * c_out + c_in
        ),
        "the groups are left out": lambda k, c_in, c_out, groups: (k**2 * c_in + 1) * c_out,
        "the filters are divided too: there are still c_out of them": (
            lambda k, c_in, c_out, groups: (k**2 * c_in // groups + 1) * c_out // groups
        ),
        "a kernel is counted with k weights for each channel it reads: it has k²": (
            lambda k, c_in, c_out, groups: (k * c_in // groups + 1) * c_out
        ),
    },
    hints=(
        "How many numbers does one filter read? It has a weight for each, and one bias.",
        "A filter reads k² numbers of each of the c_in // groups channels of its group.",
    ),
)


# deep-macs


def _side(n, k, s, p):
    return (n + 2 * p - k) // s + 1


def _macs(H, W, k, s, p, c_in, c_out):
    return k * k * c_in * c_out * _side(H, k, s, p) * _side(W, k, s, p)


MACS = Exercise(
    name="deep-macs",
    verifies="each weight once at every place of the output",
    reference=_macs,
    returns=("count",),
    cases=lambda rng: {
        "AlexNet's first layer": (227, 227, 11, 4, 0, 3, 96),
        "VGG-16's second layer": (224, 224, 3, 1, 1, 64, 64),
        "an oblong image": (9, 14, 3, 2, 1, 2, 5),
        "a remainder": (8, 11, 3, 2, 0, 3, 4),
    },
    mistakes={
        "the places of the input are counted: it is the output's that count": (
            lambda H, W, k, s, p, c_in, c_out: k * k * c_in * c_out * H * W
        ),
        "the weights are counted once, not at every place": (
            lambda H, W, k, s, p, c_in, c_out: k * k * c_in * c_out
        ),
        "the biases are counted: they are added, not multiplied": (
            lambda H, W, k, s, p, c_in, c_out: (
                (k * k * c_in + 1) * c_out * _side(H, k, s, p) * _side(W, k, s, p)
            )
        ),
        "the input channels are left out": lambda H, W, k, s, p, c_in, c_out: _macs(
            H, W, k, s, p, 1, c_out
        ),
        "the stride is left out": lambda H, W, k, s, p, c_in, c_out: _macs(
            H, W, k, 1, p, c_in, c_out
        ),
        "the padding is added once: it is there on both sides": (
            lambda H, W, k, s, p, c_in, c_out: (
                k * k * c_in * c_out * ((H + p - k) // s + 1) * ((W + p - k) // s + 1)
            )
        ),
        "the padding is left out": lambda H, W, k, s, p, c_in, c_out: _macs(
            H, W, k, s, 0, c_in, c_out
        ),
        "the image is taken for a square": lambda H, W, k, s, p, c_in, c_out: _macs(
            H, H, k, s, p, c_in, c_out
        ),
    },
    hints=(
        "How many weights are there, without biases? Where is each of them used?",
        "The output has ((H + 2p − k) // s + 1) rows, and columns in the same way.",
    ),
)


# lrn and lrn-backward


def _lrn(X, k, n, alpha, beta):
    return lrn_forward(X, k=k, n=n, alpha=alpha, beta=beta)[0]


def _window_sum(S, n, wrap=False):
    half, C = n // 2, S.shape[1]
    if wrap:
        return sum(np.roll(S, step, axis=1) for step in range(-half, half + 1))
    return np.stack([S[:, max(0, i - half) : i + half + 1].sum(axis=1) for i in range(C)], axis=1)


def _forward(total):
    """Return a forward pass with another sum of squares."""
    return lambda X, k, n, alpha, beta: X / (k + alpha * total(X, n)) ** beta


LRN = Exercise(
    name="lrn",
    verifies="each number over a power of its neighbors' sum of squares",
    reference=_lrn,
    returns=("A",),
    cases=lambda rng: {
        "six channels": (np.array([[1.0, 2.0, 3.0, 1.0, 2.0, 4.0]]), 1.0, 3, 1.0, 1.0),
        "a batch, windows of 5": (rng.standard_normal((4, 9)), 2.0, 5, 0.3, 0.75),
        "a window wider than the channels": (rng.standard_normal((3, 4)), 1.0, 9, 0.5, 0.6),
        "only the number itself": (rng.standard_normal((2, 5)), 2.0, 1, 0.4, 0.5),
    },
    mistakes={
        "the values are summed, not their squares": lambda X, k, n, alpha, beta: (
            X / np.abs(k + alpha * _window_sum(np.abs(X), n)) ** beta
        ),
        "the number itself is not in its sum": _forward(lambda X, n: _window_sum(X**2, n) - X**2),
        "the sum reaches n channels to each side: it is n in all": _forward(
            lambda X, n: _window_sum(X**2, 2 * n + 1)
        ),
        "the last channel of each window is missing": _forward(
            lambda X, n: (
                _window_sum(X**2, n)
                - np.pad(X**2, ((0, 0), (0, n // 2)))[:, n // 2 : n // 2 + X.shape[1]]
            )
        ),
        "the channels go round in a circle: beyond the first there is none": _forward(
            lambda X, n: _window_sum(X**2, n, wrap=True)
        ),
        "alpha is divided by n: that is PyTorch's convention": lambda X, k, n, alpha, beta: _lrn(
            X, k, n, alpha / n, beta
        ),
        "the power beta is missing": lambda X, k, n, alpha, beta: _lrn(X, k, n, alpha, 1.0),
        "all channels are summed, not n of them": _forward(
            lambda X, n: (X**2).sum(axis=1, keepdims=True)
        ),
    },
    hints=(
        "For channel i, cut out the channels from i − n // 2 to i + n // 2. Which may not exist?",
        "X[:, max(0, i - half) : i + half + 1] is that window; a slice may end beyond the end.",
        "Divide X[:, i] by (k + alpha * sum of squares) ** beta.",
    ),
)


def _backward(dA, X, k, n, alpha, beta):
    return lrn_backward(dA, lrn_forward(X, k=k, n=n, alpha=alpha, beta=beta)[1])


def _changed(first=True, factor=2.0, power=True, summed=True, gradient=True, sign=-1.0):
    """Return a backward pass with one part changed."""

    def answer(dA, X, k, n, alpha, beta):
        D = k + alpha * _window_sum(X**2, n)
        part = (dA if gradient else 1.0) * X * D ** (-beta) / (D if power else 1.0)
        second = _window_sum(part, n) if summed else part
        return (dA * D**-beta if first else 0.0) + sign * factor * alpha * beta * X * second

    return answer


LRN_BACKWARD = Exercise(
    name="lrn-backward",
    verifies="the number's own output, and those of its neighbors",
    reference=_backward,
    returns=("dX",),
    cases=lambda rng: {
        "three channels, one gradient": (
            np.array([[1.0, 0.0, 0.0]]), np.array([[1.0, 2.0, 3.0]]), 1.0, 3, 1.0, 1.0,
        ),
        "a batch, windows of 5": (*rng.standard_normal((2, 4, 9)), 2.0, 5, 0.3, 0.75),
        "a wide window": (*rng.standard_normal((2, 3, 4)), 1.5, 9, 0.5, 0.6),
    },
    mistakes={
        "D is treated as a constant: the neighbors' part is missing": _changed(sign=0.0),
        "the first part is missing: the number's own numerator": _changed(first=False),
        "the 2 of the square's derivative is missing": _changed(factor=1.0),
        "the second part is added: the derivative of D ** -beta is negative": _changed(sign=1.0),
        "D has the power -beta in the second part: it is -beta - 1": _changed(power=False),
        "only the number's own D is counted: it is in its neighbors' too": _changed(summed=False),
        "the neighbors' own gradients are left out of the sum": _changed(gradient=False),
    },
    hints=(
        "X_i is in the numerator of its own output, and in the D of every channel near it.",
        "First part: dA * D ** -beta. Second: -2 alpha beta X times a window sum. Of what?",
        "Of dA * A / D, with A = X * D ** -beta.",
    ),
)  # fmt: skip


# residual-backward


def _residual(dY, X, W):
    dZ = dY * (X @ W.T > 0)
    return dY + dZ @ W, dZ.T @ X


def _residual_with(dX=None, dW=None, mask=lambda dY, X, W: X @ W.T > 0):
    """Return a backward pass with one part changed."""

    def answer(dY, X, W):
        dZ = dY * mask(dY, X, W)
        return (
            dX(dY, dZ, W) if dX else dY + dZ @ W,
            dW(dY, dZ, X) if dW else dZ.T @ X,
        )

    return answer


RESIDUAL = Exercise(
    name="residual-backward",
    verifies="both ways of the gradient, added",
    reference=_residual,
    returns=("dX", "dW"),
    cases=lambda rng: {
        "two numbers": (
            np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]]), np.array([[0.5, 0.25], [0.5, 1.0]]),
        ),
        "a batch": tuple(
            rng.standard_normal(shape) for shape in ((5, 4), (5, 4), (4, 4))
        ),
        "every unit is off": (
            rng.standard_normal((3, 2)), np.ones((3, 2)), -np.array([[1.0, 0.5], [0.2, 1.0]]),
        ),
    },
    mistakes={
        "the connection is missing: dY also goes straight to X": _residual_with(
            dX=lambda dY, dZ, W: dZ @ W
        ),
        "only the connection is there: the way through W is missing": _residual_with(
            dX=lambda dY, dZ, W: dY.copy()
        ),
        "the connection is given the masked gradient: it does not pass the ReLU": _residual_with(
            dX=lambda dY, dZ, W: dZ + dZ @ W
        ),
        "W is transposed in dX: there it stands as it is": _residual_with(
            dX=lambda dY, dZ, W: dY + dZ @ W.T
        ),
        "the ReLU's mask is missing": _residual_with(mask=lambda dY, X, W: 1.0),
        "dW is transposed": _residual_with(dW=lambda dY, dZ, X: X.T @ dZ),
        "the connection's gradient is counted in dW: it does not pass W": _residual_with(
            dW=lambda dY, dZ, X: (dZ + dY).T @ X
        ),
    },
    hints=(
        "X reaches Y in two ways. Each brings back a gradient.",
        "Straight: dY. Through the ReLU: dZ = dY where X W^T > 0, else 0. Then the affine layer.",
    ),
)  # fmt: skip


EXERCISES = [PARAMETERS, MACS, LRN, LRN_BACKWARD, RESIDUAL]
