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

from dlcore.errors import as_float, as_int, require_same_shape
from dlcore.optimizers import clip_by_norm
from dlcore.regularizers import clip_rows


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


@dataclass(frozen=True)
class Projected(_Wrapper):
    """Put theta back into a set of allowed parameters after every step.

    Parameters
    ----------
    optimizer : Optimizer
    project : callable
        ``theta -> theta``, such as ``rows_within(params, 2.0)``.
    """

    optimizer: Any
    project: Callable

    def update(self, theta, grad, state):
        """Take one step; see ``GradientDescent.update``."""
        theta, state = self.optimizer.update(theta, grad, state)
        return self.project(theta), state


def rows_within(params, max_norm):
    """Return the projection for ``Projected`` that clips the rows of all weight matrices.

    Parameters
    ----------
    params : Parameters
        Those of the network, for its shapes. What ``params.decayed`` marks is clipped where it
        has two axes; biases stay as they are.
    max_norm : float
        As in ``regularizers.clip_rows``.

    Returns
    -------
    callable
        ``theta -> theta``
    """
    decayed = params.like(params.decayed)
    names = [name for name in params if params[name].ndim == 2 and decayed[name].all()]

    def project(theta):
        now = params.like(theta.copy())
        for name in names:
            now[name][...] = clip_rows(now[name], max_norm)
        return now.theta

    return project


class Smoothed:
    """A loss of smoothed labels: each class gets a share of what the label had.

    The target is ``1 - share`` for the label plus ``share / classes`` for every class. A
    cross-entropy is linear in its targets, so the loss of such targets is the same mixture of the
    losses of plain labels, and any loss with integer labels that is linear in them will do.

    Equation: eq-reg-smoothed-loss

    Source: Szegedy et al. (2016), section 7.

    Parameters
    ----------
    loss : callable
        ``(scores, targets) -> value, dscores`` with labels from 0, such as
        ``losses.softmax_cross_entropy`` or, with two classes, ``losses.logistic``.
    classes : int
        How many labels there are, >= 2.
    share : float
        From 0 to 1.

    Raises
    ------
    TypeError
        When ``classes`` is not a whole number, or ``share`` not a number.
    ValueError
        When ``classes`` is below 2, or ``share`` not in [0, 1].
    """

    def __init__(self, loss, classes, share):
        self.loss = loss
        self.classes = as_int("Smoothed", "classes", classes, ge=2)
        self.share = as_float("Smoothed", "share", share, ge=0, le=1, kind="a share")

    def __call__(self, scores, targets):
        """Return the loss of the smoothed labels, and its gradient."""
        value, dscores = self.loss(scores, targets)
        value, dscores = (1 - self.share) * value, (1 - self.share) * dscores
        for label in range(self.classes):
            other, dother = self.loss(scores, np.full_like(targets, label))
            value = value + self.share / self.classes * other
            dscores = dscores + self.share / self.classes * dother
        return value, dscores


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
