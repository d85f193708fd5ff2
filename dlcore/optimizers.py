"""Optimizers: a frozen object with the constants, and two pure functions on one vector.

``state = optimizer.init(theta)``, then ``theta, state = optimizer.update(theta, grad, state)`` once
a step. Each update is the printed equation, on all parameters at once.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from dlcore.errors import ShapeError, require_same_shape

# What each constant may be, by its name.
_RANGES = {
    "lr": (lambda x: 0 < x < math.inf, "a rate > 0"),
    "eps": (lambda x: 0 < x < math.inf, "a small number > 0"),
    "weight_decay": (lambda x: 0 <= x < math.inf, "a number >= 0"),
    "beta": (lambda x: 0 <= x < 1, "a share >= 0 and < 1"),
    "beta1": (lambda x: 0 <= x < 1, "a share >= 0 and < 1"),
    "beta2": (lambda x: 0 <= x < 1, "a share >= 0 and < 1"),
}


class _Constants:
    """Checks the constants, and keeps them as Python floats: np.float64 would promote float32."""

    def __post_init__(self):
        for constant in fields(self):
            if constant.name in _RANGES:
                value = getattr(self, constant.name)
                fits, expected = _RANGES[constant.name]
                if not fits(value):
                    raise ValueError(
                        f"{type(self).__name__}: {constant.name} is {value}, expected {expected}"
                    )
                object.__setattr__(self, constant.name, float(value))

    def _check(self, theta, grad):
        require_same_shape(f"{type(self).__name__}.update", theta=theta, grad=grad)


@dataclass(frozen=True)
class GradientDescent(_Constants):
    """Step against the gradient: theta <- theta - lr * grad.

    Equation: eq-gradient-descent

    Parameters
    ----------
    lr : float
        The learning rate, > 0.

    Raises
    ------
    ValueError
        When ``lr`` is not positive.
    """

    lr: float

    def init(self, theta):
        """Return the start state: gradient descent remembers nothing."""
        return ()

    def update(self, theta, grad, state):
        """Take one step.

        Parameters
        ----------
        theta, grad : array, shape (P,)
            Not changed.
        state : tuple
            What ``init`` or the last ``update`` returned.

        Returns
        -------
        theta : array, shape (P,)
        state : tuple

        Raises
        ------
        ShapeError
            When the shapes differ.
        """
        self._check(theta, grad)
        return theta - self.lr * grad, state


@dataclass(frozen=True)
class Momentum(_Constants):
    """Step along an exponentially weighted average of the gradients.

    Equation: eq-opt-momentum, eq-opt-momentum-forms

    v <- beta v + (1 - beta) grad, theta <- theta - lr v. Because the weights of the average sum to
    one, ``lr`` means what it means for gradient descent; ``ClassicalMomentum`` with the rate
    lr (1 - beta) takes the same steps.

    Source: Polyak (1964), in the form with an average.

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the old average that is kept; it reaches back about 1 / (1 - beta) steps.

    Raises
    ------
    ValueError
        When ``lr`` is not positive or ``beta`` not in [0, 1).
    """

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: an average of nothing, 0."""
        return (np.zeros_like(theta),)

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        self._check(theta, grad)
        (v,) = state
        v = self.beta * v + (1 - self.beta) * grad
        return theta - self.lr * v, (v,)


