"""Optimizers and losses around others: what a training run does besides, without an argument more.

::

    head = params.mask("fc8")                      # train the last layer only
    cost = Recorded(losses.softmax_cross_entropy)  # keep the cost of every step
    fit(net, params, X, y, loss=cost, optimizer=Masked(Adam(1e-3), head), ...)

They can be put around each other. Whatever has the methods of ``protocols.Optimizer`` can be
wrapped, and is one afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, is_dataclass, replace
from typing import Any

import numpy as np

from dlcore.errors import require_same_shape
from dlcore.optimizers import clip_by_norm


def at_rate(optimizer, lr):
    """Return the same optimizer with another learning rate.

    Parameters
    ----------
    optimizer : Optimizer
        With a method ``at_rate``, or a dataclass with a field ``lr``.
    lr : float

    Returns
    -------
    Optimizer

    Raises
    ------
    TypeError
        When its rate cannot be changed.
    """
    if hasattr(optimizer, "at_rate"):
        return optimizer.at_rate(lr)
    if is_dataclass(optimizer) and hasattr(optimizer, "lr"):
        return replace(optimizer, lr=lr)
    raise TypeError(
        f"at_rate: the rate of {optimizer!r} cannot be changed; expected a dataclass with a field "
        "lr, or a method at_rate(lr) that returns another optimizer"
    )


class _Wrapper:
    """An optimizer around ``self.optimizer``, with its rate and its memory."""

    @property
    def lr(self):
        """The learning rate."""
        return self.optimizer.lr

    def at_rate(self, lr):
        """Return the same with another rate."""
        return replace(self, optimizer=at_rate(self.optimizer, lr))

    def init(self, theta):
        """Return the start state of the optimizer inside."""
        return self.optimizer.init(theta)


@dataclass(frozen=True, eq=False)
class Masked(_Wrapper):
    """Train the marked entries of theta; the others are frozen.

    The optimizer inside sees no gradient where it is not to move. Batch norm's running averages
    are no part of theta: in training they go on, also those of frozen layers. To keep features as
    they are, compute them once, without ``train``, and train a network of the last layers on them.

    Parameters
    ----------
    optimizer : Optimizer
    mask : array of bool, shape (P,)
        Such as ``params.mask("fc2")``, or ``~params.mask("conv*")``.

    Raises
    ------
    TypeError
        When ``mask`` is no array of bool.
    """

    optimizer: Any
    mask: Any = field(repr=False)

    def __post_init__(self):
        kind = getattr(getattr(self.mask, "dtype", None), "kind", None)
        if kind != "b":
            dtype = getattr(self.mask, "dtype", None)
            came = f"an array of {dtype}" if dtype else f"a {type(self.mask).__name__}"
            raise TypeError(
                f'Masked: mask is {came}, expected an array of bool, such as params.mask("fc2")'
            )

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        likely = "is the mask of this network's parameters?"
        require_same_shape("Masked.update", likely=likely, theta=theta, mask=self.mask)
        seen = np.where(self.mask, grad, np.zeros_like(grad))
        moved, state = self.optimizer.update(theta, seen, state)
        return np.where(self.mask, moved, theta), state


@dataclass(frozen=True)
class Clipped(_Wrapper):
    """Shorten each gradient to at most ``max_norm`` before the step, by ``clip_by_norm``.

    ``fit(..., max_norm=...)`` does so around everything else. Inside ``Masked`` only the gradient
    of what is trained counts: ``Masked(Clipped(Adam(1e-3), 1.0), mask)``.

    Parameters
    ----------
    optimizer : Optimizer
    max_norm : float
        > 0.
    """

    optimizer: Any
    max_norm: float

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        return self.optimizer.update(theta, clip_by_norm(grad, self.max_norm), state)


@dataclass(frozen=True)
class Watched(_Wrapper):
    """Call a function after every step.

    Parameters
    ----------
    optimizer : Optimizer
    see : callable
        ``(theta, grad)``: theta after the step, and the gradient that was taken.
    """

    optimizer: Any
    see: Callable

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        theta, state = self.optimizer.update(theta, grad, state)
        self.see(theta, grad)
        return theta, state


class Recorded:
    """A loss that keeps every cost that it returned.

    In ``fit`` these are the steps' costs, before the penalty; with ``validation`` that set's cost
    comes after those of each epoch.

    Parameters
    ----------
    loss : callable
        ``(scores, targets) -> value, dscores``.
    """

    def __init__(self, loss):
        self.loss = loss
        self._values = []

    def __call__(self, scores, targets):
        """Return what the loss returns, and keep the cost."""
        value, dscores = self.loss(scores, targets)
        self._values.append(value)
        return value, dscores

    @property
    def costs(self):
        """The costs so far, as floats."""
        return [float(value) for value in self._values]
