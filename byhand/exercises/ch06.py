"""Exercises of chapter 06, activations: scores ``Z`` (N, C), one row an example."""

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.activations import elu, sigmoid
from dlcore.layers import (
    leaky_relu_backward,
    leaky_relu_forward,
    prelu_backward,
    silu_backward,
    silu_forward,
)

# leaky-backward


def _leaky(dA, Z, alpha):
    return leaky_relu_backward(dA, leaky_relu_forward(Z, alpha)[1])


LEAKY_BACKWARD = Exercise(
    name="leaky-backward",
    verifies="the gradient pulled back through a leaky ReLU",
    reference=_leaky,
    returns=("dZ",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0, -3.0]]), np.array([[2.0, -0.5, -4.0]]), 0.1),
        "a score of exactly zero": (np.array([[2.0, -1.0]]), np.array([[0.0, 3.0]]), 0.01),
        "a slope above 1": (np.array([[1.0, 1.0]]), np.array([[-2.0, 2.0]]), 2.0),
        "a seeded batch": (rng.standard_normal((4, 3)), rng.standard_normal((4, 3)), 0.25),
    },
    mistakes={
        "the sign of dA decides: it is the score Z that opens or shuts the valve": (
            lambda dA, Z, alpha: np.where(dA > 0, dA, alpha * dA)
        ),
        "the upstream gradient dA is left out": lambda dA, Z, alpha: np.where(Z > 0, 1.0, alpha),
        "the left side passes nothing, as in a plain ReLU": lambda dA, Z, alpha: dA * (Z > 0),
        "the two sides are swapped: alpha belongs where Z is not positive": (
            lambda dA, Z, alpha: np.where(Z > 0, alpha * dA, dA)
        ),
        "the function takes the place of its slope: dA * leaky_relu(Z)": (
            lambda dA, Z, alpha: dA * np.where(Z > 0, Z, alpha * Z)
        ),
        "the score 0 gets the slope of the right side: the case is z > 0, not z >= 0": (
            lambda dA, Z, alpha: np.where(Z >= 0, dA, alpha * dA)
        ),
        "a maximum chooses the side: max(alpha, 1) is right of neither": (
            lambda dA, Z, alpha: dA * np.where(Z > 0, max(alpha, 1.0), min(alpha, 1.0))
        ),
    },
    hints=(
        "The slope is 1 where Z > 0 and alpha elsewhere. What does the chain rule do with it?",
        "Upstream times slope, entry by entry. np.where(condition, a, b) chooses.",
    ),
)


# prelu-slope


def _prelu_slope(dA, Z):
    alpha = 0.0 * Z[0]  # its value has no part in its gradient
    return prelu_backward(dA, (Z, alpha))[1]


PRELU_SLOPE = Exercise(
    name="prelu-slope",
    verifies="the gradient of one learned slope a unit",
    reference=_prelu_slope,
    returns=("dalpha",),
    cases=lambda rng: {
        "one example, two units": (np.array([[2.0, 3.0]]), np.array([[-1.0, 4.0]])),
        "three examples, two units": (
            np.array([[1.0, 1.0], [3.0, -1.0], [-2.0, 5.0]]),
            np.array([[-2.0, 0.5], [4.0, -3.0], [-1.5, -1.0]]),
        ),
        "as many examples as units": (rng.standard_normal((3, 3)), rng.standard_normal((3, 3))),
        "a seeded batch": (rng.standard_normal((7, 4)), rng.standard_normal((7, 4))),
    },
    mistakes={
        "the positive scores take part too: only the left piece holds alpha": (
            lambda dA, Z: np.sum(dA * Z, axis=0)
        ),
        "the positive scores are taken instead of the negative ones": (
            lambda dA, Z: np.sum(dA * np.maximum(Z, 0), axis=0)
        ),
        "the score is missing: the factor of alpha is z, not 1": (
            lambda dA, Z: np.sum(dA * (Z < 0), axis=0)
        ),
        "the upstream gradient dA is left out": lambda dA, Z: np.sum(np.minimum(Z, 0), axis=0),
        "the mean is taken: the cost has its 1/N already, the layer sums": (
            lambda dA, Z: np.mean(dA * np.minimum(Z, 0), axis=0)
        ),
        "the units are summed as well: one slope a unit has one gradient a unit": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0))
        ),
        "the sum runs over the units: examples are rows, so it is axis 0": (
            lambda dA, Z: np.sum(dA * np.minimum(Z, 0), axis=1)
        ),
        "nothing is summed: every example goes through the same alpha": (
            lambda dA, Z: dA * np.minimum(Z, 0)
        ),
    },
    hints=(
        "In which piece does alpha occur, and what is its factor there?",
        "The factor is z where z is negative, and there is none elsewhere: np.minimum(Z, 0).",
        "Times dA, entry by entry, then summed over the examples, axis 0.",
    ),
)


# stable-elu

