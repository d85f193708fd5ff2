"""Exercises of chapter 09, gradient checking."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from byhand.exercises.checking import Exercise
from dlcore.gradcheck import directional_difference, numerical_gradient, relative_difference


@dataclass(frozen=True)
class Formula:
    """A function that can be shown in a report."""

    text: str
    function: Callable

    def __call__(self, theta):
        """Evaluate it."""
        return self.function(theta)

    def __str__(self):
        return self.text


def _cubes(theta):
    return float(np.sum(theta**3))


def _chain(theta):
    return float(np.sum(np.tanh(theta[:-1] * theta[1:])))


def _product(theta):
    return float(np.prod(theta))


CUBES = Formula("the sum of the cubes", _cubes)
CHAIN = Formula("the sum of tanh(theta[i] theta[i + 1])", _chain)
PRODUCT = Formula("the product of the entries", _product)


# relative-difference


def _apart(grad, approx):
    return np.linalg.norm(grad - approx)


RELATIVE_DIFFERENCE = Exercise(
    name="relative-difference",
    verifies="the distance of two gradients on a scale from 0 to 1",
    reference=lambda grad, approx: relative_difference(grad, approx),
    returns=("difference",),
    cases=lambda rng: {
        "two numbers each": (np.array([3.0, 4.0]), np.array([3.0, 4.5])),
        "twice as long": (np.array([2.0, -4.0, 6.0]), np.array([1.0, -2.0, 3.0])),
        "a matrix": (rng.standard_normal((3, 4)), rng.standard_normal((3, 4))),
        "very small gradients": (1e-9 * rng.standard_normal(5), 1e-9 * rng.standard_normal(5)),
    },
    mistakes={
        "it is not divided by the lengths: then the unit of the cost decides": _apart,
        "it is divided by one length only; for a gradient twice too large that is 1 or 0.5": (
            lambda grad, approx: _apart(grad, approx) / np.linalg.norm(approx)
        ),
        "it is divided by the length of grad only": (
            lambda grad, approx: _apart(grad, approx) / np.linalg.norm(grad)
        ),
        "the lengths are squared: the square root is missing": lambda grad, approx: (
            np.sum((grad - approx) ** 2) / (np.sum(grad**2) + np.sum(approx**2))
        ),
        "the lengths' difference is taken in place of the difference's length": (
            lambda grad, approx: (
                abs(np.linalg.norm(grad) - np.linalg.norm(approx))
                / (np.linalg.norm(grad) + np.linalg.norm(approx))
            )
        ),
        "it is divided by the length of the sum: two opposite gradients would divide by 0": (
            lambda grad, approx: _apart(grad, approx) / np.linalg.norm(grad + approx)
        ),
    },
    hints=(
        "Two lengths below, one length above. np.linalg.norm works for matrices too.",
        "Above: the norm of grad - approx. Below: the norm of grad plus the norm of approx.",
    ),
)


# numerical-gradient


def _by_entry(quotient):
    """Return an answer that computes one entry after the other with ``quotient(f, theta, e)``."""

    def answer(f, theta, eps):
        entries = [quotient(f, theta, eps * e, eps) for e in np.eye(theta.size)]
        return np.array(entries)

    return answer


def _not_restored(f, theta, eps):
    theta, gradient = theta.copy(), np.zeros_like(theta)
    for i in range(theta.size):
        theta[i] += eps
        plus = f(theta)
        theta[i] -= 2 * eps
        gradient[i] = (plus - f(theta)) / (2 * eps)
    return gradient


NUMERICAL_GRADIENT = Exercise(
    name="numerical-gradient",
    verifies="gradapprox, one central difference an entry",
    reference=lambda f, theta, eps: numerical_gradient(f, theta, eps),
    returns=("gradapprox",),
    tolerance=1e-7,
    cases=lambda rng: {
        "one number": (CUBES, np.array([2.0]), 0.1),
        "three numbers, each alone": (CUBES, np.array([1.0, -2.0, 0.5]), 0.01),
        "three numbers, multiplied": (PRODUCT, np.array([1.0, -2.0, 0.5]), 0.01),
        "six numbers that depend on their neighbors": (CHAIN, rng.standard_normal(6), 1e-3),
    },
    mistakes={
        "the minus between the two costs is lost, as in the notes: J⁺ − J⁻ is meant": _by_entry(
            lambda f, theta, step, eps: (f(theta + step) + f(theta - step)) / (2 * eps)
        ),
        "it is divided by ε: the two points are 2ε apart": _by_entry(
            lambda f, theta, step, eps: (f(theta + step) - f(theta - step)) / eps
        ),
        "only one side is stepped to, and theta itself is the other point": _by_entry(
            lambda f, theta, step, eps: (f(theta + step) - f(theta)) / eps
        ),
        "the sign is turned: J⁺ comes first": _by_entry(
            lambda f, theta, step, eps: (f(theta - step) - f(theta + step)) / (2 * eps)
        ),
        "brackets are missing: / 2 * eps divides by 2 and multiplies by eps": _by_entry(
            lambda f, theta, step, eps: (f(theta + step) - f(theta - step)) / 2 * eps
        ),
        "all entries are moved at once: each partial derivative moves its own entry": _by_entry(
            lambda f, theta, step, eps: (f(theta + eps) - f(theta - eps)) / (2 * eps)
        ),
        "an entry is not put back before the next one is moved": _not_restored,
    },
    hints=(
        "A loop over the entries. Each needs two costs: one with the entry moved up, one down.",
        "Start each round from a fresh theta.copy(), so that nothing has to be put back.",
        "plus = theta.copy(), plus[i] += eps; minus likewise; then the difference of the two "
        "costs, divided by (2 * eps).",
    ),
)


# error-factor

ERROR_FACTOR = Exercise(
    name="error-factor",
    verifies="the constant factor behind a relative difference",
    reference=lambda r: (1 + r) / (1 - r),
    returns=("factor",),
    cases=lambda rng: {
        "one third": (np.array([1 / 3]),),
        "three quarters, and nothing wrong": (np.array([0.75, 0.0]),),
        "five at random": (rng.random(5),),
    },
    mistakes={
        "the factor is that of a gradient that is too small: asked is the one above 1": (
            lambda r: (1 - r) / (1 + r)
        ),
        "r is read as the relative error, c − 1: it is divided by c + 1 too": lambda r: 1 + r,
        "r is divided by one length only: (c − 1)/c gives 1/(1 − r)": lambda r: 1 / (1 - r),
        "r is taken for half of the relative error, which it is only when small": (
            lambda r: 1 + 2 * r
        ),
    },
    hints=(
        "Write r = (c − 1)/(c + 1) and solve for c.",
        "r c + r = c − 1. Bring c to one side.",
    ),
)


# best-step


def _best(eta, third):
    eps = (3 * eta / third) ** (1 / 3)
    return eps, 1.5 * eta / eps


def _step(step, error=lambda eta, third, eps: third * eps**2 / 6 + eta / eps):
    return lambda eta, third: (step(eta, third), error(eta, third, step(eta, third)))


BEST_STEP = Exercise(
    name="best-step",
    verifies="the ε where truncation and rounding together are smallest, and their sum there",
    reference=_best,
    returns=("eps", "error"),
    cases=lambda rng: {
        "eta 1e-16, third derivative 3": (1e-16, 3.0),
        "a cost of a thousand": (1e-13, 3.0),
        "float32, a sharp bend": (6e-8, 250.0),
    },
    mistakes={
        "the square root is taken: that is the one-sided difference; here ε³ = 3η/M": _step(
            lambda eta, third: (3 * eta / third) ** 0.5
        ),
        "the two errors are set equal: the smallest sum is where their slopes cancel": _step(
            lambda eta, third: (6 * eta / third) ** (1 / 3)
        ),
        "the 3 under the root is missing": _step(lambda eta, third: (eta / third) ** (1 / 3)),
        "the fraction under the root is upside down": _step(
            lambda eta, third: (third / (3 * eta)) ** (1 / 3)
        ),
        "the error is 2/3 of the sum: the truncation is left out, or only half of the rounding is "
        "counted": _step(
            lambda eta, third: _best(eta, third)[0], lambda eta, third, eps: eta / eps
        ),
        "the error holds only the truncation, a third of the sum": _step(
            lambda eta, third: _best(eta, third)[0], lambda eta, third, eps: third * eps**2 / 6
        ),
    },
    hints=(
        "E(ε) = η/ε + M ε²/6. Where is its derivative zero?",
        "−η/ε² + M ε/3 = 0 gives ε³. Then put ε into E.",
    ),
)


# direction


def _direction(expected, measured):
    return lambda f, theta, grad, v, eps: (expected(grad, v), measured(f, theta, v, eps))


def _dot(grad, v):
    return float(np.sum(grad * v))


DIRECTION = Exercise(
    name="direction",
    verifies="a whole gradient against two costs, along one direction",
    reference=_direction(_dot, directional_difference),
    returns=("expected", "measured"),
    tolerance=1e-7,
    cases=lambda rng: {
        "two numbers": (CUBES, np.array([1.0, 2.0]), np.array([3.0, 12.0]), np.array([1.0, 0.5]),
                        0.01),
        "a wrong gradient": (CUBES, np.array([1.0, 2.0]), np.array([3.0, 6.0]),
                             np.array([-1.0, 2.0]), 0.01),
        "ten numbers": (CHAIN, rng.standard_normal(10), rng.standard_normal(10),
                        rng.standard_normal(10), 1e-3),
    },
    mistakes={
        "the gradient's length is expected: along v it is the sum of grad times v": _direction(
            lambda grad, v: float(np.linalg.norm(grad)), directional_difference
        ),
        "the entries of the gradient are summed without v": _direction(
            lambda grad, v: float(np.sum(grad)), directional_difference
        ),
        "v is divided by its length: asked is the slope along v as it is": (
            lambda f, theta, grad, v, eps: (
                _dot(grad, v / np.linalg.norm(v)),
                directional_difference(f, theta, v / np.linalg.norm(v), eps),
            )
        ),
        "v is divided by its length on one side only": _direction(
            lambda grad, v: _dot(grad, v) / float(np.linalg.norm(v)), directional_difference
        ),
        "theta moves by ε in every entry: it should move by ε v": _direction(
            _dot, lambda f, theta, v, eps: directional_difference(f, theta, np.ones_like(v), eps)
        ),
        "it is divided by ε: the two points are 2ε v apart": _direction(
            _dot, lambda f, theta, v, eps: 2 * directional_difference(f, theta, v, eps)
        ),
        "only one side is stepped to": _direction(
            _dot, lambda f, theta, v, eps: (f(theta + eps * v) - f(theta)) / eps
        ),
    },
    hints=(
        "expected needs no cost at all: it is one sum. measured needs two costs.",
        "expected = np.sum(grad * v).",
        "measured is the central difference of the two costs at theta + eps * v and theta - "
        "eps * v.",
    ),
)  # fmt: skip


# find-the-bugs

BUGS = (5, 1, 4, 6, 2, 3)  # of A to F


def _diagnosed(answers):
    """Say which of the six are right, without saying what is."""
    if len(answers) != 6:
        raise ValueError(f"there are {len(answers)} answers; asked are six, for A to F")
    return np.array([int(mine == right) for mine, right in zip(answers, BUGS, strict=True)])


def _wrong(**numbers):
    letters = dict(zip("ABCDEF", BUGS, strict=True)) | numbers
    return lambda: tuple(letters.values())


FIND_THE_BUGS = Exercise(
    name="find-the-bugs",
    verifies="six mistakes named from the patterns that they leave",
    reference=lambda: BUGS,
    returns=("right (1) or wrong (0), A to F",),
    view=_diagnosed,
    mistakes={
        "C and F are not told apart: both break layer 1 only. Look at their ratios for b1 on one "
        "example: a missing factor 1 − a², at most 1, makes a gradient too large, never of the "
        "wrong sign": _wrong(C=3, F=4),
        "B and E are not told apart: both show 0.75. One is 7 times too large wherever no penalty "
        "acts, the other 7 times too small, in one tensor": _wrong(B=2, E=1),
        "A is not found: every W is wrong and every b is right, as by a term that knows only W":
            _wrong(A=8),
        "B is not found: look at the three biases; all their ratios are exactly 7, and N is 7": (
            _wrong(B=7)
        ),
        "C is not found: layer 1 is wrong and its ratios have both signs; the step into that layer "
        "is a product with a square matrix": _wrong(C=7),
        "D is not found: only W1 is wrong, and most of its ratios are 1; print them as a matrix": (
            _wrong(D=5)
        ),
        "E is not found: one tensor alone is wrong, by a constant; compare it with N": _wrong(E=8),
        "F is not found: the mistake lies between layer 2, which is right, and layer 1": (
            _wrong(F=7)
        ),
    },
    hints=(
        "First: which tensors are wrong? The error enters at the last layer that is wrong and "
        "runs from there to the input.",
        "Second: is the ratio of grad to gradapprox one constant? A constant is a lost or doubled "
        "factor; compare it with N = 7.",
        "Third: check again with one example and without the penalty. What remains wrong, and "
        "with which ratios?",
    ),
)  # fmt: skip


EXERCISES = [
    RELATIVE_DIFFERENCE,
    NUMERICAL_GRADIENT,
    ERROR_FACTOR,
    BEST_STEP,
    DIRECTION,
    FIND_THE_BUGS,
]
