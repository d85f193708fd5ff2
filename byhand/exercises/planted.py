"""Six backward passes of one small network, each with one mistake: the patients of chapter 09.

Whoever wants to find the mistakes from their patterns reads no further.
"""

from functools import partial

import numpy as np

from dlcore.activations import softmax
from dlcore.initializers import xavier_normal
from dlcore.layers import Affine, Tanh
from dlcore.losses import softmax_cross_entropy
from dlcore.network import Sequential
from dlcore.regularizers import l2

LAM = 0.7  # strength of the penalty
LAYERS = ("fc1", "fc2", "fc3")


def network():
    """Return the network: 4 inputs, two layers of 5 tanh units, 3 classes."""
    return Sequential(
        fc1=Affine(4, 5, xavier_normal),
        tanh1=Tanh(),
        fc2=Affine(5, 5, xavier_normal),
        tanh2=Tanh(),
        fc3=Affine(5, 3, xavier_normal),
    )


def problem(rng, n=7):
    """Draw parameters, biases too, and a batch: ``params, X (n, 4), y (n,)``."""
    params = network().init(rng)
    params = params.like(params.theta + 0.3 * rng.standard_normal(params.theta.size))
    return params, rng.standard_normal((n, 4)), rng.integers(3, size=n)


def cost(params, X, y, *, lam=LAM):
    """Return the mean cross-entropy plus the penalty on the three weight matrices."""
    scores, _ = network().forward(params, X)
    penalty = sum(l2(params[f"{layer}.W"], lam, len(X))[0] for layer in LAYERS)
    return softmax_cross_entropy(scores, y)[0] + penalty


def backward(
    params,
    X,
    y,
    *,
    examples=len,
    pull=lambda dZ, W: dZ @ W,
    slope=lambda A: 1 - A**2,
    bias=lambda dZ: dZ.sum(axis=0),
    decay=LAM,
    finish=lambda grads: None,
):
    """Return the gradient of ``cost``, by default the right one; each option is a place to err."""
    W1, b1, W2, b2, W3, b3 = params.values()
    A1 = np.tanh(X @ W1.T + b1)  # (N, 5)
    A2 = np.tanh(A1 @ W2.T + b2)  # (N, 5)
    dZ3 = (softmax(A2 @ W3.T + b3) - np.eye(3)[y]) / examples(X)  # (N, 3)
    dZ2 = (dZ3 @ W3) * (1 - A2**2)  # (N, 5)
    dZ1 = pull(dZ2, W2) * slope(A1)  # (N, 5)
    grads = params.like(np.zeros_like(params.theta))
    for layer, dZ, A in zip(LAYERS, (dZ1, dZ2, dZ3), (X, A1, A2), strict=True):
        grads[f"{layer}.W"][...] = dZ.T @ A + decay / len(X) * params[f"{layer}.W"]
        grads[f"{layer}.b"][...] = bias(dZ) if layer == "fc2" else dZ.sum(axis=0)
    finish(grads)
    return grads


def _last_row_is_forgotten(grads):
    grads["fc1.W"][-1] = 0.0


PLANTED = {
    "A": partial(backward, decay=0.0),
    "B": partial(backward, examples=lambda X: 1),
    "C": partial(backward, pull=lambda dZ, W: dZ @ W.T),
    "D": partial(backward, finish=_last_row_is_forgotten),
    "E": partial(backward, bias=lambda dZ: dZ.mean(axis=0)),
    "F": partial(backward, slope=lambda A: 1.0),
}