STABLE_ELU = Exercise(
    name="stable-elu",
    verifies="an ELU that neither overflows nor loses the digits of small scores",
    reference=elu,
    returns=("a",),
    cases=lambda rng: {
        "three numbers": (np.array([-1.0, 0.0, 2.0]), 1.0),
        "another alpha": (np.array([-3.0, -0.5, 0.5]), 0.5),
        "a matrix": (2 * rng.standard_normal((3, 2)), 1.0),
        "large scores": (np.array([-1000.0, 710.0, 1000.0]), 1.0),
        "tiny scores": (np.array([-1e-20, -1e-12, -1e-17]), 1.0),
    },
    mistakes={
        "alpha is left out": lambda z, alpha: elu(z, 1.0),
        "the -1 is missing: alpha exp(z) jumps to alpha at z = 0": lambda z, alpha: np.where(
            z > 0, z, alpha * np.exp(np.minimum(z, 0))
        ),
        "alpha multiplies the exponential only: it is alpha (exp(z) - 1)": (
            lambda z, alpha: np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)
        ),
        "the two sides are swapped": lambda z, alpha: np.where(z > 0, alpha * np.expm1(z), z),
        "the exponential is used for positive scores too": lambda z, alpha: alpha * np.expm1(z),
        "np.where computes both sides first, so exp(1000) overflows although it is thrown away": (
            lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(z))
        ),
        "exp(z) - 1 is computed by subtracting: for a tiny z all digits cancel": (
            lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))
        ),
    },
    hints=(
        "np.where(z > 0, z, alpha * (np.exp(z) - 1)) is right on paper. It computes both sides.",
        "Give the exponential min(z, 0) instead of z. Where z > 0 its result is not used.",
        "For tiny z use np.expm1, which computes exp(z) - 1 without subtracting.",
    ),
)


# silu-backward


def _silu(dA, Z):
    return silu_backward(dA, silu_forward(Z)[1])


def _from_output(dA, Z):
    G = sigmoid(Z)
    A = Z * G
    return dA * (A + G * (1 - A))


SILU_BACKWARD = Exercise(
    name="silu-backward",
    verifies="the slope of SiLU, at large scores too",
    reference=_silu,
    returns=("dZ",),
    cases=lambda rng: {
        "one row": (np.array([[1.0, 2.0, -1.0]]), np.array([[0.0, 1.0, -2.0]])),
        "a seeded batch": (rng.standard_normal((4, 3)), 2 * rng.standard_normal((4, 3))),
        "far out": (np.array([[1.0, -2.0, 3.0]]), np.array([[40.0, 1e4, -1e4]])),
        "very far out": (np.array([[2.0, 3.0]]), np.array([[1e18, -1e18]])),
    },
    mistakes={
        "only the first term of the product rule is there: z sigmoid'(z) is missing": (
            lambda dA, Z: dA * sigmoid(Z)
        ),
        "only the sigmoid is differentiated: the factor z has a derivative too": (
            lambda dA, Z: dA * Z * sigmoid(Z) * (1 - sigmoid(Z))
        ),
        "the upstream gradient dA is left out": lambda dA, Z: (
            sigmoid(Z) * (1 + Z * (1 - sigmoid(Z)))
        ),
        "the function takes the place of its slope": lambda dA, Z: dA * Z * sigmoid(Z),
        "the sigmoid stands twice: its slope is g (1 - g), not g²": lambda dA, Z: (
            dA * sigmoid(Z) * (1 + Z * sigmoid(Z))
        ),
        "the factor z before the sigmoid's slope is missing": lambda dA, Z: (
            dA * sigmoid(Z) * (1 + (1 - sigmoid(Z)))
        ),
        "the form A + G (1 - A) is used: two numbers near 1e18 cancel and the 1 is lost": (
            _from_output
        ),
    },
    hints=(
        "The product rule for z times sigmoid(z) has two terms.",
        "The sigmoid's slope is g (1 - g). Take g out of both terms.",
        "g (1 + z (1 - g)), with g = sigmoid(Z), times dA. At z = 1e18 the bracket stays 1.",
    ),
)


# dead-units


def _scores(X, W, b):
    return X @ W.T + b  # (N, D) (D, D') -> (N, D')