@dataclass(frozen=True)
class ClassicalMomentum(_Constants):
    """Step with a velocity that the gradients push: v <- beta v + grad, theta <- theta - lr v.

    Equation: eq-opt-classical

    Under a constant gradient the velocity grows to grad / (1 - beta), so a rate that suits
    gradient descent is too large here by that factor.

    Source: Polyak (1964).

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the velocity that is kept.

    Raises
    ------
    ValueError
        When ``lr`` is not positive or ``beta`` not in [0, 1).
    """

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: at rest."""
        return (np.zeros_like(theta),)

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        self._check(theta, grad)
        (v,) = state
        v = self.beta * v + grad
        return theta - self.lr * v, (v,)


@dataclass(frozen=True)
class Nesterov(_Constants):
    """Momentum that looks one step ahead: v <- beta v + grad, theta <- theta - lr (grad + beta v).

    Equation: eq-opt-nesterov, eq-opt-nesterov-lookahead

    ``theta`` is the point where the velocity is about to carry the parameters, so the gradient is
    measured there. This is the form of ``torch.optim.SGD``.

    Source: Nesterov (1983), in the form of Sutskever et al. (2013).

    Parameters
    ----------
    lr : float
        The learning rate, > 0.
    beta : float
        The share of the velocity that is kept.

    Raises
    ------
    ValueError
        When ``lr`` is not positive or ``beta`` not in [0, 1).
    """

    lr: float
    beta: float = 0.9

    def init(self, theta):
        """Return the start state ``(v,)``: at rest."""
        return (np.zeros_like(theta),)

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        self._check(theta, grad)
        (v,) = state
        v = self.beta * v + grad
        return theta - self.lr * (grad + self.beta * v), (v,)


@dataclass(frozen=True)
class RMSprop(_Constants):
    """Divide each gradient by its recent size: the root of an average of its squares.

    Equation: eq-opt-rmsprop

    s <- beta s + (1 - beta) grad², theta <- theta - lr grad / (sqrt(s) + eps).

    Source: Tieleman and Hinton (2012), lecture 6.5.

    Parameters
    ----------
    lr : float
        The learning rate, > 0: about the size of a step.
    beta : float
        The share of the old average that is kept.
    eps : float
        Keeps the quotient finite; added outside the square root.

    Raises
    ------
    ValueError
        When a constant is out of its range.
    """

    lr: float
    beta: float = 0.9
    eps: float = 1e-8

    def init(self, theta):
        """Return the start state ``(s,)``: an average of nothing, 0."""
        return (np.zeros_like(theta),)

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        self._check(theta, grad)
        (s,) = state
        s = self.beta * s + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(s) + self.eps), (s,)


@dataclass(frozen=True)
class Adam(_Constants):
    """Momentum's average over RMSprop's, both corrected for their start at zero.

    Equation: eq-opt-adam

    v <- beta1 v + (1 - beta1) grad, s <- beta2 s + (1 - beta2) grad²,
    v' = v / (1 - beta1^t), s' = s / (1 - beta2^t), theta <- theta - lr v' / (sqrt(s') + eps).

    Source: Kingma and Ba (2015), algorithm 1.

    Parameters
    ----------
    lr : float
        The learning rate, > 0: about the size of a step.
    beta1, beta2 : float
        The shares of the old averages that are kept.
    eps : float
        Keeps the quotient finite; added outside the square root.

    Raises
    ------
    ValueError
        When a constant is out of its range.
    """

    lr: float
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def init(self, theta):
        """Return the start state ``(v, s, t)``: two averages of nothing, and no steps."""
        return np.zeros_like(theta), np.zeros_like(theta), 0

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        self._check(theta, grad)
        v, s, t = state
        t = t + 1
        v = self.beta1 * v + (1 - self.beta1) * grad
        s = self.beta2 * s + (1 - self.beta2) * grad**2
        v_corrected = v / (1 - self.beta1**t)
        s_corrected = s / (1 - self.beta2**t)
        return theta - self.lr * v_corrected / (np.sqrt(s_corrected) + self.eps), (v, s, t)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, and beside it a weight decay that its quotient does not touch.

    Equation: eq-opt-adamw, eq-reg-adamw

    theta <- theta - lr (Adam's quotient + weight_decay theta). An L2 penalty under Adam is divided
    by the size of the gradients, so weights with large gradients hardly shrink; here all shrink by
    the same factor.

    Source: Loshchilov and Hutter (2019), algorithm 2, with the schedule in ``lr``.

    Parameters
    ----------
    lr, beta1, beta2, eps : float
        As in ``Adam``.
    weight_decay : float
        The share of a weight that goes, in units of ``lr``, each step.
    decayed : array of bool, shape (P,), optional
        The entries to decay, such as ``params.decayed``: the weights, and no biases. All of them
        by default, as in ``torch.optim.AdamW``.

    Raises
    ------
    ValueError
        When a constant is out of its range.
    """

    weight_decay: float = 0.01
    decayed: Any = field(default=None, repr=False, compare=False)

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        moved, state = super().update(theta, grad, state)
        weights = theta
        if self.decayed is not None:
            if self.decayed.shape != theta.shape:
                raise ShapeError(
                    f"AdamW.update: decayed has shape {self.decayed.shape}, expected theta's "
                    f"{theta.shape}; does the mask belong to another network?"
                )
            weights = theta * self.decayed
        return moved - self.lr * self.weight_decay * weights, state


def clip_by_norm(grad, max_norm):
    """Shorten a gradient that is longer than ``max_norm``; its direction stays.

    Equation: eq-init-clip

    Source: Pascanu, Mikolov and Bengio (2013), algorithm 1.

    Parameters
    ----------
    grad : array of floats, any shape
    max_norm : float
        The greatest Euclidean length, > 0.

    Returns
    -------
    array, the shape and dtype of ``grad``

    Raises
    ------
    ValueError
        When ``max_norm`` is not positive.
    """
    max_norm = float(max_norm)
    if not max_norm > 0:
        raise ValueError(f"clip_by_norm: max_norm is {max_norm}, expected a length > 0")
    if grad.size == 0:
        return grad
    scale = np.maximum(np.max(np.abs(grad)), max_norm)
    norm = scale * np.sqrt(np.sum((grad / scale) ** 2))  # no square overflows: the largest is 1
    return grad * (max_norm / np.maximum(norm, max_norm))