DEAD_UNITS = Exercise(
    name="dead-units",
    verifies="which ReLU units are zero for every example",
    reference=lambda X, W, b: np.all(_scores(X, W, b) <= 0, axis=0),
    returns=("dead",),
    cases=lambda rng: {
        "two examples, four units": (
            np.array([[1.0, 0.0], [0.0, 1.0]]),
            np.array([[1.0, -1.0], [-1.0, -2.0], [0.5, 0.5], [2.0, -1.0]]),
            np.array([0.0, 0.5, -1.0, 0.0]),
        ),
        "a unit whose scores are all exactly zero": (
            np.array([[1.0, 2.0], [3.0, 4.0], [0.5, 0.0]]),
            np.array([[0.0, 0.0], [1.0, 1.0]]),
            np.zeros(2),
        ),
        "units that depend on which examples come": (
            np.array([[1.0, 3.0], [2.0, 5.0]]),
            np.array([[2.0, -1.0], [-1.0, 2.0], [-2.0, 1.0]]),
            np.array([-0.5, 0.5, -4.0]),
        ),
        "as many units as examples": (
            rng.random((4, 3)),
            rng.standard_normal((4, 3)),
            np.array([0.0, -5.0, 0.5, -5.0]),
        ),
        "fifty examples, eight units": (
            rng.random((50, 3)),
            rng.standard_normal((8, 3)),
            np.array([0.0, -4.0, 0.0, -4.0, 1.0, -4.0, 0.0, -9.0]),
        ),
    },
    mistakes={
        "the living are counted: True is to stand for dead": lambda X, W, b: np.any(
            _scores(X, W, b) > 0, axis=0
        ),
        "one example is enough: dead means not positive for every example": (
            lambda X, W, b: np.any(_scores(X, W, b) <= 0, axis=0)
        ),
        "the bias is left out": lambda X, W, b: np.all(_scores(X, W, 0 * b) <= 0, axis=0),
        "a score of exactly 0 passes for alive: its slope is 0 too": (
            lambda X, W, b: np.all(_scores(X, W, b) < 0, axis=0)
        ),
        "the mean score decides: one positive example keeps a unit alive": (
            lambda X, W, b: np.mean(_scores(X, W, b), axis=0) <= 0
        ),
        "it runs over the units: one answer an example came out, not one a unit": (
            lambda X, W, b: np.all(_scores(X, W, b) <= 0, axis=1)
        ),
        "one answer is given for the whole layer": lambda X, W, b: np.all(_scores(X, W, b) <= 0),
    },
    hints=(
        "First the scores, (N, D'): X @ W.T + b. Which of them let a gradient through?",
        "A unit is a column. np.all(condition, axis=0) asks whether it holds in every row.",
    ),
)


# killing-rate


def _killing_rate(X, w, b, n, delta):
    return float(np.max(np.maximum(X @ w + b, 0) / (1 + X @ X[n])) / delta)


KILLING_RATE = Exercise(
    name="killing-rate",
    verifies="the smallest rate at which one step leaves no positive score",
    reference=_killing_rate,
    returns=("rate",),
    cases=lambda rng: {
        "three examples": (
            np.array([[2.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), np.array([1.0, 0.0]), 0.0, 0, 0.5,
        ),
        "a bias, and another example": (
            np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), np.array([0.5, 1.0]), 0.5, 1, 0.8,
        ),
        "fifty examples": (rng.random((50, 6)), rng.standard_normal(6), 0.3, 7, 0.1),
        "scores that are hardly positive": (
            np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.25, -0.125]), 0.5, 0, 0.5,
        ),
        "a unit that is dead already": (
            np.array([[2.0, 0.0], [0.5, 0.5]]), np.array([-1.0, -2.0]), -0.5, 0, 0.5,
        ),
    },
    mistakes={
        "a dead unit gets a negative rate: there the rate is 0": lambda X, w, b, n, delta: (
            np.max((X @ w + b) / (1 + X @ X[n])) / delta
        ),
        "delta is left out: the step is the rate times delta": lambda X, w, b, n, delta: (
            _killing_rate(X, w, b, n, 1.0)
        ),
        "delta multiplies: a larger error needs a smaller rate": lambda X, w, b, n, delta: (
            _killing_rate(X, w, b, n, 1 / delta)
        ),
        "the 1 of the bias is missing: b moves too, by the rate times delta": (
            lambda X, w, b, n, delta: (
                np.max(np.maximum(X @ w + b, 0) / np.maximum(X @ X[n], 1e-300)) / delta
            )
        ),
        "the smallest of the rates is taken: then others are still positive": (
            lambda X, w, b, n, delta: np.min((X @ w + b) / (1 + X @ X[n])) / delta
        ),
        "only example n is pushed below zero; the others may still be positive": (
            lambda X, w, b, n, delta: (X[n] @ w + b) / (1 + X[n] @ X[n]) / delta
        ),
        "every score is taken to fall as that of example n does": lambda X, w, b, n, delta: (
            np.max(X @ w + b) / (1 + X[n] @ X[n]) / delta
        ),
        "the weights stay as they are: they move by the rate times delta times x": (
            lambda X, w, b, n, delta: np.max(X @ w + b) / delta
        ),
        "the bias b is left out of the scores": lambda X, w, b, n, delta: (
            _killing_rate(X, w, 0.0, n, delta)
        ),
    },
    hints=(
        "By how much does the score of another row x' fall in this step? The weights move by "
        "rate * delta * X[n], the bias by rate * delta.",
        "It falls by rate * delta * (1 + X[n] @ x'). At which rate does it reach 0?",
        "Each row has such a rate, z / (1 + X @ X[n]) / delta. The unit is dead when the last row "
        "is, so take the largest.",
    ),
)  # fmt: skip


EXERCISES = [LEAKY_BACKWARD, PRELU_SLOPE, STABLE_ELU, SILU_BACKWARD, DEAD_UNITS, KILLING_RATE]
